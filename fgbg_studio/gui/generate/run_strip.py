"""The strip above everything while a run is on: what it does, how far, how fast, how long; pause and stop."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QProgressBar, QWidget

from fgbg_studio.core.base.progress import duration
from fgbg_studio.core.dataset.run import RunProgress
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.run import Run, State
from fgbg_studio.gui.lib import formatting
from fgbg_studio.gui.lib.basics import IconLabel, action_button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT

_LOOKS = {
    State.PAUSED: (Icon.PAUSE, "accent"),
    State.STOPPED: (Icon.STOP, "quiet"),
    State.STOPPING: (Icon.STOP, "quiet"),
    State.FAILED: (Icon.ERROR, "bad"),
    State.FINISHED: (Icon.GOOD, "good"),
}


class RunStrip(QWidget):
    """See the module; hidden until there is a run."""

    def __init__(self, run: Run, pause: QAction, stop: QAction, open_: QAction) -> None:
        super().__init__()
        self._run = run
        self.icon = IconLabel(Icon.START, colour="accent")
        self.heading, self.figures = label("", "heading"), label("", "quiet")
        self.more = label("", "quiet", wrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("RunProgress of the run"))
        self.buttons = {name: action_button(act) for name, act in (("pause", pause), ("stop", stop), ("open", open_))}
        self._lay_out()
        run.changed.connect(self.refresh)
        run.progressed.connect(self.show_step)
        self.refresh()

    def _lay_out(self) -> None:
        card = frame("card")
        column = vbox(card, 2 * UNIT, (GROUP, PAD, PAD, PAD))
        first = hbox(spacing=2 * UNIT)
        first.addWidget(self.icon)
        first.addWidget(self.heading)
        first.addStretch(1)
        first.addWidget(self.figures)
        first.addSpacing(UNIT)
        for made in self.buttons.values():
            first.addWidget(made)
        column.addLayout(first)
        column.addWidget(self.bar)
        column.addWidget(self.more)
        vbox(self).addWidget(card)

    def refresh(self) -> None:
        """Show where the run is."""
        run = self._run
        self.setVisible(run.state is not State.IDLE)
        icon, colour = _LOOKS.get(run.state, (Icon.START, "accent"))
        self.icon.show_icon(icon, colour)
        for name, shown in (
            ("pause", run.state in {State.RUNNING, State.PAUSED}),
            ("stop", run.state.alive),
            ("open", run.state is State.FINISHED),
        ):
            self.buttons[name].setVisible(shown)
        self.buttons["pause"].setIcon((Icon.START if run.state is State.PAUSED else Icon.PAUSE).icon())
        more = self._more()
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.show_step(run.newest)

    def show_step(self, step: RunProgress | None) -> None:
        """Show how far it is."""
        state = self._run.state
        self.heading.setText(
            {
                State.PAUSED: self.tr("Paused"),
                State.STOPPING: self.tr("Stopping: the batches that are begun are ended"),
                State.STOPPED: self.tr("Stopped"),
                State.FAILED: self.tr("It failed while {0}").format(step.phase) if step else self.tr("It failed"),
                State.FINISHED: self.tr("Finished"),
            }.get(state, wording.heading(step))
        )
        counted = step is not None and (state is State.RUNNING or step.phase == "making samples")
        figures = wording.progress_said(step, moving=state is State.RUNNING) if counted else ""
        if state is State.FINISHED and step:
            figures = self.tr("{0} samples in {1}, {2}").format(
                number(step.total),
                duration(max(self._run.seconds, 1)),
                formatting.size(sum(part.bytes for part in step.statistics.values())),
            )
        self.figures.setText(figures)
        self.bar.setVisible(state is not State.FINISHED and (counted or state.alive))
        self.bar.setRange(0, step.total if step else 0)
        self.bar.setValue(step.done if step else 0)

    def said(self) -> str:
        """How it stands, in one line."""
        return " · ".join(filter(None, (self.figures.text(), self.more.text())))

    def _more(self) -> str:
        run = self._run
        if run.state is State.FAILED and run.error:
            return capital(str(run.error))
        if run.state is State.STOPPED:
            return self.tr("Finished shards are kept: Continue goes on from them.")
        if run.state is State.FINISHED:
            return str(run.out)
        return ""
