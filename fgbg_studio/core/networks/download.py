"""Fetching a network's file: resumed, checked, and never used before it is whole.

pooch cannot go on with a half file and reports no progress to a caller that draws its own; so this is plain
requests, with the byte range and the check of size and hash that a large file over a poor line needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3
from filelock import FileLock, Timeout

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.files import content_hash
from fgbg_studio.core.networks.catalogue import CatalogueEntry
from fgbg_studio.core.networks.model_cache import cache_folder, check_hash, entry_of, how_to_get

CHUNK = 1 << 18
RETRIES = 2


@dataclass(frozen=True)
class DownloadProgress:
    """How far a download is.

    Attributes:
        name: of the network.
        done: bytes on this computer.
        total: bytes in all; None where neither the catalogue nor the server knows.
    """

    name: str
    done: int
    total: int | None


class _Interrupted(Exception):  # noqa: N818 - no error yet: the next try goes on where this one stopped
    """The line broke; what has come is kept."""


def download(model: str | CatalogueEntry, *, timeout: float = 30.0) -> Iterator[DownloadProgress]:
    """Fetch a network's file into the cache; closing the generator stops it, and the next call goes on there.

    Args:
        model: a catalogue name or an entry.
        timeout: seconds without a byte after which the server counts as stalled.

    Yields:
        Progress after each piece, the last one when the file is whole, checked and in its place.

    Raises:
        NetworkError: no network, no such file, a stalled server, or a file that is not the published one.
            The message says which file to put where by hand.
    """
    entry = model if isinstance(model, CatalogueEntry) else entry_of(model)
    target = cache_folder() / entry.file_name
    if target.exists():
        check_hash(entry, target, content_hash(target))
        size = target.stat().st_size
        yield DownloadProgress(entry.name, size, size)
        return
    if not entry.address:
        raise NetworkError(f"the network {entry.name} cannot be downloaded", how_to_get(entry))
    partial = target.with_name(f"{entry.file_name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{partial}.lock", timeout=0):
            yield from _receive(entry, partial, timeout)
            _accept(entry, partial, target)
    except Timeout as error:
        raise NetworkError(f"another program is downloading {entry.name}", "Wait until it is done") from error
    except OSError as error:
        raise NetworkError(
            f"{partial} cannot be written ({error.strerror or error})",
            "Make room on the disk or change its permissions",
        ) from error
    size = target.stat().st_size
    yield DownloadProgress(entry.name, size, size)


def _receive(entry: CatalogueEntry, partial: Path, timeout: float) -> Iterator[DownloadProgress]:
    """Ask again as long as each try brings the file further, and ``RETRIES`` times where one does not."""
    furthest, vain = _size(partial), 0
    while True:
        try:
            yield from _attempt(entry, partial, timeout)
        except _Interrupted as interruption:
            vain = vain + 1 if _size(partial) <= furthest else 0
            furthest = max(furthest, _size(partial))
            if vain > RETRIES:
                raise NetworkError(
                    f"{entry.address} could not be fetched ({interruption};"
                    f" {_size(partial):,} bytes are here and kept)",
                    how_to_get(entry),
                ) from interruption
        else:
            return


def _attempt(entry: CatalogueEntry, partial: Path, timeout: float) -> Iterator[DownloadProgress]:
    done = _size(partial)
    if done and done == entry.bytes:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    try:
        with requests.get(entry.address, headers=headers, stream=True, timeout=timeout) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                _judge_range(response, partial, done)
                return
            _check_status(entry, response)
            goes_on = response.status_code == requests.codes.partial_content
            done = done if goes_on else 0
            total = _total(entry, response, done)
            with partial.open("ab" if goes_on else "wb") as file:
                while piece := response.raw.read1(CHUNK):  # what has come; read() would lose a broken piece
                    file.write(piece)
                    done += len(piece)
                    yield DownloadProgress(entry.name, done, total)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _Interrupted(_reason(error)) from error
    if total is not None and done < total:
        raise _Interrupted(f"the server stopped at {done:,} of {total:,} bytes")


def _check_status(entry: CatalogueEntry, response: requests.Response) -> None:
    if response.status_code >= 500:
        raise _Interrupted(f"the server answers {response.status_code} {response.reason}")
    if response.status_code >= 400:
        raise NetworkError(f"{entry.address} answers {response.status_code} {response.reason}", how_to_get(entry))
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise NetworkError(f"{entry.address} answers with a web page, not with a file", how_to_get(entry))


def _total(entry: CatalogueEntry, response: requests.Response, done: int) -> int | None:
    """Bytes in all, by the server or else the catalogue.

    Raises:
        NetworkError: the two differ: then the file cannot be the published one, and is not fetched.
    """
    length = response.headers.get("Content-Length")
    total = done + int(length) if length else None
    if total is not None and entry.bytes is not None and total != entry.bytes:
        raise NetworkError(
            f"{entry.address} has {total:,} bytes where {entry.bytes:,} were published, and was not fetched",
            "Check whether another version has been published; if you trust it, fetch it yourself"
            " and use it by its path with a description of your own",
        )
    return total if total is not None else entry.bytes


def _judge_range(response: requests.Response, partial: Path, done: int) -> None:
    """Nothing follows what is here: either it is whole, or it is longer than the file and is thrown away."""
    if response.headers.get("Content-Range", "") != f"bytes */{done}":
        partial.unlink()
        raise _Interrupted("what was here was longer than the file")


def _accept(entry: CatalogueEntry, partial: Path, target: Path) -> None:
    """Give a whole file its name, or put it aside under a name that is never used.

    Raises:
        NetworkError: it is not the published one.
    """
    sha256 = content_hash(partial)
    try:
        check_hash(entry, partial, sha256)
    except NetworkError:
        refused = partial.replace(target.with_name(f"{target.name}.refused"))
        check_hash(entry, refused, sha256)
        raise
    partial.replace(target)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: Exception) -> str:
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return "the server stalled"
    if isinstance(error, (requests.ConnectionError, urllib3.exceptions.HTTPError)):
        return "no connection, or it broke"
    return str(error)
