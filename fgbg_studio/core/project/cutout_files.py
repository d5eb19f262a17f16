"""The files of kept cutouts: a photo's cutout has one name, whichever of those that were kept of it the project has.

What was replaced, or taken back by undo, lies in the project's bin under its name and the beginning of its hash, such
as ``toy.3f2a91c04d5e.png``; from there it comes back to whatever name it is to have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from fgbg_studio.core.base.errors import cannot_write
from fgbg_studio.core.base.files import file_hash, move_all
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.names import FreeNames
from fgbg_studio.core.project.recycle_bin import BIN, taken

_PLACE = "foregrounds"
_LAID_ASIDE = re.compile(r".+\.([0-9a-f]{12})\.\w+")


def laid_aside(folder: Path) -> dict[str, Path]:
    """Where the cutouts lie that were replaced or taken back, by the first 12 digits of their hashes."""
    place = folder / BIN / _PLACE
    found = (_LAID_ASIDE.fullmatch(path.name) for path in place.iterdir()) if place.is_dir() else ()
    return {match[1]: place / match[0] for match in found if match}


def swap(folder: Path, before: Project, after: Project, arrived: Mapping[str, Path] | None = None) -> None:
    """Let the folder have the files of the cutouts of ``after`` where it has those of ``before``, all or none.

    Args:
        folder: the project's.
        before: the project as it was; its cutouts that ``after`` lacks, or has by another name, are laid aside.
        after: as it is going to be.
        arrived: where files of new cutouts lie, by their hashes.

    Raises:
        ProjectError: a file cannot be moved, or another has its name.
    """
    then, now = ({(f.file, f.sha256): f for f in project.foregrounds} for project in (after, before))
    aside = laid_aside(folder)
    pairs: list[tuple[Path, Path]] = []
    for foreground in (now[key] for key in now.keys() - then.keys()):
        if (folder / foreground.file).exists():
            place = _aside(folder, foreground.file, foreground.sha256)
            aside[foreground.sha256[:12]] = place
            pairs.append((folder / foreground.file, place))
    for foreground in (then[key] for key in then.keys() - now.keys()):
        source = aside.get(foreground.sha256[:12]) or (arrived or {}).get(foreground.sha256)
        if source and source != folder / foreground.file:
            pairs.append((source, folder / foreground.file))
    _move(pairs)


def put_right(folder: Path, project: Project) -> None:
    """Let each cutout of a project have its own file where it was laid aside: another state of it was not saved.

    Raises:
        ProjectError: a file cannot be moved.
    """
    aside, pairs = laid_aside(folder), list[tuple[Path, Path]]()
    for foreground in project.foregrounds if aside else ():
        source, home = aside.get(foreground.sha256[:12]), folder / foreground.file
        there = file_hash(home) if source and home.exists() else ""
        if source and there != foreground.sha256:
            if there:
                pairs.append((home, _aside(folder, foreground.file, there)))
            pairs.append((source, home))
    _move(pairs)


def at_hand(folder: Path, foreground: Foreground, file: str) -> Foreground | None:
    """A cutout that the project does not have, with the file that it can have again; None where it is gone.

    Args:
        folder: the project's.
        foreground: as it was.
        file: what it is to be called where it was laid aside; one counted on from it where that is another's.
    """
    home = folder / foreground.file
    if home.exists() and file_hash(home) == foreground.sha256:
        return foreground
    if foreground.sha256[:12] not in laid_aside(folder):
        return None
    return foreground.model_copy(update={"file": file})


def free_file(folder: Path, file: str) -> str:
    """The name itself, or one counted on from it that neither the folder nor its bin has."""
    return FreeNames(lambda name: taken(folder / name)).free(file)


def in_place_of(kept: Foreground, old: Foreground) -> Foreground:
    """A cutout with the name of the one that it replaces, as far as they are files of one kind."""
    return kept.model_copy(update={"file": Path(old.file).with_suffix(Path(kept.file).suffix).as_posix()})


def _aside(folder: Path, file: str, sha256: str) -> Path:
    path = folder / BIN / file
    return path.with_name(f"{path.stem}.{sha256[:12]}{path.suffix}")


def _move(pairs: list[tuple[Path, Path]]) -> None:
    try:
        for target in (target for _, target in pairs if target.parent.parent.name == BIN):
            target.unlink(missing_ok=True)  # the very same contents, by its name
        move_all(pairs)
    except OSError as error:
        raise cannot_write(error, error.filename2, "moved") from error
