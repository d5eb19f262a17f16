"""The table of a comparison: a row a sample, the flagged ones first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTableView
from typing_extensions import override

from fgbg_studio.core.depth.difference import UNSEEN, Comparison, Difference
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.tables import LEFT, RIGHT, dress_table
from fgbg_studio.gui.lib.theme import UNIT, tabular, theme

Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()


class DifferenceModel(QAbstractTableModel):
    """The samples of a `Comparison` in the order in which they are worth a look.

    ``mark`` says of a sample's name that it is excluded; empty where it is not.
    """

    def __init__(self, mark: Callable[[str], str] = lambda _: "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mark = mark
        self._rows: list[Difference] = []
        self._heads: list[tuple[str, str]] = []
        self._icon = Icon.WARNING.icon("warn")
        self._struck = QFont(tabular(QFont()))
        self._struck.setStrikeOut(True)

    def show_result(self, result: Comparison) -> None:
        """Show these samples instead of those before."""
        self.beginResetModel()
        self._rows = result.worth_a_look()
        self._heads = self._names(result)
        self.endResetModel()

    def row(self, number: int) -> Difference:
        """The sample of a row."""
        return self._rows[number]

    def _names(self, result: Comparison) -> list[tuple[str, str]]:
        """(name, explanation) of each column."""
        unit = f" ({result.unit})" if result.unit else ""
        one, two = result.ways
        edge = self.tr("the step of depth across the object's border: large where it is crisp")
        return [
            (self.tr("Sample"), self.tr("background, foreground, p as cut or m mirrored, number of the placement")),
            (self.tr("Unseen"), self.tr("1: the network's depth does not change at the object; 0: it changes fully")),
            (self.tr("AbsRel"), self.tr("mean of the difference as a share of {0}'s depth").format(two)),
            (self.tr("RMSE{0}").format(unit), self.tr("root of the mean squared difference")),
            (self.tr("Correlation"), self.tr("of the two maps' pixels: 1 where they rise and fall together")),
            (self.tr("Border: {0}{1}").format(one, unit), edge),
            (self.tr("Border: {0}{1}").format(two, unit), edge),
        ]

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Samples."""
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Figures, and the name."""
        return 0 if parent.isValid() else len(self._heads)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names, explained by tooltips."""
        if orientation == Qt.Orientation.Vertical or section >= len(self._heads):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section else LEFT
        name, explained = self._heads[section]
        said: dict[int, str] = {Qt.ItemDataRole.DisplayRole: name, Qt.ItemDataRole.ToolTipRole: explained}
        return said.get(role)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, and what it is sorted by."""
        one, column = self._rows[index.row()], index.column()
        cell: dict[int, Any] = {
            Qt.ItemDataRole.DisplayRole: _texts(one)[column],
            Qt.ItemDataRole.TextAlignmentRole: RIGHT if column else LEFT,
            SORT: _values(one)[column],
        }
        mark = self._mark(one.name)
        if mark:  # it is not in the dataset any more
            cell[Qt.ItemDataRole.ForegroundRole] = theme.colours.colour("quiet")
            cell[Qt.ItemDataRole.FontRole] = self._struck
            cell[Qt.ItemDataRole.ToolTipRole] = mark.capitalize()
        elif one.flagged:
            cell[Qt.ItemDataRole.ToolTipRole] = self.tr(
                "The network did not see the object: unseen is {0} or more"
            ).format(UNSEEN)
        if one.flagged and column == 0:
            cell[Qt.ItemDataRole.DecorationRole] = self._icon
            cell[Qt.ItemDataRole.AccessibleTextRole] = self.tr("{0}, flagged").format(one.name)
        if mark and column == 0:
            cell[Qt.ItemDataRole.AccessibleTextRole] = f"{one.name}, {mark}"
        return cell.get(role)


class DifferenceFilter(QSortFilterProxyModel):
    """Sorts by the figures, and shows the flagged alone, or some by their names, where that is asked for."""

    def __init__(self, model: DifferenceModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._only = model, False
        self._names: frozenset[str] | None = None
        self.setSourceModel(model)
        self.setSortRole(SORT)

    def set_only(self, only: bool) -> None:
        """Show the flagged alone, or all."""
        self._only = only
        self.invalidate()

    def set_names(self, names: frozenset[str] | None) -> None:
        """Show these alone; all for None."""
        self._names = names
        self.invalidate()

    @override
    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """See `set_only` and `set_names`."""
        one = self._model.row(row)
        return (one.flagged or not self._only) and (self._names is None or one.name in self._names)


class DifferenceTable(QTableView):
    """See the module; ``chosen`` brings the name of the sample that is looked at, empty for none."""

    chosen = Signal(str)

    def __init__(self, mark: Callable[[str], str] = lambda _: "") -> None:
        super().__init__()
        self.differences = DifferenceModel(mark, self)
        self._filter = DifferenceFilter(self.differences, self)
        self.setModel(self._filter)
        self.setAccessibleName(self.tr("Samples of the comparison"))
        dress_table(self)
        self.setSortingEnabled(True)
        head = self.horizontalHeader()
        head.setSortIndicatorClearable(True)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def show_result(self, result: Comparison) -> None:
        """Show a comparison, its first row chosen."""
        self.differences.show_result(result)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # as the model has them: flagged first
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._choose_first()

    def show_flagged(self, only: bool) -> None:
        """Show the flagged alone, or all."""
        self._filter.set_only(only)
        self._keep_one()

    def show_names(self, names: frozenset[str] | None) -> None:
        """Show these samples alone; all for None."""
        self._filter.set_names(names)
        self._keep_one()

    def shown_names(self) -> list[str]:
        """The samples that are shown, in their order."""
        return [self._at(self._filter.index(row, 0)).name for row in range(self._filter.rowCount())]

    def _keep_one(self) -> None:
        if not self.currentIndex().isValid():
            self._choose_first()

    def chosen_name(self) -> str:
        """The name of the sample that is looked at, empty for none."""
        index = self.currentIndex()
        return self._at(index).name if index.isValid() else ""

    def height_of_all(self) -> int:
        """Pixels that head and rows take."""
        return self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 2 * UNIT

    def _choose_first(self) -> None:
        if self._filter.rowCount():
            self.selectRow(0)
        else:
            self.chosen.emit("")

    def _at(self, index: QModelIndex) -> Difference:
        return self.differences.row(self._filter.mapToSource(index).row())

    def _tell(self, index: QModelIndex) -> None:
        self.chosen.emit(self._at(index).name if index.isValid() else "")


def _values(one: Difference) -> list[Any]:
    unseen = -1.0 if one.unseen is None else one.unseen
    return [one.name, unseen, one.abs_rel, one.rmse, one.correlation, *one.sharpness]


def _texts(one: Difference) -> list[str]:
    name, _, *figures = _values(one)
    return [name, "–" if one.unseen is None else f"{one.unseen:.2f}", f"{figures[0]:.3f}"] + [
        f"{value:.2f}" for value in figures[1:]
    ]
