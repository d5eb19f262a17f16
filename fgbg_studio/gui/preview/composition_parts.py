"""What can be taken hold of in a composition, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from fgbg_studio.core.interfaces.placement import Guide

if TYPE_CHECKING:
    from fgbg_studio.gui.preview.composition_view import CompositionView

LEFT, RIGHT, ABOVE, BELOW = 4, 2, 2, 14
"""Room around the frame, in pixels: for what hangs over its edges."""

BAND = 48
"""Width of the bands of depth beside the frame."""

LABEL = 56
"""Room for the words of lines beside the frame."""

_NEAR, _HANDLE = 5.0, 11.0


class Held(Enum):
    """What is dragged."""

    OBJECT = "object"
    GUIDE = "guide"
    FIGURE = "figure"
    BAND = "band"


@dataclass(frozen=True)
class Hold:
    """What, and of which guide."""

    what: Held
    guide: Guide | None = None


def bands(guides: Sequence[Guide]) -> list[Guide]:
    """The guides that are lengths standing on rows, nearest first."""
    return [guide for guide in guides if guide.look == "size" and guide.foot is not None]


def band_width(guides: Sequence[Guide]) -> int:
    """How much room the frame's left side needs for what is written there."""
    if bands(guides):
        return BAND
    return LABEL if any(guide.row is not None for guide in guides) else 0


def band_areas(view: CompositionView) -> list[tuple[Guide, QRectF]]:
    """Each row of depth as a band from its line to the next one's, beside the frame."""
    area, found = view.area(), []
    sizes = bands(view.trying.guides)
    feet = [guide.foot or 0.0 for guide in sizes]
    for number, guide in enumerate(sizes):
        last = number + 1 == len(sizes)
        rise = feet[number - 1] - feet[number] if number else view.size_of_frame / 8
        above = feet[number] - rise if last else feet[number + 1]
        bottom, top = view.y_of(feet[number]), view.y_of(max(above, 0))
        found.append((guide, QRectF(area.x() - BAND, top, BAND - 4, max(bottom - top, 0))))
    return found


def active_size(view: CompositionView) -> Guide | None:
    """The length of the row on which the object stands."""
    sample, sizes = view.trying.sample, bands(view.trying.guides)
    return sizes[sample.layer] if sample is not None and 0 <= sample.layer < len(sizes) else None


def size_handle(view: CompositionView, guide: Guide) -> QPointF:
    """The end of a length, beside the frame's left edge."""
    return QPointF(view.area().x() + 10, view.y_of(guide.row or 0))


def figure_line(view: CompositionView) -> tuple[QPointF, QPointF, Guide] | None:
    """Top and feet of the figure of reference; None where it is not drawn."""
    guide = next((g for g in view.trying.guides if g.look == "figure"), None)
    if guide is None or guide.row is None or guide.foot is None:
        return None
    x = view.area().x() + view.trying.figure[0] * view.area().width()
    return QPointF(x, view.y_of(guide.row)), QPointF(x, view.y_of(guide.foot)), guide


def held_at(view: CompositionView, point: QPointF) -> Hold | None:
    """What is under the pointer: handles before the object, that before lines and bands."""
    over = view.box().contains(point)
    found = _handle_at(view, point) or (None if over else _beside(view, point)) if view.shows_guides else None
    return found or (Hold(Held.OBJECT) if over else None)


def _handle_at(view: CompositionView, point: QPointF) -> Hold | None:
    sized, figure = active_size(view), figure_line(view)
    if sized is not None and _near(size_handle(view, sized), point):
        return Hold(Held.GUIDE, sized)
    if figure and _near(figure[0], point):
        return Hold(Held.GUIDE, figure[2])
    return Hold(Held.FIGURE) if figure and _near(figure[1], point) else None


def _beside(view: CompositionView, point: QPointF) -> Hold | None:
    line = _line_at(view, point)
    if line:
        return Hold(Held.GUIDE, line)
    band = next((guide for guide, place in band_areas(view) if place.contains(point)), None)
    return Hold(Held.BAND, band) if band else None


def _line_at(view: CompositionView, point: QPointF) -> Guide | None:
    area = view.area().adjusted(-band_width(view.trying.guides), 0, 0, 0)
    if not area.left() <= point.x() <= area.right():
        return None
    lines = [g for g in view.trying.guides if g.look in {"line", "horizon", "limit"} and g.row is not None]
    near = [(abs(line_y(view, g) - point.y()), g) for g in lines]
    near = [found for found in near if found[0] <= _NEAR]
    return min(near, key=lambda found: found[0])[1] if near else None


def line_y(view: CompositionView, guide: Guide) -> float:
    """The height of a guide's line in the widget; one outside the frame lies at its edge, where it can be taken."""
    area = view.area()
    return min(max(view.y_of(guide.row or 0), area.top()), area.bottom())


def cursor_of(hold: Hold | None) -> Qt.CursorShape:
    """What the pointer looks like over it."""
    shapes = {
        Held.OBJECT: Qt.CursorShape.SizeAllCursor,
        Held.FIGURE: Qt.CursorShape.SizeAllCursor,
        Held.GUIDE: Qt.CursorShape.SizeVerCursor,
        Held.BAND: Qt.CursorShape.PointingHandCursor,
    }
    return shapes[hold.what] if hold else Qt.CursorShape.ArrowCursor


def _near(one: QPointF, other: QPointF) -> bool:
    return max(abs(one.x() - other.x()), abs(one.y() - other.y())) <= _HANDLE
