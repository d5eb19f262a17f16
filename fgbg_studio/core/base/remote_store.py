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
import math
import os
import re
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.paths import StrayPathError, astray
from fgbg_studio.core.base.store import LargeFile, LocalStore, Store

T = TypeVar("T")

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)(::|://)", re.IGNORECASE)
_WITH_SECRET = re.compile(r"://[^/@]*:[^/@]*@")
_TRIES, _FIRST_WAIT, _LONGEST_WAIT = 7, 0.5, 20.0  # together about a minute
_THREADS, _WAITING = 16, 64  # of small files on their way
_LEASE, _RENEWED = 300.0, 60.0  # seconds after which a lock that nobody renewed is nobody's; how often it is renewed
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "modified", "created")
_SETTLED = 2.0  # seconds in which all who find such a lock have written their name into it: the last name stays
_FINAL = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError, StrayPathError)
_NETWORKS = ("aiohttp", "aiobotocore", "botocore", "urllib3", "requests", "httpx", "google", "azure", "gcsfs", "fsspec")


def is_address(text: str) -> bool:
    """Whether ``text`` is an address, not a path, as one with a drive's letter is."""
    return bool(_SCHEME.match(text))


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
        if _WITH_SECRET.search(address):
            raise UsageError(
                f"{_WITH_SECRET.sub('://…@', address)} has a password in it",
                "Leave it out, and put it where the storage's own programs look for it",
            )
        self.address = address.rstrip("/")
        self._files  # noqa: B018 - what is wrong with the address is said now
        self._writes: list[Future[None]] = []
        self._pool: ThreadPoolExecutor | None = None

    @override
    def __reduce__(self) -> tuple[type[RemoteStore], tuple[str]]:
        return RemoteStore, (self.address,)

    @cached_property
    def _files(self) -> tuple[Any, str]:
        """The file system, and the address as that knows it."""
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise _not_installed(self.address) from error
        try:
            # Lists of files that are kept would be of before another machine wrote.
            files, root = url_to_fs(self.address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise _not_installed(self.address) from error
        return files, str(root).rstrip("/")

    def _path(self, name: str) -> str:
        if name and (reason := astray(name)):
            raise StrayPathError(name, reason)
        return f"{self._files[1]}/{name}" if name else self._files[1]

    def _tried(self, job: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """What ``job`` gives, tried again while it fails in passing.

        Raises:
            OSError: it failed for good.
        """
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

        again: Callable[..., T] = Retrying(
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(_FIRST_WAIT, _LONGEST_WAIT) + wait_random(0, _FIRST_WAIT),
            retry=retry_if_exception(_passes),
            reraise=True,
        )
        try:
            return again(job, *arguments, **options)
        except OSError:
            raise
        except Exception as error:
            if _of_networks(error):
                raise OSError(0, f"{type(error).__name__}: {error}", self.address) from error
            raise

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
            found = self._tried(self._files[0].ls, path, detail=False)
        except FileNotFoundError:
            return []
        names = {str(one).rstrip("/").rpartition("/")[2] for one in found if str(one).rstrip("/") != path}
        return sorted(names - {""})

    @override
    def times(self, folder: str) -> dict[str, float]:
        try:
            found = self._tried(self._files[0].ls, self._path(folder), detail=True)
        except FileNotFoundError:
            return {}
        return {str(one["name"]).rpartition("/")[2]: _written(one) for one in found if one.get("type") == "file"}

    @override
    def exists(self, name: str) -> bool:
        return bool(self._tried(self._files[0].exists, self._path(name)))

    @override
    def read(self, name: str) -> bytes:
        return bytes(self._tried(self._files[0].cat_file, self._path(name)))

    @override
    def size(self, name: str) -> int:
        return int(self._tried(self._files[0].size, self._path(name)))

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        stop = min(start + size, self.size(name))  # servers refuse what begins behind the end
        return (
            bytes(self._tried(self._files[0].cat_file, self._path(name), start=start, end=stop))
            if start < stop
            else b""
        )

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        self._tried(self._files[0].pipe_file, self._path(name), bytes(data))

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
        self._tried(self._files[0].put_file, str(source), self._path(name))

    @override
    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._tried(self._files[0].rm, self._path(name), recursive=True)

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
            self._tried(self._files[0].pipe_file, self._path(name), _lease(mine), mode="create")
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


def _written(about: dict[str, Any]) -> float:
    """When an object was written, by whichever word its file system has for that; NaN where it has none."""
    said = next((about[word] for word in _TIMES if about.get(word) is not None), math.nan)
    if isinstance(said, str):
        said = datetime.fromisoformat(said)
    return said.timestamp() if isinstance(said, datetime) else float(said)


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


def _of_networks(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in _NETWORKS


def _passes(error: BaseException) -> bool:
    """Whether what failed may work when it is tried again."""
    if isinstance(error, _FINAL):
        return False
    return isinstance(error, OSError) or _of_networks(error)


def _not_installed(address: str) -> UsageError:
    scheme = address.partition(":")[0]
    package = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "hf": "huggingface_hub"}
    wanted = package.get(scheme, f"that knows {scheme}://")
    return UsageError(
        f"{address} cannot be reached: nothing that is installed knows {scheme}://",
        f"Install the program with its extra: pip install 'fgbg-studio[remote]', and the package {wanted}",
    )
