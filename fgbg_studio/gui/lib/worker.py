"""Work on threads, so that the interface answers while it runs.

A `Worker` runs one function, or drives one generator of `Progress`; `Jobs` starts workers and knows those that
run; `Latest` runs the newest of many requests. All signals arrive on the interface's thread. Nothing is ever
killed: a function runs to its end, a generator stops at its next step; in the middle only what a network is at.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QThread, QThreadPool, QTimer, Signal, Slot
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.stopping import Stopped, stoppable

INTERVAL = 0.1
"""Seconds between two signals of progress."""

PATIENCE = 30_000
"""Milliseconds that a closing window waits for what runs to end."""

log = logging.getLogger(__name__)


class Pausable(Protocol):
    """What `core.progress.Control` can do: such a job ends itself when it is cancelled."""

    def pause(self) -> None: ...  # noqa: D102
    def resume(self) -> None: ...  # noqa: D102
    def cancel(self) -> None: ...  # noqa: D102


class Worker(QObject):
    """One function or generator on a thread.

    Signals:
        progress: a `Progress`, at most ten a second; the last one always arrives.
        produced: a list of what the generator yielded beside progress, in order, at most ten lists a second.
        returned: the function's, or the generator's, return value; not after a cancel.
        failed: an `FgbgError`; the worker's own errors are put into one.
        finished: always, and last; with the worker itself.
    """

    progress = Signal(object)
    produced = Signal(list)
    returned = Signal(object)
    failed = Signal(object)
    finished = Signal(object)
    _news = Signal()
    _ended = Signal()

    def __init__(self, title: str, function: Callable[[], Any], control: Pausable | None = None) -> None:
        super().__init__()
        self.title, self.control = title, control
        self.humble = False
        self.newest: Progress | None = None
        self.error: FgbgError | None = None
        self.running = True
        self._function = function
        self._cancelled, self._abandoned = threading.Event(), False
        self._lock = threading.Lock()
        self._delivered_at, self._announced = 0.0, False
        self._waiting: list[Any] = []
        self._unseen: Progress | None = None
        self._result: Any = None
        self._news.connect(self._schedule_delivery, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop at the generator's next step; a job with a control stops as that says. No result arrives."""
        self._cancelled.set()
        if self.control:
            self.control.cancel()

    def abandon(self) -> None:
        """Stop likewise, and tell nobody anything but that it has ended."""
        self._abandoned = True
        self.cancel()

    def work(self) -> None:
        """Run to the end; on whatever thread this is called."""
        try:
            if not self.cancelled:
                with stoppable(self._cancelled.is_set):
                    self._result = self._function()
                    if isinstance(self._result, Generator):
                        self._result = self._drive(self._result)
        except Stopped:
            pass  # it was cancelled in the middle of a network's batch
        except FgbgError as error:
            self.error = error
        except Exception as error:
            log.exception("%s", self.title)
            self.error = FgbgError(f"{self.title}: error in the program: {error!r}", "Report it with these words")
        self._ended.emit()

    def _drive(self, steps: Generator[Any, None, Any]) -> Any:
        try:
            while True:
                step = next(steps)
                with self._lock:
                    if isinstance(step, Progress):
                        self._unseen = step
                    else:
                        self._waiting.append(step)
                    announce, self._announced = not self._announced, True
                if announce:
                    self._news.emit()
                if self.cancelled and self.control is None:
                    steps.close()
                    return None
        except StopIteration as end:
            return end.value

    @Slot()
    def _schedule_delivery(self) -> None:
        rest = self._delivered_at + INTERVAL - time.monotonic()
        if rest > 0:
            QTimer.singleShot(round(rest * 1000) + 1, self, self._deliver)
        else:
            self._deliver()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
            step, self._unseen = self._unseen, None
            self._announced = False
        self._delivered_at = time.monotonic()
        if self._abandoned:
            return
        if step is not None:
            self.newest = step
            self.progress.emit(step)
        if waiting:
            self.produced.emit(waiting)

    @Slot()
    def _end(self) -> None:
        self._deliver()
        self.running = False
        if self._abandoned:
            self.error = None
        if self.error is not None:
            self.failed.emit(self.error)
        elif not self.cancelled:
            self.returned.emit(self._result)
        self._function, self._result = _nothing, None  # their memory: whoever keeps the worker needs neither
        self.finished.emit(self)


def _nothing() -> None:
    """What an ended worker has left to do."""


