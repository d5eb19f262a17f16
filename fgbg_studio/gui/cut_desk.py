"""The desk of the cutting place: which photos there are, which one is open, when it is saved and kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from fgbg_studio.core.adding import Verdict
from fgbg_studio.core.errors import FgbgError
from fgbg_studio.core.finishing import Finish
from fgbg_studio.core.project import Foreground, Project
from fgbg_studio.gui import cut_store
from fgbg_studio.gui.cut_document import CutDocument
from fgbg_studio.gui.cut_store import PHOTOS, Opened, Photo, Saver
from fgbg_studio.gui.session import Session
from fgbg_studio.gui.widgets.photo_strip import Entry
from fgbg_studio.gui.worker import Latest

_SAVE_AFTER = 1500  # milliseconds after the last change


class CutDesk(QObject):
    """See the module.

    Attributes:
        document: the photo that is open, or None.
        wanted: the photo that is open or being opened.
        kept: the file of the foreground that was just kept of the open photo; empty after the next change.

    Signals:
        listed: `entries` are others.
        opened: another photo is open; brings its `Opened`. ``left``: none is open any more.
        said: something of the open photo's own standing changed: kept, rejected.
        failed: an `FgbgError`. ``refused``: why a cutout was not taken in, in words.
    """

    listed = Signal()
    opened = Signal(object)
    left = Signal()
    said = Signal()
    failed = Signal(object)
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.document: CutDocument | None = None
        self.wanted: Path | None = None
        self.kept = ""
        self._photos: list[Photo] = []
        self._source: Path | None = None
        self._saver = Saver(session.jobs, self.failed.emit, self)
        self._opening = Latest(session.jobs, self.tr("opening the photo"), self)
        self._opening.returned.connect(self._put_in)
        self._opening.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER)
        self._timer.timeout.connect(self.save)
        session.opened.connect(self._look)
        session.changed.connect(self.listed)
        session.saving.connect(self.save)
        session.closed.connect(self._close)

    # The photos

    def entries(self) -> list[Entry]:
        """Every photo, then the foregrounds of which there is no photo."""
        if not self.session.is_open:
            return []
        foregrounds = self.session.project.foregrounds
        known = {f.sha256: f for f in foregrounds}
        linked = {photo.foreground for photo in self._photos}
        photos = [_entry(photo, known.get(photo.foreground)) for photo in self._photos]
        return photos + [
            Entry(self.session.folder / f.file, "done", f.status == "rejected")
            for f in foregrounds
            if f.sha256 not in linked
        ]

    def add(self, paths: list[Path]) -> None:
        """Copy photos into the project, and enter cutouts that have transparency as foregrounds."""
        folder = self.session.folder

        def work() -> tuple[list[Path], list[Path], list[FgbgError]]:
            photos, cutouts, failed = cut_store.sort_out(paths)
            return cut_store.take_in(folder, photos), cutouts, [*failed]

        done = partial(self._added, folder)
        self.session.jobs.run(self.tr("adding photos"), work, done=done, failed=self.failed.emit, visible=True)

    def _added(self, folder: Path, result: tuple[list[Path], list[Path], list[FgbgError]]) -> None:
        photos, cutouts, failed = result
        if not self.session.is_open or self.session.folder != folder:
            return
        self._photos += [Photo(path) for path in photos]
        self.listed.emit()
        for error in failed:
            self.failed.emit(error)
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
        self._photos, self.wanted = [], None
        self.listed.emit()
        folder = self.session.folder
        self.session.jobs.run(
            self.tr("looking for photos"), lambda: (folder, cut_store.find_photos(folder)), done=self._take_found
        )

    def _take_found(self, found: tuple[Path, list[Photo]]) -> None:
        if self.session.is_open and self.session.folder == found[0]:
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

    def open(self, path: Path) -> None:
        """Open a photo; what was done to the one before is saved first."""
        self.save()
        self._saver.flush()
        self.wanted = path
        self.listed.emit()
        file = path.relative_to(self.session.folder).as_posix()
        sha256 = next((f.sha256 for f in self.session.project.foregrounds if f.file == file), "")
        self._opening.submit(lambda: cut_store.open_photo(path, sha256))

    def _put_in(self, opened: Opened) -> None:
        if opened.path != self.wanted or not self.session.is_open:
            return
        self._let_go()
        document = CutDocument(self.session.jobs, opened.path, opened.pixels, opened.work, opened.planes, self)
        document.edited.connect(self._edited)
        self.document = document
        self.opened.emit(opened)
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
            document.path = cut_store.free_name(self.session.folder / PHOTOS / document.path.name)
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

    def finish(self, finish: Finish) -> None:
        """Finish the open photo's cutout in this way."""
        if self.document:
            self.document.set_finish(finish)

    # Its foreground

    def keep(self) -> None:
        """Save the finished cutout into the project's foregrounds, as one step of undo."""
        document = self.document
        if document is None or not document.has_cut:
            return
        run = cut_store.keep(self.session.folder, self.session.project, document)
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
        self.session.change(
            self.tr("keep {0}").format(Path(picture.file).stem),
            lambda project: cut_store.with_foreground(project, picture, before),
        )
        if document is self.document:
            document.set_foreground(picture.sha256)
            self.save()
            self.kept = picture.file
        self.said.emit()

    @property
    def status(self) -> str:
        """Of the foreground kept of the open photo: good or rejected; empty where there is none."""
        sha256 = self.document.work.foreground if self.document else ""
        if not sha256 or not self.session.is_open:
            return ""
        return next((f.status for f in self.session.project.foregrounds if f.sha256 == sha256), "")

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


def _entry(photo: Photo, foreground: Foreground | None) -> Entry:
    if foreground:
        return Entry(photo.path, "done", foreground.status == "rejected")
    return Entry(photo.path, "begun" if photo.begun else "new")
