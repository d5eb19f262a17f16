"""A label that never asks for more room than there is."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel
from typing_extensions import override

_LEAST = 96
"""Pixels: shorter words are shown whole wherever they stand."""
_MUCH = 1 << 16  # pixels: room for every line


class Label(QLabel):
    """Plain words; what does not fit ends in an ellipsis, and is then said by a tooltip.

    Where words wrap, a word that is longer than a line loses its middle, and the last line its end where there are
    too few. A long name therefore widens no panel.
    """

    _tip = ""

    def height_of(self, lines: int) -> int:
        """Pixels that so many lines need."""
        whole = QRect(0, 0, _LEAST, _LEAST)
        return self.fontMetrics().boundingRect(whole, 0, "\n".join(["Ag"] * lines)).height()

    def lines_in(self, width: int) -> int:
        """Lines that the words take where there are so many pixels for each."""
        return sum(len(self._broken(part, width)) for part in self.text().split("\n"))

    @override
    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(min(size.width(), _LEAST), size.height())

    def shown(self) -> str:
        """The words as they are painted."""
        return self._wrapped() if self.wordWrap() else self._lines(self.text().split("\n"))

    def _lines(self, lines: list[str]) -> str:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        return "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines)

    def _wrapped(self) -> str:
        metrics, room = self.fontMetrics(), self.contentsRect()
        text = self.text()
        for word in {word for word in text.split() if metrics.horizontalAdvance(word) > room.width()}:
            text = text.replace(word, metrics.elidedText(word, Qt.TextElideMode.ElideMiddle, room.width()))
        tried = range(1, room.height() // metrics.height() + 2)  # more lines than that have no room
        most = max(1, bisect_right(tried, room.height(), key=self.height_of))
        # `heightForWidth` lays words that can be selected out anew, and so has them painted again, for ever.
        needed = metrics.boundingRect(QRect(0, 0, room.width(), _MUCH), Qt.TextFlag.TextWordWrap.value, text).height()
        if text.count("\n") < most and needed <= room.height():
            return text
        lines = [line for part in text.split("\n") for line in self._broken(part, room.width())]
        if len(lines) > most:
            rest = " ".join(lines[most - 1 :])
            lines = [*lines[: most - 1], metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room.width())]
        return "\n".join(lines)

    def _broken(self, text: str, width: int) -> list[str]:
        """A paragraph as the lines that Qt breaks it into."""
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        lines: list[str] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        return lines or [""]

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown()
        whole = shown == self.text()
        self._say_whole("" if whole else self.text())
        if whole:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        flags = int(self.alignment().value)
        self.style().drawItemText(
            painter, self.contentsRect(), flags, self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )

    def _say_whole(self, text: str) -> None:
        """Own a tooltip only where nobody else has given one."""
        if text != self._tip and self.toolTip() == self._tip:
            self._tip = text
            self.setToolTip(text)
