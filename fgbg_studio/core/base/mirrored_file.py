"""The bytes of an object at an address, in blocks that are kept on the disk: only those that are read are asked for."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from typing_extensions import override

from fgbg_studio.core.base.errors import StorageError
from fgbg_studio.core.base.mirrors import address_of, blocks_folder, mirrors_folder, most_kept
from fgbg_studio.core.base.remedies import TryAgain
from fgbg_studio.core.base.remote_files import RemoteFiles

BLOCK = 1 << 18
_MOST_AT_ONCE = 64  # blocks of one request
_TOUCHED = 60.0  # seconds after which a block that is read is noted as used again
_LOCKS = [threading.Lock() for _ in range(64)]


class MirroredFile(io.RawIOBase):
    """An object's bytes, to be read from any place; of what is read in a row more and more is asked for at once.

    Args:
        path: where it is seen.

    Raises:
        OSError: it is not there.
    """

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self._path, self._at = str(path), 0
        self.size = os.stat(path).st_size  # noqa: PTH116 - it may be a text
        self._blocks = blocks_folder(path)
        self._next, self._ahead = -1, 1

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._at

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(begin + offset, 0)
        return self._at

    @override
    def readinto(self, buffer: Any) -> int:
        """See `io.RawIOBase`.

        Raises:
            FileNotFoundError: the object was removed.
            StorageError: its storage cannot be reached, or refuses.
        """
        with memoryview(buffer).cast("B") as room:
            wanted = min(len(room), max(self.size - self._at, 0))
            done = 0
            while done < wanted:
                number, inner = divmod(self._at, BLOCK)
                take = min(BLOCK - inner, wanted - done)
                data = self._kept(number, inner, take) or self._fetched(number, (wanted - done) // BLOCK)[inner:][:take]
                if not data:
                    break
                room[done : done + len(data)] = data
                done += len(data)
                self._at += len(data)
        return done

    def _kept(self, number: int, start: int, size: int) -> bytes:
        """Bytes of a block that is on the disk whole; none where it is not."""
        try:
            with open(self._blocks / str(number), "rb", buffering=0) as file:  # noqa: PTH123 - quickest
                about = os.fstat(file.fileno())
                if about.st_size != self._size_of(number):
                    return b""
                if time.time() - about.st_mtime > _TOUCHED:
                    os.utime(self._blocks / str(number))
                file.seek(start)
                return file.read(size)
        except FileNotFoundError:
            return b""

    def _size_of(self, number: int) -> int:
        return min(BLOCK, self.size - number * BLOCK)

    def _fetched(self, number: int, more: int) -> bytes:
        """A block, asked for with those behind it that are wanted too, or will be by one who reads on."""
        with _LOCKS[hash((self._path, number)) % len(_LOCKS)]:  # two threads often want the same at once
            if data := self._kept(number, 0, BLOCK):
                return data
            self._ahead = min(self._ahead * 2, _MOST_AT_ONCE) if number == self._next else 1
            last = -(-self.size // BLOCK)
            stop = min(number + max(more + 1, self._ahead), number + _MOST_AT_ONCE, last)
            while stop > number + 1 and self._kept(stop - 1, 0, 1):
                stop -= 1
            data = self._asked_for(number * BLOCK, min(stop * BLOCK, self.size))
            for one in range(number, stop):
                _keep(self._blocks / str(one), data[(one - number) * BLOCK :][:BLOCK])
            self._next = stop
            return data[:BLOCK]

    def _asked_for(self, start: int, stop: int) -> bytes:
        """Bytes from the storage; a failure of the way there is none of the file."""
        address = address_of(self._path)
        try:
            data = _remote(address).part("", start, stop)
        except FileNotFoundError:
            raise
        except OSError as error:
            problem = f"{address} cannot be read ({error.strerror or error})"
            raise StorageError(problem, TryAgain("see to the way there")) from error
        if len(data) != stop - start:
            raise StorageError(f"{address} has changed while it was read", TryAgain("open it again"))
        return data


@lru_cache(maxsize=1024)
def _remote(address: str) -> RemoteFiles:
    return RemoteFiles(address)


class _Kept:
    """Of this process: bytes that it has added since it last looked whether all together are too many."""

    added, looked = 0, False


def _keep(path: Path, data: bytes) -> None:
    """Put a block on the disk; a disk that is full, or refuses, only makes it slower."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(data)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        _Kept.added += len(data)
        if not _Kept.looked or _Kept.added > most_kept() // 16:
            _Kept.added, _Kept.looked = 0, True
            trim()


def trim() -> None:
    """Remove the blocks that were not used for the longest time, where there are more than may be kept."""
    every = sorted(_all_blocks(str(mirrors_folder() / "blocks")))
    over = sum(size for _, size, _ in every) - most_kept()
    if over <= 0:
        return
    over += most_kept() // 8  # not again at once
    for _, size, path in every:
        with contextlib.suppress(OSError):
            os.unlink(path)  # noqa: PTH108 - there are many
            over -= size
        if over <= 0:
            return


def _all_blocks(folder: str) -> Iterator[tuple[float, int, str]]:
    """(when it was last used, bytes, path) of each."""
    with contextlib.suppress(OSError), os.scandir(folder) as items:
        for item in items:
            with contextlib.suppress(OSError):
                if item.is_dir(follow_symlinks=False):
                    yield from _all_blocks(item.path)
                else:
                    about = item.stat(follow_symlinks=False)
                    yield about.st_mtime, about.st_size, item.path
