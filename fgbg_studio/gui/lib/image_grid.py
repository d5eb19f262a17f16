"""A grid of thumbnails that stays quick with thousands: cells by key, painted by `image_cell.CellPainter`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPalette, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QSlider, QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.basics import IconLabel
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.image_cell import Cell, CellPainter
from fgbg_studio.gui.lib.theme import PAD, UNIT, theme

SMALLEST, LARGEST = 80, 320
_RUNS = 64  # more separate runs of rows than these are quicker put in as a whole
GAP = 2 * UNIT

Index = QModelIndex | QPersistentModelIndex
Describe = Callable[[str], Cell]


class GridModel(QAbstractListModel):
    """Keys in an order; what a cell shows is asked when it is painted."""

    def __init__(self, describe: Describe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self.keys: list[str] = []
        self.rows: dict[str, int] = {}

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many cells."""
        return 0 if parent.isValid() else len(self.keys)

    def cell(self, row: int) -> Cell:
        """What a row shows."""
        return self._describe(self.keys[row])

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's words, for those who ask or listen."""
        if not index.isValid() or index.row() >= len(self.keys):
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.cell(index.row()).tip
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole}:
            return self.cell(index.row()).spoken
        return None

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these in this order; rows that stay keep their selection."""
        new, old = list(keys), self.keys
        if new == old:
            return
        rows = {key: row for row, key in enumerate(new)}
        gone = [row for row, key in enumerate(old) if key not in rows]
        come = [row for row, key in enumerate(new) if key not in self.rows]
        same_order = [key for key in old if key in rows] == [key for key in new if key in self.rows]
        if same_order and len(runs(gone)) + len(runs(come)) <= _RUNS:
            for first, last in reversed(runs(gone)):
                self.beginRemoveRows(QModelIndex(), first, last)
                del self.keys[first : last + 1]
                self.endRemoveRows()
            for first, last in runs(come):
                self.beginInsertRows(QModelIndex(), first, last)
                self.keys[first:first] = new[first : last + 1]
                self.endInsertRows()
            self.rows = rows
        elif not gone and not come:
            self._reorder(new, rows)
        else:
            self.beginResetModel()
            self.keys, self.rows = new, rows
            self.endResetModel()

    def _reorder(self, new: list[str], rows: dict[str, int]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        after = [self.index(rows[self.keys[index.row()]]) for index in before]
        self.keys, self.rows = new, rows
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of those that follow each other."""
    made: list[tuple[int, int]] = []
    for row in rows:
        if made and made[-1][1] == row - 1:
            made[-1] = made[-1][0], row
        else:
            made.append((row, row))
    return made


