"""What the engine's tests share beside `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.datasets import make, small


@pytest.fixture(scope="session")
def datasets(make_project: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Clean datasets by preset and writer, made once; copy them before you damage them."""
    made: dict[tuple[str, str], Path] = {}

    def get(preset: str = "studio-256", writer: str = "folders") -> Path:
        if (preset, writer) not in made:
            folder = tmp_path_factory.mktemp(f"{preset}-{writer}")
            make(make_project(folder, preset, changes=small(preset)), folder / "out", writer=writer)
            made[preset, writer] = folder / "out"
        return made[preset, writer]

    return get
