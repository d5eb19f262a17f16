"""How tables of figures look: quiet heads, no lines, one row chosen, digits of one width, the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTableWidget

from fgbg_studio.gui.lib.theme import tabular

ROW = 26
"""Pixels of a row."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# A selection in the accent's colour would hide marks in it: a chosen row is a shade of the panel.
_LOOKS = """
QTableView {{ background: palette({ground}); outline: none; selection-background-color: palette(mid);
  selection-color: palette(text); }}
QTableView::item {{ padding: 0 4px; border: none; }}
QHeaderView {{ background: palette({ground}); }}
QHeaderView::section {{ background: palette({ground}); color: palette(placeholder-text); border: none;
  border-bottom: 1px solid palette(mid); padding: 0 7px; }}
"""


def dress_table(table: QTableView, ground: str = "base") -> None:
    """Let ``table`` look and choose as all do; ``ground`` is the palette's role beneath it."""
    table.setStyleSheet(_LOOKS.format(ground=ground))
    table.setFont(tabular(table.font()))
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    head = table.horizontalHeader()
    head.setFont(tabular(head.font()))
    head.setHighlightSections(False)
    head.setDefaultAlignment(LEFT)
    head.setFixedHeight(ROW)


def dress_heads(table: QTableWidget, words: Sequence[int]) -> None:
    """Heads that are only read, over columns of numbers but for ``words``; the last column takes what room is left."""
    head = table.horizontalHeader()
    head.setSectionsClickable(False)
    head.setStretchLastSection(True)
    head.setMinimumSectionSize(1)
    for column in range(table.columnCount()):
        item = table.horizontalHeaderItem(column)
        if item:
            item.setTextAlignment(LEFT if column in words else RIGHT)
