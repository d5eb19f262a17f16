"""Where a dataset's files are: a `Store`, which today is a folder of this computer.

All that a run writes and reads back goes through a store, by names relative to it with ``/`` between their parts; so
a dataset may lie wherever somebody writes a store for. A person's project is no store: its pictures are files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock
from typing_extensions import override

from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.large_file import WRITING, LocalFile, write_all


class LargeFile(Protocol):
    """A file on its way into a store, front to back; it is not there before `publish`."""

    def write(self, data: bytes) -> None:
        """Append ``data``."""

    def publish(self) -> None:
        """Whole, safe against a failure of power, and there under its name."""

    def discard(self) -> None:
        """Given up, nothing of it is left; after `publish` this does nothing to what was published."""


class Store(Protocol):
    """A dataset's files, or those of one of its folders.

    What fails raises `OSError`; what is missing `FileNotFoundError`. A store of an engine that works in other processes
    can be pickled.
    """

    def where(self, name: str = "") -> str:
        """Where ``name``, or the store itself, is: for messages to people."""

    def inside(self, folder: str) -> Store:
        """The store of a folder's files."""

    def names(self, folder: str = "") -> list[str]:
        """Names, not paths, of the files and folders directly in ``folder``, sorted; none where it is missing."""

    def exists(self, name: str) -> bool:
        """Whether there is a file, or a folder with anything in it, called ``name``."""

    def read(self, name: str) -> bytes:
        """All of a file."""

    def size(self, name: str) -> int:
        """Bytes of a file."""

    def part(self, name: str, start: int, size: int) -> bytes:
        """Up to ``size`` bytes of a file, from ``start`` on."""

    def put(self, name: str, data: bytes | memoryview) -> None:
        """Write a small file so that after any interruption there is the old one or the new one, never a half."""

    def write(self, name: str, data: bytes) -> None:
        """Write one of very many small files, quickly: after an interruption it may be a half, unless `sync` came."""

    def sync(self) -> None:
        """Make what `write` wrote safe against a failure of power."""

    def create(self, name: str) -> LargeFile:
        """A large file, to be written front to back."""

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that is in it; no error where there is none."""

    def tidy(self) -> None:
        """Remove what interrupted writes left directly in the store, not in its folders."""

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold what ``name`` stands for against all other processes.

        Raises:
            TimeoutError: another one holds it.
        """


class LocalStore(Store):
    """A folder of this computer, which need not be there yet.

    Attributes:
        root: the folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = f"{root}{os.sep}"

    @override
    def where(self, name: str = "") -> str:
        return str(self.root / name)

    @override
    def inside(self, folder: str) -> LocalStore:
        return LocalStore(self.root / folder)

    @override
    def names(self, folder: str = "") -> list[str]:
        try:
            return sorted(path.name for path in (self.root / folder).iterdir())
        except FileNotFoundError:
            return []

    @override
    def exists(self, name: str) -> bool:
        return (self.root / name).exists()

    @override
    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    @override
    def size(self, name: str) -> int:
        return (self.root / name).stat().st_size

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        with (self.root / name).open("rb") as file:
            file.seek(start)
            return file.read(size)

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        write_file(self.root / name, data)

    @override
    def write(self, name: str, data: bytes) -> None:
        """See `Store.write`: three system calls."""
        path = self._prefix + name
        try:
            handle = os.open(path, WRITING, 0o644)
        except FileNotFoundError:  # the first one of its folder
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, WRITING, 0o644)
        try:
            write_all(handle, data)
        finally:
            os.close(handle)

    @override
    def sync(self) -> None:
        """See `Store.sync`; one call for thousands of files. Windows has none for that."""
        if hasattr(os, "sync"):
            os.sync()

    @override
    def create(self, name: str) -> LocalFile:
        return LocalFile(self.root / name)

    @override
    def remove(self, name: str) -> None:
        path = self.root / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    @override
    def tidy(self) -> None:
        for partial in self.root.glob(".*.part"):
            partial.unlink(missing_ok=True)

    @contextmanager
    @override
    def lock(self, name: str) -> Iterator[None]:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path, timeout=0):
            yield


class ScratchStore(LocalStore):
    """A folder for what nobody misses when the power fails: nothing waits for the disk."""

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        self.write(name, bytes(data))

    @override
    def sync(self) -> None:
        """Nothing is to be safe."""


def store_of(place: Path | Store) -> Store:
    """A store as it is, a folder as its store."""
    return LocalStore(place) if isinstance(place, Path) else place
