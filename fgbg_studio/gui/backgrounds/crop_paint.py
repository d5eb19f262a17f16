"""How a background with its square, horizon and region looks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPixmap

from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.gui.backgrounds.crop_geometry import CropGeometry, CropPart, CropScene, corners
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import UNIT, small, theme

_OUTSIDE = QColor(0, 0, 0, 140)
_SHADOW = QColor(0, 0, 0, 150)
_HORIZON = QColor("#ffd24a")  # seen on any picture, in both colour schemes
_LIGHT = QColor(255, 255, 255, 230)
_STANDING = (76, 195, 138, 120)
_SQUARES = 3  # as many times enlarged, single pixels are seen
_FINE = 4  # pixels of the tint a cell


@dataclass(frozen=True)
class CropInteraction:
    """What the mouse does in a `CropView`.

    Attributes:
        dragged: what is held.
        painting: whether the mouse paints where objects may stand.
        brush: (x, y) radii of the brush as fractions of the picture's width and height.
        pointer: where the mouse is in the widget, None where it is outside.
    """

    dragged: CropPart | None
    painting: bool
    brush: tuple[float, float]
    pointer: QPointF | None


def paint_picture(painter: QPainter, area: QRectF, whole: QSize, picture: QPixmap | QImage | None) -> None:
    """Paint what of a picture is seen, or a plain area until there is one; its own pixels are shown as squares.

    Args:
        painter: of the widget.
        area: where all of it lies in the widget.
        whole: the widget's size.
        picture: in whatever size.
    """
    seen = area.intersected(QRectF(0, 0, whole.width(), whole.height()))
    if picture is None or seen.isEmpty():
        painter.fillRect(seen, theme.colours.colour("raised"))
        return
    across, down = picture.width() / area.width(), picture.height() / area.height()
    source = QRectF(
        (seen.x() - area.x()) * across, (seen.y() - area.y()) * down, seen.width() * across, seen.height() * down
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, across > 1 / _SQUARES)
    if isinstance(picture, QImage):
        painter.drawImage(seen, picture, source)
    else:
        painter.drawPixmap(seen, picture, source)


def paint_scene(painter: QPainter, scene: CropScene, geometry: CropGeometry, interaction: CropInteraction) -> None:
    """Paint what lies over a picture: region, square, horizon and brush."""
    area, frame = geometry.picture, geometry.frame
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if scene.cells.any() or interaction.painting:
        _paint_cells(painter, area, scene.cells)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if scene.square:
        _paint_square(painter, area, frame, interaction, scene.frame[2])
    _paint_horizon(painter, scene, geometry, interaction)
    if interaction.painting and interaction.pointer is not None:
        _paint_brush(painter, area, interaction.brush, interaction.pointer)


def paint_message(painter: QPainter, geometry: CropGeometry, place: QRectF, text: str) -> None:
    """Paint why there is no picture, where it would be."""
    painter.fillRect(geometry.picture, theme.colours.colour("raised"))
    painter.setPen(theme.colours.colour("text"))
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(place.adjusted(12, 12, -12, -12), flags, text)


def _paint_cells(painter: QPainter, area: QRectF, cells: Region) -> None:
    """The region as a tint with a round outline: cells are larger than the screen's pixels and would show steps."""
    side = _FINE * cells.shape[0]
    fine = cv2.resize(cells.astype(np.float32), (side, side), interpolation=cv2.INTER_LINEAR)
    fine = cv2.GaussianBlur(fine, (0, 0), _FINE)
    rgba = np.empty((side, side, 4), np.uint8)
    rgba[..., :3] = _STANDING[:3]
    rgba[..., 3] = np.clip((fine - 0.4) * 5, 0, 1) * _STANDING[3]
    image = to_image(rgba).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(area, image)


def _paint_square(painter: QPainter, area: QRectF, frame: QRectF, interaction: CropInteraction, side: int) -> None:
    outside = QPainterPath()
    outside.addRect(area)
    outside.addRect(frame)
    painter.fillPath(outside, _OUTSIDE)
    inner = frame.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(_SHADOW, 3))
    painter.drawRect(inner)
    painter.setPen(QPen(_LIGHT, 1))
    painter.drawRect(inner)
    if interaction.dragged in CORNERS_AND_SQUARE:
        painter.setPen(QPen(QColor(255, 255, 255, 90), 1))
        for third in (1 / 3, 2 / 3):
            x, y = frame.x() + third * frame.width(), frame.y() + third * frame.height()
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        _tag(painter, f"{side:,} × {side:,}", frame.center())
    if not interaction.painting:
        for corner in corners(frame.adjusted(1.5, 1.5, -1.5, -1.5)).values():
            _paint_corner(painter, corner, inner.center())


CORNERS_AND_SQUARE = {
    CropPart.SQUARE,
    CropPart.TOP_LEFT,
    CropPart.TOP_RIGHT,
    CropPart.BOTTOM_LEFT,
    CropPart.BOTTOM_RIGHT,
}


def _paint_corner(painter: QPainter, corner: QPointF, middle: QPointF) -> None:
    """An angle of two short thick lines along the square's edges."""
    right = 12 if middle.x() > corner.x() else -12
    down = 12 if middle.y() > corner.y() else -12
    for pen in (QPen(_SHADOW, 4), QPen(_LIGHT, 3)):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPolyline([corner + QPointF(right, 0), corner, corner + QPointF(0, down)])


def _paint_horizon(painter: QPainter, scene: CropScene, geometry: CropGeometry, interaction: CropInteraction) -> None:
    frame, y = geometry.frame, geometry.horizon_y
    style = Qt.PenStyle.SolidLine if scene.set_horizon else Qt.PenStyle.DashLine
    for pen in (QPen(_SHADOW, 3.5), QPen(_HORIZON, 1.5)):
        pen.setStyle(style)
        painter.setPen(pen)
        painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
    if not interaction.painting:
        _paint_handle(painter, geometry.handle)
    if interaction.dragged is CropPart.HORIZON:
        text = QCoreApplication.translate("CropView", "horizon {0}").format(f"{scene.horizon:.0%}")
        _tag(painter, text, QPointF(frame.center().x(), y - 18))


def _paint_handle(painter: QPainter, handle: QRectF) -> None:
    """A small plate with an arrow up and one down: all that the horizon can do."""
    painter.setPen(QPen(_SHADOW, 1))
    painter.setBrush(_HORIZON)
    painter.drawRoundedRect(handle, 5, 5)
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1.5))
    middle = handle.center()
    for way in (-1, 1):
        tip = middle + QPointF(0, 5 * way)
        painter.drawPolyline([tip + QPointF(-3.5, -3 * way), tip, tip + QPointF(3.5, -3 * way)])
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_brush(painter: QPainter, area: QRectF, radii: tuple[float, float], pointer: QPointF) -> None:
    wide, high = radii
    for pen in (QPen(_SHADOW, 3), QPen(_LIGHT, 1.2)):
        painter.setPen(pen)
        painter.drawEllipse(pointer, wide * area.width(), high * area.height())


def _tag(painter: QPainter, text: str, centre: QPointF) -> None:
    font = small(painter.font())
    painter.setFont(font)
    wide = QFontMetrics(font).horizontalAdvance(text) + 3 * UNIT
    place = QRectF(centre.x() - wide / 2, centre.y() - 9, wide, 18)
    place.moveTop(max(place.top(), 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(place, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_LIGHT)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
