"""Samples a second over time, and what bounds them now."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.base.words import duration
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.shard import PHASES
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.plot import PlotCard, Trace
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT, small, tabular, theme

_SWATCH = 8  # pixels
_MINUTES = 180  # seconds from which on the axis is in minutes


_BREAK = 5.0  # times as long as shards mostly take to follow each other: then nothing was made meanwhile
_WINDOW = 10.0  # seconds that a rate is of


def worked(times: Sequence[float]) -> list[float]:
    """Seconds of work at each of the times at which shards were finished, in order: without what lies in between runs.

    How long the first one took is not known: as long as shards mostly do.
    """
    steps = np.diff(np.array(times))
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0
    return [float(one) for one in np.cumsum([usual, *np.minimum(steps, max(_BREAK * usual, 1.0))])] if times else []


def rates_of(seconds: Sequence[float], done: Sequence[int]) -> list[float]:
    """Samples a second at each of these, over some seconds before; 0 where no time went by."""
    made, rates = [0, *done], []
    at = [0.0, *seconds]
    for place in range(1, len(at)):
        before = bisect.bisect_left(at, at[place] - _WINDOW, 0, place - 1)
        took = at[place] - at[before]
        rates.append((made[place] - made[before]) / took if took > 0 else 0.0)
    return rates


def phase_colours() -> dict[str, QColor]:
    """One for each phase, apart from the channels' own."""
    dark = {"compose": "#4ec9b0", "depth": "#c792ea", "encode": "#f0b429", "write": "#8fa3b8", "sync": "#5d6b7a"}
    light = {"compose": "#128c7e", "depth": "#8e44ad", "encode": "#d08700", "write": "#7a8794", "sync": "#b3bcc6"}
    return {name: QColor(text) for name, text in (dark if theme.colours.dark else light).items()}


