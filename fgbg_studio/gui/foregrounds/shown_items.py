"""Which entries are shown, in which order: as the person chose it, and not otherwise while they work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.gui.foregrounds.photo_item import ItemFilter, ItemOrder, PhotoItem, State, counts, shown


class ShownItems(QObject):
    """The entries as the strip and the gallery show them.

    What is done to an entry moves no other and takes none away: one that no longer fits stays where it is until
    the person goes on to another photo, and nothing is sorted anew before an order is chosen again.

    Attributes:
        items: all of them by path, in the order in which they were added.
        choice: what was chosen of them.
        paths: of what is shown, in its order.

    Signals:
        changed: any of these.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: dict[Path, PhotoItem] = {}
        self.choice = ItemFilter()
        self.paths: list[Path] = []
        self._badness: dict[str, float] = {}
        self._unsorted = False  # by what is not measured yet

    def clear(self) -> None:
        """Another project: nothing is there, and nothing was chosen."""
        self.items, self.paths, self.choice, self._badness = {}, [], ItemFilter(), {}
        self.changed.emit()

    def set_items(self, items: Sequence[PhotoItem]) -> None:
        """These are there now; what is new is put where it belongs."""
        before, self.items = self.items, {item.path: item for item in items}
        self._follow_moved(before)
        self.paths = [path for path in self.paths if path in self.items]
        new = [item.path for item in items if item.path not in before and self.choice.fits(item)]
        there = set(self.paths)
        self._put_in([path for path in new if path not in there])
        self.changed.emit()

    def choose(self, choice: ItemFilter) -> None:
        """Show these, in that order."""
        self.choice = choice
        self._unsorted = choice.order is ItemOrder.WORST
        self.paths = shown(self._all(), choice, self._badness)
        self.changed.emit()

    def move_on(self, path: Path | None, *, stays: bool = False) -> None:
        """Another photo is open: what does not fit any more goes, unless it ``stays``, and what fits now comes."""
        fits = [item.path for item in self._all() if self.choice.fits(item)]
        keep = {*fits, path, *(self.paths if stays else ())}
        there = set(self.paths)
        if keep - {path} != there - {path}:
            self.paths = [known for known in self.paths if known in keep]
            self._put_in([known for known in fits if known not in there])
            self.changed.emit()

    def set_badness(self, badness: Mapping[str, float], *, complete: bool) -> None:
        """How bad cutouts are, by hash; what was to be sorted by it is, once all are known."""
        self._badness = dict(badness)
        if complete and self._unsorted:
            self._unsorted = False
            self.paths = shown(self._all(), self.choice, self._badness)
            self.changed.emit()

    def counts(self) -> list[int]:
        """How many entries there are, and then how many are in each state, in the order of `State`."""
        return list(counts(self._all()).values())

    @property
    def chosen_state(self) -> int:
        """Which of `counts` is of what is shown."""
        return list(State).index(self.choice.state) + 1 if self.choice.state else 0

    def of(self, keys: Iterable[str]) -> list[PhotoItem]:
        """The entries whose paths these are, as far as they are there."""
        return [self.items[path] for path in map(Path, keys) if path in self.items]

    def neighbour(self, path: Path | None, step: int) -> Path | None:
        """The photo shown so many places from ``path``; from one that is not shown, the first or last."""
        if path not in self.paths:
            return self.paths[0 if step > 0 else -1] if self.paths else None
        place = self.paths.index(path) + step
        return self.paths[place] if 0 <= place < len(self.paths) else None

    def following(self, path: Path | None, wanted: Callable[[PhotoItem], bool]) -> Path | None:
        """The next photo shown below ``path`` that is ``wanted``, else the first from the top; None for no other."""
        start = self.paths.index(path) + 1 if path in self.paths else 0
        return next(
            (other for other in (*self.paths[start:], *self.paths[:start])
             if other != path and wanted(self.items[other])), None,
        )  # fmt: skip

    def _all(self) -> list[PhotoItem]:
        return list(self.items.values())

    def _follow_moved(self, before: Mapping[Path, PhotoItem]) -> None:
        """A cutout that became a photo of its own, or a photo with another name, stays in its place."""
        gone = {item.cutout: path for path, item in before.items() if item.cutout and path not in self.items}
        for path, item in self.items.items():
            if item.cutout in gone and path not in before and gone[item.cutout] in self.paths:
                self.paths[self.paths.index(gone[item.cutout])] = path

    def _put_in(self, new: Sequence[Path]) -> None:
        """Each after the nearest one before it that is there, in the order that was chosen."""
        if not new:
            return
        every = ItemFilter(order=self.choice.order, reverse=self.choice.reverse)
        wanted = shown(self._all(), every, self._badness)
        there, come = set(self.paths), set(new)
        after: dict[Path | None, list[Path]] = {}
        last: Path | None = None
        for path in wanted:
            if path in come:
                after.setdefault(last, []).append(path)
            elif path in there:
                last = path
        self.paths = after.get(None, []) + [one for path in self.paths for one in (path, *after.get(path, []))]
