"""The open project. Panels read it here, change it here, and hear of every change here."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoGroup, QUndoStack

from fgbg_studio.core.base.errors import FgbgError, ProjectError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.project import cutout_files, recovery, recycle_bin, storage
from fgbg_studio.core.project.exclusions import Exclusions
from fgbg_studio.core.project.importing import judge_and_store, pictures_to_add
from fgbg_studio.core.project.judging import Judge, Reading, Verdict, judge_backgrounds, judge_foregrounds
from fgbg_studio.core.project.model import Picture, Project
from fgbg_studio.gui.lib.window_settings import WindowSettings
from fgbg_studio.gui.lib.worker import Jobs, Worker
from fgbg_studio.gui.session.undo import STEPS, FileChange, ProjectChange

AUTOSAVE = 2000
"""Milliseconds from a change to the recovery file."""


class Session(QObject):
    """One project at a time: its folder, its lock, its undo, what is saved of it, the jobs that run.

    Signals:
        opened: another project is open; ``project`` and ``folder`` are its own.
        changed: the project is another one: by a change, by undo or redo. Not sent with ``opened``.
        saving: it is about to be saved; who keeps something back writes it now.
        saved: it was saved; with the time.
        dirty_changed: whether there are changes that are not saved.
        closing: it is about to be closed, saved or not; who keeps something back writes it now.
        closed: none is open any more.
        recovery_found: unsaved changes of an earlier session were found and put in, as a step of undo; with their time.
        leftovers_found: `Leftovers` of a run that was killed were found.
        failed: an `FgbgError` of opening, making or saving.
        picture_wanted: (place, sha256): a panel asks for a background or foreground to be shown in its place.
        pictures_wanted: (place, [sha256]): the same for several.
        mend_wanted: [sha256] of cutouts in which one kind of flaw is to be mended, and the code of that kind;
            ``mended`` then says in words what became of it, and whether something could not be done.
        dataset_wanted: the folder, or the address as text, of a dataset that is to be shown in its place.
        dataset_made: the folder of a dataset that a run has just finished.
        remedy_wanted: a `Remedy` that a person follows somewhere in the window.
        files_moved: files went to the project's bin or came back from it, or the bin was emptied.
    """

    opened = Signal()
    changed = Signal()
    saving = Signal()
    saved = Signal(object)
    dirty_changed = Signal(bool)
    closing = Signal()
    closed = Signal()
    recovery_found = Signal(object)
    leftovers_found = Signal(object)
    failed = Signal(object)
    picture_wanted = Signal(str, str)
    pictures_wanted = Signal(str, list)
    mend_wanted = Signal(list, str)
    mended = Signal(str, bool)
    dataset_wanted = Signal(object)
    dataset_made = Signal(object)
    remedy_wanted = Signal(object)
    files_moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.settings = WindowSettings(self)
        self.jobs = Jobs(self)
        self.undo_group = QUndoGroup(self)
        self.undo_stack = QUndoStack(self.undo_group)
        self.undo_stack.setUndoLimit(STEPS)
        self.undo_group.setActiveStack(self.undo_stack)
        self.saved_at: datetime | None = None
        self._project: Project | None = None
        self._stored: Project | None = None
        self._folder: Path | None = None
        self._was_dirty = self._refused = False
        self._lock = contextlib.ExitStack()
        self._writer = recovery.ProjectWriter()
        self._timer = QTimer(self, singleShot=True, interval=AUTOSAVE)
        self._timer.timeout.connect(self._autosave)

    @property
    def is_open(self) -> bool:
        """Whether a project is open."""
        return self._project is not None

    @property
    def project(self) -> Project:
        """The project as it is on the screen; one must be open."""
        assert self._project is not None
        return self._project

    @property
    def folder(self) -> Path:
        """The open project's folder."""
        assert self._folder is not None
        return self._folder

    @property
    def dirty(self) -> bool:
        """Whether there are changes that are not saved."""
        return self._project is not self._stored

    # Opening and closing

    def open(self, folder: Path) -> None:
        """Open the project in ``folder`` on a worker; the open one stays until then. Asks nothing."""
        folder = folder.expanduser().resolve()
        if folder == self._folder:
            self.opened.emit()
            return
        lock = contextlib.ExitStack()
        try:
            if not folder.is_dir():
                raise ProjectError(f"{folder} does not exist", "Choose a project's folder")
            lock.enter_context(storage.locked(folder))
        except FgbgError as error:
            self.failed.emit(error)
            return
        worker = self.jobs.run(
            self.tr("opening the project"),
            partial(recovery.open_project, folder),
            done=partial(self._put_in, folder, lock),
            failed=self.failed.emit,
            visible=True,
        )
        worker.failed.connect(lock.close)

    def create(self, folder: Path, preset: str, name: str = "") -> None:
        """Make a project by a preset in ``folder``, which is made, and open it."""
        changes = {"name": name} if name else {}
        self.jobs.run(
            self.tr("creating the project"),
            lambda: storage.create(folder, preset, changes),
            done=lambda _: self.open(folder),
            failed=self.failed.emit,
        )

    def open_demo(self, folder: Path) -> None:
        """Open the demo project in ``folder``; it is drawn first where it is missing."""
        from fgbg_studio.core.project.demo import make_demo

        if (folder / storage.FILE).exists():
            self.open(folder)
            return
        self.jobs.run(
            self.tr("drawing the demo project"),
            lambda: make_demo(folder),
            done=lambda _: self.open(folder),
            failed=self.failed.emit,
            visible=True,
        )

    def close(self) -> None:
        """Close the project without saving it, and let go of its lock."""
        if self._folder is None:
            return
        self.closing.emit()
        self._timer.stop()
        self.jobs.abandon()  # what was asked about this project has no answer in another
        self._writer.give_up(self._folder)
        if self._stored is not None and self.dirty:
            with contextlib.suppress(FgbgError):  # the next opening does it
                cutout_files.put_right(self._folder, self._stored)
        self._let_go()
        self.closed.emit()

    def _put_in(self, folder: Path, lock: contextlib.ExitStack, found: recovery.OpenedProject) -> None:
        if self._folder is not None:
            self.close()
        (self._project, self.saved_at), unsaved, left = found
        self._stored, self._folder, self._lock = self._project, folder, lock
        self._note_dirty()
        self.settings.remember(folder)
        gc.freeze()  # thousands of pictures stay as long as the project does: not to be looked at again and again
        self.opened.emit()
        if unsaved:
            self._restore(unsaved.project)
            self.recovery_found.emit(unsaved.written)
        if left:
            self.leftovers_found.emit(left)

    def _let_go(self) -> None:
        self._project = self._stored = self._folder = None
        self.saved_at = None
        self.undo_stack.clear()
        self._lock.close()
        self._note_dirty()

    # Changing

    def change(self, text: str, function: Callable[[Project], Project], merge: str = "") -> bool:
        """Change the project as one step of undo.

        Args:
            text: what undo calls it: 'reject 3 backgrounds'.
            function: makes the changed project from the present one, by ``model_copy``; may raise.
            merge: steps with the same word that follow each other become one, such as those of a drag.

        Returns:
            Whether anything changed.
        """
        before = self.project
        after = function(before)
        if after is before or after == before:
            return False
        self.undo_stack.push(ProjectChange(text, before, after, self._put, merge))
        return True

    def change_exclusions(self, text: str, function: Callable[[Exclusions], Exclusions]) -> bool:
        """Change what is excluded, as `change`."""
        return self.change(text, lambda project: project.model_copy(update={"excluded": function(project.excluded)}))

    def change_files(
        self,
        text: str,
        function: Callable[[Project], Project],
        forth: Callable[[], object],
        back: Callable[[], object],
    ) -> bool:
        """Change the project and move files of its folder as one step of undo; see `FileChange`.

        Args:
            text: what undo calls it.
            function: makes the changed project from the present one, or gives it as it is.
            forth: moves the files, now and with redo, all or none.
            back: moves them back.

        Returns:
            Whether it was done; what hinders it is told by ``failed``.
        """
        before = self.project
        step = FileChange(text, before, function(before), self._put, forth, back, self._note_moved)
        self.undo_stack.push(step)
        return step.made

    def delete_rejected(self, kind: Literal["backgrounds", "foregrounds"]) -> int:
        """`delete` all rejected pictures of a kind."""
        pictures: tuple[Picture, ...] = getattr(self.project, kind)
        return self.delete(kind, [picture.sha256 for picture in pictures if picture.status == "rejected"])

    def delete(self, kind: Literal["backgrounds", "foregrounds"], hashes: Collection[str]) -> int:
        """Take pictures out of the project, as one step of undo; their files go to its bin.

        Args:
            kind: of the pictures.
            hashes: which of them.

        Returns:
            How many pictures are deleted.
        """
        before, wanted = self.project, set(hashes)
        pictures: tuple[Picture, ...] = getattr(before, kind)
        kept = tuple(picture for picture in pictures if picture.sha256 not in wanted)
        gone = [picture for picture in pictures if picture.sha256 in wanted]
        if not gone:
            return 0
        title = self.tr("delete backgrounds") if kind == "backgrounds" else self.tr("delete foregrounds")
        files = [picture.file for picture in gone]
        after = before.model_copy(update={kind: kept})
        made = self.change_files(
            title,
            lambda _: after,
            partial(recycle_bin.throw_away, self.folder, files),
            partial(recycle_bin.bring_back, self.folder, files),
        )
        return len(gone) if made else 0

    def empty_bin(self) -> None:
        """Delete what is in the project's bin for good; no step before this can be undone any more."""
        self.undo_stack.clear()
        folder = self.folder
        self.jobs.run(
            self.tr("emptying the bin"),
            lambda: recycle_bin.empty(folder),
            done=lambda _: self.files_moved.emit(),
            failed=self.failed.emit,
            visible=True,
        )

    def _note_moved(self, error: FgbgError | None) -> None:
        if error:
            self.failed.emit(error)
        self.files_moved.emit()

    def _put(self, project: Project) -> None:
        self._project = project
        self._note_dirty()
        if self.dirty and not self._timer.isActive():  # who changes something every second has a recovery file, too
            self._timer.start()
        self.changed.emit()

    def _note_dirty(self) -> None:
        if self._was_dirty != self.dirty:
            self._was_dirty = self.dirty
            self.dirty_changed.emit(self.dirty)

    def add_backgrounds(
        self, paths: list[Path], passed: PassedOver | None = None, reading: Reading | None = None
    ) -> Worker:
        """Add pictures (files and folders) on a worker; ``produced`` brings every `Verdict`, also refusals.

        ``passed`` takes what of the folders is passed over; it is whole when the worker has finished.
        ``reading`` says what files do not say themselves.
        """
        judge = partial(judge_backgrounds, rule=self.project.settings.background, reading=reading or Reading())
        return self._add("backgrounds", paths, judge, passed)

    def add_foregrounds(self, paths: list[Path]) -> Worker:
        """Add cutouts likewise."""
        return self._add("foregrounds", paths, judge_foregrounds)

    def _add(
        self,
        kind: Literal["backgrounds", "foregrounds"],
        paths: list[Path],
        judge: Judge,
        passed: PassedOver | None = None,
    ) -> Worker:
        folder, before, merge = self.folder, getattr(self.project, kind), f"add-{kind}-{id(paths)}"
        title = self.tr("adding backgrounds") if kind == "backgrounds" else self.tr("adding foregrounds")

        def work() -> Iterator[Progress | Verdict]:
            files = pictures_to_add(paths, passed)
            for done, verdict in enumerate(judge_and_store(folder, files, before, judge), 1):
                yield verdict
                yield Progress("adding pictures", done, len(files))

        def take(verdicts: list[Verdict]) -> None:
            if self._folder == folder:
                self._enter(kind, [verdict.picture for verdict in verdicts if verdict.picture], merge)

        return self.jobs.run(title, work, produced=take, visible=True)

    def _enter(self, kind: Literal["backgrounds", "foregrounds"], added: list[Picture], merge: str) -> None:
        title = self.tr("add backgrounds") if kind == "backgrounds" else self.tr("add foregrounds")
        # Two jobs may have been given the same picture.
        self.change(title, lambda project: project.with_pictures(kind, added), merge)

    # Saving

    def save(self) -> None:
        """Save the project on a worker."""
        if self._folder is None or not self.dirty:
            return
        self.saving.emit()
        self._timer.stop()
        done = partial(self._note_saved, self.folder, self.project)
        self.jobs.run(self.tr("saving"), self._write_job(), done=done, failed=self._note_refused)

    def save_now(self) -> bool:
        """Save the project before going on, as when the window closes; whether it is saved."""
        self.saving.emit()
        self._timer.stop()
        try:
            written = self._write_job()()
        except FgbgError as error:
            self._note_refused(error)
            return False
        self._note_saved(self.folder, self.project, written)
        return True

    def _write_job(self) -> Callable[[], bool]:
        return partial(self._writer.save, self.folder, self.project, self._writer.ask())

    def _note_saved(self, folder: Path, project: Project, written: bool) -> None:
        if folder != self._folder or not written:
            return
        self._stored, self.saved_at, self._refused = project, datetime.now().astimezone(), False
        if self.dirty:
            self._timer.start()
        self._note_dirty()
        self.saved.emit(self.saved_at)

    # Recovery

    @Slot()
    def _autosave(self) -> None:
        if self._folder is None:
            return
        kept = self.project if self.dirty else None
        self.jobs.run(
            self.tr("saving a recovery file"), partial(self._writer.keep, self._folder, kept, self._writer.ask()),
            done=lambda _: self._note_autosave(None), failed=self._note_autosave,
        )  # fmt: skip

    def _note_autosave(self, error: FgbgError | None) -> None:
        """A disk that refuses is told of once."""
        if error and self._refused:
            self._ask_again()
        elif error:
            self._note_refused(error)
        else:
            self._refused = False

    def _note_refused(self, error: FgbgError) -> None:
        self.failed.emit(error)
        self._refused = True
        self._ask_again()

    def _ask_again(self) -> None:
        """What is unsaved is to be kept as soon as the disk takes it."""
        if self._folder is not None and self.dirty:
            self._timer.start()

    def _restore(self, recovered: Project) -> None:
        """Put in what an earlier session left; undo gives it up."""
        forth, back = (self.project, recovered), (recovered, self.project)
        self.change_files(
            self.tr("restore unsaved changes"),
            lambda _: recovered,
            partial(cutout_files.swap, self.folder, *forth),
            partial(cutout_files.swap, self.folder, *back),
        )
