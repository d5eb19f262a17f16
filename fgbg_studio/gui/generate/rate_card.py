"""Samples a second over time, and what bounds them now."""

from __future__ import annotations

from collections.abc import Mapping

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.base.words import duration
from fgbg_studio.core.dataset.run import RunProgress
from fgbg_studio.core.dataset.shard import PHASES
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.plot import PlotCard, Trace
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT, small, theme

_MINUTES = 180  # seconds from which on the axis is in minutes


def phase_colours() -> dict[str, QColor]:
    """One for each phase, apart from the channels' own."""
    dark = {"compose": "#4ec9b0", "depth": "#c792ea", "encode": "#f0b429", "write": "#8fa3b8", "sync": "#5d6b7a"}
    light = {"compose": "#128c7e", "depth": "#8e44ad", "encode": "#d08700", "write": "#7a8794", "sync": "#b3bcc6"}
    return {name: QColor(text) for name, text in (dark if theme.colours.dark else light).items()}


class PhaseBar(QWidget):
    """A bar of the phases' parts of the working time, the largest ones named."""

    _BAR = 10

    def __init__(self) -> None:
        super().__init__()
        self.shares: Mapping[str, float] = {}
        self.setFont(small(self.font()))
        self.setFixedHeight(self._BAR + UNIT + self.fontMetrics().height())

    def show_shares(self, shares: Mapping[str, float]) -> None:
        """Show these, which add up to 1."""
        self.shares = shares
        names = wording.phase_names()
        text = "\n".join(f"{names[phase]} {shares[phase]:.0%}" for phase in PHASES if phase in shares)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bar and names."""
        painter, colours, names = QPainter(self), phase_colours(), wording.phase_names()
        metrics, x = self.fontMetrics(), 0.0
        painter.fillRect(QRectF(0, 0, self.width(), self._BAR), theme.colours.colour("raised"))
        written = 0.0
        for phase in PHASES:
            wide = self.width() * self.shares.get(phase, 0.0)
            painter.fillRect(QRectF(x, 0, wide, self._BAR), colours[phase])
            text = f"{names[phase]} {self.shares.get(phase, 0.0):.0%}"
            if wide >= 0.1 * self.width() and max(x, written) + metrics.horizontalAdvance(text) <= self.width():
                painter.setPen(theme.colours.colour("quiet"))
                painter.drawText(QRectF(max(x, written), self._BAR + UNIT, self.width(), metrics.height()), text)
                written = max(x, written) + metrics.horizontalAdvance(text) + 2 * UNIT
            x += wide
        painter.end()


class RateCard(PlotCard):
    """A line of samples a second, the bar of shares below it."""

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
        self.seconds = 0.0
        self.dress()

    @override
    def clear(self) -> None:
        self.trace, self.step, self.seconds = Trace(1), None, 0.0

    def set_seconds(self, seconds: float) -> None:
        """How long the run works already: the next step's place on the axis."""
        self.seconds = seconds

    @override
    def take(self, step: RunProgress) -> bool:
        if not step.rate:
            return False
        self.step = step
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
        self.shares.show_shares(self.step.shares if self.step else {})
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
