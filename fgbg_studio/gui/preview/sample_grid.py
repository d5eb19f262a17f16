"""The grid of samples: one click shows one large, a mouse that rests shows all of its pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QRect, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from fgbg_studio.gui.lib.image_cell import Cell
from fgbg_studio.gui.lib.image_grid import GAP, ImageGrid
from fgbg_studio.gui.preview.hover_card import HoverCard

_REST = 450
"""Milliseconds that the mouse rests before the card comes."""


class SampleGrid(ImageGrid):
    """Cells are places, '0' upwards. ``card_wanted`` asks who knows the samples to fill `card`."""

    card_wanted = Signal(int)

    def __init__(self, describe: Callable[[str], Cell], pixmap: Callable[[str], QPixmap | None]) -> None:
        super().__init__(describe, pixmap)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.card = HoverCard(self)
        self.hovered = -1
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(lambda: self.card_wanted.emit(self.hovered))
        self.clicked.connect(lambda index: self.opened.emit(self.grid.keys[index.row()]))
        self.verticalScrollBar().valueChanged.connect(self.hide_card)

    @override
    def fitting(self, room: int) -> tuple[int, int]:
        """As many columns as hold pictures no larger than was chosen; they fill the width."""
        wide = self.cells.wide
        columns = max(-(-room // (self.side * wide + GAP)), 1)
        return columns, min((room // columns - GAP) // wide, self.side)

    def show_card(self) -> None:
        """Show the filled card at the cell under the mouse."""
        cell = self.visualRect(self.model().index(self.hovered, 0))
        if self.isVisible() and cell.isValid() and self.hovered >= 0:
            on_desktop = QRect(self.viewport().mapToGlobal(cell.topLeft()), cell.size())
            self.card.show_beside(on_desktop, self.screen().availableGeometry())

    def hide_card(self) -> None:
        """Take the card away until the mouse rests on another cell."""
        self._rest.stop()
        self.hovered = -1
        self.card.hide()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The card belongs to one cell."""
        super().mouseMoveEvent(event)
        index: QModelIndex = self.indexAt(event.position().toPoint())
        row = index.row() if index.isValid() else -1
        if row != self.hovered:
            self.hide_card()
            self.hovered = row
            if row >= 0 and not event.buttons():
                self._rest.start()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Whoever clicks has seen enough of the card."""
        self.hide_card()
        super().mousePressEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        """Nor does it stay when the mouse leaves, or the grid."""
        if event.type() in {QEvent.Type.Leave, QEvent.Type.Hide, QEvent.Type.Wheel}:
            self.hide_card()
        return super().viewportEvent(event)
