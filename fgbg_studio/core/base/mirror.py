"""A dataset at an address as a folder of this computer: names and sizes now, bytes when they are read."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import zlib
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.mirrors import blocks_folder, mirror_path
from fgbg_studio.core.base.paths import astray
from fgbg_studio.core.base.remote_files import RemoteFile, RemoteFiles, is_address


def place_of(place: Path | str) -> Path:
    """The path at which to read a dataset that is given by a path or an address.

    Raises:
        UsageError, DatasetError: as `mirrored`.
    """
    return mirrored(place) if isinstance(place, str) and is_address(place) else Path(place)


def mirrored(address: str) -> Path:
    """The folder, or the file, at which what is at an address is seen; what was read of it is kept while it holds.

    What is there is listed, in pages of about a thousand names. Nothing is written there: all who write datasets are
    refused in that folder.

    Raises:
        UsageError: nothing that is installed knows the address, or it has a password in it.
        StorageError: nobody is let in, or there is no such bucket.
        DatasetError: there is nothing.
    """
    remote = RemoteFiles(address)
    root = mirror_path(remote.address)
    try:
        there = remote.listed(deep=True)
    except OSError as error:
        problem = f"{address} cannot be read ({error.strerror or error})"
        raise DatasetError(problem, "Check the address, and who may read there") from error
    if not there:
        raise DatasetError(f"there is nothing at {address}", "Check the address")
    there = {name: one for name, one in there.items() if not name or not astray(name)}
    if set(there) == {""}:
        _see(root, there[""])
        return root
    there.pop("", None)
    known = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    for name in known.keys() - there.keys():
        _forget(known[name])
    for name, one in there.items():
        _see(root / name, one)
    return root


def _see(path: Path, one: RemoteFile) -> None:
    """Have a file of the object's size there; what was read of another version of it goes."""
    stamp = one.written if math.isfinite(one.written) else float(zlib.crc32(one.version.encode()))
    with contextlib.suppress(FileNotFoundError):
        about = path.lstat()
        sure = math.isfinite(one.written) or one.version
        if (about.st_size, about.st_mtime_ns) == (one.size, round(stamp * 1e3) * 10**6) and sure:
            return
        _forget(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{zlib.crc32(path.name.encode()):08x}.{os.getpid()}.part")
    with partial.open("wb") as file:
        file.truncate(one.size)
    partial.chmod(0)
    os.utime(partial, ns=(0, round(stamp * 1e3) * 10**6))
    partial.replace(path)


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.chmod(0o600)  # Windows removes nothing else
    if path.is_dir() and not path.is_symlink():  # what was an object is a folder by now, or the other way round
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    shutil.rmtree(blocks_folder(path), ignore_errors=True)
