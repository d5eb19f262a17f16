"""The family of depth encodings: how a depth map becomes a picture.

There is one meaning inside (float32, larger = farther, NaN = no value); encodings have names outside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.strategy import Strategy

TOO_FAR, TOO_NEAR, NO_VALUE = "depth-too-far", "depth-too-near", "depth-no-value"
"""Counted pixels: farther than an encoding reaches, nearer than its smallest step (or negative), without a value."""
ONE_DEPTH = "depth-one-value"
"""Counted maps: the same everywhere, but for objects that were inserted."""


@dataclass(frozen=True)
class Encoding(Strategy, family="depth encoding", members="fgbg_studio.core.depth.encodings"):
    """Base of the encodings."""

    bits: ClassVar[int] = 8
    needs_metres: ClassVar[bool] = False
    """Whether relative depth (0..1) would be stored as nonsense."""
    needs_relative: ClassVar[bool] = False
    """Whether metres would be stored as nonsense."""
    pointwise: ClassVar[bool] = True
    """Whether a pixel is stored as its own depth says, whatever the rest of the map is."""

    def encode(self, depth: DepthMap) -> NDArray[Any]:
        """(H, W) float32 depth, larger = farther, as (H, W) uint8 or uint16.

        Where 0 is no value, NaN becomes 0 and all else at least 1; where 0 is a value, NaN becomes the farthest.
        """
        raise NotImplementedError

    @property
    def step(self) -> float:
        """The depth that a stored 1 says: the least that is told from no value. 0 where pictures are stretched."""
        return 0.0

    @property
    def reach(self) -> float:
        """The greatest depth that can be stored; infinite where pictures are stretched."""
        return math.inf

    @property
    def zero(self) -> Literal["no value", "a value"]:
        """What a stored 0 says."""
        return "no value" if self.pointwise else "a value"

    def fits(self, kind: Literal["metric", "relative", "none"]) -> bool:
        """Whether depth of this kind can be stored."""
        return not (self.needs_metres if kind == "relative" else self.needs_relative and kind == "metric")

    def unheld(self, depth: DepthMap) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        """What of a map is not stored as it is: the name of what is wrong, and where, (H, W); only what there is."""
        if self.pointwise:
            half = self.step / 2
            for name, where in ((TOO_FAR, depth >= self.reach + half), (TOO_NEAR, depth < half)):
                if where.any():
                    yield name, where
        missing = np.isnan(depth)
        if missing.any():
            yield NO_VALUE, missing

    def restore(self, stored: NDArray[Any]) -> DepthMap:
        """The depth that stored values say, (H, W) float32, larger = farther; the inverse of `encode` up to rounding.

        In metres where the encoding needs them and the depth is metric, else on 0..1; NaN where there is no value.
        """
        raise NotImplementedError

    @property
    def meaning(self) -> str:
        """What a stored value says, as written into ``dataset.json``."""
        raise NotImplementedError
