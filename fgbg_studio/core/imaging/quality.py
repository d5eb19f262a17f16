"""How sharp, how bright and how rich in contrast a picture is."""

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
    return float(cv2.Laplacian(_standard(rgb), cv2.CV_32F).var())


def edge_blur(rgb: Pixels) -> float:
    """How soft a picture's sharpest edges are: as if ideal edges were blurred by a Gaussian of so many pixels.

    Each of the steepest hundredth of the pixels is compared with itself after one more blur: the softer an edge, the
    less that changes it (Zhuo and Sim, 'Defocus map estimation from a single image', Pattern Recognition 2011). The
    sharper quarter of them counts, so that a soft background behind something sharp is no blur.

    Args:
        rgb: (H, W, 3); it is measured at a longer side of 512 px, or as it is where it is smaller.

    Returns:
        The Gaussian's standard deviation in these pixels, 0 for the sharpest; infinite where there are no edges.
    """
    grey = _standard(rgb).astype(np.float32)
    once = _steepness(_softened(grey, _DENOISE))
    twice = _steepness(_softened(grey, float(np.hypot(_DENOISE, 1))))
    steep = once >= max(float(np.quantile(once, 0.99)), _EDGE)
    if np.count_nonzero(steep) < _FEW_EDGES:
        return float("inf")
    ratio = float(np.quantile(once[steep] / np.maximum(twice[steep], 1e-3), 0.75))
    if ratio <= 1:
        return float("inf")
    return float(np.sqrt(max(1 / (ratio * ratio - 1) - _DENOISE**2, 0)))


def contrast(rgb: Pixels) -> float:
    """How far the darkest and the brightest fiftieth of a picture (H, W, 3) lie apart, 0 (flat) to 1."""
    low, high = np.quantile(luma(rgb), (0.02, 0.98))
    return float((high - low) / 255)


_DENOISE = 0.7  # pixels of a first blur, against noise
_EDGE = 8.0  # a gradient (Sobel, 0..255 a pixel, eight times enlarged) that is worth to be called an edge
_FEW_EDGES = 20  # pixels


def _softened(grey: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32)


def _steepness(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    across, down = (cv2.Sobel(grey, cv2.CV_32F, x, 1 - x) for x in (1, 0))
    made: NDArray[np.float32] = np.hypot(across, down)
    return made[2:-2, 2:-2] if min(made.shape) > 8 else made


def _standard(rgb: Pixels) -> NDArray[np.uint8]:
    """The luma at the size that pictures are measured at."""
    grey = luma(rgb)
    factor = _STANDARD / max(grey.shape)
    if factor >= 1:
        return grey
    size = (max(round(grey.shape[1] * factor), 1), max(round(grey.shape[0] * factor), 1))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


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
