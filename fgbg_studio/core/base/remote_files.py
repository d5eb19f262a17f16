"""Objects at an address that fsspec knows: reached with retries, and what fails for good said in a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from typing_extensions import override

from fgbg_studio.core.base.errors import StorageError, UsageError
from fgbg_studio.core.base.paths import StrayPathError, astray

T = TypeVar("T")

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)(::|://)", re.IGNORECASE)
_WITH_SECRET = re.compile(r"://[^/@]*:[^/@]*@")
_TRIES, _FIRST_WAIT, _LONGEST_WAIT = 7, 0.5, 20.0  # together about a minute
_FINAL = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError, StrayPathError)
_NETWORKS = ("aiohttp", "aiobotocore", "botocore", "urllib3", "requests", "httpx", "google", "azure", "gcsfs", "fsspec")
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "modified", "created")
_VERSIONS = ("ETag", "etag", "blob_id", "md5Hash", "content_md5", "generation")
# What the clouds' own programs raise where they find nobody's name and key: trying again does not help.
_UNKNOWN = re.compile(r"Credential|TokenNotFound|TokenRetrieval|SSOToken|ProfileNotFound|NoAuth|Unauthorized")
_NO_BUCKET = re.compile(
    r"NoSuchBucket|bucket does not exist|container does not exist|ContainerNotFound|RepositoryNotFound", re.IGNORECASE
)


def is_address(text: str) -> bool:
    """Whether ``text`` is an address, not a path, as one with a drive's letter is."""
    return bool(_SCHEME.match(text))


def refuse_address(text: str) -> None:
    """See that ``text`` can be a path: taken for one, an address would be a folder on this computer.

    Raises:
        UsageError: it is an address.
    """
    if is_address(text) and "://" in text:  # a file may be called 'a::b'
        problem = f"{_WITH_SECRET.sub('://…@', text)} is an address, where a file or folder on this computer is needed"
        raise UsageError(problem, "Copy what is there to this computer, or what is made here to there")


class RemoteFile(NamedTuple):
    """What a list says of an object.

    ``size`` is in bytes; ``written`` when, in seconds since the epoch, NaN where nobody says; ``version`` tells it from
    others of its name, and is empty where nothing does.
    """

    size: int
    written: float
    version: str


class RemoteFiles:
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
        self.system  # noqa: B018 - what is wrong with the address is said now

    @override
    def __reduce__(self) -> tuple[type[RemoteFiles], tuple[str]]:
        return RemoteFiles, (self.address,)

    @cached_property
    def _known(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise _not_installed(self.address) from error
        try:
            # Lists of files that are kept would be of before another machine wrote.
            system, root = url_to_fs(self.address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            if _UNKNOWN.search(str(error)) or "credentials" in str(error):
                raise _not_let_in(self.address, error) from error
            raise _not_installed(self.address) from error
        return system, str(root).rstrip("/")

    @property
    def system(self) -> Any:
        """The file system of fsspec."""
        return self._known[0]

    def path(self, name: str = "") -> str:
        """What the file system calls ``name``.

        Raises:
            StrayPathError: it leads out.
        """
        if name and (reason := astray(name)):
            raise StrayPathError(name, reason)
        return f"{self._known[1]}/{name}" if name else self._known[1]

    def tried(self, job: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """What ``job`` gives, tried again while it fails in passing.

        Raises:
            StorageError: nobody is let in without saying who he is, or the bucket is not there.
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
        except Exception as error:
            if _is_unknown(error):
                raise _not_let_in(self.address, error) from error
            if _NO_BUCKET.search(f"{type(error).__name__} {error}"):
                bucket = "/".join(self.address.split("/")[:3])
                way_out = "Make it with the storage's own program, or check the name"
                raise StorageError(f"there is no {bucket}", way_out) from error
            if isinstance(error, OSError) or not _of_networks(error):
                raise
            raise OSError(0, f"{type(error).__name__}: {error}", self.address) from error

    def part(self, name: str, start: int, stop: int) -> bytes:
        """The bytes ``start`` to ``stop`` of an object, which has so many."""
        return bytes(self.tried(self.system.cat_file, self.path(name), start=start, end=stop)) if start < stop else b""

    def listed(self, folder: str = "", *, deep: bool = False) -> dict[str, RemoteFile]:
        """The objects in ``folder``, and below it if ``deep``, by their names relative to it.

        An object itself where the name is one's, called so by an empty name; none where there is nothing.
        """
        path, job = self.path(folder), self.system.find if deep else self.system.ls
        try:
            found = self.tried(job, path, detail=True)
        except FileNotFoundError:
            return {}
        every = found.values() if isinstance(found, dict) else found
        return {_relative(str(one["name"]), path): _told(one) for one in every if one.get("type") == "file"}


def _told(about: dict[str, Any]) -> RemoteFile:
    said = next((about[word] for word in _TIMES if about.get(word) is not None), math.nan)
    if isinstance(said, str):
        said = datetime.fromisoformat(said)
    when = said.timestamp() if isinstance(said, datetime) else float(said)
    version = next((str(about[word]) for word in _VERSIONS if about.get(word)), "")
    return RemoteFile(int(about.get("size") or 0), when, version)


def _relative(path: str, start: str) -> str:
    path = path.rstrip("/")
    if path.startswith(f"{start}/"):
        return path[len(start) + 1 :]
    return "" if path == start else path.lstrip("/").removeprefix(start.lstrip("/")).lstrip("/")


def _of_networks(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in _NETWORKS


def _is_unknown(error: BaseException) -> bool:
    return bool(_UNKNOWN.search(type(error).__name__)) or (
        isinstance(error, PermissionError) and bool(_UNKNOWN.search(str(error)))
    )


def _passes(error: BaseException) -> bool:
    """Whether what failed may work when it is tried again."""
    if isinstance(error, _FINAL) or _is_unknown(error):
        return False
    return isinstance(error, OSError) or _of_networks(error)


def _not_let_in(address: str, error: BaseException) -> StorageError:
    said = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    return StorageError(
        f"{address} lets nobody in who does not say who he is ({said})",
        "Log in with the storage's own program, or set its environment variables, as AWS_PROFILE",
    )


def _not_installed(address: str) -> UsageError:
    scheme = address.partition(":")[0]
    package = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "hf": "huggingface_hub"}
    wanted = package.get(scheme, f"that knows {scheme}://")
    return UsageError(
        f"{address} cannot be reached: nothing that is installed knows {scheme}://",
        f"Install the program with its extra: pip install 'fgbg-studio[remote]', and the package {wanted}",
    )
