"""A dataset's files at an address that fsspec knows: ``s3://bucket/rooms``, ``gs://…``, ``az://…``, ``hf://…``.

Every object is written whole: what is read is an old one or a new one, never a half, so a marker that is there says
that all before it is. What fails in passing, a server that is busy or a connection that is cut, is tried again; as the
same name gets the same bytes, an answer that was lost after the object had arrived does no harm.
Who may read and write is told by where the cloud's own programs look for it (environment, their files): nothing of it
is in an address, and nothing is kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from typing_extensions import override

from fgbg_studio.core.base.remote_files import RemoteFiles, is_address
from fgbg_studio.core.base.store import LargeFile, LocalStore, Store

_THREADS, _WAITING = 16, 64  # of small files on their way
_LEASE, _RENEWED = 300.0, 60.0  # seconds after which a lock that nobody renewed is nobody's; how often it is renewed
_SETTLED = 2.0  # seconds in which all who find such a lock have written their name into it: the last name stays


def store_at(place: str) -> Store:
    """The store at a path or an address.

    Raises:
        UsageError: the address names a secret, or a kind of storage for which nothing is installed.
    """
    return RemoteStore(place) if is_address(place) else LocalStore(Path(place))


class RemoteStore(Store):
    """Objects below an address.

    Args:
        address: as fsspec reads it; without a password.

    Attributes:
        address: without a slash at its end.

    Raises:
        UsageError: the address has a password in it, or nothing that is installed knows its scheme.
    """

    def __init__(self, address: str) -> None:
        self._remote = RemoteFiles(address)
        self.address = self._remote.address
        self._tried, self._path = self._remote.tried, self._remote.path
        self._writes: list[Future[None]] = []
        self._pool: ThreadPoolExecutor | None = None

    @override
    def __reduce__(self) -> tuple[type[RemoteStore], tuple[str]]:
        return RemoteStore, (self.address,)

    @property
    def _system(self) -> Any:
        return self._remote.system

    @override
    def where(self, name: str = "") -> str:
        return f"{self.address}/{name}" if name else self.address

    @override
    def inside(self, folder: str) -> RemoteStore:
        return RemoteStore(f"{self.address}/{folder}")

    @override
    def names(self, folder: str = "") -> list[str]:
        path = self._path(folder)
        try:
            found = self._tried(self._system.ls, path, detail=False)
        except FileNotFoundError:
            return []
        names = {str(one).rstrip("/").rpartition("/")[2] for one in found if str(one).rstrip("/") != path}
        return sorted(names - {""})

    @override
    def times(self, folder: str) -> dict[str, float]:
        return {name: one.written for name, one in self._remote.listed(folder).items() if name}

    @override
    def exists(self, name: str) -> bool:
        return bool(self._tried(self._system.exists, self._path(name)))

    @override
    def read(self, name: str) -> bytes:
        return bytes(self._tried(self._system.cat_file, self._path(name)))

    @override
    def size(self, name: str) -> int:
        return int(self._tried(self._system.size, self._path(name)))

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        return self._remote.part(
            name, start, min(start + size, self.size(name))
        )  # servers refuse what begins behind the end

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        self._tried(self._system.pipe_file, self._path(name), bytes(data))

    @override
    def write(self, name: str, data: bytes) -> None:
        """See `Store.write`: some are on their way at once."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_THREADS)
        if len(self._writes) >= _WAITING:
            self._writes.pop(0).result()
        self._writes.append(self._pool.submit(self.put, name, data))

    @override
    def sync(self) -> None:
        writes, self._writes = self._writes, []
        failed = [error for one in writes if (error := one.exception())]
        if failed:
            raise failed[0]

    @override
    def create(self, name: str) -> LargeFile:
        return _Upload(self, name)

    def upload(self, name: str, source: Path) -> None:
        """Send a file of this computer, in parts where it is large."""
        self._tried(self._system.put_file, str(source), self._path(name))

    @override
    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._tried(self._system.rm, self._path(name), recursive=True)

    @override
    def tidy(self) -> None:
        """Nothing that is half is seen here; what servers keep of interrupted uploads goes by the bucket's own rule."""

    @contextmanager
    @override
    def lock(self, name: str) -> Iterator[None]:
        """See `Store.lock`: an object that only one can create, and that is renewed while it is held."""
        mine = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}"
        if not self._taken(name, mine):
            if time.time() - self._renewed(name) < _LEASE:
                raise TimeoutError(self.where(name))
            # Its holder is gone. It is not removed first: a second one who finds it would remove the lock of the first.
            self.put(name, _lease(mine))
            time.sleep(_SETTLED)
            if self._holder(name).get("holder") != mine:
                raise TimeoutError(self.where(name))
        done = threading.Event()

        def renew() -> None:
            while not done.wait(_RENEWED):
                with contextlib.suppress(OSError):
                    if self._holder(name).get("holder") == mine:  # a computer that slept meanwhile holds nothing
                        self.put(name, _lease(mine))

        keeper = threading.Thread(target=renew, daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()
            if self._holder(name).get("holder") == mine:
                self.remove(name)

    @override
    def claim(self, name: str) -> AbstractContextManager[bool]:
        """See `Store.claim`: objects are put whole, two writers of the same one cannot mix."""
        return contextlib.nullcontext(True)

    @override
    def is_claimed(self, name: str) -> bool:
        """See `Store.is_claimed`: nothing is claimed here."""
        return False

    def _taken(self, name: str, mine: str) -> bool:
        """Whether the lock could be created, or an earlier try had created it and its answer was lost."""
        try:
            self._tried(self._system.pipe_file, self._path(name), _lease(mine), mode="create")
        except (FileExistsError, PermissionError):
            pass
        except OSError:
            if not self.exists(name):
                raise
        return self._holder(name).get("holder") == mine

    def _renewed(self, name: str) -> float:
        return float(self._holder(name).get("renewed", 0.0))

    def _holder(self, name: str) -> dict[str, Any]:
        with contextlib.suppress(FileNotFoundError, ValueError):
            found = json.loads(self.read(name))
            return found if isinstance(found, dict) else {}
        return {}


def _lease(holder: str) -> bytes:
    return json.dumps({"holder": holder, "renewed": time.time()}).encode()


class _Upload(LargeFile):
    """A file that is gathered here and sent whole: what fails on the way can be sent again."""

    def __init__(self, store: RemoteStore, name: str) -> None:
        self._store, self._name = store, name
        handle, path = tempfile.mkstemp(prefix="fgbg-")
        self._path, self._file = Path(path), os.fdopen(handle, "wb", buffering=1 << 20)

    @override
    def write(self, data: bytes) -> None:
        self._file.write(data)

    @override
    def publish(self) -> None:
        self._file.close()
        self._store.upload(self._name, self._path)
        self._path.unlink()

    @override
    def discard(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)