def add_size_slider(row: QHBoxLayout, name: str) -> QSlider:
    """A slider for the size of a grid's pictures, between its two icons at the end of a row."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(SMALLEST, LARGEST)
    slider.setPageStep(32)
    slider.setMinimumWidth(40)
    slider.setMaximumWidth(96)
    slider.setAccessibleName(name)
    slider.setToolTip(slider.tr("{0} (Ctrl+wheel)").format(name))
    for part in (IconLabel(Icon.GRID_SMALL), slider, IconLabel(Icon.GRID_LARGE)):
        row.addWidget(part)
    return slider


class ImageGrid(QListView):
    """See the module; ``ground`` is the colour beneath, ``margins`` (left, top, right, bottom) lie around the cells.

    Signals:
        current_changed: the key that the keyboard is at, empty for none.
        chosen_changed: which are selected is another set.
        opened: the key that was double-clicked, or at which Return was pressed.
        wanted: the keys that are seen, and those of a screen below them, in the order to be loaded.
        zoomed: Ctrl+wheel, +1 or -1.
    """

    current_changed = Signal(str)
    chosen_changed = Signal()
    opened = Signal(str)
    wanted = Signal(list)
    zoomed = Signal(int)
    ground: ClassVar[QPalette.ColorRole] = QPalette.ColorRole.Window
    margins: ClassVar[tuple[int, int, int, int]] = (PAD - 2, 2, 0, 0)

    def __init__(
        self,
        describe: Describe,
        pixmap: Callable[[str], QPixmap | None],
        cells: type[CellPainter] = CellPainter,
    ) -> None:
        super().__init__()
        self.grid = GridModel(describe, self)
        self.side, self._columns = 160, 1
        self.cells = cells(pixmap, self)
        self.setModel(self.grid)
        self.setItemDelegate(self.cells)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)  # the window's own drop is for the whole place
        self._ask = QTimer(self, singleShot=True, interval=15)
        self._ask.timeout.connect(self._emit_wanted)
        self.verticalScrollBar().valueChanged.connect(self.want_again)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.grid.keys[index.row()]))
        self.selectionModel().currentChanged.connect(self._tell_current)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.viewport().setBackgroundRole(self.ground)  # a palette of its own would keep its colours
        theme.changed.connect(self.viewport().update)
        self.setViewportMargins(*self.margins)

    # What is shown

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these cells; selection and place are kept, and pass to a neighbour of what went away."""
        chosen, current, row = self.chosen(), self.current(), self.currentIndex().row()
        self.grid.set_keys(keys)
        now = set(self.chosen())
        kept = [key for key in chosen if key in self.grid.rows]
        if kept and now != set(kept):
            self.choose(kept, current if current in self.grid.rows else kept[0])
        elif chosen and not kept and keys:
            neighbour = self.grid.keys[min(max(row, 0), len(keys) - 1)]
            self.choose([neighbour], neighbour)
        self.want_again()

    def repaint_cells(self, keys: Iterable[str]) -> None:
        """These look different now."""
        rows = [self.grid.rows[key] for key in keys if key in self.grid.rows]
        if len(rows) > _RUNS:
            self.viewport().update()
        else:
            for row in rows:
                self.update(self.grid.index(row))

    def set_side(self, side: int) -> None:
        """The thumbnails' longer side in pixels of the screen; the current picture stays in sight."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self.side:
            self.side = side
            self._arrange()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def set_wide(self, wide: int) -> None:
        """Make cells so many times as wide as high, for pictures side by side."""
        if wide != self.cells.wide:
            self.cells.wide = wide
            self._arrange()

    @property
    def device_side(self) -> int:
        """The thumbnails' longer side in pixels of the device."""
        return round(self.side * self.devicePixelRatioF())

    # Selection

    def current(self) -> str:
        """The key that the keyboard is at, or empty."""
        index = self.currentIndex()
        return self.grid.keys[index.row()] if index.isValid() else ""

    def chosen(self) -> list[str]:
        """The selected keys in their order."""
        selection = self.selectionModel().selection()
        parts = [selection.at(number) for number in range(selection.count())]
        rows = sorted(row for part in parts for row in range(part.top(), part.bottom() + 1))
        return [self.grid.keys[row] for row in rows]

    def choose(self, keys: Iterable[str], current: str) -> None:
        """Select these and put the keyboard at ``current``."""
        rows = sorted(self.grid.rows[key] for key in keys if key in self.grid.rows)
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.select(self.grid.index(first), self.grid.index(last))
        model = self.selectionModel()
        if current in self.grid.rows:
            index = self.grid.index(self.grid.rows[current])
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            if index.row() >= self._columns or self.verticalScrollBar().value():
                self.scrollTo(index)  # which lays all cells out: thousands that were just put in can wait for that
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def step(self, by: int) -> None:
        """Select the next (+1) or previous (-1) one alone."""
        if self.grid.keys:
            row = min(max(self.currentIndex().row() + by, 0), len(self.grid.keys) - 1)
            self.choose([self.grid.keys[row]], self.grid.keys[row])

    # Qt's own

    @override
    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Left and right go on at the next line, as in a text."""
        kinds = QAbstractItemView.CursorAction
        screen = max(self.viewport().height() // max(self.gridSize().height(), 1), 1) * self._columns
        steps = {
            kinds.MoveLeft: -1,
            kinds.MovePrevious: -1,
            kinds.MoveRight: 1,
            kinds.MoveNext: 1,
            kinds.MoveUp: -self._columns,
            kinds.MoveDown: self._columns,
            kinds.MovePageUp: -screen,
            kinds.MovePageDown: screen,
        }
        last = len(self.grid.keys) - 1
        if action == kinds.MoveHome or not self.currentIndex().isValid():
            return self.grid.index(0)
        if action == kinds.MoveEnd:
            return self.grid.index(last)
        row = self.currentIndex().row() + steps[action]
        if abs(steps[action]) == self._columns and not 0 <= row <= last:
            return self.currentIndex() if row < 0 or self._last_line() else self.grid.index(last)
        return self.grid.index(min(max(row, 0), last))

    def _last_line(self) -> bool:
        return self.currentIndex().row() // self._columns == (len(self.grid.keys) - 1) // self._columns

    @override
    def keyboardSearch(self, _text: str) -> None:
        """Letters are shortcuts here and look for nothing."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens; an arrow key with nothing selected yet begins at the first cell."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current():
            self.opened.emit(self.current())
            return
        super().keyPressEvent(event)
        index = self.currentIndex()
        if index.isValid() and not self.selectionModel().hasSelection() and event.key() != Qt.Key.Key_Escape:
            self.choose([self.current()], self.current())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._arrange()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the thumbnails change their size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def _arrange(self) -> None:
        # As wide as with a scroll bar, whether there is one or not, so that columns do not jump; Qt breaks the
        # line where the last cell would end at the very edge.
        room = self.width() - PAD - self.verticalScrollBar().sizeHint().width() - 1
        self._columns, side = self.fitting(room)
        size = QSize(max(room // self._columns, 1), side + self.cells.caption_room + GAP)
        self.cells.side = side
        if size != self.gridSize():
            self.setGridSize(size)
            self.verticalScrollBar().setSingleStep(size.height() // 3)
        self.want_again()

    def fitting(self, room: int) -> tuple[int, int]:
        """(columns, side of a thumbnail) in so many pixels of width; ``side`` itself unless this is overridden."""
        return max(room // (self.side + GAP), 1), self.side

    @Slot()
    def want_again(self) -> None:
        """Ask anew for what is seen."""
        if not self._ask.isActive():
            self._ask.start()

    def seen(self, screens: float = 0.0) -> list[str]:
        """The keys that are seen, and those of so many screens below and half as many above."""
        high = max(self.gridSize().height(), 1)
        top, screen = self.verticalScrollBar().value(), self.viewport().height()

        def line(y: float) -> int:
            return max(int(y // high), 0) * self._columns

        first, last = line(top), line(top + screen) + self._columns
        below = self.grid.keys[last : line(top + screen * (1 + screens)) + self._columns] if screens else []
        above = self.grid.keys[line(top - screen * screens / 2) : first] if screens else []
        return self.grid.keys[first:last] + below + above[::-1]

    @Slot()
    def _emit_wanted(self) -> None:
        if self.isVisible():
            self.wanted.emit(self.seen(1.0))

    @Slot(QModelIndex, QModelIndex)
    def _tell_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.current_changed.emit(self.grid.keys[current.row()] if current.isValid() else "")
