"""The card of the newest samples."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from fgbg_studio.core.dataset.run import RunProgress
from fgbg_studio.gui.generate.newest import NewestSamples, Seen
from fgbg_studio.gui.generate.plot import Card
from fgbg_studio.gui.lib.theme import UNIT, theme


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
        if step.newest and step.newest != self._wanted:
            self._wanted = step.newest
            return True
        return False

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
        columns = self._columns()
        side = (self.width() - (columns - 1) * UNIT) // columns
        rows = max((self.height() + UNIT) // (side + UNIT), 1)
        return [
            QRect((i % columns) * (side + UNIT), (i // columns) * (side + UNIT), side, side)
            for i in range(min(len(self.shown), columns * rows))
        ]

    def _columns(self) -> int:
        """So many that twelve fill the room as well as they can."""
        return max(range(2, 7), key=lambda n: min((self.width() - n * UNIT) / n, self.height() / -(-12 // n) - UNIT))

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
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("after the first shard"))
        painter.end()
