"""Large files on their way to the disk: under a temporary name until they are whole, past the page cache."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from fgbg_studio.core.base.files import created, make_folder, partial_of

_BUFFER = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make the folder's own entries durable; Windows does so by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class LocalFile:
    """A large file under a temporary name that gets its final one when it is whole.

    Its bytes go past the system's page cache where that is possible (``O_DIRECT`` of Linux): they are not read
    again soon, and copying them into fresh pages takes up to thirty times the processor's time. A thread waits
    for the disk while the next buffer is filled.
    """

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        self.path = path
        self.partial = partial_of(path)
        self._file = _open_direct(self.partial)
        # Whole pages, as direct writing wants them.
        self._buffer, self._other = mmap.mmap(-1, _BUFFER), mmap.mmap(-1, _BUFFER)
        self._filled = 0
        self._thread = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None

    def write(self, data: bytes) -> None:
        """Append ``data``."""
        end = self._filled + len(data)
        if end <= _BUFFER:
            self._buffer[self._filled : end] = data
            self._filled = end
            return
        rest = memoryview(data)
        while rest:
            part = rest[: _BUFFER - self._filled]
            self._buffer[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            rest = rest[len(part) :]
            if self._filled == _BUFFER:
                self._empty()

    def publish(self) -> None:
        """Synced and renamed."""
        self._empty()
        self._wait()
        os.fsync(self._file)
        self._close()
        self.partial.replace(self.path)
        sync_folder(self.path.parent)

    def discard(self) -> None:
        """Closed and removed, also where a full disk refuses what was still to be written."""
        with contextlib.suppress(OSError):
            self._close()
        self.partial.unlink(missing_ok=True)

    def _empty(self) -> None:
        self._wait()
        self._written = self._thread.submit(_write_buffer, self._file, self._buffer, self._filled)
        self._buffer, self._other, self._filled = self._other, self._buffer, 0

    def _wait(self) -> None:
        if self._written:
            self._written.result()

    def _close(self) -> None:
        self._thread.shutdown()
        handle, self._file = self._file, -1
        if handle >= 0:
            os.close(handle)


def _write_buffer(handle: int, buffer: mmap.mmap, size: int) -> None:
    if size < _BUFFER:
        _not_direct(handle)  # the end is no whole number of blocks
    with memoryview(buffer) as whole:
        write_all(handle, whole[:size])


def write_all(handle: int, data: bytes | memoryview) -> None:
    """Write all of ``data`` to a file that `os.open` opened."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(handle, rest) :]
        except OSError as error:
            if error.errno != errno.EINVAL or not _not_direct(handle):
                raise  # else the file system wants larger blocks than it said, or a full disk took half a block


def _open_direct(path: Path) -> int:
    """Open a new file for writing, past the page cache where system and file system can."""
    direct = getattr(os, "O_DIRECT", 0)
    try:
        return created(path, direct)
    except OSError as error:
        if not direct or error.errno != errno.EINVAL:
            raise
    return created(path)


def _not_direct(handle: int) -> bool:
    """Let a file go through the page cache from here on; whether it did not before."""
    direct = getattr(os, "O_DIRECT", 0)
    if not direct:
        return False
    import fcntl

    flags = fcntl.fcntl(handle, fcntl.F_GETFL)
    fcntl.fcntl(handle, fcntl.F_SETFL, flags & ~direct)
    return bool(flags & direct)
