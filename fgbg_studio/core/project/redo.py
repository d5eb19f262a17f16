"""Cutouts of a project made anew from their photos: finished in another way, mended, or kept for the first time.

Each is worked out without changing what lies beside its photo: what is to lie there comes back as bytes, before and
after, so that all of them together can be one step of undo.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError, PictureError, cannot_write
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.cutting.check import check_cutout
from fgbg_studio.core.cutting.refine import Refinement, refined_cutout
from fgbg_studio.core.cutting.refine_and_check import mend_finished
from fgbg_studio.core.cutting.seeds import hair_of
from fgbg_studio.core.cutting.step_file import Plane, PlaneChange, StepHead, append, new_word
from fgbg_studio.core.cutting.work import ALPHA, PAINTED, STROKES, beside, save_work
from fgbg_studio.core.imaging.pixel_history import History
from fgbg_studio.core.project.judging import by_hash
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import PHOTOS, OpenedPhoto, PhotoNames, keep_cutout, open_photo, with_foreground

Files = tuple[tuple[Path, bytes | None], ...]
"""Files with their contents; None for one that is not there."""


_AHEAD = 1 << 20
"""Numbers that a photo's own steps have before them: where this one is undone from outside, none takes its number."""


@dataclass(frozen=True)
class OwnStep:
    """A step of a photo's own undo: the word by which its records are known, its head, the bytes of its changes."""

    photo: Path
    word: str
    head: StepHead
    changes: tuple[bytes, ...]

    def write(self) -> None:
        """Append it to the photo's file, where it changes nothing until the photo's work names it.

        Raises:
            ProjectError: the disk is full or refuses.
        """
        append(self.photo, self.word, [(self.head, self.changes)])


@dataclass(frozen=True)
class Redone:
    """What became of one cutout.

    Attributes:
        path: the photo, or the cutout's own file where there is no photo.
        before: the foreground that was kept of it; None where there was none.
        picture: the foreground that it is now; None where nothing changed or it failed.
        reason: why nothing changed, in plain words; empty else.
        failed: whether that is a failure.
        old: what lies beside the photo.
        new: what is to lie there.
        step: of the photo's own undo, which ``new`` names as the last one done; None where nothing of it changed.
        source: the own file of a cutout without a photo, which lies at ``path`` as its photo from now on.
    """

    path: Path
    before: Foreground | None = None
    picture: Foreground | None = None
    reason: str = ""
    failed: bool = False
    old: Files = field(default=(), repr=False)
    new: Files = field(default=(), repr=False)
    step: OwnStep | None = field(default=None, repr=False)
    source: Path | None = None


def redo_cutout(
    folder: Path, project: Project, path: Path, before: Foreground | None, *,
    finish: Refinement | None = None, mends: Collection[str] = (), seen: bool = False, names: PhotoNames | None = None,
) -> Redone:  # fmt: skip
    """Make one cutout anew and store it; the project and what lies beside the photo stay as they are.

    Args:
        folder: the project's.
        project: as it is open.
        path: the photo, or the cutout's own file where there is no photo.
        before: what was kept of it.
        finish: how it is finished from now on; None as it was.
        mends: the codes of what is mended where the check finds it; see `MENDABLE`.
        seen: whether a person says that it is good where nothing was kept of it before.
        names: where a cutout without a photo that is finished becomes one, so that it is not finished twice over.
    """
    try:
        opened = open_photo(path, before.sha256 if before else "")
        if opened.planes is None or not opened.planes[0].any():
            raise PictureError("nothing is cut out yet", "Draw a rectangle around the object first")
        wanted = finish or opened.work.finish
        alpha = opened.planes[0]
        if mends:
            alpha = _mended(opened.pixels, alpha, wanted, mends)
            if np.array_equal(alpha, opened.planes[0]):
                return Redone(path, before, reason="nothing to mend")
        hair = hair_of(opened.work.seeds, alpha.shape)
        verdict = keep_cutout(folder, by_hash(project.foregrounds), path, opened.pixels, alpha, wanted, hair)
        if not isinstance(verdict.picture, Foreground):
            same = before is not None and before.file in verdict.reason
            return Redone(path, before, reason="the same as before" if same else verdict.reason, failed=not same)
        picture = _as_before(verdict.picture, before, seen=seen)
        if finish and names and folder / PHOTOS not in path.parents:
            return _become_photo(opened, picture, before, wanted, names.free(path.name))
        text = "mend" if mends else "finish"
        old, new, step = _files(folder, opened, alpha, wanted, picture, text)
        return Redone(path, before, picture, old=old, new=new, step=step)
    except FgbgError as error:
        return Redone(path, before, reason=error.problem, failed=True)


def with_redone(project: Project, redone: Sequence[Redone]) -> Project:
    """The project with these cutouts in the places of those before them."""
    for one in redone:
        if one.picture:
            project = with_foreground(project, one.picture, one.before.sha256 if one.before else "")
    return project


