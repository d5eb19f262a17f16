"""The square, the horizon and the brush, moved by a real mouse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.placement.region_mask import CELLS, unpack
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.crop_geometry import CropGeometry, CropPart, CropScene, resized
from fgbg_studio.gui.backgrounds.crop_view import CropView
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def shown(made: CropView, width: int, height: int, qtbot: QtBot) -> CropView:
    """The view on 400 × 200 pixels of the screen, with a picture and its largest square in the middle."""
    qtbot.addWidget(made)
    made.resize(402, 202)
    nowhere = np.zeros((CELLS, CELLS), np.bool_)
    square = ((width - height) // 2, 0, height, height)
    made.show_scene(CropScene("a", width, height, square, True, 0.5, False, nowhere))
    made.show_image(QImage(width, height, QImage.Format.Format_RGB888))
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    """A picture of 400 × 200 pixels, each of which is one of the screen's; its square in the middle."""
    return shown(CropView(), 400, 200, qtbot)


def drag(qtbot: QtBot, view: CropView, start: tuple[int, int], end: tuple[int, int], button=LEFT) -> None:
    first, last = QPoint(start[0] + 1, start[1] + 1), QPoint(end[0] + 1, end[1] + 1)
    qtbot.mouseMove(view, first)
    qtbot.mousePress(view, button, pos=first)
    qtbot.mouseMove(view, (first + last) / 2)
    qtbot.mouseMove(view, last)
    qtbot.mouseRelease(view, button, pos=last)


def test_geometry_maps_the_picture_to_a_widget_of_any_size() -> None:
    nowhere = np.zeros((CELLS, CELLS), np.bool_)
    scene = CropScene("a", 400, 200, (100, 0, 200, 200), True, 0.25, False, nowhere)
    geometry = CropGeometry.fit(scene, QSize(802, 602))
    assert geometry.picture == QRectF(1, 101, 800, 400)
    assert geometry.frame == QRectF(201, 101, 400, 400)
    assert geometry.fractions(QPointF(401, 301)) == (0.5, 0.5)
    assert geometry.horizon_y == 201
    assert geometry.horizon_at(201) == 0.25
    found = [geometry.part_at(QPointF(*at)) for at in ((203, 104), (400, 203), (400, 300), (100, 300))]
    assert found == [CropPart.TOP_LEFT, CropPart.HORIZON, CropPart.SQUARE, None]


def test_the_square_is_dragged_and_stops_at_the_edge(view: CropView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.crop_moved) as moved:
        drag(qtbot, view, (200, 50), (160, 60))
    assert moved.args == [(60, 0, 200)]
    with qtbot.waitSignal(view.crop_moved) as moved:
        drag(qtbot, view, (200, 50), (10, 50))
    assert moved.args == [(0, 0, 200)]


def test_a_corner_makes_it_smaller(view: CropView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.crop_moved) as moved:
        drag(qtbot, view, (300, 199), (250, 150))
    assert moved.args == [(100, 0, 150)]


@pytest.mark.parametrize("corner", [CropPart.TOP_LEFT, CropPart.TOP_RIGHT, CropPart.BOTTOM_LEFT, CropPart.BOTTOM_RIGHT])
def test_the_opposite_corner_stays(corner: CropPart) -> None:
    x, y, side = resized(corner, (50, 40, 100), QPointF(20, -8), (400, 200), 16)
    assert side != 100
    left, top = corner in {CropPart.TOP_LEFT, CropPart.BOTTOM_LEFT}, corner in {CropPart.TOP_LEFT, CropPart.TOP_RIGHT}
    assert (x + side if left else x) == (150 if left else 50)
    assert (y + side if top else y) == (140 if top else 40)


def test_the_horizon_is_dragged(view: CropView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.horizon_moved) as moved:
        drag(qtbot, view, (150, 100), (150, 40))
    assert moved.args[0] == pytest.approx(0.2, abs=0.01)


def test_the_brush_adds_with_left_and_clears_with_right(view: CropView, qtbot: QtBot) -> None:
    view.set_painting(True)
    with qtbot.waitSignal(view.painted) as painted:
        drag(qtbot, view, (100, 150), (300, 150))
    cells = painted.args[0]
    assert cells[96, 40:90].all()
    assert not cells[:60].any()
    with qtbot.waitSignal(view.painted) as painted:
        drag(qtbot, view, (100, 150), (300, 150), RIGHT)
    assert not painted.args[0].any()


def test_escape_gives_a_drag_up(view: CropView, qtbot: QtBot) -> None:
    qtbot.mousePress(view, LEFT, pos=QPoint(200, 50))
    qtbot.mouseMove(view, QPoint(150, 50))
    assert view.cancel()
    with qtbot.assertNotEmitted(view.crop_moved):
        qtbot.mouseRelease(view, LEFT, pos=QPoint(150, 50))
    assert view.scene is not None
    assert view.scene.frame == (100, 0, 200, 200)


