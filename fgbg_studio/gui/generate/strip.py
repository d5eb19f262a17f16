"""What the strips of runs have in common, here or on a cluster: a card with heading, figures, buttons and a bar."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from fgbg_studio.gui.lib.basics import IconLabel, frame, hbox, label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT


class Strip(QWidget):
    """An icon, a heading, figures and buttons in a row; below them a bar, and a line of what else is to be said.

    Args:
        name: what the bar is called for those who do not see it.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.icon = IconLabel(Icon.START, colour="accent")
        self.heading, self.figures = label("", "heading"), label("", "quiet")
        self.more = label("", "quiet", wrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(name)

    def lay_out(self, buttons: Iterable[QPushButton]) -> QVBoxLayout:
        """Put all in its place; the column in which more may follow."""
        card = frame("card")
        column = vbox(card, 2 * UNIT, (GROUP, PAD, PAD, PAD))
        first = hbox(spacing=2 * UNIT)
        first.addWidget(self.icon)
        first.addWidget(self.heading)
        first.addStretch(1)
        first.addWidget(self.figures)
        first.addSpacing(UNIT)
        for made in buttons:
            first.addWidget(made)
        column.addLayout(first)
        column.addWidget(self.bar)
        column.addWidget(self.more)
        vbox(self).addWidget(card)
        return column

    def say_more(self, text: str) -> None:
        """Show the line of what else is to be said; empty it takes no room."""
        self.more.setText(text)
        self.more.setVisible(bool(text))
