"""Where a dataset's files are: a `Store`, which today is a folder of this computer.

All that a run writes and reads back goes through a store, by names relative to it with ``/`` between their parts; so
a dataset may lie wherever somebody writes a store for. A person's project is no store: its pictures are files.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from typing_extensions import override

from fgbg_studio.core.base.files import NEW, created, make_folder, take_name, write_file
from fgbg_studio.core.base.large_file import LocalFile, write_all
from fgbg_studio.core.base.outside import open_file, read_file
from fgbg_studio.core.base.paths import inside, writable

_MOST = 4 << 30  # bytes that are read at once


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

    def times(self, folder: str) -> dict[str, float]:
        """The names of the files directly in ``folder`` → when each was written, in seconds since the epoch.

        NaN where a storage does not say when; empty where the folder is missing.
        """

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

    def claim(self, name: str) -> AbstractContextManager[bool]:
        """While this process writes what ``name`` stands for: False where another one does, and they could mix.

        A process that ends, however it ends, holds nothing any more; a file called ``name`` may stay.
        """

    def is_claimed(self, name: str) -> bool:
        """Whether a process has `claim`ed ``name`` just now; of some storages nobody can say, which is False."""


class LocalStore(Store):
    """A folder of this computer, which need not be there yet.

    Names are kept in it (`paths`): no link leads what is read out of it, and nothing is written through one.

    Attributes:
        root: the folder.
    """

    def __init__(self, root: Path, whole: Path | None = None) -> None:
        self.root = root
        self._whole = whole or root  # of which `root` is a part that was named in data
        self._prefix = f"{root}{os.sep}"
        self._folders: set[str] = set()  # that may be written to

    @override
    def where(self, name: str = "") -> str:
        return str(self.root / name)

    @override
    def inside(self, folder: str) -> LocalStore:
        return LocalStore(self.root / folder, self._whole)

    @override
    def names(self, folder: str = "") -> list[str]:
        try:
            return sorted(path.name for path in self._readable(folder).iterdir())
        except FileNotFoundError:
            return []

    @override
    def times(self, folder: str) -> dict[str, float]:
        found: dict[str, float] = {}
        with contextlib.suppress(FileNotFoundError), os.scandir(self._readable(folder)) as items:
            for item in items:
                with contextlib.suppress(FileNotFoundError):  # removed just now
                    if item.is_file(follow_symlinks=False):
                        found[item.name] = item.stat(follow_symlinks=False).st_mtime
        return found

    @override
    def exists(self, name: str) -> bool:
        return self._readable(name).exists()

    @override
    def read(self, name: str) -> bytes:
        return read_file(self._readable(name), _MOST)

    @override
    def size(self, name: str) -> int:
        return self._readable(name).stat().st_size

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        with open_file(self._readable(name)) as file:
            file.seek(start)
            return file.read(size)

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        write_file(self._writable(name), data)

    @override
    def write(self, name: str, data: bytes) -> None:
        """See `Store.write`: three system calls."""
        path, folder = self._prefix + name, name.rpartition("/")[0]
        if folder not in self._folders:  # the first one of its folder
            self._writable(name)
            self._folders.add(folder)
        try:
            handle = os.open(path, NEW, 0o666)
        except FileNotFoundError:
            make_folder(Path(path).parent)
            handle = os.open(path, NEW, 0o666)
        except FileExistsError:
            handle = created(Path(path))
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
        return LocalFile(self._writable(name))

    @override
    def remove(self, name: str) -> None:
        path = self._writable(name)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    @override
    def tidy(self) -> None:
        for partial in self._writable(".part").parent.glob(".*.part"):
            partial.unlink(missing_ok=True)

    @contextmanager
    @override
    def lock(self, name: str) -> Iterator[None]:
        path = self._writable(name)
        take_name(path)
        make_folder(path.parent)
        from filelock import FileLock  # here: the workers of a run lock nothing

        with FileLock(path, timeout=0):
            yield

    @contextmanager
    @override
    def claim(self, name: str) -> Iterator[bool]:
        """See `Store.claim`: a file that is written under a temporary name is one process's."""
        if os.name == "nt":
            with self._locked(name) as ours:
                yield ours
            return
        import fcntl

        # Not as `lock`, which would make a folder anew that is moved away in between.
        path = self._writable(name)
        take_name(path)
        make_folder(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    @override
    def is_claimed(self, name: str) -> bool:
        """See `Store.is_claimed`; nothing is written, so it may be asked where only reading is allowed."""
        if os.name == "nt":
            if not self.exists(name):
                return False
            with self._locked(name) as free:
                return not free
        import fcntl

        try:
            handle = os.open(self._readable(name), os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    @contextmanager
    def _locked(self, name: str) -> Iterator[bool]:
        with ExitStack() as stack:
            try:
                stack.enter_context(self.lock(name))
            except TimeoutError:
                yield False
                return
            yield True

    def _readable(self, name: str) -> Path:
        return inside(self._whole, self._named(name)) if name or self._whole != self.root else self.root

    def _writable(self, name: str) -> Path:
        return writable(self._whole, self._named(name))

    def _named(self, name: str) -> str:
        return (self.root.relative_to(self._whole) / name).as_posix() if self._whole != self.root else name


class ScratchStore(LocalStore):
    """A folder for what nobody misses when the power fails: nothing waits for the disk."""

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        self.write(name, bytes(data))

    @override
    def sync(self) -> None:
        """Nothing is to be safe."""


def anywhere(store: Store) -> Store:
    """The same store by a name that holds wherever the folder is mounted, not in this process alone."""
    return LocalStore(store.root.absolute()) if isinstance(store, LocalStore) else store


def store_of(place: Path | Store) -> Store:
    """A store as it is, a folder as its store."""
    return LocalStore(place) if isinstance(place, Path) else place
