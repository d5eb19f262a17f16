"""What is drawn over the photo on the canvas: outlines, handles, frames, the brush, signs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from fgbg_studio.gui.foregrounds.canvas_render import ViewTransform
from fgbg_studio.gui.lib.theme import BODY, CORNER, PAD, UNIT, theme

_HANDLE, _DOT = 8, 4.0  # side of a handle, radius of a dot, on the screen
_WHITE, _SHADE, _POINTED = QColor(255, 255, 255), QColor(0, 0, 0, 160), QColor(255, 196, 40)


class Overlay:
    """Draws on a painter, at places of the photo.

    Args:
        painter: of the widget.
        camera: which part of the photo is shown.
        ratio: device pixels for a pixel of the widget.
    """

    def __init__(self, painter: QPainter, camera: ViewTransform, ratio: float) -> None:
        self._painter, self._camera, self._ratio = painter, camera, ratio
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def place(self, point: QPointF) -> QPointF:
        """Where a point of the photo lies on the widget."""
        return QPointF(*self._camera.to_screen(point.x(), point.y())) / self._ratio

    def outline(self, shape: QPolygonF, colour: QColor = _WHITE, width: float = 1.5, *, dashed: bool = False) -> None:
        """A closed line, with a dark one under it so that it shows on everything."""
        placed = QPolygonF([self.place(point) for point in shape.toList()])
        for pen in self._pens(colour, width, dashed=dashed):
            self._painter.setPen(pen)
            self._painter.drawPolygon(placed)

    def line(self, start: QPointF, end: QPointF) -> None:
        """A dashed line."""
        for pen in self._pens(_WHITE, 1.5, dashed=True):
            self._painter.setPen(pen)
            self._painter.drawLine(self.place(start), self.place(end))

    def _pens(self, colour: QColor, width: float, *, dashed: bool) -> tuple[QPen, QPen]:
        under, over = QPen(_SHADE, width + 2), QPen(colour, width)
        if dashed:
            over.setDashPattern([5, 4])
        return under, over

    def handles(self, rectangle: QRectF) -> None:
        """Eight small squares at the corners and the middles of the sides."""
        self._painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
        self._painter.setBrush(_WHITE)
        middle = rectangle.center()
        for x in (rectangle.left(), middle.x(), rectangle.right()):
            for y in (rectangle.top(), middle.y(), rectangle.bottom()):
                if (x, y) != (middle.x(), middle.y()):
                    at = self.place(QPointF(x, y))
                    self._painter.drawRect(QRectF(at.x() - _HANDLE / 2, at.y() - _HANDLE / 2, _HANDLE, _HANDLE))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def frames(self, frames: Sequence[QRectF]) -> None:
        """The first stands out, the others are quiet; all a little wider than what they frame."""
        for number, frame in enumerate(frames):
            room = 4 * self._ratio / self._camera.scale
            wide = QPolygonF(frame.adjusted(-room, -room, room, room))
            self.outline(wide, _POINTED if number == 0 else _WHITE, 3 if number == 0 else 1)

    def brush(self, middle: QPointF, radius: float, colour: QColor) -> None:
        """The brush's rim, at a place of the widget and in its pixels."""
        for pen in (QPen(_SHADE, 3), QPen(colour, 1.4)):
            self._painter.setPen(pen)
            self._painter.drawEllipse(middle, radius, radius)

    def dot(self, point: QPointF, colour: QColor) -> None:
        """A small disc with a light rim."""
        self._painter.setPen(QPen(_SHADE, 1))
        for radius, fill in ((_DOT + 2, _WHITE), (_DOT, colour)):
            self._painter.setBrush(fill)
            self._painter.drawEllipse(self.place(point), radius, radius)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def divider(self, x: float, height: int) -> None:
        """The line between before and after, with a grip."""
        accent = theme.colours.colour("accent")
        self._painter.setBrush(accent)
        for pen in (QPen(QColor(0, 0, 0, 120), 4), QPen(accent, 2)):
            self._painter.setPen(pen)
            self._painter.drawLine(QPointF(x, 0), QPointF(x, height))
        self._painter.drawEllipse(QPointF(x, height / 2), 6, 6)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def sign(self, text: str) -> None:
        """A few words at the upper left, on a ground of their own."""
        painter = self._painter
        font = QFont(painter.font())
        font.setPixelSize(BODY)
        painter.setFont(font)
        words = painter.fontMetrics().boundingRect(text)
        ground = QRectF(PAD, PAD, words.width() + 2 * PAD, words.height() + 2 * UNIT)
        painter.setPen(QPen(theme.colours.colour("line"), 1))
        painter.setBrush(theme.colours.colour("raised"))
        painter.drawRoundedRect(ground, CORNER, CORNER)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colours.colour("text"))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)
