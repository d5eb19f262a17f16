"""Colour and light of a foreground, taken towards those of what is around it.

Mean and standard deviation of L*, a* and b* go towards the surroundings' (Reinhard, Ashikhmin, Gooch and Shirley,
'Color transfer between images', IEEE Computer Graphics and Applications 2001) by a drawn strength. Then exposure and
warmth are drawn. Both are tables of 256 values a channel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels, Floats, Pixels
from fgbg_studio.core.base.boxes import Box, widened
from fgbg_studio.core.imaging.matte import HALF
from fgbg_studio.core.interfaces.blend import Layer
from fgbg_studio.core.project.settings import Settings

_AROUND = 0.25  # of the longer side: how far beyond its box an object's surroundings reach
_LEAST, _MOST = 0.6, 1.5  # times its own contrast: what an object becomes at most
_GAMMA = 2.2  # of the display: twice the light is 2^(1/2.2) times the value
_WARM = 0.12  # of a value: how much more red and less blue the warmest is
_KEPT = 64 << 20
_VALUES = np.arange(256.0)[:, None]


class Spread(NamedTuple):
    """Mean and standard deviation of each channel: (C,) float64, in L*, a*, b* as 8-bit pictures have them."""

    mean: Floats
    deviation: Floats


class ColourMatcher:
    """Of one recipe's pictures; see `core.compose.looks.Looks` for the arguments."""

    def __init__(
        self, settings: Settings, background: Callable[[int], Pixels], foreground: Callable[[int], Pixels]
    ) -> None:
        self._look = settings.appearance
        self._background, self._foreground = background, foreground
        self._grey = settings.grayscale
        self._own: dict[int, Spread] = {}
        self._sums: LRUCache[int, tuple[AnyPixels, AnyPixels]] = LRUCache(_KEPT, lambda two: sum(p.nbytes for p in two))

    def matched(self, layer: Layer, background: int, foreground: int, box: Box, draws: Sequence[float]) -> Layer:
        """``layer`` in its new colours.

        Args:
            layer: of the object's own box.
            background: its number.
            foreground: its number.
            box: of the object in the frame.
            draws: three, uniform in [0, 1).
        """
        look, colour = self._look, layer.colour
        strength, stops, warmth = (
            low + draw * (high - low)
            for (low, high), draw in zip((look.colour, look.exposure, look.warmth), draws, strict=True)
        )
        if strength:
            table = _towards(self.own(foreground), self.around(background, box), strength)
            colour = _lab(colour)
            colour = np.asarray(cv2.LUT(colour, table), np.uint8)
            colour = colour if self._grey else np.asarray(cv2.cvtColor(colour, cv2.COLOR_LAB2RGB), np.uint8)
        if stops or warmth:
            brighter = 2 ** (stops / _GAMMA)
            gains = [brighter] if self._grey else [brighter * (1 + _WARM * warmth * side) for side in (1, 0, -1)]
            colour = np.asarray(cv2.LUT(colour, _table(np.zeros(len(gains)), np.array(gains), np.zeros(1))), np.uint8)
        return layer._replace(colour=colour)

    def own(self, foreground: int) -> Spread:
        """Of a foreground's solid pixels, in the size in which it is kept."""
        found = self._own.get(foreground)
        if found is None:
            rgba = self._foreground(foreground)
            colour = np.ascontiguousarray(rgba[..., :3])
            if self._grey:
                colour = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
            solid = np.ascontiguousarray(rgba[..., 3] >= HALF).view(np.uint8)
            mean, deviation = cv2.meanStdDev(_lab(colour), mask=solid)
            found = self._own[foreground] = Spread(
                *(np.asarray(part, np.float64).ravel() for part in (mean, deviation))
            )
        return found

    def around(self, background: int, box: Box) -> Spread:
        """Of a background in and around a box of it."""
        sums = self._sums.get(background)
        if sums is None:
            pixels = self._background(background)
            total, squares = cv2.integral2(_lab(pixels))
            sums = self._sums[background] = np.asarray(total), np.asarray(squares)
        side = sums[0].shape[0] - 1
        x, y, width, height = widened(box, max(round(_AROUND * max(box[2:])), 4), (side, side))
        mean, square = (
            np.atleast_1d(
                part[y + height, x + width].astype(np.float64) - part[y, x + width] - part[y + height, x] + part[y, x]
            )
            / (width * height)
            for part in sums
        )
        return Spread(mean, np.sqrt(np.maximum(square - mean**2, 0)))


def _lab(pixels: Pixels) -> Pixels:
    """(h, w, 3) RGB as 8-bit L*a*b*, whose values are the same on every machine; (h, w) grey as it is."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.uint8)


def _towards(own: Spread, wanted: Spread, strength: float) -> NDArray[np.uint8]:
    scale = np.clip(wanted.deviation / np.maximum(own.deviation, 1), _LEAST, _MOST)
    return _table(own.mean, 1 + strength * (scale - 1), own.mean + strength * (wanted.mean - own.mean))


def _table(middle: Floats, scale: Floats, new_middle: Floats) -> NDArray[np.uint8]:
    """(256, 1, C): each value as far from the new middle as it was from the old one, times the scale; all (C,)."""
    values = _VALUES * scale + (new_middle - middle * scale)
    np.rint(values, out=values)
    np.maximum(values, 0.0, out=values)
    np.minimum(values, 255.0, out=values)
    return values.astype(np.uint8)[:, None]
