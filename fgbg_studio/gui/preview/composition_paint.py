"""How a composition's guides and its object look, over the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.gui.lib.theme import CAPTION, UNIT, small, theme
from fgbg_studio.gui.preview.composition_geometry import CompositionGeometry, Handle, HandleKind
from fgbg_studio.gui.preview.composition_model import CompositionModel
from fgbg_studio.gui.preview.sample_words import depth_said, size_said

_SHADOW = QColor(0, 0, 0, 150)
_LIGHT = QColor(255, 255, 255, 230)
_FAINT = QColor(255, 255, 255, 130)
_YELLOW = QColor("#ffd24a")  # seen on any picture, in both colour schemes
_CHIP = QColor(0, 0, 0, 175)
_WORDS = 104  # half of the longest words about light
_LABEL = 16  # the height of a line's label


def _tr(text: str) -> str:
    return QCoreApplication.translate("CompositionView", text)


class CompositionPainter:
    """Paints what lies over the picture of a composition, once.

    Args:
        painter: on the widget, antialiased, with the captions' font.
        geometry: where everything lies.
        model: what is composed.
        dragged: what is held.
        hovered: what is under the pointer.
    """

    def __init__(
        self,
        painter: QPainter,
        geometry: CompositionGeometry,
        model: CompositionModel,
        dragged: Handle | None,
        hovered: Handle | None,
    ) -> None:
        self._painter, self._geometry, self._model = painter, geometry, model
        self._dragged, self._hovered = dragged, hovered

    def paint_guides(self) -> None:
        """Bands, lines, the dataset's own places and the figure of reference."""
        self._paint_bands()
        self._paint_lines()
        self._paint_places()
        self._paint_figure()
        self._paint_height()
        self._paint_light()

    def _paint_light(self) -> None:
        """From the held object's feet to where its shadow ends, with a handle there."""
        painter, line = self._painter, self._geometry.light_line()
        if line is None:
            return
        held = [one for one in (self._dragged, self._hovered) if one is not None and one.kind is HandleKind.LIGHT]
        for pen in (QPen(_SHADOW, 3), QPen(_YELLOW if held else _FAINT, 1.5)):
            painter.setPen(pen)
            painter.drawLine(*line)
        _handle(painter, line[1], theme.colours.colour("accent") if self._dragged in held else _YELLOW)
        light = self._model.light()
        if held and light is not None:
            words = light_said(math.degrees(light.direction), math.degrees(light.height))
            area = self._geometry.frame.area
            middle = min(max(line[1].x(), area.left() + _WORDS), area.right() - _WORDS)
            _tag(painter, words, QPointF(middle, line[1].y() - 18))

    def paint_object(self, lowest: float) -> None:
        """Its box while it is dragged or hovered, and at its feet the depth that it gets, not below ``lowest``."""
        box = self._geometry.box()
        if box.isEmpty():
            return
        handle = self._dragged or self._hovered
        if handle is not None and handle.kind is HandleKind.OBJECT:
            for pen in (QPen(_SHADOW, 3), QPen(_LIGHT, 1)):
                self._painter.setPen(pen)
                self._painter.drawRect(box)
        words = feet_words(self._model)
        if words:
            centre = QPointF(box.center().x(), min(box.bottom() + 16, lowest))
            _tag(self._painter, words, centre, strong=True)

    def _paint_bands(self) -> None:
        """Rows of depth beside the frame: far above near, each with the size that it gives."""
        painter, geometry = self._painter, self._geometry
        active, colours = geometry.active_size(), theme.colours
        areas = geometry.band_areas()
        for number, (guide, place) in enumerate(areas):
            chosen = guide is active
            hovered = _is(self._hovered, guide)
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
            self._paint_length(active, geometry.frame.y_of(active.foot))

    def _paint_length(self, guide: Guide, foot: float) -> None:
        """How tall the row's size is, with a handle at its end."""
        painter, geometry = self._painter, self._geometry
        top = geometry.size_handle(guide)
        for pen in (QPen(_SHADOW, 4), QPen(_LIGHT, 2)):
            painter.setPen(pen)
            painter.drawLine(top, QPointF(top.x(), foot))
        dragged = _is(self._dragged, guide)
        _handle(painter, top, theme.colours.colour("accent") if dragged else _LIGHT)
        if dragged:
            _tag(painter, guide.tag, top + QPointF(36, 0))

    def _paint_lines(self) -> None:
        painter, geometry, area = self._painter, self._geometry, self._geometry.frame.area
        labels: list[tuple[float, str, QColor]] = []
        for guide in geometry.guides:
            if guide.row is None or guide.look not in {"line", "horizon", "limit"}:
                continue
            dragged, horizon = _is(self._dragged, guide), guide.look == "horizon"
            strong = dragged or horizon or _is(self._hovered, guide)
            y = geometry.line_y(guide)
            colour = _YELLOW if horizon else _LIGHT if strong else _FAINT
            style = Qt.PenStyle.DashLine if self._is_dashed(guide) else Qt.PenStyle.SolidLine
            for pen in (QPen(_SHADOW, 3 if strong else 2), QPen(colour, 1.5 if strong else 1)):
                pen.setStyle(style)
                painter.setPen(pen)
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if guide.look != "line":
                labels.append((y, guide.tag, theme.colours.colour("text" if strong else "quiet")))
            if dragged:
                text = f"{guide.label} {guide.value:.{guide.decimals}f}{guide.unit}"
                _tag(painter, text, QPointF(area.center().x(), max(y - 16, area.top() + 12)))
        if geometry.band_areas():  # which stand where the labels would
            for y, text, _ in labels:
                _tag(painter, text, QPointF(area.right() - 32, max(y - 14, area.top() + 10)))
        else:
            self._paint_labels(labels)

    def _paint_labels(self, labels: list[tuple[float, str, QColor]]) -> None:
        """Beside the frame, each at its line, moved down where two would lie on each other."""
        painter, area = self._painter, self._geometry.frame.area
        labels = sorted(labels, key=lambda entry: entry[0])
        for middle, (_, text, colour) in zip(label_rows(y for y, _, _ in labels), labels, strict=True):
            painter.setPen(colour)
            place = QRectF(area.left() - 120, middle - _LABEL / 2, 120 - 2 * UNIT, _LABEL)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_places(self) -> None:
        """Where the dataset has the object: a dot for each place."""
        painter, frame = self._painter, self._geometry.frame
        painter.setPen(QPen(_SHADOW, 1.5))
        painter.setBrush(_LIGHT)
        for x, row in self._model.places:
            painter.drawEllipse(QPointF(frame.x_of(x), frame.y_of(row)), 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_figure(self) -> None:
        """A post as tall as a person, standing on the ground."""
        painter, geometry = self._painter, self._geometry
        figure = geometry.figure_line()
        if figure is None:
            return
        top, feet, guide = figure
        dragged = _is(self._dragged, guide)
        for pen in (QPen(_SHADOW, 4), QPen(_YELLOW, 2)):
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(top, feet)
            painter.drawLine(feet + QPointF(-7, 0), feet + QPointF(7, 0))
        _handle(painter, top, theme.colours.colour("accent") if dragged else _YELLOW)
        text = _tr("camera at {0} m").format(f"{guide.value:.2f}") if dragged else guide.tag
        _tag(painter, text, QPointF(top.x(), max(top.y() - 18, geometry.frame.area.top() - 8)))

    def _paint_height(self) -> None:
        """The object's top, to be pulled; and how tall it is in the world while that is meant."""
        painter, height = self._painter, self._geometry.height_handle()
        if height is None:
            return
        top, guide = height
        dragged = _is(self._dragged, guide)
        _handle(painter, top, theme.colours.colour("accent") if dragged else _LIGHT)
        if dragged or _is(self._hovered, guide):
            _tag(painter, guide.tag, QPointF(top.x(), max(top.y() - 18, self._geometry.frame.area.top() + 10)))

    def _is_dashed(self, guide: Guide) -> bool:
        """A horizon that is the project's and not the background's own."""
        background = self._model.background
        own = background is not None and background.horizon is not None
        return guide.look == "limit" or (guide.look == "horizon" and not own)


def feet_words(model: CompositionModel) -> str:
    """What is written at the object's feet: its height and its depth."""
    sample, depth = model.sample, model.depth
    if sample is None:
        return ""
    words = size_said(sample.objects[model.held_at])
    first = model.held_at == sample.named  # of which alone the depth is known
    if depth is None or math.isnan(depth.contact) or model.depth_busy or not first:
        return words
    away = depth_said(depth.contact, metric=depth.metric)
    return f"{words} · {away}" if depth.stands else _tr("{0} · about {1}").format(words, away)


def light_said(direction: float, height: float) -> str:
    """Where light comes from, and how high it stands, in degrees: 'light from the left, 40° high'."""
    sides = (
        _tr("light from behind the camera"), _tr("light from behind, right"), _tr("light from the right"),
        _tr("light from ahead, right"), _tr("light from ahead"), _tr("light from ahead, left"),
        _tr("light from the left"), _tr("light from behind, left"),
    )  # fmt: skip
    return _tr("{0}, {1}° high").format(sides[round(direction / 45) % 8], round(height))


def label_rows(rows: Iterable[float]) -> list[float]:
    """The middles of the labels of lines at ``rows``, from above: whole in the widget, and none on another."""
    middles: list[float] = []
    for row in sorted(rows):
        middles.append(max(row, middles[-1] + CAPTION + 3 if middles else _LABEL / 2))
    return middles


def _is(handle: Handle | None, guide: Guide) -> bool:
    return handle is not None and handle.guide is not None and handle.guide.name == guide.name


def _handle(painter: QPainter, point: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(_SHADOW, 1.5))
    painter.setBrush(colour)
    painter.drawEllipse(point, 5.5, 5.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _tag(painter: QPainter, text: str, centre: QPointF, *, strong: bool = False) -> None:
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
