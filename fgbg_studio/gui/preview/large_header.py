"""The line over one composition: back, the sample before and after, which pictures, lines on and off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolButton, QWidget

from fgbg_studio.core.project.model import Picture
from fgbg_studio.gui.lib.basics import IconLabel, hbox, label
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import TOOL_ICON, UNIT

_COMBO = 150


class LargeHeader(QWidget):
    """See the module.

    Signals:
        left: back to the grid.
        stepped: -1 or 1.
        background_chosen: its number among those offered.
        foreground_chosen: likewise.
        lines_toggled: whether the lines are shown.
    """

    left = Signal()
    stepped = Signal(int)
    background_chosen = Signal(int)
    foreground_chosen = Signal(int)
    lines_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.back = _tool(Icon.CLOSE, self.tr("Back to the grid"), "Esc")
        self.previous = _tool(Icon.PREVIOUS, self.tr("Previous sample"), "A")
        self.next = _tool(Icon.NEXT, self.tr("Next sample"), "D")
        self.lines = _tool(Icon.SHOW, self.tr("Show the lines"))
        self.lines.setCheckable(True)
        self.lines.setChecked(True)
        self.name, self.place, self.excluded = label("", "heading"), label("", "quiet"), label("", "warn")
        self.backgrounds = _combo(self.tr("Background"))
        self.foregrounds = _combo(self.tr("Foreground"))
        row = hbox(self, UNIT)
        for part in (self.back, self.previous, self.next, self.name, self.place, self.excluded):
            row.addWidget(part)
        row.addStretch(1)
        for icon, combo in ((Icon.BACKGROUNDS, self.backgrounds), (Icon.FOREGROUNDS, self.foregrounds)):
            row.addWidget(IconLabel(icon))
            row.addWidget(combo)
            row.addSpacing(UNIT)
        self._row = row
        row.addWidget(self.lines)
        self.back.clicked.connect(self.left)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.lines.toggled.connect(self.lines_toggled)
        self.backgrounds.activated.connect(self.background_chosen)
        self.foregrounds.activated.connect(self.foreground_chosen)

    def add_switches(self, switches: Iterable[QToolButton]) -> None:
        """Switches of what else is shown, beside that of the lines."""
        for one in switches:
            self._row.addWidget(one)

    def show_name(self, name: str, place: str) -> None:
        """Which sample, and of how many."""
        self.name.setText(name)
        self.place.setText(place)

    def show_excluded(self, words: str) -> None:
        """Say that the sample is excluded; empty where it is in the dataset."""
        self.excluded.setText(words)

    def offer(self, backgrounds: Sequence[Picture], foregrounds: Sequence[Picture]) -> None:
        """What may be chosen."""
        for combo, pictures in ((self.backgrounds, backgrounds), (self.foregrounds, foregrounds)):
            names = [PurePath(picture.file).name for picture in pictures]
            if names != [combo.itemText(i) for i in range(combo.count())]:
                combo.clear()
                combo.addItems(names)

    def choose(self, background: int, foreground: int) -> None:
        """Show what is chosen."""
        self.backgrounds.setCurrentIndex(background)
        self.foregrounds.setCurrentIndex(foreground)


def _tool(icon: Icon, name: str, key: str = "") -> QToolButton:
    made = QToolButton()
    made.setIcon(icon.icon())
    made.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({key})" if key else name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setMinimumWidth(96)
    made.setMaximumWidth(_COMBO)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(10)
    return made
