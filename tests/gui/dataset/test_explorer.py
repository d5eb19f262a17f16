"""The explorer: histograms of all samples, ranges dragged in them, the grid, lists and exclusions that follow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.inspect.measures import BRIGHTNESS, COVERAGE, FEET, HEIGHT, Measures, Quantity
from fgbg_studio.gui.dataset.crossfilter import Crossfilter
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.lib.theme import theme
from tests.helpers.foreign import by_hand

ONE, TWO = Quantity("coverage", "%"), Quantity("brightness", "%")


@pytest.fixture
def panel(place: DatasetPanel, finished: Path, qtbot: QtBot) -> DatasetPanel:
    explored(place, finished, qtbot)
    return place


def explored(panel: DatasetPanel, path: Path, qtbot: QtBot) -> None:
    panel.show_dataset(path)
    qtbot.waitUntil(lambda: panel.contents is not None)
    panel.act["dataset.explore"].setChecked(True)
    qtbot.waitUntil(lambda: panel.explorer.filter is not None and not panel.session.jobs.busy)


def test_ranges_narrow_the_other_quantities_and_come_back() -> None:
    values = np.arange(100, dtype=np.float32)
    found = Crossfilter(Measures(np.arange(100), {ONE: values, TWO: values[::-1].copy()}))
    found.set_range(ONE, (20.0, 50.0))
    assert found.selected().tolist() == list(range(20, 50))
    assert found.totals(TWO).sum() == 100
    assert found.counts(TWO).sum() == 30
    assert found.counts(ONE).sum() == 100  # its own range leaves it whole
    found.set_range(TWO, (70.0, 100.0))
    assert found.selected(ONE, down=True).tolist() == list(range(29, 19, -1))
    found.keep_to(np.array([3, 22, 25]))
    assert found.selected().tolist() == [22, 25]
    found.clear()
    found.keep_to(None)
    assert not found.narrowed
    assert len(found.selected()) == 100


def test_samples_are_sorted_once_and_anew_where_more_is_known() -> None:
    measures = Measures(np.arange(4), {ONE: np.array([3, np.nan, 1, 2], np.float32)})
    found = Crossfilter(measures)
    assert found.selected(ONE) is found.selected(ONE)
    assert found.selected(ONE).tolist() == [2, 3, 0, 1]
    found.keep_to(np.array([0, 1, 3]))
    assert found.selected(ONE, down=True).tolist() == [0, 3, 1]
    measures.values[ONE][1] = 2.5
    found.measure_again(ONE)
    assert found.selected(ONE, down=True).tolist() == [0, 1, 3]


def test_what_is_not_known_is_in_no_range() -> None:
    found = Crossfilter(Measures(np.arange(3), {ONE: np.array([1, np.nan, 3], np.float32)}))
    found.set_range(ONE, (0.0, 10.0))
    assert found.selected().tolist() == [0, 2]


def test_rows_and_files_say_the_same(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    measures, contents = panel.explorer.filter.measures, panel.contents  # type: ignore[union-attr]
    assert contents
    assert set(measures.values) >= {COVERAGE, HEIGHT, FEET, BRIGHTNESS, Quantity("depth", "m")}
    mask = contents.pixels("mask", 5)
    assert panel.explorer.filter.value(COVERAGE, 5) == pytest.approx(100 * (mask > 0).mean(), rel=1e-4)  # type: ignore[union-attr]
    assert panel.explorer.filter.value(FEET, 5) == np.flatnonzero(mask.any(axis=1))[-1] + 1  # type: ignore[union-attr]
    bright = contents.pixels("fg_bg", 5).mean() / 2.55
    assert panel.explorer.filter.value(BRIGHTNESS, 5) == pytest.approx(bright, abs=6)  # type: ignore[union-attr]


def test_a_drag_leads_the_grid_and_reset_takes_it_back(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    assert not panel.table.isVisible()
    made = panel.explorer.histograms[COVERAGE]
    begin, end = QPoint(14, made.height() // 2), QPoint(made.width() // 2, made.height() // 2)
    qtbot.mousePress(made, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(made, (begin + end) / 2)
    QTest.mouseMove(made, end)
    qtbot.mouseRelease(made, Qt.MouseButton.LeftButton, pos=end)
    assert made.shown
    assert made.shown.chosen == (0, made._bin(end.x()))
    assert not made._at >= 0
    wanted = panel.explorer.filter.selected().tolist()  # type: ignore[union-attr]
    assert 0 < len(wanted) < 16
    qtbot.waitUntil(lambda: sorted(map(int, panel.browser.grid.grid.keys)) == wanted)
    assert panel.contents
    panel.selection.save(panel.contents, np.array(wanted), tmp_path / "names.txt")
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
    assert (tmp_path / "names.txt").read_text("utf-8").splitlines() == [panel.contents.triple(n).name for n in wanted]
    panel.act["dataset.exclude"].trigger()
    qtbot.waitUntil(lambda: bool(panel.session.project.excluded))
    assert len(list(panel.session.project.excluded.items())) == len(wanted)
    panel.session.undo_stack.undo()
    assert not panel.session.project.excluded
    assert not any("excluded" in text for text in panel.notices.texts())  # it is not so any more
    panel.explorer.reset.click()
    qtbot.waitUntil(lambda: len(panel.browser.grid.grid.keys) == 16)
    panel.act["dataset.explore"].setChecked(False)
    assert panel.table.isVisible()


def test_samples_are_sorted_and_say_by_what(panel: DatasetPanel, qtbot: QtBot) -> None:
    panel.explorer.order.setCurrentIndex(2)  # the first quantity, most first
    panel.explorer.order.activated.emit(2)
    keys = [int(key) for key in panel.browser.grid.grid.keys]
    values = [panel.explorer.filter.value(COVERAGE, key) for key in keys]  # type: ignore[union-attr]
    assert values == sorted(values, reverse=True)
    assert panel.browser._cell(str(keys[0])).number.endswith("%")


def test_keys_choose_a_range_and_escape_takes_it_away(panel: DatasetPanel, qtbot: QtBot) -> None:
    made = panel.explorer.histograms[COVERAGE]
    made.setFocus()
    qtbot.keyClick(made, Qt.Key.Key_Home)
    qtbot.keyClick(made, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert made.shown
    assert made.shown.chosen == (0, 1)
    made.mark(panel.explorer.filter.value(COVERAGE, 0))  # type: ignore[union-attr]
    ground = made.grab().toImage().pixelColor(made.width() // 2, 4)
    assert ground.name() == theme.colours.window  # the ring of the keyboard is a ring
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert made.shown.chosen is None


def test_other_hands_datasets_are_measured_on_their_files(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    explored(panel, by_hand(tmp_path / "set", "street"), qtbot)
    found = panel.explorer.filter
    assert found
    assert all(np.isfinite(values).all() for values in found.measures.values.values())
    assert Quantity("stored depth") in found.measures.values


def test_search_narrows_to_files_sources_and_numbers(panel: DatasetPanel, qtbot: QtBot) -> None:
    contents = panel.contents
    assert contents
    panel.act["dataset.explore"].setChecked(False)
    panel.search("BG_001 fg_000")
    qtbot.waitUntil(lambda: len(panel.browser.grid.grid.keys) == 4)
    assert [int(key) for key in panel.browser.grid.grid.keys] == list(contents.numbers(1, 0))
    assert contents.dataset
    source = contents.dataset.recipe.backgrounds[1].file.rpartition("/")[2]
    panel.search(source)
    qtbot.waitUntil(lambda: len(panel.browser.grid.grid.keys) == 8)
    panel.search("")
    qtbot.waitUntil(lambda: len(panel.browser.grid.grid.keys) == 16)
