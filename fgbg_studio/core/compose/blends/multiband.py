"""Blended band by band: fine detail over a narrow edge, coarse detail over a wide one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.compose.blends.alpha import over, spread_over, weighted
from fgbg_studio.core.interfaces.blend import Blend, Layer

_SCALE = 5  # bits after the point: differences of 8-bit pictures, and of their bands, fit into 16
_ROOM = 20  # pixels of an object's side for the first band: thin things would be seen through
_LEVELS = "the widest edge is about 2 to their power, in pixels; small objects have fewer"
Levels = Annotated[int, about("bands", tip=_LEVELS, ge=1, le=5)]
LEVELS = 2


@dataclass(frozen=True)
class Multiband(Blend):
    """Laplacian pyramids blended level by level with the mask's Gaussian pyramid.

    See Burt and Adelson, 'A multiresolution spline with application to image mosaics', ACM Transactions on Graphics
    1983. Pyramids are linear, so only that of the difference of composite and background is made; it is 0 away from the
    object, and all is whole numbers.
    """

    name: ClassVar[str] = "multiband"
    summary: ClassVar[str] = "fine detail over a narrow edge, coarse detail over a wide one"
    levels: Levels = LEVELS

    @override
    def reach(self, draw: float) -> int:
        return 4 << self.levels

    @override
    def lay(self, place: Pixels, layer: Layer, draw: float) -> None:
        pasted, spread = place.copy(), spread_over(layer.alpha, place)
        over(pasted, weighted(layer.colour, spread), spread)
        difference = (pasted.astype(np.int16) - place) << _SCALE
        side = math.sqrt(cv2.countNonZero(layer.mask))
        levels = min(self.levels, max(int(math.log2(max(side / _ROOM, 1))), 1))
        blended = _blended(difference, spread_over(layer.mask, place), levels)
        changed = (blended + (1 << _SCALE >> 1)) >> _SCALE
        np.clip(place + changed, 0, 255, out=place, casting="unsafe")


def _blended(difference: NDArray[np.int16], mask: Pixels, levels: int) -> NDArray[np.int16]:
    """The bands of ``difference``, each times the mask softened as much, put together again; all (h, w[, 3])."""
    height, width = difference.shape[:2]
    weight = mask.astype(np.int16)
    if levels == 0 or min(height, width) < 4:
        return _times(difference, weight)
    coarse = np.asarray(cv2.pyrDown(difference), np.int16)
    grown = np.asarray(cv2.pyrUp(coarse, dstsize=(width, height)), np.int16)
    rest = _blended(coarse, np.asarray(cv2.pyrDown(mask), np.uint8), levels - 1)
    back = np.asarray(cv2.pyrUp(rest, dstsize=(width, height)), np.int16)
    return np.asarray(cv2.add(_times(cv2.subtract(difference, grown), weight), back), np.int16)


def _times(band: AnyPixels, weight: AnyPixels) -> NDArray[np.int16]:
    return np.asarray(cv2.multiply(band, weight, scale=1 / 255), np.int16)
