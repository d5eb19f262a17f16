"""The place Generate: what a run takes, the run itself, live plots, and the log of it."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import ChooseFolder, GenerateAgain, MoreSamples, Remedy
from fgbg_studio.core.dataset.check import HEIGHT_ASSUMED, NO_NETWORK
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.forecast import Forecast
from fgbg_studio.core.dataset.run import Options
from fgbg_studio.core.dataset.target import Found, TargetState, free_folder
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.plan.fitting_heights import with_fitting_heights
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.generate import actions, wording
from fgbg_studio.gui.generate.forecast_view import ForecastView
from fgbg_studio.gui.generate.issues_view import IssuesView, Offers, places_of
from fgbg_studio.gui.generate.log import LogView, RunLog, RunLogger
from fgbg_studio.gui.generate.newest import NewestSamples
from fgbg_studio.gui.generate.notifier import Notifier
from fgbg_studio.gui.generate.pre_run_checks import SETTLE, PreRunChecks
from fgbg_studio.gui.generate.run import Run, RunState
from fgbg_studio.gui.generate.run_actions import send_text, show_state, start_text
from fgbg_studio.gui.generate.run_form import RunForm
from fgbg_studio.gui.generate.run_strip import RunStrip
from fgbg_studio.gui.generate.sending import Sending
from fgbg_studio.gui.generate.task_bar import TaskBar
from fgbg_studio.gui.lib.actions import Spec, connect
from fgbg_studio.gui.lib.basics import hbox, tool_button, vbox
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.remedies import words
from fgbg_studio.gui.lib.theme import PAD, TOOL_ICON, UNIT
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.run_options import RunOptions, default_folder, recall, remember
from fgbg_studio.gui.session.session import Session

if TYPE_CHECKING:
    from fgbg_studio.gui.generate.dashboard import Dashboard


_BETWEEN = 30
"""Milliseconds between two plots' making: what a hand does meanwhile comes first."""

_WIDEST = 1100
"""Pixels of the forecast: on a wide screen a button would stand far from the words that it belongs to."""


