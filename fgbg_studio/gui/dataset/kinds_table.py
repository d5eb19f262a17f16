"""The table of kinds: count, files, size, shape, mean, σ, of what; the kind that is chosen is browsed below it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem
from typing_extensions import override

from fgbg_studio.core.dataset.figures import Reports
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.gui.dataset.wording import table_row
from fgbg_studio.gui.lib.theme import GROUP, PAD, tabular, theme

_ROW = 26
_RIGHT = (1, 2, 3)


class KindsTable(QTableWidget):
    """``kind_chosen`` brings the kind of the row that is chosen."""

    kind_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(0, 8)
        self.kinds: list[str] = []
        self.setHorizontalHeaderLabels(
            [
                self.tr("Kind"),
                self.tr("Pictures"),
                self.tr("Files"),
                self.tr("Size"),
                self.tr("Shape"),
                self.tr("Mean (R G B)"),
                self.tr("σ (R G B)"),
                self.tr("Of"),
            ]
        )
        self.setAccessibleName(self.tr("Kinds of pictures in the dataset"))
        self.setFont(tabular(self.font()))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setFixedHeight(_ROW)
        head.setStretchLastSection(True)
        for column in _RIGHT:
            item = self.horizontalHeaderItem(column)
            if item:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.itemSelectionChanged.connect(self._tell)
        theme.changed.connect(self._dress)
        self._dress()

    def show_contents(self, contents: Contents, reports: Reports) -> None:
        """Show what is counted of every kind; the choice stays where its kind is there still."""
        chosen = self.chosen()
        self.kinds = list(contents.counts)
        with QSignalBlocker(self):
            self.setRowCount(len(self.kinds))
            for row, kind in enumerate(self.kinds):
                for column, text in enumerate(table_row(contents, kind, reports.get(kind))):
                    item = QTableWidgetItem(text)
                    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
                    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                    item.setToolTip(kind if column == 0 else text)
                    self.setItem(row, column, item)
            self._fit_columns()
            if chosen in self.kinds:
                self.selectRow(self.kinds.index(chosen))
        self.setFixedHeight(_ROW * (len(self.kinds) + 1) + 2)

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

    def _fit_columns(self) -> None:
        metrics = QFontMetrics(self.font())
        for column in range(self.columnCount() - 1):
            items = [self.item(row, column) for row in range(self.rowCount())]
            texts = [item.text() for item in items if item]
            head = self.horizontalHeaderItem(column)
            texts.append(head.text() if head else "")
            self.setColumnWidth(column, max(metrics.horizontalAdvance(text) for text in texts) + GROUP + 4)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _dress(self) -> None:
        """A chosen row is a shade of the panel: the accent is for what is pressed."""
        c = theme.colours
        self.setStyleSheet(
            f"QTableWidget {{ background: {c.panel}; padding-left: {PAD - 4}px; outline: none;"
            f" selection-background-color: {c.line}; selection-color: {c.text}; }}"
            f"QHeaderView::section {{ background: {c.panel}; color: {c.quiet}; border: none;"
            f" border-bottom: 1px solid {c.line}; padding: 0 7px 0 7px; }}"
            f"QHeaderView {{ background: {c.panel}; }}"
            "QTableWidget::item { padding: 0 4px; border: none; }"
        )

    def _tell(self) -> None:
        if self.chosen():
            self.kind_chosen.emit(self.chosen())
