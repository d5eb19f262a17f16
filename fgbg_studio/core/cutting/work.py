"""The work that was done on a photo, kept in files beside it.

Beside ``photos/NAME.jpg`` lie ``NAME.strokes.json``, what was drawn and how the cutout is finished, and
``NAME.alpha.png`` and ``NAME.painted.png``, the alpha as it stands and where a hard brush painted it: what a
brush painted is the person's word, and no later cut changes it. ``NAME.history`` is their undo (`step_file`).

They belong together: ``NAME.strokes.json`` has the checksums of the two pictures. All are written under temporary
names first; the moment in which ``NAME.strokes.json`` gets its own is the moment in which the new state holds, and
a picture that did not get its name before an interruption gets it when the photo is opened (`load`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from pydantic import ValidationError
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError, ProjectError, cannot_write
from fgbg_studio.core.base.files import partial_of, write_file, write_partial
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.outside import parsed, read_file, reason_of
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Seeds
from fgbg_studio.core.imaging.codecs import Codec, decode, encode

STROKES, ALPHA, PAINTED, MASK, HISTORY = ".strokes.json", ".alpha.png", ".painted.png", ".mask.png", ".history"
ABOUT = ".about.json"
OWN = (STROKES, ALPHA, PAINTED, MASK, HISTORY, ABOUT)
"""Endings of the files that lie beside a photo and are no photos."""
NONE = ""
"""Stands for the checksum of a picture that is all 0 and has no file."""


class Work(FrozenModel):
    """All that was done to one photo, but for its alpha.

    Attributes:
        seeds: what was drawn, in order.
        finish: how the alpha becomes the cutout.
        foreground: the hash of the foreground that was last kept of it; empty for none.
    """

    format: Literal[1] = 1
    seeds: Seeds = ()
    finish: Refinement = Refinement()
    foreground: str = ""


class SavedWork(Work):
    """What ``NAME.strokes.json`` says.

    Attributes:
        alpha: checksum of ``NAME.alpha.png``, `NONE` where there is none; None in files of earlier versions.
        painted: of ``NAME.painted.png``, likewise.
        cut_wanted: a cut by the seeds was on its way when this was written.
        guess_wanted: a network's first guess was; it is only in the file where that is so.
        history: the word by which the photo's own records in its ``NAME.history`` are known; empty for none.
        step: the number of the step that was the last one done; 0 for none.
        newest: of the last one that redo reaches.
    """

    alpha: str | None = None
    painted: str | None = None
    cut_wanted: bool = False
    guess_wanted: bool = False
    history: str = ""
    step: int = 0
    newest: int = 0

    @property
    def work(self) -> Work:
        """What was done, without where it lies."""
        return Work(**{name: getattr(self, name) for name in Work.model_fields})


@dataclass(frozen=True, eq=False)
class Loaded:
    """The work on a photo as it is found.

    Attributes:
        saved: what its file says.
        planes: (alpha, where painted), each (H, W) uint8; None where it was never cut.
        whole: whether the pictures are those that were saved with it: only then its history is theirs.
    """

    saved: SavedWork
    planes: tuple[Pixels, Pixels] | None
    whole: bool


class DamagedWorkError(ProjectError):
    """A file beside a photo that cannot be read; ``path`` is where it lies."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is damaged ({reason})", "Set it aside to cut the photo again")
        self.path, self.reason = path, reason

    @override
    def __reduce__(self) -> tuple[type[DamagedWorkError], tuple[Path, str]]:
        # Errors travel from workers as pickles, which rebuild them from what they were made of.
        return type(self), (self.path, self.reason)


def beside(photo: Path, ending: str) -> Path:
    """The file of the photo's own with one of the endings `OWN`."""
    return photo.with_name(photo.stem + ending)


def is_photo(path: Path) -> bool:
    """Whether a file of the folder is a photo and not what lies beside one."""
    return not path.name.startswith(".") and not path.name.endswith(OWN)


def load_work(photo: Path) -> SavedWork:
    """What was done to ``photo`` so far; nothing where it was never opened.

    Raises:
        DamagedWorkError: the file is damaged.
    """
    path = beside(photo, STROKES)
    return read_stored(path, SavedWork, lambda reason: DamagedWorkError(path, reason)) or SavedWork()


