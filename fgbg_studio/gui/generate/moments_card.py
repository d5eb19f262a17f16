"""Mean and standard deviation of every channel, as they settle."""

from __future__ import annotations

from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.generate.plot import PlotCard, Trace, depth_colour, red_green_blue
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT, small, tabular, theme

Channel = tuple[str, str]
"""A kind and the number of its channel, as text."""


def metres_of(settings: Settings) -> float:
    """Metres that a stored 1 of depth is; 0 where depth is stored without a unit."""
    encoding = settings.depth.encoding
    return encoding.step if encoding.needs_metres else 0.0


def moments_of(statistics: dict[str, KindStatistics]) -> dict[Channel, tuple[float, float]]:
    """(mean, σ) on 0..1 of each channel of composites, masks and depth."""
    found: dict[Channel, tuple[float, float]] = {}
    for kind in ("fg_bg", "mask", "depth"):
        if kind in statistics:
            means, deviations = statistics[kind].moments()
            for channel, pair in enumerate(zip(means, deviations, strict=True)):
                found[kind, str(channel)] = pair
    return found


class Column(NamedTuple):
    """A channel of the table."""

    name: str
    colour: QColor
    mean: float
    deviation: float
    unit: str = ""

    def text(self, value: float, *, short: bool = False) -> str:
        """A value with its unit; ``short`` with a decimal less."""
        return f"{value:.{2 - short}f} {self.unit}" if self.unit else f"{value:.{3 - short}f}"


class MomentsTable(QWidget):
    """Which colour is which channel, and the channel's mean and σ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(tabular(small(self.font())))
        self._line = self.fontMetrics().height()
        self.setFixedHeight(3 * self._line)
        self.columns: list[Column] = []

    def show_columns(self, columns: list[Column]) -> None:
        """Show these channels."""
        self.columns = columns
        said = [f"{one.name}: {self.tr('mean')} {one.text(one.mean)}, σ {one.text(one.deviation)}" for one in columns]
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
        x = float(first)
        for (texts, wide), one in zip(self._texts(self.width() - first), self.columns, strict=True):
            for row, text in enumerate(texts):
                painter.setPen(one.colour if row == 0 else theme.colours.colour("text"))
                place_of = QRectF(x, row * self._line, wide, self._line)
                painter.drawText(place_of, Qt.AlignmentFlag.AlignRight, text)
            x += wide
        painter.end()

    def _texts(self, room: float) -> list[tuple[tuple[str, str, str], float]]:
        """Of each channel the three texts, and how wide its column is: what is over is shared out evenly."""
        made, over = [], 0.0
        for short in (False, True):
            texts = [
                (one.name, one.text(one.mean, short=short), one.text(one.deviation, short=short))
                for one in self.columns
            ]
            needed = [max(map(self.fontMetrics().horizontalAdvance, three)) for three in texts]
            over = (room - sum(needed)) / max(len(texts), 1)
            made = [(three, wide + over) for three, wide in zip(texts, needed, strict=True)]
            if over >= 2 * UNIT:
                break
        return made


class MomentsCard(PlotCard):
    """Lines of the means, dotted lines of the deviations, over the samples that are made.

    Depth has a scale of its own at the right, in metres where it is stored so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.call(self.tr("Mean and σ, before encoding"), self.tr("samples"), self.tr("value, 0 to 1"))
        self.metres = 0.0
        self.at_right = self.plot.add_right_axis()
        self.values: dict[Channel, tuple[float, float]] = {}
        self._statistics: dict[str, KindStatistics] | None = None
        self.trace = Trace(0)
        self.table = MomentsTable()
        self.column.insertWidget(1, self.table)
        self.lines: dict[tuple[str, str, int], pg.PlotCurveItem] = {}
        self.redraw()

    def set_metres(self, metres: float) -> None:
        """How many metres a stored 1 of depth is; 0 for none."""
        self.metres = metres

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
            row = tuple(value for channel in self.values for value in self._shown(channel))
            if self.trial:
                self.trace.add(0, row)  # a level, as nothing is known of its way there
            self.trace.add(count, row)
        return True

    def _shown(self, channel: Channel) -> tuple[float, float]:
        """Mean and σ as they are drawn: of depth those of the pixels with a value, in metres where there is a unit."""
        assert self._statistics is not None
        found = self._statistics["depth"].in_metres(self.metres) if channel[0] == "depth" and self.metres else None
        return (found.mean, found.deviation) if found else self.values[channel]

    @override
    def redraw(self) -> None:
        wanted = {(*channel, part) for channel in self.values for part in (0, 1)}
        for key in set(self.lines) - wanted:
            (self.at_right if key[0] == "depth" else self.plot).removeItem(self.lines.pop(key))
        for place, channel in enumerate(self.values):
            for part, style in enumerate((Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine)):
                key = (*channel, part)
                if key not in self.lines:
                    self.lines[key] = pg.PlotCurveItem(antialias=True)
                    (self.at_right if channel[0] == "depth" else self.plot).addItem(self.lines[key])
                pen = pg.mkPen(self._colour(channel), width=1.5, style=style)
                self.lines[key].setData(self.trace.x, [row[2 * place + part] for row in self.trace.rows], pen=pen)
        end = self.trace.x[-1] if self.trace.x else 1.0
        begin = self.trace.x[0] if len(self.trace.x) > 1 else 0.0
        left, right = self._highest(depth=False), self._highest(depth=True)
        self.plot.setRange(xRange=(begin, end), yRange=(0, min(1.1 * left, 1.0)), padding=0)
        self.at_right.setYRange(0, 1.1 * right, padding=0)
        self.plot.showAxis("right", ("depth", "0") in self.values)
        self.plot.name_axis("right", self.tr("depth in metres") if self.metres else self.tr("stored depth, 0 to 1"))
        self.read()

    def _highest(self, *, depth: bool) -> float:
        """The highest value of what is drawn at one of the sides; 1 where there is none."""
        columns = [
            2 * place + part
            for place, channel in enumerate(self.values)
            if (channel[0] == "depth") == depth
            for part in (0, 1)
        ]
        return max((row[column] for row in self.trace.rows for column in columns), default=1.0) or 1.0

    def _show(self, at: int) -> str:
        """The table at a point of the lines, and what it is after."""
        row = self.trace.rows[at]
        self.table.show_columns(
            [
                Column(self.name(one), self._colour(one), mean, deviation, self._unit(one))
                for one, mean, deviation in zip(self.values, row[::2], row[1::2], strict=True)
            ]
        )
        count = round(self.trace.x[at])
        return number(count) if self.trial else self.tr("after {0}").format(number(count))  # samples, as at the axis

    def _unit(self, channel: Channel) -> str:
        return "m" if channel[0] == "depth" and self.metres else ""

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
