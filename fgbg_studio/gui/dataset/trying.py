"""Trials of the dataset that is open: begun, shown, stopped, and their networks put to use."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.networks import consent
from fgbg_studio.core.project.settings import replaced
from fgbg_studio.core.trial.apart import control_apart, run_apart
from fgbg_studio.core.trial.folders import folder_for, is_stopped
from fgbg_studio.core.trial.progress import TrialProgress
from fgbg_studio.core.trial.results import TrialResult
from fgbg_studio.core.trial.settings import TrialSettings
from fgbg_studio.gui.dataset.trial_form import TrialForm
from fgbg_studio.gui.dataset.trial_view import TrialView
from fgbg_studio.gui.lib.dialogs import open_outside
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_GUESSES = "foregrounds/network"


class Trying(QObject):
    """See the module; one trial at a time.

    Signals:
        changed: one began or ended.
    """

    changed = Signal()

    def __init__(self, session: Session, view: TrialView, form: TrialForm, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self.view, self.form, self._notices = session, view, form, notices
        self._contents: Contents | None = None
        self._of: Path | None = None
        self.result: TrialResult | None = None
        self.worker: Worker | None = None
        form.begun.connect(self.begin)
        form.stopped.connect(self.stop)
        view.report_wanted.connect(self._open_report)
        view.folder_wanted.connect(self._open_folder)
        view.depth_wanted.connect(self._use_for_depth)
        view.guesses_wanted.connect(self._use_for_guesses)

    def can_try(self, contents: Contents | None) -> bool:
        """Whether there is something to learn from."""
        complete = contents is not None and (contents.dataset is None or contents.dataset.complete)
        return complete and contents is not None and "fg_bg" in contents.sample_kinds

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none; a trial that runs goes on, and the last one is shown with its dataset."""
        self._contents = contents
        self.view.clear()
        if self._shown() and self.result:
            self.view.show_result(self.result)
        self._show()

    @Slot(object)
    def begin(self, settings: TrialSettings) -> None:
        """Train, or go on where it was stopped."""
        contents = self._contents
        if contents is None or self.worker or not self.can_try(contents):
            return
        try:
            control = control_apart()
        except OSError as error:
            self._notices.warn(self.tr("Processes cannot share memory here ({0}).").format(error))
            return
        out = folder_for(contents.path, settings)
        self._of, self.result = contents.path, None
        self.view.begin()
        self.worker = self._session.jobs.run(
            self.tr("trying {0}").format(contents.title),
            lambda: run_apart(contents.path, out, settings, control),
            visible=True,
            failed=self._fail,
            progress=self._take,
            control=control,
        )
        self.worker.finished.connect(self._ended)
        self._show()

    def stop(self) -> None:
        """Stop after the step at hand; what was trained is kept."""
        if self.worker:
            self.worker.cancel()

    def _shown(self) -> bool:
        return self._contents is not None and self._contents.path == self._of

    def _take(self, step: Progress) -> None:
        if isinstance(step, TrialProgress) and step.result:
            self.result = step.result
        if self._shown():
            self.view.show_progress(step)

    def _fail(self, error: FgbgError) -> None:
        self._notices.error(error, key="trial")
        if self._shown():
            self.view.clear()

    @Slot(object)
    def _ended(self, worker: Worker) -> None:
        self.worker = None
        if worker.cancelled and self._shown():
            self.view.show_stopped()
        if self.result and not self._shown():
            words = self.tr("The trial of {0} is finished.").format(self.result.title)
            self._notices.tell(words, [(self.tr("Open the report"), self._open_report)], key="trial")
        self._show()

    def _show(self) -> None:
        contents = self._contents
        out = folder_for(contents.path, self.form.trial) if contents and self.can_try(contents) else None
        self.form.show_out(out, continued=out is not None and is_stopped(out))
        self.form.show_running(self.worker is not None)
        self.changed.emit()

    def _open_report(self) -> None:
        if self.result and self.result.report:
            open_outside(self.result.report[-1])

    def _open_folder(self) -> None:
        if self.result:
            open_outside(self.result.folder)

    def _network(self) -> Path | None:
        """The file of the network that sees the composite alone."""
        one = self.result.network("one") if self.result else None
        name = next((one.files[kind] for kind in ("tflite", "onnx", "keras") if kind in one.files), "") if one else ""
        return self.result.folder / name if self.result and name else None

    def _use_for_depth(self) -> None:
        file = self._network()
        if file is None or not self._session.is_open:
            self._notices.tell(self.tr("Open the project first that it is to be used in."), key="trial")
            return
        consent.remember(str(file))
        self._session.change(
            self.tr("use the trial's network for depth"),
            lambda project: project.model_copy(
                update={
                    "settings": replaced(replaced(project.settings, "depth.model", str(file)), "depth.network", None)
                }
            ),
        )
        words = self.tr("{0} is the network for depth of {1} now.").format(file.name, self._session.folder.name)
        self._notices.tell(words, [(self.tr("Undo"), self._session.undo_stack.undo)], key="trial")

    def _use_for_guesses(self) -> None:
        file = self._network()
        if file:
            consent.remember(str(file))
            self._session.settings.set_value(_GUESSES, str(file))
            self._notices.tell(
                self.tr("{0} makes the first guesses in Foregrounds now.").format(file.name), key="trial"
            )