Stored = TypeVar("Stored", bound=FrozenModel)


def read_stored(path: Path, kind: type[Stored], damaged: Callable[[str], ProjectError]) -> Stored | None:
    """What lies in a file as JSON; None where there is no such file, and else ``damaged`` makes its reason an error.

    Raises:
        ProjectError: that one.
    """
    try:
        return kind.model_validate(parsed(read_file(path)))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        raise damaged(describe_validation(error)) from error
    except (OSError, ValueError) as error:
        raise damaged(reason_of(error)) from error


def load(photo: Path, shape: tuple[int, ...]) -> Loaded:
    """What was done to ``photo``, whose pixels have the given ``shape`` (H, W).

    A save that was interrupted after its state held is brought to its end first. A picture that is another one than
    was saved is taken as it is, as somebody put it there; where one is missing, the cut is wanted again.

    Raises:
        DamagedWorkError: a file is damaged or of another photo.
    """
    saved = load_work(photo)
    alpha, alpha_fits = _found(beside(photo, ALPHA), saved.alpha)
    painted, painted_fits = _found(beside(photo, PAINTED), saved.painted)
    if alpha is None and saved.alpha:
        saved = saved.model_copy(update={"cut_wanted": True})
    whole = alpha_fits and painted_fits
    if alpha is None:
        return Loaded(saved, None, whole)
    plane = _plane(beside(photo, ALPHA), alpha, shape)
    where = _plane(beside(photo, PAINTED), painted, shape) if painted is not None else np.zeros(shape, np.uint8)
    return Loaded(saved, (plane, where), whole)


def _found(path: Path, wanted: str | None) -> tuple[bytes | None, bool]:
    """A picture's bytes, None where there is none; and whether they are those that were saved."""
    if wanted == NONE:
        return None, True
    for place in (path, partial_of(path)) if wanted else (path,):
        try:
            data = read_file(place)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise DamagedWorkError(path, reason_of(error)) from error
        if checksum(data) == wanted:
            if place != path:
                place.replace(path)
            return data, True
    try:
        return (read_file(path) if path.exists() else None), False
    except OSError as error:
        raise DamagedWorkError(path, reason_of(error)) from error


def checksum(data: bytes) -> str:
    """By which `SavedWork` knows a file."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def save_work(photo: Path, work: Work, alpha: Pixels | str, painted: Pixels | str) -> SavedWork:
    """Write the files beside ``photo``: after any interruption there is all of the old state or all of the new one.

    Args:
        photo: the photo's file.
        work: what was done.
        alpha: (H, W), or the checksum of what was saved before where that still holds.
        painted: likewise.

    Returns:
        What was written, with the checksums.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    planes = {ALPHA: _encoded(alpha), PAINTED: _encoded(painted)}
    sums = {"alpha": planes[ALPHA][0], "painted": planes[PAINTED][0]}
    saved = SavedWork.model_validate({**dict(work), **sums})
    told = saved.model_dump(mode="json", exclude=None if saved.guess_wanted else {"guess_wanted"})
    text = json.dumps(told, separators=(",", ":"))
    try:
        for ending, (_, data) in planes.items():
            if data:
                write_partial(beside(photo, ending), data)
        write_file(beside(photo, STROKES), text.encode())
        for ending, (word, data) in planes.items():
            if data:
                partial_of(beside(photo, ending)).replace(beside(photo, ending))
            elif word == NONE:
                beside(photo, ending).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(error) from error
    return saved


def _encoded(plane: Pixels | str) -> tuple[str, bytes]:
    """(checksum, bytes of the file to be written) of a plane; no bytes where nothing is to be written."""
    if isinstance(plane, str):
        return plane, b""
    if not plane.any():
        return NONE, b""
    data = encode(plane, Codec())
    return checksum(data), data


def _plane(path: Path, data: bytes, shape: tuple[int, ...]) -> Pixels:
    try:
        pixels = decode(data, path.name)
    except PictureError as error:
        raise DamagedWorkError(path, str(error)) from error
    if pixels.shape != shape or pixels.dtype != np.uint8:
        raise DamagedWorkError(path, f"{pixels.shape} instead of {shape}")
    return np.asarray(pixels, np.uint8)
