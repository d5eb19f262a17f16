"""A soft border at full size for an object that was found on a reduced copy of its photo.

The guided filter (He, Sun and Tang, 'Guided image filtering', TPAMI 2013) fits alpha = a·colour + b in every
window around the border; the fast one (He and Sun, arXiv 1505.00996) fits on the reduced copy and applies
the enlarged coefficients to the photo's own pixels, so that the border follows edges the copy never saw.

Where the colours say nothing of the border, as where a stroke parts what looks alike, the filter answers with a
ramp as wide as its windows. That is no soft border, but one that nobody knows: it is made a pixel of the copy wide.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.imaging.regions import Region

Planes = NDArray[np.float32]

RADIUS = 4  # of the window, in pixels of the copy
SMOOTHNESS = 2e-4  # the filter's epsilon, of colours 0..1: smaller follows fainter edges
GAIN = 1.6  # the filter's ramps are as wide as its window; an edge in focus is not
BLIND_GAIN = 2 * RADIUS + 1.0  # where it sees no edge, its ramp rises by the inverse of this in a pixel of the copy
TILE = 256  # side in pixels of what is filtered at once: only tiles with a border in them are


def soft_border(inside: Region, copy: Pixels, photo: Pixels) -> Pixels:
    """The alpha of the object at the photo's size.

    Args:
        inside: (h, w) the object on the copy.
        copy: (h, w, 3) RGB, ``photo`` reduced.
        photo: (H, W, 3) RGB.

    Returns:
        (H, W): 0 and 255 outside a band of a window's width along the border.
    """
    height, width = photo.shape[:2]
    solid = inside.astype(np.uint8)
    kernel = np.ones((2 * RADIUS + 1, 2 * RADIUS + 1), np.uint8)
    band = np.asarray(cv2.dilate(solid, kernel) - cv2.erode(solid, kernel), np.uint8)
    alpha = np.asarray(cv2.resize(solid * 255, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    if not band.any():
        return alpha
    fitted = _coefficients(inside.astype(np.float32), copy.astype(np.float32) / np.float32(255))
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = np.s_[top : top + TILE, left : left + TILE]
            _refine(alpha[tile], photo[tile], fitted, band, (left, top), (width, height))
    return alpha


def _refine(
    alpha: Pixels, photo: Pixels, fitted: Planes, band: Pixels, at: tuple[int, int], whole: tuple[int, int]
) -> None:
    """Filter one tile in place; ``at`` is its top-left corner in a photo of the size ``whole``."""
    high, wide = alpha.shape
    scales = band.shape[1] / whole[0], band.shape[0] / whole[1]
    offsets = [(at[i] + 0.5) * scales[i] - 0.5 for i in (0, 1)]
    there = np.array([[scales[0], 0, offsets[0]], [0, scales[1], offsets[1]]])
    x, y = max(0, int(offsets[0])), max(0, int(offsets[1]))
    if not band[y : y + int(high * scales[1]) + 3, x : x + int(wide * scales[0]) + 3].any():
        return
    near = _warped(band, there, (wide, high), cv2.INTER_NEAREST)
    local = _warped(fitted, there, (wide, high), cv2.INTER_LINEAR)
    value = np.einsum("ijk,ijk->ij", local[..., :3], photo.astype(np.float32) / 255) + local[..., 3]
    sharp = np.clip((value - 0.5) * (local[..., 4] * 255) + 127.5, 0, 255).round().astype(np.uint8)
    np.copyto(alpha, sharp, where=near > 0)


def _warped(planes: AnyPixels, there: NDArray[np.float64], size: tuple[int, int], how: int) -> AnyPixels:
    flags = how | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(planes, there, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _coefficients(target: Planes, guide: Planes) -> Planes:
    """(h, w, 5): a for red, green and blue, and b, each the mean over the windows that a pixel lies in; and the gain.

    The gain is `GAIN` where the colours explain half of the border in those windows, `BLIND_GAIN` where nothing.
    """
    mean, aim = _mean(guide), _mean(target)
    covariance = _mean(guide * target[..., None]) - mean * aim[..., None]
    pairs = _mean(guide * guide) - mean * mean + np.float32(SMOOTHNESS)
    rr, gg, bb = (pairs[..., i] for i in range(3))
    shifted = guide[..., [1, 2, 0]]
    rg, gb, br = ((_mean(guide * shifted) - mean * mean[..., [1, 2, 0]])[..., i] for i in range(3))
    # The symmetric 3 × 3 matrix is solved by its cofactors, for all pixels at once.
    inverse = [
        [gg * bb - gb * gb, br * gb - rg * bb, rg * gb - br * gg],
        [br * gb - rg * bb, rr * bb - br * br, rg * br - rr * gb],
        [rg * gb - br * gg, rg * br - rr * gb, rr * gg - rg * rg],
    ]
    determinant = rr * inverse[0][0] + rg * inverse[0][1] + br * inverse[0][2]
    slope = [sum(row[i] * covariance[..., i] for i in range(3)) / determinant for row in inverse]
    a = np.stack(slope, axis=-1)
    b = aim - (a * mean).sum(axis=-1)
    spread = aim * (1 - aim)  # the variance of what is only 0 and 1
    explained = np.clip(_mean((a * covariance).sum(axis=-1)) / np.maximum(_mean(spread), np.float32(1e-6)), 0, 1)
    blind = np.clip(1 - 2 * explained, 0, 1)
    gain = 1 / ((1 - blind) / GAIN + blind / BLIND_GAIN)
    return np.dstack([_mean(np.dstack([a, b]).astype(np.float32)), gain]).astype(np.float32)


def _mean(planes: Planes) -> Planes:
    side = 2 * RADIUS + 1
    return np.asarray(cv2.boxFilter(planes, -1, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)
