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


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """``name`` itself, or the first of NAME-2, NAME-3 … before its suffix that is not ``taken``."""
    path, free, number = Path(name), name, 1
    while taken(free):
        number += 1
        free = f"{path.stem}-{number}{path.suffix}"
    return free
