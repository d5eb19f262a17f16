"""Pictures that come in: files, folders and ZIP files, and what is said of those that were not added."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import FillTransparent
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.project.judging import Reading, Verdict
from fgbg_studio.core.project.unpacking import is_archive
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.incoming import refusal, unpack, wanted
from fgbg_studio.gui.session.session import Session


@dataclass
class ImportReport:
    """What became of a whole drop.

    Attributes:
        added: hashes of the pictures that came.
        there: files of the project that were dropped again.
        refused: why others were not added; each names its file.
        clear: the files among these that have transparent areas, which may be filled.
        notes: what should be known of pictures that were added, in words.
        passed: what was passed over, in words.
    """

    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    refused: list[FgbgError] = field(default_factory=list)
    clear: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed: str = ""

    def take(self, verdict: Verdict, *, lasting: bool) -> None:
        """Note one file's verdict; ``lasting`` says that the file will still be there."""
        if verdict.picture:
            self.added.append(verdict.picture.sha256)
            if verdict.note:
                self.notes.append(f"{verdict.path.name}: {verdict.note}")
        elif verdict.twin:
            self.there.append(verdict.twin)
        else:
            self.refused.append(refusal(verdict.path, verdict.reason, verdict.error))
            if lasting and _fillable(verdict):
                self.clear.append(verdict.path)


class Importer(QObject):
    """Adds what is dropped.

    Signals:
        ended: the `ImportReport` of a whole drop.
        failed: an `FgbgError`.
    """

    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def add(self, paths: list[Path]) -> None:
        """Add files, folders and the pictures of ZIP files; other files are passed over, but where they are all."""
        passed = PassedOver()
        files = wanted(paths, passed)
        archives = [path for path in files if is_archive(path)]
        others = [path for path in files if path not in archives]
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
        report = ImportReport()

        def take(verdicts: list[Verdict]) -> None:
            for verdict in verdicts:
                report.take(verdict, lasting=temporary is None or temporary not in verdict.path.parents)

        def end(worker: Worker) -> None:
            if temporary:
                self._remove(temporary)
            if worker.error is None:
                report.passed = passed.said()
                self.ended.emit(report)

        worker = self._session.add_backgrounds(paths, passed, reading)
        worker.produced.connect(take)
        worker.finished.connect(end)

    def _remove(self, folder: Path) -> None:
        self._session.jobs.run(self.tr("tidying up"), partial(shutil.rmtree, folder, ignore_errors=True), tidies=True)


def _fillable(verdict: Verdict) -> bool:
    return verdict.error is not None and any(isinstance(remedy, FillTransparent) for remedy in verdict.error.remedies)
