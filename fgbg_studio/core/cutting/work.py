"""The work that was done on a photo, kept in files beside it.

Beside ``photos/NAME.jpg`` lie ``NAME.strokes.json``, what was drawn and how the cutout is finished, and
``NAME.alpha.png`` and ``NAME.painted.png``, the alpha as it stands and where a hard brush painted it: what a
brush painted is the person's word, and no later cut changes it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError, ProjectError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Seeds
from fgbg_studio.core.imaging.codecs import Codec, decode, encode

STROKES, ALPHA, PAINTED, MASK = ".strokes.json", ".alpha.png", ".painted.png", ".mask.png"
ABOUT = ".about.json"
OWN = (STROKES, ALPHA, PAINTED, MASK, ABOUT)
"""Endings of the files that lie beside a photo and are no photos."""


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


def beside(photo: Path, ending: str) -> Path:
    """The file of the photo's own with one of the endings `OWN`."""
    return photo.with_name(photo.stem + ending)


def is_photo(path: Path) -> bool:
    """Whether a file of the folder is a photo and not what lies beside one."""
    return not path.name.startswith(".") and not path.name.endswith(OWN)


def load_work(photo: Path) -> Work:
    """What was done to ``photo`` so far; nothing where it was never opened.

    Raises:
        ProjectError: the file is damaged.
    """
    path = beside(photo, STROKES)
    try:
        return Work.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Work()
    except ValidationError as error:
        raise _damaged(path, describe_validation(error)) from error
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def load_alpha(photo: Path, shape: tuple[int, ...]) -> tuple[Pixels, Pixels] | None:
    """(alpha, where painted) of ``photo``, each (H, W) of the given ``shape``; None where it was never cut.

    Raises:
        ProjectError: a file is damaged or of another photo.
    """
    if not beside(photo, ALPHA).exists():
        return None
    alpha = _plane(beside(photo, ALPHA), shape)
    painted = beside(photo, PAINTED)
    return alpha, _plane(painted, shape) if painted.exists() else np.zeros(shape, np.uint8)


def save_work(photo: Path, work: Work, alpha: Pixels, painted: Pixels) -> None:
    """Write the files beside ``photo``, the strokes last: they are there when all is.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    text = json.dumps(work.model_dump(mode="json"), separators=(",", ":"))
    try:
        if alpha.any():
            write_file(beside(photo, ALPHA), encode(alpha, Codec()))
        else:
            beside(photo, ALPHA).unlink(missing_ok=True)
        if painted.any():
            write_file(beside(photo, PAINTED), encode(painted, Codec()))
        else:
            beside(photo, PAINTED).unlink(missing_ok=True)
        write_file(beside(photo, STROKES), text.encode())
    except OSError as error:
        raise ProjectError(
            f"{error.filename} cannot be written ({error.strerror})", "Make room or change permissions"
        ) from error


def _plane(path: Path, shape: tuple[int, ...]) -> Pixels:
    try:
        pixels = decode(path.read_bytes(), path.name)
    except (OSError, PictureError) as error:
        raise _damaged(path, str(error)) from error
    if pixels.shape != shape or pixels.dtype != np.uint8:
        raise _damaged(path, f"{pixels.shape} instead of {shape}")
    return np.asarray(pixels, np.uint8)


def _damaged(path: Path, reason: str) -> ProjectError:
    return ProjectError(f"{path} is damaged ({reason})", "Delete it to cut the photo again")
