"""The canvas under a hand: straight strokes, what is pointed at, hidden strokes, the background, menu, wheel, pen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting.seeds import Stroke
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView, Pyramid
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.worker import Jobs

LEFT, RIGHT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
WIDTH, HEIGHT, NOTHING = 400, 300, QPoint()
Place = tuple[float, float]


@pytest.fixture
def canvas(qtbot: QtBot, tmp_path: Path) -> Iterator[MaskCanvas]:
    """A grey photo of 400 × 300 of which a disc is cut out; its strokes start no cut."""
    jobs, photo = Jobs(), np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    disc = np.hypot(*(np.mgrid[0:HEIGHT, 0:WIDTH] - np.array([150, 200])[:, None, None])) < 60
    alpha = np.where(disc, np.uint8(255), np.uint8(0))
    document = CutDocument(jobs, tmp_path / "a.png", photo, Work(), (alpha, np.zeros_like(alpha)))
    document.automatic = False
    made = MaskCanvas()
    qtbot.addWidget(made)
    made.resize(800, 700)
    made.show()
    made.set_document(document, Pyramid.of(photo))
    made.set_tool(Tool.MARK)
    made.set_radius(4)
    yield made
    made.set_document(None)
    document.close()
    qtbot.waitUntil(lambda: not jobs.busy)


def work(canvas: MaskCanvas) -> CutDocument:
    assert canvas.document is not None
    return canvas.document


def at(canvas: MaskCanvas, place: Place) -> QPoint:
    return QPointF(*canvas.camera.to_screen(*place)).toPoint()


def click(canvas: MaskCanvas, place: Place, held: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(canvas, button, held, at(canvas, place))


def strokes(canvas: MaskCanvas) -> list[Stroke]:
    return [seed for seed in work(canvas).work.seeds if isinstance(seed, Stroke)]


def colour(canvas: MaskCanvas, place: Place) -> tuple[int, ...]:
    shown = canvas.grab().toImage().pixelColor(at(canvas, place))
    return shown.red(), shown.green(), shown.blue()


# Straight strokes


def test_shift_and_clicks_draw_straight_strokes_one_after_the_other(canvas: MaskCanvas) -> None:
    click(canvas, (50, 60), SHIFT)  # the first has no end to begin at
    for corner in ((150, 60), (150, 160)):
        click(canvas, corner, SHIFT)
    ways = [np.array(seed.points) for seed in strokes(canvas)]
    for way, wanted in zip(ways, [[(50, 60)], [(50, 60), (150, 60)], [(150, 60), (150, 160)]], strict=True):
        assert way == pytest.approx(np.array(wanted), abs=0.6)
    marks = work(canvas).marks
    assert marks[60, 100] == marks[110, 150] == 1
    assert marks[90, 100] == 0
    work(canvas).undo_stack.undo()
    assert len(strokes(canvas)) == 2


def test_the_right_button_draws_them_too_and_they_may_go_on_by_hand(canvas: MaskCanvas) -> None:
    click(canvas, (50, 60))
    click(canvas, (90, 60), SHIFT, RIGHT)
    assert not strokes(canvas)[-1].object
    QTest.mousePress(canvas, LEFT, SHIFT, at(canvas, (140, 60)))
    QTest.mouseMove(canvas, at(canvas, (140, 110)))
    QTest.mouseRelease(canvas, LEFT, NONE, at(canvas, (140, 110)))
    assert np.array(strokes(canvas)[-1].points) == pytest.approx(
        np.array([(90, 60), (140, 60), (140, 110)]), abs=0.6
    )  # fmt: skip


@pytest.mark.parametrize("tool", [Tool.ADD, Tool.REMOVE, Tool.SOFTEN, Tool.ERASER])
def test_every_brush_goes_straight(canvas: MaskCanvas, tool: Tool) -> None:
    document = work(canvas)
    for y in (60, 150, 240):
        click(canvas, (20, y))
        click(canvas, (380, y), SHIFT)
    canvas.set_tool(tool)
    before = document.alpha.copy(), document.marks.copy()
    click(canvas, (140, 150))
    click(canvas, (260, 150), SHIFT)
    if tool is Tool.ERASER:
        assert not document.marks[150, 140:260].any()
        assert before[1][150, 140:260].all()
    else:
        assert document.painted[150, 140:260].all()
        assert not document.painted[60].any()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert np.array_equal(document.alpha, before[0])
    assert np.array_equal(document.marks, before[1])


def test_another_photo_begins_anew(canvas: MaskCanvas) -> None:
    click(canvas, (50, 60))
    document, photo = work(canvas), canvas.look
    assert photo is not None
    canvas.set_document(document, photo.photo)
    click(canvas, (150, 60), SHIFT)
    assert len(strokes(canvas)[-1].points) == 1


def test_the_line_is_seen_before_it_is_drawn(canvas: MaskCanvas) -> None:
    click(canvas, (50, 250))
    middle = canvas.camera.to_screen(100, 250)

    def hover(held: Qt.KeyboardModifier) -> None:
        place = at(canvas, (150, 250)).toPointF()
        event = QMouseEvent(QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), NO_BUTTON, NO_BUTTON, held)
        QApplication.sendEvent(canvas, event)

    def differs() -> bool:
        image, row = canvas.grab().toImage(), round(middle[1])
        shown = {image.pixelColor(round(middle[0]) + i, row).lightness() for i in range(-9, 9)}
        return len(shown) > 1

    hover(NONE)
    assert not differs()
    hover(SHIFT)
    assert differs()


# What is pointed at


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.integers(1, WIDTH), st.integers(1, HEIGHT)),
    st.floats(0.2, 30), st.floats(-100, 500), st.floats(-100, 400),
)  # fmt: skip
def test_what_is_pointed_at_is_seen_and_the_photo_stays(
    canvas: MaskCanvas, box: Box, scale: float, x: float, y: float
) -> None:
    x0, y0, width, height = box
    box = x0, y0, min(width, WIDTH - x0), min(height, HEIGHT - y0)
    canvas.show_at(scale, (round(x), round(y), 1, 1))
    before = canvas.camera
    canvas.point_at(box)
    camera, size = canvas.camera, canvas.screen_size()
    ends = camera.to_screen(box[0], box[1]), camera.to_screen(box[0] + box[2], box[1] + box[3])
    for low, high, length in zip(*ends, size, strict=True):
        assert low >= -1
        assert high <= length + 1
    assert max(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) >= min(2 * max(box[2:]), 47)
    if camera != before and before.scale < 2:
        assert camera.scale <= max(3 * canvas._whole().scale, 2), "what lies around it is seen too"
    if camera != before:
        corners = camera.to_screen(0, 0), camera.to_screen(WIDTH, HEIGHT)
        for low, high, length in zip(*corners, size, strict=True):
            assert (low <= 1 and high >= length - 1) or abs(low + high - length) <= 1
    canvas.look_back()
    assert canvas.camera == before


def test_where_a_person_went_since_they_stay(canvas: MaskCanvas) -> None:
    canvas.point_at((10, 10, 4, 4))
    canvas.point_at((300, 200, 4, 4))
    canvas.look_back()
    assert canvas._fits, "from the second place too back to where it began"
    canvas.point_at((10, 10, 4, 4))
    canvas.zoom(1.5)
    camera = canvas.camera
    canvas.look_back()
    assert canvas.camera == camera


def test_it_blinks_and_stays_until_something_is_drawn(canvas: MaskCanvas, qtbot: QtBot) -> None:
    canvas.fit()
    plain = canvas.grab().toImage()
    canvas.point_at((185, 140, 30, 20), [(20, 20, 30, 30)])
    shown: list[bool] = []

    def look() -> bool:
        shown.append(canvas.grab().toImage() != plain)
        return not canvas._blinking.isActive()

    qtbot.waitUntil(look)
    assert True in shown
    assert False in shown
    assert canvas.grab().toImage() != plain
    click(canvas, (330, 250))
    work(canvas).undo_stack.undo()
    QTest.mouseMove(canvas, QPoint(1, 1))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert canvas.grab().toImage() == plain


def test_a_stroke_after_it_lands_under_the_pointer(canvas: MaskCanvas) -> None:
    canvas.point_at((10, 10, 4, 4))
    place = QPoint(400, 350)
    wanted = canvas.camera.to_photo(place.x(), place.y())
    QTest.mouseClick(canvas, LEFT, NONE, place)
    assert strokes(canvas)[-1].points[0] == pytest.approx(wanted, abs=0.01)


# Hidden strokes


def test_hidden_strokes_have_a_sign_and_show_while_one_is_drawn(canvas: MaskCanvas) -> None:
    plain = canvas.grab().toImage()
    canvas.set_strokes_shown(False)
    assert canvas.grab().toImage() != plain, "a sign says so"
    grey = colour(canvas, (60, 250))
    QTest.mousePress(canvas, LEFT, NONE, at(canvas, (40, 250)))
    QTest.mouseMove(canvas, at(canvas, (90, 250)))
    drawn = colour(canvas, (60, 250))
    assert drawn[1] > grey[1] + 20
    QTest.mouseRelease(canvas, LEFT, NONE, at(canvas, (90, 250)))
    assert colour(canvas, (60, 250)) == grey
    canvas.set_strokes_shown(True)
    assert colour(canvas, (60, 250)) == drawn
    canvas.set_view(CutoutView.BLACK)
    assert colour(canvas, (60, 250)) == (0, 0, 0)
    work(canvas).set_alpha(np.zeros((HEIGHT, WIDTH), np.uint8), "cut nothing")
    assert colour(canvas, (60, 250))[1] > grey[1] + 20, "while nothing is cut one sees what it will be cut by"
    work(canvas).undo_stack.undo()
    assert colour(canvas, (60, 250)) == (0, 0, 0)


# On a background


def test_on_a_background_the_dataset_s_pixels_fill_the_canvas(canvas: MaskCanvas) -> None:
    canvas.zoom(1.7, QPointF(100, 100))
    before = canvas.camera
    canvas.set_view(CutoutView.SCENE)
    canvas.set_scene(
        Pyramid.of(np.random.default_rng(2).integers(0, 255, (500, 500, 3), np.uint8)), (100, 50, 210, 210), 64
    )
    assert canvas.scale == pytest.approx(10)  # 640 of 700 pixels
    image = canvas.grab().toImage()
    corner = QPointF(*canvas.camera.to_screen(100, 50))
    assert (corner.x(), corner.y()) == pytest.approx((80, 30))
    for column in (0, 31, 63):
        inside = {image.pixel(80 + 10 * column + i, 30 + 10 * 5 + j) for i in range(10) for j in range(10)}
        assert len(inside) == 1
    canvas.resize(500, 480)
    assert canvas.scale == pytest.approx(7)
    canvas.resize(800, 700)
    canvas.set_view(CutoutView.CHECKER)
    assert canvas.camera == before


def test_a_frame_larger_than_the_canvas_is_shown_whole_and_smooth(canvas: MaskCanvas) -> None:
    canvas.set_view(CutoutView.SCENE)
    canvas.set_scene(Pyramid.of(np.full((50, 50, 3), 200, np.uint8)), (0, 0, 300, 300), 1024)
    assert canvas.scale == pytest.approx((700 - 32) / 1024)
    canvas.set_view(CutoutView.TINT)
    whole = canvas.camera
    canvas.fit()
    assert canvas.camera == whole


def test_a_stroke_on_a_background_changes_all_of_each_of_its_pixels(canvas: MaskCanvas) -> None:
    canvas.set_view(CutoutView.SCENE)
    canvas.set_scene(Pyramid.of(np.full((50, 50, 3), 250, np.uint8)), (100, 50, 200, 200), 32)
    canvas.set_tool(Tool.REMOVE)
    canvas.grab()
    click(canvas, (200, 150))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    parts = canvas.grab().toImage()
    canvas.spoil()
    assert canvas.grab().toImage() == parts


# Hand and devices


def test_the_menu_comes_by_its_key_and_by_the_right_button_where_that_draws_nothing(
    canvas: MaskCanvas, qtbot: QtBot
) -> None:
    asked: list[QPoint] = []
    canvas.menu_wanted.connect(asked.append)

    def ask(reason: QContextMenuEvent.Reason) -> int:
        place = QPoint(50, 60)
        QApplication.sendEvent(canvas, QContextMenuEvent(reason, place, canvas.mapToGlobal(place)))
        return len(asked)

    assert ask(QContextMenuEvent.Reason.Mouse) == 0
    assert ask(QContextMenuEvent.Reason.Keyboard) == 1
    canvas.set_tool(Tool.LASSO)
    assert ask(QContextMenuEvent.Reason.Mouse) == 2
    assert asked[-1] == canvas.mapToGlobal(QPoint(50, 60))


def turn(
    canvas: MaskCanvas, angle: QPoint, pixels: QPoint = NOTHING, phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    held: Qt.KeyboardModifier = NONE,
) -> None:  # fmt: skip
    place = QPointF(300, 200)
    event = QWheelEvent(place, canvas.mapToGlobal(place), pixels, angle, NO_BUTTON, held, phase, False)
    QApplication.sendEvent(canvas, event)


def test_two_fingers_zoom_smoothly_and_stop_when_they_leave(canvas: MaskCanvas) -> None:
    scale, under = canvas.camera.scale, canvas.camera.to_photo(300, 200)
    for _ in range(48):
        turn(canvas, QPoint(0, 8), QPoint(0, 1), Qt.ScrollPhase.ScrollUpdate)
    assert canvas.camera.scale == pytest.approx(1.2 * scale)
    assert canvas.camera.to_photo(300, 200) == pytest.approx(under)
    turn(canvas, QPoint(0, 80), QPoint(0, 10), Qt.ScrollPhase.ScrollMomentum)
    turn(canvas, QPoint(80, 0), QPoint(10, 0), Qt.ScrollPhase.ScrollUpdate)
    assert canvas.camera.scale == pytest.approx(1.2 * scale)
    turn(canvas, QPoint(0, -120))
    assert canvas.camera.scale == pytest.approx(scale)
    radius = canvas.radius
    turn(canvas, QPoint(120, 0), held=SHIFT)  # a wheel that the system turned sideways
    assert canvas.radius == pytest.approx(1.2 * radius)


def test_a_pen_is_left_to_be_a_mouse(canvas: MaskCanvas) -> None:
    """What a widget does not take of a pen, Qt sends as a mouse's."""
    place, pen = QPointF(100, 100), QPointingDevice.primaryPointingDevice()
    event = QTabletEvent(
        QEvent.Type.TabletPress, pen, place, canvas.mapToGlobal(place), 0.5, 0, 0, 0, 0, 0, NONE, LEFT, LEFT
    )
    QApplication.sendEvent(canvas, event)
    assert not event.isAccepted()
    assert QGuiApplication.testAttribute(Qt.ApplicationAttribute.AA_SynthesizeMouseForUnhandledTabletEvents)


