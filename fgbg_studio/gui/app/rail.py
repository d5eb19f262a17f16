"""The left rail: the places, an icon over a word.

What is there of what is wanted stands over the icon in quiet letters, '3/100'; what waits for a person is a count on
the accent's colour. Only the latter looks like a notification, because only the latter is one.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton
from typing_extensions import override

from fgbg_studio.gui.lib.basics import vbox
from fgbg_studio.gui.lib.theme import CAPTION, CORNER, RAIL_ICON, UNIT, theme

WIDTH = 72
_LONGEST = 7  # letters over an icon: '99/1000'


class RailButton(QToolButton):
    """One place."""

    def __init__(self, action: QAction, caption: QFont) -> None:
        super().__init__()
        self._badge, self._caption, self._plain = 0, caption, action.toolTip()
        self._there = self._wanted = 0
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(RAIL_ICON, RAIL_ICON))
        self.setFixedSize(WIDTH, 60)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(action.text())
        self.setMouseTracking(True)

    def set_badge(self, count: int, words: str = "") -> None:
        """Show a count, 0 for none; ``words`` say what of."""
        self._badge = count
        said = (words or self.tr("{0} to look at").format(count)) if count else ""
        self.setAccessibleDescription(said)
        self.defaultAction().setToolTip(f"{self._plain}\n{said}" if said else self._plain)
        self.update()

    def set_goal(self, there: int, wanted: int) -> None:
        """Show how many there are of how many are wanted, until there are enough; 0 is any number."""
        if (there, wanted) != (self._there, self._wanted):
            self._there, self._wanted = there, wanted
            self.update()

    @property
    def marks(self) -> tuple[str, str]:
        """(what is said over the icon, the colour it stands on); both empty where nothing is wanting."""
        if self._there < self._wanted:
            counted = f"{self._there}/{self._wanted}"
            return (counted if len(counted) <= _LONGEST else f"{100 * self._there // self._wanted}%"), "raised"
        if self._badge:
            return (str(self._badge) if self._badge < 1000 else "999+"), "accent"
        return "", ""

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon over word; the place that is shown has the accent's bar at its left edge."""
        colours = theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, room = self.isChecked(), QRectF(UNIT, 2, WIDTH - 2 * UNIT, self.height() - UNIT)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or self.underMouse():
            painter.setBrush(colours.colour("raised"))
            painter.drawRoundedRect(room, CORNER, CORNER)
        if chosen:
            painter.setBrush(colours.colour("accent"))
            painter.drawRoundedRect(QRectF(0, 16, 3, self.height() - 32), 1.5, 1.5)
        if self.hasFocus() and self.property("ring"):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(colours.colour("accent"))
            painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        self._paint_words(painter, colours.colour("text" if chosen else "quiet"))
        if self.marks[0]:
            self._paint_mark(painter, *self.marks)

    def _paint_words(self, painter: QPainter, colour: QColor) -> None:
        icon = self.icon().pixmap(self.iconSize(), self.devicePixelRatioF())
        painter.drawPixmap((WIDTH - RAIL_ICON) // 2, 12, icon)
        painter.setPen(colour)
        painter.setFont(self._caption)
        painter.drawText(QRectF(0, 36, WIDTH, 16), Qt.AlignmentFlag.AlignCenter, self.text())

    def _paint_mark(self, painter: QPainter, text: str, ground: str) -> None:
        colours = theme.colours
        font = QFont(self._caption)
        font.setPixelSize(10)
        wide = max(QFontMetrics(font).horizontalAdvance(text) + 8, 16)
        place = QRectF(WIDTH / 2 + 4, 4, wide, 15)
        place.moveRight(min(place.right(), WIDTH - 4))
        waits = ground == "accent"
        painter.setPen(Qt.PenStyle.NoPen if waits else colours.colour("line"))
        painter.setBrush(colours.colour(ground))
        painter.drawRoundedRect(place, 7, 7)
        painter.setPen(colours.colour("on_accent" if waits else "quiet"))
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QFrame):
    """The buttons."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self.setFixedWidth(WIDTH + 1)
        self.setAccessibleName(self.tr("Places"))
        column = vbox(self, margins=(0, UNIT, 1, UNIT))
        caption = _caption(self.font(), [action.text() for action in actions])
        group = QButtonGroup(self)
        self.buttons = [RailButton(action, caption) for action in actions]
        for button in self.buttons:
            group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)


def _caption(font: QFont, words: list[str]) -> QFont:
    """One font for all words, smaller than a caption where the longest would touch the rail's edges."""
    made = QFont(font)
    for size in (CAPTION, CAPTION - 1, CAPTION - 2):
        made.setPixelSize(size)
        if max(QFontMetrics(made).horizontalAdvance(word) for word in words) <= WIDTH - UNIT:
            break
    return made
