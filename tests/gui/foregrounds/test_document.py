"""A document is cut by whichever segmenter it is given: strokes and clicks reach it, its answers are undone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.seeds import Seed, Stroke, marks_of
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.gui.foregrounds.canvas_tools import Tool, begin
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.snapshot import SparePlanes
from fgbg_studio.gui.lib.worker import Jobs

HEIGHT, WIDTH = 60, 80


class _Marked(PreparedPhoto):
    def __init__(self, previous: list[Any]) -> None:
        self._previous = previous

    def cut(self, seeds: tuple[Seed, ...], previous: Pixels | None = None) -> Pixels:
        self._previous.append(previous)
        return np.where(marks_of(seeds, (HEIGHT, WIDTH)) == 1, np.uint8(255), np.uint8(0))


@dataclass(frozen=True)
class Marks(Segmenter):
    """Cuts out what is marked; not registered, for it has no name."""

    previous: Any = None

    def prepare(self, photo: Pixels) -> PreparedPhoto:
        assert photo.shape == (HEIGHT, WIDTH, 3)
        return _Marked(self.previous)


@pytest.fixture
def previous() -> list[Any]:
    """What the segmenter was given of its answers before."""
    return []


@pytest.fixture
def document(qtbot: QtBot, tmp_path: Path, previous: list[Any]) -> Any:
    jobs = Jobs()
    photo = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    made = CutDocument(jobs, tmp_path / "toy.png", photo, Work(), None, segmenter=Marks(previous))
    yield made
    made.close()
    qtbot.waitUntil(lambda: not jobs.busy)


def click(document: CutDocument, *way: tuple[float, float], tool: Tool = Tool.MARK) -> None:
    gesture = begin(tool, document, way[0], 1.0, 5.0, object_=True, other=False)
    for point in way[1:]:
        gesture.move(point)
    gesture.end()


def test_a_click_is_a_stroke_of_one_point(document: CutDocument, qtbot: QtBot) -> None:
    click(document, (20.5, 30.5))
    (seed,) = document.work.seeds
    assert isinstance(seed, Stroke)
    assert seed.points == ((20.5, 30.5),)
    qtbot.waitUntil(lambda: document.has_cut)
    assert document.alpha[30, 20] == 255


def test_what_the_canvas_showed_is_what_was_cut(document: CutDocument, qtbot: QtBot) -> None:
    """The pieces that were drawn while the mouse moved are, to the pixel, the mask that the cut was made by."""
    click(document, (10.2, 10.7), (13.9, 30.1), (40.3, 44.4), (70.8, 20.6))
    click(document, (38.3, 40.1), (44.9, 46), tool=Tool.ERASER)
    qtbot.waitUntil(lambda: document.has_cut and not document.cutting)
    assert np.array_equal(document.marks, marks_of(document.work.seeds, (HEIGHT, WIDTH)))
    assert np.array_equal(document.alpha == 255, document.marks == 1)


def test_the_gesture_says_what_undo_calls_it_and_answers_go_on(
    document: CutDocument, qtbot: QtBot, previous: list[Any]
) -> None:
    for x in (20.5, 50.5):
        click(document, (x, 30.5))
        qtbot.waitUntil(lambda x=x: document.alpha[30, int(x)] == 255 and not document.cutting)  # type: ignore[misc]
    assert document.undo_stack.undoText() == "stroke"
    assert previous[0] is None
    assert previous[1][30, 20] == 255
    assert previous[1][30, 50] == 0
    document.undo_stack.undo()
    assert document.alpha[30, 50] == 0
    document.add_seed(document.work.seeds[0], "a word of its own")
    qtbot.waitUntil(lambda: len(previous) == 3)
    assert previous[2] is None
    assert document.undo_stack.undoText() == "a word of its own"


@pytest.mark.parametrize("tool", [Tool.ADD, Tool.REMOVE, Tool.SOFTEN])
def test_while_a_brush_moves_what_was_before_is_what_is_saved(document: CutDocument, tool: Tool) -> None:
    document.alpha[:, ::3] = 200
    before, spare = document.alpha.copy(), SparePlanes(Jobs())
    document.note_unsaved(document.snapshot(spare))
    document.set_foreground("a" * 64)
    gesture = begin(tool, document, (10.0, 10.0), 1.0, 5.0, object_=True, other=False)
    gesture.move((70.0, 50.0))
    assert not np.array_equal(document.alpha, before)
    alpha, painted = document.snapshot(spare).planes
    assert np.array_equal(alpha, before)
    assert isinstance(painted, np.ndarray)
    assert not painted.any()
    gesture.cancel()
    assert np.array_equal(document.alpha, before)
    assert not document.painted.any()
    click(document, (10.0, 10.0), (70.0, 50.0), tool=tool)
    assert document.painted[30, 40] == 255
    document.undo_stack.undo()
    assert np.array_equal(document.alpha, before)


def test_a_cut_that_comes_while_a_brush_is_down_waits_until_it_is_lifted(document: CutDocument, qtbot: QtBot) -> None:
    """Both change the same pixels: undone one after the other there is nothing left of either."""
    with qtbot.waitSignal(document._cuts.came):
        click(document, (20.5, 30.5), (50.5, 50.5))
        gesture = begin(Tool.REMOVE, document, (20.5, 20.5), 1.0, 5.0, object_=True, other=False)
        gesture.move((20.5, 30.5))
    assert document.cutting
    assert not document.alpha.any()
    gesture.move((60.5, 30.5))
    gesture.end()
    qtbot.waitUntil(lambda: not document.cutting)
    states = [document.alpha.copy()]
    assert states[0].any()
    assert not states[0][30, 20]  # what a brush painted is the person's word
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
        states.append(document.alpha.copy())
    assert not states[-1].any()
    assert not document.painted.any()
    for state in states[-2::-1]:
        document.undo_stack.redo()
        assert np.array_equal(document.alpha, state)


def test_undo_of_a_stroke_drawn_before_the_first_cut_had_come_makes_that_cut(
    document: CutDocument, qtbot: QtBot
) -> None:
    """One cut comes for three strokes in haste; what redo and undo lead to is afterwards what was drawn, each time."""
    stack, places = document.undo_stack, ((10, 10), (30, 30), (50, 50))

    def shown() -> list[bool]:
        qtbot.waitUntil(lambda: not document.at_work)
        return [document.alpha[y, x] == 255 for x, y in places]

    for x, y in places:
        click(document, (x + 0.5, y + 0.5))
    assert shown() == [True, True, True]
    every = document.alpha.copy()
    stack.undo()
    assert shown() == [True, True, False]
    stack.undo()
    assert shown() == [True, False, False]
    assert (stack.index(), stack.count()) == (1, 3)  # no step of its own: redo goes on
    stack.undo()
    assert not document.alpha.any()
    for drawn in (1, 2, 3):
        stack.redo()
        assert not document.at_work  # each cut is known by now
        assert shown() == [number < drawn for number in range(3)]
    assert np.array_equal(document.alpha, every)
    stack.undo()
    saved = document.snapshot(SparePlanes(Jobs()))
    numbers = [head.step for head, _ in saved.steps]
    assert [head.parent for head, _ in saved.steps] == [0, *numbers[:-1]]


def test_one_step_of_finishing_is_of_one_setting(document: CutDocument) -> None:
    """However long a slider is dragged; the next slider's is undone by itself."""
    for change in (
        {"feather": 0.3},
        {"feather": 0.0},
        {"feather": 0.6},
        {"grow": -0.5},
        {"grow": -0.7},
        {"clean": False},
    ):
        document.set_finish(document.work.finish.model_copy(update=change))
    stack, seen = document.undo_stack, []
    while stack.canUndo():
        stack.undo()
        seen.append((document.work.finish.feather, document.work.finish.grow, document.work.finish.clean))
    assert seen == [(0.6, -0.7, True), (0.6, 0, True), (0, 0, True)]
