"""What is being typed is neither taken away nor changed by what happens meanwhile, in every field a form is made of."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.lib.fields import Field, FloatField, IntField, JsonField, Setting, TextField
from fgbg_studio.gui.lib.tuple_field import TupleField
from fgbg_studio.gui.lib.typed import line_of
from tests.gui.lib.test_manners import Room, room

__all__ = ["room"]  # a fixture
CTRL = Qt.KeyboardModifier.ControlModifier


def make(kind: str) -> tuple[Field, Any, str, Any, Any]:
    """A field, what it shows first, what is typed, what that is, and what is shown meanwhile."""
    number = Setting("number", int, minimum=0, maximum=100_000, unit="px")
    return {
        "int": lambda: (IntField(number), 0, "400", 400, 7),
        "float": lambda: (FloatField(Setting("number", float, minimum=0)), 0.0, "1.5", 1.5, 7.0),
        "slider": lambda: (FloatField(Setting("number", float, minimum=0, maximum=10)), 0.0, "1.5", 1.5, 7.0),
        "text": lambda: (TextField(Setting("words", str)), "", "mine", "mine", "theirs"),
        "json": lambda: (JsonField(Setting("words", object)), [1], "[2]", [2], [3]),
        "tuple": lambda: (TupleField(number, (int, int)), (1, 2), "40", [40, 8], (7, 8)),
    }[kind]()  # fmt: skip


def typed_into(room: Room, field: QWidget, text: str) -> QLineEdit:
    """Click, select all, type; neither Enter nor leaving."""
    room.column.addWidget(field)
    field.show()
    control: QWidget = field.boxes[0] if isinstance(field, TupleField) else field.box  # type: ignore[attr-defined]
    control.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClick(control, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(control, text)
    line = line_of(control)
    assert line is not None
    return line


@pytest.mark.parametrize("kind", ["int", "float", "slider", "text", "json", "tuple"])
@pytest.mark.parametrize("end", ["enter", "leave", "escape"])
def test_what_is_typed_outlives_another_value(room: Room, qtbot: QtBot, kind: str, end: str) -> None:
    field, first, text, value, meanwhile = make(kind)
    field.show_value(first)
    told: list[Any] = []
    field.changed.connect(told.append)
    line = typed_into(room, field, text)
    before = line.text()
    field.show_value(meanwhile)
    assert line.text() == before
    assert told == []
    if end == "leave":
        room.take_keyboard()
    else:
        focus = line.focusProxy() or line
        QTest.keyClick(focus, Qt.Key.Key_Return if end == "enter" else Qt.Key.Key_Escape)
    qtbot.waitUntil(room.picture.hasFocus)
    if end == "escape":
        again, *_ = make(kind)
        again.show_value(meanwhile)
        expected = next(one.text() for one in again.findChildren(QLineEdit))
        assert (line.text(), told) == (expected, [])
    else:
        assert told == [value]


def test_undo_leads_to_what_was_shown_last(room: Room) -> None:
    field = IntField(Setting("number", int, minimum=0, maximum=1000))
    field.show_value(5)
    line = typed_into(room, field, "400")
    field.show_value(7)
    QTest.keyClick(field.box, Qt.Key.Key_Z, CTRL)
    assert line.text() == "7"


def test_what_was_finished_is_shown_as_it_became(room: Room) -> None:
    field = IntField(Setting("number", int, minimum=0, maximum=1000))
    field.show_value(5)
    field.changed.connect(lambda _: field.show_value(99))
    line = typed_into(room, field, "400")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert line.text() == "99"
