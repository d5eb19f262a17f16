"""Wheel, undo and the keyboard's place are the same for every control there is, and every one made later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDateTime, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction, QImage, QPainter, QPalette, QUndoCommand, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDial,
    QDoubleSpinBox,
    QLineEdit,
    QListView,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QStackedWidget,
    QTabBar,
    QTimeEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.lib.actions import Spec, build
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import Keys
from fgbg_studio.gui.lib.manners import Style, manners


class Room(QMainWindow):
    """A window with a picture, and whatever is put beside it, in a panel that scrolls."""

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.picture = QListView()
        self.column.addWidget(self.picture)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setWidget(inside)
        self.setCentralWidget(self.scroll)
        self.resize(300, 400)
        self.undo_stack = QUndoStack(self)
        self.act = build(
            [
                Spec("edit.undo", "Undo", Icon.UNDO, Keys.UNDO),
                Spec("edit.redo", "Redo", Icon.REDO, Keys.REDO),
            ],
            self,
        )
        self.act["edit.undo"].triggered.connect(self.undo_stack.undo)
        self.act["edit.redo"].triggered.connect(self.undo_stack.redo)
        self.addActions(list(self.act.values()))

    def take_keyboard(self) -> None:
        self.picture.setFocus(Qt.FocusReason.OtherFocusReason)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    made = Room()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    made.take_keyboard()
    return made


def filled(field: QWidget) -> QWidget:
    """In the middle of what it can be."""
    if isinstance(field, QComboBox):
        field.addItems(["one", "two", "three"])
        field.setCurrentIndex(1)
    elif isinstance(field, QTabBar):
        for word in ("one", "two", "three"):
            field.addTab(word)
        field.setCurrentIndex(1)
    elif isinstance(field, (QSpinBox, QDoubleSpinBox, QSlider, QDial)):
        field.setMaximum(9999)
        field.setValue(50)
    elif isinstance(field, (QDateEdit, QTimeEdit)):
        field.setDateTime(QDateTime(2010, 6, 15, 12, 30, 0))
    return field


def state(field: QWidget) -> object:
    if isinstance(field, (QComboBox, QTabBar)):
        return field.currentIndex()
    return field.date() if isinstance(field, QDateEdit) else field.time() if isinstance(field, QTimeEdit) else (
        field.value()  # type: ignore[attr-defined]
    )  # fmt: skip


def turn_wheel(widget: QWidget) -> None:
    """One notch towards the hand, as the system tells of it."""
    window = widget.window()
    at = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(at), QPoint(0, -120))


WHEELED = (QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QComboBox, QSlider, QDial, QTabBar)


@pytest.mark.parametrize("kind", WHEELED)
def test_the_wheel_changes_only_what_has_the_keyboard(room: Room, kind: type[QWidget]) -> None:
    field = filled(kind())
    room.column.addWidget(field)
    field.show()
    room.picture.setMinimumHeight(900)
    QApplication.processEvents()
    room.scroll.ensureWidgetVisible(field)
    room.scroll.verticalScrollBar().setValue(room.scroll.verticalScrollBar().value() - 10)
    before, scrolled = state(field), room.scroll.verticalScrollBar().value()
    turn_wheel(field)
    assert state(field) == before
    assert room.scroll.verticalScrollBar().value() > scrolled, "what it lies on scrolls instead"
    assert QApplication.focusWidget() is room.picture
    assert not field.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus
    field.setFocus()
    turn_wheel(field)
    assert state(field) != before


class Step(QUndoCommand):
    """Something that can be undone."""


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox, QPlainTextEdit, QSlider])
@pytest.mark.parametrize("keys", ["Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y"])
def test_undo_is_the_windows_where_no_text_is_edited(room: Room, qtbot: QtBot, kind: type[QWidget], keys: str) -> None:
    field = filled(kind())
    if isinstance(field, QComboBox):
        field.setEditable(True)
    room.column.addWidget(field)
    field.show()
    room.undo_stack.push(Step("a step"))
    undone = keys == "Ctrl+Z"
    room.undo_stack.setIndex(1 if undone else 0)
    field.setFocus()
    press(qtbot, field, keys)
    assert room.undo_stack.index() == (0 if undone else 1)
    assert QApplication.focusWidget() is room.picture


def press(qtbot: QtBot, widget: QWidget, keys: str) -> None:
    held = Qt.KeyboardModifier.ControlModifier
    if "Shift" in keys:
        held |= Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(widget, Qt.Key.Key_Y if keys.endswith("Y") else Qt.Key.Key_Z, held)


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QDoubleSpinBox])
def test_undo_is_the_fields_while_its_text_is_edited(room: Room, qtbot: QtBot, kind: type[QWidget]) -> None:
    field = filled(kind())
    room.column.addWidget(field)
    field.show()
    room.undo_stack.push(Step("a step"))
    field.setFocus()
    qtbot.keyClicks(field, "7")
    press(qtbot, field, "Ctrl+Z")
    assert room.undo_stack.index() == 1
    assert QApplication.focusWidget() is field
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.setFocus()  # before the keyboard has gone, and after
    press(qtbot, field, "Ctrl+Z")
    assert room.undo_stack.index() == 0, "what was finished is no longer edited"


def test_undo_with_nothing_to_undo_leaves_a_finished_text_alone(room: Room, qtbot: QtBot) -> None:
    field = QLineEdit()
    room.column.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.keyClicks(field, "word")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.setFocus()
    room.act["edit.undo"].setEnabled(False)
    press(qtbot, field, "Ctrl+Z")
    assert field.text() == "word"


@pytest.mark.parametrize("kind", [QPushButton, QToolButton, QCheckBox])
def test_a_click_gives_a_button_no_keyboard_and_finishes_a_text(
    room: Room, qtbot: QtBot, kind: type[QPushButton]
) -> None:
    field, button, told = QLineEdit(), kind(), []
    for one in (field, button):
        room.column.addWidget(one)
        one.show()
    field.editingFinished.connect(lambda: told.append(field.text()))
    button.clicked.connect(lambda: told.append("clicked"))
    QApplication.processEvents()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(field, "word")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))
    assert told == ["word", "clicked"]
    assert QApplication.focusWidget() is room.picture


def test_a_button_pressed_by_a_key_keeps_the_keyboard(room: Room, qtbot: QtBot) -> None:
    button, told = QPushButton(), []
    button.clicked.connect(room.act["edit.undo"].trigger)
    room.act["edit.undo"].triggered.connect(lambda: told.append(1))
    room.column.addWidget(button)
    button.show()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(2):
        qtbot.keyClick(button, Qt.Key.Key_Space)
        QApplication.processEvents()
    assert told == [1, 1]
    assert QApplication.focusWidget() is button


@pytest.mark.parametrize("way", ["hide", "disable", "delete", "parent hidden", "other page"])
def test_what_goes_away_gives_the_keyboard_back(room: Room, qtbot: QtBot, way: str) -> None:
    pages, first, second = QStackedWidget(), QWidget(), QWidget()
    field = QLineEdit()
    QVBoxLayout(first).addWidget(field)
    QVBoxLayout(second).addWidget(QLineEdit())
    pages.addWidget(first)
    pages.addWidget(second)
    room.column.addWidget(pages)
    pages.show()
    QApplication.processEvents()
    field.setFocus()
    {
        "hide": field.hide,
        "disable": lambda: field.setEnabled(False),
        "delete": field.deleteLater,
        "parent hidden": pages.hide,
        "other page": lambda: pages.setCurrentIndex(1),
    }[way]()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is room.picture)


def test_what_a_person_asked_for_keeps_the_keyboard(room: Room) -> None:
    shown, asked = QPushButton(), QLineEdit()
    for one in (shown, asked):
        room.column.addWidget(one)
        one.show()
    shown.setFocus()
    shown.hide()
    manners.hand(asked)
    QApplication.processEvents()
    assert QApplication.focusWidget() is asked


def test_an_action_that_asks_for_a_field_gets_it(room: Room) -> None:
    field, action = QLineEdit(), QAction(room)
    room.column.addWidget(field)
    field.show()
    manners.watch(action)
    action.triggered.connect(field.setFocus)
    action.trigger()
    QApplication.processEvents()
    assert QApplication.focusWidget() is field


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QDoubleSpinBox])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_escape_lead_out_of_a_field(room: Room, qtbot: QtBot, kind: type[QWidget], key: Qt.Key) -> None:
    field = filled(kind())
    taken: list[bool] = []
    other = QAction(room)
    other.setShortcuts(["Escape", "Return"])
    other.triggered.connect(lambda: taken.append(True))
    room.addAction(other)
    room.column.addWidget(field)
    field.show()
    field.setFocus()
    before = field.text()  # type: ignore[attr-defined]
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, key)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is room.picture)
    assert (field.text() == before) == (key == Qt.Key.Key_Escape)  # type: ignore[attr-defined]
    assert not taken


@pytest.mark.parametrize("kind", [QSlider, QTabBar, QSpinBox])
def test_a_mouse_that_changes_a_control_leaves_the_keyboard_in_the_picture(
    room: Room, qtbot: QtBot, kind: type[QWidget]
) -> None:
    field = filled(kind())
    room.column.addWidget(field)
    field.show()
    QApplication.processEvents()
    at = QPoint(field.width() - 4, 4)  # a spin box's upper arrow
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is room.picture)


def test_a_click_into_text_keeps_the_keyboard_there(room: Room, qtbot: QtBot) -> None:
    box = filled(QSpinBox())
    room.column.addWidget(box)
    box.show()
    QApplication.processEvents()
    assert isinstance(box, QSpinBox)
    qtbot.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert QApplication.focusWidget() is box


def test_the_mark_of_a_letter_takes_no_room(qapp: QApplication) -> None:
    """A menu's title has the room of its letters: it is not cut short for the sign before one of them."""
    style, words = Style(), "Foregrounds"

    def drawn(text: str, flags: int) -> QImage:
        image = QImage(200, 40, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        with QPainter(image) as painter:
            room = QRect(10, 0, painter.fontMetrics().horizontalAdvance(words) + 1, 40)
            style.drawItemText(painter, room, flags, QPalette(), True, text)
        return image

    assert drawn(f"&{words}", Qt.TextFlag.TextHideMnemonic.value) == drawn(words, 0)
