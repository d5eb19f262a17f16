"""Verifying a dataset, and making again what is damaged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.repair import RepairReport, can_mend, damaged_names
from fgbg_studio.core.dataset.inspect.reproduce import write_again
from fgbg_studio.core.dataset.inspect.verify import VerifyReport
from fgbg_studio.gui.dataset.issues_view import FaultsView
from fgbg_studio.gui.dataset.jobs import repairing, verifying
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session


class DatasetVerifier(QObject):
    """``files_written`` when files of the dataset were made again; ``measured`` brings the figures of its files."""

    files_written = Signal()
    measured = Signal(object)

    def __init__(
        self, session: Session, actions: dict[str, QAction], faults: FaultsView, notices: Notices, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._faults, self._notices = session, faults, notices
        self._act = actions
        self._contents: Contents | None = None
        self._worker: Worker | None = None
        self.report: VerifyReport | None = None
        actions["dataset.verify"].triggered.connect(self.verify)
        actions["dataset.repair"].triggered.connect(self._repair_all)

    def open(self, contents: Contents | None) -> None:
        """Check this dataset from now on, or none."""
        if self._worker:
            self._worker.cancel()
        self._contents, self._worker, self.report = contents, None, None
        self._act["dataset.repair"].setEnabled(False)

    @Slot()
    def verify(self) -> None:
        """Read every file back, on a worker; a second call while it runs does nothing."""
        contents = self._contents
        if contents is None or self._worker:
            return
        self._faults.say(self.tr("Verifying …"))
        self._worker = self._session.jobs.run(
            self.tr("verifying {0}").format(contents.title),
            verifying(contents),
            done=self._take_report,
            failed=self._failed,
            progress=self._tell,
            visible=True,
        )
        self._worker.finished.connect(self._ended)

    def _tell(self, step: Progress) -> None:
        if self._worker and not self._worker.cancelled:
            share = f"{step.done / step.total:.0%}" if step.total else ""
            self._faults.say(self.tr("Verifying … {0}").format(share))

    def _take_report(self, report: VerifyReport) -> None:
        if self._contents is None:
            return
        self.report = report
        if report.figures:
            self.measured.emit(report.figures)
        mendable = can_mend(self._contents) and bool(damaged_names(report))
        self._act["dataset.repair"].setEnabled(mendable)
        self._faults.show_report(report, datetime.now().astimezone(), mendable=mendable)

    def _failed(self, error: FgbgError) -> None:
        self._faults.say(said(error), Icon.ERROR, "bad")

    def _ended(self, worker: Worker) -> None:
        if worker is self._worker:
            self._worker = None
            if worker.cancelled:
                self._faults.say(self.tr("Verifying was stopped."))

    # Making again

    def make_again(self, sample: int, folder: Path) -> None:
        """Write a sample's files, made anew, into ``folder``."""
        contents = self._contents
        if contents is None or contents.dataset is None:
            return
        dataset = contents.dataset
        self._session.jobs.run(
            self.tr("recreating a sample"),
            lambda: write_again(dataset, dataset.plan()[sample], folder),
            done=partial(self._tell_made, folder),
            failed=self._notices.error,
        )

    def _tell_made(self, folder: Path, paths: Sequence[Path]) -> None:
        names = ", ".join(str(path.relative_to(folder)) for path in paths)
        self._notices.tell(self.tr("Recreated in {0}: {1}").format(folder, names), key="made")

    @Slot()
    def _repair_all(self) -> None:
        self.repair()

    def repair(self, only: set[str] | None = None) -> None:
        """Make what is damaged what it was, all or ``only`` these files; verified once, it is verified anew then."""
        contents, session = self._contents, self._session
        if contents is None:
            return
        self._act["dataset.repair"].setEnabled(False)
        self._session.jobs.run(
            self.tr("repairing {0}").format(contents.title),
            repairing(contents, session.folder if session.is_open else None, only),
            done=self._repaired,
            failed=self._notices.error,
            visible=True,
        )

    def _repaired(self, report: RepairReport) -> None:
        if self._contents is None:
            return
        texts = []
        if report.restored:
            text = self.tr("{0} files are again what they were, byte for byte.")
            texts.append(text.format(number(len(report.restored))))
            self.files_written.emit()
        if report.left:
            name, why = next(iter(report.left.items()))
            texts.append(
                self.tr("{0} files could not be restored: {1}: {2}.").format(number(len(report.left)), name, why)
            )
        self._notices.tell(" ".join(texts) or self.tr("All is as it was written: nothing was changed."), key="made")
        if self.report and not self.report.clean:
            self.verify()
