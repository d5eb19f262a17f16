"""Every fault that verifying found, a line a file: filtered, sorted, shown, saved as a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHeaderView, QLineEdit, QTableView, QWidget
from typing_extensions import override

from fgbg_studio.core.base.files import natural_key
from fgbg_studio.core.base.words import csv_cell, one_line
from fgbg_studio.core.dataset.inspect.verify import VerifyReport
from fgbg_studio.gui.dataset.wording import sentence
from fgbg_studio.gui.lib.basics import button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import words
from fgbg_studio.gui.lib.tables import dress_table
from fgbg_studio.gui.lib.theme import PAD, UNIT, theme

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class Fault(NamedTuple):
    """One line: a file, or empty where it is about the whole dataset; what is wrong; whether that is a fault."""

    file: str
    what: str
    wrong: bool = True


def faults_of(report: VerifyReport) -> list[Fault]:
    """All of a report: faults first, then warnings and what does not belong to the dataset."""
    found = []
    for group in sorted(report.groups.values(), key=lambda one: -one.count):
        said = sentence(group.issue.clause(words))
        found += [Fault(name, said) for name in sorted(group.files, key=natural_key) or [""]]
    found += [Fault("", sentence(text), wrong=False) for text in report.warnings]
    return found + [Fault(name, sentence(str(reason)), wrong=False) for name, reason in report.passed.names]


def save_faults(faults: list[Fault], path: Path) -> None:
    """Write a table (``.csv``), or else text: the file, a tab, and what is wrong with it."""
    if path.suffix.lower() == ".csv":
        lines = ["file,fault", *(f"{csv_cell(one.file)},{csv_cell(one.what)}" for one in faults)]
    else:
        lines = [f"{one_line(one.file)}\t{one_line(one.what)}" for one in faults]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")


class FaultModel(QAbstractTableModel):
    """The faults that fit the filter, in the order that a head gives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.every: list[Fault] = []
        self.shown: list[Fault] = []
        self._text, self._what, self._order = "", "", (-1, False)

    def show_faults(self, faults: list[Fault]) -> None:
        """Show these instead of those before."""
        self.every = faults
        self.fit(self._text, self._what)

    def fit(self, text: str, what: str) -> None:
        """Show those whose file or words have ``text`` in them, and that are of the sort ``what``; empty for any."""
        self.beginResetModel()
        self._text, self._what = text.strip().lower(), what
        fits = (one for one in self.every if not what or one.what == what)
        self.shown = [one for one in fits if self._text in f"{one.file} {one.what}".lower()]
        self._sort()
        self.endResetModel()

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by none as they were found."""
        self._order = column, order == Qt.SortOrder.DescendingOrder
        self.fit(self._text, self._what)

    def _sort(self) -> None:
        column, down = self._order
        if column >= 0:
            self.shown.sort(key=lambda one: natural_key(one.what if column else one.file), reverse=down)

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Faults."""
        return 0 if parent.isValid() else len(self.shown)

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """File and fault."""
        return 0 if parent.isValid() else 2

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("File"), self.tr("What is wrong"))[section]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A line's words, whole in the tooltip; what is no fault is quiet."""
        one = self.shown[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return (one.file or self.tr("the whole dataset"), one.what)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and (not one.wrong or (not one.file and not index.column())):
            return theme.colours.colour("quiet")
        return None


class FaultList(QWidget):
    """See the module.

    Signals:
        show_wanted: the name of a file that is to be looked at.
        save_wanted: what is shown is to be saved.
        left: the person goes back.
    """

    show_wanted = Signal(str)
    save_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.faults = FaultModel(self)
        self.back = button(self.tr("Back"), Icon.PREVIOUS, "flat")
        self.filter, self.sorts = QLineEdit(), QComboBox()
        self.count = label("", "quiet")
        self.save = button(self.tr("Save list…"), Icon.SAVE)
        self.table = QTableView()
        self._arrange()
        theme.changed.connect(self.table.viewport().update)
        self.back.clicked.connect(self.left)
        self.save.clicked.connect(self.save_wanted)
        self.filter.textChanged.connect(self._fit)
        self.sorts.currentIndexChanged.connect(self._fit)
        self.table.activated.connect(self._open)

    def _arrange(self) -> None:
        self.filter.setPlaceholderText(self.tr("Filter by file or words"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setClearButtonEnabled(True)
        self.sorts.setAccessibleName(self.tr("Sort of fault"))
        self.sorts.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sorts.setMinimumContentsLength(16)
        bar = hbox(spacing=2 * UNIT, margins=(PAD, 2 * UNIT, PAD, 2 * UNIT))
        bar.addWidget(self.back)
        bar.addWidget(self.filter, 2)
        bar.addWidget(self.sorts, 3)
        bar.addWidget(self.count)
        bar.addWidget(self.save)
        table = self.table
        table.setModel(self.faults)
        table.setAccessibleName(self.tr("Faults of the dataset"))
        dress_table(table, "window")
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        column = vbox(self)
        column.addLayout(bar)
        column.addWidget(table, 1)

    def show_faults(self, faults: list[Fault]) -> None:
        """Show these, unfiltered."""
        self.faults.show_faults(faults)
        counts: dict[str, int] = {}
        for one in faults:
            counts[one.what] = counts.get(one.what, 0) + 1
        self.filter.clear()
        self.sorts.clear()
        self.sorts.addItem(self.tr("Everything"), "")
        for what, count in counts.items():
            self.sorts.addItem(f"{number(count)} × {what}", what)
            self.sorts.setItemData(self.sorts.count() - 1, what, Qt.ItemDataRole.ToolTipRole)

    def show_sort(self, what: str) -> None:
        """Show one sort of fault alone; empty for all."""
        self.sorts.setCurrentIndex(max(self.sorts.findData(what), 0))

    @Slot()
    def _fit(self) -> None:
        self.faults.fit(self.filter.text(), str(self.sorts.currentData() or ""))
        shown, every = len(self.faults.shown), len(self.faults.every)
        self.count.setText(
            number(every) if shown == every else self.tr("{0} of {1}").format(number(shown), number(every))
        )
        self.save.setEnabled(bool(shown))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        name = self.faults.shown[index.row()].file
        if name:
            self.show_wanted.emit(name)
