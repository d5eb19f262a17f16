"""The outline of a shape as one closed line, as YOLO's segments are.

Parts that lie apart, and holes, are joined to it by lines there and back (as Ultralytics' ``merge_multi_segment``
does): filled, these have no inside.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Ints


def outline(solid: NDArray[np.bool_]) -> Ints:
    """(n, 2) corners, x and y of pixels, of one closed line around all that is True in (H, W), holes left out."""
    found, _ = cv2.findContours(solid.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parts = sorted((np.asarray(one, np.int64).reshape(-1, 2) for one in found), key=len, reverse=True)
    whole = parts[0]
    for part in parts[1:]:
        apart = ((whole[:, None] - part[None]) ** 2).sum(axis=2)
        at, nearest = divmod(int(apart.argmin()), len(part))
        around = np.roll(part, -nearest, axis=0)
        whole = np.concatenate([whole[: at + 1], around, around[:1], whole[at:]])
    if len(whole) < 3:  # a point or a line of pixels: readers want an area
        whole = np.concatenate([whole, np.repeat(whole[-1:], 3 - len(whole), axis=0)])
    return whole
