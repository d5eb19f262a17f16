"""One of a sample's pictures, as large as there is room; a cross marks what the pointer is at in any of them."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from fgbg_studio.gui.theme import CAPTION, PAD, theme

Point = tuple[float, float]
"""(across, down) as fractions of the picture."""


class LinkedPicture(QWidget):
    """``hovered`` brings where the pointer is as a `Point`, or None when it leaves."""

    hovered = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._cross: Point | None = None
        self.message = ""
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Anything; a square where there is room."""
        return QSize(256, 256)

    def show_image(self, image: QImage | None, message: str = "") -> None:
        """Show this, or say why there is none."""
        self._pixmap = None if image is None else QPixmap.fromImage(image)
        self.message = message
        self.setAccessibleDescription(message)
        self.update()

    def show_cross(self, point: Point | None) -> None:
        """Mark what the pointer is at."""
        self._cross = point
        self.update()

    def place(self) -> QRectF:
        """Where the picture lies: at the top in the middle, at a whole multiple of its pixels where one fits."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        wide, high = self._size_in(room.width(), room.height())
        return QRectF(room.x() + (room.width() - wide) / 2, room.y(), wide, high)

    def fit_into(self, wide: int, high: int) -> QSize:
        """Be no larger than the picture is in this room; returns how large that is."""
        fitted = self._size_in(max(wide - 2, 1), max(high - 2, 1))
        size = QSize(math.ceil(fitted[0]) + 2, math.ceil(fitted[1]) + 2)
        self.setMaximumSize(size)
        return size

    def _size_in(self, room_wide: float, room_high: float) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        wide, high = (self._pixmap.width(), self._pixmap.height()) if self._pixmap else (1, 1)
        scale = min(room_wide / wide, room_high / high) * ratio
        if self._pixmap and scale >= 2:
            scale = int(scale)
        return wide * scale / ratio, high * scale / ratio

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell where the pointer is."""
        place, at = self.place(), event.position()
        point = ((at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height())
        self.hovered.emit(point if self._pixmap and min(point) >= 0 and max(point) < 1 else None)

    def leaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """The pointer is elsewhere."""
        self.hovered.emit(None)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Picture, line around it, cross."""
        painter, place, colours = QPainter(self), self.place(), theme.colours
        if self._pixmap is None:
            painter.fillRect(place, colours.colour("raised"))
            font = painter.font()
            font.setPixelSize(CAPTION)
            painter.setFont(font)
            painter.setPen(colours.colour("text"))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWrapAnywhere)
            painter.drawText(place.adjusted(PAD, PAD, -PAD, -PAD), flags, self.message)
        else:
            scale = place.width() * self.devicePixelRatioF() / self._pixmap.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
            painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        painter.setPen(colours.colour("line"))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._cross and self._pixmap:
            self._paint_cross(painter, place, self._cross)

    def _paint_cross(self, painter: QPainter, place: QRectF, cross: Point) -> None:
        at = QPointF(place.x() + cross[0] * place.width(), place.y() + cross[1] * place.height())
        for colour, width in (("#000000", 3), ("#ffffff", 1)):
            painter.setPen(QPen(QColor(colour), width))
            for across, down in ((1, 0), (0, 1), (-1, 0), (0, -1)):
                painter.drawLine(at + QPointF(3 * across, 3 * down), at + QPointF(9 * across, 9 * down))
