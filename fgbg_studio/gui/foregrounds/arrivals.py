"""What is said of photos that come and go: how many, which were refused, which are too large, how they come back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import ReducePhoto
from fgbg_studio.core.imaging.reducing import LARGEST, megapixels, reduced_size
from fgbg_studio.core.project.photos import PHOTOS
from fgbg_studio.gui.foregrounds.photo_importer import Batch
from fgbg_studio.gui.foregrounds.photo_list import PhotoList
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Choice, Notices
from fgbg_studio.gui.lib.refused_files import RefusedFiles

_NAMED = 3  # too large ones that are named
LIMIT = f"{LARGEST // 1_000_000} megapixels"


class PhotoArrivals(QObject):
    """See the module.

    Signals:
        wanted: the photo that is to be opened.
    """

    wanted = Signal(object)

    def __init__(self, photos: PhotoList, notices: Notices, refusals: RefusedFiles, parent: QObject) -> None:
        super().__init__(parent)
        self._photos, self._notices, self._refusals = photos, notices, refusals
        photos.added.connect(self._tell)
        photos.reduced.connect(self._tell_reduced)
        refusals.dismissed.connect(self._offer_list)

    def forget(self) -> None:
        """Something else is added, or another project is open: what was said of the last batch is over."""
        self._refusals.hide()
        for key in ("added", "refused"):
            self._notices.clear(key)

    def offers(self, error: FgbgError, photo: Path | None) -> list[Choice]:
        """What can be done about a photo that cannot be opened: it is reduced where it is too large."""
        large = any(isinstance(remedy, ReducePhoto) for remedy in error.remedies)
        if large and photo and photo.parent == self._photos.session.folder / PHOTOS:
            return [(self.tr("Reduce it"), partial(self._photos.reduce, photo))]
        return []

    def _tell_reduced(self, photo: Path, said: str) -> None:
        self._notices.tell(self.tr("{0} was reduced from {1}.").format(photo.name, said), key="large")

    def _tell(self, batch: Batch) -> None:
        passed = f"{batch.passed.said()}." if batch.passed.total else ""
        came = self._came(batch)
        refused = self.tr("{0} refused.").format(number(len(batch.refused))) if batch.refused else ""
        if came or passed or refused:
            show: list[Choice] = []
            if first := _first(batch):
                show.append((self.tr("Show the first"), partial(self.wanted.emit, first)))
            text = " ".join(filter(None, (came, refused, passed)))
            if refused:
                self._notices.warn(text, show, key="added")
            else:
                self._notices.tell(text, show, key="added", passing=True)
        if batch.large:
            self._ask(batch)
        self._tell_refused(batch)

    def _offer_list(self) -> None:
        """The list of what was refused lies there no more: its notice leads back to it."""
        self._notices.offer("added", (self.tr("Show what was refused"), self._refusals.show_again))

    def _came(self, batch: Batch) -> str:
        photos, cutouts = len(batch.photos), len(batch.cutouts)
        words = [self.tr("1 photo") if photos == 1 else self.tr("{0} photos").format(number(photos))] if photos else []
        if cutouts:
            words.append(self.tr("1 cutout") if cutouts == 1 else self.tr("{0} cutouts").format(number(cutouts)))
        if not words:
            return ""
        return self.tr("Added: {0}.").format(self.tr(" and ").join(words)) + self._how_reduced(batch)

    def _how_reduced(self, batch: Batch) -> str:
        if not batch.reduced:
            return ""
        if len(batch.reduced) > 1:
            return " " + self.tr("Reduced to {0} each.").format(LIMIT)
        (wide, high), (less_wide, less_high) = batch.reduced[0], reduced_size(*batch.reduced[0], LARGEST)
        sizes = f"{number(wide)} × {number(high)}", f"{number(less_wide)} × {number(less_high)}"
        return " " + self.tr("Reduced from {0} to {1} pixels.").format(*sizes)

    def _ask(self, batch: Batch) -> None:
        large = [(arrival.path.name, megapixels(*arrival.size)) for arrival in batch.large if arrival.size]
        named = ", ".join(f"{name} ({size})" for name, size in large[:_NAMED])
        if len(large) > _NAMED:
            named += self.tr(" and {0} more").format(number(len(large) - _NAMED))
        text = self.tr("Too large to be cut, which is possible up to {0}: {1}").format(LIMIT, named)
        one = len(large) == 1
        add = self.tr("Add it reduced") if one else self.tr("Add them reduced")
        leave = self.tr("Leave it out") if one else self.tr("Leave them out")
        importer = self._photos.importer
        choices: list[Choice] = [(add, partial(importer.reduce, batch)), (leave, partial(importer.leave_out, batch))]
        self._notices.warn(text, choices, key=f"large-{id(batch)}")

    def _tell_refused(self, batch: Batch) -> None:
        if batch.refused:
            title = self.tr("Not added: {0}").format(number(len(batch.refused)))
            self._refusals.show_refused(title, batch.refused)


def _first(batch: Batch) -> Path | None:
    return next(iter([*batch.photos, *batch.cutouts]), None)
