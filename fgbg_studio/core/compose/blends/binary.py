"""Pixel by pixel: the hard edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.interfaces.blend import Blend, Layer


@dataclass(frozen=True)
class Binary(Blend):
    """The foreground where the mask is white, else the background: no pixel is of both."""

    name: ClassVar[str] = "binary"
    summary: ClassVar[str] = "pixel by pixel: foreground where the mask is white, background elsewhere"
    hard: ClassVar[bool] = True
    plain: ClassVar[bool] = True

    @override
    def lay(self, place: Pixels, layer: Layer, draw: float) -> None:
        cv2.copyTo(layer.colour, layer.mask, place)
