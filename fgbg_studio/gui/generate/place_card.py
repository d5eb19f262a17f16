"""Where objects stand: how often the middle of their lower edge lies in each part of the frame."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsRectItem
from typing_extensions import override

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.plan.statistics import CELLS
from fgbg_studio.gui.generate.plot import PlotCard
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import theme


def ramp() -> NDArray[np.uint8]:
    """(256, 3): from the card's own colour over the accent to what stands out most."""
    colours = theme.colours
    stops = [colours.colour("panel"), colours.colour("accent"), colours.colour("text")]
    values = np.array([[colour.red(), colour.green(), colour.blue()] for colour in stops], np.float64)
    at = np.linspace(0, 1, 256)
    channels = [np.interp(at, (0.0, 0.7, 1.0), values[:, channel]) for channel in range(3)]
    return np.asarray(np.rint(np.stack(channels, axis=1)), np.uint8)


class PlaceCard(PlotCard):
    """A heat map of the frame."""

    def __init__(self) -> None:
        super().__init__()
        self.call(self.tr("Where objects stand"), self.tr("x in px"), self.tr("y in px"))
        self.frame_side = 256
        self.feet: NDArray[np.int64] = np.zeros((CELLS, CELLS), np.int64)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.edge = QGraphicsRectItem()
        self.plot.addItem(self.edge)
        self.plot.getViewBox().invertY(True)
        self.plot.getViewBox().setAspectLocked(True)
        self.set_frame(256)
        self.dress()

    def set_frame(self, side: int) -> None:
        """The side of the frame in pixels."""
        self.frame_side = side
        self.plot.setRange(xRange=(0, side), yRange=(0, side), padding=0)
        self.redraw()

    @override
    def clear(self) -> None:
        self.feet = np.zeros((CELLS, CELLS), np.int64)

    @override
    def take(self, step: RunProgress) -> bool:
        if step.placed is None or not step.placed.count or np.array_equal(step.placed.feet, self.feet):
            return False
        self.feet = step.placed.feet
        return True

    @override
    def redraw(self) -> None:
        self.image.setImage(self.feet.astype(np.float32), levels=(0, max(int(self.feet.max()), 1)), lut=ramp())
        self.edge.setRect(0, 0, self.frame_side, self.frame_side)
        self.edge.setPen(pg.mkPen(theme.colours.colour("line")))
        self.image.setRect(QRectF(0, 0, self.frame_side, self.frame_side))
        self.read()

    @override
    def latest(self) -> str:
        if not self.feet.any():
            return ""
        return self.tr("{0} of the frame").format(f"{float((self.feet > 0).mean()):.0%}")

    @override
    def say(self, x: float, y: float) -> str:
        cell = self.frame_side / CELLS
        column, row = int(x // cell), int(y // cell)
        if not (0 <= row < CELLS and 0 <= column < CELLS) or not self.feet.any():
            return ""
        return self.tr("x {0}, y {1}: {2} samples").format(round(x), round(y), number(int(self.feet[row, column])))
