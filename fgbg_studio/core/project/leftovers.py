"""What a run that was killed leaves in a project's folder: files written by half, pictures that no project lists."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fgbg_studio.core.base.files import composed, natural_key
from fgbg_studio.core.imaging.finding import why_not
from fgbg_studio.core.project.model import LISTS, Project

UNPACKING = ".unpacking-"
"""How the folders begin in which ZIP files are unpacked."""

_PLACES = (".", *LISTS, "photos", "depths")
_HALF = re.compile(r"\.[0-9a-f]{16}\.part")  # see `partial_of`
_STARTED = time.time()  # what is younger is perhaps being written by this very program


@dataclass(frozen=True)
class Leftovers:
    """What was found in a project's folder.

    Attributes:
        unlisted: pictures by their names in the project, such as ``backgrounds/a.jpg``, in order.
        cleared: how many files and folders that were not whole are deleted.
    """

    unlisted: tuple[str, ...] = ()
    cleared: int = 0

    def __bool__(self) -> bool:
        return bool(self.unlisted or self.cleared)


def look_for_leftovers(folder: Path, states: Sequence[Project]) -> Leftovers:
    """Delete what was written by half in a project's folder, and find the pictures that it does not list.

    The project is locked, so that nobody but this program writes there. Photos are listed by their folder alone.

    Args:
        folder: the project's.
        states: the project as it was saved, and with its changes that were not.
    """
    return Leftovers(tuple(_unlisted(folder, states)), sum(map(_cleared, _halves(folder))))


def not_in(project: Project, files: Iterable[str]) -> list[str]:
    """Of these files, by their names in the project's folder, those that it does not list."""
    known = {_same(picture.file) for picture in (*project.backgrounds, *project.foregrounds)}
    return [file for file in files if _same(file) not in known]


def _unlisted(folder: Path, states: Sequence[Project]) -> Iterator[str]:
    for kind in LISTS:
        names = [e.name for e in _entries(folder / kind) if e.is_file(follow_symlinks=False) and not why_not(e.name)]
        found = [f"{kind}/{name}" for name in sorted(names, key=natural_key)]
        for state in states:
            found = not_in(state, found)
        yield from found


def _same(file: str) -> str:
    """What two names of one file have in common on the systems that tell letters or accents apart, or do not."""
    return composed(file).casefold()


def _halves(folder: Path) -> Iterator[os.DirEntry[str]]:
    for place in _PLACES:
        for entry in _entries(folder / place):
            half = _HALF.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
            unpacked = place == "." and entry.name.startswith(UNPACKING) and entry.is_dir(follow_symlinks=False)
            if (half or unpacked) and entry.stat(follow_symlinks=False).st_mtime < _STARTED:
                yield entry


def _entries(place: Path) -> list[os.DirEntry[str]]:
    if place.is_symlink() or not place.is_dir():
        return []
    with os.scandir(place) as found:
        return list(found)


def _cleared(entry: os.DirEntry[str]) -> bool:
    """Whether it is gone: what cannot be deleted harms nobody."""
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        try:
            Path(entry.path).unlink()
        except OSError:
            return False
    return not os.path.lexists(entry.path)
