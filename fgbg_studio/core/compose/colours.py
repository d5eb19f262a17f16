"""Colour and light of a foreground, taken towards those of what is around it.

Mean and standard deviation of luma and of the two differences of colour (Y, Cr, Cb) go towards the surroundings' by a
drawn strength, after Reinhard, Ashikhmin, Gooch and Shirley ('Color transfer between images', IEEE Computer Graphics
and Applications 2001), who did so in a space that is not linear in the picture's values. As this one is, the whole of
it, with exposure and warmth, is one matrix for each object.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Pixels
from fgbg_studio.core.base.boxes import Box, widened
from fgbg_studio.core.imaging.matte import HALF
from fgbg_studio.core.interfaces.blend import Layer
from fgbg_studio.core.project.settings import Settings

_AROUND = 0.25  # of the longer side: how far beyond its box an object's surroundings reach
_LEAST, _MOST = 0.6, 1.5  # times its own contrast: what an object becomes at most
_GAMMA = 2.2  # of the display: twice the light is 2^(1/2.2) times the value
_WARM = 0.12  # of a value: how much more red and less blue the warmest is
_KEPT = 64 << 20
_VALUES = np.arange(256.0)
_STEPS = 1 << 10  # in one: what the matrix's numbers are whole parts of, so that every machine rounds its sums alike
# JPEG's Y, Cr and Cb (ITU-T T.871) of R, G and B, and back.
_FORTH = [[0.299, 0.587, 0.114], [0.5, -0.418688, -0.081312], [-0.168736, -0.331264, 0.5]]
_BACK = [[1.0, 1.402, 0.0], [1.0, -0.714136, -0.344136], [1.0, 0.0, 1.772]]
_MIDDLES = [0.0, 128.0, 128.0]
# What of R, G and B in a value of a row of these comes by way of each channel: (3, 3, 3), the channels last.
_PARTS = [
    [[back * forth[column] for back, forth in zip(row, _FORTH, strict=True)] for column in range(3)] for row in _BACK
]


class Spread(NamedTuple):
    """Mean and standard deviation of each channel, of Y, Cr and Cb as 8-bit pictures have them."""

    mean: Sequence[float]
    deviation: Sequence[float]


class ColourMatcher:
    """Of one recipe's pictures; see `core.compose.looks.Looks` for the arguments."""

    def __init__(
        self, settings: Settings, background: Callable[[int], Pixels], foreground: Callable[[int], Pixels]
    ) -> None:
        self._look = settings.appearance
        self._background, self._foreground = background, foreground
        self._grey = settings.grayscale
        self._own: dict[int, Spread] = {}
        self._sums: LRUCache[int, Floats] = LRUCache(_KEPT, lambda sums: sums.nbytes)

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
        scale, before, after = _KEPT_AS_IT_IS
        if strength:
            own, wanted = self.own(foreground), self.around(background, box)
            before = own.mean
            after = [mean + strength * (other - mean) for mean, other in zip(before, wanted.mean, strict=True)]
            both = zip(own.deviation, wanted.deviation, strict=True)
            scale = [1 + strength * (min(max(other / max(mine, 1), _LEAST), _MOST) - 1) for mine, other in both]
        elif not (stops or warmth):
            return layer
        brighter = 2 ** (stops / _GAMMA)
        if self._grey:
            table = brighter * (_VALUES * scale[0] + (after[0] - before[0] * scale[0]))
            return layer._replace(colour=np.asarray(cv2.LUT(colour, np.rint(table).clip(0, 255).astype(np.uint8))))
        gains = [brighter * (1 + _WARM * warmth * side) for side in (1, 0, -1)]
        shift = [new - mean * times for new, mean, times in zip(after, before, scale, strict=True)]
        matrix = matrix_of(scale, shift, gains)
        return layer._replace(colour=np.asarray(cv2.transform(colour, matrix), np.uint8))

    def own(self, foreground: int) -> Spread:
        """Of a foreground's solid pixels, in the size in which it is kept."""
        found = self._own.get(foreground)
        if found is None:
            rgba = self._foreground(foreground)
            colour = np.ascontiguousarray(rgba[..., :3])
            if self._grey:
                colour = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
            solid = np.ascontiguousarray(rgba[..., 3] >= HALF).view(np.uint8)
            mean, deviation = cv2.meanStdDev(_channels(colour), mask=solid)
            found = self._own[foreground] = Spread(*(np.ravel(part).tolist() for part in (mean, deviation)))
        return found

    def around(self, background: int, box: Box) -> Spread:
        """Of a background in and around a box of it."""
        sums = self._sums.get(background)
        if sums is None:
            parts = cv2.integral2(_channels(self._background(background)))
            # In float64, in which they are whole numbers.
            sums = self._sums[background] = np.dstack([np.asarray(part, np.float64) for part in parts])
        side = len(sums) - 1
        x, y, width, height = widened(box, max(round(_AROUND * max(box[2:])), 4), (side, side))
        found = sums[y + height, x + width] - sums[y, x + width] - sums[y + height, x] + sums[y, x]
        means = (found / (width * height)).tolist()
        channels = len(means) // 2
        mean, squares = means[:channels], means[channels:]
        both = zip(mean, squares, strict=True)
        return Spread(mean, [math.sqrt(max(square - one * one, 0)) for one, square in both])


def _channels(pixels: Pixels) -> Pixels:
    """(h, w, 3) RGB as 8-bit Y, Cr and Cb; (h, w) grey as it is."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb), np.uint8)


_KEPT_AS_IT_IS: tuple[Sequence[float], ...] = [1.0] * 3, [128.0] * 3, [128.0] * 3


def matrix_of(scale: Sequence[float], shift: Sequence[float], gains: Sequence[float]) -> NDArray[np.float32]:
    """(3, 4): R, G and B times the gains, after Y, Cr and Cb became ``scale`` times and ``shift`` more; three of each.

    A difference of colour is 128 more in an 8-bit picture than it is. The first three columns are even parts of a step,
    the last is odd: no sum lies in the middle between two values, where machines round in different ways.
    """
    # In Python's numbers: for so few of them a call of numpy's takes longer than all the arithmetic.
    luma, red, blue = scale
    moved = [more + (times - 1) * middle for more, times, middle in zip(shift, scale, _MIDDLES, strict=True)]
    rows = []
    for parts, back, gain in zip(_PARTS, _BACK, gains, strict=True):
        steps = gain * (_STEPS / 2)
        row = [2 * round((luma * one + red * two + blue * three) * steps) for one, two, three in parts]
        row.append(2 * round((back[0] * moved[0] + back[1] * moved[1] + back[2] * moved[2]) * steps) + 1)
        rows.append(row)
    return np.array(rows, np.float32) / np.float32(_STEPS)
