"""The strip of photos beside the canvas: photo and cutout, name, what is done; which are shown, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStyleOptionViewItem, QToolButton
from typing_extensions import override

from fgbg_studio.gui.foregrounds.item_cells import ItemCells, cell_of, fitted, orders
from fgbg_studio.gui.foregrounds.item_pictures import ItemPictures
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.lib.basics import drop_down, frame, hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.image_cell import checkers
from fgbg_studio.gui.lib.image_grid import ImageGrid
from fgbg_studio.gui.lib.list_controls import SortButton, TabMenu
from fgbg_studio.gui.lib.theme import PAD, UNIT, theme

WIDTH, THUMB_WIDTH, THUMB_HEIGHT = 144, 112, 84
INSET_WIDTH, INSET_HEIGHT = 50, 46
_ROW = THUMB_HEIGHT + 28
_CELL = WIDTH - 14  # beside the border and a scroll bar, whether there is one or not
_SLIM = 66  # a photo this narrow leaves room for its cutout at its side


class _StripCells(ItemCells):
    """An entry: the photo, in its corner the cutout, below them icon and name."""

    open_path: Path | None = None

    @override
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_CELL, _ROW)

    @override
    def paint_item(self, painter: QPainter, room: QRect, item: PhotoItem, *, selected: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRect(room.x() + (room.width() - THUMB_WIDTH) // 2, room.y() + 4, THUMB_WIDTH, THUMB_HEIGHT)
        photo, cutout = self.pictures.photo(item), self.pictures.cutout(item)
        self.fade(painter, item)
        shown = self._paint_both(painter, place, photo, cutout) if photo and cutout else None
        shown = shown or self._paint_large(painter, place, photo or cutout)
        painter.setOpacity(1.0)
        self.outline(painter, shown, selected=selected, current=item.path == self.open_path)
        line = QRect(room.x() + UNIT, place.bottom() + 4, room.width() - 2 * UNIT, 20)
        self.write_name(painter, line, item, selected=item.path == self.open_path)

    def _paint_large(self, painter: QPainter, room: QRect, pixmap: QPixmap | None) -> QRectF:
        shown = QRectF(room) if pixmap is None else fitted(pixmap.size(), room)
        if pixmap is None:
            painter.fillRect(shown, theme.colours.colour("raised"))
            return shown
        if pixmap.hasAlphaChannel():
            checkers(painter, shown.toRect())
        painter.drawPixmap(shown, pixmap, QRectF(pixmap.rect()))
        return shown

    def _paint_both(self, painter: QPainter, room: QRect, photo: QPixmap, cutout: QPixmap) -> QRectF:
        """The cutout in the photo's corner, or at its side where that leaves room; where both are."""
        shown = fitted(photo.size(), room)
        if shown.width() > _SLIM:
            self._paint_large(painter, room, photo)
            wide, high = INSET_WIDTH, min(INSET_HEIGHT, round(shown.height()) - 8)
            right, bottom = round(shown.right()), round(shown.bottom())
            self._paint_panel(painter, QRect(right - wide, bottom - high, wide, high), cutout)
            return shown
        left = QRect(room.x(), room.y(), round(shown.width()), room.height())
        self._paint_large(painter, left, photo)
        self._paint_panel(painter, room.adjusted(left.width(), 0, 0, 0), cutout)
        return QRectF(room)

    def _paint_panel(self, painter: QPainter, panel: QRect, cutout: QPixmap) -> None:
        checkers(painter, panel, 6)
        place = fitted(cutout.size(), panel.adjusted(2, 2, -2, -2))
        painter.drawPixmap(place, cutout, QRectF(cutout.rect()))
        painter.setPen(theme.colours.colour("line"))
        painter.drawRect(QRectF(panel).adjusted(0.5, 0.5, -0.5, -0.5))


class _StripView(ImageGrid):
    """One column of entries."""

    nothing = ""  # said where nothing is shown
    ground, margins = QPalette.ColorRole.Base, (0, 0, 0, 0)

    @override
    def _arrange(self) -> None:
        self.cells.side = THUMB_WIDTH
        size = QSize(_CELL, _ROW)
        if size != self.gridSize():
            self.setGridSize(size)
            self.verticalScrollBar().setSingleStep(_ROW // 3)
        self.want_again()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.grid.keys and self.nothing:
            painter = QPainter(self.viewport())
            painter.setPen(theme.colours.colour("quiet"))
            room = self.viewport().rect().adjusted(PAD, PAD, -PAD, -PAD)
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, self.nothing)


def _with_menu(actions: Sequence[QAction]) -> QToolButton:
    """A button of the first one's icon, with a menu of all."""
    made = QToolButton()
    made.setIcon(actions[0].icon())
    made.setAccessibleName(actions[0].text())
    made.setToolTip(actions[0].toolTip())
    menu = QMenu(made)
    menu.addActions(list(actions))
    drop_down(made, menu)
    return made


