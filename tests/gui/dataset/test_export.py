"""Exports in the window: the card, and whatever else the registry knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.dataset.offered_exports import other_exports
from fgbg_studio.gui.dataset.panel import DatasetPanel
from tests.conftest import MakeProject
from tests.helpers.datasets import change_record, make, small
from tests.helpers.foreign import by_hand
from tests.helpers.listing import listing_known


@pytest.fixture
def _listing() -> Iterator[None]:
    with listing_known():
        yield


class TestBuiltIn:
    """The program's own, of data."""

    @pytest.fixture
    def panel(self, place: DatasetPanel) -> DatasetPanel:
        return place

    def open(self, panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
        panel.session.dataset_wanted.emit(path)
        qtbot.waitUntil(lambda: panel.contents is not None and not panel.session.jobs.busy)

    def test_no_card_is_offered_by_itself(self) -> None:
        assert [name for name, member in other_exports().items() if member.is_card] == []

    @pytest.mark.parametrize("name", [name for name, member in other_exports().items() if member.takes_any])
    def test_a_stranger_s_dataset_is_exported(
        self, name: str, panel: DatasetPanel, tmp_path: Path, qtbot: QtBot
    ) -> None:
        action = panel.act[f"dataset.export.{name}"]
        assert not action.isEnabled()
        member = other_exports()[name]
        assert action.text() == f"Export {member.title}…"
        self.open(panel, by_hand(tmp_path / "set", "course"), qtbot)
        assert action.isEnabled()
        assert panel.contents
        action.trigger()
        form = panel.details.export
        if not member.in_place:
            form.show_folder(tmp_path / "out")
        form.begin.click()
        qtbot.waitUntil(lambda: not panel.session.jobs.busy)
        made = tmp_path / ("set/croissant.json" if member.in_place else "out/export.json")
        if name == "moge":  # nobody says that its depth is in metres
            assert not made.exists()
            assert any("has no composites with depth in metres" in text for text in panel.notices.texts())
        else:
            assert made.exists()
            assert any("The export is in" in text for text in panel.notices.texts())

    def test_an_unfinished_one_is_not(
        self, panel: DatasetPanel, make_project: MakeProject, tmp_path: Path, qtbot: QtBot
    ) -> None:
        make(make_project(tmp_path / "made", changes=small("studio-256")), tmp_path / "out")
        change_record(tmp_path / "out", complete=False)
        self.open(panel, tmp_path / "out", qtbot)
        assert not any(panel.act[f"dataset.export.{name}"].isEnabled() for name in other_exports())


@pytest.mark.usefixtures("_listing")
class TestAnotherPackagesExport:
    @pytest.fixture
    def panel(self, _listing: None, place: DatasetPanel) -> DatasetPanel:
        return place

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
        panel.exporter.write(other_exports()["listing"](), tmp_path / "list")
        qtbot.waitUntil(lambda: not panel.session.jobs.busy)
        assert len((tmp_path / "list" / "names.txt").read_text().splitlines()) == 16
        assert "names.txt" in panel.notices.texts()[0]
        panel.exporter._tell(tmp_path, ([tmp_path / f"{number}.json" for number in range(5)], []))
        assert "0.json, 1.json, 2.json and 2 more" in panel.notices.texts()[-1]
