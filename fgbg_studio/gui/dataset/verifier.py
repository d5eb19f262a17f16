"""Verifying datasets, each to its end whatever is opened meanwhile, and making again what is damaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from fgbg_studio.gui.lib.formatting import number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session


@dataclass
class _Verification:
    """What is known of one dataset: who looks at it, what was found and when, and whether that can be mended."""

    worker: Worker | None = None
    report: VerifyReport | None = None
    when: datetime | None = None
    mendable: bool = False
    said: str = ""
    error: str = ""


class DatasetVerifier(QObject):
    """Verifies any number of datasets; one of them is shown.

    Signals:
        files_written: files of the dataset that is shown were made again.
        measured: the figures of its files.
        found: something else is known of it.
    """

    files_written = Signal()
    measured = Signal(object)
    found = Signal()

    def __init__(
        self, session: Session, actions: dict[str, QAction], faults: FaultsView, notices: Notices, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._faults, self._notices = session, faults, notices
        self._act = actions
        self._contents: Contents | None = None
        self._show_dataset: Callable[[Path], object] | None = None
        self._known: dict[Path, _Verification] = {}
        actions["dataset.verify"].triggered.connect(self.verify)
        actions["dataset.repair"].triggered.connect(self._repair_all)

    def lead_to(self, show: Callable[[Path], object]) -> None:
        """Say how a dataset is shown, for what is said of another one."""
        self._show_dataset = show

    @property
    def report(self) -> VerifyReport | None:
        """What was found of the dataset that is shown."""
        return self._shown.report

    @property
    def _shown(self) -> _Verification:
        return self._of(self._contents) if self._contents else _Verification()

    def _of(self, contents: Contents) -> _Verification:
        return self._known.setdefault(contents.path, _Verification())

    def open(self, contents: Contents | None) -> None:
        """Show what is known of this dataset from now on, or of none."""
        self._contents = contents
        self._show()

    def forget(self, path: Path) -> None:
        """The dataset there is another one now."""
        before = self._known.pop(path, None)
        if before and before.worker:
            before.worker.cancel()

    @Slot()
    def verify(self) -> None:
        """Read every file back, on a worker; a second call while it runs does nothing."""
        contents = self._contents
        if contents is None or self._shown.worker:
            return
        self._notices.clear("missing")  # it will be said anew, with everything else
        mine = self._known[contents.path] = _Verification(said=self.tr("Verifying …"))
        mine.worker = self._session.jobs.run(
            self.tr("verifying {0}").format(contents.title),
            verifying(contents),
            done=partial(self._take_report, contents, mine),
            failed=partial(self._failed, contents, mine),
            progress=partial(self._tell, contents, mine),
            visible=True,
        )
        mine.worker.finished.connect(partial(self._ended, contents, mine))
        self._show()

    def _tell(self, contents: Contents, mine: _Verification, step: Progress) -> None:
        if mine.worker and not mine.worker.cancelled:
            share = f"{step.done / step.total:.0%}" if step.total else ""
            left = f" · {time_left(step.seconds_left)}" if step.seconds_left else ""
            mine.said = self.tr("Verifying … {0}").format(f"{share}{left}")
            if self._is_shown(contents):
                self._faults.say(mine.said)

    def _take_report(self, contents: Contents, mine: _Verification, report: VerifyReport) -> None:
        mine.report, mine.when = report, datetime.now().astimezone()
        mine.mendable = can_mend(contents) and bool(damaged_names(report))
        if self._is_shown(contents):
            if report.figures:
                self.measured.emit(report.figures)
        else:
            self._tell_elsewhere(contents, report)

    def _tell_elsewhere(self, contents: Contents, report: VerifyReport) -> None:
        choices = [(self.tr("Show"), partial(self._show_dataset, contents.path))] if self._show_dataset else []
        if report.clean:
            self._notices.tell(self.tr("{0}: nothing wrong").format(contents.title), choices, key="verified")
        else:
            text = self.tr("{0}: {1} faults").format(contents.title, number(report.faults))
            self._notices.warn(text, choices, key="verified")

    def _failed(self, contents: Contents, mine: _Verification, error: FgbgError) -> None:
        mine.error = said(error)
        if not self._is_shown(contents):
            self._notices.error(error)

    def _ended(self, contents: Contents, mine: _Verification, worker: Worker) -> None:
        mine.worker, mine.said = None, self.tr("Verifying was stopped.") if worker.cancelled else ""
        if self._is_shown(contents):
            self._show()

    def _is_shown(self, contents: Contents) -> bool:
        return self._contents is not None and self._contents.path == contents.path

    def _show(self) -> None:
        mine = self._shown
        self._act["dataset.repair"].setEnabled(mine.mendable and mine.worker is None)
        if mine.error:
            self._faults.say(mine.error, Icon.ERROR, "bad")
        elif mine.report and mine.when and mine.worker is None:
            self._faults.show_report(mine.report, mine.when, mendable=mine.mendable)
        else:
            self._faults.say(mine.said or self.tr("Not verified yet."))
        self.found.emit()

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
