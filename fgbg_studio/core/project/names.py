"""Names of the files in a project: as every system takes them, and such as no other file has."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from fgbg_studio.core.base.files import composed
from fgbg_studio.core.base.paths import is_reserved
from fgbg_studio.core.base.words import is_shown

MOST_BYTES = 255
"""Of a file's name: what common file systems take."""


def portable(name: str) -> str:
    """A file's name as JSON can hold it, one line can show it and file systems take it, each accent in its letter.

    Old archives leave names whose bytes are no UTF-8; some systems allow line breaks and terminals' commands in names,
    and signs that turn the reading direction make one name look like another.
    """
    plain = composed("".join(letter if is_shown(letter) else "_" for letter in name))
    stem, dot, suffix = plain.rpartition(".")
    return fitted(stem, dot + suffix) if stem else fitted(plain, "")


def fitted(stem: str, suffix: str, most: int = MOST_BYTES) -> str:
    """A name of at most ``most`` bytes of UTF-8: the stem loses its end where it must."""
    room = max(most - len(suffix.encode()), 1)
    return stem.encode()[:room].decode(errors="ignore") + suffix


def safe_name(name: str) -> str:
    """The last part of a path from anywhere as every file system takes it, at most 120 characters and 255 bytes."""
    last = stored_name(re.split(r"[/\\]", name)[-1])
    stem, suffix = Path(last).stem, Path(last).suffix
    return fitted(stem[: 120 - len(suffix)].rstrip(" .") or "picture", suffix)


def stored_name(name: str) -> str:
    """A file's name as every file system takes it: signs that one of them keeps for itself become ``_``."""
    plain = re.sub(r'[<>:"|?*/\\]', "_", portable(name)).strip(" .")
    stem, suffix = Path(plain).stem.rstrip(" ."), Path(plain).suffix
    return fitted(f"_{stem}" if is_reserved(stem) else stem or "picture", suffix)


class FreeNames:
    """Names that are free, asked for one after another: each is the name itself or NAME-2, NAME-3 … before its suffix.

    It is remembered how far a name was counted, so that of n equal names each is looked up about once, also of those
    that are equal on some systems alone: an archive may hold thousands of them.

    Args:
        taken: whether a name is another file's; it is asked each time, so that it may change.
        most: bytes that a name may have; what is longer loses the end of its stem.
    """

    def __init__(self, taken: Callable[[str], bool], most: int = MOST_BYTES) -> None:
        self._taken, self._most = taken, most
        self._reached: dict[str, int] = {}

    def free(self, name: str) -> str:
        """The first that is not taken of those after the one that was last given for ``name``, or that one."""
        path = Path(name)
        same = composed(self._counted(path, 1)).casefold()
        number = self._reached.get(same, 1)
        while self._taken(free := self._counted(path, number)):
            number += 1
        self._reached[same] = number
        return free

    def _counted(self, path: Path, number: int) -> str:
        suffix = path.suffix if number == 1 else f"-{number}{path.suffix}"
        return path.with_name(fitted(path.stem, suffix, self._most)).as_posix()
