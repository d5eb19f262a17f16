"""The page of the log."""

from __future__ import annotations

from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from fgbg_studio.gui.generating.journal import MOST, Journal
from fgbg_studio.gui.theme import UNIT
from fgbg_studio.gui.widgets.basics import action_button, hbox, label, vbox


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
