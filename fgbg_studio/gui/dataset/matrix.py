"""Backgrounds × foregrounds as a table of pictures: a cell shows the first sample of its pair."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.split_files import code_of, name_of
from fgbg_studio.gui.dataset.split_colours import PaintedSplits, colour_of_code
from fgbg_studio.gui.dataset.stored_pictures import Key
from fgbg_studio.gui.lib.image_cell import checkers
from fgbg_studio.gui.lib.theme import theme

SIDE = 52
"""Of a cell in pixels."""
SPLIT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The place of the split of a pair, or of a picture that is held out."""
_SMALL = 26
"""Of a cell while splits are painted: how it goes over all is looked at, not each picture."""
_FOOT, _WASH = 4, 120  # pixels, and of 255

_EMPTY = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Pixmap = Callable[[Key], QPixmap | None]


class MatrixModel(QAbstractTableModel):
    """Which sample a cell shows; asked for the cells that are seen alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contents: Contents | None = None
        self._first: dict[tuple[int, int], int | None] = {}
        self.kind = "fg_bg"
        self.splits: PaintedSplits | None = None

    def open(self, contents: Contents | None) -> None:
        """Show this dataset."""
        self.beginResetModel()
        self._contents, self._first, self.splits = contents, {}, None
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _EMPTY) -> int:
        """Backgrounds."""
        return 0 if parent.isValid() or not self._contents else len(self._contents.backgrounds)

    @override
    def columnCount(self, parent: Index = _EMPTY) -> int:
        """Foregrounds."""
        return 0 if parent.isValid() or not self._contents else len(self._contents.foregrounds)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The sample's key as user role; words for those who ask or listen."""
        if not index.isValid() or not self._contents:
            return None
        if role == Qt.ItemDataRole.UserRole:
            first = self.first(index.row(), index.column())
            return None if first is None else (self.kind, first)
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            said = f"{self._contents.backgrounds[index.row()]} × {self._contents.foregrounds[index.column()]}"
            return said if self.splits is None else f"{said}: {name_of(self._code(index))}"
        if role == SPLIT_ROLE and self.splits is not None:
            return self._code(index)
        return None

    def _code(self, index: Index) -> int:
        assert self.splits
        return int(self.splits.pairs[index.row(), index.column()])

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The key of the background's or foreground's own picture as user role; its name for a tip."""
        if not self._contents:
            return None
        down = orientation == Qt.Orientation.Vertical
        new = self.splits is not None and (self.splits.backgrounds if down else self.splits.foregrounds)[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            name = (self._contents.backgrounds if down else self._contents.foregrounds)[section]
            return self.tr("{0}: held out").format(name) if new else name
        if role == SPLIT_ROLE and new:
            return code_of("new-background" if down else "new-foreground")
        if role == Qt.ItemDataRole.UserRole:
            axis = "bg" if down else "fg"
            number = self._contents.picture_of(axis, section)
            return None if number is None else (axis, number)
        return None

    def first(self, background: int, foreground: int) -> int | None:
        """The number of a pair's first sample."""
        pair = (background, foreground)
        if pair not in self._first and self._contents:
            numbers = self._contents.numbers(*pair)
            self._first[pair] = numbers[0] if len(numbers) else None
        return self._first.get(pair)


class _Head(QHeaderView):
    def __init__(self, orientation: Qt.Orientation, pixmap: Pixmap, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self._pixmap = pixmap
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(SIDE)
        self.setMinimumSectionSize(_SMALL)
        self.setHighlightSections(True)

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE + 8, SIDE + 8)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, theme.colours.colour("window"))
        key = self.model().headerData(section, self.orientation(), Qt.ItemDataRole.UserRole)
        down = self.orientation() == Qt.Orientation.Vertical
        room = rect.adjusted(2, 2, -8, -2) if down else rect.adjusted(2, 2, -2, -8)
        pixmap = self._pixmap(key) if key else None
        if pixmap:
            _paint(painter, room, pixmap)
        else:
            painter.setPen(theme.colours.colour("quiet"))
            text = str(self.model().headerData(section, self.orientation(), Qt.ItemDataRole.ToolTipRole))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), text)
        code = self.model().headerData(section, self.orientation(), SPLIT_ROLE)
        if code is not None:
            _tint(painter, room, int(code))
        painter.restore()