class PhaseBar(QWidget):
    """A bar of the phases' parts of the working time, and under it the name of each, however narrow."""

    _BAR = 10

    def __init__(self) -> None:
        super().__init__()
        self.shares: Mapping[str, float] = {}
        self.unknown = ""
        self.setFont(tabular(small(self.font())))
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many lines of names as the longest ones need at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        names = [(phase, f"{name} 99%") for phase, name in wording.phase_names().items()]
        lines = 1 + self._places(names)[-1][1]
        self.setFixedHeight(self._BAR + UNIT + lines * self.fontMetrics().height())

    def _places(self, names: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
        """(x, line) of each name: what has no room in a line stands in the next."""
        places, x, line = [], 0, 0
        for _, text in names:
            wide = _SWATCH + UNIT + self.fontMetrics().horizontalAdvance(text)
            if x and x + wide > self.width():
                x, line = 0, line + 1
            places.append((x, line))
            x += wide + 3 * UNIT
        return places

    def show_shares(self, shares: Mapping[str, float], unknown: str = "") -> None:
        """Show these, which add up to 1; where there are none, why: ``unknown``."""
        self.shares, self.unknown = shares, unknown
        text = "\n".join(text for _, text in self.names()) or unknown
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def names(self) -> list[tuple[str, str]]:
        """(phase, 'encoding 55%') of every phase that takes time; 'under 1%' is none."""
        names = wording.phase_names()
        return [
            (phase, f"{names[phase]} {share:.0%}" if share >= 0.005 else f"{names[phase]} <1%")
            for phase in PHASES
            if (share := self.shares.get(phase, 0.0)) > 0
        ]

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bar and names."""
        painter, colours, metrics = QPainter(self), phase_colours(), self.fontMetrics()
        painter.fillRect(QRectF(0, 0, self.width(), self._BAR), theme.colours.colour("raised"))
        if self.unknown and not self.shares:
            painter.setPen(theme.colours.colour("quiet"))
            words = metrics.elidedText(self.unknown, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QRectF(0, self._BAR + UNIT, self.width(), metrics.height()), words)
        x = 0.0
        for phase in PHASES:
            wide = self.width() * self.shares.get(phase, 0.0)
            painter.fillRect(QRectF(x, 0, wide, self._BAR), colours[phase])
            x += wide
        high = metrics.height()
        for (phase, text), (left, line) in zip(self.names(), self._places(self.names()), strict=True):
            top = self._BAR + UNIT + line * high
            painter.fillRect(QRectF(left, top + (high - _SWATCH) / 2, _SWATCH, _SWATCH), colours[phase])
            painter.setPen(theme.colours.colour("quiet"))
            painter.drawText(QRectF(left + _SWATCH + UNIT, top, self.width(), high), text)
        painter.end()


class RateCard(PlotCard):
    """A line of samples a second, the bar of shares below it.

    Attributes:
        recorded: whether what is shown is what a dataset's files say of an earlier run: they do not say what took how
            long, as a dataset is the same bytes however long it took.
    """

    def __init__(self) -> None:
        super().__init__()
        self.call(self.tr("Rate"), self.tr("seconds"), self.tr("samples a second"))
        self.trace = Trace(1)
        self.step: RunProgress | None = None
        self.line = pg.PlotCurveItem(antialias=True)
        self.plot.addItem(self.line)
        self.plot.setLimits(xMin=0, yMin=0)
        self.shares = PhaseBar()
        self.column.addWidget(self.shares)
        self.seconds = self._before = 0.0
        self.recorded = False
        self.dress()

    @override
    def clear(self) -> None:
        self.trace, self.step, self.seconds, self._before = Trace(1), None, 0.0, 0.0
        self.recorded = False

    def go_on(self) -> None:
        """Another run goes on with the dataset: its line is put to the one that there is."""
        self._before = self.trace.x[-1] if self.trace.x else 0.0
        self.recorded = False

    def set_seconds(self, seconds: float) -> None:
        """How long the run works already: the next step's place on the axis."""
        self.seconds = self._before + seconds

    @override
    def take(self, step: RunProgress) -> bool:
        if not step.rate:
            return False
        if not step.shares and self.step is not None:
            step = replace(step, shares=self.step.shares)  # of before: a run that goes on has none at first
        self.step = step
        if not self.trial:
            self.trace.add(self.seconds, (step.rate,))
        return True

    @override
    def redraw(self) -> None:
        minutes = bool(self.trace.x) and self.trace.x[-1] > _MINUTES
        self.plot.name_axis("bottom", self.tr("minutes") if minutes else self.tr("seconds"))
        unit = 60.0 if minutes else 1.0
        self.line.setPen(pg.mkPen(theme.colours.colour("accent"), width=1.5))
        fill = theme.colours.colour("accent")
        fill.setAlpha(40)
        self.line.setData([x / unit for x in self.trace.x], [row[0] for row in self.trace.rows])
        self.line.setBrush(fill)
        self.line.setFillLevel(0)
        top = max((row[0] for row in self.trace.rows), default=1.0)
        end = self.trace.x[-1] / unit if self.trace.x else 1.0
        self.plot.setRange(xRange=(0, max(end, 1 / unit)), yRange=(0, 1.1 * top), padding=0)
        lost = self.tr("What took how long is known only while it runs.") if self.recorded else ""
        self.shares.show_shares(self.step.shares if self.step else {}, lost)
        self.read()

    @override
    def latest(self) -> str:
        if self.step is None:
            return ""
        rate = self.tr("{0} a second").format(number(round(self.step.rate)))
        return " · ".join(filter(None, (rate, wording.bound_by(self.step.shares))))

    @override
    def say(self, x: float, y: float) -> str:
        unit = 60.0 if self.plot.names["bottom"] == self.tr("minutes") else 1.0
        at = self.trace.nearest(x * unit)
        if at < 0:
            return ""
        return self.tr("{0} a second after {1}").format(
            number(round(self.trace.rows[at][0])), duration(self.trace.x[at])
        )
