"""What a person drew to cut a photo: rectangle, lasso, strokes; kept beside the photo, replayed on it.

Beside ``photos/NAME.jpg`` lie ``NAME.strokes.json``, what was drawn and how the cutout is finished, and
``NAME.alpha.png`` and ``NAME.painted.png``, the alpha as it stands and where a hard brush painted it: what a
brush painted is the person's word, and no later run of GrabCut changes it.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import cv2
import numpy as np
from pydantic import Field, ValidationError

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError, ProjectError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.imaging.codecs import Codec, decode, encode

if TYPE_CHECKING:
    from fgbg_studio.core.cutting.grabcut import CutoutSession

STROKES, ALPHA, PAINTED, MASK = ".strokes.json", ".alpha.png", ".painted.png", ".mask.png"
OWN = (STROKES, ALPHA, PAINTED, MASK)
"""Endings of the files that lie beside a photo and are no photos."""

Point = tuple[float, float]
Points = Annotated[tuple[Point, ...], Field(min_length=1)]
Radius = Annotated[float, Field(gt=0, le=2000)]


class Rectangle(FrozenModel):
    """The object lies inside ``box`` (x, y, width, height); the rest is background."""

    kind: Literal["rectangle"] = "rectangle"
    box: tuple[int, int, Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]


class Lasso(FrozenModel):
    """The object lies inside the polygon; the rest is background."""

    kind: Literal["lasso"] = "lasso"
    points: Annotated[tuple[Point, ...], Field(min_length=3)]


class Guess(FrozenModel):
    """A network's first guess: a small trimap as PNG in base64, to be stretched over the photo."""

    kind: Literal["guess"] = "guess"
    trimap: Annotated[str, Field(max_length=1 << 20)]


class Stroke(FrozenModel):
    """A brush's way over what is object, or background; a later stroke covers an earlier one."""

    kind: Literal["stroke"] = "stroke"
    points: Points
    radius: Radius
    object: bool


class Eraser(FrozenModel):
    """An eraser's way: strokes under it are taken back."""

    kind: Literal["eraser"] = "eraser"
    points: Points
    radius: Radius


Seed = Rectangle | Lasso | Guess | Stroke | Eraser
Seeds = tuple[Annotated[Seed, Field(discriminator="kind")], ...]


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


class Cutter:
    """Replays what was drawn on a session of GrabCut, as little of it anew as possible.

    Args:
        rgb: the photo, (H, W, 3).
    """

    def __init__(self, rgb: Pixels) -> None:
        self._rgb = rgb
        self._session: CutoutSession | None = None
        self._done: Seeds = ()

    def cut(self, seeds: Seeds) -> Pixels:
        """The alpha (H, W) by these seeds.

        Raises:
            FgbgError: they do not say enough to cut by.
        """
        from fgbg_studio.core.cutting.grabcut import CutoutSession

        session, done = self._session, self._done
        self._session = None  # of a run that fails nothing is known
        if session is None or seeds[: len(done)] != done:
            session, done = CutoutSession(self._rgb), ()
        for seed in seeds[len(done) :]:
            self._draw(session, seed)
        session.run()
        self._session, self._done = session, seeds
        return session.alpha

    def _draw(self, session: CutoutSession, seed: Seed) -> None:
        if isinstance(seed, Rectangle):
            session.set_rectangle(seed.box)
        elif isinstance(seed, Lasso):
            session.set_trimap(lasso_trimap(seed.points, self._rgb.shape[:2]))
        elif isinstance(seed, Guess):
            session.set_trimap(unpacked_trimap(seed.trimap, self._rgb.shape[:2]))
        elif isinstance(seed, Stroke):
            session.add_stroke(_from_middles(seed.points), seed.radius, object=seed.object)
        else:
            session.erase_strokes(_from_middles(seed.points), seed.radius)


def lasso_trimap(points: tuple[Point, ...], shape: tuple[int, ...]) -> Pixels:
    """A trimap (H, W) that is undecided (128) inside the polygon and background (0) outside."""
    trimap = np.zeros(shape, np.uint8)
    cv2.fillPoly(trimap, [np.round(np.array(points)).astype(np.int32)], 128)
    return trimap


def packed_trimap(trimap: Pixels) -> str:
    """A trimap (h, w) as `Guess` keeps it."""
    return base64.b64encode(encode(trimap, Codec())).decode()


def unpacked_trimap(text: str, shape: tuple[int, ...]) -> Pixels:
    """The trimap stretched over a photo of ``shape`` (H, W): 0, 128 or 255.

    Raises:
        PictureError: the text is none.
    """
    try:
        small = decode(base64.b64decode(text, validate=True), "the first guess")
    except ValueError as error:
        raise PictureError("the first guess is damaged", "Guess again") from error
    wide = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.select([wide >= 192, wide > 64], [np.uint8(255), np.uint8(128)], np.uint8(0)).astype(np.uint8)


def _from_middles(points: Points) -> list[Point]:
    """A pixel's middle lies at half a pixel on the canvas, and at a whole one for the session."""
    return [(x - 0.5, y - 0.5) for x, y in points]


def _plane(path: Path, shape: tuple[int, ...]) -> Pixels:
    try:
        pixels = decode(path.read_bytes(), path.name)
    except (OSError, PictureError) as error:
        raise _damaged(path, str(error)) from error
    if pixels.shape != shape or pixels.dtype != np.uint8:
        raise _damaged(path, f"{pixels.shape} instead of {shape}")
    return np.asarray(pixels, np.uint8)


def _damaged(path: Path, reason: str) -> ProjectError:
    return ProjectError(f"{path} is damaged ({reason})", "Delete it to cut the photo anew")
