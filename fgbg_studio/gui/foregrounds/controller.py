"""The one photo at a time that the cutting place works on: opened, saved, kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QObject, QTimer, Signal, SignalInstance, Slot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.refine_and_check import refine_and_check
from fgbg_studio.core.cutting.seeds import hair_of, only_guessed
from fgbg_studio.core.cutting.work import DamagedWorkError, Work
from fgbg_studio.core.project import photos
from fgbg_studio.core.project.judging import Verdict, by_hash
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import PHOTOS, OpenedPhoto, Photo
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.keeping import Keeping, change_cutouts
from fgbg_studio.gui.foregrounds.open_photos import OpenPhoto, OpenPhotos
from fgbg_studio.gui.foregrounds.photo_list import PhotoList
from fgbg_studio.gui.foregrounds.saver import Saver
from fgbg_studio.gui.session.session import Session

_PATIENCE = 60_000  # milliseconds that closing waits for cutouts to be kept


class Standing(Enum):
    """How it stands with the photo that is selected."""

    NOTHING = "nothing"  # none is selected
    LOADING = "loading"
    FAILED = "failed"  # it cannot be opened
    EMPTY = "empty"  # open, and nothing is cut
    CUTTING = "cutting"  # open, and a cut, a guess or the like is on its way
    CUT = "cut"
    KEPT = "kept"  # the project has a cutout of it


@dataclass(frozen=True)
class Desk:
    """The state of the cutting place: what is selected, shown and acted on are this one photo.

    Attributes:
        standing: see `Standing`.
        path: the photo; None for none.
        error: why it cannot be opened.
    """

    standing: Standing
    path: Path | None = None
    error: FgbgError | None = None


class CutController(QObject):
    """See the module.

    Every result arrives at the document that it is for, whichever photo is looked at then. `document` is that of the
    photo that is selected and None while there is none to work on: nothing acts on any other.

    Attributes:
        photos: those of the project.
        document: the photo that is open, or None.
        wanted: the photo that is selected: open, being opened, or not to be opened.
        kept: the file of the foreground that was just kept of the open photo; empty after the next change.

    Signals:
        chosen: `wanted` is another one, or `state` is.
        opened: another photo is open; brings its `Pyramid`.
        left: the open photo is about to be put away; whether the next has to be waited for.
        said: something of the open photo's own standing changed: kept, rejected.
        work_changed, shown_changed, busy, checked: as `CutDocument`'s, of the open photo.
        stepped: something was done to the open photo, or undone.
        saved: what was done to some photo lies on the disk now.
        failed: an `FgbgError`. ``refused``: why a cutout was not taken in, in words.
        cut_failed: an `FgbgError` of a cut of the open photo.
    """

    chosen = Signal()
    opened = Signal(object)
    left = Signal(bool)
    said = Signal()
    work_changed = Signal()
    shown_changed = Signal(object)
    busy = Signal(bool)
    checked = Signal(list)
    failed = Signal(object)
    cut_failed = Signal(object)
    refused = Signal(str)
    stepped = Signal(int)
    saved = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.document: CutDocument | None = None
        self.wanted: Path | None = None
        self.kept = ""
        self._error: FgbgError | None = None
        self._keeping: list[CutDocument] = []
        self._saver = Saver(session.jobs, self)
        self._saver.failed.connect(self.failed)
        self._open = OpenPhotos(session.jobs, self._make, self._is_needed, self)
        self._open.ready.connect(self._put_in)
        self._open.failed.connect(self._fail)
        self._saver.saved.connect(self._open.make_room)
        self._saver.saved.connect(self.saved)
        session.opened.connect(self._start)
        self.photos = PhotoList(session, self)
        self.photos.returned.connect(lambda paths: self.open(paths[0]))
        self.photos.going.connect(self._leave)
        self.photos.moving.connect(self._let_move)
        self.photos.moved.connect(self._follow_moved)
        self.photos.failed.connect(self.failed)
        session.changed.connect(self._follow)
        session.saving.connect(self.save)
        session.closing.connect(self._close)
        session.closed.connect(self.chosen)
        session.picture_wanted.connect(self._show_wanted)

    @property
    def state(self) -> Desk:
        """How it stands with the photo that is selected."""
        if self.wanted is None:
            return Desk(Standing.NOTHING)
        if self._error:
            return Desk(Standing.FAILED, self.wanted, self._error)
        document = self.document
        if document is None:
            return Desk(Standing.LOADING, self.wanted)
        standing = Standing.CUT if document.has_cut else Standing.EMPTY
        if self.status:
            standing = Standing.KEPT
        return Desk(Standing.CUTTING if document.at_work else standing, self.wanted)

    # The photo that is selected

    @Slot(str, str)
    def _show_wanted(self, place: str, sha256: str) -> None:
        """Open the photo that a foreground was cut from, or the foreground itself."""
        photo = self.photos.photo_of(sha256) if place == "foregrounds" and sha256 else None
        if photo:
            self.open(photo)

    def _start(self) -> None:
        if self.wanted is not None and not self.wanted.is_relative_to(self.session.folder):
            self._close()

    def open(self, path: Path) -> None:
        """Select a photo and open it; what is at work on the one before goes on."""
        if path == self.wanted and not self._error:
            return
        self._put_away(waits=not self._open.holds(path))
        self.wanted = path
        held = self._open.ask(path, self._foreground_in(path))
        if held:
            self._put_in(held)
        else:
            self.chosen.emit()

    def expect(self, paths: Iterable[Path | None]) -> None:
        """These will be opened next, most likely the first: they are read while there is time."""
        self._open.expect([(path, self._foreground_in(path)) for path in paths if path])

    def document_of(self, path: Path) -> CutDocument | None:
        """The document of a photo that is in memory, looked at or not."""
        return next((one for one in self._open.documents if one.path == path), None)

    def is_opening(self, path: Path) -> bool:
        """Whether a photo's files are being read just now."""
        return self._open.is_opening(path)

    def _foreground_in(self, path: Path) -> str:
        """The hash of the foreground whose own file that is; empty for none."""
        file = path.relative_to(self.session.folder).as_posix()
        return next((f.sha256 for f in self.session.project.foregrounds if f.file == file), "")

    def _put_in(self, held: OpenPhoto) -> None:
        if held.document.path != self.wanted:
            return
        self.document = document = held.document
        self.chosen.emit()
        self.opened.emit(held.photo)
        document.begin()
        self.session.jobs.run(
            self.tr("opening the photo"), held.photo.prepare_copy, failed=self.failed.emit, priority=10
        )

    def _fail(self, path: Path, error: FgbgError) -> None:
        if path == self.wanted:
            self._error = error
            self.chosen.emit()

    def _put_away(self, *, waits: bool = False) -> None:
        """The photo that was looked at is no longer; what was done to it is written."""
        self.left.emit(waits)
        document, self.document, self.kept, self._error = self.document, None, "", None
        if document:
            document.leave()
            self.save()

    def set_aside(self) -> None:
        """Put the damaged file beside the photo into the project's bin, and open the photo without it."""
        path, error = self.wanted, self._error
        if path is None or not isinstance(error, DamagedWorkError):
            return
        try:
            photos.set_aside(self.session.folder, path, error)
        except FgbgError as trouble:
            self.failed.emit(trouble)
            return
        self.open(path)

    def _close(self) -> None:
        self.wait_for_keeping()
        self._put_away()
        self.flush()
        self.wanted = None
        for document in self._open.documents:
            self._saver.forget(document)
        self._open.clear()

    def _leave(self, paths: list[Path]) -> None:
        """The files of these photos go to the bin: what is to be written is written first."""
        self.wait_for_keeping()
        shown = self.wanted in paths
        if shown:
            self._put_away()
            self.wanted = None
        self.flush()
        self._open.drop(paths)
        if shown:
            self.chosen.emit()

    def _let_move(self, path: Path) -> None:
        """The photo's files are about to have another name: it is put away, with all that is known of them."""
        if path == self.wanted:
            self._put_away()
        self.flush()
        self._open.drop([path])

    def _follow_moved(self, old: Path, new: Path) -> None:
        if old == self.wanted:
            self.wanted = None
            self.open(new)

    # The documents

    def _make(self, opened: OpenedPhoto) -> CutDocument:
        document = CutDocument(self.session.jobs, opened.path, opened.pixels, opened.work, opened.planes, self)
        document.leave()
        document.restore(opened.saved, opened.steps, opened.done, partial(self._revived, opened.path))
        document.edited.connect(partial(self._edited, document))
        document.failed.connect(partial(self._fail_cut, document))
        document.busy.connect(partial(self._note_busy, document))
        relayed: tuple[tuple[SignalInstance, SignalInstance], ...] = (
            (document.work_changed, self.work_changed), (document.shown_changed, self.shown_changed),
            (document.checked, self.checked), (document.undo_stack.indexChanged, self.stepped),
        )  # fmt: skip
        for own, relay in relayed:
            own.connect(partial(self._relay, document, relay))
        return document

    def _revived(self, path: Path, note: str, text: str) -> Keeping | None:
        keeping = Keeping.revived(self.session, note, text, path.stem)
        if keeping:
            self.photos.link(path, keeping.old.sha256 if keeping.old else "", keeping.picture.sha256)
        return keeping

    def _relay(self, document: CutDocument, relay: SignalInstance, *values: object) -> None:
        if document is self.document:
            relay.emit(*values)

    def _fail_cut(self, document: CutDocument, error: FgbgError) -> None:
        (self.cut_failed if document is self.document else self.failed).emit(error)

    def _note_busy(self, document: CutDocument, busy: bool) -> None:
        if document is self.document:
            self.busy.emit(busy)
        elif not busy:
            self._open.make_room()

    def _is_needed(self, document: CutDocument) -> bool:
        return document is self.document or document.at_work or self._saver.waits_for(document)

    def _edited(self, document: CutDocument) -> None:
        if document is self.document:
            self.kept = ""
        self._saver.note(document)
        if document.path.parent != self.session.folder / PHOTOS:
            # A kept cutout becomes a photo of its own, so that what is done to it has a place.
            document.source = document.path
            self._open.move(document, photos.free_photo(self.session.folder, document.path.name))
            if document is self.document:
                self.wanted = document.path
        begun, guessed = document.has_cut or bool(document.work.seeds), only_guessed(document.work.seeds)
        self.photos.note(Photo(document.path, document.work.foreground, begun, guessed, touched=True))

    def save(self) -> None:
        """Write what is not written yet, on a worker."""
        self._saver.save()

    def flush(self) -> list[CutDocument]:
        """Write what is not written yet before going on; which photos could not be."""
        return self._saver.flush()

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
        """Save the finished cutout into the project's foregrounds, as one step of undo.

        Where a cut is on its way, the first one too, it is that cut's: what was drawn before the key counts. Nobody has
        seen that one: it is still to be looked at.
        """
        document = self.document
        if document is not None and (document.has_cut or document.cutting):
            document.hold()
            self._keeping.append(document)
            document.when_cut(partial(self._store, document, seen=not document.cutting))

    def _store(self, document: CutDocument, *, seen: bool) -> None:
        if not document.has_cut:
            self._end_keeping(document)  # the cut failed or was stopped, which is said already
            return
        run = partial(
            _kept, self.session.folder, self.session.project, document.path, document.photo, document.alpha.copy(),
            document.work,
        )  # fmt: skip
        done = partial(self._take_kept, document, seen)
        worker = self.session.jobs.run(self.tr("keeping the cutout"), run, done=done, failed=self.failed.emit)
        worker.finished.connect(lambda _: self._end_keeping(document))

    def _end_keeping(self, document: CutDocument) -> None:
        self._keeping.remove(document)
        document.let_go()

    def wait_for_keeping(self) -> None:
        """Until the cutouts that are being kept are in the project; the person waits too."""
        deadline, loop = QDeadlineTimer(_PATIENCE), QEventLoop()
        QTimer.singleShot(_PATIENCE, loop, loop.wakeUp)
        flags = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        while self._keeping and not deadline.hasExpired():
            loop.processEvents(flags)  # not all of them: where something is painted all the time, they have no end

    def _take_kept(self, document: CutDocument, seen: bool, result: tuple[Verdict, bool]) -> None:
        verdict, flawless = result
        if not self.session.is_open:
            return
        if not isinstance(verdict.picture, Foreground):
            file = self._find_again(document, verdict.reason)
        else:
            file = self._enter(document, verdict.picture.model_copy(update={"reviewed": flawless and seen}))
        self.save()
        if document is self.document:
            self.kept = file
        self.said.emit()

    def _find_again(self, document: CutDocument, reason: str) -> str:
        """The file of the very same cutout, which the project has already; empty where it was refused."""
        known = next((f for f in self.session.project.foregrounds if f.file in reason), None)
        if known is None:
            self.refused.emit(reason)
            return ""
        if document.work.foreground != known.sha256:
            document.set_foreground(known.sha256)
        return known.file

    def _enter(self, document: CutDocument, picture: Foreground) -> str:
        before, project = document.work.foreground, self.session.project
        old = next((f for f in project.foregrounds if before and f.sha256 == before), None)
        text, arrived = (
            self.tr("keep {0}").format(document.path.stem),
            {picture.sha256: self.session.folder / picture.file},
        )
        changed = change_cutouts(
            self.session, text, lambda project: photos.with_foreground(project, picture, before), arrived
        )
        self.photos.link(document.path, before, picture.sha256)
        entered = next((f for f in self.session.project.foregrounds if f.sha256 == picture.sha256), None)
        if entered is None:
            return ""  # why is said already
        if changed:
            keeping = Keeping(self.session, entered, old, text, document.path.stem, self.session.project)
            document.note(text, keeping)
        document.set_foreground(picture.sha256)
        return entered.file

    def _follow(self) -> None:
        """The project changed: a photo belongs to that of its cutouts which is in the project now."""
        known = by_hash(self.session.project.foregrounds)
        for document in self._open.documents:
            newest = self.photos.newest_kept(document.path) if document.work.foreground not in known else ""
            if newest:
                document.set_foreground(newest)
        if self.kept and self.kept not in known.values():
            self.kept = ""
        self.said.emit()

    @property
    def status(self) -> str:
        """Of the foreground kept of the open photo: good or rejected; empty where there is none."""
        sha256 = self.document.work.foreground if self.document else ""
        if not sha256 or not self.session.is_open:
            return ""
        return next((f.status for f in self.session.project.foregrounds if f.sha256 == sha256), "")


def _kept(folder: Path, project: Project, path: Path, photo: Pixels, alpha: Pixels, work: Work) -> tuple[Verdict, bool]:
    """The verdict on the cutout that is kept, and whether the check finds nothing in it."""
    finish, hair = work.finish, hair_of(work.seeds, alpha.shape)
    verdict = photos.keep_cutout(folder, by_hash(project.foregrounds), path, photo, alpha, finish, hair)
    *_, issues = refine_and_check(photo, alpha, finish, hair)
    return verdict, not issues
