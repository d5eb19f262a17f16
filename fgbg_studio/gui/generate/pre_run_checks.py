"""What is asked on workers while settings change: what the folder holds, what a run would take, what to object to."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.cores import allowed_cores
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.dataset.check import NO_NETWORK, UNMEASURED, check
from fgbg_studio.core.dataset.finished import recorded
from fgbg_studio.core.dataset.forecast import Forecast, forecast, room_to_join
from fgbg_studio.core.dataset.target import Found, TargetState, look_at
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.run_options import RunOptions
from fgbg_studio.gui.session.session import Session

SETTLE = 400
"""Milliseconds without a change before anything is measured."""


class PreRunChecks(QObject):
    """See the module; `refresh` asks again for what has changed.

    Signals:
        looked: a `TargetState`.
        measuring: a pilot begins.
        measured: a `Forecast`.
        unmeasured: the `FgbgError` for which there is no forecast.
        remembered: what the finished shards in the folder say of the run that made them: a list of (seconds, step) in
            the order of time, as `core.dataset.run.recorded` has them; empty where the folder has none of this recipe.
        checking: the check begins.
        found: all `Issue`s so far; ``checked`` when there are no more.
    """

    looked = Signal(object)
    measuring = Signal()
    measured = Signal(object)
    unmeasured = Signal(object)
    remembered = Signal(list)
    checking = Signal()
    found = Signal(list)
    checked = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._choices = RunOptions(Path())
        self.target: TargetState | None = None
        self.forecast: Forecast | None = None
        self.remaining: Forecast | None = None
        self.failure: FgbgError | None = None
        self._issues: list[Issue] = []
        self._pilot: tuple[Recipe, Forecast] | None = None
        self._asked: Recipe | None = None
        self._checked: Project | None = None
        self._check_ended = False
        self._timer = QTimer(self, singleShot=True, interval=SETTLE)
        self._timer.timeout.connect(self._ask)
        self._looking = Latest(session.jobs, self.tr("looking into the folder"), self)
        self._looking.returned.connect(self._take_target)
        self._forecasting = Latest(session.jobs, self.tr("measuring"), self)
        self._forecasting.returned.connect(self._take_pilot)
        self._forecasting.failed.connect(self._take_failure)
        self._remembering = Latest(session.jobs, self.tr("reading what was made"), self)
        self._remembering.returned.connect(self.remembered.emit)
        self._remembering.failed.connect(lambda _: self.remembered.emit([]))
        self._check = Latest(session.jobs, self.tr("checking"), self)
        self._check.produced.connect(self._take_issues)
        self._check.returned.connect(lambda _: self._end_check())
        self._check.failed.connect(lambda _: self._end_check())

    @property
    def issues(self) -> list[Issue]:
        """What the check has found so far, and what only the pilot could see, or for which it failed."""
        made = self.forecast
        seen = [*made.issues, *(made.plausibility.issues() if made.plausibility else ())] if made else []
        measured = made is not None and made.plausibility is not None
        checked = [issue for issue in self._issues if not (measured and issue.code == UNMEASURED)]
        known, said = {issue.code for issue in checked}, {issue.message for issue in checked}
        if self.failure and self.failure.problem not in said and not any(issue.stops for issue in checked):
            checked.insert(0, Issue.of(self.failure, "trial"))
        return [*checked, *(issue for issue in seen if issue.code not in known)]

    @property
    def obstacle(self) -> Issue | None:
        """For what a run would end at once, as far as is known; None where it would begin or go on."""
        found = (issue for issue in self.issues if issue.stops)
        if self.target and self.target.found is not Found.NEW:
            # What was prepared is in the dataset already; only the network is needed again.
            return next((issue for issue in found if issue.code == NO_NETWORK), None) if self._left else None
        return next(found, None)

    @property
    def _left(self) -> int:
        return self.target.total - self.target.done if self.target and self.target.found is Found.UNFINISHED else 0

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        asked = (self._looking, self._forecasting, self._check, self._remembering)
        return self._timer.isActive() or any(latest.running for latest in asked)

    @property
    def complete(self) -> bool:
        """Whether `issues` are all of the project as it is now."""
        return self._check_ended and self._session.is_open and self._checked is self._session.project

    def refresh(self, choices: RunOptions, delay: int) -> None:
        """Ask for what is not known of the project and these choices, once nothing changes for ``delay`` ms."""
        self._choices = choices
        self._timer.start(delay)

    def forget(self) -> None:
        """Another project comes: nothing is known, and nothing is asked."""
        self._timer.stop()
        for latest in (self._looking, self._forecasting, self._check, self._remembering):
            latest.cancel()
        self.target = self.forecast = self.failure = self._pilot = self._asked = self._checked = None
        self._issues = []

    def rest(self) -> None:
        """Ask nothing now: a run needs the processor."""
        self._timer.stop()
        self._forecasting.cancel()
        self._asked = None

    @Slot()
    def _ask(self) -> None:
        if not self._session.is_open:
            return
        project, choices, folder = self._session.project, self._choices, self._session.folder
        self._looking.submit(lambda: look_at(project, choices.out, choices.limit))
        if project is not self._checked:
            self._checked, self._issues, self._check_ended = project, [], False
            self.forecast = self.failure = None  # what it saw may be of other settings
            self.checking.emit()
            self._check.submit(lambda: check(folder, project))

    @Slot(object)
    def _take_target(self, target: TargetState) -> None:
        self.target = target
        self.looked.emit(target)
        recipe, choices = target.recipe, self._choices
        if target.found in {Found.UNFINISHED, Found.FINISHED} and target.done:
            self._remembering.submit(lambda: list(recorded(choices.out)))
        else:
            self._remembering.cancel()
            self.remembered.emit([])
        if recipe is None:
            self.forecast = None
            self._forecasting.cancel()
            return
        if self._pilot and self._pilot[0].silent() == recipe.silent():
            self._forecasting.cancel()
            self._tell(*self._pilot)
        elif recipe != self._asked:
            self._asked, self.forecast, self.failure = recipe, None, None
            self.measuring.emit()
            folder, total = self._session.folder, target.total
            self._forecasting.submit(lambda: (recipe, forecast(recipe, folder, existing(choices.out), total)))

    @Slot(object)
    def _take_pilot(self, result: tuple[Recipe, Forecast]) -> None:
        self._pilot, self._asked, self.failure = result, None, None
        self._tell(*result)

    @Slot(object)
    def _take_failure(self, error: FgbgError) -> None:
        self._asked, self.failure = None, error
        self.unmeasured.emit(error)
        self.found.emit(self.issues)

    @Slot(list)
    def _take_issues(self, found: list[Issue]) -> None:
        self._issues += found
        self.found.emit(self.issues)

    def _end_check(self) -> None:
        self._check_ended = True
        self.checked.emit()

    def _tell(self, recipe: Recipe, pilot: Forecast) -> None:
        """The pilot's figures for as many samples and processes as are chosen now."""
        if self.target is None:
            return
        self.forecast = scaled(pilot, recipe, self.target.total, self._choices)
        made = 1 - self.target.done / max(self.target.total, 1) if self.target.can_go_on else 1.0
        self.remaining = portion(self.forecast, made)
        self.measured.emit(self.forecast)
        if len(self.issues) > len(self._issues):
            self.found.emit(self.issues)


def scaled(pilot: Forecast, recipe: Recipe, samples: int, choices: RunOptions) -> Forecast:
    """A forecast for another number of samples and processes, without measuring anew."""
    workers, factor = choices.workers or allowed_cores(), samples / pilot.samples
    sizes = {kind: round(size * factor) for kind, size in pilot.bytes.items()}
    return replace(
        pilot,
        samples=samples,
        bytes=sizes,
        joining=room_to_join(recipe.settings, samples, sizes),
        seconds=pilot.seconds * factor * pilot.workers / workers,
        workers=workers,
        free=shutil.disk_usage(existing(choices.out)).free,
    )


def portion(forecast: Forecast, part: float) -> Forecast:
    """Of a forecast what is still to come, where only a ``part`` of the samples, 0..1, is still to be made.

    Joining archives stays what it is: that comes at the end, and is of all of them.
    """
    sizes = {kind: round(size * part) for kind, size in forecast.bytes.items()}
    samples = round(forecast.samples * part)
    return replace(forecast, samples=samples, bytes=sizes, seconds=forecast.seconds * part)


def existing(path: Path) -> Path:
    """``path``, or the nearest folder above it that is there: it is on the same disk."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), Path.cwd())
