"""How a composition with its lines looks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.gui.lib.theme import CAPTION, UNIT, small, theme
from fgbg_studio.gui.preview.composition_parts import (
    Held,
    Hold,
    active_size,
    band_areas,
    figure_line,
    line_y,
    size_handle,
)

if TYPE_CHECKING:
    from fgbg_studio.gui.preview.composition_view import CompositionView

_SHADOW = QColor(0, 0, 0, 150)
_LIGHT = QColor(255, 255, 255, 230)
_FAINT = QColor(255, 255, 255, 130)
_YELLOW = QColor("#ffd24a")  # seen on any picture, in both colour schemes
_CHIP = QColor(0, 0, 0, 175)


def paint_composition(view: CompositionView) -> None:
    """Paint all of a `CompositionView`."""
    painter = QPainter(view)
    if view.trying.trial is None:
        return
    area = view.area()
    painter.fillRect(area, theme.colours.colour("raised"))
    painter.save()
    painter.setClipRect(area)
    _paint_picture(painter, view, area)
    painter.restore()
    _paint_edge(painter, view, area)
    if view.shows_guides and (ground := view.ground()) is not None:
        painter.drawPixmap(area, ground, QRectF(ground.rect()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(small(painter.font()))
    if view.shows_guides:
        _paint_bands(painter, view)
        _paint_lines(painter, view, area)
        _paint_places(painter, view, area)
        _paint_figure(painter, view)
    _paint_object(painter, view)


def _paint_picture(painter: QPainter, view: CompositionView, area: QRectF) -> None:
    """The composite, or at once what is known of it while the exact one is made."""
    picture, sample = view.trying.picture, view.trying.sample
    image, background, cutout = view.pixmap("image"), view.pixmap("background"), view.pixmap("cutout")
    if picture is None or image is None or background is None or cutout is None:
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.smooth)
    exact = sample is not None and sample[5:9] == picture.sample[5:9]
    exact = exact or not view.trying.fresh  # of other pictures: they stay until these are there
    shown = image if exact else background
    painter.drawPixmap(area, shown, QRectF(shown.rect()))
    if not exact and sample is not None:
        painter.drawPixmap(view.box(), cutout, QRectF(cutout.rect()))


def _paint_edge(painter: QPainter, view: CompositionView, area: QRectF) -> None:
    ringed = view.hasFocus() and view.keyboard
    painter.setPen(QPen(theme.colours.colour("accent" if ringed else "line"), 2 if ringed else 1))
    grown = 1.5 if ringed else 0.5
    painter.drawRect(area.adjusted(-grown, -grown, grown, grown))


def _paint_bands(painter: QPainter, view: CompositionView) -> None:
    """Rows of depth beside the frame: far above near, each with the size that it gives."""
    active, colours = active_size(view), theme.colours
    areas = band_areas(view)
    for number, (guide, place) in enumerate(areas):
        chosen = guide is active
        hovered = _is(view.under, guide)
        fill = colours.colour("accent")
        if not chosen:
            fill.setAlpha(round(70 - 45 * number / max(len(areas) - 1, 1)) + (40 if hovered else 0))
        inner = place.adjusted(0, 1, 0, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(inner, 3, 3)
        painter.setPen(colours.colour("on_accent" if chosen else "text"))
        if inner.height() >= CAPTION:
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, guide.tag)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if active is not None and active.foot is not None:
        _paint_length(painter, view, active, view.y_of(active.foot))


def _paint_length(painter: QPainter, view: CompositionView, guide: Guide, foot: float) -> None:
    """How tall the row's size is, with a handle at its end."""
    top = size_handle(view, guide)
    for pen in (QPen(_SHADOW, 4), QPen(_LIGHT, 2)):
        painter.setPen(pen)
        painter.drawLine(top, QPointF(top.x(), foot))
    held = _is(view.held, guide)
    _handle(painter, top, theme.colours.colour("accent") if held else _LIGHT)
    if held:
        tag(painter, f"{guide.tag}{guide.unit}", top + QPointF(36, 0))


