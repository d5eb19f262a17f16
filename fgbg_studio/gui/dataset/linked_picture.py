"""One of a sample's pictures, as large as there is room; a cross marks what the pointer is at in any of them."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from fgbg_studio.gui.lib.pixmap_view import PixmapView, Point


class LinkedPicture(PixmapView):
    """See the module."""

    wrap = Qt.TextFlag.TextWrapAnywhere

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._cross: Point | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Anything; a square where there is room."""
        return QSize(256, 256)

    def show_image(self, image: QImage | None, message: str = "") -> None:
        """Show this, or say why there is none."""
        super().show_image(image)
        self.show_message(message)

    def show_cross(self, point: Point | None) -> None:
        """Mark what the pointer is at."""
        self._cross = point
        self.update()

    def place(self) -> QRectF:
        """At the top in the middle."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        wide, high = self.size_in(room.width(), room.height())
        return QRectF(room.x() + (room.width() - wide) / 2, room.y(), wide, high)

    def fit_into(self, wide: int, high: int) -> QSize:
        """Be no larger than the picture is in this room; returns how large that is."""
        fitted = self.size_in(max(wide - 2, 1), max(high - 2, 1))
        size = QSize(math.ceil(fitted[0]) + 2, math.ceil(fitted[1]) + 2)
        self.setMaximumSize(size)
        return size

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        """The message, or the cross."""
        super().paint_over(painter, place)
        if self._cross is None or self.pixmap is None:
            return
        at = QPointF(place.x() + self._cross[0] * place.width(), place.y() + self._cross[1] * place.height())
        for colour, width in (("#000000", 3), ("#ffffff", 1)):
            painter.setPen(QPen(QColor(colour), width))
            for across, down in ((1, 0), (0, 1), (-1, 0), (0, -1)):
                painter.drawLine(at + QPointF(3 * across, 3 * down), at + QPointF(9 * across, 9 * down))
