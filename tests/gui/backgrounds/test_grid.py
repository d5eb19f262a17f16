"""The grid with 5,000 pictures: it stays quick, loads only what is seen, and keeps what is selected."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.histogram_slider import HistogramSlider
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from fgbg_studio.gui.lib.image_cell import Cell
from fgbg_studio.gui.lib.image_grid import GridModel, ImageGrid, runs
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.session.session import Session
from tests.conftest import MakeProject, draw_background, write_picture

MANY = [f"{number:064x}" for number in range(5000)]
LONGEST_KEY = 0.05
"""Seconds of the interface's thread from a key to the next picture."""
LONGEST_STEP = 0.1
"""Seconds of the interface's thread from one place of the scroll bar to the next."""


class Loaded:
    """A grid of 5,000 entries that share a few real files, with real workers behind it."""

    def __init__(self, session: Session, folder: Path, qtbot: QtBot) -> None:
        for number in range(10):
            write_picture(folder / f"{number}.png", draw_background(number, 640, 480))
        self.thumbnails = Thumbnails(session.jobs)
        self.thumbnails.open_project(folder)
        self.asked: list[str] = []
        self.grid = ImageGrid(lambda key: Cell(key[-4:], aspect=4 / 3), self.thumbnails.pixmap)
        self.grid.wanted.connect(self.want)
        self.thumbnails.arrived.connect(self.grid.repaint_cells)
        qtbot.addWidget(self.grid)
        self.grid.resize(1000, 700)
        self.grid.set_keys(MANY)
        with qtbot.waitExposed(self.grid):
            self.grid.show()

    def want(self, keys: list[str]) -> None:
        self.asked = keys
        self.thumbnails.want_files([(key, f"{int(key, 16) % 10}.png") for key in keys], 160)

    def complete(self) -> bool:
        return all(self.thumbnails.pixmap(key) for key in self.grid.seen())


@pytest.fixture
def loaded(session: Session, tmp_path: Path, qtbot: QtBot) -> Loaded:
    return Loaded(session, tmp_path, qtbot)


