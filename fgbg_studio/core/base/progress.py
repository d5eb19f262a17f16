"""What a long job says of itself, and how it is told to pause or to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override


@dataclass(frozen=True)
class Progress:
    """One step of a long job.

    Attributes:
        phase: what it is doing, as a person would say it.
        done: of the phase.
        total: of the phase.
        rate: samples a second over the last seconds, 0 where unknown.
        seconds_left: at that rate, None where unknown.
        finished: whether this is the job's last word.
    """

    phase: str
    done: int
    total: int
    rate: float = 0.0
    seconds_left: float | None = None
    finished: bool = False

    @property
    def share(self) -> float:
        """How much of the job is done, 0..1: of the phase, where a job says nothing of the whole."""
        return self.done / self.total if self.total else 0.0


class Control(Protocol):
    """Pause, continue and cancel, heard by every worker between two batches; nothing is ever killed.

    An engine makes the one that reaches its workers: `Engine.control`.
    """

    def pause(self) -> None:
        """Workers stop after the batch they are at, keeping what they have."""

    def resume(self) -> None:
        """Go on after `pause`."""

    def cancel(self) -> None:
        """Workers give up the shards they are at; finished shards stay."""

    @property
    def paused(self) -> bool:
        """Whether it is paused."""

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""

    def wait(self) -> bool:
        """Wait while paused; False once cancelled."""


class Event(Protocol):
    """What the events of threads and of processes have in common."""

    def set(self) -> None:
        """Let everyone go who waits."""

    def clear(self) -> None:
        """Let them wait again."""

    def is_set(self) -> bool:
        """Whether nobody need wait."""

    def wait(self) -> bool:
        """Wait until it is set."""


class EventControl(Control):
    """A `Control` of two events; of those that ``make`` makes, by default those of this process's threads."""

    def __init__(self, make: Callable[[], Event] = threading.Event) -> None:
        self._go, self._cancelled = make(), make()
        self._go.set()

    @override
    def pause(self) -> None:
        self._go.clear()

    @override
    def resume(self) -> None:
        self._go.set()

    @override
    def cancel(self) -> None:
        self._cancelled.set()
        self._go.set()

    @property
    @override
    def paused(self) -> bool:
        return not self._go.is_set()

    @property
    @override
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @override
    def wait(self) -> bool:
        self._go.wait()
        return not self._cancelled.is_set()


class Rate:
    """Samples a second over the last ten seconds, without what was there from an earlier run."""

    _WINDOW = 10.0

    def __init__(self, done: int) -> None:
        self._marks = [(time.monotonic(), done)]

    def update(self, done: int, total: int) -> tuple[float, float | None]:
        """(rate, seconds left) now that ``done`` of ``total`` are made."""
        now = time.monotonic()
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > self._WINDOW:
            self._marks.pop(0)
        begun, before = self._marks[0]
        rate = (done - before) / (now - begun) if now > begun else 0.0
        return rate, (total - done) / rate if rate > 0 else None
