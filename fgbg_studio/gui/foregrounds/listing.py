"""What the strip and the gallery list: the project's photos as the person chose to see them, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from fgbg_studio.gui.foregrounds.actions import STATES
from fgbg_studio.gui.foregrounds.gallery import Gallery
from fgbg_studio.gui.foregrounds.photo_item import ItemOrder, PhotoItem, State
from fgbg_studio.gui.foregrounds.photo_list import PhotoList
from fgbg_studio.gui.foregrounds.photo_strip import PhotoStrip
from fgbg_studio.gui.foregrounds.qualities import Qualities
from fgbg_studio.gui.foregrounds.shown_items import ShownItems
from fgbg_studio.gui.lib.formatting import counter, number
from fgbg_studio.gui.session.panel import Panel


class Listing(QObject):
    """Keeps `ShownItems` in step with the project and with the filters, orders and words that are chosen.

    Args:
        photos: of the project.
        items: what is shown of them.
        qualities: how bad cutouts are, by which they can be sorted.
        views: where filters and orders are chosen.
        place: whose counter and badge say how many there are.

    Signals:
        chosen: other entries are shown, or in another order.
    """

    chosen = Signal()

    def __init__(
        self, photos: PhotoList, items: ShownItems, qualities: Qualities, views: tuple[PhotoStrip, Gallery],
        place: Panel,
    ) -> None:  # fmt: skip
        super().__init__(place)
        self._photos, self._items, self._qualities, self._place = photos, items, qualities, place
        self._found = False
        for name, state in STATES.items():
            place.act[name].triggered.connect(lambda _=False, s=state: self._choose(state=s))
        place.act["foregrounds.show-all"].setChecked(True)
        for view in views:
            view.order_chosen.connect(lambda order, reverse: self._choose(order=ItemOrder(order), reverse=reverse))
        views[1].all_wanted.connect(self._show_all)
        qualities.measured.connect(self._take_qualities)

    def update(self) -> list[PhotoItem]:
        """List what the project has now, which it returns."""
        entries = self._photos.entries()
        self._items.set_items(entries)
        if self._photos.found and not self._found:
            self._items.choose(self._items.choice)  # until now cutouts stood without their photos
        self._found = self._photos.found
        return entries

    def measure(self) -> None:
        """Measure the cutouts that are new."""
        self._qualities.measure(self._photos.session.project.foregrounds)

    def search(self, text: str) -> None:
        """List those whose names have this in them."""
        if text.strip() != self._items.choice.text:
            self._choose(text=text.strip())

    def _choose(self, **changes: Any) -> None:
        choice = replace(self._items.choice, **changes)
        if choice != self._items.choice or "order" in changes or "state" in changes:
            self._items.choose(choice)
            self.chosen.emit()

    def _show_all(self) -> None:
        self._place.act["foregrounds.show-all"].setChecked(True)
        self._choose(state=None, text="")

    def _take_qualities(self) -> None:
        self._items.set_badness(self._qualities.badness(), complete=self._qualities.complete)

    def count(self, entries: Sequence[PhotoItem]) -> None:
        """Say how many foregrounds there are, how many are wanted, how many photos wait."""
        project = self._photos.session.project
        waiting = sum(entry.state in {State.TO_CUT, State.BEGUN} for entry in entries)
        words = counter(len(project.good_foregrounds()), project.goal.foregrounds, self.tr("foregrounds"))
        text = self.tr("{0} · {1} photos to cut").format(words, number(waiting)) if waiting > 1 else words
        self._place.set_counter(text)
        looked = sum(entry.state is State.TO_LOOK_AT for entry in entries)
        parts = [(looked, self.tr("{0} to look at")), (waiting, self.tr("{0} to cut"))]
        waits = ", ".join(text.format(number(count)) for count, text in parts if count)
        missing = ", ".join(filter(None, (self.tr("{0} more wanted"), waits)))
        self._place.set_wanting(project.wanting("foregrounds"), looked + waiting, (missing, waits))
