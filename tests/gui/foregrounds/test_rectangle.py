"""The rectangle that holds is corrected by its sides and corners; one drawn elsewhere means another object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting.seeds import Lasso, Rectangle, Stroke, another_object, newest_area, redrawn
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.gui.foregrounds.areas import remove_area
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid, ViewTransform
from fgbg_studio.gui.foregrounds.canvas_tools import Grip, Tool, grip_at
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.snapshot import SparePlanes
from fgbg_studio.gui.lib.worker import Jobs

LEFT, NONE, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
BOX = (100, 80, 120, 90)
Place = tuple[float, float]


@pytest.fixture
def canvas(qtbot: QtBot, tmp_path: Path) -> Iterator[MaskCanvas]:
    """A photo of 400 × 300, a disc on a ground, with a rectangle around it; its strokes start no cut."""
    jobs, photo = Jobs(), np.full((300, 400, 3), 60, np.uint8)
    photo[np.hypot(*(np.mgrid[0:300, 0:400] - np.array([125, 160])[:, None, None])) < 40] = 220
    document = CutDocument(jobs, tmp_path / "a.png", photo, Work(seeds=(Rectangle(box=BOX),)), None)
    document.automatic = False
    made = MaskCanvas()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.set_document(document, Pyramid.of(photo))
    made.set_tool(Tool.RECTANGLE)
    yield made
    made.set_document(None)
    document.close()
    qtbot.waitUntil(lambda: not jobs.busy)


def at(canvas: MaskCanvas, place: Place) -> QPoint:
    return QPointF(*canvas.camera.to_screen(*place)).toPoint() / canvas.devicePixelRatioF()


def hover(canvas: MaskCanvas, place: Place, held: Qt.KeyboardModifier = NONE) -> Qt.CursorShape:
    position = at(canvas, place).toPointF()
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QMouseEvent.Type.MouseMove, position, canvas.mapToGlobal(position), none, none, held)
    QApplication.sendEvent(canvas, event)
    return canvas.cursor().shape()


def drag(canvas: MaskCanvas, start: Place, end: Place, held: Qt.KeyboardModifier = NONE) -> None:
    hover(canvas, start, held)
    QTest.mousePress(canvas, LEFT, held, at(canvas, start))
    QTest.mouseMove(canvas, at(canvas, end))
    QTest.mouseRelease(canvas, LEFT, held, at(canvas, end))


def box(canvas: MaskCanvas) -> Box:
    assert canvas.document is not None
    area = newest_area(canvas.document.work.seeds)
    assert isinstance(area, Rectangle)
    return area.box


@pytest.mark.parametrize("scale", [0.7, 2.0, 8.0])
@pytest.mark.parametrize(
    ("start", "by", "wanted", "shape"),
    [
        ((100, 80), (-9, -7), (91, 73, 129, 97), Qt.CursorShape.SizeFDiagCursor),
        ((220, 80), (9, 7), (100, 87, 129, 83), Qt.CursorShape.SizeBDiagCursor),
        ((100, 170), (5, 5), (105, 80, 115, 95), Qt.CursorShape.SizeBDiagCursor),
        ((220, 170), (12, 0), (100, 80, 132, 90), Qt.CursorShape.SizeFDiagCursor),
        ((100, 125), (-6, 60), (94, 80, 126, 90), Qt.CursorShape.SizeHorCursor),
        ((220, 110), (6, -60), (100, 80, 126, 90), Qt.CursorShape.SizeHorCursor),
        ((150, 80), (50, 8), (100, 88, 120, 82), Qt.CursorShape.SizeVerCursor),
        ((160, 170), (50, 8), (100, 80, 120, 98), Qt.CursorShape.SizeVerCursor),
    ],
)
def test_each_side_and_corner_is_a_handle_at_any_zoom(
    canvas: MaskCanvas, scale: float, start: Place, by: Place, wanted: Box, shape: Qt.CursorShape
) -> None:
    canvas.show_at(scale, (round(start[0]) - 2, round(start[1]) - 2, 4, 4))
    assert hover(canvas, start) is shape
    drag(canvas, start, (start[0] + by[0], start[1] + by[1]))
    assert np.abs(np.subtract(box(canvas), wanted)).max() <= (1 if scale < 1 else 0)
    assert canvas.tool is Tool.RECTANGLE
    assert canvas.document is not None
    assert canvas.document.undo_stack.count() == 1
    canvas.document.undo_stack.undo()
    assert box(canvas) == BOX


def test_with_control_its_inside_moves_it_within_the_photo(canvas: MaskCanvas) -> None:
    assert hover(canvas, (160, 125)) is Qt.CursorShape.CrossCursor
    assert hover(canvas, (160, 125), CTRL) is Qt.CursorShape.SizeAllCursor
    drag(canvas, (160, 125), (150, 145), CTRL)
    assert box(canvas) == (90, 100, 120, 90)
    drag(canvas, (160, 125), (-200, 145), CTRL)
    assert box(canvas) == (0, 120, 120, 90)


def test_a_brush_corrects_it_only_while_control_is_held(canvas: MaskCanvas) -> None:
    canvas.set_tool(Tool.MARK)
    assert hover(canvas, (220, 125)) is Qt.CursorShape.BlankCursor
    assert hover(canvas, (220, 125), CTRL) is Qt.CursorShape.SizeHorCursor
    drag(canvas, (220, 125), (240, 125), CTRL)
    assert (box(canvas), canvas.tool) == ((100, 80, 140, 90), Tool.MARK)
    drag(canvas, (240, 125), (260, 125))
    assert canvas.document is not None
    assert [type(seed) for seed in canvas.document.work.seeds] == [Rectangle, Stroke]


def test_escape_leaves_it_as_it_was_and_nothing_is_a_step(canvas: MaskCanvas) -> None:
    QTest.mousePress(canvas, LEFT, NONE, at(canvas, (100, 125)))
    QTest.mouseMove(canvas, at(canvas, (50, 125)))
    assert canvas.cancel()
    QTest.mouseRelease(canvas, LEFT, NONE, at(canvas, (50, 125)))
    assert box(canvas) == BOX
    drag(canvas, (100, 125), (100, 125))
    assert canvas.document is not None
    assert canvas.document.undo_stack.count() == 0


def test_a_side_may_be_dragged_past_the_other(canvas: MaskCanvas) -> None:
    drag(canvas, (100, 125), (250, 125))
    assert box(canvas) == (220, 80, 30, 90)
    drag(canvas, (220, 125), (250, 125))
    assert box(canvas) == (250, 80, 1, 90)


def test_strokes_of_the_object_before_do_not_stay_in_force(canvas: MaskCanvas) -> None:
    document = canvas.document
    assert document is not None
    canvas.set_tool(Tool.MARK)
    drag(canvas, (150, 120), (170, 130))
    canvas.set_tool(Tool.ADD)
    drag(canvas, (130, 100), (140, 100))
    before = document.work.seeds, document.marks.copy(), document.alpha.copy(), document.painted.copy()
    assert before[3].any()
    spare = SparePlanes(Jobs())
    saved = document.snapshot(spare)
    document.note_saved(saved, saved.work.model_copy(update={"alpha": "1", "painted": "2"}), {})
    canvas.set_tool(Tool.RECTANGLE)
    drag(canvas, (260, 180), (390, 290))
    assert document.work.seeds == (Rectangle(box=(260, 180, 130, 110)),)
    assert not document.marks.any()
    assert not document.painted.any()
    written = document.snapshot(spare).planes[1]
    assert isinstance(written, np.ndarray), "it is to be saved"
    assert not written.any()
    document.undo_stack.undo()
    after = document.work.seeds, document.marks, document.alpha, document.painted
    assert after[0] == before[0]
    assert all(np.array_equal(one, two) for one, two in zip(after[1:], before[1:], strict=True))


def test_drawn_anew_around_the_same_object_strokes_inside_stay(canvas: MaskCanvas) -> None:
    document = canvas.document
    assert document is not None
    canvas.set_radius(4)
    canvas.set_tool(Tool.MARK)
    drag(canvas, (150, 120), (170, 130))
    drag(canvas, (340, 260), (360, 260))
    canvas.set_tool(Tool.RECTANGLE)
    drag(canvas, (90, 70), (235, 180))
    assert [type(seed) for seed in document.work.seeds] == [Rectangle, Stroke]
    assert document.marks[125, 160] == 1
    assert document.marks[260, 350] == 0


def test_corrected_all_strokes_stay(canvas: MaskCanvas) -> None:
    canvas.set_tool(Tool.MARK)
    drag(canvas, (300, 120), (320, 130))
    canvas.set_tool(Tool.RECTANGLE)
    drag(canvas, (220, 125), (200, 125))
    assert canvas.document is not None
    assert [type(seed) for seed in canvas.document.work.seeds] == [Rectangle, Stroke]


def test_it_is_cut_again_after_a_correction_and_once_for_undo(canvas: MaskCanvas, qtbot: QtBot) -> None:
    document = canvas.document
    assert document is not None
    document.automatic = True
    drag(canvas, (100, 125), (110, 125))
    qtbot.waitUntil(lambda: document.has_cut and not document.cutting)
    assert document.alpha[125, 160] == 255
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert (box(canvas), document.has_cut) == (BOX, False)


def test_removed_with_it_goes_what_was_cut_by_it(canvas: MaskCanvas, qtbot: QtBot) -> None:
    document = canvas.document
    assert document is not None
    document.run()
    qtbot.waitUntil(lambda: document.has_cut and not document.cutting)
    remove_area(document, "remove rectangle")
    assert (document.work.seeds, document.has_cut, document.cutting) == ((), False, False)
    document.undo_stack.undo()
    assert box(canvas) == BOX
    assert document.has_cut


@given(st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 40)] * 2), st.floats(-50, 90), st.floats(-50, 90))
def test_what_is_gripped_lies_under_the_point(held: Box, x: float, y: float) -> None:
    left, top, width, height = held
    grip = grip_at(held, (x, y), 3, inside=False)
    near = [abs(x - side) <= 3 for side in (left, left + width)], [abs(y - side) <= 3 for side in (top, top + height)]
    inside = left - 3 <= x <= left + width + 3 and top - 3 <= y <= top + height + 3
    assert (grip is not None) == (inside and any(near[0] + near[1]))
    if grip:
        assert grip != Grip(0, 0)
        assert all(
            end == 0 or abs(place - (low if end < 0 else low + length)) <= 3
            for end, place, low, length in zip(grip, (x, y), (left, top), (width, height), strict=True)
        )


@pytest.mark.parametrize(
    ("after", "another"),
    [
        (BOX, False), ((90, 70, 150, 120), False), ((0, 0, 400, 300), False), ((110, 90, 100, 75), False),
        ((230, 80, 100, 90), True), ((180, 80, 120, 90), True), ((140, 100, 40, 40), True), ((0, 200, 30, 30), True),
    ],
)  # fmt: skip
def test_when_a_rectangle_means_another_object(after: Box, another: bool) -> None:
    assert another_object(BOX, after) is another
    assert not another_object((0, 0, 0, 0), after)


def test_a_loop_drawn_anew_keeps_strokes_too() -> None:
    loop = Lasso(points=((0, 0), (50, 0), (0, 50)))
    inside = Stroke(points=((10, 10),), radius=3, object=True)
    outside = Stroke(points=((90, 90),), radius=3, object=True)
    assert redrawn((Rectangle(box=BOX), outside, inside), loop, (100, 100)) == (loop, inside)


def test_a_photo_kept_in_the_screen() -> None:
    assert ViewTransform(2, -40, 500).kept_on((100, 600), (400, 300)) == ViewTransform(2, -50, 450)
