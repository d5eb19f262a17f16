"""A picture with a line around it, or words instead of it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.theme import PAD, small, theme

Point = tuple[float, float]
"""(across, down) as fractions of the picture."""


class PixmapView(QWidget):
    """``hovered`` brings where the pointer is as a `Point`, or None when it leaves; a subclass says the `place`."""

    hovered = Signal(object)
    wrap: ClassVar[Qt.TextFlag] = Qt.TextFlag.TextWordWrap
    opacity = 1.0

    def __init__(self, name: str) -> None:
        super().__init__()
        self.pixmap: QPixmap | None = None
        self.message = ""
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_image(self, image: QImage | None) -> None:
        """Show this, or nothing."""
        self.pixmap = None if image is None else QPixmap.fromImage(image)
        self.update()

    def show_message(self, text: str) -> None:
        """Say why there is no picture; empty for nothing."""
        self.message = text
        self.setAccessibleDescription(text)
        self.update()

    def place(self) -> QRectF:
        """Where the picture lies."""
        raise NotImplementedError

    def size_in(self, room_wide: float, room_high: float) -> tuple[float, float]:
        """How large the picture is in so much room: a whole multiple of its pixels where one fits."""
        ratio = self.devicePixelRatioF()
        wide, high = (self.pixmap.width(), self.pixmap.height()) if self.pixmap else (1, 1)
        scale = min(room_wide / wide, room_high / high) * ratio
        if self.pixmap and scale >= 2:
            scale = int(scale)
        return wide * scale / ratio, high * scale / ratio

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is."""
        place, at = self.place(), event.position()
        point = ((at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height())
        self.hovered.emit(point if self.pixmap and min(point) >= 0 and max(point) < 1 else None)

    @override
    def leaveEvent(self, _event: object) -> None:
        """The pointer is elsewhere."""
        self.hovered.emit(None)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, line around it, and what lies over it."""
        painter, place, colours = QPainter(self), self.place(), theme.colours
        if self.pixmap is None:
            painter.fillRect(place, colours.colour("raised"))
        else:
            scale = place.width() * self.devicePixelRatioF() / self.pixmap.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
            painter.setOpacity(self.opacity)
            painter.drawPixmap(place, self.pixmap, QRectF(self.pixmap.rect()))
            painter.setOpacity(1.0)
        painter.setPen(colours.colour("line"))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        self.paint_over(painter, place)

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        """The message where there is no picture."""
        if self.pixmap is None:
            painter.setFont(small(painter.font()))
            painter.setPen(theme.colours.colour("text"))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(self.wrap)
            painter.drawText(place.adjusted(PAD, PAD, -PAD, -PAD), flags, self.message)
