"""What was done to photos, written beside them on workers soon after it was done."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.step_file import Place, append
from fgbg_studio.core.cutting.work import SavedWork, save_work
from fgbg_studio.core.project.photos import copy_photo
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.snapshot import Snapshot, SparePlanes
from fgbg_studio.gui.lib.worker import Jobs, Worker

SAVE_AFTER = 700
"""Milliseconds from the first change to the disk; later changes do not put it off."""
_AGAIN_AFTER = 5000  # where the disk refused


class _Writing:
    """One document's snapshot on its way to the disk; run by a worker, or by whoever cannot wait for that."""

    def __init__(self, document: CutDocument, spare: SparePlanes) -> None:
        self.document, self.snapshot = document, document.snapshot(spare)
        self._over = False  # what was not written by then is written by another
        self._lock = threading.Lock()
        self._done: tuple[SavedWork, dict[int, tuple[Place, ...]]] | None = None

    def __call__(self) -> None:
        with self._lock:
            if self._done is None and not self._over:
                self._done = _write(self.snapshot)

    def note(self) -> bool:
        """Tell the document what has become of it; whether it lies on the disk."""
        with self._lock:
            self._over = True
        if self._done:
            self.document.note_saved(self.snapshot, *self._done)
        else:
            self.document.note_unsaved(self.snapshot)
        self.snapshot = replace(self.snapshot, planes=("", ""), steps=[])  # its memory
        return self._done is not None


def _write(snapshot: Snapshot) -> tuple[SavedWork, dict[int, tuple[Place, ...]]]:
    if snapshot.source is not None and not snapshot.path.exists():
        copy_photo(snapshot.source, snapshot.path)
    places = append(snapshot.path, snapshot.work.history, snapshot.steps) if snapshot.steps else {}
    return save_work(snapshot.path, snapshot.work, *snapshot.planes), places


class Saver(QObject):
    """Writes changed documents, one after the other, never two at a time.

    Signals:
        saved: a `CutDocument` lies on the disk as it was a moment ago.
        failed: an `FgbgError`; it is tried again after a while, and when something changes.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._spare = SparePlanes(jobs, self)  # one is enough, as never two are written at a time
        self._changed: dict[CutDocument, None] = {}
        self._running: _Writing | None = None
        self._refused = False  # the disk did, and that was said
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.save)

    def note(self, document: CutDocument) -> None:
        """A document has changed: it is written soon."""
        self._changed[document] = None
        self._spare.prepare(document.width * document.height)
        if not self._timer.isActive():
            self._timer.start(SAVE_AFTER)

    def waits_for(self, document: CutDocument) -> bool:
        """Whether something of it does not lie on the disk yet."""
        return document in self._changed or (self._running is not None and self._running.document is document)

    @Slot()
    def save(self) -> None:
        """Write what has changed, on a worker, without waiting any longer."""
        self._timer.stop()
        if self._running is None and self._changed:
            self._running = writing = self._next()
            worker = self._jobs.run(self.tr("keeping the strokes"), writing, failed=self._fail, priority=5)
            worker.finished.connect(partial(self._end, writing))

    def flush(self) -> list[CutDocument]:
        """Write what has changed before going on, as where a project is closed; which could not be written."""
        self._timer.stop()
        failed: list[CutDocument] = []
        while self._running or self._changed:
            writing, self._running = self._running or self._next(), None
            try:
                writing()
            except FgbgError as error:
                self._fail(error)
            if not writing.note():
                failed.append(writing.document)
        self._changed |= dict.fromkeys(failed)
        if failed:
            self._timer.start(_AGAIN_AFTER)
        return failed

    def forget(self, document: CutDocument) -> None:
        """The document is let go of."""
        self._changed.pop(document, None)

    def _next(self) -> _Writing:
        document = next(iter(self._changed))
        del self._changed[document]
        return _Writing(document, self._spare)

    def _fail(self, error: FgbgError) -> None:
        if not self._refused:
            self.failed.emit(error)
        self._refused = True

    def _end(self, writing: _Writing, _worker: Worker) -> None:
        if writing is not self._running:
            return  # somebody could not wait for it
        self._running = None
        if writing.note():
            self._refused = False
            self.saved.emit(writing.document)
        else:
            self._changed[writing.document] = None
            self._timer.start(_AGAIN_AFTER if self._refused else SAVE_AFTER)
        if not self._timer.isActive():
            self.save()
