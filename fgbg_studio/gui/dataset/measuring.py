"""Means and σ of the dataset that is shown: as recorded, counted again on its files, shown, copied."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.figures import OF_PIXELS, Reports
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.presence import Missing
from fgbg_studio.core.dataset.inspect.survey import Survey
from fgbg_studio.gui.dataset.inspector import DatasetInspector
from fgbg_studio.gui.dataset.jobs import counting, looking
from fgbg_studio.gui.dataset.kinds_table import KindsTable
from fgbg_studio.gui.dataset.wording import figures_note, kind_title, missing_words, python_tuples, sentence
from fgbg_studio.gui.lib.basics import label
from fgbg_studio.gui.lib.formatting import number, time_left
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session


class Measuring(QObject):
    """See the module.

    Signals:
        changed: other figures are known, or they are being counted.
    """

    changed = Signal()

    def __init__(self, session: Session, details: DatasetInspector, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._details, self._notices = session, details, notices
        self._contents: Contents | None = None
        self.table, self.note = KindsTable(), label("", "caption")
        self.note.setContentsMargins(PAD, UNIT, PAD, UNIT)
        self.reports: Reports = {}
        self.counter: Worker | None = None
        self._copied_next = ""
        """The kind whose figures are copied once the files are measured."""

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none; others' are counted at once, as nothing is recorded of them."""
        if self.counter:
            self.counter.cancel()
        self._contents, self.counter, self._copied_next = contents, None, ""
        self.reports = dict(contents.reports) if contents else {}
        self._show()
        self.look()
        if contents and not self.reports and contents.dataset is None:
            self.count()

    @Slot()
    def look(self) -> None:
        """See which files are not there, on a worker; what cannot be listed is for `Verify` to say."""
        contents = self._contents
        if contents:
            self._session.jobs.run(
                self.tr("looking for files"),
                looking(contents),
                done=partial(self._take_missing, contents),
                failed=lambda _error: None,
            )

    def _take_missing(self, contents: Contents, missing: Missing) -> None:
        if contents is not self._contents or missing == contents.missing:
            return
        contents.missing = missing
        self._details.show_contents(contents)
        self._show()
        self._notices.clear("missing")
        if missing:
            said = self.tr("{0}. Verify looks at every file.").format(missing_words(missing))
            self._notices.warn(said, key="missing")

    def _show(self) -> None:
        if self._contents:
            self.table.show_contents(self._contents, self.reports, self._contents.reports)
            self._details.show_reports(self.reports)
            self.note.setText(figures_note(self.reports, self._contents.reports))
        self.changed.emit()

    def count(self) -> None:
        """Read every picture, on a worker."""
        contents = self._contents
        if contents is None or self.counter:
            return
        self.counter = self._session.jobs.run(
            self.tr("counting {0}").format(contents.title),
            counting(contents),
            done=partial(self._take_survey, contents),
            failed=self._notices.error,
            progress=self._tell,
            visible=True,
        )
        self.counter.finished.connect(self._ended)
        self.changed.emit()

    def _tell(self, step: Progress) -> None:
        if self.counter and not self.counter.cancelled:
            left = f" · {time_left(step.seconds_left)}" if step.seconds_left else ""
            said = self.tr("Counting: {0} of {1} pictures read{2}")
            self.note.setText(said.format(number(step.done), number(step.total), left))

    def _take_survey(self, contents: Contents, survey: Survey) -> None:
        if contents is not self._contents:
            return
        self.reports = survey.figures()
        warnings = [*survey.warnings(), *([survey.note] if survey.note else [])]
        if warnings:
            more = self.tr(" Verify says what else.") if len(warnings) > 1 else ""
            self._notices.warn(f"{sentence(warnings[0])}.{more}", key="counted")

    def _ended(self, worker: Worker) -> None:
        if worker is self.counter:
            self.counter = None
            self._show()
            copied, self._copied_next = self._copied_next, ""
            if copied in self.reports and not worker.cancelled:
                self._put_on_clipboard(copied)

    @Slot(object)
    def take(self, figures: Reports) -> None:
        """What verifying has measured."""
        self.reports = dict(figures)
        self._show()

    def copy(self) -> None:
        """Copy what was measured on the files; where it was not yet, the files are read first."""
        kind = str(self._details.kind.currentData() or "")
        if kind in self.reports and self.reports[kind].get("of") == OF_PIXELS:
            self._copied_next = kind
            self._details.confirm(self.tr("Measuring the files first …"))
            self.count()
        else:
            self._put_on_clipboard(kind)

    def _put_on_clipboard(self, kind: str) -> None:
        if kind in self.reports:
            text = python_tuples(self.reports[kind])
            QGuiApplication.clipboard().setText(text)
            self._details.confirm(self.tr("Copied for {0}: {1}").format(kind_title(kind), text))
