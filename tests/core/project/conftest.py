"""What the tests of a project's folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core.project import storage


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project without pictures."""
    storage.create(tmp_path / "project", "studio-256")
    return tmp_path / "project"