@pytest.mark.timing
def test_scrolling_through_5000_pictures_never_blocks(loaded: Loaded, qtbot: QtBot) -> None:
    """Measured as time of the processor, which others on the machine do not lengthen."""
    costs: list[float] = []
    last = time.thread_time()
    bar = loaded.grid.verticalScrollBar()
    steps = iter(range(60))
    done = False

    def tick() -> None:
        nonlocal last, done
        costs.append(time.thread_time() - last)
        step = next(steps, None)
        if step is None:
            done = True
            return
        last = time.thread_time()
        bar.setValue(bar.maximum() * step // 59)

    timer = QTimer(interval=10)
    timer.timeout.connect(tick)
    timer.start()
    qtbot.waitUntil(lambda: done)
    timer.stop()
    costs.sort()
    assert costs[-1] < LONGEST_STEP
    assert costs[len(costs) // 2] < LONGEST_STEP / 4
    assert bar.value() == bar.maximum()
    qtbot.waitUntil(loaded.complete)


def test_only_what_is_seen_is_loaded(loaded: Loaded, qtbot: QtBot) -> None:
    qtbot.waitUntil(loaded.complete)
    assert loaded.asked[: len(loaded.grid.seen())] == loaded.grid.seen()
    assert len(loaded.asked) < 150
    bar = loaded.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    qtbot.waitUntil(loaded.complete)
    assert sum(loaded.thumbnails.pixmap(key) is not None for key in MANY) < 400


def test_arrow_keys_go_on_at_the_next_line(loaded: Loaded, qtbot: QtBot) -> None:
    grid = loaded.grid
    grid.choose([MANY[0]], MANY[0])
    columns = grid.viewport().width() // grid.gridSize().width()
    for _ in range(columns):
        qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.chosen() == [MANY[columns]]
    assert grid.visualRect(grid.currentIndex()).y() > grid.visualRect(grid.grid.index(0)).y()
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current() == MANY[2 * columns]
    qtbot.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert len(grid.chosen()) == columns + 1
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.current() == MANY[-1]
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current() == MANY[-1]
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.current() == MANY[0]


def test_the_columns_share_the_width_at_every_size(loaded: Loaded) -> None:
    grid = loaded.grid
    for side in (80, 133, 200, 320):
        grid.set_side(side)
        QApplication.processEvents()
        wide = grid.gridSize().width()
        columns = grid.viewport().width() // wide
        assert wide >= side
        assert grid.visualRect(grid.grid.index(columns - 1)).y() == grid.visualRect(grid.grid.index(0)).y()
        assert grid.visualRect(grid.grid.index(columns)).x() == grid.visualRect(grid.grid.index(0)).x()


def test_a_broken_picture_has_a_reason(loaded: Loaded, qtbot: QtBot) -> None:
    loaded.grid.wanted.disconnect(loaded.want)  # what it asks a moment after it is shown would take the place
    loaded.thumbnails.want_files([("f" * 64, "missing.png")], 160)
    qtbot.waitUntil(lambda: "missing.png" in loaded.thumbnails.errors.get("f" * 64, ""))


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.lists(st.sampled_from("abcdefgh"), unique=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_model_shows_any_keys_after_any_others(qtmodeltester, old: list[str], new: list[str]) -> None:
    model = GridModel(Cell)
    model.set_keys(old)
    kept = [key for key in old if key in new]
    marks = {key: model.index(model.rows[key]).__class__(model.index(model.rows[key])) for key in kept}
    model.set_keys(new)
    assert model.keys == new
    assert model.rows == {key: row for row, key in enumerate(new)}
    assert len(marks) == len(kept)
    qtmodeltester.check(model, force_py=True)


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sorting_and_filtering_keep_the_selection(qtbot: QtBot, order: list[int], gone: set[int]) -> None:
    grid = ImageGrid(Cell, lambda _: None)
    qtbot.addWidget(grid)
    keys = [str(number) for number in range(6)]
    grid.set_keys(keys)
    grid.choose(["1", "4"], "4")
    left = [str(number) for number in order if number not in gone]
    grid.set_keys(left)
    assert grid.grid.keys == left
    wanted = [key for key in left if key in {"1", "4"}]
    if wanted:
        assert grid.chosen() == wanted
    else:
        assert len(grid.chosen()) == min(len(left), 1)


def test_runs_are_those_that_follow_each_other() -> None:
    assert runs([]) == []
    assert runs([0, 1, 2, 5, 7, 8]) == [(0, 2), (5, 5), (7, 8)]


def test_a_histogram_keeps_its_range_when_values_come(qtbot: QtBot) -> None:
    slider = HistogramSlider("Sharpness", lambda v: f"{v:.0f}", logarithmic=True)
    qtbot.addWidget(slider)
    slider.show()
    slider.set_values([10.0, 100.0, 1000.0])
    assert slider.chosen() is None
    with qtbot.waitSignal(slider.range_changed):
        for _ in range(16):
            qtbot.keyClick(slider, Qt.Key.Key_Right)
    least, most = slider.chosen() or (0, 0)
    assert least == pytest.approx(100)
    assert most == float("inf")
    slider.set_values([1.0, 10_000.0])
    assert (slider.chosen() or (0, 0))[0] == pytest.approx(100)
    qtbot.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert (slider.chosen() or (0, 0))[1] < 10_000
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert slider.chosen() is None


@pytest.mark.parametrize("action", ["next", "pick", "reject"])
def test_a_key_among_5000_leaves_the_interface_free(
    session: Session, make_project: MakeProject, tmp_path: Path, qtbot: QtBot, action: str
) -> None:
    """Measured as time of the processor, which others on the machine do not lengthen."""
    folder = make_project(tmp_path, n_bg=1, n_fg=0)
    project = storage.load(folder)
    many = tuple(project.backgrounds[0].model_copy(update={"sha256": key, "fingerprint": 0}) for key in MANY)
    storage.save(folder, project.model_copy(update={"backgrounds": many}))
    panel = BackgroundsPanel(session)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(session.opened):
        session.open(folder)
    costs = []
    for _ in range(5):
        before = time.thread_time()
        panel.act[f"backgrounds.{action}"].trigger()
        costs.append(time.thread_time() - before)
    assert sorted(costs)[2] < LONGEST_KEY
    assert panel.current == MANY[5]


def test_the_grid_follows_the_colours_while_it_is_shown(open_window: MainWindow, qtbot: QtBot) -> None:
    panel = open_window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    viewport = panel.grid.viewport()
    corner = QPoint(viewport.width() - 2, viewport.height() - 2)
    try:
        for mode in ("dark", "light", "dark"):
            theme.set_mode(mode)
            QApplication.processEvents()
            assert viewport.grab().toImage().pixelColor(corner) == theme.colours.colour("window")
    finally:
        theme.set_mode("light")
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
