"""Mean and standard deviation of every channel, as they settle."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.dataset.run import RunProgress
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.gui.generate.plot import PlotCard, Trace, depth_colour, red_green_blue
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT, small, theme

Channel = tuple[str, str]
"""A kind and the number of its channel, as text."""


def moments_of(statistics: dict[str, KindStatistics]) -> dict[Channel, tuple[float, float]]:
    """(mean, σ) on 0..1 of each channel of composites, masks and depth."""
    found: dict[Channel, tuple[float, float]] = {}
    for kind in ("fg_bg", "mask", "depth"):
        if kind in statistics:
            means, deviations = statistics[kind].moments()
            for channel, pair in enumerate(zip(means, deviations, strict=True)):
                found[kind, str(channel)] = pair
    return found


class MomentsTable(QWidget):
    """Which colour is which channel, and the channel's mean and σ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(small(self.font()))
        self._line = self.fontMetrics().height()
        self.setFixedHeight(3 * self._line)
        self.columns: list[tuple[str, QColor, float, float]] = []

    def show_columns(self, columns: list[tuple[str, QColor, float, float]]) -> None:
        """(name, colour, mean, σ) of each channel."""
        self.columns = columns
        said = [f"{name}: {self.tr('mean')} {mean:.3f}, σ {deviation:.3f}" for name, _, mean, deviation in columns]
        self.setAccessibleName("; ".join(said))
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint three lines: names, means, deviations."""
        painter = QPainter(self)
        heads = ("", self.tr("mean —"), self.tr("σ ····"))
        first = max(self.fontMetrics().horizontalAdvance(head) for head in heads) + 2 * UNIT
        painter.setPen(theme.colours.colour("quiet"))
        for row, head in enumerate(heads):
            painter.drawText(QRectF(0, row * self._line, first, self._line), head)
        if self.columns:
            wide = (self.width() - first) / len(self.columns)
            for place, (name, colour, mean, deviation) in enumerate(self.columns):
                for row, text in enumerate((name, f"{mean:.3f}", f"{deviation:.3f}")):
                    painter.setPen(colour if row == 0 else theme.colours.colour("text"))
                    place_of = QRectF(first + place * wide, row * self._line, wide, self._line)
                    painter.drawText(place_of, Qt.AlignmentFlag.AlignRight, text)
        painter.end()


class MomentsCard(PlotCard):
    """Lines of the means, dotted lines of the deviations, over the samples that are made."""

    def __init__(self) -> None:
        super().__init__()
        self.call(self.tr("Mean and σ, before coding"), self.tr("samples"), self.tr("value, 0 to 1"))
        self.values: dict[Channel, tuple[float, float]] = {}
        self._statistics: dict[str, KindStatistics] | None = None
        self.trace = Trace(0)
        self.table = MomentsTable()
        self.column.insertWidget(1, self.table)
        self.lines: dict[tuple[str, str, int], pg.PlotCurveItem] = {}
        self.redraw()

    @override
    def clear(self) -> None:
        self.values, self.trace, self._statistics = {}, Trace(0), None

    @override
    def take(self, step: RunProgress) -> bool:
        if step.statistics is self._statistics or "fg_bg" not in step.statistics:
            return False
        self._statistics = step.statistics
        self.values = moments_of(step.statistics)
        if self.trace.width != len(self.values):
            self.trace = Trace(len(self.values))
        count = step.statistics["fg_bg"].count
        if not self.trace.x or count > self.trace.x[-1]:
            self.trace.add(count, tuple(value for pair in self.values.values() for value in pair))
        return True

    @override
    def redraw(self) -> None:
        wanted = {(*channel, part) for channel in self.values for part in (0, 1)}
        for key in set(self.lines) - wanted:
            self.plot.removeItem(self.lines.pop(key))
        for place, channel in enumerate(self.values):
            for part, style in enumerate((Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine)):
                key = (*channel, part)
                if key not in self.lines:
                    self.lines[key] = pg.PlotCurveItem(antialias=True)
                    self.plot.addItem(self.lines[key])
                pen = pg.mkPen(self._colour(channel), width=1.5, style=style)
                self.lines[key].setData(self.trace.x, [row[2 * place + part] for row in self.trace.rows], pen=pen)
        top = max((max(row) for row in self.trace.rows), default=1.0)
        end = self.trace.x[-1] if self.trace.x else 1.0
        begin = self.trace.x[0] if len(self.trace.x) > 1 else 0.0
        self.plot.setRange(xRange=(begin, end), yRange=(0, min(1.1 * top, 1.0)), padding=0)
        self.read()

    def _show(self, at: int) -> str:
        """The table at a point of the lines, and what it is after."""
        row = self.trace.rows[at]
        self.table.show_columns(
            [
                (self.name(channel), self._colour(channel), row[2 * place], row[2 * place + 1])
                for place, channel in enumerate(self.values)
            ]
        )
        return self.tr("after {0} samples").format(number(round(self.trace.x[at])))

    @override
    def latest(self) -> str:
        if self.trace.rows:
            return self._show(-1)
        self.table.show_columns([])
        return ""

    @override
    def say(self, x: float, y: float) -> str:
        at = self.trace.nearest(x)
        return self._show(at) if at >= 0 else ""

    def name(self, channel: Channel) -> str:
        """What a channel is called: R, G, B, mask, depth."""
        kind, place = channel
        if kind == "fg_bg":
            return "RGB"[int(place)] if ("fg_bg", "2") in self.values else self.tr("grey")
        return self.tr("mask") if kind == "mask" else self.tr("depth")

    def _colour(self, channel: Channel) -> QColor:
        kind, place = channel
        if kind == "fg_bg" and ("fg_bg", "2") in self.values:
            return red_green_blue()[int(place)]
        return {"depth": depth_colour(), "mask": theme.colours.colour("quiet")}.get(kind, theme.colours.colour("text"))
