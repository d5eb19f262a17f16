"""The comparison of two ways to depth: asked for, shown, filtered, looked at, written, left."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fgbg_studio.core.depth.difference import Comparison, Difference
from fgbg_studio.core.plan.names import Names
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.gui.preview.comparison import DepthComparison
from fgbg_studio.gui.preview.comparison_table import DifferenceTable
from fgbg_studio.gui.session.session import Session
from tests.helpers import tiny_onnx

METRES = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw", "factor": 5.0}'
CHANGES = ["size=64", "placements=2"]


def one_of(name: str, abs_rel: float, unseen: float | None) -> Difference:
    return Difference(name, abs_rel, 2 * abs_rel, 0.5, (0.1, 0.9), unseen)


RESULT = Comparison(
    ("network", "inserted"),
    [one_of("a", 0.1, 0.2), one_of("b", 0.2, 0.75), one_of("c", 0.3, None), one_of("d", 0.1, 0.9)],
    "m",
)


@pytest.fixture
def networked(
    session: Session, tmp_path: Path, make_project: Callable[..., Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Session:
    """An open project whose network says that bright is far; temporary folders are the test's own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    file = tiny_onnx.write(tmp_path / "sum.onnx", np.array([0.3, 0.3, 0.4], np.float32), (1, 3, 32, 32))
    changes = [*CHANGES, f"depth.model={file}", f"depth.network={METRES}"]
    with qtbot.waitSignal(session.opened):
        session.open(make_project(tmp_path, n_bg=3, n_fg=2, changes=changes))
    return session


@pytest.fixture
def place(networked: Session, qtbot: QtBot) -> Iterator[DepthComparison]:
    """The comparison, shown; it lets go of everything at the end."""
    made = DepthComparison(networked)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.count.setValue(8)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.forget()
    qtbot.waitUntil(lambda: not networked.jobs.busy)


def compare(place: DepthComparison, qtbot: QtBot) -> None:
    qtbot.mouseClick(place.compare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: place.compare.isVisible() and bool(place.pictures.pictures))


def temporary() -> list[Path]:
    return list(Path(tempfile.gettempdir()).iterdir())


def test_a_table_and_pictures(place: DepthComparison, qtbot: QtBot) -> None:
    compare(place, qtbot)
    assert place.table.model().rowCount() == 8
    assert place.table.currentIndex().row() == 0
    assert "8 samples · AbsRel" in place.summary.text()
    assert "the network did not see the object" in place.verdict.text()
    titles = [one.title for one in place.pictures.pictures]
    assert titles == ["Composite", "Depth by network", "Depth by inserted", "Difference: network − inserted"]
    assert all(one.image.width() == one.image.height() == 64 for one in place.pictures.pictures)
    assert " m bright" in place.pictures.pictures[1].scale


def test_another_row_other_pictures(place: DepthComparison, qtbot: QtBot) -> None:
    compare(place, qtbot)
    before = place.pictures.pictures
    qtbot.keyClick(place.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: place.pictures.pictures is not before)
    assert place.pictures.pictures[0].image != before[0].image


def test_one_backgrounds_samples_alone_and_their_names_copied(place: DepthComparison, qtbot: QtBot) -> None:
    compare(place, qtbot)
    place.background.setCurrentIndex(1)
    names = place.table.shown_names()
    assert 0 < len(names) < 8
    assert len({name.partition("_fg")[0] for name in names}) == 1
    assert re.fullmatch(r"bg_\d\.png: \d of \d flagged", place.background.currentText())
    assert place.table.chosen_name() in names
    place.copy.click()
    assert QGuiApplication.clipboard().text().split() == names
    place.background.setCurrentIndex(0)
    assert len(place.table.shown_names()) == 8


def test_the_page_is_written_where_it_is_wanted(
    place: DepthComparison, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(place, qtbot)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "page"))
    place.save.click()
    qtbot.waitUntil(lambda: any("The page is in" in text for text in place.notices.texts()))
    assert (tmp_path / "page" / "README.md").exists()
    assert (tmp_path / "page" / "comparison.jpg").exists()


def test_a_sample_its_pair_and_all_flagged_are_excluded_and_come_back(place: DepthComparison, qtbot: QtBot) -> None:
    compare(place, qtbot)
    session, menu = place._session, place.exclude.menu()

    def press(beginning: str) -> None:
        menu.aboutToShow.emit()
        (action,) = [one for one in menu.actions() if one.text().startswith(beginning)]
        assert action.isEnabled(), beginning
        action.trigger()

    name = place.table.chosen_name()
    press("This sample")
    (one,) = session.project.excluded.items()
    assert Names(Plan(make_recipe(session.project))).of_exclusion(one) == name
    index = place.table.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.FontRole).strikeOut()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"{name}, excluded"
    press("This pair")
    press("Include again")
    assert not session.project.excluded
    assert place._found is not None
    flagged = place._found[1].flagged()
    menu.aboutToShow.emit()
    assert menu.actions()[-1].text() == f"All flagged samples ({len(flagged)})"
    assert menu.actions()[-1].isEnabled() == bool(flagged)


