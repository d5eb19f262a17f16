"""What a person is typing into a field: nothing that happens meanwhile takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QWidget

KEPT = "kept"
"""The property of a line edit that has its text as it was before the person came, or last pressed Enter."""


def line_of(field: QWidget) -> QLineEdit | None:
    """The line of text of a field, where it has one."""
    if isinstance(field, QLineEdit):
        return field
    if isinstance(field, (QAbstractSpinBox, QComboBox)):
        return field.lineEdit()
    return None


def is_edited(line: QLineEdit) -> bool:
    """Whether a person changed its text and has not finished."""
    return line.isModified() and line.text() != line.property(KEPT)


@contextmanager
def keeping_typed(field: QAbstractSpinBox | QLineEdit) -> Iterator[None]:
    """Show another value within, without telling of it; a text that is being typed stays, and is told once finished.

    A form that is shown anew, because something else changed, would else throw away a number that was just typed: a
    field tells of it only with Enter, or when it is left. Esc, and undo, lead to the value that was shown last.
    """
    line = line_of(field)
    assert line is not None
    edited = field.hasFocus() and is_edited(line)
    text, cursor = line.text(), line.cursorPosition()
    with QSignalBlocker(field):
        yield
        if edited and line.text() != text:
            line.setProperty(KEPT, line.text())
            line.selectAll()
            line.insert(text)  # so that it can be undone, and counts as typed
            line.setCursorPosition(cursor)
