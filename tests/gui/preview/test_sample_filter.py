"""Samples filtered and put in order by what is odd of them, in the bar over the grid."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.project.settings import with_changes
from fgbg_studio.gui.app.main_window import MainWindow
from tests.conftest import MakeProject
from tests.helpers.previews import Preview


@pytest.fixture
def preview(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> Preview:
    return Preview(window, qtbot, make_project, tmp_path)


def test_excluded_samples_alone_and_the_way_back(preview: Preview) -> None:
    panel = preview.open()
    bar, every = panel.bar.filter, panel.samples.numbers
    panel.grid.choose(["3"], "3")
    panel.act["preview.exclude_pair"].trigger()
    preview.settle(panel)

    def show(row: int) -> tuple[int, ...]:
        bar.which.setCurrentIndex(row)
        bar.which.activated.emit(row)
        preview.settle(panel)
        return panel.samples.numbers

    made, excluded = show(1), show(2)
    assert (len(made), len(excluded)) == (30, 6)
    assert set(made) | set(excluded) == set(every)
    assert {panel.cells.cell(str(place)).mark for place in range(6)} == {"pair excluded"}
    assert bar.open.toolTip() == "Only some samples are shown"
    panel.grid.choose(["0"], "0")
    panel.act["preview.include"].trigger()
    preview.settle(panel)
    assert panel.samples.count == 0
    assert panel.counter == "No sample is as the filter asks"
    bar.clear.click()
    preview.settle(panel)
    assert panel.samples.numbers == every


def test_height_and_distance(preview: Preview) -> None:
    panel = preview.open()
    bar = panel.bar.filter
    assert bar.layer.isHidden()
    assert bar.depths[1].text() == "1,000.0 m"
    bar.heights[0].setValue(30)
    preview.settle(panel)
    shown = [made.sample.first.height / 64 for made in panel.samples.made.values() if made.sample]
    assert shown
    assert min(shown) >= 0.3
    bar.clear.click()
    bar.depths[1].setValue(4)
    preview.settle(panel)
    assert panel.samples.count
    assert max(depth.contact for depth in panel.samples.depths.values()) <= 4.001


def test_the_oddest_first_with_how_odd_it_is(preview: Preview) -> None:
    panel = preview.open(changes=["placement=uniform", "foreground.sizing.pixels=30"])
    bar = panel.bar.filter
    bar.order.changed.emit("floating", False)
    preview.settle(panel)
    scores = panel.samples.scores
    assert list(scores) == sorted(scores, reverse=True)
    assert scores[0] > 0
    assert panel.cells.cell("0").remark == f"floats {scores[0]:.1%}"
    bar.order.changed.emit("", False)
    preview.settle(panel)
    assert panel.cells.cell("0").remark == ""


def test_a_row_that_comes_has_room_in_a_filter_that_was_open_before(preview: Preview) -> None:
    panel = preview.open(changes=["placement=perspective"])
    bar = panel.bar.filter
    menu = bar.open.menu()
    before = menu.sizeHint().height()
    layers = with_changes(panel.session.project.settings, parsed(["placement=layers"]))
    panel.session.change("layers", lambda project: project.model_copy(update={"settings": layers}))
    preview.settle(panel)
    assert not bar.layer.isHidden()
    assert menu.sizeHint().height() >= before + bar.layer.sizeHint().height()
