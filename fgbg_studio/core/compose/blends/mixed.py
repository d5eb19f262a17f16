"""One of the blends for each sample, drawn by weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.compose.blends.alpha import Alpha
from fgbg_studio.core.compose.blends.binary import Binary
from fgbg_studio.core.compose.blends.gaussian import RADIUS, GaussianEdge, Radius
from fgbg_studio.core.compose.blends.multiband import LEVELS, Levels, Multiband
from fgbg_studio.core.interfaces.blend import Blend

_PAIRED = "the same scene once with each of those that have a weight; so many times as many samples"
_SHARE = "beside the other weights: twice as much is twice as often"


@dataclass(frozen=True)
class Mixed(Blend):
    """Every sample has one of the blends: what a network sees of seams is then no sign of an object.

    Dwibedi, Misra and Hebert ('Cut, paste and learn', ICCV 2017) found this to matter more than which blend it is; they
    made every scene with each of the blends, as `paired` does.
    """

    name: ClassVar[str] = "mixed"
    summary: ClassVar[str] = "one of the blends for each sample, drawn by these weights"
    alpha: Annotated[float, about("weight of alpha", tip=_SHARE, ge=0, le=10)] = 1.0
    binary: Annotated[float, about("weight of binary", tip=_SHARE, ge=0, le=10)] = 1.0
    gaussian: Annotated[float, about("weight of Gaussian edges", tip=_SHARE, ge=0, le=10)] = 1.0
    multiband: Annotated[float, about("weight of multiband", tip=_SHARE, ge=0, le=10)] = 1.0
    radius: Radius = RADIUS
    levels: Levels = LEVELS
    paired: Annotated[bool, about("each sample with every blend", tip=_PAIRED)] = False

    def __post_init__(self) -> None:
        if not self.weights:
            raise UsageError(f"blend {self.name!r}: all weights are 0", "Give one of them more")

    @property
    def weights(self) -> dict[Blend, float]:
        """The blends that are drawn, each with its weight."""
        blends = {
            Alpha(): self.alpha, Binary(): self.binary, GaussianEdge(self.radius): self.gaussian,
            Multiband(self.levels): self.multiband,
        }  # fmt: skip
        return {blend: weight for blend, weight in blends.items() if weight}

    @property
    @override
    def times(self) -> int:
        return len(self.weights) if self.paired else 1

    @override
    def chosen(self, draw: float, k: int) -> Blend:
        if self.paired:
            return list(self.weights)[k % self.times]
        rest = draw * sum(self.weights.values())
        for blend, weight in self.weights.items():
            if rest < weight:
                return blend
            rest -= weight
        return blend  # what is left is a rounding's
