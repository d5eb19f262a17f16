"""A column of lines that come and go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from fgbg_studio.gui.lib.basics import IconLabel, Margins, hbox, label, take_away, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.label import Label
from fgbg_studio.gui.lib.theme import UNIT


class Lines(QWidget):
    """See the module; whatever else is added to ``column`` stays below them."""

    def __init__(self, spacing: int, margins: Margins = (0, 0, 0, 0)) -> None:
        super().__init__()
        self.column = vbox(self, spacing, margins)
        self.lines: list[QWidget] = []

    def add(self, line: QWidget) -> None:
        """Put a line below the others."""
        self.column.insertWidget(len(self.lines), line)
        self.lines.append(line)

    def add_sentence(self, text: str, icon: Icon, colour: str, look: str = "") -> Label:
        """Add a line of an icon and words; returns the words."""
        line = QWidget()
        row = hbox(line, 2 * UNIT)
        row.addWidget(IconLabel(icon, 16, colour), 0, Qt.AlignmentFlag.AlignTop)
        words = label(text, look, wrap=True)
        row.addWidget(words, 1)
        self.add(line)
        return words

    def empty(self) -> None:
        """Take all lines away."""
        for line in self.lines:
            take_away(line, self.column)
        self.lines = []
