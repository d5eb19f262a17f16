"""What passes along the road from plan to file: a sample, a foreground at one size, a composite."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels


class Sample(NamedTuple):
    """One composite to be: who, where, and how large.

    ``x``, ``y``, ``width`` and ``height`` are the foreground's box in pixels of the composite, ``layer`` its
    depth layer (0 the nearest, -1 for none), ``scale`` its height over the cutout's own.
    """

    number: int
    background: int
    foreground: int
    mirrored: bool
    k: int
    x: int
    y: int
    width: int
    height: int
    layer: int
    scale: float


class Patch(NamedTuple):
    """A foreground at one size, ready to be laid down.

    ``colour`` is (h, w[, 3]) uint8, multiplied by alpha (plain in binary mode); ``rest`` its 255 − alpha on
    as many channels; ``mask`` (h, w) 0 or 255; ``solid`` mask as bool; ``white`` how many pixels that is.
    """

    colour: Pixels
    rest: Pixels
    mask: Pixels
    solid: NDArray[np.bool_]
    white: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.colour.nbytes + self.rest.nbytes + self.mask.nbytes + self.solid.nbytes


class Composite(NamedTuple):
    """``image`` is (S, S, 3) or (S, S) uint8; ``patch`` was laid down with its upper left corner at (x, y)."""

    image: Pixels
    patch: Patch
    x: int
    y: int

    @property
    def mask(self) -> Pixels:
        """(S, S) uint8, 255 where the foreground is solid, 0 elsewhere; made at each call."""
        mask = np.zeros(self.image.shape[:2], np.uint8)
        height, width = self.patch.mask.shape
        mask[self.y : self.y + height, self.x : self.x + width] = self.patch.mask
        return mask