class _CellPainter(QStyledItemDelegate):
    def __init__(self, pixmap: Pixmap, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixmap = pixmap

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        key = index.data(Qt.ItemDataRole.UserRole)
        room: QRect = option.rect.adjusted(1, 1, -1, -1)
        pixmap = self._pixmap(tuple(key)) if key else None
        if pixmap:
            _paint(painter, room, pixmap)
        elif key:
            painter.fillRect(room, theme.colours.colour("raised"))
        code = index.data(SPLIT_ROLE) if key else None
        if code is not None:
            _tint(painter, room, int(code))
        if option.state & QStyle.StateFlag.State_Selected:
            pen = QPen(theme.colours.colour("accent"), 2)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(room.adjusted(1, 1, -1, -1))
        painter.restore()


def _tint(painter: QPainter, room: QRect, code: int) -> None:
    """The colour of a split over a picture, and whole at its foot; what is trained with has that alone."""
    colour = colour_of_code(code)
    foot = QRect(room.left(), room.bottom() - _FOOT + 1, room.width(), _FOOT)
    painter.fillRect(foot, colour)
    if code != code_of("train"):
        colour.setAlpha(_WASH)
        painter.fillRect(room, colour)


def _paint(painter: QPainter, room: QRect, pixmap: QPixmap) -> None:
    size = pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(room.topLeft(), size)
    place.moveCenter(room.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if pixmap.hasAlphaChannel():
        checkers(painter, place, 6)
    painter.drawPixmap(place, pixmap)


class Matrix(QTableView):
    """See the module.

    Signals:
        chosen: (background, foreground); None for either where a head was chosen, both None for all.
        opened: likewise, by Return or a double click.
        wanted: the keys that are seen.
        held: while splits are painted, 'bg' or 'fg' and the number of the picture whose head was clicked.
    """

    held = Signal(str, int)
    chosen = Signal(object, object)
    opened = Signal(object, object)
    wanted = Signal(list)

    def __init__(self, pixmap: Pixmap) -> None:
        super().__init__()
        self.pairs = MatrixModel(self)
        self.setModel(self.pairs)
        self.setItemDelegate(_CellPainter(pixmap, self))
        self.setHorizontalHeader(_Head(Qt.Orientation.Horizontal, pixmap, self))
        self.setVerticalHeader(_Head(Qt.Orientation.Vertical, pixmap, self))
        self.setAccessibleName(self.tr("Backgrounds by foregrounds"))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self._ask = QTimer(self, singleShot=True, interval=20)
        self._ask.timeout.connect(self._emit_wanted)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self.want_again)
            bar.rangeChanged.connect(self.want_again)
        self.selectionModel().currentChanged.connect(self._tell_pair)
        self.verticalHeader().sectionClicked.connect(lambda row: self._choose_head(row, None))
        self.horizontalHeader().sectionClicked.connect(lambda column: self._choose_head(None, column))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row(), index.column()))
        theme.changed.connect(self._dress)
        self._dress()

    def open(self, contents: Contents | None) -> None:
        """Show this dataset, or none."""
        self.pairs.open(contents)
        self._fit()
        self.want_again()

    def _fit(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        wide = self.verticalHeader().sizeHint().width() + SIDE * self.pairs.columnCount() + bar
        self.setMaximumWidth(max(wide, 4 * SIDE))  # what is more than all its columns is the grid's

    def show_kind(self, kind: str) -> None:
        """Show composites, masks or depth maps."""
        self.pairs.kind = kind
        self.viewport().update()
        self.want_again()

    def forget_choice(self) -> None:
        """Nothing is chosen any more."""
        with QSignalBlocker(self.selectionModel()):
            self.selectionModel().clear()
        self.viewport().update()

    def choose(self, background: int, foreground: int) -> None:
        """Mark a pair without telling of it."""
        with QSignalBlocker(self.selectionModel()):
            index = self.pairs.index(background, foreground)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
        self.viewport().update()

    def repaint_all(self) -> None:
        """Thumbnails are here."""
        self.viewport().update()
        self.horizontalHeader().viewport().update()
        self.verticalHeader().viewport().update()

    @Slot()
    def want_again(self) -> None:
        """Ask anew for what is seen."""
        if not self._ask.isActive():
            self._ask.start()

    @Slot()
    def _emit_wanted(self) -> None:
        if not self.isVisible() or not self.pairs.rowCount():
            return
        rows = self._seen(self.rowAt, self.pairs.rowCount(), self.viewport().height())
        columns = self._seen(self.columnAt, self.pairs.columnCount(), self.viewport().width())
        heads = [self.pairs.headerData(row, Qt.Orientation.Vertical, Qt.ItemDataRole.UserRole) for row in rows]
        heads += [self.pairs.headerData(c, Qt.Orientation.Horizontal, Qt.ItemDataRole.UserRole) for c in columns]
        firsts = [self.pairs.first(row, column) for row in rows for column in columns]
        cells = [(self.pairs.kind, first) for first in firsts if first is not None]
        self.wanted.emit([key for key in heads if key] + cells)

    @staticmethod
    def _seen(at: Callable[[int], int], count: int, room: int) -> range:
        first, last = at(0), at(room - 1)
        return range(max(first, 0), (count - 1 if last < 0 else last) + 1)

    @Slot(QModelIndex, QModelIndex)
    def _tell_pair(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.row(), current.column())

    @Slot(object)
    def paint_splits(self, splits: PaintedSplits | None) -> None:
        """Paint every pair by its split; a click on a head then holds that picture out. None: as ever."""
        self.pairs.splits = splits
        side = SIDE if splits is None else _SMALL
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setDefaultSectionSize(side)
        self.updateGeometries()  # Qt measures what scrolls only where one section changes
        self.want_again()
        self.repaint_all()

    def _choose_head(self, background: int | None, foreground: int | None) -> None:
        if self.pairs.splits is not None:
            axis, number = ("bg", background) if background is not None else ("fg", foreground)
            assert number is not None
            self.held.emit(axis, number)
            return
        self.forget_choice()
        self.chosen.emit(background, foreground)

    def _dress(self) -> None:
        c = theme.colours
        self.setStyleSheet(
            f"QTableView {{ background: {c.window}; outline: none; }} QHeaderView {{ background: {c.window}; }}"
            f"QTableCornerButton::section {{ background: {c.window}; border: none; }}"
        )
        self.repaint_all()
