"""How a background with its square, horizon and region looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPen

from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.gui.backgrounds.crop_parts import CropPart, corners
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import UNIT, small, theme

if TYPE_CHECKING:
    from fgbg_studio.gui.backgrounds.crop_view import CropView

_OUTSIDE = QColor(0, 0, 0, 140)
_SHADOW = QColor(0, 0, 0, 150)
_HORIZON = QColor("#ffd24a")  # seen on any picture, in both colour schemes
_LIGHT = QColor(255, 255, 255, 230)
_STANDING = (76, 195, 138, 120)
_FINE = 4  # pixels of the tint a cell


def paint_scene(view: CropView) -> None:
    """Paint all of a `CropView`."""
    painter = QPainter(view)
    if view.scene is None:
        return
    area = view.area()
    picture = view.picture()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if picture is None:
        painter.fillRect(area, theme.colours.colour("raised"))
        if view.message:
            _say(painter, view, view.message)
            return
    else:
        painter.drawPixmap(area, picture, QRectF(picture.rect()))
    cells = view.scene.cells
    if cells.any() or view.painting:
        _paint_cells(painter, area, cells)
    frame = view.frame_area()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_frame(painter, view, area, frame)
    _paint_horizon(painter, view, frame)
    if view.painting:
        _paint_brush(painter, view, area)


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


def _paint_frame(painter: QPainter, view: CropView, area: QRectF, frame: QRectF) -> None:
    scene = view.scene
    if scene is None or not scene.square:
        return
    outside = QPainterPath()
    outside.addRect(area)
    outside.addRect(frame)
    painter.fillPath(outside, _OUTSIDE)
    inner = frame.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(_SHADOW, 3))
    painter.drawRect(inner)
    painter.setPen(QPen(_LIGHT, 1))
    painter.drawRect(inner)
    if view.dragged in CORNERS_AND_SQUARE:
        painter.setPen(QPen(QColor(255, 255, 255, 90), 1))
        for third in (1 / 3, 2 / 3):
            x, y = frame.x() + third * frame.width(), frame.y() + third * frame.height()
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        _tag(painter, f"{scene.frame[2]:,} × {scene.frame[2]:,}", frame.center())
    if not view.painting:
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


def _paint_horizon(painter: QPainter, view: CropView, frame: QRectF) -> None:
    scene, y = view.scene, view.horizon_y()
    if scene is None:
        return
    style = Qt.PenStyle.SolidLine if scene.set_horizon else Qt.PenStyle.DashLine
    for pen in (QPen(_SHADOW, 3.5), QPen(_HORIZON, 1.5)):
        pen.setStyle(style)
        painter.setPen(pen)
        painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
    if not view.painting:
        painter.setPen(QPen(_SHADOW, 1))
        painter.setBrush(_HORIZON)
        painter.drawEllipse(QPointF(frame.right(), y), 4.5, 4.5)
        painter.drawEllipse(QPointF(frame.left(), y), 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if view.dragged is CropPart.HORIZON:
        _tag(painter, view.tr("horizon {0}").format(f"{scene.horizon:.0%}"), QPointF(frame.center().x(), y - 18))


def _paint_brush(painter: QPainter, view: CropView, area: QRectF) -> None:
    if view.pointer is None:
        return
    wide, high = view.radii()
    for pen in (QPen(_SHADOW, 3), QPen(_LIGHT, 1.2)):
        painter.setPen(pen)
        painter.drawEllipse(view.pointer, wide * area.width(), high * area.height())


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


def _say(painter: QPainter, view: CropView, text: str) -> None:
    painter.setPen(theme.colours.colour("text"))
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(QRectF(view.rect()).adjusted(12, 12, -12, -12), flags, text)