def test_keys_move_the_square_and_the_horizon(view: CropView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.crop_moved) as moved:
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert moved.args == [(96, 0, 200)]
    with qtbot.waitSignal(view.crop_moved) as moved:
        far = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        qtbot.keyClick(view, Qt.Key.Key_Down, far)
    assert moved.args[0][2] == 160
    with qtbot.waitSignal(view.horizon_moved) as moved:
        qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert moved.args == [0.51]


def test_what_the_mouse_does_enters_the_project_and_comes_back(
    open_window: MainWindow, qtbot: QtBot, project_folder: Path
) -> None:
    panel = open_window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    session = open_window.session
    qtbot.waitUntil(lambda: not session.jobs.busy)
    panel.act["backgrounds.large"].setChecked(True)
    view = panel.large.crop
    before = session.project.backgrounds[0]
    middle = view.crop_geometry.frame.center().toPoint()
    drag(qtbot, view, (middle.x(), middle.y() - 60), (middle.x() + 200, middle.y() - 60))
    first = session.project.backgrounds[0]
    assert first.crop == (20, 0, 140)
    y = round(view.crop_geometry.horizon_y)
    drag(qtbot, view, (middle.x(), y - 1), (middle.x(), y + 49))
    horizon = session.project.backgrounds[0].horizon
    assert horizon is not None
    assert before.horizon is not None
    assert horizon > before.horizon
    panel.act["backgrounds.brush"].setChecked(True)
    drag(qtbot, view, (middle.x(), middle.y() + 80), (middle.x() + 60, middle.y() + 80))
    assert unpack(session.project.backgrounds[0].standing).any()
    assert session.undo_stack.count() == 3
    with qtbot.waitSignal(session.saved):
        session.save()
    saved = session.project
    for _ in range(3):
        session.undo_stack.undo()
    assert session.project.backgrounds[0] == before
    assert (before.crop, before.standing) == (None, "")
    assert not np.any(view.scene.cells if view.scene else True)
    open_window.session.close()
    with qtbot.waitSignal(session.opened):
        session.open(project_folder)
    assert session.project == saved


@pytest.fixture
def large(qtbot: QtBot) -> CropView:
    """As `view`, and it can be zoomed; the picture has 2000 × 1000 pixels."""
    return shown(CropView(zooms=True), 2000, 1000, qtbot)


