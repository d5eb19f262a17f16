"""Pictures that come in: files, folders and ZIP files, and what is said of those that were not added."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import FillTransparent
from fgbg_studio.core.imaging.finding import PassedOver, Reason, why_not
from fgbg_studio.core.project.judging import Reading, Verdict
from fgbg_studio.core.project.unpacking import is_archive
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.incoming import acceptable, refusal, unpack
from fgbg_studio.gui.session.session import Session

Refused = tuple[str, FgbgError]
"""A file's name and why it was not added, which names it."""


class Importer(QObject):
    """Adds what is dropped.

    Signals:
        ended: (added, refused, passed over in words) of a whole drop.
        failed: an `FgbgError`.
        unfilled: the files that were refused for their transparent areas, and may be filled.
        noted: what should be known of pictures that were added, in words.
    """

    ended = Signal(int, list, str)
    unfilled = Signal(list)
    noted = Signal(list)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def add(self, paths: list[Path]) -> None:
        """Add files, folders and the pictures of ZIP files; other files are passed over, but where they are all."""
        passed, wanted = PassedOver(), acceptable(paths)
        for path in {*paths} - {*wanted} if wanted else ():
            passed.add(why_not(path.name) or Reason.NAME, path.name)
        archives = [path for path in wanted if is_archive(path)]
        others = [path for path in wanted or paths if path not in archives]
        if not archives:
            self._judge(others, None, passed)
            return
        title = self.tr("unpacking {0}").format(archives[0].name)
        folder = self._session.folder
        self._session.jobs.run(
            title,
            partial(unpack, archives, folder, passed),
            done=partial(self._unpacked, folder, others, passed),
            failed=self.failed.emit,
            visible=True,
        )

    def _unpacked(self, folder: Path, others: list[Path], passed: PassedOver, found: Path) -> None:
        if self._session.is_open and self._session.folder == folder:
            self._judge([*others, found], found, passed)
        else:
            self._remove(found)

    def fill(self, paths: list[Path], colour: tuple[int, int, int]) -> None:
        """Add pictures with a colour where they are transparent."""
        self._judge(paths, None, PassedOver(), Reading(fill=colour))

    def _judge(
        self, paths: list[Path], temporary: Path | None, passed: PassedOver, reading: Reading | None = None
    ) -> None:
        added, refused, clear, notes = 0, list[Refused](), list[Path](), list[str]()

        def take(verdicts: list[Verdict]) -> None:
            nonlocal added
            new = [(v.path.name, refusal(v.path, v.reason, v.error)) for v in verdicts if v.picture is None]
            refused.extend(new)
            added += len(verdicts) - len(new)
            notes.extend(f"{v.path.name}: {v.note}" for v in verdicts if v.note)
            clear.extend(v.path for v in verdicts if _fillable(v) and not (temporary and temporary in v.path.parents))

        def end(worker: Worker) -> None:
            if temporary:
                self._remove(temporary)
            if worker.error is None:
                self.ended.emit(added, refused, passed.said())
                if notes:
                    self.noted.emit(notes)
                if clear:
                    self.unfilled.emit(clear)

        worker = self._session.add_backgrounds(paths, passed, reading)
        worker.produced.connect(take)
        worker.finished.connect(end)

    def _remove(self, folder: Path) -> None:
        self._session.jobs.run(self.tr("tidying up"), partial(shutil.rmtree, folder, ignore_errors=True))


def _fillable(verdict: Verdict) -> bool:
    return verdict.error is not None and any(isinstance(remedy, FillTransparent) for remedy in verdict.error.remedies)
