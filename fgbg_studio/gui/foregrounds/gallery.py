"""The gallery: all cutouts large in a grid, to be judged with one key each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget
from typing_extensions import override

from fgbg_studio.gui.foregrounds.gallery_cells import GalleryCells, Ground
from fgbg_studio.gui.foregrounds.gallery_scenes import GalleryScenes
from fgbg_studio.gui.foregrounds.item_cells import cell_of, described, orders
from fgbg_studio.gui.foregrounds.item_pictures import ItemPictures
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.lib.basics import button, hbox, tool_button, vbox
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.image_grid import ImageGrid, add_size_slider
from fgbg_studio.gui.lib.list_controls import SortButton, Tabs
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.session.session import Session

_SIDE_KEY, _SIDE = "foregrounds/side", 200
_REST = 240  # pixels of what else is in the line
_STEP = 24  # pixels of a tile's side for one click of the wheel


class GalleryBar(QFrame):
    """Tabs of the states, or where they have no room a menu of them; orders; the size of the tiles."""

    def __init__(self, back: QAction, states: Sequence[QAction]) -> None:
        super().__init__()
        self.tabs = Tabs(states, self.tr("Choose which photos are shown"))
        self.order = SortButton(orders())
        row = hbox(self, UNIT, margins=(PAD, 2 * UNIT, PAD, UNIT))
        row.addWidget(tool_button(back))
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.order)
        self.side = add_size_slider(row, self.tr("Size of the cutouts"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tabs.fit(event.size().width() - self.order.sizeHint().width() - UNIT - _REST)


class Gallery(QWidget):
    """The entries of `ShownItems` as tiles.

    Signals:
        opened: the photo that is to be cut further.
        selection_changed: other tiles are selected.
        order_chosen: (order, reversed) of the menu.
        all_wanted: everything is to be shown, whatever was filtered and searched.
    """

    opened = Signal(object)
    selection_changed = Signal()
    order_chosen = Signal(str, bool)
    all_wanted = Signal()

    def __init__(
        self, session: Session, items: ShownItems, qualities: Qualities, back: QAction, states: Sequence[QAction]
    ) -> None:
        super().__init__()
        self._session, self._items, self._qualities = session, items, qualities
        self.pictures, self.scenes = ItemPictures(session, self, drafts=True), GalleryScenes(session, self)
        self.bar = GalleryBar(back, states)
        self.grid = ImageGrid(partial(cell_of, items, qualities), lambda _: None, GalleryCells)
        cells = self.grid.cells
        assert isinstance(cells, GalleryCells)
        self._cells = cells
        cells.items, cells.pictures, cells.qualities, cells.scene = items, self.pictures, qualities, self.scenes.scene
        self.grid.setAccessibleName(self.tr("Cutouts"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.grid)
        self.pages.addWidget(self._make_empty())
        column = vbox(self)
        column.addWidget(self.bar)
        column.addWidget(self.pages, 1)
        self._connect()
        self.bar.side.setValue(session.settings.number(_SIDE_KEY, _SIDE))

    def _make_empty(self) -> EmptyState:
        empty = EmptyState(
            Icon.FILTER, self.tr("Nothing to show"), self.tr("No photo here fits what is shown and searched.")
        )
        everything = button(self.tr("Show all"))
        everything.clicked.connect(self.all_wanted)
        empty.column.addWidget(everything, 0, Qt.AlignmentFlag.AlignHCenter)
        return empty

    def _connect(self) -> None:
        self.grid.opened.connect(lambda key: self.opened.emit(Path(key)))
        self.grid.chosen_changed.connect(self.selection_changed)
        self.grid.wanted.connect(self._want)
        self.grid.zoomed.connect(lambda by: self.bar.side.setValue(self.bar.side.value() + _STEP * by))
        self.bar.side.valueChanged.connect(self._take_side)
        self.bar.order.changed.connect(self.order_chosen)
        self._items.changed.connect(self.refresh)
        for loader in (self.pictures, self.scenes):
            loader.arrived.connect(self.repaint_tiles)
        self._qualities.measured.connect(self.repaint_tiles)

    # What is shown

    def refresh(self) -> None:
        """Show the entries as they are now; nothing is done while the gallery is not seen."""
        if not self.isVisible():
            return
        self.grid.set_keys([str(path) for path in self._items.paths])
        self.pages.setCurrentIndex(0 if self._items.paths else 1)
        choice = self._items.choice
        self.bar.tabs.show_counts(self._items.counts(), self._items.chosen_state)
        self.bar.order.show_order(choice.order, reverse=choice.reverse)
        self.repaint_tiles()
        self.grid.want_again()

    def repaint_tiles(self) -> None:
        """Something of them is another."""
        self.grid.viewport().update()

    def show_at(self, path: Path | None) -> None:
        """The gallery is seen now: this entry is the one that keys act on, or the first."""
        self.refresh()
        keys = self.grid.grid.keys
        key = str(path) if str(path) in self.grid.grid.rows else keys[0] if keys else ""
        if key:
            self.grid.choose([key], key)
        self.grid.setFocus()

    def selected(self) -> list[PhotoItem]:
        """The entries that are selected, in their order."""
        return self._items.of(self.grid.chosen())

    def all_shown(self) -> list[PhotoItem]:
        """Every entry that is shown."""
        return [self._items.items[path] for path in self._items.paths]

    def said(self, item: PhotoItem) -> str:
        """State and flaws of an entry in words."""
        return described(item, self._qualities)

    @property
    def current(self) -> Path | None:
        """The entry that the keyboard is at."""
        key = self.grid.current()
        return Path(key) if key else None

    def advance(self) -> None:
        """Select the entry after the last one that is selected."""
        chosen = self.grid.chosen()
        if chosen:
            row = min(self.grid.grid.rows[chosen[-1]] + 1, len(self.grid.grid.keys) - 1)
            self.go_to(row)

    def go_to(self, row: int) -> None:
        """Select the entry at a place, from the end where it is negative."""
        if self.grid.grid.keys:
            key = self.grid.grid.keys[row]
            self.grid.choose([key], key)
            self.grid.scrollTo(self.grid.currentIndex())

    # Grounds

    @property
    def ground(self) -> Ground:
        """What the cutouts are shown on."""
        return self._cells.ground

    def set_ground(self, ground: Ground, step: int = 0) -> bool:
        """Show the cutouts on another ground, of backgrounds the one ``step`` further; whether there is such."""
        if ground is Ground.SCENE and not self.scenes.show_background(step):
            return False
        self._cells.ground = ground
        self.repaint_tiles()
        self.grid.want_again()
        return True

    def _want(self, keys: list[str]) -> None:
        items = self._items.of(keys)
        self.pictures.want_items(items, self.grid.device_side)
        if self.ground is Ground.SCENE and self.scenes.show_background():
            self.scenes.want_items(items, self._session.project.settings.size)

    def _take_side(self, side: int) -> None:
        self._session.settings.set_value(_SIDE_KEY, str(side))
        self.grid.set_side(side)
