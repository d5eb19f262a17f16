"""What the mouse does on the mask canvas: one small class a tool."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, Protocol

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPolygonF
from typing_extensions import override

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting.raster import BACKGROUND, HAIR, NOTHING, OBJECT, way_box
from fgbg_studio.core.cutting.seeds import Eraser, Hair, Lasso, Point, Points, Rectangle, Stroke, has_strokes
from fgbg_studio.gui.foregrounds.areas import correct_area, draw_area
from fgbg_studio.gui.foregrounds.brush_stroke import Brush
from fgbg_studio.gui.foregrounds.document import CutDocument

_LEAST = 4  # screen pixels: a shorter drag is a click
_CLOSE = 0.35  # of the brush's radius, or of a screen pixel: points nearer than this say nothing new


class Tool(StrEnum):
    """The tools by name."""

    RECTANGLE = "rectangle"
    LASSO = "lasso"
    MARK = "mark"
    ERASER = "eraser"
    ADD = "add"
    REMOVE = "remove"
    SOFTEN = "soften"
    HAIR = "hair"
    CLICK = "click"

    @property
    def has_brush(self) -> bool:
        """Whether it has a width."""
        return self not in {Tool.RECTANGLE, Tool.LASSO, Tool.CLICK}

    @property
    def takes_right(self) -> bool:
        """Whether the right button means the contrary of the left one, and no menu."""
        return self.has_brush or self is Tool.CLICK

    @property
    def paints(self) -> bool:
        """Whether it paints the alpha itself."""
        return self in {Tool.ADD, Tool.REMOVE, Tool.SOFTEN}


class Gesture(Protocol):
    """From a button's press to its release; places are in the photo."""

    def move(self, point: Point) -> None:
        """The mouse is dragged there."""

    def end(self) -> None:
        """The button is released: what was drawn is taken in."""

    def cancel(self) -> None:
        """It was meant otherwise: everything is as before the press."""

    def shape(self) -> QPolygonF | None:
        """An outline to be shown meanwhile, in the photo."""


class RectangleGesture(Gesture):
    """Drags a rectangle around the object."""

    def __init__(self, document: CutDocument, point: Point, scale: float) -> None:
        self._document, self._start, self._now, self._scale = document, point, point, scale

    @override
    def move(self, point: Point) -> None:
        self._now = point

    @override
    def end(self) -> None:
        rectangle = self._rectangle()
        if min(rectangle.width(), rectangle.height()) * self._scale >= _LEAST:
            left, top = round(rectangle.left()), round(rectangle.top())
            right, bottom = round(rectangle.right()), round(rectangle.bottom())
            box = left, top, max(right - left, 1), max(bottom - top, 1)
            draw_area(self._document, Rectangle(box=box), _tr("rectangle"))

    @override
    def cancel(self) -> None:
        pass

    @override
    def shape(self) -> QPolygonF | None:
        return QPolygonF(self._rectangle())

    def _rectangle(self) -> QRectF:
        whole = QRectF(0, 0, self._document.width, self._document.height)
        return QRectF(QPointF(*self._start), QPointF(*self._now)).normalized() & whole


class Grip(NamedTuple):
    """What of a rectangle is held: -1 its left (upper) side, 1 its right (lower) one; all of it where both are 0."""

    across: int
    down: int


def grip_at(box: Box, point: Point, reach: float, *, inside: bool) -> Grip | None:
    """What of a rectangle lies under a point of the photo, if anything does.

    Args:
        box: the rectangle.
        point: in the photo.
        reach: how near to a side is near enough, in pixels of the photo.
        inside: whether all that lies inside holds the whole of it.
    """
    x, y, width, height = box
    across, down = _near(point[0], x, x + width, reach), _near(point[1], y, y + height, reach)
    if across is None or down is None:
        return None
    return Grip(across, down) if (across or down) or inside else None


def _near(place: float, low: float, high: float, reach: float) -> int | None:
    """Which end a place is near to, 0 for one between both, None for one outside."""
    if not low - reach <= place <= high + reach:
        return None
    end = -1 if place - low < high - place else 1
    return end if min(abs(place - low), abs(place - high)) <= reach else 0


class CorrectGesture(Gesture):
    """Drags a side or a corner of the rectangle that holds, or all of it."""

    def __init__(self, document: CutDocument, point: Point, box: Box, grip: Grip) -> None:
        self._document, self._start, self._now, self._box, self._grip = document, point, point, box, grip

    @override
    def move(self, point: Point) -> None:
        self._now = point

    @override
    def end(self) -> None:
        box = self.box
        if box != self._box:
            correct_area(self._document, Rectangle(box=box), _tr("correct the rectangle"))

    @override
    def cancel(self) -> None:
        pass

    @override
    def shape(self) -> QPolygonF | None:
        return QPolygonF(QRectF(*self.box))

    @property
    def box(self) -> Box:
        """The rectangle as it is dragged, on the photo and of one pixel at the least."""
        x, y, width, height = self._box
        left, right = self._side(x, width, 0, self._document.width)
        top, bottom = self._side(y, height, 1, self._document.height)
        return left, top, right - left, bottom - top

    def _side(self, start: int, length: int, axis: int, most: int) -> tuple[int, int]:
        by, held = round(self._now[axis] - self._start[axis]), self._grip[axis]
        if self._grip == (0, 0):
            start = min(max(start + by, 0), most - length)
            return start, start + length
        ends = (start + by if held < 0 else start, start + length + by if held > 0 else start + length)
        low, high = (min(max(end, 0), most) for end in sorted(ends))
        return (low, high) if high > low else (min(low, most - 1), min(low, most - 1) + 1)


