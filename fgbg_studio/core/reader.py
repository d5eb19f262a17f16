"""The files of a dataset on disk, whoever made it: folders, ZIPs, tars, or a mixture.

A picture's kind follows from the folder that it is in, or from the archive's name, by the patterns of all
layouts; what no pattern knows is a kind of its own name.
"""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fgbg_studio.core.dataset import HIDDEN
from fgbg_studio.core.errors import DatasetError, PictureError
from fgbg_studio.core.images import SUFFIXES
from fgbg_studio.core.layouts import Layout

_ARCHIVES = (".zip", ".tar")
_LOCAL_HEADER = 30  # bytes, before the name
CARD = "card"  # the card's own pictures are no part of the dataset


class Entry(NamedTuple):
    """One picture: its kind, its name (a path inside dataset or archive), its size, and how to read it."""

    kind: str
    name: str
    size: int
    read: Callable[[], bytes]


def entries(root: Path, damaged: list[DatasetError] | None = None) -> Iterator[Entry]:
    """Every picture of the dataset in ``root`` (a folder, or one archive), by kind and name.

    Raises:
        DatasetError: there is nothing, or an archive is damaged and ``damaged``, which takes its error, is None.
    """
    if root.is_file():
        if root.suffix.lower() not in _ARCHIVES:
            raise DatasetError(f"{root} is neither a folder nor a ZIP or tar", "Give the dataset's folder")
        yield from _archive(root)
        return
    if not root.is_dir():
        raise DatasetError(f"{root} does not exist", "Check the path")
    for item in sorted(root.iterdir()):
        if item.name.startswith(".") or item.name in {HIDDEN, CARD}:
            continue
        try:
            yield from _item(root, item)
        except DatasetError as error:
            if damaged is None:
                raise
            damaged.append(error)


def _item(root: Path, item: Path) -> Iterator[Entry]:
    if item.is_dir():
        yield from _folder(root, item)
    elif item.suffix.lower() in _ARCHIVES:
        yield from _archive(item)
    elif item.suffix.lower() in SUFFIXES:
        yield Entry(kind_of(root.resolve().name), item.name, item.stat().st_size, item.read_bytes)


def kind_of(folder: str) -> str:
    """The kind that pictures in a folder (or archive) of this name are."""
    for pattern, kind in _patterns():
        if pattern.fullmatch(folder):
            return kind
    return folder


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    layouts = [member.folders for member in Layout.known().values()]
    return [(re.compile(pattern), kind) for folders in layouts for kind, pattern in folders.items()]


def _folder(root: Path, folder: Path) -> Iterator[Entry]:
    kind = kind_of(folder.name)
    for place, _, files in os.walk(folder):
        relative = Path(place).relative_to(root).as_posix()
        for file in sorted(files):
            if os.path.splitext(file)[1].lower() in SUFFIXES:  # noqa: PTH122 - half a million of them
                path = Path(place, file)
                yield Entry(kind, f"{relative}/{file}", path.stat().st_size, path.read_bytes)


def _archive(path: Path) -> Iterator[Entry]:
    try:
        yield from _zip(path) if path.suffix.lower() == ".zip" else _tar(path)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
        raise DatasetError(
            f"{path} is damaged ({error})",
            "If this program made it, remove it and run the same 'generate' again; otherwise copy it anew",
        ) from error


def _zip(path: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if Path(info.filename).suffix.lower() in SUFFIXES:
                yield Entry(_member_kind(path, info.filename), info.filename, info.file_size, _member(path, info))


def _member(path: Path, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        # Opened for each picture, as a dataset may have more archives than a process may hold open, and by
        # hand, as ZipFile would read the whole directory again (PKWARE APPNOTE 6.3.10, sections 4.3.7 and 4.4).
        with path.open("rb") as file:
            file.seek(info.header_offset)
            head = file.read(_LOCAL_HEADER)
            file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), os.SEEK_CUR)
            data = file.read(info.compress_size)
        try:
            data = zlib.decompress(data, -zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else data
        except zlib.error:
            data = b""
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise PictureError(f"{info.filename} is damaged inside {path}", "Copy the archive anew")
        return data

    return read


def _tar(path: Path) -> Iterator[Entry]:
    with tarfile.open(path, "r:") as archive:
        for member in archive:
            if member.isfile() and Path(member.name).suffix.lower() in SUFFIXES:
                yield Entry(_member_kind(path, member.name), member.name, member.size, _part(path, member))


def _part(path: Path, member: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with path.open("rb") as file:
            file.seek(member.offset_data)
            return file.read(member.size)

    return read


def _member_kind(archive: Path, member: str) -> str:
    """By the member's folder where that is a known kind, else by the archive's name without its number."""
    folder = member.partition("/")[0]
    if "/" in member and (kind_of(folder) != folder or folder in {kind for _, kind in _patterns()}):
        return kind_of(folder)
    return kind_of(re.sub(r"-\d+$", "", archive.stem))
