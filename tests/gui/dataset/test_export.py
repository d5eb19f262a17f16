"""Exports in the window: the card, and whatever else the registry knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.dataset.export import other_exports
from fgbg_studio.gui.dataset.panel import DatasetPanel
from tests.conftest import MakeProject
from tests.helpers.datasets import make, small
from tests.helpers.listing import listing_known


@pytest.fixture
def _listing() -> Iterator[None]:
    with listing_known():
        yield


def test_the_card_is_the_only_one_that_is_built_in() -> None:
    assert not other_exports()


@pytest.mark.usefixtures("_listing")
class TestAnotherPackagesExport:
    @pytest.fixture
    def panel(self, _listing: None, open_window: MainWindow) -> DatasetPanel:
        open_window.workspace.show_place("dataset")
        panel = open_window.workspace.current
        assert isinstance(panel, DatasetPanel)
        return panel

    def test_it_has_an_action_and_writes_its_files(
        self, panel: DatasetPanel, make_project: MakeProject, tmp_path: Path, qtbot: QtBot
    ) -> None:
        assert not panel.act["dataset.export.listing"].isEnabled()
        assert panel.act["dataset.export.listing"].toolTip() == "Names of the composites"
        make(make_project(tmp_path / "made", changes=small("studio-256")), tmp_path / "out")
        panel.session.dataset_wanted.emit(tmp_path / "out")
        qtbot.waitUntil(lambda: panel.contents is not None and not panel.session.jobs.busy)
        assert panel.act["dataset.export.listing"].isEnabled()
        assert panel.contents
        panel.exporter.write(panel.contents, tmp_path / "list", other_exports()["listing"]())
        qtbot.waitUntil(lambda: not panel.session.jobs.busy)
        assert len((tmp_path / "list" / "names.txt").read_text().splitlines()) == 16
        assert "names.txt" in panel.notices.texts()[0]
