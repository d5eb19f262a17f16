"""The files of a dataset on disk, whoever made it: folders, ZIPs, tars, or a mixture.

A picture's kind follows from the folder that it is in, or from the archive's name, by the patterns of all
layouts; what no pattern knows is a kind of its own name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.inspect import archives
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.record import CARD, HIDDEN
from fgbg_studio.core.imaging.reading import SUFFIXES
from fgbg_studio.core.interfaces.layout import KINDS, Layout


class FileEntry(NamedTuple):
    """One picture: its kind, its name (a path inside dataset or archive), its size, and how to read it."""

    kind: str
    name: str
    size: int
    read: Callable[[], bytes]


def entries(root: Path, damaged: list[DatasetError] | None = None) -> Iterator[FileEntry]:
    """Every picture of the dataset in ``root`` (a folder, or one archive), by kind and name.

    Raises:
        DatasetError: there is nothing, or an archive is damaged and ``damaged``, which takes its error, is None.
    """
    if root.is_file():
        if root.suffix.lower() not in archives.SUFFIXES:
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


def _item(root: Path, item: Path) -> Iterator[FileEntry]:
    if item.is_dir():
        yield from _folder(root, item)
    elif item.suffix.lower() in archives.SUFFIXES:
        yield from _archive(item)
    elif item.suffix.lower() in SUFFIXES:
        yield FileEntry(kind_of(root.resolve().name), item.name, item.stat().st_size, item.read_bytes)


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


def _folder(root: Path, folder: Path) -> Iterator[FileEntry]:
    kind = kind_of(folder.name)
    for place, _, files in os.walk(folder):
        relative = Path(place).relative_to(root).as_posix()
        for file in sorted(files):
            if os.path.splitext(file)[1].lower() in SUFFIXES:  # noqa: PTH122 - half a million of them
                path = Path(place, file)
                yield FileEntry(kind, f"{relative}/{file}", path.stat().st_size, path.read_bytes)


def _archive(path: Path) -> Iterator[FileEntry]:
    archive = Archive(path)
    for number, name in enumerate(archive.names):
        kind = member_kind(path, name)
        if kind:
            yield FileEntry(kind, name, archive.size(number), partial(archive.read, number))


def member_kind(archive: Path, member: str) -> str:
    """The kind of the picture ``member`` of an archive; empty for what is none, or only the card's.

    By the first of its folders that is a known kind's (an archive of a whole dataset may begin with the dataset's
    own folder), else by the archive's name without its number.
    """
    folder, _, file = member.rpartition("/")
    suffix = os.path.splitext(file)[1].lower()  # noqa: PTH122 - half a million of them
    return _folder_kind(archive.stem, folder) if suffix in SUFFIXES else ""


@lru_cache(maxsize=10_000)
def _folder_kind(archive: str, folder: str) -> str:
    parts = [part for part in folder.split("/") if part]
    if any(part.startswith(".") or part == CARD for part in parts):
        return ""
    known = (kind_of(part) for part in parts if kind_of(part) != part or part in KINDS)
    return next(known, kind_of(re.sub(r"-\d+$", "", archive)))
