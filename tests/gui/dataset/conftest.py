"""What the tests of the place Dataset share."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.dataset.panel import DatasetPanel
from tests.conftest import MakeProject
from tests.helpers.datasets import copy, make, small


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    """16 samples in plain folders, made once; copy it before you damage it."""
    folder = tmp_path_factory.mktemp("finished")
    make(make_project(folder, n_bg=2, n_fg=2, changes=small("studio-256")), folder / "out")
    return folder / "out"


@pytest.fixture
def place(open_window: MainWindow) -> DatasetPanel:
    """The place is shown, and empty."""
    open_window.workspace.show_place("dataset")
    panel = open_window.workspace.current
    assert isinstance(panel, DatasetPanel)
    return panel


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    """32 samples of four backgrounds and four foregrounds, made once; see `dataset`."""
    folder = tmp_path_factory.mktemp("whole")
    make(make_project(folder, n_bg=4, n_fg=4, changes=small("studio-256", "placements=1")), folder / "out")
    return folder / "out"


@pytest.fixture
def dataset(whole: Path, tmp_path: Path) -> Path:
    """A copy of `whole`, which may be written into."""
    return copy(whole, tmp_path / "out")
