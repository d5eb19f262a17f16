"""Where the ground about an object's feet is seen, by the depth of its background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import DepthMap, Pixels
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
        down = np.clip(y + step // 2 + np.arange(rows) * step, 0, size - 1)
        across = np.clip(x + step // 2 + np.arange(columns) * step, 0, size - 1)
        below = down + 0.5 - footing.horizon
        if self._ground.metric:
            expected = self._contact * (self._foot - footing.horizon) / np.maximum(below, 1e-3)
        else:
            expected = np.where(below < footing.below, self._contact, 0.0)
        found = depth[down][:, across]
        with np.errstate(divide="ignore"):
            off = found * (1 / expected)[:, None].astype(np.float32) - np.float32(1)
        if self._ground.metric:
            np.abs(off, out=off)
        else:
            np.negative(off, out=off)
        share = (np.float32(_OFF) - off) * np.float32(255 / (_OFF - _GROUND))
        share[np.isnan(share)] = 255
        return np.asarray(share.clip(0, 255), np.uint8)
