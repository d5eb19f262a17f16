"""Where the ground about an object's feet is seen, by the depth of its background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import DepthMap, Floats, Ints, Pixels
from fgbg_studio.core.compose.lights import Footing

_GROUND, _OFF = 0.1, 0.25  # how far the depth may be from the ground's, in parts of it: it is the ground; it is not


class KnownGround(NamedTuple):
    """What is known of the ground of one sample.

    Attributes:
        depth: (S, S) float32 of the background; NaN where nothing is known.
        contacts: at which depths the objects stand.
        metric: whether twice the number is twice as far away.
    """

    depth: DepthMap
    contacts: Sequence[float]
    metric: bool


class Floor:
    """How much of the ground is seen about one object's feet, by the background's depth.

    On the ground the depth times the rows below the horizon is the same everywhere: what is nearer stands on it or
    before it, what is farther lies deeper. Of depth that is no distance only so much is known: behind the feet nothing
    of the ground is nearer.
    """

    def __init__(self, ground: KnownGround, contact: float, foot: int, footing: Footing) -> None:
        """``contact`` is the object's depth, of the ground that is seen in the row ``foot``."""
        self._ground, self._contact, self._foot, self._footing = ground, contact, foot, footing

    def share(self, x: int, y: int, shape: tuple[int, ...], step: int) -> Pixels:
        """``shape`` uint8, 255 where the ground is, of every ``step``-th pixel from (x, y); outside as at the edge."""
        depth, footing = self._ground.depth, self._footing
        size, (rows, columns) = len(depth), shape
        places, down = _every(y + step // 2, rows, step, size)
        _, across = _every(x + step // 2, columns, step, size)
        below = np.asarray(places + 0.5 - footing.horizon, np.float64)
        nearness = self._nearness(below).astype(np.float32)
        off = depth[down][:, across] * nearness[:, None]
        off -= np.float32(1)
        if self._ground.metric:
            np.abs(off, out=off)
        else:
            np.negative(off, out=off)
        np.subtract(np.float32(_OFF), off, out=off)
        off *= np.float32(255 / (_OFF - _GROUND))
        # Of a number and none `fmin` takes the number: where nothing is known there is ground.
        np.maximum(np.fmin(off, np.float32(255), out=off), np.float32(0), out=off)
        return off.astype(np.uint8)

    def _nearness(self, below: Floats) -> Floats:
        """1 by the depth of the ground that is seen in rows so far ``below`` the horizon."""
        if self._ground.metric:
            whole = self._contact * (self._foot - self._footing.horizon)
            return np.asarray(1 / (whole / np.maximum(below, 1e-3)) if whole else np.full(len(below), np.inf))
        return np.where(below < self._footing.below, 1 / self._contact if self._contact else np.inf, np.inf)


def _every(first: int, count: int, step: int, size: int) -> tuple[Ints, Ints | slice]:
    """Every ``step``-th of ``size`` places, outside those at the edge; and the quickest that picks them."""
    places = np.arange(first, first + count * step, step)
    last = first + (count - 1) * step
    if first >= 0 and last < size:
        return places, slice(first, last + 1, step)
    places = np.minimum(np.maximum(places, 0), size - 1)
    return places, places
