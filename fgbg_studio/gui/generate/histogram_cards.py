"""How much of the frame the masks cover, and how depth is spread."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from typing_extensions import override

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.depth.encodings import LinearByte, Millimetres
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.gui.generate.plot import PlotCard, depth_colour
from fgbg_studio.gui.lib.theme import theme

Counts = NDArray[np.int64]
_BINS = 100  # shown while there is nothing to show


class HistogramCard(PlotCard):
    """Bars over bins of one width, in percent of all that was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counts = np.zeros(_BINS, np.int64)
        self.width_of_bin, self.unit = 1.0, ""
        self.bars = pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0)
        self.plot.addItem(self.bars)
        self.redraw()

    def colour(self) -> QColor:
        """Of the bars."""
        return theme.colours.colour("accent")

    @override
    def clear(self) -> None:
        self.counts = np.zeros(_BINS, np.int64)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Percent of each bin."""
        return 100.0 * self.counts / max(int(self.counts.sum()), 1)

    @property
    def _used(self) -> tuple[int, int]:
        """First and last bin to show: where anything is, with a little room."""
        filled = np.flatnonzero(self.counts)
        if not len(filled):
            return 0, len(self.counts)
        return 0 if filled[0] < len(self.counts) / 3 else int(filled[0]), min(int(filled[-1]) + 2, len(self.counts))

    @override
    def redraw(self) -> None:
        first, last = self._used
        shares, edges = self.shares[first:last], np.arange(first, last + 1) * self.width_of_bin
        fill = self.colour()
        self.bars.setData(edges, shares, pen=pg.mkPen(fill, width=1))
        fill.setAlpha(110)
        self.bars.setBrush(fill)
        self.plot.setRange(xRange=(edges[0], edges[-1]), yRange=(0, 1.1 * shares.max() or 10.0), padding=0)
        self.read()

    @override
    def say(self, x: float, y: float) -> str:
        place = int(x // self.width_of_bin)
        if not 0 <= place < len(self.counts) or not self.counts.any():
            return ""
        low, high = place * self.width_of_bin, (place + 1) * self.width_of_bin
        return f"{low:.3g}–{high:.3g} {self.unit}: {self.shares[place]:.1f} %"


class CoverageCard(HistogramCard):
    """Samples by the part of the frame that is white in their masks."""

    def __init__(self) -> None:
        super().__init__()
        self.call(self.tr("Mask coverage"), self.tr("% of the frame"), self.tr("% of samples"))
        self.unit = self.tr("% of the frame")

    @override
    def take(self, step: RunProgress) -> bool:
        if not step.coverage.any() or np.array_equal(step.coverage, self.counts):
            return False
        self.counts = step.coverage
        return True

    @override
    def latest(self) -> str:
        total = int(self.counts.sum())
        if not total:
            return ""
        mean = float((np.arange(len(self.counts)) + 0.5) @ self.counts) / total
        return self.tr("{0} % on average").format(f"{mean:.1f}")


class DepthCard(HistogramCard):
    """Pixels by their depth, in metres where the stored values are."""

    def __init__(self) -> None:
        super().__init__()
        self.call(self.tr("Depth"), "", self.tr("% of pixels"))
        self._statistics: KindStatistics | None = None
        self.set_encoding(Millimetres())

    @override
    def colour(self) -> QColor:
        return depth_colour()

    def set_encoding(self, encoding: Encoding) -> None:
        """What the stored values mean."""
        self.width_of_bin, self.unit, name = 1.0, "", self.tr("stored value")
        if isinstance(encoding, Millimetres):
            self.width_of_bin, self.unit, name = 0.256, "m", self.tr("metres")
        elif isinstance(encoding, LinearByte):
            self.width_of_bin, self.unit, name = encoding.far / 255, "m", self.tr("metres")
        elif encoding.bits > 8:
            self.width_of_bin, name = 1 / 256, self.tr("relative depth")
        self.plot.name_axis("bottom", name)

    @override
    def clear(self) -> None:
        self._statistics = None
        super().clear()

    @override
    def take(self, step: RunProgress) -> bool:
        depth = step.statistics.get("depth")
        if depth is None or depth is self._statistics or not depth.count:
            return False
        self._statistics, self.counts = depth, depth.histogram.copy()
        return True

    @override
    def latest(self) -> str:
        if not self.counts.any():
            return ""
        middle = int(np.searchsorted(self.counts.cumsum(), self.counts.sum() / 2))
        near = f"{(middle + 0.5) * self.width_of_bin:.3g} {self.unit}"
        return self.tr("half of the pixels nearer than {0}").format(near)
