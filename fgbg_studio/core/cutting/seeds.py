"""What says where the object is: a rectangle, lasso or strokes that a person drew, and what a network saw.

Places are (x, y) in the photo's pixels, as on the screen: a pixel's middle lies at half a pixel. A click is a
stroke of one point.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Annotated, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.cutting.raster import (
    BACKGROUND,
    HAIR,
    NOTHING,
    OBJECT,
    draw_way,
    lasso_trimap,
    rectangle_trimap,
    way_box,
)
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.imaging.regions import Region

SURE_BACKGROUND, SURE_OBJECT = 64, 192  # of a trimap: up to the one, and from the other on

_FAR = 10_000_000  # pixels from the photo's corner; what fills polygons counts sixteenths of them in 32 bits
_Whole = Annotated[int, Field(ge=-_FAR, le=_FAR)]
_Size = Annotated[int, Field(ge=1, le=_FAR)]
Point = tuple[Annotated[float, Field(ge=-_FAR, le=_FAR)], Annotated[float, Field(ge=-_FAR, le=_FAR)]]
Points = Annotated[tuple[Point, ...], Field(min_length=1)]
Radius = Annotated[float, Field(gt=0, le=2000)]


class Seed(FrozenModel):
    """One thing that was drawn."""

    def as_trimap(self, shape: tuple[int, ...]) -> Pixels | None:  # noqa: ARG002
        """Of an `Area`, (H, W) of the photo's ``shape``: 0 surely background, 255 surely object, 128 undecided.

        Raises:
            FgbgError: it does not fit the photo.
        """
        return None

    def draw(self, marks: Pixels) -> Box:  # noqa: ARG002
        """Draw a stroke into ``marks`` (H, W): `OBJECT`, `BACKGROUND`, `HAIR` or `NOTHING`; the box that it touches."""
        return 0, 0, 0, 0


class Area(Seed):
    """Where the object may be, and where not; a later one takes the place of those before it."""

    @property
    def outline(self) -> tuple[Point, ...]:
        """The corners of the line that was drawn, if one was."""
        return ()

    @override
    def as_trimap(self, shape: tuple[int, ...]) -> Pixels:
        raise NotImplementedError


class Rectangle(Area):
    """The object lies inside ``box`` (x, y, width, height); the rest is background."""

    kind: Literal["rectangle"] = "rectangle"
    box: tuple[_Whole, _Whole, _Size, _Size]

    @property
    @override
    def outline(self) -> tuple[Point, ...]:
        x, y, width, height = self.box
        return (x, y), (x + width, y), (x + width, y + height), (x, y + height)

    @override
    def as_trimap(self, shape: tuple[int, ...]) -> Pixels:
        return rectangle_trimap(self.box, shape)


class Lasso(Area):
    """The object lies inside the polygon; the rest is background."""

    kind: Literal["lasso"] = "lasso"
    points: Annotated[tuple[Point, ...], Field(min_length=3)]

    @property
    @override
    def outline(self) -> tuple[Point, ...]:
        return self.points

    @override
    def as_trimap(self, shape: tuple[int, ...]) -> Pixels:
        return lasso_trimap(self.points, shape)


class Guess(Area):
    """A network's first guess: a small trimap as PNG in base64, to be stretched over the photo."""

    kind: Literal["guess"] = "guess"
    trimap: Annotated[str, Field(max_length=1 << 20)]

    @override
    def as_trimap(self, shape: tuple[int, ...]) -> Pixels:
        return unpacked_trimap(self.trimap, shape)


