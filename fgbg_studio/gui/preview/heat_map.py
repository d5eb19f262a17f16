"""A square of counts as a picture: the more, the nearer to the accent's colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import theme

_SMALLEST, _LARGEST = 128, 288


class HeatMap(QWidget):
    """Cells of a frame, each with a count; a hover says it.

    Args:
        words: of a tooltip, with {0} for the count and {1} for its share.
    """

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self._counts: NDArray[np.int64] | None = None
        self._whole = 1
        self._image: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._colour)

    def show_counts(self, counts: NDArray[np.int64] | None, whole: int = 1, words: str = "") -> None:
        """Show (n, n) counts, [row, column]; ``whole`` is what a share is of."""
        self._counts, self._whole, self._words = counts, max(whole, 1), words or self._words
        self._colour()

    def tooltip_at(self, place: QPoint) -> str:
        """What a hover there says."""
        square = self._square()
        if self._counts is None or not square.contains(place):
            return ""
        cells = len(self._counts)
        row = min(int((place.y() - square.y()) / square.height() * cells), cells - 1)
        column = min(int((place.x() - square.x()) / square.width() * cells), cells - 1)
        count = int(self._counts[row, column])
        return self._words.format(f"{count:,}", f"{count / self._whole:.1%}")

    @override
    def event(self, event: QEvent) -> bool:
        """The count under the mouse."""
        if isinstance(event, QHelpEvent):
            text = self.tooltip_at(event.pos())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    @override
    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(_LARGEST, _LARGEST)

    @override
    def minimumSizeHint(self) -> QSize:
        """Cells of a few pixels."""
        return QSize(_SMALLEST, _SMALLEST)

    @override
    def heightForWidth(self, width: int) -> int:
        """As high as wide."""
        return min(max(width, _SMALLEST), _LARGEST)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The cells in a frame."""
        painter, square = QPainter(self), self._square()
        painter.fillRect(square, theme.colours.colour("window"))
        if self._image is not None:
            painter.drawImage(square, self._image)
        painter.setPen(theme.colours.colour("line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, 0, side, side)

    def _colour(self) -> None:
        self._image = None
        if self._counts is not None and self._counts.max() > 0:
            colours = [theme.colours.colour(name) for name in ("window", "accent")]
            none, most = (np.array([c.red(), c.green(), c.blue()], np.float64) for c in colours)
            share = np.sqrt(self._counts / self._counts.max())[..., None]  # the few are to be seen beside the many
            self._image = to_image(np.rint(none + share * (most - none)).astype(np.uint8))
        self.update()
