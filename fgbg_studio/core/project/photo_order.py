"""The order in which photos came into a project: a copy of the folder has it too, whatever times its files have.

It is a file in ``photos`` with the stems of the photos, one a line. One that went to the bin keeps its line, and comes
back to its place; those without a line, which somebody put there by hand, come after all that have one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from fgbg_studio.core.base.errors import cannot_write
from fgbg_studio.core.base.files import append_to, natural_key, write_file
from fgbg_studio.core.base.outside import read_file

ORDER = ".order"


def in_order(place: Path, photos: Iterable[Path]) -> list[Path]:
    """Photos of the folder ``place`` as they came; those that are not noted by their time, then in natural order."""
    noted = {stem: number for number, stem in enumerate(_noted(place))}
    return sorted(photos, key=lambda path: (noted.get(path.stem, len(noted)), _time(path), natural_key(path.stem)))


def note_added(photo: Path, there: Callable[[], Iterable[Path]]) -> None:
    """A photo came; ``there`` looks for those that its folder has, and is called where no order is noted yet.

    Raises:
        ProjectError: the folder cannot be written.
    """
    try:
        if not (photo.parent / ORDER).exists():
            _write(photo.parent, [path.stem for path in in_order(photo.parent, there()) if path != photo])
        with append_to(photo.parent / ORDER) as file:
            file.write(f"{photo.stem}\n".encode())
    except OSError as error:
        raise cannot_write(error) from error


def note_another(photo: Path, first: Path, there: Callable[[], Iterable[Path]]) -> None:
    """``photo`` is ``first`` once more, and comes after it and after all that are; see `note_added`."""
    stems = _noted(photo.parent) or [path.stem for path in in_order(photo.parent, there()) if path != photo]
    if first.stem not in stems:
        note_added(photo, there)
        return
    place = stems.index(first.stem) + 1
    while place < len(stems) and re.fullmatch(rf"{re.escape(first.stem)}-\d+", stems[place]):
        place += 1
    stems.insert(place, photo.stem)
    _write(photo.parent, stems)


def note_renamed(place: Path, old: str, new: str) -> None:
    """A photo of the folder ``place`` has another stem."""
    stems = _noted(place)
    if old in stems:
        _write(place, [new if stem == old else stem for stem in stems if stem != new])


def _noted(place: Path) -> list[str]:
    try:
        return read_file(place / ORDER).decode("utf-8", "replace").split("\n")[:-1]
    except OSError:
        return []


def _write(place: Path, stems: list[str]) -> None:
    try:
        write_file(place / ORDER, "".join(f"{stem}\n" for stem in stems).encode())
    except OSError as error:
        raise cannot_write(error) from error


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