@pytest.mark.parametrize("ratio", ["1", "1.25", "1.5", "2"])
def test_on_any_screen_a_stroke_lands_under_the_pointer_and_a_drag_keeps_up(ratio: str) -> None:
    """In a process of its own: a screen's density is known once."""
    done = subprocess.run(
        [sys.executable, "-c", _DENSE], capture_output=True, text=True, check=False,
        env={**os.environ, "QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


_DENSE = """
import os
from pathlib import Path
import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.lib.worker import Jobs

app = QApplication([])
theme.start(app, "light")
ratio, left, none = float(os.environ["QT_SCALE_FACTOR"]), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
photo = np.full((300, 400, 3), 90, np.uint8)
document = CutDocument(Jobs(), Path("a.png"), photo, Work(), None)
document.automatic = False
canvas = MaskCanvas()
canvas.resize(501, 403)
canvas.show()
canvas.set_document(document, Pyramid.of(photo))
assert canvas.devicePixelRatioF() == ratio
assert canvas.screen_size() == (round(501 * ratio), round(403 * ratio))
canvas.set_tool(Tool.MARK)
canvas.set_radius(6)
for place in (QPoint(250, 200), QPoint(123, 77), QPoint(400, 290)):
    QTest.mouseClick(canvas, left, none, place)
    image = canvas.grab().toImage()
    assert image.devicePixelRatio() == ratio
    rows, columns = [], []
    for y in range(image.height()):
        for x in range(image.width()):
            if abs(x - place.x() * ratio) < 40 and abs(y - place.y() * ratio) < 40:
                seen = image.pixelColor(x, y)
                if seen.green() > seen.red() + 20 and seen.green() > seen.blue() + 20:
                    rows.append(y + 0.5)
                    columns.append(x + 0.5)
    middle = np.mean(columns) / ratio, np.mean(rows) / ratio
    assert np.hypot(middle[0] - place.x(), middle[1] - place.y()) < 1.5, (middle, place)
start, canvas_before = QPointF(100, 100), canvas.camera
QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, none, start.toPoint())
for step in range(1, 61):
    QTest.mouseMove(canvas, start.toPoint() + QPoint(step, step))
QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, none, start.toPoint() + QPoint(60, 60))
held = canvas_before.to_photo(start.x() * ratio, start.y() * ratio)
there = canvas.camera.to_photo((start.x() + 60) * ratio, (start.y() + 60) * ratio)
assert np.abs(np.subtract(held, there)).max() * canvas.camera.scale <= 1, (held, there)
canvas.set_document(None)
"""
