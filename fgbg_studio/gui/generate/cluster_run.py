"""One run that is left to a cluster: sent, watched as long as the project is open, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import EventControl, Progress
from fgbg_studio.core.dataset.run import Options
from fgbg_studio.core.dataset.sent import SentRun, SentStatus, SentWatch, send
from fgbg_studio.core.dataset.status import EVERY
from fgbg_studio.gui.lib.worker import Latest, Worker
from fgbg_studio.gui.session.clusters import recall_sent, remember_sent
from fgbg_studio.gui.session.session import Session


class SentState(StrEnum):
    """Where it is."""

    IDLE = "idle"
    SENDING = "sending"
    REFUSED = "refused"
    """It was not sent."""
    AT_WORK = "at work"
    STOPPING = "stopping"
    ENDED = "ended"
    """The cluster has nothing of it any more, and it is not finished; without jobs a person stopped it."""
    FINISHED = "finished"

    @property
    def alive(self) -> bool:
        """Whether this window or the cluster is at it."""
        return self in {SentState.SENDING, SentState.AT_WORK, SentState.STOPPING}


class ClusterRun(QObject):
    """See the module; closing the project or the window ends the watching alone.

    Attributes:
        state: where it is.
        to: the cluster's name.
        sent: what was sent.
        step: how far the sending is.
        status: how far the cluster is, as it was seen last.
        error: for which it was not sent, or cannot be seen just now.

    Signals:
        changed: any of these is another.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._worker: Worker | None = None
        self._watch: SentWatch | None = None
        self._timer = QTimer(self, singleShot=True, interval=round(EVERY * 1000))
        self._timer.timeout.connect(self._look)
        self._looks = Latest(session.jobs, self.tr("asking the cluster"), self)
        self._looks.returned.connect(self._take)
        self._looks.failed.connect(self._take_trouble)
        self._forget()

    def _forget(self) -> None:
        self.state, self.to, self.sent = SentState.IDLE, "", SentRun("", {})
        self.step: Progress | None = None
        self.status: SentStatus | None = None
        self.error: FgbgError | None = None

    def open(self) -> None:
        """Go on watching what was sent of the project that is opened now."""
        self.close()
        if found := recall_sent(self._session.settings, self._session.folder):
            self.to, self.sent = found
            self._begin_watching()

    @Slot()
    def close(self) -> None:
        """The project is closed: nothing is watched any more, and the cluster goes on."""
        self._timer.stop()
        self._looks.cancel()
        self._worker = self._watch = None
        self._forget()
        self.changed.emit()

    def send(self, folder: Path, to: str, sent: SentRun, options: Options) -> None:
        """Prepare the saved project's dataset and hand it to the cluster ``to``."""
        assert not self.state.alive
        self.close()
        self.to, self.sent, self.state = to, sent, SentState.SENDING
        control = EventControl()
        self._worker = self._session.jobs.run(
            self.tr("sending to {0}").format(to),
            lambda: send(folder, sent, options, control),
            produced=self._take_sent,
            progress=self._take_step,
            failed=self._refuse,
            control=control,
            visible=True,
        )
        self._worker.finished.connect(self._end)
        self.changed.emit()

    def stop(self) -> None:
        """Give the sending up, or take it out of the cluster; finished shards stay."""
        if self.state is SentState.SENDING and self._worker:
            self._worker.cancel()
        elif self.state is SentState.AT_WORK:
            self.state = SentState.STOPPING
            self._timer.stop()
            self._looks.submit(self._asked(lambda watch: watch.withdraw()))
            self.changed.emit()

    def dismiss(self) -> None:
        """Show nothing of it any more."""
        if not self.state.alive:
            remember_sent(self._session.settings, self._session.folder, "", None)
            self.close()

    @Slot(object)
    def _take_step(self, step: Progress) -> None:
        self.step = step
        self.changed.emit()

    def _take_sent(self, things: list[SentRun]) -> None:
        self.sent = things[-1]
        remember_sent(self._session.settings, self._session.folder, self.to, self.sent)
        self._begin_watching()

    def _refuse(self, error: FgbgError) -> None:
        self.error, self.state = error, SentState.REFUSED
        self.changed.emit()

    @Slot(object)
    def _end(self, worker: Worker) -> None:
        if worker is self._worker:
            self._worker = None
            if self.state is SentState.SENDING:  # it was given up
                self.close()

    def _begin_watching(self) -> None:
        self.state, self._watch = SentState.AT_WORK, None
        self.changed.emit()
        self._look()

    @Slot()
    def _look(self) -> None:
        self._looks.submit(self._asked(lambda watch: watch.look()))

    def _asked(self, ask: Callable[[SentWatch], SentStatus]) -> Callable[[], SentStatus]:
        """To be called on a worker: a store may first have to be reached."""

        def answer() -> SentStatus:
            self._watch = self._watch or SentWatch(self.sent)
            return ask(self._watch)

        return answer

    @Slot(object)
    def _take(self, status: SentStatus) -> None:
        self.status, self.error = status, None
        if self.state is SentState.STOPPING and not status.dataset.finished:  # by the person: it has no jobs any more
            self.sent = replace(self.sent, jobs=())
            remember_sent(self._session.settings, self._session.folder, self.to, self.sent)
        if status.dataset.finished:
            self.state = SentState.FINISHED
        elif status.ended:
            self.state = SentState.ENDED
        else:
            self._timer.start()
        self.changed.emit()

    @Slot(object)
    def _take_trouble(self, error: FgbgError) -> None:
        """It is asked again: a network comes back, a disk is mounted."""
        self.error = error
        if self.state is SentState.STOPPING:
            self.state = SentState.AT_WORK
        self._timer.start()
        self.changed.emit()
