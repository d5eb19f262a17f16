"""The card of the newest samples."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.gui.generate.newest import NewestSamples, Seen
from fgbg_studio.gui.generate.plot import Card
from fgbg_studio.gui.lib.theme import UNIT, theme

_FEWEST, MOST = 8, 24
"""Thumbnails at least and at most."""


class NewestCard(Card):
    """A grid of the newest thumbnails, the newest first."""

    def __init__(self, newest: NewestSamples) -> None:
        super().__init__()
        self.title.setText(self.tr("Newest samples"))
        self.newest, self.grid = newest, NewestThumbnails()
        self.column.addWidget(self.grid, 1)
        self._wanted: tuple[int, ...] = ()
        newest.seen.connect(self.grid.show_seen)

    @override
    def clear(self) -> None:
        self._wanted = ()
        self.grid.show_seen([])

    @override
    def take(self, step: RunProgress) -> bool:
        wanted = tuple(dict.fromkeys((*step.newest, *step.underway)))[-MOST:]
        if not wanted or wanted == self._wanted:
            return False
        self._wanted = wanted
        return True

    @override
    def redraw(self) -> None:
        if self._wanted:
            self.newest.want(self._wanted)


class NewestThumbnails(QWidget):
    """As many of the newest as there is room for, at one size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: list[tuple[str, QPixmap]] = []
        theme.changed.connect(self.update)

    @Slot(list)
    def show_seen(self, seen: list[Seen]) -> None:
        """Show these, of which the last is the newest."""
        self.shown = [(name, QPixmap.fromImage(image)) for _, name, image in reversed(seen)]
        self.update()

    def places(self) -> list[QRect]:
        """Where each thumbnail is."""
        columns, rows, side = self._division()
        aside = (self.width() - columns * (side + UNIT) + UNIT) // 2
        above = (self.height() - rows * (side + UNIT) + UNIT) // 2
        return [
            QRect(aside + (i % columns) * (side + UNIT), above + (i // columns) * (side + UNIT), side, side)
            for i in range(min(len(self.shown), columns * rows))
        ]

    def _division(self) -> tuple[int, int, int]:
        """Columns, rows and the side of a thumbnail: those that leave least of the room empty."""
        wide, high = self.width() + UNIT, self.height() + UNIT
        found = []
        for columns in range(1, MOST + 1):
            for rows in range(1, MOST // columns + 1):
                side = min(wide // columns, high // rows) - UNIT
                if columns * rows >= _FEWEST and side > 0:
                    found.append((columns * rows * side * side, columns, rows, side))
        return max(found)[1:] if found else (1, 1, max(min(wide, high) - UNIT, 1))

    @override
    def event(self, event: QEvent) -> bool:
        """Say a thumbnail's name where the mouse rests."""
        if isinstance(event, QHelpEvent):
            for place, (name, _) in zip(self.places(), self.shown, strict=False):
                if place.contains(event.pos()):
                    QToolTip.showText(event.globalPos(), name, self, place)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them with a thin line around."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme.colours.colour("line"))
        for place, (_, pixmap) in zip(self.places(), self.shown, strict=False):
            painter.drawPixmap(place, pixmap)
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        if not self.shown:
            painter.setPen(theme.colours.colour("quiet"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("none yet"))
        painter.end()
