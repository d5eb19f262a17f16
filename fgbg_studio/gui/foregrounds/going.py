"""Which photo is opened next: the one beside, the first or last, the next that has no cutout yet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from fgbg_studio.gui.foregrounds.controller import CutController
from fgbg_studio.gui.foregrounds.gallery_mode import GalleryMode
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.lib.actions import connect


class Going(QObject):
    """Connects the actions that lead from one photo to another; in the gallery they move its selection.

    Args:
        controller: of the photo that is open.
        items: the photos that are shown, in their order.
        mode: whether the gallery is seen instead.
        act: the place's actions.
        parent: the place.

    Signals:
        went: a person went to a photo, which is opened after this.
    """

    went = Signal()

    def __init__(
        self, controller: CutController, items: ShownItems, mode: GalleryMode, act: Mapping[str, QAction],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._controller, self._items, self._mode, self._act = controller, items, mode, act
        self._direction = 1
        connect(act, "foregrounds.", {
            "previous": partial(self.step, -1), "next": partial(self.step, 1),
            "first": partial(self.end, 0), "last": partial(self.end, -1),
            "keep": self.keep, "keep-next": self.keep_and_go_on, "large": self.turn_large,
        })  # fmt: skip
        mode.gallery.opened.connect(self.cut_further)

    def to(self, path: Path) -> None:
        """Open a photo because a person wants it."""
        self.went.emit()
        self._controller.open(path)

    def open_first(self) -> None:
        """Where none is open yet: the first that has no cutout, else the first."""
        shown = [self._items.items[path] for path in self._items.paths]
        if self._controller.wanted is None and shown and self._controller.photos.found:
            self._controller.open(next(filter(_uncut, shown), shown[0]).path)

    def step(self, step: int) -> None:
        """To the photo beside."""
        if self._mode.shown:
            self._mode.gallery.grid.step(step)
            return
        self._direction = step
        path = self._items.neighbour(self._controller.wanted, step)
        if path:
            self.to(path)

    def end(self, row: int) -> None:
        """To the first photo, by 0, or to the last, by -1."""
        if self._mode.shown:
            self._mode.gallery.go_to(row)
        elif self._items.paths:
            self.to(self._items.paths[row])

    def keep(self) -> None:
        """Keep the cutout; go on where the person wants that always."""
        if self._act["foregrounds.go-on"].isChecked():
            self.keep_and_go_on()
        else:
            self._controller.keep()

    def keep_and_go_on(self) -> None:
        """Keep, and open the next photo that has no cutout yet: below, else from the top."""
        kept = self._controller.wanted
        self._controller.keep()
        self._direction = 1
        following = self._items.following(kept, _uncut)
        if following:
            self.to(following)

    def expect(self, path: Path) -> None:
        """``path`` is open: those that most likely come next are read ahead."""
        step = self._direction
        self._controller.expect([self._items.neighbour(path, where) for where in (step, -step)])

    def turn_large(self) -> None:
        """From the gallery to the photo, and back."""
        if not self._mode.shown:
            self._mode.show(bool(self._items.items))
        elif self._mode.gallery.current:
            self.cut_further(self._mode.gallery.current)

    def cut_further(self, path: Path) -> None:
        """From the gallery to this photo."""
        self._mode.show(False)
        self.to(path)

    def show_enabled(self) -> None:
        """Offer what leads somewhere."""
        document = self._controller.document
        for name in ("keep", "keep-next"):
            self._act[f"foregrounds.{name}"].setEnabled(document is not None and (document.has_cut or document.cutting))
        wanted = self._mode.gallery.current if self._mode.shown else self._controller.wanted
        for name, step in (("previous", -1), ("next", 1)):
            self._act[f"foregrounds.{name}"].setEnabled(self._items.neighbour(wanted, step) is not None)


def _uncut(item: PhotoItem) -> bool:
    return item.foreground is None
