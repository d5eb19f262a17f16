"""A file that stays open while many parts of it are read."""

from __future__ import annotations

import os
from pathlib import Path

from fgbg_studio.core.base.mirrors import is_mirrored
from fgbg_studio.core.base.outside import open_file

_STAYS_OPEN = hasattr(os, "pread")  # not on Windows, where an open file can be neither replaced nor removed


class KeptFile:
    """A file of which several threads, and processes that were forked, may read parts at the same time.

    It is closed when nobody has it any more. Where the system cannot read at a place it is opened for each part.

    Args:
        path: of the file.

    Raises:
        UnfitFileError: it is no regular file.
        OSError: it is missing, or may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = -1
        if is_mirrored(path):  # opened for each part, whose bytes are asked for then
            about = os.stat(path)  # noqa: PTH116 - as below
            self.size, self._known = about.st_size, _identity(about)
            return
        with open_file(path) as file:
            about = os.fstat(file.fileno())
            self.size, self._known = about.st_size, _identity(about)
            if _STAYS_OPEN:
                self._handle = os.dup(file.fileno())

    def __del__(self) -> None:
        """No reader is left, so that nobody reads by a number that the system has given to another file."""
        if getattr(self, "_handle", -1) >= 0:
            os.close(self._handle)

    def is_current(self) -> bool:
        """Whether the file of that path is still this one, and was not written to; not so where there is none."""
        try:
            return _identity(os.stat(self.path)) == self._known  # noqa: PTH116 - for each picture
        except OSError:
            return False

    def part(self, start: int, size: int) -> bytes:
        """``size`` bytes from ``start`` on, fewer where the file ends before.

        Raises:
            OSError: the disk refuses.
        """
        if self._handle < 0:
            with open_file(self.path) as file:
                file.seek(start)
                return file.read(size)
        data = os.pread(self._handle, size, start)
        while len(data) < size and (more := os.pread(self._handle, size - len(data), start + len(data))):
            data += more
        return data


def _identity(about: os.stat_result) -> tuple[int, int, int, int]:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
