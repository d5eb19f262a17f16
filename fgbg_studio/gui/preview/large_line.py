"""The line under one composition: what dragging means, the way back, and what is wrong with the settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from fgbg_studio.gui.lib.basics import IconLabel, button, hbox, label
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD, UNIT


class LargeLine(QFrame):
    """``put_back`` when the object is to go where the dataset has it."""

    put_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "bottom")
        self._icon = IconLabel(Icon.INFO, 16)
        self.words = label("", "quiet", wrap=True)
        self.back = button(self.tr("Put it back"), Icon.RESTORE, "flat")
        self.back.setToolTip(self.tr("Where the dataset has it (Home, or a double click)"))
        self.back.clicked.connect(self.put_back)
        row = hbox(self, 2 * UNIT, margins=(PAD, 0, PAD, 0))
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.back)
        self.setMinimumHeight(33)
        self.show_state("", moved=False)

    def show_state(self, problem: str, *, moved: bool) -> None:
        """Say what is wrong, or what dragging means."""
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(policy)
        self.back.setVisible(moved)
        if problem:
            self.warn(problem)
            return
        self._look(Icon.INFO, "quiet", "quiet")
        self.words.setText(self.tr("Try where it stands; the dataset draws its own places, marked by dots"))

    def warn(self, text: str) -> None:
        """Say what went wrong."""
        self._look(Icon.WARNING, "warn", "")
        self.words.setText(text)

    def _look(self, icon: Icon, colour: str, look: str) -> None:
        self._icon.show_icon(icon, colour)
        if self.words.property("look") != look:
            self.words.setProperty("look", look)
            self.words.style().polish(self.words)
