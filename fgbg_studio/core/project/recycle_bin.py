"""The bin inside a project: what was deleted lies there under its own name until the bin is emptied.

A deleted picture's file goes from ``backgrounds/a.jpg`` to ``.bin/backgrounds/a.jpg``. No other file takes a name
that lies in the bin (`taken`), so that everything can go back to where it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from fgbg_studio.core.base.errors import ProjectError, cannot_write
from fgbg_studio.core.base.files import move_all
from fgbg_studio.core.base.paths import StrayPathError, writable
from fgbg_studio.core.project.model import Project

BIN = ".bin"


def taken(path: Path) -> bool:
    """Whether a file of a project's subfolder is there, or lies in the bin."""
    return path.exists() or (path.parent.parent / BIN / path.parent.name / path.name).exists()


def throw_away(folder: Path, files: Sequence[str]) -> None:
    """Move files of the project in ``folder`` to its bin, all or none; those that are missing are passed over.

    Raises:
        ProjectError: one cannot be moved, or its name is taken in the bin.
    """
    _move(folder, [(file, f"{BIN}/{file}") for file in files])


def bring_back(folder: Path, files: Sequence[str]) -> None:
    """Move files from the bin to where they were, all or none; those that are not in it are passed over.

    Raises:
        ProjectError: one cannot be moved, or another file has its name by now.
    """
    _move(folder, [(f"{BIN}/{file}", file) for file in files])


def in_bin(folder: Path) -> list[str]:
    """The files in the bin by the names that they had in the project, in order."""
    place = folder / BIN
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def filled(folder: Path) -> bool:
    """Whether there is anything in the bin."""
    return any(path.is_file() for path in (folder / BIN).rglob("*"))


def size(folder: Path) -> int:
    """Bytes in the bin."""
    return sum((folder / BIN / file).stat().st_size for file in in_bin(folder))


def empty(folder: Path) -> None:
    """Delete what is in the bin for good.

    Raises:
        ProjectError: something cannot be deleted.
    """
    try:
        if (folder / BIN).exists():
            shutil.rmtree(folder / BIN)
    except OSError as error:
        raise ProjectError(
            f"{error.filename} cannot be deleted ({error.strerror})", "Change its permissions"
        ) from error


def bring_back_missing(folder: Path, project: Project) -> list[str]:
    """Bring those files back that the project still has: it was not saved after they were deleted.

    Returns:
        The pictures that are back.

    Raises:
        ProjectError: one cannot be moved.
    """
    if not (folder / BIN).is_dir():
        return []
    files = [picture.file for picture in (*project.backgrounds, *project.foregrounds)]
    missing = [file for file in files if (folder / BIN / file).exists() and not (folder / file).exists()]
    bring_back(folder, missing)
    return missing


def _move(folder: Path, names: Iterable[tuple[str, str]]) -> None:
    """Move files of the project from names to names, which are perhaps a stranger's: nothing leaves its folder."""
    try:
        pairs = [(writable(folder, old), writable(folder, new)) for old, new in names]
        pairs = [(old, new) for old, new in pairs if old.exists() or old.is_symlink()]
        for old, _ in pairs:
            if old.is_symlink():
                raise StrayPathError(str(old), "is a link, not a file")
        move_all(pairs)
    except OSError as error:
        raise cannot_write(error, verb="moved") from error
