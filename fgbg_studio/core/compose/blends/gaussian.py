"""An edge that is softened by a Gaussian."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.compose.blends.alpha import over, spread_over, weighted
from fgbg_studio.core.interfaces.blend import Blend, Layer

_WIDTH = "σ of the Gaussian, drawn for each object from this to that"
Radius = Annotated[
    tuple[Annotated[float, about(ge=0.1, le=8)], Annotated[float, about(ge=0.1, le=8)]],
    about("softness of the edge", "px", _WIDTH),
]
RADIUS = (0.5, 1.2)


@dataclass(frozen=True)
class GaussianEdge(Blend):
    """Alpha softened by a Gaussian, one of the blends of Dwibedi, Misra and Hebert ('Cut, paste and learn', ICCV 2017).

    Inside, the foreground keeps its own colours; outside, where it has none, those of its border go on.
    """

    name: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian edge"
    summary: ClassVar[str] = "the edge softened by a Gaussian as wide as drawn for each object"
    radius: Radius = RADIUS

    def sigma(self, draw: float) -> float:
        """Of one object, in pixels."""
        low, high = self.radius
        return low + draw * (high - low)

    @override
    def reach(self, draw: float) -> int:
        return math.ceil(3 * self.sigma(draw))

    @override
    def lay(self, place: Pixels, layer: Layer, draw: float) -> None:
        side, sigma = 2 * self.reach(draw) + 1, self.sigma(draw)
        own = spread_over(layer.alpha, place)
        soft = spread_over(np.asarray(cv2.GaussianBlur(layer.alpha, (side, side), sigma), np.uint8), place)
        # Colours times alpha, softened with it, are what goes on outside.
        colours = np.asarray(cv2.GaussianBlur(weighted(layer.colour, own), (side, side), sigma), np.uint8)
        cv2.copyTo(weighted(layer.colour, soft), layer.alpha, colours)
        over(place, colours, soft)