class PhotoStrip(QFrame):
    """The entries of `ShownItems`, one of which is open, any number of which are selected.

    Signals:
        chosen: the photo that is to be opened.
        selection_changed: other entries are selected.
        order_chosen: (order, reversed) of the menu.
    """

    chosen = Signal(object)
    selection_changed = Signal()
    order_chosen = Signal(str, bool)

    def __init__(
        self, items: ShownItems, pictures: ItemPictures, qualities: Qualities, add: Sequence[QAction],
        around: tuple[QAction, QAction], gallery: QAction, states: Sequence[QAction],
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("look", "rail")
        self.setFixedWidth(WIDTH)
        self._items, self._pictures = items, pictures
        self.view = _StripView(partial(cell_of, items, qualities), lambda _: None, _StripCells)
        self._cells = self.view.cells
        assert isinstance(self._cells, _StripCells)
        self._cells.items, self._cells.pictures = items, pictures
        self.view.setAccessibleName(self.tr("Photos"))
        self.view.chosen_changed.connect(self._tell_chosen)
        self.view.wanted.connect(self._want)
        self._open: Path | None = None
        self._marking = False
        self.states, self.order = (
            TabMenu(states, self.tr("Choose which photos are shown")),
            SortButton(orders(), compact=True),
        )
        self.order.changed.connect(self.order_chosen)
        self.count = label("", "caption")
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out(add, around, gallery)
        items.changed.connect(self.refresh)
        pictures.arrived.connect(lambda _: self.view.viewport().update())
        theme.changed.connect(self.view.viewport().update)

    def _lay_out(self, add: Sequence[QAction], around: tuple[QAction, QAction], gallery: QAction) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * UNIT, UNIT, UNIT, 0)
        head.addWidget(label(self.tr("Photos"), "heading"), 1)
        head.addWidget(tool_button(gallery))
        head.addWidget(_with_menu(add))
        choice = hbox(margins=(UNIT, 0, UNIT, UNIT))
        choice.addWidget(self.states)
        choice.addStretch(1)
        choice.addWidget(self.order)
        foot = QHBoxLayout()
        foot.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        foot.addWidget(tool_button(around[0]))
        foot.addWidget(self.count, 1)
        foot.addWidget(tool_button(around[1]))
        column = vbox(self)
        column.addLayout(head)
        column.addLayout(choice)
        column.addWidget(self.view, 1)
        column.addWidget(frame("rule"))
        column.addLayout(foot)

    # What is shown

    def refresh(self) -> None:
        """Show the entries as they are now."""
        self._marking = True
        self.view.set_keys([str(path) for path in self._items.paths])
        self._mark_open()
        self._marking = False
        self.states.show_counts(self._items.counts(), self._items.chosen_state)
        self.order.show_order(self._items.choice.order, reverse=self._items.choice.reverse)
        self.view.nothing = self.tr("Nothing here fits what is shown and searched.") if self._items.items else ""
        self._say()
        self.view.viewport().update()
        self.view.want_again()

    def select(self, path: Path | None) -> None:
        """Mark the photo that is open, without opening it again."""
        changed, self._open = path != self._open, path
        assert isinstance(self._cells, _StripCells)
        self._cells.open_path = path
        self._marking = True
        if changed and path:
            self.view.choose([str(path)], str(path))
        self._mark_open()
        self._marking = False
        self._say()
        self.view.viewport().update()

    def choose(self, paths: Sequence[Path]) -> None:
        """Select these, the first of which is open."""
        self.view.choose(map(str, paths), str(paths[0]))

    def selected(self) -> list[PhotoItem]:
        """The entries that are selected, in their order; the open one where the search hides it and none is."""
        return self._items.of(self.view.chosen() or [str(self._open)])

    def _mark_open(self) -> None:
        """The open entry is always one of those selected; while it is not shown, no other is in its place."""
        key = str(self._open)
        if self._open in self._items.paths:
            if key not in self.view.chosen():
                self.view.choose([key], key)
        elif self._open in self._items.items:
            self.view.choose([], "")

    def _tell_chosen(self) -> None:
        if self._marking:
            return
        keys = self.view.chosen()
        if len(keys) == 1 and Path(keys[0]) != self._open:
            self.chosen.emit(Path(keys[0]))
        self.selection_changed.emit()

    def _say(self) -> None:
        total = len(self._items.paths)
        place = self._items.paths.index(self._open) + 1 if self._open in self._items.paths else 0
        self.count.setText(f"{number(place)} / {number(total)}" if place else number(total))

    def _want(self, keys: list[str]) -> None:
        self._pictures.want_items(self._items.of(keys), round(THUMB_WIDTH * self.devicePixelRatioF()))
