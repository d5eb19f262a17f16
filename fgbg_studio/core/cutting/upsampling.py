"""A network's small map of the object brought to a larger picture, along the edges that the picture shows.

Joint bilateral upsampling (Kopf, Cohen, Lischinski and Uyttendaele, SIGGRAPH 2007): a pixel takes the mean of the map
around it, in which those places weigh most that have its colour. Only the band in which the map could be of two minds
is computed so.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Region

Odds = NDArray[np.float32]

REACH = 2  # pixels of the map to each side
_NEAR, _ALIKE = 1.2, 22.0  # deviations: of the distance in pixels of the map, and of colours 0..255
_MOST = 6.0  # odds beyond count as these: a place is not surer than sure


def upsampled(odds: Odds, picture: Pixels) -> Odds:
    """The map at the picture's size.

    Args:
        odds: (h, w) over the whole picture, its border at 0.
        picture: (H, W, 3) RGB, no smaller than the map.

    Returns:
        (H, W) float32.
    """
    (high, wide), (rows, columns) = picture.shape[:2], odds.shape
    sure = np.clip(odds, -_MOST, _MOST)
    large = np.asarray(cv2.resize(sure, (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)
    y, x = np.nonzero(_near_border(odds > 0, (wide, high)))
    if not len(y):
        return large
    small = np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
    colours = picture[y, x].astype(np.float32)
    across, down = (x + 0.5) * columns / wide - 0.5, (y + 0.5) * rows / high - 0.5
    left, top = np.round(across).astype(np.intp), np.round(down).astype(np.intp)
    total, weights = np.zeros(len(y), np.float32), np.zeros(len(y), np.float32)
    for row in range(-REACH, REACH + 1):
        for column in range(-REACH, REACH + 1):
            r, c = np.clip(top + row, 0, rows - 1), np.clip(left + column, 0, columns - 1)
            far = ((top + row - down) ** 2 + (left + column - across) ** 2) / (2 * _NEAR**2)
            strange = np.square(small[r, c] - colours).sum(axis=1) / (2 * _ALIKE**2)
            weight = np.exp(-far - strange).astype(np.float32)
            total += weight * sure[r, c]
            weights += weight
    known = weights > 1e-6  # a colour that nothing around has says nothing
    large[y[known], x[known]] = total[known] / weights[known]
    return large


def _near_border(inside: Region, size: tuple[int, int]) -> Region:
    """Where, at ``size`` (w, h), a pixel of the map within reach is of the other mind."""
    solid, kernel = inside.astype(np.uint8), np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    band = cv2.dilate(solid, kernel) - cv2.erode(solid, kernel)
    return np.asarray(cv2.resize(band, size, interpolation=cv2.INTER_NEAREST) > 0, np.bool_)
