"""A small histogram with an axis in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from fgbg_studio.gui.theme import small, theme

_AXIS = 18


class BarPlot(QWidget):
    """Bars from the left to the right end of an axis.

    Args:
        title: what is counted, for those who cannot see it.
        words: what a hover says of a bar, by its number and count.
    """

    def __init__(self, title: str, words: Callable[[int, int], str]) -> None:
        super().__init__()
        self._words = words
        self._counts: list[int] = []
        self._marks: list[tuple[float, str]] = []
        self.setFixedHeight(72)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def show_counts(self, counts: Sequence[int], marks: Sequence[tuple[float, str]]) -> None:
        """Show bars, and words under places of the axis (0 its left end, 1 its right one)."""
        self._counts, self._marks = list(counts), list(marks)
        self.update()

    def said(self, x: float) -> str:
        """What a hover at ``x`` pixels says."""
        number = int(x / max(self.width(), 1) * len(self._counts))
        return self._words(number, self._counts[number]) if 0 <= number < len(self._counts) else ""

    def event(self, event: QEvent) -> bool:
        """The bar under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.said(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Bars on a line, words under it."""
        painter, colours = QPainter(self), theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base, most = self.height() - _AXIS, max([*self._counts, 1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent"))
        wide = self.width() / max(len(self._counts), 1)
        for number, count in enumerate(self._counts):
            tall = max(count / most * (base - 2), 1.0 if count else 0.0)
            painter.drawRect(QRectF(number * wide + 0.5, base - tall, max(wide - 1, 1), tall))
        painter.setPen(colours.colour("line"))
        painter.drawLine(0, base, self.width(), base)
        painter.setFont(small(self.font()))
        painter.setPen(colours.colour("quiet"))
        for place, text in self._marks:
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(place * self.width() - wide / 2, 0), self.width() - wide)
            painter.drawText(QRectF(left, base + 2, wide + 2, _AXIS - 2), Qt.AlignmentFlag.AlignVCenter, text)