class WorkerThread(QThread):
    """The thread of one long job."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker

    @override
    def run(self) -> None:
        self._worker.work()


class _PoolCall:
    """A worker's work on a thread of the pool, which says when it has let go of the worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker: Worker | None = worker
        self.over = False

    def __call__(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.work()
        del worker
        self.over = True


class Jobs(QObject):
    """Starts workers and knows those that run.

    Signals:
        changed: a visible job began, told of its progress or ended.
        failed: (title, `FgbgError`) of a worker whose caller does not show errors itself.
    """

    changed = Signal()
    failed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quick = QThreadPool(self)
        self._quick.setMaxThreadCount(max(QThread.idealThreadCount(), 3))
        self._threads: set[WorkerThread] = set()
        self._workers: dict[Worker, bool] = {}
        self._leaving: list[tuple[_PoolCall, Worker]] = []
        self._ended = False
        self.visible: list[Worker] = []

    def run(
        self,
        title: str,
        function: Callable[[], Any],
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[FgbgError], object] | None = None,
        produced: Callable[[list[Any]], object] | None = None,
        progress: Callable[[Progress], object] | None = None,
        control: Pausable | None = None,
        visible: bool = False,
        humble: bool = False,
        priority: int = 0,
        tidies: bool = False,
    ) -> Worker:
        """Run ``function`` on a thread; the callbacks are called on the interface's thread.

        Args:
            title: what it does, as the bottom line says it: 'adding pictures'.
            function: called without arguments; may return a generator, which is then driven to its end.
            done: gets the return value.
            failed: gets the error; without it the window shows the error at its top.
            produced: gets lists of what a generator yielded.
            progress: gets `Progress`.
            control: of a job that pauses and cancels itself.
            visible: shown in the bottom line, and given a thread of its own, which may be busy for hours.
            humble: one that is shown where no other is, and that may be ended without asking: nothing is lost.
            priority: among what waits for one of the others, larger goes first: what a person waits for is 10.
            tidies: it removes what would be left on the disk: done at once where all else is no longer begun.
        """
        worker = Worker(title, function, control)
        if done:
            worker.returned.connect(done)
        if produced:
            worker.produced.connect(produced)
        if progress:
            worker.progress.connect(progress)
        if failed:
            worker.failed.connect(failed)
        worker.finished.connect(self._forget)
        self._workers[worker] = failed is None
        if self._ended:
            if not tidies:
                worker.abandon()
            worker.work()  # which else only says that it has ended
        elif visible:
            worker.humble = humble
            self.visible.append(worker)
            self.visible.sort(key=lambda one: one.humble)
            worker.progress.connect(self.changed)
            self.changed.emit()
            self._start_thread(worker)
        else:
            self._start_call(worker, priority)
        return worker

    def _start_call(self, worker: Worker, priority: int) -> None:
        """Keep the worker until its thread has let go of it.

        Whoever lets go last destroys it: on a thread of the pool that would be beside this one, which has just been
        told that it ended and may still be at it.
        """
        call = _PoolCall(worker)
        self._leaving.append((call, worker))
        self._quick.start(call, priority)

    def _start_thread(self, worker: Worker) -> None:
        thread = WorkerThread(worker)
        self._threads.add(thread)  # a QThread that is let go of while it runs ends the program
        thread.finished.connect(self._drop_threads)
        thread.start()

    @Slot()
    def _drop_threads(self) -> None:
        self._threads = {thread for thread in self._threads if not thread.isFinished()}

    @Slot(object)
    def _forget(self, worker: Worker) -> None:
        self._leaving = [(call, one) for call, one in self._leaving if not call.over]
        if self._workers.pop(worker) and worker.error:
            self.failed.emit(worker.title, worker.error)
        if worker in self.visible:
            self.visible.remove(worker)
            self.changed.emit()

    @property
    def busy(self) -> bool:
        """Whether any worker runs, visible or not."""
        return bool(self._workers)

    def abandon(self) -> None:
        """Cancel everything; whoever waits for a result hears nothing more."""
        for worker in list(self._workers):
            worker.abandon()
        if self.visible:
            self.visible.clear()  # it ends by itself, and concerns nobody
            self.changed.emit()

    def stop(self) -> bool:
        """Cancel everything and wait until it has ended; whether it has. Then nothing is begun but what tidies up.

        For the pool waits for its threads when Qt destroys it, and these would wait for the interpreter, which is held.
        """
        self._ended = True
        for worker in list(self._workers):
            worker.cancel()
        return all([*(thread.wait(PATIENCE) for thread in self._threads), self._quick.waitForDone(PATIENCE)])


class Latest(QObject):
    """Runs requests one at a time; a newer one supersedes those before it, whose results never arrive.

    Signals: as `Worker`'s, of the newest request alone; ``busy`` when it begins and when it ends.
    """

    produced = Signal(list)
    returned = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, jobs: Jobs, title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._title = jobs, title
        self._worker: Worker | None = None
        self._next: Callable[[], Any] | None = None

    def submit(self, function: Callable[[], Any]) -> None:
        """Run ``function`` as soon as the one that runs has ended, unless another is submitted before."""
        self._next = function
        if self._worker:
            self._worker.cancel()
        else:
            self._start()

    def cancel(self) -> None:
        """Forget the waiting request and the result of the running one."""
        self._next = None
        if self._worker:
            self._worker.cancel()

    @property
    def running(self) -> bool:
        """Whether a request runs or waits."""
        return self._worker is not None

    def _start(self) -> None:
        function, self._next = self._next, None
        if function is None:
            return
        self._worker = worker = self._jobs.run(
            self._title, function, failed=self._fail, done=self._return, produced=self._produce, priority=10
        )
        worker.finished.connect(self._finish)
        self.busy.emit(True)

    @Slot(list)
    def _produce(self, things: list[Any]) -> None:
        if self._worker and not self._worker.cancelled:
            self.produced.emit(things)

    @Slot(object)
    def _return(self, result: Any) -> None:
        self.returned.emit(result)

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        if self._worker and not self._worker.cancelled:
            self.failed.emit(error)

    @Slot(object)
    def _finish(self, _worker: Worker) -> None:
        self._worker = None
        if self._next is None:
            self.busy.emit(False)
        self._start()
