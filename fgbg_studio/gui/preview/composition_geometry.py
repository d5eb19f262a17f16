"""Where the frame, its object and its guides lie in a widget, and what of them can be taken hold of."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt

from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.interfaces.placement import Guide

_LEFT, _RIGHT, _ABOVE, _BELOW = 4, 2, 2, 14
"""Room around the frame, in pixels: for what hangs over its edges."""

_BAND = 48
"""Width of the bands of depth beside the frame."""

_LABEL = 56
"""Room for the words of lines beside the frame."""

_NEAR, _HANDLE = 5.0, 11.0


class HandleKind(Enum):
    """What can be dragged."""

    OBJECT = "object"
    GUIDE = "guide"
    FIGURE = "figure"
    BAND = "band"
    LIGHT = "light"


@dataclass(frozen=True)
class Handle:
    """What can be taken hold of, and of which guide; of an object its place among the sample's."""

    kind: HandleKind
    guide: Guide | None = None
    place: int = 0


@dataclass(frozen=True)
class FrameGeometry:
    """How the frame's coordinates map to a widget's pixels.

    Attributes:
        area: where the frame lies in the widget.
        side: of the frame in its own pixels.
        scale: pixels of the widget for one of the frame.
    """

    area: QRectF
    side: int
    scale: float

    @classmethod
    def fit(cls, widget: QSize, side: int, guides: Sequence[Guide], ratio: float) -> FrameGeometry:
        """The frame as large as it goes beside what is written there.

        Args:
            widget: its size.
            side: of the frame in its own pixels.
            guides: those that are drawn.
            ratio: pixels of the screen for one of the widget.
        """
        left = _LEFT + _margin(guides)
        room = min(widget.width() - left - _RIGHT, widget.height() - _ABOVE - _BELOW)
        scale = math.floor(max(room, 16) * ratio) / side / ratio  # as large as it goes, on whole pixels of the screen
        shown = side * scale
        x = left + (widget.width() - left - _RIGHT - shown) / 2
        y = _ABOVE + (widget.height() - _ABOVE - _BELOW - shown) / 2
        # On the screen's own pixels.
        return cls(QRectF(round(x * ratio) / ratio, round(y * ratio) / ratio, shown, shown), side, scale)

    def x_of(self, column: float) -> float:
        """Where a column of the frame lies in the widget."""
        return self.area.x() + column * self.scale

    def y_of(self, row: float) -> float:
        """The height in the widget of a row of the frame."""
        return self.area.y() + row * self.scale


