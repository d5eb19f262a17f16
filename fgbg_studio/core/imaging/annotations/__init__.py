"""Outlines of objects that were drawn in other programs: COCO, labelme and X-AnyLabeling, ISAT, YOLO.

What a file says is read into the same values whatever format it has, in pixels of the photo that it was drawn on.
Places are (x, y) as on the screen: a pixel's middle lies at half a pixel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.imaging.codecs import decode

Size = tuple[int, int]
"""(width, height) in pixels."""
Number = Annotated[float, Field(ge=-1e6, le=1e6)]
Side = Annotated[int, Field(ge=1, le=1_000_000)]
Points = Sequence[tuple[float, float]]

_FINER = 4  # times, in which polygons are drawn
_AT_ONCE = 1 << 20  # pixels of a photo that are drawn finer at a time
_PARTS = 4  # bits of a pixel's part with which OpenCV draws corners


class Foreign(FrozenModel):
    """Base of what others' files hold: what is not known here is passed over."""

    model_config = ConfigDict(extra="ignore")


class Shape(ABC):
    """Where one object is."""

    @abstractmethod
    def drawn(self, size: Size) -> Pixels:
        """(H, W) uint8: 255 where the object is, on a photo of that size, 0 elsewhere.

        Raises:
            PictureError: it does not fit the photo.
        """


@dataclass(frozen=True)
class Polygons(Shape):
    """All inside of any of some polygons.

    Attributes:
        parts: corners, each at least three.
        of: the size of the photo that they were drawn on; (1, 1) where they are shares of it.
    """

    parts: tuple[Points, ...]
    of: Size

    @override
    def drawn(self, size: Size) -> Pixels:
        mask = np.zeros((size[1], size[0]), np.uint8)
        scale = np.array(size) / np.array(self.of)
        for part in self.parts:
            corners = np.asarray(part, np.float64) * scale
            low = np.floor(corners.min(0)).clip(0, size).astype(int)
            high = np.ceil(corners.max(0)).clip(low, size).astype(int)
            rows = max(_AT_ONCE // max(int(high[0] - low[0]), 1), 1)
            for top in range(low[1], high[1], rows) if high[0] > low[0] else ():
                strip = mask[top : min(top + rows, high[1]), low[0] : high[0]]
                np.maximum(strip, _filled(corners - (low[0], top), strip.shape), out=strip)
        return mask


def _filled(corners: NDArray[np.float64], shape: tuple[int, ...]) -> Pixels:
    """A polygon drawn finer than it is wanted: OpenCV fills the pixels of the outline too, to either side of it."""
    fine = np.zeros((shape[0] * _FINER, shape[1] * _FINER), np.uint8)
    places = corners * _FINER - 0.5  # whole numbers are pixels' middles
    cv2.fillPoly(fine, [np.rint(places.clip(-1e5, 1e5) * (1 << _PARTS)).astype(np.int32)], 255, shift=_PARTS)
    share = cv2.resize(fine, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return np.where(share >= 128, np.uint8(255), np.uint8(0))


@dataclass(frozen=True, eq=False)
class Plane(Shape):
    """A mask of the object's own.

    Attributes:
        data: the bytes of a grey picture: a file may have thousands that take a hundred megabytes each when they are
            decoded. Other than 0 is where the object is.
        left, top: where its first pixel lies on the photo that it was drawn on, whose size is ``of``.
    """

    data: bytes
    left: int
    top: int
    of: Size

    @override
    def drawn(self, size: Size) -> Pixels:
        across, down = np.array(size) / np.array(self.of)
        # A pixel's middle lies at half a pixel. Only the photo's own size takes room: the other is what a file says.
        place = np.array(
            [
                [across, 0, (self.left + 0.5) * across - 0.5],
                [0, down, (self.top + 0.5) * down - 0.5],
            ]
        )
        mask = decode(self.data, "a mask")
        if mask.ndim != 2:
            raise PictureError("a mask is a picture in colours", "Export it again")
        try:
            with foreign():
                drawn = cv2.warpAffine(np.where(mask > 0, np.uint8(255), np.uint8(0)), place, size)
        except UnreadableError as error:
            raise PictureError("a mask has too many pixels in a row or a column", "Make the photo smaller") from error
        return np.where(drawn >= 128, np.uint8(255), np.uint8(0))


@dataclass(frozen=True, eq=False)
class AnnotatedObject:
    """One object of a photo.

    Attributes:
        category: its class; empty where nobody said.
        shape: where it is.
        crowd: it stands for several objects that nobody parted.
        layers: shapes of the photo from the lowest up, the same for all of its objects; those from number ``above``
            on cover this one.
    """

    category: str
    shape: Shape
    crowd: bool = False
    layers: Sequence[Shape] = ()
    above: int = 0

    def drawn(self, size: Size) -> Pixels:
        """See `Shape.drawn`."""
        mask = self.shape.drawn(size)
        for other in islice(self.layers, self.above, None):
            mask[other.drawn(size) > 0] = 0
        return mask


@dataclass(frozen=True, eq=False)
class AnnotatedPhoto:
    """What is said of one photo.

    Attributes:
        source: the file that says it.
        name: of the photo's file, with ``/`` between folders; no ending where the format does not say it.
        objects: of which there are outlines.
        boxes: how many there are of which only a box or a point is said.
        size: of the photo that was drawn on; None where the format does not say it.
    """

    source: Path
    name: str
    objects: tuple[AnnotatedObject, ...]
    boxes: int = 0
    size: Size | None = None

    def check(self, size: Size) -> None:
        """Refuse a photo of another shape than that which was drawn on.

        Raises:
            PictureError: it has one.
        """
        if self.size is None:
            return
        (width, height), (wide, high) = size, self.size
        if abs(width * high - height * wide) > max(width, height, wide, high):
            raise PictureError(
                f"{self.name} is {width} × {height} pixels, and {self.source.name} was drawn on {wide} × {high}",
                "Give the photos that were drawn on, not turned and not cropped",
            )


def damaged(source: Path, reason: str) -> PictureError:
    """The refusal of a file of annotations."""
    return PictureError(f"{source} cannot be read as annotations ({reason})", "Export it again")