class GeneratePanel(Panel):
    """See the module."""

    place, icon = "generate", Icon.GENERATE

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.choices = RunOptions(Path())
        self.checks, self.run = PreRunChecks(session, self), Run(session, self)
        self.thumbnails = Thumbnails(session.jobs, self)
        self.newest, self.log = NewestSamples(session, self), RunLog(self)
        self.logger, self.notifier = RunLogger(self.run, self.log, self), Notifier(self)
        self.task_bar = TaskBar(self)
        self.dashboard: Dashboard | None = None
        self._placed_of: Project | None = None
        self._placed: dict[str, tuple[str, str]] = {}
        self._record: list[tuple[float, RunProgress]] | None = None
        self._shown = self._wanted = self._unread = False
        self._start_tip = self.act["generate.start"].toolTip()
        self._build()
        self._connect_actions()
        self._connect()
        self._show_state()

    # What the frame asks

    @override
    def title(self) -> str:
        return self.tr("Generate")

    @override
    def specs(self) -> tuple[Spec, ...]:
        return actions.specs()

    @override
    def entered(self) -> None:
        self._shown = True
        self.notifier.hide()
        self._show_project()
        self._ask(delay=0)
        if self.dashboard is None:
            # What draws the plots takes a third of a second to load: not while somebody waits for the window.
            self.session.jobs.run(self.tr("loading the plots"), _load_plots, done=lambda _: self._grow_board())

    @override
    def left(self) -> None:
        self._shown = False

    @override
    def unfinished(self) -> str:
        if not self.run.state.alive:
            return ""
        step = self.run.newest
        if step is None or step.phase != "making samples":
            return self.tr("generating (no samples yet)")
        figures = wording.progress_text(step, moving=False)
        text = self.tr("generating ({0}; {1} are kept, and you can continue from there)")
        return text.format(figures, number(step.kept))

    @override
    def show_remedy(self, remedy: Remedy) -> None:
        if isinstance(remedy, ChooseFolder):
            self._ask_folder()
        elif isinstance(remedy, MoreSamples):
            manners.hand(self.form.limit)
        elif isinstance(remedy, GenerateAgain) and remedy.workers:
            manners.hand(self.form.workers)

    # Making

    def _build(self) -> None:
        act = self.act
        self.form = RunForm(self.inspector, act["generate.folder"], act["generate.beside"], self.session, self)
        self.inspector.set_primary(act["generate.start"])
        self.strip = RunStrip(
            self.run,
            act["generate.pause"],
            act["generate.stop"],
            act["generate.another"],
            partial(follow, self.session),
        )
        self.sending = Sending(self.session, self.form.cluster, self.notifier, self)
        self.forecast = ForecastView()
        self.issues = IssuesView(self.thumbnails, self._place_of, self._ways_out)
        self.log_view = LogView(self.log, act["generate.save_log"])
        before = QWidget()
        before.setMaximumWidth(_WIDEST)
        column = vbox(before, 2 * UNIT)
        column.addWidget(self.forecast)
        column.addWidget(self.issues, 1)
        self._plots = QWidget()
        self._room = vbox(self._plots)
        self.pages = QStackedWidget()
        for page in (before, self._plots, self.log_view):
            self.pages.addWidget(page)
        tabs = hbox(spacing=UNIT)
        for name in actions.PAGES:
            made = tool_button(act[f"generate.{name}"])
            made.setIconSize(QSize(TOOL_ICON + UNIT, TOOL_ICON))  # wider than high: the distance to the word
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            tabs.addWidget(made)
        free = QWidget()  # where a message of one line covers nothing
        tabs.addWidget(free, 1)
        self.content.setContentsMargins(PAD, PAD, PAD, PAD)
        self.content.setSpacing(2 * UNIT)
        self.content.addWidget(self.strip)
        self.content.addWidget(self.sending.strip)
        self.content.addLayout(tabs)
        self.content.addWidget(self.pages, 1)
        self.notices.keep_to(free)
        act["generate.forecast"].setChecked(True)

    def _connect_actions(self) -> None:
        connect(
            self.act,
            "generate.",
            {
                "start": self.start,
                "pause": self.pause,
                "stop": self.run.stop,
                "open": self.open_dataset,
                "another": self.make_another,
                "folder": self._ask_folder,
                "beside": lambda: self.set_folder(default_folder(self.session.folder)),
                "measure": self._measure_again,
                "save_log": self._save_log,
            },
        )
        for place, name in enumerate(actions.PAGES):
            self.act[f"generate.{name}"].toggled.connect(lambda on, p=place: self._show_page(p) if on else None)

    def _connect(self) -> None:
        session, checks, form, run = self.session, self.checks, self.form, self.run
        session.opened.connect(self._open)
        session.changed.connect(self._read)
        session.closed.connect(self._close)
        session.mended.connect(lambda said, trouble: self._say_mended(said, trouble=trouble))
        checks.looked.connect(self._take_target)
        checks.measuring.connect(self.forecast.show_measuring)
        checks.measured.connect(self._take_forecast)
        checks.remembered.connect(self._take_record)
        checks.unmeasured.connect(self.forecast.show_failure)
        checks.checking.connect(self.issues.show_checking)
        checks.found.connect(lambda found: self._show_issues(found, finished=False))
        checks.checked.connect(self._take_check)
        self.forecast.other_folder.connect(self._take_free_folder)
        self.forecast.place_wanted.connect(lambda place: session.picture_wanted.emit(place, ""))
        self.issues.show_wanted.connect(self._show_picture)
        self.issues.mend_wanted.connect(session.mend_wanted)
        self.issues.remedy_wanted.connect(partial(follow, session))
        form.depth_changed.connect(lambda way: self._change_depth(self.tr("depth way"), way=way))
        form.model_changed.connect(lambda model: self._change_depth(self.tr("depth network"), model=model))
        form.network.fetched.connect(self._check_anew)
        form.writer_changed.connect(lambda writer: self._change(self.tr("writer"), writer=writer))
        form.limit_changed.connect(lambda limit: self._choose(replace(self.choices, limit=limit)))
        form.workers_changed.connect(lambda workers: self._choose(replace(self.choices, workers=workers)))
        form.cluster.chosen.connect(lambda name: self._choose(replace(self.choices, cluster=name)))
        form.cluster.changed.connect(self._read)
        self.sending.changed.connect(self._show_state)
        self.sending.turned.connect(lambda: self._ask(delay=0))
        self.sending.again_wanted.connect(self._send_again)
        run.progressed.connect(self._take_step)
        run.changed.connect(self._follow)

    def _show_page(self, place: int) -> None:
        if place == 1:
            self._complete_dashboard()
        self.pages.setCurrentIndex(place)

    def _complete_dashboard(self) -> Dashboard:
        """The plots, all of them."""
        dashboard = self._add_dashboard()
        if dashboard.make_all():
            self._show_record()
        return dashboard

    def _add_dashboard(self) -> Dashboard:
        """The plots are made when the place is first shown and not with the window."""
        if self.dashboard is None:
            from fgbg_studio.gui.generate.dashboard import Dashboard

            self.dashboard = Dashboard(self.newest)
            self._room.addWidget(self.dashboard)
        return self.dashboard

    @Slot()
    def _grow_board(self) -> None:
        """One plot a turn of the event loop: six at once would be a stall that a person feels."""
        dashboard = self._add_dashboard()
        if dashboard.complete:
            return
        dashboard.make_one()
        if dashboard.complete:
            self._show_record()
        else:
            QTimer.singleShot(_BETWEEN, self, self._grow_board)

    # The project and its settings

    @Slot()
    def _open(self) -> None:
        self.checks.forget()
        self.log.clear()
        self.notices.clear()
        self.issues.forget()
        self.thumbnails.open_project(self.session.folder)
        self._record = None
        self.set_counter("")
        self._show_record()
        self.choices = recall(self.session.settings, self.session.folder)
        self.act["generate.forecast"].setChecked(True)
        self.form.cluster.show_chosen(self.choices.cluster)
        self.sending.run.open()
        self._read()

    @Slot()
    def _close(self) -> None:
        self.checks.forget()
        self.sending.run.close()
        self.newest.stop()
        self.thumbnails.close()
        self.issues.forget()
        self._record = None
        self.set_counter("")
        self.set_badge(0)

    @Slot()
    def _read(self) -> None:
        if not self.session.is_open:
            return
        self.run.dismiss()
        self._wanted = False
        self._unread = True
        if self._shown:
            self._show_project()

    def _show_project(self) -> None:
        """Show the project and the choices as they are, where that has not been done yet."""
        if not (self._unread and self.session.is_open):
            return
        self._unread, project = False, self.session.project
        self.form.show_project(project)
        self.form.cluster.show_chosen(self.choices.cluster)
        self.forecast.cluster = self.sending.cluster
        self.form.show_choices(self.choices)
        self.forecast.show_project(project, self.choices.limit)
        self._show_state()
        self._ask()

    @Slot()
    def _ask(self, delay: int = SETTLE) -> None:
        """Look, measure and check anew, while somebody sees it and nothing else needs the processor."""
        if self._shown and self.session.is_open and not self.run.state.alive:
            self.checks.refresh(self.sending.aimed(self.choices), delay)

    @Slot()
    def _check_anew(self) -> None:
        """What the project needs outside of itself may be there now."""
        self.checks.forget()
        self._ask(delay=0)

    def _measure_again(self) -> None:
        self.checks.forget()
        self.act["generate.forecast"].setChecked(True)
        self._ask(delay=0)

    def _choose(self, choices: RunOptions) -> None:
        if choices != self.choices:
            self.choices = choices
            remember(self.session.settings, self.session.folder, choices)
            self._read()

    def _change(self, text: str, **update: Any) -> None:
        def change(project: Project) -> Project:
            return project.model_copy(update={"settings": project.settings.model_copy(update=update)})

        self.session.change(text, change)

    def _change_depth(self, text: str, **update: Any) -> None:
        self._change(text, depth=self.session.project.settings.depth.model_copy(update=update))

    def _ask_folder(self) -> None:
        title = self.tr("Choose the folder for the dataset")
        start = self.choices.out if self.choices.out.is_dir() else self.choices.out.parent
        chosen = QFileDialog.getExistingDirectory(self, title, str(start))
        if chosen:
            self.set_folder(Path(chosen))

    def set_folder(self, out: Path) -> None:
        """Make the dataset in ``out``."""
        self._choose(replace(self.choices, out=out))

    @Slot()
    def _take_free_folder(self) -> None:
        if self.checks.target:
            free = self.checks.target.free
            self.set_folder(self.choices.out.with_name(free.name) if self.sending.cluster else free)

    # Forecast and check

    @Slot(object)
    def _take_target(self, target: TargetState) -> None:
        made = self.run.state is RunState.FINISHED and self.run.out == self.choices.out
        self.forecast.show_outlook(target, self.sending.place(self.choices), just_made=made)
        if self.sending.sent:  # the strip says how far it is, and goes on counting
            self.forecast.show_sent(self.sending.run.to, self.sending.run.sent.where)
        self._show_state()

    @Slot(object)
    def _take_forecast(self, forecast: Forecast) -> None:
        self.forecast.show_forecast(forecast, self.checks.remaining or forecast)
        if not self._record:
            self._show_record()

    @Slot(list)
    def _take_record(self, record: list[tuple[float, RunProgress]]) -> None:
        """What was made already, by whichever run; one that ended just now is shown as it went."""
        if record and self.run.state is not RunState.IDLE and self.run.out == self.choices.out:
            return
        if record != self._record:
            self._record = record
            self._show_record()

    def _show_record(self) -> None:
        """Let the plots show what is known of this project's dataset, and nothing of another's."""
        if not (self.dashboard and self.dashboard.complete) or self.run.state is not RunState.IDLE:
            return
        if not self.session.is_open:
            return
        self.dashboard.begin(self.session.project.settings)
        self.newest.stop()
        made = self.checks.forecast
        if self._record:
            self.newest.begin(self.sending.aimed(self.choices).out)
            self.dashboard.show_record(self._record)
        elif made and made.seen:
            self.dashboard.show_trial(made.seen, _rate(made))

    def _show_issues(self, found: list[Issue], *, finished: bool) -> None:
        self.issues.show_issues(found, finished=finished)
        self.set_badge(sum(one.severity == "error" for one in found))
        self._show_state()

    def _say_mended(self, said: str, *, trouble: bool) -> None:
        (self.notices.warn if trouble else self.notices.tell)(said, key="mended")

    @Slot()
    def _take_check(self) -> None:
        wanted, self._wanted = self._wanted, False
        self._show_issues(self.checks.issues, finished=True)
        if wanted and self.checks.obstacle:
            self.notices.warn(self._refusal(), key="run")
        elif wanted and not self._wrong:
            self.start()
        elif wanted:
            self.notices.warn(
                self.tr("Nothing was begun: the check found what would make the dataset wrong."), key="run"
            )

    def _refusal(self) -> str:
        """Why nothing can be begun; empty where it can."""
        if trouble := self.sending.refusal():
            return trouble
        found = self.checks.obstacle
        return self.tr("It can't start: {0}.").format(found.message) if found else ""

    @property
    def _wrong(self) -> bool:
        return any(one.severity == "error" for one in self.checks.issues)

    @Slot(object)
    def _show_picture(self, issue: Issue) -> None:
        place, sha256 = self._place_of(issue.file)
        if place == "backgrounds" and issue.more_files:
            more = [self._place_of(file)[1] for file in issue.more_files]
            self.session.pictures_wanted.emit(place, [sha256, *filter(None, more)])
        elif place:
            self.session.picture_wanted.emit(place, sha256)

    def _place_of(self, file: str) -> tuple[str, str]:
        if not self.session.is_open:
            return "", ""
        if self._placed_of is not self.session.project:
            self._placed_of, self._placed = self.session.project, places_of(self.session.project)
        return self._placed.get(file, ("", ""))

    def _ways_out(self, issue: Issue) -> Offers | None:
        """What this place can do by itself: about a network that is not at hand, and about heights nobody has said."""
        if issue.code == HEIGHT_ASSUMED:
            text = self.tr("set heights by class and shape")
            return [(self.tr("Set these heights"), lambda: self.session.change(text, with_fitting_heights))]
        if issue.code != NO_NETWORK:
            return None
        network = self.form.network
        made: Offers = [(self.tr("Download"), network.fetch.click)] if not network.fetch.isHidden() else []
        made.append((self.tr("Choose a file…"), network.choose_file))
        geometry = Depth.from_dict("geometry")
        return [*made, (self.tr("Use geometry"), lambda: self._change_depth(self.tr("depth way"), way=geometry))]

    # The run

    def start(self) -> None:
        """Save the project, then make the dataset; or go on with a paused run."""
        if self.run.state is RunState.PAUSED:
            self.run.resume()
            return
        target = self.checks.target
        if not self.run.state.alive and target and target.found is Found.FINISHED:
            self.session.dataset_wanted.emit(self.sending.aimed(self.choices).out)
            return
        if self.sending.sent or self.sending.refusal():
            return
        if self.checks.obstacle or self.run.state.alive or (self.session.dirty and not self.session.save_now()):
            return
        if not self._looked_through(target):
            self._wanted = True  # begins once the check has ended without an error
            self._show_state()
            self._ask(delay=0)
            return
        if self.sending.cluster:
            self.checks.rest()
            self.sending.send(self.choices, self._overridden())
            return
        session, choices = self.session, self.choices
        self.checks.rest()
        for key in {one.key for one in self.notices.entries if one.key.startswith("run")}:
            self.notices.clear(key)
        dashboard, forecast = self._complete_dashboard(), self.checks.remaining
        if target and target.done and (self._record or self.run.out == choices.out):
            dashboard.go_on()
        else:
            dashboard.begin(session.project.settings)
            if forecast and forecast.seen:
                dashboard.show_trial(forecast.seen, _rate(forecast))
        self.newest.begin(choices.out)
        plan = wording.time_text(forecast) if forecast else self.tr("not measured")
        self.logger.begin(session.project, choices.out, plan, self.checks.issues)
        self.act["generate.plots"].setChecked(True)
        options = Options(limit=choices.limit, workers=choices.workers, overridden=self._overridden())
        self.run.start(session.folder, choices.out, options)

    def _overridden(self) -> tuple[str, ...]:
        return tuple(one.message for one in self.checks.issues if one.severity == "error")

    @Slot()
    def _send_again(self) -> None:
        """What is made stays, and only the rest is made."""
        if not self.session.dirty or self.session.save_now():
            self.checks.rest()
            self.sending.send(self.choices, self._overridden(), again=True)

    def pause(self) -> None:
        """Pause the run, or go on."""
        if self.run.state is RunState.PAUSED:
            self.run.resume()
        else:
            self.run.pause()

    def make_another(self) -> None:
        """Get ready for another dataset beside the finished one: settings may be changed now."""
        free = self.checks.target.free if self.checks.target else free_folder(self.choices.out)
        self.act["generate.forecast"].setChecked(True)
        self.set_folder(free)

    def open_dataset(self) -> None:
        """Show the finished dataset in Dataset."""
        self.session.dataset_wanted.emit(self.run.out)

    @Slot(object)
    def _take_step(self, step: RunProgress) -> None:
        if self.dashboard:
            self.dashboard.show_step(step, self.run.seconds, moving=self.run.state is RunState.RUNNING)
        if step.phase == "making samples" and self.run.state.alive:
            self.task_bar.show_progress(step.done, step.total)
        if step.phase in {"making samples", "finished"}:
            self.set_counter(self.tr("{0} of {1} samples").format(number(step.done), number(step.total)))

    @Slot()
    def _show_state(self) -> None:
        state, target, start = self.run.state, self.checks.target, self.act["generate.start"]
        wrong = self._wrong and not self.checks.obstacle
        cluster, sent = self.sending.cluster, self.sending.sent
        if cluster and not state.alive:
            start.setText(send_text(cluster.name, target, wanted=self._wanted, wrong=wrong, sent=sent))
        else:
            start.setText(start_text(state, target, wanted=self._wanted, wrong=wrong))
        can = state is RunState.PAUSED or (not state.alive and target is not None and target.can_go_on)
        refusal = "" if state.alive else self._refusal()
        start.setEnabled(can and not self._wanted and not refusal and not sent)
        start.setToolTip(refusal or self._start_tip)
        self.form.mark(None if state.alive else self.checks.obstacle)
        elsewhere = self.session.is_open and self.choices.out != default_folder(self.session.folder)
        show_state(self.act, state, elsewhere=elsewhere)
        self.form.set_enabled(not state.alive)

    def _looked_through(self, target: TargetState | None) -> bool:
        """A dataset is begun when all that is wrong with it was said; what was begun goes on."""
        return self.checks.complete or (target is not None and target.found is not Found.NEW)

    @Slot()
    def _follow(self) -> None:
        """Once a run has ended: say it to a person who is elsewhere, and look into the folder again."""
        self._show_state()
        state = self.run.state
        if not state.alive:
            self.task_bar.hide_progress()
        if state.alive or state is RunState.IDLE:
            return
        if state is RunState.FINISHED:
            self.session.dataset_made.emit(self.run.out)
        self.set_badge(1 if state is RunState.FAILED else 0)
        step = self.run.newest
        if step and step.phase == "making samples":
            self.set_counter(wording.kept_text(step))
        for place, issue in enumerate(step.issues if step else ()):  # each by itself: of one long text the end is cut
            self.notices.warn(capital(issue.said(words)), key=f"run {place}")
        self.notifier.tell(self.strip.heading.text(), f"{self.session.project.name}: {self.strip.summary()}")
        self._ask(delay=0)

    def _save_log(self) -> None:
        start = self.session.settings.folder("log") / f"{self.session.project.name}-log.txt"
        file, _ = QFileDialog.getSaveFileName(self, self.tr("Save the log"), str(start), self.tr("Text (*.txt)"))
        if file:
            self.session.settings.set_folder("log", Path(file).parent)
            self.save_log(Path(file))

    def save_log(self, path: Path) -> None:
        """Write the log as a text file."""
        text = self.log.text().encode()

        def write() -> None:
            try:
                write_file(path, text)
            except OSError as error:
                problem = self.tr("{0} cannot be written ({1})").format(path, error.strerror)
                raise FgbgError(problem, self.tr("Choose another folder")) from error

        self.session.jobs.run(self.tr("saving the log"), write, failed=self.notices.error)


def _rate(forecast: Forecast) -> float:
    """Samples a second."""
    return forecast.samples / forecast.seconds if forecast.seconds else 0.0


def _load_plots() -> None:
    importlib.import_module("fgbg_studio.gui.generate.dashboard")
