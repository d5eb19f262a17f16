"""A process ends with its parent, however that ends: nobody would take what it makes when it is left alone."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing import connection

_SIGNAL_AT_PARENTS_DEATH = 1  # linux/prctl.h
_GRACE = 1.0  # seconds


def follow_parent() -> None:
    """End this process soon after its parent; a thread of its own waits for that."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def die_with_starter() -> None:
    """End this process when the thread ends that started it, even in the middle of a library that lets no thread run.

    On Linux, whose kernel does it; elsewhere nothing.
    """
    parent = multiprocessing.parent_process()
    if sys.platform == "linux" and parent is not None:
        ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent.pid:  # it was quicker
            os._exit(1)


def end_as_an_orphan(parent: int) -> None:
    """End this process without a word if its parent, of this number, has died, of which the pipe may know first."""
    due = time.monotonic() + _GRACE
    while time.monotonic() < due:
        if os.getppid() != parent:
            os._exit(1)
        time.sleep(0.05)
