"""The strip above everything while a run is on: what it does, how far, how fast, how long; pause and stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction

from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.run import Run, RunState
from fgbg_studio.gui.generate.strip import Strip
from fgbg_studio.gui.lib.basics import action_button, button, clear, hbox
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import offers, said
from fgbg_studio.gui.lib.theme import UNIT

_LOOKS = {
    RunState.PAUSED: (Icon.PAUSE, "accent"),
    RunState.STOPPED: (Icon.STOP, "quiet"),
    RunState.STOPPING: (Icon.STOP, "quiet"),
    RunState.FAILED: (Icon.ERROR, "bad"),
    RunState.FINISHED: (Icon.GOOD, "good"),
}


class RunStrip(Strip):
    """See the module; hidden until there is a run."""

    def __init__(
        self, run: Run, pause: QAction, stop: QAction, another: QAction, follow: Callable[[Remedy], object]
    ) -> None:
        super().__init__(self.tr("Progress of the run"))
        self._run, self._follow = run, follow
        self.remedies = hbox(spacing=2 * UNIT)
        named = (("pause", pause), ("stop", stop), ("another", another))
        self.buttons = {name: action_button(act) for name, act in named}
        offered = hbox()
        offered.addLayout(self.remedies)
        offered.addStretch(1)
        self.lay_out(self.buttons.values()).addLayout(offered)
        run.changed.connect(self.refresh)
        run.progressed.connect(self.show_step)
        self.refresh()

    def refresh(self) -> None:
        """Show where the run is."""
        run = self._run
        self.setVisible(run.state is not RunState.IDLE)
        icon, colour = _LOOKS.get(run.state, (Icon.START, "accent"))
        self.icon.show_icon(icon, colour)
        for name, shown in (
            ("pause", run.state in {RunState.RUNNING, RunState.PAUSED}),
            ("stop", run.state.alive),
            ("another", run.state is RunState.FINISHED),
        ):
            self.buttons[name].setVisible(shown)
        self.buttons["pause"].setIcon((Icon.START if run.state is RunState.PAUSED else Icon.PAUSE).icon())
        self._offer_remedies()
        self.say_more(self._more())
        self.show_step(run.newest)

    def _offer_remedies(self) -> None:
        clear(self.remedies)
        error = self._run.error if self._run.state is RunState.FAILED else None
        for text, handler in offers(error.remedies, self._follow) if error else []:
            made = button(text)
            made.clicked.connect(lambda _=False, h=handler: h())
            self.remedies.addWidget(made)

    def show_step(self, step: RunProgress | None) -> None:
        """Show how far it is."""
        state = self._run.state
        self.heading.setText(
            {
                RunState.PAUSED: self.tr("Paused"),
                RunState.STOPPING: self.tr("Stopping: finishing the current batches"),
                RunState.STOPPED: self.tr("Stopped"),
                RunState.FAILED: self.tr("Failed while {0}").format(step.phase) if step else self.tr("Failed"),
                RunState.FINISHED: self.tr("Finished"),
            }.get(state, wording.heading(step))
        )
        counted = step is not None and (state is RunState.RUNNING or step.phase == "making samples")
        figures = wording.progress_text(step, moving=state is RunState.RUNNING) if counted else ""
        over = counted and state in {RunState.STOPPED, RunState.FAILED}
        if over and step:
            figures = wording.kept_text(step)
        if state is RunState.FINISHED and step:
            made = wording.made_text(step.total, self._run.already, self._run.seconds)
            figures = f"{made}, {about_bytes(sum(part.bytes for part in step.statistics.values()))}"
        self.figures.setText(figures)
        self.bar.setVisible(state is not RunState.FINISHED and (counted or state.alive))
        self.bar.setRange(0, step.total if step else 0)
        self.bar.setValue((step.kept if over else step.done) if step else 0)

    def summary(self) -> str:
        """How it stands, in one line."""
        return " · ".join(filter(None, (self.figures.text(), self.more.text())))

    def _after_stop(self) -> str:
        step = self._run.newest
        if step is None or step.phase != "making samples":
            return self.tr("No samples were finished yet. What was prepared is kept.")
        if step.done == step.kept:
            return self.tr("Continue picks up from there.")
        text = self.tr("Continue picks up from there. Another {0} were in unfinished shards and will be made again.")
        return text.format(number(step.done - step.kept))

    def _more(self) -> str:
        run = self._run
        if run.state is RunState.FAILED and run.error:
            return capital(said(run.error))
        if run.state is RunState.STOPPED:
            return self._after_stop()
        if run.state is RunState.FINISHED:
            return str(run.out)
        return ""
