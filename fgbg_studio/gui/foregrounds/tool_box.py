"""The tools of the cutting place: what is in the hand, what it means, how wide it is, how one looks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from fgbg_studio.gui.foregrounds.canvas import LARGEST, SMALLEST
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.lib.basics import hbox, vbox
from fgbg_studio.gui.lib.number_slider import NumberSlider
from fgbg_studio.gui.lib.theme import TOOL_ICON, UNIT, theme

_BUTTONS = ("rectangle", "lasso", "click", "mark", "eraser", "hair", "add-alpha", "remove-alpha", "soften", "guess")


def switch_button(action: QAction, text: str = "") -> QToolButton:
    """A button with its action's icon and a short word under or beside it; checked as the action is."""
    made = QToolButton()
    if text:
        action.setIconText(text)
    made.setDefaultAction(action)
    made.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleName(action.text())
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    made.setMinimumWidth(28)
    if text:
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setProperty("look", "tool")
    return made


class ToolBox(QWidget):
    """Buttons of the tools, the two meanings of the left button, and the brush.

    ``radius_changed`` brings half the brush's width; ``meaning_changed`` whether the left button means object.
    """

    radius_changed = Signal(float)
    meaning_changed = Signal(bool)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        column = vbox(self, UNIT)
        grid = QGridLayout()
        grid.setSpacing(UNIT)
        for place, name in enumerate(_BUTTONS):
            action = actions[f"foregrounds.{name}"]
            grid.addWidget(switch_button(action, action.text()), place // 4, place % 4)
            grid.setColumnStretch(place % 4, 1)
            grid.setColumnMinimumWidth(place % 4, 1)
        column.addLayout(grid)
        self.object, self.background = QPushButton(self.tr("Object")), QPushButton(self.tr("Background"))
        self.meanings = QWidget()
        meanings = hbox(self.meanings, UNIT)
        for part, value in ((self.object, True), (self.background, False)):
            part.setCheckable(True)
            part.setAutoExclusive(True)
            part.setIconSize(QSize(16, 10))
            part.setProperty("look", "tight")
            part.setMinimumWidth(64)
            part.clicked.connect(lambda _=False, v=value: self.meaning_changed.emit(v))
            meanings.addWidget(part, 1)
        keys = actions["foregrounds.swap"].shortcut().toString()
        self.object.setToolTip(
            self.tr("The left button marks the object, the right one the background ({0} swaps)").format(keys)
        )
        self.background.setToolTip(
            self.tr("The left button marks the background, the right one the object ({0} swaps)").format(keys)
        )
        column.addSpacing(UNIT)
        column.addWidget(self.meanings)
        self.brush = NumberSlider(
            self.tr("Brush"), 2 * SMALLEST, 2 * LARGEST, curved=True,
            tip=self.tr("The brush's width: [ and ], or Shift and the wheel"),
        )  # fmt: skip
        self.brush.changed.connect(lambda width: self.radius_changed.emit(width / 2))
        column.addWidget(self.brush)
        theme.changed.connect(self._tint)
        self._tint()
        self.object.setChecked(True)

    def show_tool(self, tool: Tool) -> None:
        """Only what the tool knows of is enabled."""
        self.brush.setEnabled(tool.has_brush)
        self.meanings.setEnabled(tool in {Tool.MARK, Tool.CLICK, Tool.ADD, Tool.REMOVE})

    def show_meaning(self, means_object: bool) -> None:
        """Which meaning the left button has."""
        (self.object if means_object else self.background).setChecked(True)

    def show_radius(self, radius: float) -> None:
        """How wide the brush is."""
        self.brush.set_value(2 * radius)

    def _tint(self) -> None:
        for part, name in ((self.object, "good"), (self.background, "bad")):
            part.setIcon(_dot(name))


def _dot(colour: str) -> QIcon:
    pixmap = QPixmap(32, 20)  # wider than the dot: the rest is the distance to the word
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colours.colour(colour))
    painter.drawEllipse(1, 1, 18, 18)
    painter.end()
    return QIcon(pixmap)


def swatch(colour: str) -> QIcon:
    """A square of one colour with a quiet rim."""
    pixmap = QPixmap(2 * TOOL_ICON, 2 * TOOL_ICON)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(128, 128, 128), 2))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(5, 5, 26, 26), 5, 5)
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return QIcon(pixmap)


class ViewBox(QWidget):
    """A row of buttons, one a view."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        row = hbox(self)
        for action in actions:
            row.addWidget(switch_button(action))
