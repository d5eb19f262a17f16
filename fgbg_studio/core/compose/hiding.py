"""Things in front: an object is hidden where its background is nearer than it stands.

What is nearer is told by the depth map, whose borders are seldom those of the picture. So in a band about its border
the picture decides: a guided filter (He, Sun and Tang, 'Guided image filtering', ECCV 2010) of the hidden pixels by the
background's greys. All its sums are of whole numbers below 2^53, exact in float64: every machine finds the same.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.boxes import Box, part_of, widened
from fgbg_studio.core.base.sample import Patch, PlacedPatch
from fgbg_studio.core.project.settings import FrontRule

_HALF = 128
_EDGE = 64.0  # of grey levels' variance: differences of 8 and more are borders in the picture
_SLOPES, _LEVELS = 1 << 16, 1 << 8  # steps in one, to which the filter's two maps are rounded

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

    def __call__(self, number: int, base: DepthMap, placed: PlacedPatch, contact: float) -> PlacedPatch:
        """What is seen of an object that stands at ``contact`` in the background ``number`` with the depth ``base``."""
        soft = self._rule.soft
        box = widened(placed.box, 3 * soft, base.shape)
        near = base[part_of(box)] < np.float32(contact * (1 - self._rule.margin))
        inner = placed.x - box[0], placed.y - box[1], *placed.box[2:]
        if not near[part_of(inner)].any():
            return placed
        hidden = near.view(np.uint8) * np.uint8(255)
        if soft:
            hidden = _along_the_picture(hidden, self._grey(number, box), soft)
        return placed._replace(patch=self._without(placed.patch, np.ascontiguousarray(hidden[part_of(inner)])))

    def _grey(self, number: int, box: Box) -> Pixels:
        pixels = self._background(number)[part_of(box)]
        return np.asarray(pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)

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


def _along_the_picture(hidden: Pixels, grey: Pixels, soft: int) -> Pixels:
    """``hidden``, (h, w) of 0 and 255, with a border that follows ``grey`` where it is within ``soft`` pixels of it."""
    around = np.ones((2 * soft + 1, 2 * soft + 1), np.uint8)
    border = cv2.dilate(hidden, around) != cv2.erode(hidden, around)
    if not border.any():
        return hidden
    side = (2 * soft + 1, 2 * soft + 1)
    count = float(side[0] * side[1])

    def mean(values: Exact) -> Exact:
        return np.asarray(cv2.boxFilter(values, cv2.CV_64F, side, normalize=False) / count, np.float64)

    wanted, guide = hidden.astype(np.float64), grey.astype(np.float64)
    level, share = mean(guide), mean(wanted)
    slope = (mean(guide * wanted) - level * share) / (mean(guide * guide) - level * level + _EDGE)
    offset = share - slope * level
    slope, offset = np.rint(slope * _SLOPES), np.rint(offset * _LEVELS)
    found = np.clip(np.rint(mean(slope) / _SLOPES * guide + mean(offset) / _LEVELS), 0, 255).astype(np.uint8)
    return np.where(border, found, hidden)
