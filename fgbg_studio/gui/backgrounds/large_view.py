"""One background large: its square and horizon to move, or as the dataset will have it; below, what the hand can do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedWidget, QToolButton, QWidget

from fgbg_studio.gui.backgrounds.crop_view import CropView
from fgbg_studio.gui.backgrounds.menus import menu_button
from fgbg_studio.gui.backgrounds.real_size import RealSize
from fgbg_studio.gui.lib.basics import IconLabel, frame, hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD, TOOL_ICON, UNIT


class LargeView(QWidget):
    """See the module.

    Args:
        back: leaves the view.
        steps: previous and next.
        switches: stand with their words at the right end of the line over the picture.
        because: makes the menu that stands beside the second of them.
        zooms: zoom out, the whole picture, zoom in.
        real_size: the switch that shows the picture as the dataset will have it.
    """

    def __init__(
        self,
        back: QAction,
        steps: tuple[QAction, QAction],
        switches: list[QAction],
        because: Callable[[QWidget], QMenu],
        zooms: list[QAction],
        real_size: QAction,
    ) -> None:
        super().__init__()
        self.crop, self.real = CropView(zooms=True), RealSize(grows=True)
        self.name, self.place = label("", "heading"), label("", "quiet")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.crop)
        self.pages.addWidget(self.real)
        real_size.toggled.connect(lambda on: self.pages.setCurrentIndex(int(on)))
        self.bar = QWidget()
        row = hbox(self.bar, UNIT)
        for action in (back, *steps):
            row.addWidget(tool_button(action))
        row.addSpacing(UNIT)
        row.addWidget(self.name)
        row.addSpacing(UNIT)
        row.addWidget(self.place)
        row.addStretch(1)
        for action in zooms:
            row.addWidget(tool_button(action))
        row.addSpacing(2 * UNIT)
        for place, action in enumerate(switches):
            row.addWidget(_worded(action))
            if place == 1:
                row.addWidget(menu_button(because(self)))
        self.hint = label()
        inner = vbox(None, 2 * UNIT, margins=(PAD, 2 * UNIT, PAD, 2 * UNIT))
        inner.addWidget(self.bar)
        inner.addWidget(self.pages, 1)
        whole = vbox(self)
        whole.addLayout(inner, 1)
        whole.addWidget(self._hint_line())

    def _hint_line(self) -> QWidget:
        """Always there, so that the picture never moves."""
        line = frame("bottom")
        line.setFixedHeight(32)
        row = hbox(line, 2 * UNIT, margins=(PAD, 0, PAD, 0))
        row.addWidget(IconLabel(Icon.INFO, 16))
        row.addWidget(self.hint, 1)
        return line

    def show_name(self, name: str, place: str) -> None:
        """Which picture, and the how manieth of those that are shown."""
        self.name.setText(name)
        self.place.setText(place)


def _worded(action: QAction) -> QToolButton:
    made = tool_button(action)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setIconSize(QSize(TOOL_ICON + UNIT, TOOL_ICON))
    return made
