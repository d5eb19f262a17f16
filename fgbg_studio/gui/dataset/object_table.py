"""What a dataset says of the objects of one sample, a row each, in the colours of its index map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QTableWidget, QTableWidgetItem

from fgbg_studio.core.dataset.inspect.told_objects import ToldObject
from fgbg_studio.core.imaging.colour_maps import index_colours
from fgbg_studio.gui.lib.tables import LEFT, RIGHT, ROW, dress_heads, dress_table

_MOST = 4  # rows without scrolling
_WORDS = (1, 2)


class ObjectTable(QTableWidget):
    """Hidden where nothing is said."""

    def __init__(self) -> None:
        super().__init__(0, 8)
        heads = (
            "", self.tr("Class"), self.tr("Foreground"), self.tr("Visible"), self.tr("Occluded"), self.tr("Cut"),
            self.tr("Contact depth"), "",
        )  # fmt: skip
        self.setHorizontalHeaderLabels(list(heads))
        self.setAccessibleName(self.tr("Objects of the sample"))
        dress_table(self, "window")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        dress_heads(self, _WORDS)
        self.hide()

    def show_objects(self, objects: Sequence[ToldObject], unit: str) -> None:
        """A row for each; ``unit`` is of depth, empty where it is relative."""
        self.setRowCount(len(objects))
        for row, one in enumerate(objects):
            known = not math.isnan(one.contact)
            cells = (
                str(one.number), one.category or "–", one.foreground, f"{one.visible:.0%}", f"{one.occluded:.0%}",
                f"{one.cut:.0%}", f"{one.contact:.2f} {unit}".rstrip() if known else "–",
            )  # fmt: skip
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setTextAlignment(LEFT if column in _WORDS else RIGHT)
                self.setItem(row, column, item)
            number = self.item(row, 0)
            if number and 0 < one.number < 256:
                red, green, blue = index_colours(np.array([[one.number]], np.uint8))[0, 0].tolist()
                number.setData(Qt.ItemDataRole.DecorationRole, QColor(red, green, blue))
        self.resizeColumnsToContents()
        self.setVisible(bool(objects))

    def fit_into(self, room: int) -> int:
        """Be no higher than ``room`` pixels, but show a row at least; returns the height, 0 where it is hidden."""
        if self.isHidden():
            return 0
        rows = max(min(self.rowCount(), _MOST, room // ROW - 1), 1)
        self.setFixedHeight(ROW * (rows + 1) + 2)
        return self.height()
