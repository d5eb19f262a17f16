"""A trial in a process of its own: Keras holds Python's interpreter for seconds, and a window must not wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.processes import TICK, deaf, settle, spawning
from fgbg_studio.core.base.progress import Control, EventControl
from fgbg_studio.core.base.remedies import TryAgain
from fgbg_studio.core.trial.progress import TrialProgress
from fgbg_studio.core.trial.settings import TrialSettings

_EVERY = 0.25  # seconds between two steps that are told: each says everything


def control_apart() -> EventControl:
    """What pauses and stops a trial in another process."""
    return EventControl(spawning().Event)


def run_apart(dataset: Path, out: Path, settings: TrialSettings, control: Control) -> Iterator[TrialProgress]:
    """As `run`, in another process; ``control`` is made by `control_apart`.

    Raises:
        FgbgError: as `run`; also where the process dies.
    """
    context = spawning()
    news: SimpleQueue[TrialProgress] = context.SimpleQueue()
    pool = ProcessPoolExecutor(1, context, _start, (control, news))
    try:
        with deaf():
            future = pool.submit(_run, dataset, out, settings)
        try:
            while not future.done():
                wait([future], TICK)
                if not news.empty():
                    yield news.get()
            last = future.result()
        except BrokenProcessPool as error:
            problem = "the process of the trial ended unexpectedly, perhaps for lack of memory"
            raise DatasetError(problem, TryAgain("close other programs", "it goes on where it was")) from error
        except BaseException:
            _let_end(future, control, news)
            raise
        if last is not None:
            yield last
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _let_end(future: Future[TrialProgress | None], control: Control, news: SimpleQueue[TrialProgress]) -> None:
    """Stop it, and take what it still says: it waits until that is taken."""
    control.cancel()
    while not future.done():
        wait([future], TICK)
        while not news.empty():
            news.get()


class _Worker:
    """What the process was given."""

    control: Control
    news: SimpleQueue[TrialProgress]


def _start(control: Control, news: SimpleQueue[TrialProgress]) -> None:
    settle()
    _Worker.control, _Worker.news = control, news


def _run(dataset: Path, out: Path, settings: TrialSettings) -> TrialProgress | None:
    from fgbg_studio.core.trial.run import run  # here: a window that trains nothing need not know how

    last, told_at = None, 0.0
    for last in run(dataset, out, settings, _Worker.control):
        if time.monotonic() - told_at >= _EVERY and _Worker.news.empty():
            _Worker.news.put(last)
            told_at = time.monotonic()
    return last
