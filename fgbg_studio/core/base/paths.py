"""Paths that were read from data: each is kept in its own folder, and what is written follows no link out of it.

A project, a dataset or an archive may be a stranger's: what its files say of paths is looked at here and nowhere else.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from fgbg_studio.core.base.mirrors import refuse_writing

RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$", re.IGNORECASE)
"""The part of a name before its first dot that Windows keeps for its devices, in whatever folder."""
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST, _LONGEST_PART = 1000, 255  # letters of a path, and bytes of a name: what common file systems take
_SEPARATORS = re.compile(r"[/\\]")


class StrayPathError(OSError):
    """A path that leads out of its folder, or that is none; ``filename`` is the path, ``strerror`` what is wrong."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(errno.EPERM, reason, path)


def astray(name: str) -> str:
    """Why a path that was read from data cannot be one below its own folder; empty where it can, by its words."""
    if not name or re.search("[\0\ud800-\udfff]", name):
        return "is no path of a file"
    if name[0] in "/\\" or _DRIVE.match(name):
        return "does not begin in its own folder"
    parts = _SEPARATORS.split(name)
    if len(name) > _LONGEST or any(len(part.encode()) > _LONGEST_PART for part in parts):
        return "is longer than a file's name can be"
    if ".." in parts:
        return "leads out of its own folder"
    if os.name == "nt" and (":" in name or any(is_reserved(part) for part in parts)):
        return "has a name that Windows keeps for itself"
    return ""


def is_reserved(name: str) -> bool:
    """Whether Windows takes a file's name for one of its devices."""
    return bool(RESERVED.match(name.partition(".")[0].rstrip(" ")))


def _relative(name: str) -> str:
    reason = astray(name)
    if reason:
        raise ValueError(f"{name[:80]!r} {reason}")
    return name


OwnPath = Annotated[str, AfterValidator(_relative)]
"""A path in a file of the program's that is relative to the folder of that file, with ``/`` between its parts."""


def inside(root: Path, name: str) -> Path:
    """Where the file is that data call ``name``, to be read.

    Args:
        root: the folder that the data are of.
        name: relative to it.

    Raises:
        StrayPathError: it leads out of the folder, by its words or by a link.
    """
    path = _below(root, name)
    if any(map(_is_link, _ways(root, path))) and not _really_below(root, path):
        raise StrayPathError(str(path), "is a link that leads out of its folder")
    return path


def writable(root: Path, name: str) -> Path:
    """Where the file is that data call ``name``, to be written, moved or removed: no folder on the way is a link.

    The last part may be one: a rename puts the file in its place, and what the link led to stays as it is.

    Raises:
        StrayPathError: it leads out of the folder, or a folder on the way is a link, wherever to.
        OSError: it is what is seen of an address.
    """
    path = _below(root, name)
    refuse_writing(path)
    linked = next((way for way in _ways(root, path.parent) if _is_link(way)), None)
    if linked:
        raise StrayPathError(str(linked), "is a link: nothing is written through it")
    return path


def _below(root: Path, name: str) -> Path:
    reason = astray(name)
    if reason:
        raise StrayPathError(name, reason)
    return root / name


def _ways(root: Path, path: Path) -> list[Path]:
    """The folders below ``root`` on the way to ``path``, and that itself."""
    depth = len(path.parts) - len(root.parts)
    return [*path.parents[: max(depth - 1, 0)], path] if depth > 0 else []


def _is_link(path: Path) -> bool:
    junction = getattr(os.path, "isjunction", None)  # since Python 3.12
    return path.is_symlink() or bool(junction and junction(path))


def _really_below(root: Path, path: Path) -> bool:
    try:
        real, base = path.resolve(), root.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return False
    # Since Python 3.13 such links stay as they are.
    return real.is_relative_to(base) and not any(map(_is_link, _ways(base, real)))
