"""The log of a run: what was done, skipped and why, with times; it can be saved as a text file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from fgbg_studio.gui.lib.basics import action_button, hbox, label, vbox
from fgbg_studio.gui.lib.theme import UNIT

MOST = 20_000
"""Lines that are kept."""

_INDENT = " " * 21


class Journal(QObject):
    """Lines with their times. ``added`` brings text as it is written, ``cleared`` that there is none any more."""

    added = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[str] = []

    def note(self, text: str, details: Iterable[str] = ()) -> None:
        """Write a line down now, and its details below it."""
        now = datetime.now().astimezone()
        lines = [f"{now:%Y-%m-%d %H:%M:%S}  {text}", *(_INDENT + detail for detail in details)]
        self.lines += lines
        del self.lines[:-MOST]
        self.added.emit("\n".join(lines))

    def text(self) -> str:
        """All of it, as a file."""
        return "".join(f"{line}\n" for line in self.lines)

    def clear(self) -> None:
        """Another project comes."""
        self.lines.clear()
        self.cleared.emit()


class LogView(QWidget):
    """Shows a `Journal` as it is written."""

    def __init__(self, journal: Journal, save: QAction) -> None:
        super().__init__()
        self.edit = QPlainTextEdit(readOnly=True)
        self.edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.edit.setMaximumBlockCount(MOST)
        self.edit.setPlaceholderText(self.tr("What a run does, skips and why is written here."))
        self.edit.setAccessibleName(self.tr("Log"))
        journal.added.connect(self.edit.appendPlainText)
        journal.cleared.connect(self.edit.clear)
        row = hbox(spacing=2 * UNIT)
        row.addWidget(label(self.tr("What was done and skipped, and why"), "quiet"))
        row.addStretch(1)
        row.addWidget(action_button(save))
        column = vbox(self, 2 * UNIT)
        column.addLayout(row)
        column.addWidget(self.edit, 1)