def contents(files: Files) -> Files:
    """What these files contain now."""
    return tuple(_read(path, path) for path, _ in files)


def put_files(files: Files, there: Files) -> None:
    """Write these files, all or none, the last one last: it says what the others are.

    Args:
        files: what is to lie there.
        there: what lies there now.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    try:
        _put(files)
    except OSError as error:
        with contextlib.suppress(OSError):
            _put(there)
        raise cannot_write(error) from error


def _put(files: Files) -> None:
    for path, data in files:
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_file(path, data)


def _mended(photo: Pixels, alpha: Pixels, finish: Refinement, codes: Collection[str]) -> Pixels:
    rgba, _ = refined_cutout(photo, alpha, finish)
    for code in dict.fromkeys(issue.code for issue in check_cutout(rgba) if issue.mendable and issue.code in codes):
        alpha = mend_finished(photo, alpha, finish, code)
    return alpha


def _as_before(picture: Foreground, before: Foreground | None, *, seen: bool) -> Foreground:
    """Nobody has looked at it anew: a verdict on the one before holds; a new one has none, unless it is ``seen``."""
    if before is None:
        return picture.model_copy(update={"reviewed": seen})
    return picture.model_copy(update={"reviewed": before.reviewed, "status": before.status, "reason": before.reason})


def _files(
    folder: Path, opened: OpenedPhoto, alpha: Pixels, finish: Refinement, picture: Foreground, text: str
) -> tuple[Files, Files, OwnStep | None]:
    """What lies beside the photo, what is to, and the step between; nothing for a cutout without a photo."""
    if folder / PHOTOS not in opened.path.parents or opened.planes is None:
        return (), (), None
    (before, painted), saved = opened.planes, opened.saved
    words = painted if alpha is before else np.where(alpha != before, np.uint8(255), painted)  # mended: a person's word
    step = _own_step(opened, alpha, words, finish, text)
    work = saved.model_copy(update={**dict(opened.work), "finish": finish, "foreground": picture.sha256})
    if step:
        work = work.model_copy(update={"history": step.word, "step": step.head.step, "newest": step.head.step})
    planes: tuple[Pixels | str, Pixels | str] = (alpha, words)
    endings: tuple[str, ...] = (ALPHA, PAINTED, STROKES)
    if alpha is before and saved.alpha is not None and saved.painted is not None:
        planes, endings = (saved.alpha, saved.painted), (STROKES,)
    elif alpha is not before:
        work = work.model_copy(update={"cut_wanted": False, "guess_wanted": False})
    with TemporaryDirectory() as place:
        copy = Path(place) / opened.path.name
        save_work(copy, work, *planes)
        pairs = [(beside(opened.path, ending), beside(copy, ending)) for ending in endings]
        return tuple(_read(path, path) for path, _ in pairs), tuple(_read(path, there) for path, there in pairs), step


def _become_photo(
    opened: OpenedPhoto, picture: Foreground, before: Foreground | None, finish: Refinement, path: Path
) -> Redone:
    """The cutout's own file, as it is, is a photo at ``path``, of which the finished one is kept."""
    assert opened.planes is not None
    work = opened.saved.model_copy(update={**dict(opened.work), "finish": finish, "foreground": picture.sha256})
    with TemporaryDirectory() as place:
        copy = Path(place) / path.name
        save_work(copy, work, *opened.planes)
        beside_it = [(beside(path, ending), beside(copy, ending)) for ending in (ALPHA, PAINTED, STROKES)]
        new = tuple(_read(to, there) for to, there in [(path, opened.path), *beside_it])
    return Redone(path, before, picture, old=tuple((to, None) for to, _ in new), new=new, source=opened.path)


def _own_step(opened: OpenedPhoto, alpha: Pixels, words: Pixels, finish: Refinement, text: str) -> OwnStep | None:
    """What takes the photo's own work from how it is to ``alpha``, the painted ``words`` and ``finish``."""
    assert opened.planes is not None
    saved, history = opened.saved, History()
    both: tuple[tuple[Plane, Pixels, Pixels], ...] = (
        ("alpha", opened.planes[0], alpha),
        ("painted", opened.planes[1], words),
    )
    deltas = [(plane, history.record(old, new)) for plane, old, new in both if old is not new]
    found = [(plane, delta.box, history.data(delta)) for plane, delta in deltas if delta]
    if not found and finish == opened.work.finish:
        return None
    planes = tuple(PlaneChange(plane=plane, box=box, size=len(data), crc=crc32(data)) for plane, box, data in found)
    head = StepHead(
        step=max(saved.step, saved.newest) + _AHEAD, parent=saved.step, text=text, common=len(opened.work.seeds),
        before=(), after=(), finish=(opened.work.finish, finish), planes=planes,
    )  # fmt: skip
    return OwnStep(opened.path, saved.history or new_word(), head, tuple(data for *_, data in found))


def _read(path: Path, there: Path) -> tuple[Path, bytes | None]:
    return path, read_file(there) if there.exists() else None
