"""Everything is reached by the keyboard and has a name for those who cannot see it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
PAGES = ["start", "backgrounds", "foregrounds", "preview", "generate", "dataset"]


def show(window: MainWindow, page: str, qtbot: QtBot, folder: object) -> None:
    if page != "start":
        with qtbot.waitSignal(window.session.opened):
            window.open_project(folder)
        window.workspace.show_place(page)


def controls(window: MainWindow) -> list[QWidget]:
    """What can be clicked, as far as it is no part of another control."""
    found = [child for child in window.findChildren(QWidget) if isinstance(child, CONTROLS) and child.isVisible()]
    found = [child for child in found if child.isEnabled() and not isinstance(child, QScrollBar)]
    return [child for child in found if not isinstance(child.parent(), CONTROLS)]


def tabbed(window: MainWindow, qtbot: QtBot, wanted: int) -> set[QWidget]:
    """Whatever has the focus on the way round by Tab, or by arrows in a group of choices."""
    reached: set[QWidget] = set()
    for _ in range(4 * wanted + 20):
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus)
            group = focus.group() if isinstance(focus, QAbstractButton) else None
            if group is not None and group.exclusive():
                reached.update(group.buttons())
        qtbot.keyClick(focus or window, Qt.Key.Key_Tab)
    return reached


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name(page: str, window: MainWindow, qtbot: QtBot, project_folder: object) -> None:
    show(window, page, qtbot, project_folder)
    nameless = []
    for control in controls(window):
        text = control.text() if isinstance(control, QAbstractButton) else ""
        if not (control.accessibleName() or text):
            nameless.append(control)
    assert nameless == []
    for control in controls(window):
        if isinstance(control, QAbstractButton) and not control.text():
            assert control.toolTip() or control.accessibleName()


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_reached(page: str, window: MainWindow, qtbot: QtBot, project_folder: object) -> None:
    show(window, page, qtbot, project_folder)
    window.activateWindow()
    wanted = controls(window)
    reached = tabbed(window, qtbot, len(wanted))
    missed = [control.accessibleName() or control for control in wanted if control not in reached]
    assert missed == []


def test_a_letter_in_a_text_field_is_text(window: MainWindow, qtbot: QtBot) -> None:
    name = window.start_page.name
    name.setFocus()
    name.clear()
    qtbot.keyClicks(name, "?px")
    assert name.text() == "?px"
    assert window.help.sheet is None


def test_a_ring_is_drawn_for_the_keyboard_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    make = window.start_page.make
    make.setFocus(Qt.FocusReason.TabFocusReason)
    assert make.property("ring")
    window.start_page.name.setFocus()
    assert not make.property("ring")
