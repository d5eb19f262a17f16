"""What can be taken hold of on a background: the square, its corners, the horizon."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from fgbg_studio.core.project.framing import Square

if TYPE_CHECKING:
    from fgbg_studio.gui.backgrounds.crop_view import CropView

_NEAR = 8.0
_LINE = 5.0


class CropPart(Enum):
    """What is dragged, or painted with."""

    SQUARE = "square"
    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"
    HORIZON = "horizon"
    ADD = "add"
    CLEAR = "clear"


CURSORS = {
    CropPart.SQUARE: Qt.CursorShape.SizeAllCursor,
    CropPart.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    CropPart.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    CropPart.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    CropPart.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    CropPart.HORIZON: Qt.CursorShape.SizeVerCursor,
}


def corners(frame: QRectF) -> dict[CropPart, QPointF]:
    """The square's corners in the widget."""
    return {
        CropPart.TOP_LEFT: frame.topLeft(),
        CropPart.TOP_RIGHT: frame.topRight(),
        CropPart.BOTTOM_LEFT: frame.bottomLeft(),
        CropPart.BOTTOM_RIGHT: frame.bottomRight(),
    }


def horizon_y(frame: QRectF, area: QRectF, horizon: float) -> float:
    """The horizon's height in the widget; one outside the picture lies at its edge, where it can be taken."""
    return min(max(frame.y() + horizon * frame.height(), area.top() + 1), area.bottom() - 1)


def part_at(view: CropView, point: QPointF) -> CropPart | None:
    """What is under the pointer: corners before the horizon, that before the square."""
    scene, frame = view.scene, view.frame_area()
    if scene is None:
        return None
    if scene.square:
        for part, corner in corners(frame).items():
            if max(abs(point.x() - corner.x()), abs(point.y() - corner.y())) <= _NEAR:
                return part
    within = frame.left() - _NEAR <= point.x() <= frame.right() + _NEAR
    if within and abs(point.y() - view.horizon_y()) <= _LINE:
        return CropPart.HORIZON
    return CropPart.SQUARE if scene.square and frame.contains(point) else None


def resized(corner: CropPart, square: Square, by: QPointF, size: tuple[int, int], least: int) -> Square:
    """The square after a corner was dragged ``by`` pixels of the picture; the opposite corner stays."""
    x, y, side = square
    left = corner in {CropPart.TOP_LEFT, CropPart.BOTTOM_LEFT}
    top = corner in {CropPart.TOP_LEFT, CropPart.TOP_RIGHT}
    wider, higher = (-by.x() if left else by.x()), (-by.y() if top else by.y())
    wanted = side + (wider if abs(wider) > abs(higher) else higher)
    most = min(x + side if left else size[0] - x, y + side if top else size[1] - y)
    new = min(max(round(wanted), min(least, most)), most)
    return (x + side - new if left else x), (y + side - new if top else y), new
