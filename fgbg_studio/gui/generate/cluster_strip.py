"""The strip of a run that is left to a cluster: how far that is, what is missing, stop and open."""

from __future__ import annotations

from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.dataset.sent import SentStatus, named
from fgbg_studio.core.dataset.status import DatasetStatus
from fgbg_studio.gui.generate.cluster_run import ClusterRun, SentState
from fgbg_studio.gui.generate.strip import Strip
from fgbg_studio.gui.lib.basics import button
from fgbg_studio.gui.lib.formatting import capital, number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import said

_LOOKS = {
    SentState.ENDED: (Icon.WARNING, "warn"),
    SentState.REFUSED: (Icon.ERROR, "bad"),
    SentState.STOPPING: (Icon.STOP, "quiet"),
    SentState.FINISHED: (Icon.GOOD, "good"),
}


class ClusterStrip(Strip):
    """See the module; hidden while nothing was sent."""

    def __init__(self, run: ClusterRun) -> None:
        super().__init__(self.tr("Progress of the cluster"))
        self._run = run
        self.stop, self.again = button(self.tr("Stop"), Icon.STOP), button(self.tr("Send again"), Icon.REFRESH)
        self.open, self.dismiss = button(self.tr("Open dataset"), Icon.DATASET), button(self.tr("Dismiss"))
        self.stop.setToolTip(self.tr("Take it out of the cluster; finished shards are kept"))
        self.again.setToolTip(self.tr("Send it again: what is made is kept, and only the rest is made"))
        self.lay_out((self.open, self.again, self.stop, self.dismiss))
        self.stop.clicked.connect(run.stop)
        self.dismiss.clicked.connect(run.dismiss)
        run.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show where it is."""
        state, status = self._run.state, self._run.status
        self.setVisible(state is not SentState.IDLE)
        stopped = state is SentState.ENDED and not self._run.sent.jobs
        self.icon.show_icon(*((Icon.STOP, "quiet") if stopped else _LOOKS.get(state, (Icon.START, "accent"))))
        self.stop.setVisible(state in {SentState.SENDING, SentState.AT_WORK})
        self.again.setVisible(state in {SentState.ENDED, SentState.REFUSED})
        self.open.setVisible(state is SentState.FINISHED)
        self.dismiss.setVisible(not state.alive)
        self.heading.setText(self._heading())
        self.figures.setText(self._figures())
        self.say_more(self._more())
        step = self._run.step if state is SentState.SENDING else status.dataset if status else None
        self.bar.setVisible(state.alive or state is SentState.ENDED)
        counted = step is not None and step.total > 0
        self.bar.setRange(0, step.total if step is not None and counted else 0)
        self.bar.setValue(step.done if step is not None and counted else 0)

    def _heading(self) -> str:
        to, status, state = self._run.to, self._run.status, self._run.state
        if state is SentState.AT_WORK and status and not status.dataset.finished:
            phase = status.dataset.phase
            waits = phase == "preparing" or (phase == "making samples" and not status.dataset.shards)
            if waits and not status.dataset.making:
                return self.tr("Sent to {0}: waiting for its turn").format(to)
            return f"{to}: {phase}"
        if state is SentState.ENDED and not self._run.sent.jobs:
            return self.tr("Stopped on {0}").format(to)
        return {
            SentState.SENDING: self.tr("Sending to {0}"),
            SentState.REFUSED: self.tr("Not sent to {0}"),
            SentState.AT_WORK: self.tr("Asking {0} how far it is…"),
            SentState.STOPPING: self.tr("Stopping on {0}…"),
            SentState.ENDED: self.tr("Ended on {0} before all was made"),
            SentState.FINISHED: self.tr("Finished on {0}"),
            SentState.IDLE: "",
        }[state].format(to)

    def _figures(self) -> str:
        run = self._run
        if run.state is SentState.SENDING:
            step = run.step
            counted = step is not None and step.total > 1
            parts = [capital(step.phase)] if step else []
            parts += [self.tr("{0} of {1}").format(number(step.done), number(step.total))] if step and counted else []
            return " · ".join(parts)
        if run.status is None:
            return ""
        dataset = run.status.dataset
        if run.state is SentState.FINISHED:
            size = self.tr(", about {0}").format(about_bytes(dataset.bytes)) if dataset.bytes else ""
            return self.tr("{0} samples").format(number(dataset.total)) + size
        parts = [self.tr("{0} of {1}").format(number(dataset.done), number(dataset.total))]
        if run.state is SentState.AT_WORK and dataset.phase == "making samples":
            parts += [self.tr("{0} a second").format(number(round(dataset.rate)))] if dataset.rate >= 1 else []
            parts += [time_left(dataset.seconds_left)] if dataset.seconds_left else []
        return " · ".join(parts)

    def _more(self) -> str:
        run, state = self._run, self._run.state
        if state is SentState.SENDING:
            return self.tr("Keep the window open until it is sent. It is written to {0}.").format(run.sent.where)
        if run.error:
            text = capital(said(run.error))
            return text if state is SentState.REFUSED else self.tr("{0} It is tried again.").format(text)
        if run.status is None or state is SentState.FINISHED:
            return run.sent.where
        return self._after_end(run.status) if state is SentState.ENDED else self._at_work(run.status.dataset)

    def _after_end(self, status: SentStatus) -> str:
        if not status.missing:
            return self.tr("All samples are made, but the dataset was not finished: send it again.")
        text = self.tr("{0} are made; not made: {1}.").format(self._shards(status.dataset), named(status.missing))
        jobs = ", ".join(self._run.sent.jobs)
        return f"{text} {self.tr('The files of jobs {0} say why.').format(jobs)}" if jobs else text

    def _at_work(self, dataset: DatasetStatus) -> str:
        told = [self._shards(dataset), self._run.sent.where]
        if dataset.left:
            told.append(self.tr("begun and left, to be made again: {0}").format(named(dataset.left)))
        return f"{' · '.join(told)}\n{self.tr('You can close the window: the cluster goes on.')}"

    def _shards(self, dataset: DatasetStatus) -> str:
        return self.tr("{0} of {1} shards").format(number(dataset.shards), number(dataset.of))
