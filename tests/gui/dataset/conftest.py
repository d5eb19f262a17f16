"""What the tests of the place Dataset share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeProject
from tests.helpers.datasets import make, small


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    """16 samples in plain folders, made once; copy it before you damage it."""
    folder = tmp_path_factory.mktemp("finished")
    make(make_project(folder, n_bg=2, n_fg=2, changes=small("studio-256")), folder / "out")
    return folder / "out"