def turn(view: CropView, at: QPointF, notches: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, modifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("at", [(201, 101), (40, 30), (380, 180)])
def test_the_wheel_zooms_to_the_pointer_and_everything_stays_on_the_picture(
    large: CropView, at: tuple[int, int]
) -> None:
    point = QPointF(*at)
    before = large.crop_geometry
    turn(large, point, 6)
    after = large.crop_geometry
    assert after.scale == pytest.approx(before.scale * 1.25**6)
    assert after.fractions(point) == pytest.approx(before.fractions(point), abs=0.01)
    for geometry in (before, after):
        frame = (geometry.frame.topLeft() - geometry.picture.topLeft()) / geometry.scale
        assert (frame.x(), frame.y()) == pytest.approx((500, 0))
        assert (geometry.horizon_y - geometry.picture.y()) / geometry.scale == pytest.approx(500)
    turn(large, point, -20)
    assert large.crop_geometry == before


def test_a_picture_has_no_gap_beside_it_when_it_is_moved(large: CropView, qtbot: QtBot) -> None:
    turn(large, QPointF(201, 101), 5)
    for _ in range(3):
        drag(qtbot, large, (20, 20), (380, 190), Qt.MouseButton.MiddleButton)
    picture = large.crop_geometry.picture
    assert picture.left() == pytest.approx(0, abs=1)
    assert picture.top() == pytest.approx(0, abs=1)
    qtbot.keyPress(large, Qt.Key.Key_Space)
    with qtbot.assertNotEmitted(large.crop_moved):
        drag(qtbot, large, (200, 100), (150, 90))
    qtbot.keyRelease(large, Qt.Key.Key_Space)
    assert large.crop_geometry.picture.topLeft() - picture.topLeft() == QPointF(-50, -10)


def test_the_square_and_the_horizon_are_moved_by_their_own_pixels_at_any_zoom(large: CropView, qtbot: QtBot) -> None:
    large.show_pixels()
    assert large.crop_geometry.scale == pytest.approx(1 / large.devicePixelRatioF())
    with qtbot.waitSignal(large.crop_moved) as moved:
        drag(qtbot, large, (200, 40), (150, 40))
    assert moved.args == [(450, 0, 1000)]
    with qtbot.waitSignal(large.horizon_moved) as moved:
        drag(qtbot, large, (200, 100), (200, 150))
    assert moved.args[0] == pytest.approx(0.55, abs=0.002)
    large.set_painting(True)
    large.set_brush(0.01)
    geometry = large.crop_geometry
    with qtbot.waitSignal(large.painted) as painted:
        drag(qtbot, large, (200, 50), (202, 50))
    x, y = geometry.fractions(QPointF(202, 51))
    rows, columns = np.nonzero(painted.args[0])
    assert rows.mean() == pytest.approx(y * CELLS, abs=2)
    assert columns.mean() == pytest.approx(x * CELLS, abs=2)
    large.show_all()
    assert large.crop_geometry.picture == QRectF(1, 1, 400, 200)


def test_one_that_does_not_zoom_lets_the_wheel_pass(view: CropView) -> None:
    before = view.crop_geometry
    turn(view, QPointF(100, 100), 5)
    assert view.crop_geometry == before


def test_the_eraser_erases_with_either_button_and_takes_from_everywhere(view: CropView, qtbot: QtBot) -> None:
    view.set_painting(True)
    drag(qtbot, view, (100, 150), (300, 150))
    view.set_painting(True, erasing=True)
    for button in (LEFT, RIGHT):
        with qtbot.waitSignal(view.painted) as painted:
            drag(qtbot, view, (200, 150), (205, 150) if button is LEFT else (260, 150), button)
        assert painted.args[0][96, 40]
        assert not painted.args[0][96, 64]
    view.show_scene(None)
    everywhere = np.zeros((CELLS, CELLS), np.bool_)
    view.show_scene(CropScene("b", 400, 200, (100, 0, 200, 200), True, 0.5, False, everywhere))
    with qtbot.waitSignal(view.painted) as painted:
        drag(qtbot, view, (200, 150), (205, 150))
    assert painted.args[0][:60].all()
    assert not painted.args[0][96, 64]


def test_the_brush_has_one_size_that_is_seen_and_set(open_window: MainWindow, qtbot: QtBot) -> None:
    panel = open_window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
    slider, views = panel.details.brush, (panel.details.crop, panel.large.crop)
    assert slider.value == pytest.approx(200 * views[0].brush, abs=0.1)
    panel.act["backgrounds.brush_larger"].trigger()
    assert slider.value == pytest.approx(200 * 0.06 * 1.25, abs=0.1)
    slider.field.setValue(20)
    assert [view.brush for view in views] == [0.1, 0.1]
    panel.act["backgrounds.large"].setChecked(True)
    panel.act["backgrounds.brush"].setChecked(True)
    turn(panel.large.crop, QPointF(100, 100), 1, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value == pytest.approx(25, abs=0.1)
    panel.act["backgrounds.eraser"].setChecked(True)
    assert not panel.act["backgrounds.brush"].isChecked()
    assert panel.large.crop.erasing
    panel.act["backgrounds.back"].trigger()
    assert not panel.large.crop.painting
    assert panel.act["backgrounds.large"].isChecked()


def test_the_horizon_has_one_handle_in_the_middle_of_its_line(view: CropView) -> None:
    geometry = view.crop_geometry
    assert geometry.handle.center() == QPointF(geometry.frame.center().x(), geometry.horizon_y)
    assert geometry.part_at(geometry.handle.topLeft()) is CropPart.HORIZON


def test_zooming_by_keys_works_in_the_large_view_only(open_window: MainWindow, qtbot: QtBot) -> None:
    panel = open_window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
    assert not panel.act["backgrounds.pixels"].isEnabled()
    panel.act["backgrounds.large"].setChecked(True)
    crop = panel.large.crop
    whole = crop.crop_geometry
    qtbot.keyClick(crop, Qt.Key.Key_Plus)
    qtbot.keyClick(crop, Qt.Key.Key_Plus)
    assert crop.crop_geometry.scale == pytest.approx(whole.scale * 1.25**2)
    qtbot.keyClick(crop, Qt.Key.Key_Minus)
    qtbot.keyClick(crop, Qt.Key.Key_F)
    assert crop.crop_geometry == whole


def test_the_large_view_says_in_a_line_of_its_own_what_the_hand_can_do(open_window: MainWindow, qtbot: QtBot) -> None:
    panel = open_window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
    panel.act["backgrounds.brush"].setChecked(True)
    assert panel.act["backgrounds.large"].isChecked(), "a picture of an inspector's width is no place to paint"
    QApplication.processEvents()
    said, where = panel.large.hint.text(), panel.large.crop.geometry()
    assert "everywhere now" in said
    middle = panel.large.crop.rect().center()
    drag(qtbot, panel.large.crop, (middle.x(), middle.y()), (middle.x() + 60, middle.y()))
    assert panel.large.hint.text() not in {"", said}
    assert panel.notices.texts() == []
    panel.act["backgrounds.real_size"].setChecked(True)
    assert not panel.large.crop.painting
    QApplication.processEvents()
    assert panel.large.crop.geometry() == where
    panel.act["backgrounds.eraser"].setChecked(True)
    panel.act["backgrounds.large"].setChecked(False)
    assert not panel.large.crop.painting
