"""Float32 planes of a picture, and parts of them at another size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.float32]


def resampled(planes: Planes, there: NDArray[np.float64], size: tuple[int, int]) -> Planes:
    """Values between pixels, linearly; beyond the planes their border goes on.

    Args:
        planes: (h, w[, n]).
        there: (2, 3), where in the planes each pixel of the result lies: columns and rows, from the first's middle.
        size: columns and rows of the result.
    """
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(planes, there, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)
