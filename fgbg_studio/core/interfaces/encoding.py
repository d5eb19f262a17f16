"""The family of depth encodings: how a depth map becomes a picture.

There is one meaning inside (float32, larger = farther); encodings have names outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.strategy import Strategy


@dataclass(frozen=True)
class Encoding(Strategy, family="depth encoding", members="fgbg_studio.core.depth.encodings"):
    """Base of the encodings."""

    bits: ClassVar[int] = 8
    needs_metres: ClassVar[bool] = False
    """Whether relative depth (0..1) would be stored as nonsense."""
    pointwise: ClassVar[bool] = True
    """Whether a pixel is stored as its own depth says, whatever the rest of the map is."""

    def encode(self, depth: DepthMap) -> NDArray[Any]:
        """(H, W) float32 depth, larger = farther, as (H, W) uint8 or uint16."""
        raise NotImplementedError

    def restore(self, stored: NDArray[Any]) -> DepthMap:
        """The depth that stored values say, (H, W) float32, larger = farther; the inverse of `encode` up to rounding.

        In metres where the encoding needs them and the depth is metric, else on 0..1.
        """
        raise NotImplementedError

    @property
    def meaning(self) -> str:
        """What a stored value says, as written into ``dataset.json``."""
        raise NotImplementedError
