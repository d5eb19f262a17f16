"""What hands expect everywhere in the window: of the wheel, of undo, and of where the keyboard is after an action."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QUndoCommand
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow

PLACES = ["backgrounds", "foregrounds", "preview", "generate", "dataset"]


@pytest.fixture
def used_window(open_window: MainWindow, qtbot: QtBot) -> MainWindow:
    open_window.activateWindow()
    qtbot.waitActive(open_window)
    return open_window


def fields(window: MainWindow, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
    """Those that are seen and can be used, and are no part of another."""
    found = [one for one in window.findChildren(QWidget) if isinstance(one, kinds) and not isinstance(one, QScrollBar)]
    seen = [one for one in found if one.isVisible() and one.isEnabled() and not one.visibleRegion().isEmpty()]
    return [one for one in seen if not isinstance(one.parent(), (QAbstractSpinBox, QComboBox))]


def state(field: QWidget) -> object:
    return field.currentIndex() if isinstance(field, (QComboBox, QTabBar)) else field.property("value")


@pytest.mark.parametrize("place", PLACES)
def test_the_wheel_over_a_field_changes_nothing(place: str, used_window: MainWindow) -> None:
    used_window.workspace.show_place(place)
    QApplication.processEvents()
    focus = QApplication.focusWidget()
    for field in fields(used_window, (QAbstractSpinBox, QComboBox, QAbstractSlider, QTabBar)):
        at = field.visibleRegion().boundingRect().center()
        if field.visibleRegion().isEmpty():
            continue  # it was scrolled away
        before = state(field)
        for notch in (-120, 120):
            QTest.wheelEvent(used_window.windowHandle(), QPointF(field.mapTo(used_window, at)), QPoint(0, notch))
        assert state(field) == before, field.accessibleName()
        assert QApplication.focusWidget() is focus


@pytest.mark.parametrize("place", PLACES)
def test_undo_in_a_field_is_the_windows(place: str, used_window: MainWindow, qtbot: QtBot) -> None:
    used_window.workspace.show_place(place)
    QApplication.processEvents()
    told: list[int] = []
    used_window.act["edit.undo"].triggered.connect(lambda: told.append(1))
    for number, field in enumerate(fields(used_window, (QAbstractSpinBox, QLineEdit, QComboBox)), 1):
        used_window.workspace.current.undo_stack().push(QUndoCommand("a step"))
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(told) == number, field.accessibleName()


@pytest.mark.parametrize("place", PLACES)
def test_a_switch_of_place_by_the_mouse_leaves_the_keyboard_in_the_place(
    place: str, used_window: MainWindow, qtbot: QtBot
) -> None:
    number = PLACES.index(place)
    used_window.workspace.show_place(PLACES[number - 1])
    button = used_window.workspace.rail.buttons[number]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    panel = used_window.workspace.current
    focus = QApplication.focusWidget()
    assert panel.place == place
    assert focus is panel or panel.isAncestorOf(focus)
    assert not isinstance(focus, (QLineEdit, QAbstractSpinBox, QAbstractButton))
    qtbot.keyClick(focus, Qt.Key.Key_Space)
    assert used_window.workspace.current is panel


def test_a_filter_that_is_put_away_gives_the_keyboard_to_the_grid(used_window: MainWindow, qtbot: QtBot) -> None:
    panel = used_window.workspace.current
    act = panel.act["backgrounds.filter"]
    act.trigger()
    QApplication.processEvents()
    slider = panel.lists.bar.sliders[0]  # type: ignore[attr-defined]
    slider.setFocus()
    act.trigger()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is panel.grid)  # type: ignore[attr-defined]


def test_a_dismissed_notice_gives_the_keyboard_to_the_grid(used_window: MainWindow, qtbot: QtBot) -> None:
    panel = used_window.workspace.current
    panel.notices.warn("Look here.")
    QApplication.processEvents()
    buttons = panel.notices.entries[0].widget.findChildren(QAbstractButton)
    closer = next(one for one in buttons if one.accessibleName() == "Dismiss")
    closer.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.mouseClick(closer, Qt.MouseButton.LeftButton)
    assert panel.notices.texts() == []
    qtbot.waitUntil(lambda: QApplication.focusWidget() is panel.grid)  # type: ignore[attr-defined]


def test_after_text_was_typed_a_button_leads_back_and_the_text_is_kept(used_window: MainWindow, qtbot: QtBot) -> None:
    panel = used_window.workspace.current
    field = panel.details.fields["origin"]  # type: ignore[attr-defined]
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(field, "here")
    qtbot.mouseClick(panel.lists.bar.tabs.buttons[1], Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert QApplication.focusWidget() is panel.grid  # type: ignore[attr-defined]
    assert "here" in {background.origin for background in used_window.session.project.backgrounds}
