"""Names of the files in a project: as every system takes them, and such as no other file has."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def portable(name: str) -> str:
    """A file's name as JSON can hold it: old archives leave names whose bytes are no UTF-8."""
    return re.sub("[\ud800-\udfff]", "_", name)


def safe_name(name: str) -> str:
    """The last part of a path from anywhere as every file system takes it, at most 120 characters."""
    last = re.split(r"[/\\]", portable(name))[-1]
    last = re.sub(r'[\x00-\x1f<>:"|?*]', "_", last).strip(" .")
    stem, suffix = Path(last).stem, Path(last).suffix
    stem = stem.rstrip(" .")[: 120 - len(suffix)] or "picture"
    return f"_{stem}{suffix}" if _RESERVED.match(stem) else f"{stem}{suffix}"


class FreeNames:
    """Names that are free, asked for one after another: each is the name itself or NAME-2, NAME-3 … before its suffix.

    It is remembered how far a name was counted, so that of n equal names each is looked up about once.

    Args:
        taken: whether a name is another file's; it is asked each time, so that it may change.
    """

    def __init__(self, taken: Callable[[str], bool]) -> None:
        self._taken = taken
        self._reached: dict[str, int] = {}

    def free(self, name: str) -> str:
        """The first that is not taken of those after the one that was last given for ``name``, or that one."""
        number, path = self._reached.get(name, 1), Path(name)
        while self._taken(
            free := name if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}").as_posix()
        ):
            number += 1
        self._reached[name] = number
        return free
