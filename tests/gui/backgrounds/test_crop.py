"""The square, the horizon and the brush, moved by a real mouse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from fgbg_studio.core.placement.region_mask import CELLS, unpack
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.crop_geometry import CropGeometry, CropPart, CropScene, resized
from fgbg_studio.gui.backgrounds.crop_view import CropView
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    """A picture of 400 × 200 pixels, each of which is one of the screen's; its square in the middle."""
    made = CropView()
    qtbot.addWidget(made)
    made.resize(402, 202)
    nowhere = np.zeros((CELLS, CELLS), np.bool_)
    made.show_scene(CropScene("a", 400, 200, (100, 0, 200, 200), True, 0.5, False, nowhere))
    made.show_image(QImage(400, 200, QImage.Format.Format_RGB888))
    made.show()
    qtbot.waitExposed(made)
    return made


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
        qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ShiftModifier)
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
