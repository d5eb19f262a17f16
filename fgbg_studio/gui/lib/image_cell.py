"""How one cell of a grid of thumbnails looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import UNIT, small, theme

CAPTION_ROOM = 22
_BORDER = 2  # of a selected picture, around it
_DIMMED = 0.32
_PILL = 20
_BADGE_ROOM = 48


@dataclass(frozen=True)
class Cell:
    """What a cell shows.

    Attributes:
        name: under the picture.
        number: before the name, quietly; empty for none.
        dimmed: rejected: the picture is hardly seen.
        mark: words over the picture's lower edge, with a cross: why it was rejected.
        badge: words in its upper right corner: '≈ 31'.
        remark: words in its upper left corner, with a sign: what is worth a look in it.
        tick: it is done: a tick in its lower right corner.
        error: why there is no picture.
        aspect: width by height, for the frame of a picture that is still to come.
        tip: what a hover says.
        spoken: what a screen reader says.
    """

    name: str
    number: str = ""
    dimmed: bool = False
    mark: str = ""
    badge: str = ""
    remark: str = ""
    tick: bool = False
    error: str = ""
    aspect: float = 1.0
    tip: str = ""
    spoken: str = ""


class CellModel(Protocol):
    """What a `CellPainter` paints of."""

    keys: list[str]

    def cell(self, row: int) -> Cell:
        """What a row shows."""


class CellPainter(QStyledItemDelegate):
    """See the module.

    ``side`` is the thumbnails' longer side, cells are ``wide`` times as wide as high, with ``caption_room`` below.
    """

    caption_room = CAPTION_ROOM

    def __init__(self, pixmap: Callable[[str], QPixmap | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixmap = pixmap
        self.side, self.wide = 160, 1
        self._font = QFont()

    @override
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Cells lie in a grid of one size."""
        return QSize(self.side * self.wide + 2 * _BORDER, self.side + self.caption_room)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Picture, caption, marks; selected pictures have the accent's border."""
        # Asked of the model itself: what goes through Qt is wrapped and counted anew each time, for nothing.
        model = cast("CellModel", index.model())
        cell, pixmap = model.cell(index.row()), self._pixmap(model.keys[index.row()])
        state = option.state
        room: QRect = option.rect
        self._font = small(option.font)
        place = self._place(room, pixmap, cell)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, place, pixmap, cell)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_border(painter, place, selected=selected, hover=bool(state & QStyle.StateFlag.State_MouseOver))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        if cell.mark:
            self._pill(painter, place, cell.mark, Icon.CLOSE, "bad", Qt.Corner.BottomLeftCorner)
        if cell.badge:
            self._pill(painter, place, cell.badge, None, "warn", Qt.Corner.TopRightCorner)
        if cell.remark:
            beside = place.adjusted(0, 0, -_BADGE_ROOM, 0) if cell.badge else place
            self._pill(painter, beside, cell.remark, Icon.WARNING, "warn", Qt.Corner.TopLeftCorner)
        if cell.tick:
            self._tick(painter, place)
        self._paint_caption(painter, room, cell, selected=selected)
        painter.restore()

    def _place(self, room: QRect, pixmap: QPixmap | None, cell: Cell) -> QRect:
        aspect = pixmap.width() / pixmap.height() if pixmap else cell.aspect
        wide = round(self.side * min(aspect, self.wide))
        high = round(self.side * min(self.wide / aspect, 1))
        x = room.x() + (room.width() - wide) // 2
        return QRect(x, room.y() + UNIT + self.side - high, max(wide, 1), max(high, 1))  # down at its name

    def _paint_picture(self, painter: QPainter, place: QRect, pixmap: QPixmap | None, cell: Cell) -> None:
        colours = theme.colours
        if pixmap is None:
            painter.fillRect(place, colours.colour("raised"))
            if cell.error:
                side = min(32, place.width())
                middle = QRect(0, 0, side, side)
                middle.moveCenter(place.center())
                Icon.WARNING.paint(painter, middle, "warn")
            return
        if pixmap.hasAlphaChannel():
            checkers(painter, place)
        if cell.dimmed:
            painter.setOpacity(_DIMMED)
        painter.drawPixmap(place, pixmap)
        painter.setOpacity(1)

    def _paint_border(self, painter: QPainter, place: QRect, *, selected: bool, hover: bool) -> None:
        colours = theme.colours
        if selected:
            pen = QPen(colours.colour("accent"), _BORDER)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(place.adjusted(-1, -1, 1, 1))
        else:
            painter.setPen(colours.colour("quiet" if hover else "line"))
            painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _pill(
        self, painter: QPainter, place: QRect, text: str, icon: Icon | None, colour: str, corner: Qt.Corner
    ) -> None:
        metrics = QFontMetrics(self._font)
        extra = 2 * UNIT + (_PILL - 2 if icon else UNIT)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(place.width() - 2 * UNIT - extra, 8))
        wide = min(metrics.horizontalAdvance(text) + extra, place.width() - 2)
        pill = QRectF(place.x() + UNIT, place.bottom() - _PILL - UNIT + 1, wide, _PILL)
        if corner is Qt.Corner.TopRightCorner:
            pill.moveTopRight(QRectF(place).topRight() + QRectF(0, 0, -UNIT, UNIT).bottomRight())
        elif corner is Qt.Corner.TopLeftCorner:
            pill.moveTop(place.top() + UNIT)
        pill.moveBottom(min(pill.bottom(), place.bottom()))  # over a very flat picture, and never over its name
        painter.setPen(theme.colours.colour("line"))
        painter.setBrush(theme.colours.colour("panel"))
        painter.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colours.colour(colour))
        left = pill.x() + UNIT + 2
        if icon:
            icon.paint(painter, QRect(round(pill.x()) + UNIT, round(pill.y()) + 3, 14, 14), colour)
            left = pill.x() + _PILL
        painter.drawText(QRectF(left, pill.y(), pill.right() - left, _PILL), Qt.AlignmentFlag.AlignVCenter, text)

    def _tick(self, painter: QPainter, place: QRect) -> None:
        disc = QRectF(place.right() - 18 - UNIT, place.bottom() - 18 - UNIT, 18, 18)
        painter.setPen(theme.colours.colour("line"))
        painter.setBrush(theme.colours.colour("panel"))
        painter.drawEllipse(disc)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        Icon.ACCEPT.paint(painter, disc.toRect().adjusted(3, 3, -3, -3), "good")

    def _paint_caption(self, painter: QPainter, room: QRect, cell: Cell, *, selected: bool) -> None:
        metrics = QFontMetrics(self._font)
        line = QRect(room.x(), room.y() + UNIT + self.side + 2, room.width(), CAPTION_ROOM - UNIT)
        number = f"{cell.number}  " if cell.number else ""
        ahead = metrics.horizontalAdvance(number)
        name = metrics.elidedText(cell.name, Qt.TextElideMode.ElideMiddle, max(self.side * self.wide - ahead, 16))
        left = line.x() + (line.width() - ahead - metrics.horizontalAdvance(name)) // 2
        painter.setPen(theme.colours.colour("quiet"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, line.y(), ahead, line.height()), middle, number)
        painter.setPen(theme.colours.colour("text" if selected else "quiet"))
        painter.drawText(QRect(left + ahead, line.y(), room.right() - left, line.height()), middle, name)


def checkers(painter: QPainter, place: QRect, square: int = 8) -> None:
    """A quiet checkerboard behind what is transparent."""
    painter.save()
    painter.setClipRect(place)
    one, two = QColor(theme.colours.checker_one), QColor(theme.colours.checker_two)
    painter.fillRect(place, one)
    for row in range(place.height() // square + 1):
        for column in range(row % 2, place.width() // square + 1, 2):
            painter.fillRect(place.x() + column * square, place.y() + row * square, square, square, two)
    painter.restore()
