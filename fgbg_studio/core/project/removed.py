"""What a person removed from a project, as its bin has it: seen, and judged again before it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from fgbg_studio.core.cutting.work import is_photo
from fgbg_studio.core.imaging.finding import why_not
from fgbg_studio.core.project.judging import Reading, Verdict, by_hash, judge_backgrounds, judge_foregrounds
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.photos import files_of
from fgbg_studio.core.project.recycle_bin import BIN

Kind = Literal["backgrounds", "foregrounds", "photos"]
_KINDS: tuple[Kind, ...] = ("backgrounds", "foregrounds", "photos")


@dataclass(frozen=True)
class BinnedPicture:
    """One picture in the bin.

    Attributes:
        kind: where it was.
        files: by the names that they had in the project, the picture first; a photo's strokes and mask go with it.
        when: it was put there, in local time, as far as the system knows that of a file.
    """

    kind: Kind
    files: tuple[str, ...]
    when: datetime

    @property
    def name(self) -> str:
        """Of the picture's file, without its folder."""
        return self.files[0].rpartition("/")[2]


def removed(folder: Path) -> list[BinnedPicture]:
    """The pictures in the bin of the project in ``folder``, the last one first; no link is followed or listed.

    What was laid aside there for another reason (a damaged file, a photo that was made smaller) is no removed picture.
    """
    found = [one for kind in _KINDS for one in _of_kind(folder / BIN, kind)]
    return sorted(found, key=lambda one: one.when, reverse=True)


def _of_kind(place: Path, kind: Kind) -> Iterator[BinnedPicture]:
    shelf = place / kind
    if place.is_symlink() or shelf.is_symlink() or not shelf.is_dir():
        return
    for path in shelf.iterdir():
        whole = path.is_file() and not path.is_symlink() and why_not(path.name) is None and is_photo(path)
        if not whole or (kind == "photos" and "." in path.stem):
            continue
        files = files_of(path) if kind == "photos" else [path]
        when = datetime.fromtimestamp(path.stat().st_ctime, UTC).astimezone()
        yield BinnedPicture(kind, tuple(file.relative_to(place).as_posix() for file in files), when)


def judged_again(folder: Path, project: Project, wanted: Sequence[BinnedPicture]) -> Iterator[Verdict]:
    """The verdict on each background and foreground where it lies in the bin; photos are in no list, and need none.

    A verdict's picture has the file's own name, to which it can be brought back.
    """
    for kind in ("backgrounds", "foregrounds"):
        names = {folder / BIN / one.files[0]: one.files[0] for one in wanted if one.kind == kind}
        known = by_hash(getattr(project, kind))
        if kind == "backgrounds":
            verdicts = judge_backgrounds(list(names), known, project.settings.background, Reading())
        else:
            verdicts = judge_foregrounds(list(names), known)
        for verdict in verdicts:
            picture = verdict.picture
            if picture and verdict.data:  # not as the program stores its own
                yield replace(verdict, picture=None, reason=f"{verdict.path.name} must be added anew")
            else:
                file = names[verdict.path]
                yield replace(verdict, picture=picture and picture.model_copy(update={"file": file}))
