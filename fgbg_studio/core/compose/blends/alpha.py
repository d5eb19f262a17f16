"""By alpha: as soft as the cutout's own edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.interfaces.blend import Blend, Layer


@dataclass(frozen=True)
class Alpha(Blend):
    """Straight-alpha compositing, the operator *over*."""

    name: ClassVar[str] = "alpha"
    summary: ClassVar[str] = "as soft as the foreground was cut"
    plain: ClassVar[bool] = True

    @override
    def lay(self, place: Pixels, layer: Layer, draw: float) -> None:
        spread = spread_over(layer.alpha, place)
        over(place, weighted(layer.colour, spread), spread)


def spread_over(alpha: Pixels, place: Pixels) -> Pixels:
    """``alpha`` (h, w) on as many channels as ``place`` has."""
    return alpha if place.ndim == 2 else np.asarray(cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB), np.uint8)


def weighted(colour: Pixels, spread: Pixels) -> Pixels:
    """``colour`` times alpha, rounded; both (h, w[, 3])."""
    return np.asarray(cv2.multiply(colour, spread, scale=1 / 255), np.uint8)


def over(place: Pixels, multiplied: Pixels, spread: Pixels) -> None:
    """Lay colours that are multiplied by alpha over ``place``; all (h, w[, 3])."""
    cv2.multiply(place, 255 - spread, dst=place, scale=1 / 255)
    cv2.add(place, multiplied, dst=place)
