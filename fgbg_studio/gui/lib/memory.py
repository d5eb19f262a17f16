"""Memory that goes back to the system: by itself the C library of Linux (glibc) keeps much of what was let go of.

With the first large blocks that it frees it raises the size up to which it keeps them in its heaps (to 32 MB), and what
lies free there between other things stays the program's. Others have no such calls, and need none.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

from PySide6.QtCore import QObject, Slot

from fgbg_studio.gui.lib.worker import Jobs, Worker

_MMAP_THRESHOLD, _LARGE = -3, 1 << 20  # of `mallopt(3)`


def keep_less() -> None:
    """Let the memory of large pictures go back as soon as they are let go of; once, when a program begins."""
    library = _library()
    if library:
        library.mallopt(_MMAP_THRESHOLD, _LARGE)


def trim() -> None:
    """Give back what lies free in the heaps. It takes some milliseconds, in which others may wait for memory."""
    library = _library()
    if library:
        library.malloc_trim(0)


@cache
def _library() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


class Trimmer(QObject):
    """Trims on a worker, when what came before has run, and never twice at a time."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._runs = self._again = False

    def soon(self) -> None:
        """Much was let go of."""
        if self._runs:
            self._again = True
        else:
            self._runs = True
            self._jobs.run(self.tr("giving memory back"), trim, priority=-20).finished.connect(self._end)

    @Slot(object)
    def _end(self, _worker: Worker) -> None:
        self._runs, again = False, self._again
        self._again = False
        if again:
            self.soon()
