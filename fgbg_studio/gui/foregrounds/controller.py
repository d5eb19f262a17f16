"""What the cutting place works on: which photos there are, which one is open, when it is saved and kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.project import photos
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import PHOTOS, OpenedPhoto, Photo
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.keeping import Keeping
from fgbg_studio.gui.foregrounds.photo_item import PhotoItem
from fgbg_studio.gui.foregrounds.saver import Saver
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

_SAVE_AFTER = 1500  # milliseconds after the last change


class CutController(QObject):
    """See the module.

    Attributes:
        document: the photo that is open, or None.
        wanted: the photo that is open or being opened.
        found: whether the project's photos are known; until then `entries` shows some foregrounds without theirs.
        kept: the file of the foreground that was just kept of the open photo; empty after the next change.

    Signals:
        listed: `entries` are others.
        opened: another photo is open; brings its `Pyramid`. ``left``: none is open any more.
        said: something of the open photo's own standing changed: kept, rejected.
        failed: an `FgbgError`. ``refused``: why a cutout was not taken in, in words.
        passed_over: what of the folders was passed over, in words.
    """

    listed = Signal()
    opened = Signal(object)
    left = Signal()
    said = Signal()
    failed = Signal(object)
    refused = Signal(str)
    passed_over = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.document: CutDocument | None = None
        self.wanted: Path | None = None
        self.kept = ""
        self.found = False
        self._photos: list[Photo] = []
        self._source: Path | None = None
        self._links: dict[Path, list[str]] = {}  # photo → hashes of what was kept of it, the newest last
        self._saver = Saver(session.jobs, self.failed.emit, self)
        self._opening = Latest(session.jobs, self.tr("opening the photo"), self)
        self._opening.returned.connect(self._put_in)
        self._opening.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER)
        self._timer.timeout.connect(self.save)
        session.opened.connect(self._look)
        session.changed.connect(self._follow)
        session.files_moved.connect(self._look_again)
        session.saving.connect(self.save)
        session.closed.connect(self._close)
        session.picture_wanted.connect(self._show_wanted)

    # The photos

    def entries(self) -> list[PhotoItem]:
        """Every photo, then the foregrounds of which there is no photo."""
        if not self.session.is_open:
            return []
        foregrounds = self.session.project.foregrounds
        known = {f.sha256: f for f in foregrounds}
        linked = {photo.foreground for photo in self._photos}
        photos = [PhotoItem(photo.path, photo.begun, known.get(photo.foreground)) for photo in self._photos]
        return photos + [
            PhotoItem(self.session.folder / f.file, foreground=f) for f in foregrounds if f.sha256 not in linked
        ]

    def add(self, paths: list[Path]) -> None:
        """Copy photos into the project, and enter cutouts that have transparency as foregrounds."""
        folder, passed = self.session.folder, PassedOver()

        def work() -> tuple[list[Path], list[Path], list[FgbgError]]:
            found, cutouts, failed = photos.sort_out(paths, passed)
            return photos.take_in(folder, found), cutouts, [*failed]

        done = partial(self._added, folder, passed)
        self.session.jobs.run(self.tr("adding photos"), work, done=done, failed=self.failed.emit, visible=True)

    def _added(self, folder: Path, passed: PassedOver, result: tuple[list[Path], list[Path], list[FgbgError]]) -> None:
        photos, cutouts, failed = result
        if not self.session.is_open or self.session.folder != folder:
            return
        self._photos += [Photo(path) for path in photos]
        self.listed.emit()
        for error in failed:
            self.failed.emit(error)
        if passed.total:
            self.passed_over.emit(f"{passed.said()}.")
        if cutouts:
            self.session.add_foregrounds(cutouts).produced.connect(self._judged)
        if photos:
            self.open(photos[0])

    def _judged(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.picture is None:
                self.refused.emit(verdict.reason)
            elif self.wanted is None:
                self.open(self.session.folder / verdict.picture.file)

    def _look(self) -> None:
        self._let_go()
        self._photos, self.wanted, self._links, self.found = [], None, {}, False
        self.listed.emit()
        self._find_photos()

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

    def _note(self, photo: Photo) -> None:
        """What is known of a photo has changed, or the photo is new."""
        if photo in self._photos:
            return
        if all(known.path != photo.path for known in self._photos):
            self._photos.append(photo)
        self._photos = [photo if known.path == photo.path else known for known in self._photos]
        self.listed.emit()

    # The photo that is open

    @Slot(str, str)
    def _show_wanted(self, place: str, sha256: str) -> None:
        """Open the photo that a foreground was cut from, or the foreground itself."""
        if place == "foregrounds" and sha256:
            files = {f.sha256: self.session.folder / f.file for f in self.session.project.foregrounds}
            photo = next((photo.path for photo in self._photos if photo.foreground == sha256), files.get(sha256))
            if photo:
                self.open(photo)

    def open(self, path: Path) -> None:
        """Open a photo; what was done to the one before is saved first."""
        self.save()
        self._saver.flush()
        self.wanted = path
        self.listed.emit()
        file = path.relative_to(self.session.folder).as_posix()
        sha256 = next((f.sha256 for f in self.session.project.foregrounds if f.file == file), "")
        self._opening.submit(partial(_open, path, sha256))

    def _put_in(self, found: tuple[OpenedPhoto, Pyramid]) -> None:
        opened, pyramid = found
        if opened.path != self.wanted or not self.session.is_open:
            return
        self._let_go()
        document = CutDocument(self.session.jobs, opened.path, opened.pixels, opened.work, opened.planes, self)
        document.edited.connect(self._edited)
        self.document = document
        self.opened.emit(pyramid)
        document.begin()

    def _let_go(self) -> None:
        document, self.document, self._source, self.kept = self.document, None, None, ""
        self._timer.stop()
        self.left.emit()
        if document:
            document.close()

    def _close(self) -> None:
        self.flush()
        self._opening.cancel()
        self._let_go()
        self._photos, self.wanted = [], None

    def _edited(self) -> None:
        document = self.document
        assert document is not None
        self.kept = ""
        self._timer.start()
        if document.path.parent != self.session.folder / PHOTOS:
            # A kept cutout becomes a photo of its own, so that what is done to it has a place.
            self._source = document.path
            document.path = photos.free_photo(self.session.folder, document.path.name)
            self.wanted = document.path
        begun = document.has_cut or bool(document.work.seeds)
        self._note(Photo(document.path, document.work.foreground, begun))

    def save(self) -> None:
        """Write what is not written yet, on a worker."""
        if self.document and self._timer.isActive():
            self._timer.stop()
            self._saver.save(self.document, self._source)

    def flush(self) -> None:
        """Write what is not written yet before going on."""
        self.save()
        self._saver.flush()

    def run(self) -> None:
        """Cut the open photo again."""
        if self.document:
            self.document.run()

    def finish(self, finish: Refinement) -> None:
        """Refine the open photo's cutout in this way."""
        if self.document:
            self.document.set_finish(finish)

    # Its foreground

    def keep(self) -> None:
        """Save the finished cutout into the project's foregrounds, as one step of undo."""
        document = self.document
        if document is None or not document.has_cut:
            return
        run = partial(
            photos.keep_cutout, self.session.folder, self.session.project, document.path, document.photo,
            document.alpha.copy(), document.work.finish,
        )  # fmt: skip
        done = partial(self._kept, document)
        self.session.jobs.run(self.tr("keeping the cutout"), run, done=done, failed=self.failed.emit)

    def _kept(self, document: CutDocument, verdict: Verdict) -> None:
        if not self.session.is_open:
            return
        picture, before = verdict.picture, document.work.foreground
        if not isinstance(picture, Foreground):
            known = (f.file for f in self.session.project.foregrounds if f.file in verdict.reason)
            self.kept = next(known, "")  # the very same was kept before
            if not self.kept:
                self.refused.emit(verdict.reason)
            self.said.emit()
            return
        text = self.tr("keep {0}").format(Path(picture.file).stem)
        changed = self.session.change(text, lambda project: photos.with_foreground(project, picture, before))
        self._links.setdefault(document.path, [before]).append(picture.sha256)
        if document is self.document:
            if changed:
                keeping = Keeping(self.session, picture, before, text)
                document.note(text, keeping.undo, keeping.redo)
            document.set_foreground(picture.sha256)
            self.save()
            self.kept = picture.file
        self.said.emit()

    def _follow(self) -> None:
        """The project changed: a photo belongs to that of its cutouts which is in the project now."""
        known = {f.sha256: f.file for f in self.session.project.foregrounds}
        for photo in list(self._photos):
            if photo.foreground not in known:
                there = [sha256 for sha256 in self._links.get(photo.path, []) if sha256 in known]
                if there:
                    self._note(replace(photo, foreground=there[-1]))
        document = self.document
        if document:
            there = [sha256 for sha256 in self._links.get(document.path, []) if sha256 in known]
            if document.work.foreground not in known and there:
                document.set_foreground(there[-1])
            if self.kept and self.kept not in known.values():
                self.kept = ""
        self.listed.emit()
        self.said.emit()

    def delete_rejected(self) -> int:
        """Delete the rejected foregrounds and the photos that they were cut from; how many foregrounds."""
        self.flush()
        rejected = {f.sha256: f.file for f in self.session.project.foregrounds if f.status == "rejected"}
        folder = self.session.folder
        gone = [photo.path for photo in self._photos if photo.foreground in rejected]
        if self.document and (self.document.path in gone or self._is_one_of(rejected.values())):
            self._let_go()
            self.wanted = None
        self._photos = [photo for photo in self._photos if photo.path not in gone]
        beside = [path.relative_to(folder).as_posix() for photo in gone for path in photos.files_of(photo)]
        return self.session.delete_rejected("foregrounds", beside)

    def _is_one_of(self, files: Collection[str]) -> bool:
        folder = self.session.folder
        return self.document is not None and self.document.path in {folder / file for file in files}

    def _look_again(self) -> None:
        """Files went to the bin or came back."""
        if self.session.is_open:
            self._photos = [photo for photo in self._photos if photo.path.exists()]
            self._find_photos()
            self.listed.emit()

    @property
    def status(self) -> str:
        """Of the foreground kept of the open photo: good or rejected; empty where there is none."""
        sha256 = self.document.work.foreground if self.document else ""
        if not sha256 or not self.session.is_open:
            return ""
        return next((f.status for f in self.session.project.foregrounds if f.sha256 == sha256), "")

    @property
    def any_rejected(self) -> bool:
        """Whether the project has a foreground that was rejected."""
        return self.session.is_open and any(f.status == "rejected" for f in self.session.project.foregrounds)

    def turn_over(self) -> None:
        """Reject the foreground that was kept of the open photo, or accept it again."""
        if self.document is None or not self.status:
            return
        sha256, rejects = self.document.work.foreground, self.status == "good"

        def change(project: Project) -> Project:
            status = {"status": "rejected" if rejects else "good"}
            every = (f.model_copy(update=status) if f.sha256 == sha256 else f for f in project.foregrounds)
            return project.model_copy(update={"foregrounds": tuple(every)})

        self.session.change(self.tr("reject foreground") if rejects else self.tr("accept foreground"), change)
        self.said.emit()


def _open(path: Path, foreground: str) -> tuple[OpenedPhoto, Pyramid]:
    opened = photos.open_photo(path, foreground)
    pyramid = Pyramid.of(opened.pixels)
    pyramid.prepare_copy()
    return opened, pyramid
