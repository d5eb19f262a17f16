"""Whether somebody has asked the job of this thread to stop, for what waits so long that it must look up meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator


class Stopped(BaseException):
    """The job was asked to stop, and stops in the middle; as for a Ctrl-C, nothing but what tidies up need know it."""


class _Question(threading.local):
    asked: Callable[[], bool] = staticmethod(lambda: False)


_QUESTION = _Question()


def stop_asked() -> Callable[[], bool]:
    """What tells whether this thread's job is to stop; it may be called from any thread."""
    return _QUESTION.asked


@contextlib.contextmanager
def stoppable(asked: Callable[[], bool]) -> Iterator[None]:
    """What is done meanwhile in this thread is to stop once ``asked`` says so."""
    before, _QUESTION.asked = _QUESTION.asked, asked
    try:
        yield
    finally:
        _QUESTION.asked = before


def take_over(asked: Callable[[], bool]) -> None:
    """What this thread does is a part of another's job, whose question (`stop_asked`) is ``asked``."""
    _QUESTION.asked = asked
