"""The table of kinds: count, files, size, shape, mean, σ; the kind that is chosen is browsed below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem
from typing_extensions import override

from fgbg_studio.core.dataset.figures import Reports
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.gui.dataset.wording import TableCell, table_row
from fgbg_studio.gui.lib.tables import LEFT, RIGHT, ROW, dress_heads, dress_table
from fgbg_studio.gui.lib.theme import GROUP, theme

_WORDS = (0, 4)  # columns of words; numbers stand at the right
_FILES = 2
_WAYS = ((4, True), (3, True), (3, False))  # decimal places, and whether files have a column: what fits is shown


class KindsTable(QTableWidget):
    """``kind_chosen`` brings the kind of the row that is chosen."""

    kind_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(0, 8)  # the last one is empty: it takes the room that is left
        self.kinds: list[str] = []
        self._rows: dict[int, list[list[TableCell]]] = {}
        self.setHorizontalHeaderLabels(
            [
                self.tr("Kind"),
                self.tr("Pictures"),
                self.tr("Files"),
                self.tr("Size"),
                self.tr("Shape"),
                self.tr("Mean (R G B)"),
                self.tr("σ (R G B)"),
                "",
            ]
        )
        self.setAccessibleName(self.tr("Kinds of pictures in the dataset"))
        dress_table(self)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        dress_heads(self, _WORDS)
        self.itemSelectionChanged.connect(self._tell)
        theme.changed.connect(self._fit)

    def show_contents(self, contents: Contents, reports: Reports, recorded: Reports) -> None:
        """Show what is counted of every kind, the choice stays where its kind is there still.

        ``recorded`` is what the dataset says of itself: it is in the tooltips.
        """
        chosen = self.chosen()
        self.kinds = list(contents.counts)
        self._rows = {
            places: [table_row(contents, kind, reports.get(kind), recorded.get(kind), places) for kind in self.kinds]
            for places, _ in _WAYS
        }
        with QSignalBlocker(self):  # fewer rows than before would choose the last
            self._fit()
            if chosen in self.kinds:
                self.selectRow(self.kinds.index(chosen))

    def choose(self, kind: str) -> None:
        """Choose the row of a kind."""
        if kind in self.kinds:
            self.selectRow(self.kinds.index(kind))

    def chosen(self) -> str:
        """The kind that is chosen, or empty."""
        row = self.currentRow()
        return self.kinds[row] if 0 <= row < len(self.kinds) and self.selectedItems() else ""

    @override
    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(600, self.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer decimal places where all of them do not fit."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        if not self._rows:
            return
        room = self.viewport().width()
        for places, files in _WAYS:
            widths = self._widths(self._rows[places])
            if not files:
                widths[_FILES] = 0
            if sum(widths) <= room:
                break
        self._fill(self._rows[places])
        self.setColumnHidden(_FILES, not files)
        for column, width in enumerate(widths):
            if width:
                self.setColumnWidth(column, width)
        fits, policy = sum(widths) <= room, Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAlwaysOn)
        bar = 0 if fits else self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(ROW * (len(self.kinds) + 1) + 2 + bar)

    def _widths(self, rows: Sequence[Sequence[TableCell]]) -> list[int]:
        metrics, found = self.fontMetrics(), []
        for column in range(self.columnCount() - 1):
            head = self.horizontalHeaderItem(column)
            words = [row[column].text for row in rows] + ([head.text()] if head else [])
            found.append(max(map(metrics.horizontalAdvance, words)) + GROUP + 2)
        return found

    def _fill(self, rows: Sequence[Sequence[TableCell]]) -> None:
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    item.setTextAlignment(LEFT if column in _WORDS else RIGHT)
                    self.setItem(row, column, item)
                item.setText(cell.text)
                item.setToolTip(cell.tip or cell.text)
                item.setForeground(theme.colours.colour(cell.look))

    def _tell(self) -> None:
        if self.chosen():
            self.kind_chosen.emit(self.chosen())
