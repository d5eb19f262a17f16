"""Names of the files in a project: as every system takes them, and such as no other file has."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from fgbg_studio.core.base.files import composed

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


MOST_BYTES = 255
"""Of a file's name: what common file systems take."""


def portable(name: str) -> str:
    """A file's name as JSON can hold it, one line can show it and file systems take it, each accent in its letter.

    Old archives leave names whose bytes are no UTF-8; some systems allow line breaks in names.
    """
    plain = composed(re.sub("[\x00-\x1f\x7f\ud800-\udfff]", "_", name))
    stem, dot, suffix = plain.rpartition(".")
    return fitted(stem, dot + suffix) if stem else fitted(plain, "")


def fitted(stem: str, suffix: str, most: int = MOST_BYTES) -> str:
    """A name of at most ``most`` bytes of UTF-8: the stem loses its end where it must."""
    room = max(most - len(suffix.encode()), 1)
    return stem.encode()[:room].decode(errors="ignore") + suffix


def safe_name(name: str) -> str:
    """The last part of a path from anywhere as every file system takes it, at most 120 characters and 255 bytes."""
    last = re.split(r"[/\\]", portable(name))[-1]
    last = re.sub(r'[\x00-\x1f<>:"|?*]', "_", last).strip(" .")
    stem, suffix = Path(last).stem, Path(last).suffix
    stem = stem.rstrip(" .")[: 120 - len(suffix)] or "picture"
    return fitted(f"_{stem}" if _RESERVED.match(stem) else stem, suffix)


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
