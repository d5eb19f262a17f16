"""The outline of a shape as one closed line, as YOLO's segments are.

Parts that lie apart, and holes, are joined to it by lines there and back (as Ultralytics' ``merge_multi_segment``
does): filled, these have no inside.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Ints

_MOST_32 = 32_767  # pixels of a side: twice its square is less than 2 ** 31


def outline(solid: NDArray[np.bool_]) -> Ints:
    """(n, 2) corners, x and y of pixels, of one closed line around all that is True in (H, W), holes left out."""
    found, _ = cv2.findContours(solid.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    exact = np.int32 if max(solid.shape) <= _MOST_32 else np.int64  # of squares; half the bytes are half the time
    parts: list[NDArray[Any]] = [np.asarray(one, exact).reshape(-1, 2) for one in found]
    parts.sort(key=len, reverse=True)
    whole = parts[0]
    for part in parts[1:]:
        apart = sum(np.subtract.outer(whole[:, axis], part[:, axis]) ** 2 for axis in (0, 1))
        at, nearest = divmod(int(np.argmin(apart)), len(part))
        whole = np.concatenate([whole[: at + 1], part[nearest:], part[: nearest + 1], whole[at:]])
    whole = whole.astype(np.int64)
    if len(whole) < 3:  # a point or a line of pixels: readers want an area
        whole = np.concatenate([whole, np.repeat(whole[-1:], 3 - len(whole), axis=0)])
    return whole
