"""Things in front: an object is hidden where its background is nearer than it stands.

What is nearer is told by the depth map, whose borders are seldom those of the picture. So in a band about its border
the picture decides: a guided filter (He, Sun and Tang, 'Guided image filtering', ECCV 2010) of the hidden pixels by the
background's greys. All its sums are of whole numbers below 2^53, exact in float64: every machine finds the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Pixels
from fgbg_studio.core.base.boxes import Box, part_of, widened
from fgbg_studio.core.base.sample import Patch, PlacedPatch
from fgbg_studio.core.project.settings import FrontRule

_HALF = 128
_EDGE = 64.0  # of grey levels' variance: differences of 8 and more are borders in the picture
_SLOPES, _LEVELS = 1 << 16, 1 << 8  # steps in one, to which the filter's two maps are rounded
_CACHE = 64 << 20

Exact = NDArray[np.float64]


class Hider:
    """Hides objects behind things of their backgrounds.

    Args:
        rule: by which.
        background: gives a background's picture by its number.
        multiplied: whether patches' colours are multiplied by alpha.
        hard: whether patches are laid down pixel by pixel.
    """

    def __init__(self, rule: FrontRule, background: Callable[[int], Pixels], *, multiplied: bool, hard: bool) -> None:
        self._rule, self._background = rule, background
        self._multiplied, self._hard = multiplied, hard
        self._guides: LRUCache[int, _Guide] = LRUCache(_CACHE, lambda guide: guide.size)

    def __call__(self, number: int, base: DepthMap, placed: PlacedPatch, contact: float) -> PlacedPatch:
        """What is seen of an object that stands at ``contact`` in the background ``number`` with the depth ``base``."""
        soft = self._rule.soft
        box = widened(placed.box, 3 * soft, base.shape)
        # A scalar as the second factor is OpenCV's own habit, which its type stubs do not know.
        nearest = float(np.float32(contact * (1 - self._rule.margin)))
        hidden: Pixels = cv2.compare(base[part_of(box)], nearest, cv2.CMP_LT)  # type: ignore[call-overload]
        inner = placed.x - box[0], placed.y - box[1], *placed.box[2:]
        if not cv2.countNonZero(hidden[part_of(inner)]):
            return placed
        if soft:
            _follow_the_picture(hidden, inner, self._guide(number), box, soft)
        return placed._replace(patch=self._without(placed.patch, np.ascontiguousarray(hidden[part_of(inner)])))

    def _guide(self, number: int) -> _Guide:
        guide = self._guides.get(number)
        if guide is None:
            pixels = self._background(number)
            grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
            guide = self._guides[number] = _Guide.of(np.asarray(grey, np.uint8), self._rule.soft)
        return guide

    def _without(self, patch: Patch, hidden: Pixels) -> Patch:
        """A patch without what is hidden of it, (h, w) uint8: 255 wholly."""
        shown = 255 - hidden
        solid = patch.solid & (shown >= _HALF)
        mask = solid.view(np.uint8) * np.uint8(255)
        colour, rest = patch.colour, 255 - mask
        if not self._hard:
            rest = 255 - _times(255 - patch.rest, shown)
            colour = _times(colour, shown) if self._multiplied else colour
        left, top, wide, high = cv2.boundingRect(mask)
        return Patch(colour, rest, mask, solid, cv2.countNonZero(mask), (left, top, wide, high))


def _times(pixels: Pixels, share: Pixels) -> Pixels:
    spread = share if pixels.ndim == 2 else cv2.cvtColor(share, cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.multiply(pixels, spread, scale=1 / 255), np.uint8)


class _Guide(NamedTuple):
    """A background's greys, (S, S), and of each pixel's surroundings their mean and their variance with `_EDGE`.

    The mean is in parts of `_LEVELS`, the variance of `_SLOPES`: by powers of two, which nothing is rounded by.
    """

    grey: Pixels
    level: Exact
    variance: Exact

    @classmethod
    def of(cls, grey: Pixels, soft: int) -> _Guide:
        level = _sums(grey, soft) / _area(soft)
        squares = _sums(np.square(grey, dtype=np.float64), soft) / _area(soft)
        return cls(grey, level / _LEVELS, (squares - level * level + _EDGE) / _SLOPES)

    def part(self, box: Box) -> _Guide:
        rows, columns = part_of(box)
        return _Guide(self.grey[rows, columns], self.level[rows, columns], self.variance[rows, columns])

    @property
    def size(self) -> int:
        return sum(whole.nbytes for whole in self)


def _area(soft: int) -> float:
    return float((2 * soft + 1) ** 2)


def _sums(values: AnyPixels, soft: int) -> AnyPixels:
    """Over each pixel's surroundings, of (h, w) uint8, int32 or float64; whole numbers stay whole."""
    side = 2 * soft + 1
    exact = cv2.CV_64F if values.dtype == np.float64 else cv2.CV_32S
    return np.asarray(cv2.boxFilter(values, exact, (side, side), normalize=False))


def _follow_the_picture(hidden: Pixels, inner: Box, guide: _Guide, box: Box, soft: int) -> None:
    """Let the border of ``hidden`` in ``inner`` follow the picture where it is within ``soft`` pixels of it.

    ``hidden`` is (h, w), 0 and 255, of the box ``box`` of the frame, which has 3 × ``soft`` more on each side than
    ``inner``, or what of it there is.
    """
    area, sums = _area(soft), _sums(hidden, soft)
    border = cv2.inRange(sums, 1, int(255 * area) - 1)  # neither all nor nothing
    x, y, width, height = cv2.boundingRect(border[part_of(inner)])
    if not width:
        return
    # The filter looks 2 × soft far: all beyond is left out.
    part = widened((inner[0] + x, inner[1] + y, width, height), 2 * soft, hidden.shape)
    place = part_of(part)
    grey, level, variance = guide.part((box[0] + part[0], box[1] + part[1], *part[2:]))
    offset = sums[place] / (area / _LEVELS)
    slope = _sums(cv2.bitwise_and(grey, hidden[place]), soft) / area
    slope *= 255
    slope -= level * offset
    slope /= variance
    offset -= slope * level
    # A slope is at most 8, as a variance has `_EDGE` more: sums of 33 × 33 fit into 32 bits.
    slopes, offsets = (_sums(np.rint(one, out=one).astype(np.int32), soft) for one in (slope, offset))
    at = border[place].ravel().nonzero()[0]
    found = slopes.ravel()[at] / (area * _SLOPES)
    found *= grey.ravel()[at]
    found += offsets.ravel()[at] / (area * _LEVELS)
    followed = hidden[place].copy()
    followed.ravel()[at] = np.minimum(np.maximum(np.rint(found), 0), 255)
    hidden[place] = followed
