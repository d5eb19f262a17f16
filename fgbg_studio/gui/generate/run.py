"""One run of the engine at a time: begun, paused, stopped, and how it ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Control, Progress, Rate
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.interfaces.engine import Engine
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_SETTLING = 2.0  # seconds after a pause
_NICE = 10  # of 19: behind every program that is used just now


class RunState(StrEnum):
    """Where a run is."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    FINISHED = "finished"

    @property
    def alive(self) -> bool:
        """Whether the engine is at it."""
        return self in {RunState.RUNNING, RunState.PAUSED, RunState.STOPPING}


def steps(folder: Path, out: Path, options: Options, control: Control) -> Iterator[RunProgress]:
    """What `core.generate.generate` yields, with no rate during a pause and one without it afterwards.

    Right after a pause the batches come that were nearly done: until it can be measured the rate is that before it.
    """
    rate: Rate | None = None
    before, since = 0.0, 0.0
    behind: set[int] = set()
    for step in generate(folder, out, options, control):
        if step.phase == "making samples":
            _give_way(behind)
        if control.paused:
            rate, since = None, time.monotonic()
            yield replace(step, rate=0.0, seconds_left=None)
        elif since and time.monotonic() - since < _SETTLING:
            rate = rate or Rate(step.done)
            yield replace(step, rate=before, seconds_left=(step.total - step.done) / before if before else None)
        elif rate and step.rate:
            now, left = rate.update(step.done, step.total)
            yield replace(step, rate=now, seconds_left=left)
        else:
            before = step.rate or before
            yield step


def _give_way(behind: set[int]) -> None:
    """Let the window go first: the engine's processes take what time it leaves. Windows has no such order."""
    if sys.platform == "win32":
        return
    for process in multiprocessing.active_children():
        if process.pid and process.pid not in behind:
            behind.add(process.pid)
            with contextlib.suppress(OSError):  # it may have ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)


class Run(QObject):
    """Drives `core.generate.generate` on a thread of `Jobs`; the work itself is done by the engine's processes.

    Attributes:
        state: where it is.
        newest: its last `RunProgress`.
        error: for which it failed.
        out: the dataset's folder.
        seconds: that it worked, without pauses; of the present run.
        already: samples that were there when it began.

    Signals:
        progressed: a `RunProgress`, at most ten a second.
        changed: `state` is another one.
    """

    progressed = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.state = RunState.IDLE
        self.newest: RunProgress | None = None
        self.error: FgbgError | None = None
        self.out = Path()
        self.already = 0
        self._worker: Worker | None = None
        self._control: Control | None = None
        self._before, self._since = 0.0, 0.0
        session.closed.connect(self._forget)

    @property
    def seconds(self) -> float:
        """See the class."""
        return self._before + (time.monotonic() - self._since if self.state is RunState.RUNNING else 0.0)

    def start(self, folder: Path, out: Path, options: Options) -> None:
        """Make, or go on making, the dataset of the saved project in ``folder``."""
        assert not self.state.alive
        self.newest, self.error, self.out = None, None, out
        self._before, self.already = 0.0, 0
        self._control = control = Engine.from_dict(options.engine).control()
        self._worker = self._session.jobs.run(
            self.tr("generating"),
            lambda: steps(folder, out, options, control),
            progress=self._take,
            failed=self._fail,
            control=control,
            visible=True,
        )
        self._worker.finished.connect(self._end)
        self._become(RunState.RUNNING)

    def pause(self) -> None:
        """Let the processes rest after the batch they are at."""
        if self.state is RunState.RUNNING and self._control:
            self._control.pause()
            self._call(self.tr("paused"))
            self._become(RunState.PAUSED)

    def resume(self) -> None:
        """Go on after `pause`."""
        if self.state is RunState.PAUSED and self._control:
            self._control.resume()
            self._call(self.tr("generating"))
            self._become(RunState.RUNNING)

    def stop(self) -> None:
        """End it; finished shards stay."""
        if self._worker and self.state in {RunState.RUNNING, RunState.PAUSED}:
            self._worker.cancel()
            self._become(RunState.STOPPING)

    def dismiss(self) -> None:
        """Forget how the last run ended: it was another recipe's."""
        if not self.state.alive and self.state is not RunState.IDLE:
            self._forget()

    def _call(self, title: str) -> None:
        """What the bottom line calls it."""
        if self._worker:
            self._worker.title = title
            self._session.jobs.changed.emit()

    def _become(self, state: RunState) -> None:
        if self.state is RunState.RUNNING:
            self._before = self.seconds
        self.state, self._since = state, time.monotonic()
        self.changed.emit()

    @Slot(object)
    def _take(self, step: Progress) -> None:
        assert isinstance(step, RunProgress)  # `steps` yields nothing else
        if step.phase == "making samples" and (self.newest is None or self.newest.phase != step.phase):
            self.already = step.kept
        self.newest = step
        if self._worker and self._worker.cancelled and self.state in {RunState.RUNNING, RunState.PAUSED}:
            self._become(RunState.STOPPING)  # by the bottom line
        self.progressed.emit(step)

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self.error = error

    @Slot(object)
    def _end(self, worker: Worker) -> None:
        if worker is not self._worker:
            return
        self._worker = self._control = None
        if self.error:
            self._become(RunState.FAILED)
        elif self.newest and self.newest.finished:
            self._become(RunState.FINISHED)
        else:
            self._become(RunState.STOPPED)

    @Slot()
    def _forget(self) -> None:
        self._worker = self._control = self.newest = self.error = None
        self._become(RunState.IDLE)
