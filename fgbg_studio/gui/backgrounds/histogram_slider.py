"""A histogram between two handles: how many pictures have which value, and which of them are wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.theme import UNIT, small, theme

Range = tuple[float, float]
_BINS = 32
_INSET = 7


class HistogramSlider(QWidget):
    """See the module. Keyboard: arrows move the lower handle, with Shift the upper; Home takes all.

    Args:
        title: what is measured.
        words: a value as a person reads it.
        logarithmic: equal steps are equal ratios.

    Signals:
        range_changed: (least, most) or None for all.
    """

    range_changed = Signal(object)

    def __init__(self, title: str, words: Callable[[float], str], *, logarithmic: bool = False) -> None:
        super().__init__()
        self._title, self._words, self._logarithmic = title, words, logarithmic
        self._bars: list[float] = []
        self._ends = 0.0, 1.0
        self._low, self._high = 0.0, 1.0
        self._held = ""
        self.setFixedHeight(64)
        self.setMinimumWidth(140)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(
            self.tr("Drag the ends; double-click selects all. Arrow keys move the lower end, with Shift the upper")
        )
        self._say()
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        """As wide as three beside each other."""
        return QSize(220, 64)

    def set_values(self, values: Sequence[float]) -> None:
        """The values of all pictures; the chosen range stays."""
        kept = self.chosen()
        found = np.array([self._scaled(v) for v in values], np.float64)
        if len(found):
            low, high = float(found.min()), float(found.max())
            self._ends = (low, high) if high > low else (low - 0.5, high + 0.5)
            counts, _ = np.histogram(found, _BINS, self._ends)
            self._bars = np.sqrt(counts / counts.max()).tolist()  # the root shows single pictures beside thousands
        else:
            self._bars = []
        self._low, self._high = (0.0, 1.0) if kept is None else (self._place(kept[0]), self._place(kept[1]))
        self._say()
        self.update()

    def chosen(self) -> Range | None:
        """(least, most), None for all; an end that was not moved has no bound."""
        if self._low <= 0 and self._high >= 1:
            return None
        least = -math.inf if self._low <= 0 else self._value(self._low)
        return least, math.inf if self._high >= 1 else self._value(self._high)

    def reset(self) -> None:
        """Take all."""
        self._put(0.0, 1.0)

    def _scaled(self, value: float) -> float:
        return math.log(max(value, 1e-3)) if self._logarithmic else value

    def _value(self, place: float) -> float:
        scaled = self._ends[0] + place * (self._ends[1] - self._ends[0])
        return math.exp(scaled) if self._logarithmic else scaled

    def _place(self, value: float) -> float:
        if math.isinf(value):
            return float(value > 0)
        return min(max((self._scaled(value) - self._ends[0]) / (self._ends[1] - self._ends[0]), 0.0), 1.0)

    def _put(self, low: float, high: float) -> None:
        low, high = max(low, 0.0), min(high, 1.0)
        if (low, high) != (self._low, self._high) and low <= high:
            self._low, self._high = low, high
            self._say()
            self.update()
            self.range_changed.emit(self.chosen())

    def _text(self) -> str:
        if not self._bars:
            return self.tr("not measured yet")
        return f"{self._words(self._value(self._low))} – {self._words(self._value(self._high))}"

    def _say(self) -> None:
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._text())

    # Mouse and keyboard

    def _track(self) -> QRectF:
        return QRectF(_INSET, 22, self.width() - 2 * _INSET, self.height() - 22 - 8)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the nearer handle."""
        track = self._track()
        place = (event.position().x() - track.x()) / track.width()
        nearer_low = abs(place - self._low) < abs(place - self._high)
        if self._low == self._high:
            nearer_low = place < self._low
        self._held = "low" if nearer_low else "high"
        self.mouseMoveEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the handle; it stops at the other one."""
        track = self._track()
        place = min(max((event.position().x() - track.x()) / track.width(), 0.0), 1.0)
        if self._held == "low":
            self._put(min(place, self._high), self._high)
        elif self._held == "high":
            self._put(self._low, max(place, self._low))

    @override
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = ""

    @override
    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Take all."""
        self.reset()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        by = {Qt.Key.Key_Left: -1 / _BINS, Qt.Key.Key_Right: 1 / _BINS}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Home:
            self.reset()
        elif by is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._put(self._low, max(self._high + by, self._low))
        else:
            self._put(min(self._low + by, self._high), self._high)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title and range over the bars, those outside the range quiet."""
        colours, track = theme.colours, self._track()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small(self.font()))
        line = QRectF(_INSET, 0, track.width(), 18)
        painter.setPen(colours.colour("quiet"))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setPen(colours.colour("accent" if self.chosen() else "text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._text())
        self._paint_bars(painter, track)
        painter.setPen(QPen(colours.colour("line"), 1))
        painter.drawLine(track.bottomLeft(), track.bottomRight())
        for place in (self._low, self._high):
            x = track.x() + place * track.width()
            painter.setPen(QPen(colours.colour("accent" if self.hasFocus() else "quiet"), 1.5))
            painter.setBrush(colours.colour("panel"))
            painter.drawEllipse(QPointF(x, track.bottom()), UNIT + 1.0, UNIT + 1.0)

    def _paint_bars(self, painter: QPainter, track: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        wide = track.width() / _BINS
        for number, high in enumerate(self._bars):
            inside = self._low <= (number + 0.5) / _BINS <= self._high
            colour = theme.colours.colour("accent" if inside and self.chosen() else "quiet")
            colour.setAlpha(200 if inside else 60)
            painter.setBrush(colour)
            tall = max(high * (track.height() - 2), 1.0 if high else 0.0)
            painter.drawRect(QRectF(track.x() + number * wide + 0.5, track.bottom() - tall, wide - 1, tall))