def _paint_lines(painter: QPainter, view: CompositionView, area: QRectF) -> None:
    labels: list[tuple[float, str, QColor]] = []
    for guide in view.trying.guides:
        if guide.row is None or guide.look not in {"line", "horizon", "limit"}:
            continue
        held, horizon = _is(view.held, guide), guide.look == "horizon"
        strong = held or horizon or _is(view.under, guide)
        y = line_y(view, guide)
        colour = _YELLOW if horizon else _LIGHT if strong else _FAINT
        style = Qt.PenStyle.DashLine if _is_dashed(view, guide) else Qt.PenStyle.SolidLine
        for pen in (QPen(_SHADOW, 3 if strong else 2), QPen(colour, 1.5 if strong else 1)):
            pen.setStyle(style)
            painter.setPen(pen)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        if guide.look != "line":
            labels.append((y, guide.tag, theme.colours.colour("text" if strong else "quiet")))
        if held:
            text = f"{guide.label} {guide.value:.{guide.decimals}f}{guide.unit}"
            tag(painter, text, QPointF(area.center().x(), max(y - 16, area.top() + 12)))
    if band_areas(view):  # which stand where the labels would
        for y, text, _ in labels:
            tag(painter, text, QPointF(area.right() - 32, max(y - 14, area.top() + 10)))
    else:
        _paint_labels(painter, area, labels)


def _paint_labels(painter: QPainter, area: QRectF, labels: list[tuple[float, str, QColor]]) -> None:
    """Beside the frame, each at its line, moved down where two would lie on each other."""
    last = -math.inf
    for y, text, colour in sorted(labels, key=lambda entry: entry[0]):
        last = max(y, last + CAPTION + 3)
        painter.setPen(colour)
        place = QRectF(area.left() - 120, last - 8, 120 - 2 * UNIT, 16)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)


def _paint_places(painter: QPainter, view: CompositionView, area: QRectF) -> None:
    """Where the dataset has the object: a dot for each place."""
    painter.setPen(QPen(_SHADOW, 1.5))
    painter.setBrush(_LIGHT)
    for x, row in view.trying.places:
        painter.drawEllipse(QPointF(area.x() + x * view.scale, view.y_of(row)), 2.5, 2.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_figure(painter: QPainter, view: CompositionView) -> None:
    """A post as tall as a person, standing on the ground."""
    figure = figure_line(view)
    if figure is None:
        return
    top, feet, guide = figure
    held = _is(view.held, guide)
    for pen in (QPen(_SHADOW, 4), QPen(_YELLOW, 2)):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(top, feet)
        painter.drawLine(feet + QPointF(-7, 0), feet + QPointF(7, 0))
    _handle(painter, top, theme.colours.colour("accent") if held else _YELLOW)
    text = view.tr("camera at {0} m").format(f"{guide.value:.2f}") if held else guide.tag
    tag(painter, text, QPointF(top.x(), max(top.y() - 18, view.area().top() - 8)))


def _paint_object(painter: QPainter, view: CompositionView) -> None:
    """Its box while it is under the hand, and at its feet the depth that it gets."""
    box, trying = view.box(), view.trying
    if box.isEmpty() or trying.sample is None:
        return
    hold = view.held or view.under
    if hold is not None and hold.what is Held.OBJECT:
        for pen in (QPen(_SHADOW, 3), QPen(_LIGHT, 1)):
            painter.setPen(pen)
            painter.drawRect(box)
    words = feet_words(view)
    if words:
        tag(painter, words, QPointF(box.center().x(), min(box.bottom() + 16, view.height() - 10)), strong=True)


def feet_words(view: CompositionView) -> str:
    """What is written at the object's feet: its height and its depth."""
    sample, depth = view.trying.sample, view.trying.depth
    if sample is None:
        return ""
    words = f"{max(sample.width, sample.height)} px"
    if depth is None or math.isnan(depth.contact) or view.trying.depth_busy:
        return words
    away = f"{depth.contact:.2f} m" if depth.metric else view.tr("depth {0}").format(f"{depth.contact:.2f}")
    return f"{words} · {away}" if depth.stands else view.tr("{0} · about {1}").format(words, away)


def _is(hold: Hold | None, guide: Guide) -> bool:
    return hold is not None and hold.guide is not None and hold.guide.name == guide.name


def _is_dashed(view: CompositionView, guide: Guide) -> bool:
    """A horizon that is the project's and not the background's own."""
    background = view.trying.background
    own = background is not None and background.horizon is not None
    return guide.look == "limit" or (guide.look == "horizon" and not own)


def _handle(painter: QPainter, point: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(_SHADOW, 1.5))
    painter.setBrush(colour)
    painter.drawEllipse(point, 5.5, 5.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def tag(painter: QPainter, text: str, centre: QPointF, *, strong: bool = False) -> None:
    """Light words on a dark chip, readable on any picture."""
    font = small(painter.font())
    font.setBold(strong)
    painter.setFont(font)
    wide = QFontMetrics(font).horizontalAdvance(text) + 4 * UNIT
    place = QRectF(centre.x() - wide / 2, centre.y() - 9, wide, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_CHIP)
    painter.drawRoundedRect(place, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_LIGHT)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