@dataclass(frozen=True)
class CompositionGeometry:
    """Where the objects and their guides lie in a widget.

    Attributes:
        frame: where the frame lies.
        guides: the settings' guides, as the object sees them.
        sample: the objects' places; None where they have none.
        figure: (x, feet) of the figure of reference as fractions of the frame.
        held: the place among the sample's objects of the one whose feet and size are shown; the first by default.
        shadow: (x, y) in the frame's pixels, where the held object's shadow ends; None without light.
    """

    frame: FrameGeometry
    guides: tuple[Guide, ...]
    sample: Sample | None
    figure: tuple[float, float]
    held: int | None = None
    shadow: tuple[float, float] | None = None

    def boxes(self) -> list[QRectF]:
        """The objects' boxes in the widget; none where they have no place."""
        frame, boxes = self.frame, () if self.sample is None else self.sample.boxes
        return [QRectF(frame.x_of(x), frame.y_of(y), w * frame.scale, h * frame.scale) for x, y, w, h in boxes]

    def box(self) -> QRectF:
        """The box of the object that a hand moves; empty where it has no place."""
        boxes = self.boxes()
        return boxes[self._held] if boxes else QRectF()

    @property
    def _held(self) -> int:
        named = 0 if self.sample is None else self.sample.named
        return named if self.held is None else self.held

    def light_line(self) -> tuple[QPointF, QPointF] | None:
        """From the held object's feet to where its shadow ends, in the frame or at its edge."""
        box = self.box()
        if self.shadow is None or box.isEmpty():
            return None
        area = self.frame.area
        x, y = self.frame.x_of(self.shadow[0]), self.frame.y_of(self.shadow[1])
        end = QPointF(min(max(x, area.left()), area.right()), min(max(y, area.top()), area.bottom()))
        return QPointF(box.center().x(), box.bottom()), end

    def object_at(self, point: QPointF, covers: Callable[[int, QPointF], bool] | None = None) -> int | None:
        """The place of the object under a point, the nearest first; ``covers`` says of one whether it is solid there.

        One of which only the box is there is taken where no other is.
        """
        boxes = self.boxes()
        inside = [place for place in reversed(range(len(boxes))) if boxes[place].contains(point)]
        solid = [place for place in inside if covers is not None and covers(place, point)]
        return next(iter(solid or inside), None)

    def band_areas(self) -> list[tuple[Guide, QRectF]]:
        """Each row of depth as a band from its line to the next one's, beside the frame."""
        found = []
        sizes = _sizes(self.guides)
        feet = [guide.foot or 0.0 for guide in sizes]
        for number, guide in enumerate(sizes):
            last = number + 1 == len(sizes)
            rise = feet[number - 1] - feet[number] if number else self.frame.side / 8
            above = feet[number] - rise if last else feet[number + 1]
            bottom, top = self.frame.y_of(feet[number]), self.frame.y_of(max(above, 0))
            found.append((guide, QRectF(self.frame.area.x() - _BAND, top, _BAND - 4, max(bottom - top, 0))))
        return found

    def active_size(self) -> Guide | None:
        """The length of the row on which the object stands."""
        layer = -1 if self.sample is None else self.sample.objects[self._held].layer
        sizes = _sizes(self.guides)
        return sizes[layer] if 0 <= layer < len(sizes) else None

    def size_handle(self, guide: Guide) -> QPointF:
        """The end of a length, beside the frame's left edge."""
        return QPointF(self.frame.area.x() + 10, self.frame.y_of(guide.row or 0))

    def figure_line(self) -> tuple[QPointF, QPointF, Guide] | None:
        """Top and feet of the figure of reference, and its guide; None where it is not drawn."""
        guide = next((g for g in self.guides if g.look == "figure"), None)
        if guide is None or guide.row is None or guide.foot is None:
            return None
        area = self.frame.area
        x = area.x() + self.figure[0] * area.width()
        return QPointF(x, self.frame.y_of(guide.row)), QPointF(x, self.frame.y_of(guide.foot)), guide

    def height_handle(self) -> tuple[QPointF, Guide] | None:
        """The middle of the object's top, by which its real height is pulled; None where that decides no size."""
        guide = next((g for g in self.guides if g.look == "height" and g.row is not None), None)
        box = self.box()
        if guide is None or box.isEmpty() or (self.sample is not None and self._held != self.sample.named):
            return None
        return QPointF(box.center().x(), box.top()), guide

    def line_y(self, guide: Guide) -> float:
        """The height of a guide's line in the widget; one outside the frame lies at its edge, where it can be taken."""
        area = self.frame.area
        return min(max(self.frame.y_of(guide.row or 0), area.top()), area.bottom())

    def handle_at(
        self, point: QPointF, *, guides_shown: bool, covers: Callable[[int, QPointF], bool] | None = None
    ) -> Handle | None:
        """What is under the pointer: handles before objects, these before lines and bands; as `object_at`."""
        over = self.object_at(point, covers)
        found = self._handle_at(point) or (None if over is not None else self._beside(point)) if guides_shown else None
        return found or (None if over is None else Handle(HandleKind.OBJECT, place=over))

    def _handle_at(self, point: QPointF) -> Handle | None:
        sized, figure = self.active_size(), self.figure_line()
        if sized is not None and _near(self.size_handle(sized), point):
            return Handle(HandleKind.GUIDE, sized)
        if figure and _near(figure[0], point):
            return Handle(HandleKind.GUIDE, figure[2])
        light = self.light_line()
        if light and _near(light[1], point):
            return Handle(HandleKind.LIGHT)
        height = self.height_handle()
        if height and _near(height[0], point):
            return Handle(HandleKind.GUIDE, height[1])
        return Handle(HandleKind.FIGURE) if figure and _near(figure[1], point) else None

    def _beside(self, point: QPointF) -> Handle | None:
        line = self._line_at(point)
        if line:
            return Handle(HandleKind.GUIDE, line)
        band = next((guide for guide, place in self.band_areas() if place.contains(point)), None)
        return Handle(HandleKind.BAND, band) if band else None

    def _line_at(self, point: QPointF) -> Guide | None:
        area = self.frame.area.adjusted(-_margin(self.guides), 0, 0, 0)
        if not area.left() <= point.x() <= area.right():
            return None
        lines = [g for g in self.guides if g.look in {"line", "horizon", "limit"} and g.row is not None]
        near = [(abs(self.line_y(g) - point.y()), g) for g in lines]
        near = [found for found in near if found[0] <= _NEAR]
        return min(near, key=lambda found: found[0])[1] if near else None


def cursor_of(handle: Handle | None) -> Qt.CursorShape:
    """What the pointer looks like over it."""
    shapes = {
        HandleKind.OBJECT: Qt.CursorShape.SizeAllCursor,
        HandleKind.LIGHT: Qt.CursorShape.SizeAllCursor,
        HandleKind.FIGURE: Qt.CursorShape.SizeAllCursor,
        HandleKind.GUIDE: Qt.CursorShape.SizeVerCursor,
        HandleKind.BAND: Qt.CursorShape.PointingHandCursor,
    }
    return shapes[handle.kind] if handle else Qt.CursorShape.ArrowCursor


def _sizes(guides: Sequence[Guide]) -> list[Guide]:
    """The guides that are lengths standing on rows, nearest first."""
    return [guide for guide in guides if guide.look == "size" and guide.foot is not None]


def _margin(guides: Sequence[Guide]) -> int:
    """How much room the frame's left side needs for what is written there."""
    if _sizes(guides):
        return _BAND
    return _LABEL if any(guide.row is not None for guide in guides) else 0


def _near(one: QPointF, other: QPointF) -> bool:
    return max(abs(one.x() - other.x()), abs(one.y() - other.y())) <= _HANDLE
