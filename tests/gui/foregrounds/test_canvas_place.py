"""The canvas in its place: hints, the tool after all is undone, the menu, Home and End, the view on a background."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from fgbg_studio.core.cutting.seeds import Rectangle
from fgbg_studio.gui.foregrounds.canvas_render import CutoutView
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import Hands, cut, draw_photo, hands

__all__ = ["cut", "hands"]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_O, Qt.Key.Key_W, Qt.Key.Key_R, Qt.Key.Key_L])
def test_after_all_is_undone_the_tool_and_the_hint_can_begin_anew(cut: Hands, key: Qt.Key) -> None:
    cut.key(key)
    cut.key(Qt.Key.Key_Z, CTRL)
    assert cut.panel.document is not None
    assert not cut.panel.document.work.seeds
    assert cut.panel.canvas.tool is (Tool.LASSO if key == Qt.Key.Key_L else Tool.RECTANGLE)
    text = cut.panel.line.hint.text()
    assert ("loop" if key == Qt.Key.Key_L else "Drag a rectangle around the object") in text
    assert "Press R" not in text
    cut.key(Qt.Key.Key_B)
    assert cut.panel.canvas.tool is Tool.MARK, "who takes another tool on purpose has it"
    assert "R" in cut.panel.line.hint.text()


def test_the_hint_says_how_the_rectangle_is_corrected_and_correcting_keeps_the_tool(cut: Hands) -> None:
    cut.key(Qt.Key.Key_R)
    assert "side or a corner" in cut.panel.line.hint.text()
    cut.drag([(50, 100), (40, 100)])
    cut.rest()
    assert cut.panel.canvas.tool is Tool.RECTANGLE
    assert cut.panel.document is not None
    (rectangle,) = cut.panel.document.work.seeds
    assert isinstance(rectangle, Rectangle)
    assert abs(rectangle.box[0] - 40) <= 1
    assert cut.panel.undo_stack().undoText() == "correct the rectangle"
    cut.panel.undo_stack().undo()
    cut.key(Qt.Key.Key_L)
    assert "loop" in cut.panel.line.hint.text()


def test_another_rectangle_cuts_another_object_and_undo_brings_all_back(cut: Hands) -> None:
    cut.drag([(90, 140), (150, 150)])
    cut.rest()
    before = cut.alpha
    assert before[80, 120] == before[145, 120] == 255
    cut.key(Qt.Key.Key_R)
    cut.drag([(70, 118), (170, 176)])
    cut.rest()
    assert cut.panel.document is not None
    assert len(cut.panel.document.work.seeds) == 1
    assert (cut.alpha[80, 120], cut.alpha[145, 120]) == (0, 255)
    cut.key(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(cut.alpha, before)
    assert len(cut.panel.document.work.seeds) == 2


def open_menu(hands: Hands) -> QMenu:
    hands.panel.canvas.menu_wanted.emit(hands.panel.canvas.mapToGlobal(QPoint(30, 30)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_menu_has_what_is_done_most(cut: Hands) -> None:
    menu = open_menu(cut)
    texts = [action.text().partition("\t")[0] for action in menu.actions() if action.isVisible()]
    for wanted in (
        "Keep cutout",
        "Undo rectangle",
        "Remove rectangle or loop",
        "Whole photo",
        "Photo's own pixels",
        "View",
    ):
        assert wanted in texts
    views = next(action.menu() for action in menu.actions() if action.text() == "View")
    assert isinstance(views, QMenu)
    assert len(views.actions()) == 7
    next(action for action in menu.actions() if action.text().startswith("Undo")).trigger()
    assert not cut.alpha.any()
    menu.close()
    cut.panel.canvas.setFocus()
    cut.key(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    by_key = QApplication.activePopupWidget()
    assert isinstance(by_key, QMenu)
    menu = by_key
    enabled = {action.text(): action.isEnabled() for action in menu.actions()}
    assert not enabled["Keep cutout"]
    assert not enabled["Remove rectangle or loop"]
    menu.close()


def test_remove_rectangle_is_a_step(cut: Hands) -> None:
    before = cut.alpha
    cut.panel.act["foregrounds.remove-area"].trigger()
    cut.rest()
    assert not cut.alpha.any()
    assert cut.panel.canvas.tool is Tool.RECTANGLE
    assert cut.panel.undo_stack().undoText() == "remove rectangle or loop"
    cut.panel.undo_stack().undo()
    assert np.array_equal(cut.alpha, before)


def test_home_and_end(hands: Hands, tmp_path: Path) -> None:
    photos = [write_picture(tmp_path / f"{name}.png", draw_photo()) for name in ("one", "two", "three")]
    hands.add(*photos)
    entries = hands.panel.items.paths
    for key, wanted in ((Qt.Key.Key_End, entries[-1]), (Qt.Key.Key_Home, entries[0])):
        hands.key(key)
        hands.qtbot.waitUntil(
            lambda wanted=wanted: hands.panel.document is not None and hands.panel.document.path == wanted  # type: ignore[misc]
        )
        hands.rest()


def test_on_a_background_the_line_says_how_many_times_and_the_photo_comes_back(cut: Hands) -> None:
    canvas = cut.panel.canvas
    canvas.zoom(3)
    before = canvas.camera
    cut.key(Qt.Key.Key_6)
    cut.rest()
    times = canvas.scale
    side = cut.window.session.project.settings.size
    assert times == int(min(canvas.screen_size()) - 32) // side
    assert f"{side} × {side} pixels" in cut.panel.line.hint.text()
    assert ("not enlarged" if times == 1 else f"shown × {times:.0f}") in cut.panel.line.hint.text()
    cut.key(Qt.Key.Key_Z)
    assert canvas.scale == pytest.approx(1)
    cut.key(Qt.Key.Key_F)
    assert canvas.scale == pytest.approx(times)
    cut.key(Qt.Key.Key_N)
    cut.rest()
    assert canvas.scale == pytest.approx(times)
    cut.key(Qt.Key.Key_1)
    assert (canvas.view, canvas.camera) == (CutoutView.TINT, before)