class LassoGesture(Gesture):
    """Draws a loop around the object."""

    def __init__(self, document: CutDocument, point: Point, scale: float) -> None:
        self._document, self._points, self._scale = document, [point], scale

    @override
    def move(self, point: Point) -> None:
        self._points.append(point)

    @override
    def end(self) -> None:
        outline = np.array(self._points, np.float32)
        kept = cv2.approxPolyDP(outline, 0.7 / self._scale, True).reshape(-1, 2)
        if len(kept) >= 3 and cv2.contourArea(kept) * self._scale**2 >= _LEAST**2:
            points = tuple((round(float(x), 1), round(float(y), 1)) for x, y in kept)
            draw_area(self._document, Lasso(points=points), _tr("lasso"))

    @override
    def cancel(self) -> None:
        pass

    @override
    def shape(self) -> QPolygonF | None:
        return QPolygonF([QPointF(*point) for point in self._points])


class _Way:
    """A brush's way, its points no nearer to each other than matters."""

    def __init__(self, radius: float, scale: float, show: Callable[[Points], None]) -> None:
        self._apart = max(_CLOSE * min(radius, 20 / scale), _CLOSE / scale)
        self._show = show
        self.points: list[Point] = []

    def add(self, point: Point) -> None:
        point = round(point[0], 2), round(point[1], 2)
        last = self.points[-1] if self.points else None
        if last is None or np.hypot(point[0] - last[0], point[1] - last[1]) >= self._apart:
            self.points.append(point)
            self._show((last, point) if last else (point,))


class _BrushGesture(Gesture):
    """What strokes and painting have in common."""

    _way: _Way

    @override
    def move(self, point: Point) -> None:
        self._way.add(point)

    @override
    def shape(self) -> QPolygonF | None:
        """See `Gesture`: the brush shows what it does by itself."""
        return None


class MarkGesture(_BrushGesture):
    """Draws a stroke that the next cut obeys, or a band of hair, or erases them."""

    def __init__(self, document: CutDocument, point: Point, scale: float, radius: float, value: int) -> None:
        self._document, self._radius, self._value = document, radius, value
        self._way = _Way(radius, scale, lambda points: document.mark(points, radius, value))
        self._way.add(point)

    @override
    def end(self) -> None:
        points = tuple(self._way.points)
        if not way_box(points, self._radius, self._document.alpha.shape)[2]:
            return  # wholly beside the photo
        if self._value == HAIR:
            self._document.add_seed(Hair(points=points, radius=self._radius), _tr("hair"))
        elif self._value:
            stroke = Stroke(points=points, radius=self._radius, object=self._value == OBJECT)
            self._document.add_seed(stroke, _tr("stroke"))
        elif has_strokes(self._document.work.seeds):
            self._document.add_seed(Eraser(points=points, radius=self._radius), _tr("erase strokes"))

    @override
    def cancel(self) -> None:
        self._document.rebuild_marks()


class PaintGesture(_BrushGesture):
    """Paints the alpha itself."""

    def __init__(self, document: CutDocument, point: Point, scale: float, radius: float, brush: Brush) -> None:
        self._document, self._brush = document, brush
        document.begin_paint()
        self._way = _Way(radius, scale, lambda points: document.paint(points, radius, brush))
        self._way.add(point)

    @override
    def end(self) -> None:
        self._document.end_paint(self._brush)

    @override
    def cancel(self) -> None:
        self._document.cancel_paint()


def begin(
    tool: Tool, document: CutDocument, point: Point, scale: float, radius: float, *, object_: bool, other: bool
) -> Gesture:
    """What a press of a button begins.

    Args:
        tool: in the hand.
        document: the photo being cut.
        point: where, in the photo.
        scale: screen pixels for a pixel of the photo.
        radius: of the brush, in pixels of the photo.
        object_: whether the left button means object (paint in), rather than background (paint out).
        other: whether it is the right button, which means the contrary.
    """
    if tool is Tool.RECTANGLE:
        return RectangleGesture(document, point, scale)
    if tool is Tool.LASSO:
        return LassoGesture(document, point, scale)
    if tool in {Tool.ERASER, Tool.HAIR}:
        return MarkGesture(document, point, scale, radius, NOTHING if other or tool is Tool.ERASER else HAIR)
    if tool is Tool.MARK:
        return MarkGesture(document, point, scale, radius, OBJECT if object_ != other else BACKGROUND)
    if tool is Tool.SOFTEN:
        return PaintGesture(document, point, scale, radius, "soften")
    return PaintGesture(document, point, scale, radius, "add" if (tool is Tool.ADD) != other else "remove")


def _tr(text: str) -> str:
    return QCoreApplication.translate("canvas_tools", text)
