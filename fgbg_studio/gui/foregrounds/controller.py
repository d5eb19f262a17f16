"""The photo that is open in the cutting place: opened, saved, kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.project import photos
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.model import Foreground
from fgbg_studio.core.project.photos import PHOTOS, OpenedPhoto, Photo
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.keeping import Keeping
from fgbg_studio.gui.foregrounds.photo_list import PhotoList
from fgbg_studio.gui.foregrounds.saver import Saver
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

_SAVE_AFTER = 1500  # milliseconds after the last change


class CutController(QObject):
    """See the module.

    Attributes:
        photos: those of the project.
        document: the photo that is open, or None.
        wanted: the photo that is open or being opened.
        kept: the file of the foreground that was just kept of the open photo; empty after the next change.

    Signals:
        chosen: `wanted` is another one.
        opened: another photo is open; brings its `Pyramid`. ``left``: none is open any more.
        said: something of the open photo's own standing changed: kept, rejected.
        failed: an `FgbgError`. ``refused``: why a cutout was not taken in, in words.
    """

    chosen = Signal()
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
        self._source: Path | None = None
        self._saver = Saver(session.jobs, self.failed.emit, self)
        self._opening = Latest(session.jobs, self.tr("opening the photo"), self)
        self._opening.returned.connect(self._put_in)
        self._opening.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER)
        self._timer.timeout.connect(self.save)
        session.opened.connect(self._start)
        self.photos = PhotoList(session, self)
        self.photos.photos_added.connect(lambda paths: self.open(paths[0]))
        self.photos.cutout_added.connect(self._open_where_none_is)
        self.photos.going.connect(self._leave)
        self.photos.failed.connect(self.failed)
        self.photos.refused.connect(self.refused)
        session.changed.connect(self._follow)
        session.saving.connect(self.save)
        session.closed.connect(self._close)
        session.picture_wanted.connect(self._show_wanted)

    # The photo that is open

    @Slot(str, str)
    def _show_wanted(self, place: str, sha256: str) -> None:
        """Open the photo that a foreground was cut from, or the foreground itself."""
        photo = self.photos.photo_of(sha256) if place == "foregrounds" and sha256 else None
        if photo:
            self.open(photo)

    def _open_where_none_is(self, path: Path) -> None:
        if self.wanted is None:
            self.open(path)

    def _start(self) -> None:
        self._let_go()
        self.wanted = None

    def open(self, path: Path) -> None:
        """Open a photo; what was done to the one before is saved first."""
        self.save()
        self._saver.flush()
        self.wanted = path
        self.chosen.emit()
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
        self.wanted = None

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
        self.photos.note(Photo(document.path, document.work.foreground, begun))

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
        self.photos.link(document.path, before, picture.sha256)
        if document is self.document:
            if changed:
                keeping = Keeping(self.session, picture, before, text)
                document.note(text, keeping.undo, keeping.redo)
            document.set_foreground(picture.sha256)
            self.save()
            self.kept = picture.file
        self.said.emit()

    def _follow(self) -> None:
        """The project changed: the open photo belongs to that of its cutouts which is in the project now."""
        known = {f.sha256: f.file for f in self.session.project.foregrounds}
        document = self.document
        if document:
            newest = self.photos.newest_kept(document.path)
            if document.work.foreground not in known and newest:
                document.set_foreground(newest)
            if self.kept and self.kept not in known.values():
                self.kept = ""
        self.said.emit()

    def _leave(self, paths: list[Path]) -> None:
        """The files of these photos go to the bin: what is to be written is written first."""
        self.flush()
        if self.document and self.document.path in paths:
            self._let_go()
            self.wanted = None

    @property
    def status(self) -> str:
        """Of the foreground kept of the open photo: good or rejected; empty where there is none."""
        sha256 = self.document.work.foreground if self.document else ""
        if not sha256 or not self.session.is_open:
            return ""
        return next((f.status for f in self.session.project.foregrounds if f.sha256 == sha256), "")


def _open(path: Path, foreground: str) -> tuple[OpenedPhoto, Pyramid]:
    opened = photos.open_photo(path, foreground)
    pyramid = Pyramid.of(opened.pixels)
    pyramid.prepare_copy()
    return opened, pyramid
