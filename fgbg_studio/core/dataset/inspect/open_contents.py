"""The contents of any dataset, by whoever made it."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect import archives
from fgbg_studio.core.dataset.inspect.adoption import ADOPTED, is_adopted
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.record import FILE, RECIPE, open_dataset, open_recipe, read_record
from fgbg_studio.core.imaging.finding import why_not_folder

MANY = 3000
"""Samples from which on another process had better open the dataset anew: a thread would take a window's turns."""


def open_contents(path: Path) -> Generator[Progress, None, Contents]:
    """What is in the dataset at ``path``: a folder, a ZIP, a tar; or ``dataset.json`` or ``adopted.json`` in a folder.

    Also of a recipe, whose samples are made when they are read.
    Yields progress where files must be listed, and returns the contents.

    Raises:
        DatasetError: there is no dataset, or its record or an archive is damaged.
    """
    from fgbg_studio.core.dataset.inspect.adopted_contents import adopted_contents
    from fgbg_studio.core.dataset.inspect.found_contents import found_contents
    from fgbg_studio.core.dataset.inspect.made_contents import MadeContents
    from fgbg_studio.core.dataset.inspect.own_contents import OwnContents

    path = path.parent if path.name in {FILE, ADOPTED, RECIPE} else _unwrapped(path)
    if path.is_dir():
        if (path / FILE).exists():
            return OwnContents(open_dataset(path))
        if (path / RECIPE).exists():
            return MadeContents(open_recipe(path))
        if is_adopted(path):
            return (yield from adopted_contents(path))
        return (yield from found_contents(path))
    if not path.exists():
        raise DatasetError(f"{path} does not exist", "It may have been moved: open it where it is now")
    if not archives.is_archive(path):
        raise DatasetError(f"{path} is neither a folder nor a ZIP or tar", "Open the dataset's folder or its archive")
    archive = Archive(path)
    record = next((name for name in archive.names if name.rpartition("/")[2] == FILE and name.count("/") <= 1), None)
    if record is None:
        return (yield from found_contents(path, archive))
    number = archive.find(record)
    assert number is not None
    dataset = read_record(LocalStore(path), str(path / record), archive.read(number))
    return OwnContents(dataset, archive, record.removesuffix(FILE))


def _unwrapped(path: Path) -> Path:
    """A folder that holds nothing but a dataset's folder, as unpackers leave it, stands for that."""
    if path.is_dir() and not (path / FILE).exists():
        inside = [item for item in path.iterdir() if why_not_folder(item.name) is None]
        if len(inside) == 1 and (inside[0] / FILE).exists():
            return inside[0]
    return path


def opened(path: Path) -> Contents:
    """The contents at once, for a process that nobody watches; see `open_contents`."""
    found: list[Contents] = []

    def opening() -> Iterator[Progress]:
        found.append((yield from open_contents(path)))

    deque(opening(), maxlen=0)
    return found[0]
