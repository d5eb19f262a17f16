"""A table of names and what is said of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from fgbg_studio.gui.lib.basics import label
from fgbg_studio.gui.lib.theme import GROUP, UNIT

Fact = tuple[str, str]


class Facts(QWidget):
    """Lines of a quiet name and a value that may be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUP)
        self._grid.setVerticalSpacing(UNIT)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: list[Fact]) -> None:
        """Show these instead."""
        while len(self._lines) < len(facts):
            self._add_line()
        for number, (name, value) in enumerate(self._lines):
            shown = number < len(facts)
            name.setText(facts[number][0] if shown else "")
            value.setText(facts[number][1] if shown else "")
            name.setVisible(shown)
            value.setVisible(shown)

    def _add_line(self) -> None:
        name, value = label("", "quiet"), label("", wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._lines)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        self._lines.append((name, value))
