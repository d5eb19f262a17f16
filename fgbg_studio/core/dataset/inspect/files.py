"""The files of a dataset on disk, whoever made it: folders, ZIPs, tars, or a mixture.

A picture's kind follows from the first of its folders that is a kind's by the patterns of all layouts, else from the
part of its name after the first dot (``007.mask.png``, as WebDataset has it), else from the name of the archive. What
nothing knows is a kind of its folder's or archive's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.dataset.inspect import archives
from fgbg_studio.core.dataset.inspect.adoption import OWN_FILES, is_adopted, read_adoption
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.record import CARD, FILE, HIDDEN
from fgbg_studio.core.dataset.split_files import FILE as SPLITS_FILE
from fgbg_studio.core.dataset.split_files import FOLDER as SPLITS
from fgbg_studio.core.dataset.split_files import NORMALISATION
from fgbg_studio.core.imaging.finding import PassedOver, Reason, read_file, walk, why_not, why_not_folder
from fgbg_studio.core.interfaces.layout import ALL_KINDS, Layout


class FileEntry(NamedTuple):
    """One picture; it can be sent to another process.

    Attributes:
        kind: of `ALL_KINDS`, or a name that somebody else gave.
        name: its path inside the dataset or archive.
        size: bytes.
        root: the dataset's folder.
        archive: that it lies in, and its number there; None for a plain file.
    """

    kind: str
    name: str
    size: int
    root: Path
    archive: Archive | None = None
    member: int = 0

    @property
    def where(self) -> str:
        """Its path inside the dataset, for a person: that of the archive comes first where it lies in one."""
        return f"{self.archive.path.name}/{self.name}" if self.archive else self.name

    def read(self) -> bytes:
        """The bytes of its file.

        Raises:
            PictureError: it is damaged in its archive, empty, no regular file, or too large.
            OSError: it is missing or cannot be read.
        """
        return self.archive.read(self.member) if self.archive else read_file(self.root / self.name)


def entries(
    root: Path, damaged: list[DatasetError] | None = None, passed: PassedOver | None = None
) -> Iterator[FileEntry]:
    """Every picture of the dataset in ``root`` (a folder, or one archive), by kind and name.

    Args:
        root: the folder or archive.
        damaged: takes the error of each archive or folder that cannot be read; where it is None, the first is raised.
        passed: takes what is passed over; of this program's datasets only what is not theirs, in folders and archives.

    Raises:
        DatasetError: there is nothing, or an archive or folder cannot be read and ``damaged`` is None.
    """
    if root.is_file():
        if not archives.is_archive(root):
            raise DatasetError(f"{root} is neither a folder nor a ZIP or tar", "Give the dataset's folder")
        yield from in_archive(Archive(root), passed)
        return
    if not root.is_dir():
        raise DatasetError(f"{root} does not exist", "Check the path")
    if is_adopted(root) and not (root / FILE).exists():
        source = read_adoption(root).source(root)
        if source != root and not is_adopted(source):  # descriptions may lead in a circle
            yield from entries(source, damaged, passed)
    ours = (root / FILE).exists() or (root / HIDDEN).exists()
    if ours and passed:
        passed.ignore(Reason.NAME)  # labels
    beside = None if ours else passed
    for item in sorted(root.iterdir()):
        try:
            yield from _item(root, item, passed, beside)
        except (DatasetError, PictureError) as error:
            unread = error if isinstance(error, DatasetError) else DatasetError(error.problem, error.remedies)
            if damaged is None:
                raise unread from error
            damaged.append(unread)


def _item(root: Path, item: Path, passed: PassedOver | None, beside: PassedOver | None) -> Iterator[FileEntry]:
    reason = why_not_folder(item.name)
    if reason is None and item.is_dir():
        beside_pictures = item.name == CARD or _holds_splits(item)
        yield from () if beside_pictures else _folder(root, item, passed)
    elif reason is None and archives.is_archive(item):
        yield from in_archive(Archive(item), passed)
    elif item.name in OWN_FILES:
        return
    elif reason := reason or why_not(item.name) or (None if item.is_file() else Reason.SPECIAL):
        if beside:
            beside.inside = ""
            beside.add(reason, item.name)
    else:
        yield FileEntry(file_kind(item.name, kind_of(root.resolve().name)), item.name, item.stat().st_size, root)


def _holds_splits(folder: Path) -> bool:
    return folder.name == SPLITS and any((folder / name).exists() for name in (SPLITS_FILE, NORMALISATION))


def _folder(root: Path, folder: Path, passed: PassedOver | None) -> Iterator[FileEntry]:
    by_folder = kind_of(folder.name)
    if passed:
        passed.inside = f"{folder.name}/"
    for inside, entry in walk(folder, passed):
        name = f"{folder.name}/{inside}"
        yield FileEntry(file_kind(name, by_folder), name, entry.stat().st_size, root)


def in_archive(archive: Archive, passed: PassedOver | None = None) -> Iterator[FileEntry]:
    """Every picture in an archive, see `entries`."""
    by_archive, root = kind_of(re.sub(r"-\d+$", "", archive.path.stem)), archive.path.parent
    if passed:
        passed.inside = f"{archive.path.name}/"
    for number, name in enumerate(archive.names):
        reason = why_not(name)
        if reason is None and not _is_card(name.rpartition("/")[0]):
            yield FileEntry(file_kind(name, by_archive), name, archive.size(number), root, archive, number)
        elif reason and passed:
            passed.add(reason, name)
    for name in archive.odd if passed else ():
        assert passed
        passed.add(Reason.MEMBER_LINK, name)


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


def file_kind(name: str, otherwise: str) -> str:
    """The kind of the picture of that path by its folders or its own name, else ``otherwise``."""
    folder, _, file = name.rpartition("/")
    kind = _folder_kind(folder)
    if kind:
        return kind
    _, _, endings = file.partition(".")
    middle = endings.partition(".")[0]
    return middle if middle in ALL_KINDS and middle != endings else otherwise


@lru_cache(maxsize=10_000)
def _folder_kind(folder: str) -> str:
    return next((kind for part in folder.split("/") if (kind := kind_of(part)) != part or part in ALL_KINDS), "")


@lru_cache(maxsize=10_000)
def _is_card(folder: str) -> bool:
    return CARD in folder.split("/")