def test_leaving_lets_go_of_the_networks_and_of_nothing_that_was_found(
    place: DepthComparison, networked: Session, qtbot: QtBot
) -> None:
    compare(place, qtbot)
    name, pictures = place.table.chosen_name(), place.pictures.pictures
    with qtbot.waitSignal(place.left):
        place.back.click()
    place.rest()  # as its panel does
    assert place._found
    qtbot.waitUntil(lambda: not networked.jobs.busy)
    assert not place._found[0]._makers
    place.come_back()
    qtbot.waitUntil(lambda: place.pictures.pictures is not pictures)
    assert place.table.chosen_name() == name
    assert [one.image for one in place.pictures.pictures] == [one.image for one in pictures]
    networked.change(
        "fewer backgrounds", lambda project: project.model_copy(update={"backgrounds": project.backgrounds[:2]})
    )
    place.come_back()
    assert not place.pictures.pictures
    qtbot.waitUntil(lambda: not temporary())


def test_closing_the_project_does_too(place: DepthComparison, networked: Session, qtbot: QtBot) -> None:
    compare(place, qtbot)
    networked.close()
    qtbot.waitUntil(lambda: not temporary())


def test_cancelled(place: DepthComparison, networked: Session, qtbot: QtBot) -> None:
    place.count.setValue(1000)
    place.compare.click()
    assert place.cancel.isVisible()
    assert not place.one.isEnabled()
    place.cancel.click()
    assert place.progress.text() == "stopping…"
    qtbot.waitUntil(lambda: not networked.jobs.busy)
    assert place.compare.isVisible()
    assert place.progress.text() == ""
    assert not temporary()
    assert not place.summary.text()


def test_one_way_twice_is_not_offered(place: DepthComparison) -> None:
    place.two.setCurrentIndex(place.two.findData("network"))
    assert not place.compare.isEnabled()
    assert place.progress.text() == "Choose two different ways"
    place.two.setCurrentText("Geometry")
    assert place.compare.isEnabled()
    assert place.progress.text() == ""


def test_without_a_network_it_is_said_what_to_do(open_session: Session, qtbot: QtBot) -> None:
    made = DepthComparison(open_session)
    qtbot.addWidget(made)
    made.show()
    made.compare.click()
    qtbot.waitUntil(lambda: bool(made.notices.texts()))
    assert "needs a network" in made.notices.texts()[0]
    qtbot.waitUntil(made.compare.isVisible)
    qtbot.waitUntil(lambda: not open_session.jobs.busy)


class TestTable:
    @pytest.fixture
    def table(self, qtbot: QtBot) -> DifferenceTable:
        made = DifferenceTable()
        qtbot.addWidget(made)
        made.show_result(RESULT)
        return made

    def names(self, table: DifferenceTable) -> list[str]:
        return [table.model().index(row, 0).data() for row in range(table.model().rowCount())]

    def test_flagged_first_and_marked(self, table: DifferenceTable) -> None:
        assert self.names(table) == ["d", "b", "c", "a"]
        marks = [table.model().index(row, 0).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(4)]
        assert marks == [True, True, False, False]

    def test_flagged_only(self, table: DifferenceTable) -> None:
        table.selectRow(3)
        table.show_flagged(True)
        assert self.names(table) == ["d", "b"]
        assert table.currentIndex().isValid()
        table.show_flagged(False)
        assert self.names(table) == ["d", "b", "c", "a"]

    @pytest.mark.parametrize(("column", "order"), [(0, "abcd"), (1, "cabd"), (2, "adbc"), (3, "adbc")])
    def test_sorted_by_a_column(self, table: DifferenceTable, column: int, order: str) -> None:
        table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        assert sorted(self.names(table)) == sorted(order)
        values: list[Any] = [table.model().index(row, column).data(Qt.ItemDataRole.UserRole) for row in range(4)]
        assert values == sorted(values)

    def test_columns_say_what_they_are(self, table: DifferenceTable) -> None:
        model, across = table.model(), Qt.Orientation.Horizontal
        heads = [model.headerData(column, across) for column in range(7)]
        assert heads[3] == "RMSE (m)"
        assert heads[5:] == ["Border: network (m)", "Border: inserted (m)"]
        assert all(model.headerData(column, across, Qt.ItemDataRole.ToolTipRole) for column in range(7))

    def test_qt_finds_no_fault_with_the_model(self, table: DifferenceTable, qtmodeltester: Any) -> None:
        qtmodeltester.check(table.differences, force_py=True)


def test_a_network_is_chosen_where_it_is_missed(place: DepthComparison) -> None:
    depth = place._session.project.settings.depth
    assert depth.way.name == "geometry"
    assert place.network.isVisible()
    place.network.chosen.emit("densedepth-nyu")
    assert place._session.project.settings.depth == depth.model_copy(update={"model": "densedepth-nyu"})
    assert place.network.combo.currentData() == "densedepth-nyu"
    place._session.undo_stack.undo()
    assert place.network.combo.currentData() == depth.model
    for box in (place.one, place.two):
        box.setCurrentIndex(box.findData("geometry"))
    assert not place.network.isVisible()


def test_the_keyboard_stays_while_comparing(place: DepthComparison, qtbot: QtBot) -> None:
    place.compare.setFocus()
    place.start()
    assert place.cancel.hasFocus()
    qtbot.waitUntil(lambda: place.compare.isVisible() and bool(place.pictures.pictures))
    assert place.table.hasFocus()
    assert place.pictures.height() > place.table.height()
