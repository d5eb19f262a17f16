"""The photos of the project as the cutting place lists them: found, added, followed as the project changes, deleted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.project import photos
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.photos import Photo
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.session.session import Session


class PhotoList(QObject):
    """See the module.

    Attributes:
        found: whether the project's photos are known; until then `entries` shows some foregrounds without theirs.

    Signals:
        listed: `entries` are others.
        photos_added: these photos are in the list now; ``cutout_added``: the file of a finished cutout is.
        going: the files of these are about to go to the bin.
        failed: an `FgbgError`. ``refused``: why a cutout was not taken in, in words.
        passed_over: what of the folders was passed over, in words.
    """

    listed = Signal()
    photos_added = Signal(list)
    cutout_added = Signal(object)
    going = Signal(list)
    failed = Signal(object)
    refused = Signal(str)
    passed_over = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.found = False
        self._photos: list[Photo] = []
        self._links: dict[Path, list[str]] = {}  # photo → hashes of what was kept of it, the newest last
        session.opened.connect(self._look)
        session.changed.connect(self._follow)
        session.files_moved.connect(self._look_again)
        session.closed.connect(self._forget)

    def entries(self) -> list[PhotoItem]:
        """Every photo, then the foregrounds of which there is no photo."""
        if not self.session.is_open:
            return []
        foregrounds = self.session.project.foregrounds
        known = {f.sha256: f for f in foregrounds}
        linked = {photo.foreground for photo in self._photos}
        entries = [PhotoItem(photo.path, photo.begun, known.get(photo.foreground)) for photo in self._photos]
        return entries + [
            PhotoItem(self.session.folder / f.file, foreground=f) for f in foregrounds if f.sha256 not in linked
        ]

    def note(self, photo: Photo) -> None:
        """What is known of a photo has changed, or the photo is new."""
        if photo in self._photos:
            return
        if all(known.path != photo.path for known in self._photos):
            self._photos.append(photo)
        self._photos = [photo if known.path == photo.path else known for known in self._photos]
        self.listed.emit()

    # What was kept of them

    def link(self, path: Path, before: str, kept: str) -> None:
        """A foreground with the hash ``kept`` is of this photo now, in the place of the one ``before``, or of none."""
        self._links.setdefault(path, [before]).append(kept)

    def newest_kept(self, path: Path) -> str:
        """The hash of what was kept of a photo last and is still in the project; empty for none."""
        known = {f.sha256 for f in self.session.project.foregrounds}
        return next((sha256 for sha256 in reversed(self._links.get(path, [])) if sha256 in known), "")

    def photo_of(self, sha256: str) -> Path | None:
        """The photo that a foreground was cut from, or the foreground's own file."""
        files = {f.sha256: self.session.folder / f.file for f in self.session.project.foregrounds}
        return next((photo.path for photo in self._photos if photo.foreground == sha256), files.get(sha256))

    def _follow(self) -> None:
        """The project changed: a photo belongs to that of its cutouts which is in the project now."""
        known = {f.sha256 for f in self.session.project.foregrounds}
        for photo in list(self._photos):
            newest = self.newest_kept(photo.path) if photo.foreground not in known else ""
            if newest:
                self.note(replace(photo, foreground=newest))
        self.listed.emit()

    # Finding them

    def _look(self) -> None:
        self._forget()
        self.listed.emit()
        self._find_photos()

    def _forget(self) -> None:
        self._photos, self._links, self.found = [], {}, False

    def _find_photos(self) -> None:
        folder = self.session.folder
        self.session.jobs.run(
            self.tr("looking for photos"), lambda: (folder, photos.find_photos(folder)), done=self._take_found
        )

    def _take_found(self, found: tuple[Path, list[Photo]]) -> None:
        if self.session.is_open and self.session.folder == found[0]:
            self.found = True
            new = {photo.path for photo in self._photos}
            self._photos = [photo for photo in found[1] if photo.path not in new] + self._photos
            self.listed.emit()

    def _look_again(self) -> None:
        """Files went to the bin or came back."""
        if self.session.is_open:
            self._photos = [photo for photo in self._photos if photo.path.exists()]
            self._find_photos()
            self.listed.emit()

    # Adding

    def add(self, paths: list[Path]) -> None:
        """Copy photos into the project, and enter cutouts that have transparency as foregrounds."""
        folder, passed = self.session.folder, PassedOver()

        def work() -> tuple[list[Path], list[Path], list[FgbgError]]:
            found, cutouts, failed = photos.sort_out(paths, passed)
            return photos.take_in(folder, found), cutouts, [*failed]

        done = partial(self._added, folder, passed)
        self.session.jobs.run(self.tr("adding photos"), work, done=done, failed=self.failed.emit, visible=True)

    def _added(self, folder: Path, passed: PassedOver, result: tuple[list[Path], list[Path], list[FgbgError]]) -> None:
        added, cutouts, failed = result
        if not self.session.is_open or self.session.folder != folder:
            return
        self._photos += [Photo(path) for path in added]
        self.listed.emit()
        for error in failed:
            self.failed.emit(error)
        if passed.total:
            self.passed_over.emit(f"{passed.said()}.")
        if cutouts:
            self.session.add_foregrounds(cutouts).produced.connect(self._judged)
        if added:
            self.photos_added.emit(added)

    def _judged(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.picture is None:
                self.refused.emit(verdict.reason)
            else:
                self.cutout_added.emit(self.session.folder / verdict.picture.file)

    # Deleting

    @property
    def any_rejected(self) -> bool:
        """Whether the project has a foreground that was rejected."""
        return self.session.is_open and any(f.status == "rejected" for f in self.session.project.foregrounds)

    def delete_rejected(self) -> int:
        """Delete the rejected foregrounds and the photos that they were cut from; how many foregrounds."""
        folder = self.session.folder
        rejected = {f.sha256: f.file for f in self.session.project.foregrounds if f.status == "rejected"}
        gone = [photo.path for photo in self._photos if photo.foreground in rejected]
        self.going.emit([*gone, *(folder / file for file in rejected.values())])
        self._photos = [photo for photo in self._photos if photo.path not in gone]
        beside = [path.relative_to(folder).as_posix() for photo in gone for path in photos.files_of(photo)]
        return self.session.delete_rejected("foregrounds", beside)
