"""How sharp and how bright a picture is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels

DARK = 8
"""A picture whose mean is under this, of 255, is almost black."""

_STANDARD = 512  # pictures are measured at this longer side, so that resolution alone changes no figure


def sharpness(rgb: Pixels) -> float:
    """The variance of the Laplacian of the luma (0..255) at a longer side of 512 px; larger is sharper.

    After Pech-Pacheco and others, 'Diatom autofocusing in brightfield microscopy', ICPR 2000. A picture
    smaller than that is measured as it is: enlarging it would call it blurred.

    Args:
        rgb: (H, W, 3).
    """
    grey = luma(rgb)
    factor = _STANDARD / max(grey.shape)
    if factor < 1:
        grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())


def brightness(rgb: Pixels) -> float:
    """The mean luma of a picture (H, W, 3), 0 (black) to 1 (white)."""
    return float(luma(rgb).mean() / 255)


def luma(rgb: Pixels) -> NDArray[np.uint8]:
    """The luma of a picture (H, W, 3), (H, W) uint8."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def is_grey(rgb: Pixels) -> bool:
    """Whether a picture (H, W, 3) has no colour, but for a thousandth of its pixels."""
    spread = rgb.max(axis=2) - rgb.min(axis=2)
    return bool(np.count_nonzero(spread > 8) <= spread.size / 1000)
