"""Where a background, its square and its horizon lie in a widget, and what of them can be taken hold of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt

from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.project.framing import Frame, Square

_NEAR = 8.0
_LINE = 5.0
MOST_ZOOM = 16.0


@dataclass(frozen=True)
class CropScene:
    """What a `CropView` shows of one background.

    Attributes:
        key: of the picture; another key is another picture.
        width: of the picture in its own pixels.
        height: likewise.
        frame: what becomes the frame, in its own pixels.
        square: whether the frame is a square that can be moved.
        horizon: as a fraction of the frame's height.
        set_horizon: whether a person set it; else it is the settings' camera's.
        cells: where objects may stand, (CELLS, CELLS) bool; none for everywhere.
    """

    key: str
    width: int
    height: int
    frame: Frame
    square: bool
    horizon: float
    set_horizon: bool
    cells: Region


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


@dataclass(frozen=True)
class CropCamera:
    """Which part of a picture a widget shows.

    Attributes:
        scale: pixels of the widget for one of the picture; None for the whole picture.
        middle: the point in the widget's middle, as fractions of the picture's width and height.
    """

    scale: float | None = None
    middle: tuple[float, float] = (0.5, 0.5)


def fitting(scene: CropScene, size: QSize) -> float:
    """The scale at which the whole picture is shown, a pixel from the edges."""
    return max(min((size.width() - 2) / scene.width, (size.height() - 2) / scene.height), 1e-6)


def _held(start: float, length: float, room: float) -> float:
    """Where a picture begins: in the middle where there is room for all of it, else without a gap at either end."""
    return (room - length) / 2 if length <= room else min(max(start, room - length), 0.0)


@dataclass(frozen=True)
class CropGeometry:
    """How a scene's coordinates map to a widget's pixels.

    Attributes:
        picture: where the whole picture lies in the widget.
        frame: where the frame lies in the widget.
        scale: pixels of the widget for one of the picture.
        horizon_y: the horizon's height in the widget; one outside the picture lies at its edge, where it can be taken.
        square: whether the frame can be moved and resized.
    """

    picture: QRectF
    frame: QRectF
    scale: float
    horizon_y: float
    square: bool

    @classmethod
    def fit(cls, scene: CropScene, size: QSize, camera: CropCamera = CropCamera()) -> CropGeometry:
        """The scene as a widget of this size shows it; the whole picture lies in the middle, a pixel from the edges."""
        scale = fitting(scene, size) if camera.scale is None else camera.scale
        width, height = scene.width * scale, scene.height * scale
        x, y = camera.middle
        left, top = size.width() / 2 - x * width, size.height() / 2 - y * height
        picture = QRectF(_held(left, width, size.width()), _held(top, height, size.height()), width, height)
        x, y, frame_width, frame_height = scene.frame
        frame = QRectF(picture.x() + x * scale, picture.y() + y * scale, frame_width * scale, frame_height * scale)
        horizon = frame.y() + scene.horizon * frame.height()
        horizon = min(max(horizon, picture.top() + 1), picture.bottom() - 1)
        return cls(picture, frame, scale, horizon, scene.square)

    @property
    def handle(self) -> QRectF:
        """What the horizon is moved by: one, in the line's middle, as the line moves up and down and does not tilt."""
        return QRectF(self.frame.center().x() - 13, self.horizon_y - 8, 26, 16)

    def fractions(self, point: QPointF) -> tuple[float, float]:
        """A point of the widget as fractions of the picture's width and height."""
        return (point.x() - self.picture.x()) / self.picture.width(), (
            point.y() - self.picture.y()
        ) / self.picture.height()

    def zoomed(self, factor: float, at: QPointF, size: QSize, least: float) -> CropCamera:
        """The camera so many times nearer, with the same point of the picture under ``at``; ``least`` shows it all."""
        scale = min(max(self.scale * factor, least), MOST_ZOOM)
        if scale <= least:
            return CropCamera()
        x, y = self.fractions(at)
        factor = scale / self.scale
        width, height = self.picture.width() * factor, self.picture.height() * factor
        return CropCamera(scale, (x + (size.width() / 2 - at.x()) / width, y + (size.height() / 2 - at.y()) / height))

    def panned(self, by: QPointF, size: QSize) -> CropCamera:
        """The camera with the picture moved by so many pixels of the widget."""
        middle = QPointF(size.width() / 2, size.height() / 2) - by
        x, y = self.fractions(middle)
        return CropCamera(self.scale, (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)))

    def horizon_at(self, y: float) -> float:
        """A height in the widget as a fraction of the frame's height; outside the frame it is not in 0..1."""
        return (y - self.frame.y()) / self.frame.height()

    def part_at(self, point: QPointF) -> CropPart | None:
        """What is under the pointer: corners before the horizon, that before the square."""
        if self.square:
            for part, corner in corners(self.frame).items():
                if max(abs(point.x() - corner.x()), abs(point.y() - corner.y())) <= _NEAR:
                    return part
        within = self.frame.left() - _NEAR <= point.x() <= self.frame.right() + _NEAR
        handle = self.handle.adjusted(-2, -2, 2, 2).contains(point)
        if handle or (within and abs(point.y() - self.horizon_y) <= _LINE):
            return CropPart.HORIZON
        return CropPart.SQUARE if self.square and self.frame.contains(point) else None


def corners(frame: QRectF) -> dict[CropPart, QPointF]:
    """The square's corners in the widget."""
    return {
        CropPart.TOP_LEFT: frame.topLeft(),
        CropPart.TOP_RIGHT: frame.topRight(),
        CropPart.BOTTOM_LEFT: frame.bottomLeft(),
        CropPart.BOTTOM_RIGHT: frame.bottomRight(),
    }


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
