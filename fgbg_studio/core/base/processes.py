"""Work for spawned processes: how they start, how they end, and one call of a function for each part of a job."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import resource_tracker, spawn
from multiprocessing.context import SpawnContext
from typing import Any, TypeVar

import cv2

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.parent import follow_parent
from fgbg_studio.core.base.remedies import TryAgain

T = TypeVar("T")
R = TypeVar("R")
TICK = 0.1
"""Seconds after which whoever waits for a process looks up."""


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """What is started meanwhile never hears Ctrl-C: not even while it is still importing.

    Ctrl-C goes to every process of the terminal, and the parent alone decides what it means. A child inherits
    which signals are blocked (POSIX); Windows has no such thing, there `settle` must do.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_pythons_own = spawn.get_command_line
_BIRTH = """
try:
    from multiprocessing.spawn import spawn_main
    spawn_main({told})
except Exception:
    from fgbg_studio.core.base.parent import end_as_an_orphan
    end_as_an_orphan({parent})
    raise
"""


def _command_line(**told: int) -> list[str]:
    """Python's own, but that a child says nothing when its parent dies before it knows what it is to do.

    It learns that from a pipe and from names of what is shared, which end with the parent; its number is gone last.
    """
    line = _pythons_own(**told)
    if not getattr(sys, "frozen", False):  # else `__main__` sees to it
        given = ", ".join(f"{name}={value!r}" for name, value in told.items())
        line[line.index("-c") + 1] = _BIRTH.format(told=given, parent=os.getpid())
    return line


def spawning() -> SpawnContext:
    """What starts processes anew, and shares events with them.

    Python's own tracker of what is shared outlives a program that is killed, clears away after it, and would write of
    leaked semaphores to a terminal that is no longer its own.
    """
    if sys.platform != "win32":
        before = sys.warnoptions[:]
        sys.warnoptions.append("ignore:resource_tracker:UserWarning")  # the tracker inherits them when it is started
        try:
            resource_tracker.ensure_running()
        finally:
            sys.warnoptions[:] = before
    spawn.get_command_line = _command_line
    return multiprocessing.get_context("spawn")


def settle() -> None:
    """The first thing that a worker process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
    cv2.setNumThreads(1)  # a worker is one process a core: threads inside OpenCV would only fight over them


def in_processes(work: Callable[[T], R], parts: Iterable[T], processes: int) -> Iterator[R | None]:
    """``work`` of every part, in their order; None a few times a second while there is none.

    ``work`` goes to each process once and is kept there with what it has opened; a part and its result go
    there and back, so both should be small. Parts are taken from their source when a process is free for them. Where
    the iterator is closed early the processes are ended in the middle of what they do, so ``work`` must change nothing
    on the disk. With one process, or where the system has no memory that processes could share, everything is done in
    this one.

    Raises:
        DatasetError: a process died.
    """
    pool = _pool(work, processes) if processes > 1 else None
    if pool is None:
        yield from map(work, parts)
        return
    source, running = iter(parts), deque[Future[R]]()
    try:
        while True:
            with deaf():
                # One at work and one at hand for each, and some more, as results are taken in order.
                running.extend(pool.submit(_do, part) for part in islice(source, 3 * processes - len(running)))
            if not running:
                return
            wait([running[0]], TICK)
            if running[0].done():
                yield running.popleft().result()
            else:
                yield None
    except BrokenProcessPool as error:
        problem = "a worker process ended unexpectedly, perhaps for lack of memory"
        raise DatasetError(problem, TryAgain("close other programs")) from error
    except BaseException:
        _end(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end(pool: ProcessPoolExecutor) -> None:
    """End its processes now: one may still be importing, another at a large picture."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 - public from Python 3.14 on, as terminate_workers
        process.terminate()


def _pool(work: Callable[[Any], Any], processes: int) -> ProcessPoolExecutor | None:
    try:
        return ProcessPoolExecutor(processes, spawning(), _start, (work,))
    except OSError:
        return None


class _Worker:
    """What a worker process keeps from part to part."""

    work: Callable[[Any], Any]


def _start(work: Callable[[Any], Any]) -> None:
    settle()
    _Worker.work = work


def _do(part: Any) -> Any:
    return _Worker.work(part)