class Seen(Seed):
    """How surely a network sees the object at each place of ``box``: see `saliency.look_at`.

    Attributes:
        box: (x, y, width, height) in the photo.
        map: a small picture of it as PNG in base64: 0 background, 255 object.
    """

    kind: Literal["seen"] = "seen"
    box: tuple[_Whole, _Whole, _Size, _Size]
    map: Annotated[str, Field(max_length=1 << 20)]

    def on(self, part: Box, size: tuple[int, int]) -> NDArray[np.float32]:
        """(h, w) float32, 0..1: the map on a copy of ``size`` (w, h) of the photo's ``part``; 0 outside of ``box``.

        Raises:
            PictureError: the text is no picture.
        """
        small = _unpacked(self.map, "what the network saw", "Draw the rectangle anew").astype(np.float32) / 255
        x, y, width, height = self.box
        across, down = small.shape[1] / width, small.shape[0] / height  # pixels of the map for one of the photo
        wide, high = part[2] / size[0], part[3] / size[1]  # pixels of the photo for one of the copy
        # A pixel's middle lies at half a pixel in all three, and OpenCV counts from the middle of the first.
        places = np.array(
            [
                [wide * across, 0, (part[0] - x + wide / 2) * across - 0.5],
                [0, high * down, (part[1] - y + high / 2) * down - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(small, places, size, flags=flags), np.float32)


class Stroke(Seed):
    """A brush's way over what is object, or background; a later stroke covers an earlier one."""

    kind: Literal["stroke"] = "stroke"
    points: Points
    radius: Radius
    object: bool

    @override
    def draw(self, marks: Pixels) -> Box:
        return draw_way(marks, self.points, self.radius, OBJECT if self.object else BACKGROUND)


class Hair(Seed):
    """A brush's way over hair or fur: what lies in it is matted once all else has been cut; see `hair_matted`.

    A later stroke covers it, and it covers earlier ones, but what these say of the rest of the photo holds.
    """

    kind: Literal["hair"] = "hair"
    points: Points
    radius: Radius

    @override
    def draw(self, marks: Pixels) -> Box:
        return draw_way(marks, self.points, self.radius, HAIR)


class Eraser(Seed):
    """An eraser's way: strokes and hair under it are taken back."""

    kind: Literal["eraser"] = "eraser"
    points: Points
    radius: Radius

    @override
    def draw(self, marks: Pixels) -> Box:
        return draw_way(marks, self.points, self.radius, NOTHING)


class Click(Seed):
    """A place that is the object's, or not, as a person told a network that answers to clicks.

    Attributes:
        point: (x, y) in the photo.
        object: whether it is the object's.
        network: the name or the path of the one that was asked.
    """

    kind: Literal["click"] = "click"
    point: Point
    object: bool
    network: Annotated[str, Field(max_length=4096)]


Drawn = Rectangle | Lasso
"""An area that a person drew."""

Seeds = tuple[
    Annotated[Rectangle | Lasso | Guess | Seen | Click | Stroke | Hair | Eraser, Field(discriminator="kind")], ...
]
"""What was drawn, in order, as it is kept in a file."""


def marks_of(seeds: Iterable[Seed], shape: tuple[int, ...]) -> Pixels:
    """All strokes drawn one after the other: (H, W) of `OBJECT`, `BACKGROUND`, `HAIR` and `NOTHING`."""
    marks = np.zeros(shape, np.uint8)
    for seed in seeds:
        seed.draw(marks)
    return marks


def hair_of(seeds: Iterable[Seed], shape: tuple[int, ...]) -> Region | None:
    """(H, W) bool: where hair is said to be; None where nothing was."""
    drawn = tuple(seeds)
    if not any(isinstance(seed, Hair) for seed in drawn):
        return None
    band = marks_of(drawn, shape) == HAIR
    return np.asarray(band, np.bool_) if band.any() else None


def without_hair(seeds: Iterable[Seed]) -> tuple[Seed, ...]:
    """What a segmenter cuts by: nor does it learn of what erased hair alone, for each of its turns changes a little."""
    drawn = tuple(seeds)
    if not any(isinstance(seed, Hair) for seed in drawn):
        return drawn
    found: list[Seed] = []
    for seed in drawn:
        if isinstance(seed, Eraser):
            strokes = [one for one in found if isinstance(one, Stroke)]
            if not any(_overlap(seed, stroke) for stroke in strokes):
                continue
        if not isinstance(seed, Hair):
            found.append(seed)
    return tuple(found)


def _overlap(one: Stroke | Eraser, other: Stroke | Eraser) -> bool:
    """Whether the boxes around two ways do."""
    (x, y, wide, high), (left, top, width, height) = (
        way_box(way.points, way.radius, (1 << 30, 1 << 30)) for way in (one, other)
    )
    return x < left + width and left < x + wide and y < top + height and top < y + high


def can_be_cut_by(seeds: Iterable[Seed]) -> bool:
    """Whether they say where the object is, and not only where its hair is or what is not the object's."""
    return any(isinstance(seed, Area | Click) or (isinstance(seed, Stroke) and seed.object) for seed in seeds)


def has_strokes(seeds: Iterable[Seed]) -> bool:
    """Whether a stroke was drawn, or hair, erased again or not."""
    return any(isinstance(seed, Stroke | Hair) for seed in seeds)


def only_guessed(seeds: Iterable[Seed]) -> bool:
    """Whether a network's guess is all there is."""
    return {type(seed) for seed in seeds} == {Guess}


def clicks_that_hold(seeds: Iterable[Seed]) -> tuple[Click, ...]:
    """Those that were made since an area was drawn, or all of them."""
    found: list[Click] = []
    for seed in seeds:
        if isinstance(seed, Area):
            found.clear()
        elif isinstance(seed, Click):
            found.append(seed)
    return tuple(found)


def newest_area(seeds: Iterable[Seed]) -> Area | None:
    """The area that holds, if one was drawn."""
    areas = [seed for seed in seeds if isinstance(seed, Area)]
    return areas[-1] if areas else None


def box_around(area: Area | None) -> Box:
    """The box around the line that was drawn; all 0 where none was."""
    if area is None or not area.outline:
        return 0, 0, 0, 0
    x, y, width, height = cv2.boundingRect(np.round(np.array(area.outline)).astype(np.int32))
    return int(x), int(y), int(width), int(height)


def another_object(before: Box, after: Box) -> bool:
    """Whether a line drawn around ``after`` means another object than what lies in ``before``.

    It means the same one, drawn better, where it holds all of what was there, or where the two boxes have at least half
    of what they cover in common.
    """
    x, y = max(before[0], after[0]), max(before[1], after[1])
    right, bottom = min(before[0] + before[2], after[0] + after[2]), min(before[1] + before[3], after[1] + after[3])
    common = max(right - x, 0) * max(bottom - y, 0)
    one, other = before[2] * before[3], after[2] * after[3]
    return common < one and 2 * common < one + other - common


def redrawn(seeds: Seeds, area: Drawn, shape: tuple[int, ...]) -> Seeds:
    """What holds on a photo of ``shape`` (H, W) when an area is drawn anew around the same object.

    It does, and of the strokes and the hair those that do not lie wholly outside of the box around it.
    """
    x, y, width, height = box_around(area)

    def reaches(seed: Stroke | Hair | Eraser) -> bool:
        left, top, wide, high = way_box(seed.points, seed.radius, shape)
        return wide > 0 and left < x + width and x < left + wide and top < y + height and y < top + high

    return (area, *(seed for seed in seeds if isinstance(seed, Stroke | Hair | Eraser) and reaches(seed)))


def packed(small: Pixels) -> str:
    """A trimap or map (h, w) as `Guess` and `Seen` keep it."""
    return base64.b64encode(encode(small, Codec())).decode()


def unpacked_trimap(text: str, shape: tuple[int, ...]) -> Pixels:
    """The trimap stretched over a photo of ``shape`` (H, W): 0, 128 or 255.

    Raises:
        PictureError: the text is none.
    """
    small = _unpacked(text, "the first guess", "Guess again")
    wide = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    kinds = [wide >= SURE_OBJECT, wide > SURE_BACKGROUND]
    return np.select(kinds, [np.uint8(255), np.uint8(128)], np.uint8(0)).astype(np.uint8)


def _unpacked(text: str, what: str, way_out: str) -> Pixels:
    try:
        small = decode(base64.b64decode(text, validate=True), what)
    except (ValueError, PictureError) as error:
        raise PictureError(f"{what} is damaged", way_out) from error
    if small.ndim != 2 or small.dtype != np.uint8:
        raise PictureError(f"{what} is damaged", way_out)
    return np.asarray(small, np.uint8)
