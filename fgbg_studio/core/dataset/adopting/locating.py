"""Where in a composite its foreground is, and what its mask is: from the foreground's own alpha, never by a guess.

A composite is its background outside of the object and the foreground inside of it. For every place where the
foreground fits, the sum of squared differences between the composite and that is

    C(x, y) = Σ over the object's solid pixels of (composite − foreground)²
            + Σ over all others of (composite − background)²

and the second sum is that of the whole picture less that under the object. Both are correlations, which OpenCV makes
by Fourier transforms, so that no place is left out. The best place is believed by how much worse the next one is.
Without a background only the first sum is known.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.dataset.inspect.adoption import Sure

_SOLID = 250
"""Alpha from which on a foreground's pixel is compared: a softer one is half the background's."""
_HALF = 128
_CLOSE = 24.0
"""Root of the mean squared difference of an object's pixels that JPEG of quality 30 stays under, with some room."""
_NEAR = 3  # pixels around a place that are the same place
_CLEAR, _LIKELY = 1.5, 1.1
"""How many times as different the next best place must be."""
_EXACT = 1.15
"""How many times as different the pixels beside the place must be: else it may be one pixel off."""
_CHANGED = 12  # grey values by which a smoothed composite differs from its background where something was pasted
_SPECK = 0.02  # of the largest part: smaller ones are noise


class LocatedMask(NamedTuple):
    """A mask, and how it was found.

    Attributes:
        mask: (S, S) bool.
        way: in words.
        sure: how sure that is; None where it cannot be believed.
        difference: root of the mean squared difference between the object in the composite and its foreground.
        next: the same of the next best place, 0 where none was looked for.
        x, y: of the foreground's upper left corner; -1 where it was not looked for.
    """

    mask: NDArray[np.bool_]
    way: str
    sure: Sure | None
    difference: float = 0.0
    next: float = 0.0
    x: int = -1
    y: int = -1


def locate(
    composite: Pixels,
    rgba: Pixels,
    background: Pixels | None,
    at: tuple[int, int] | None = None,
    *,
    resized: bool = False,
    threshold: int = _HALF,
) -> LocatedMask | None:
    """The mask of a composite by its foreground's alpha; None where the foreground does not fit into it.

    Args:
        composite: (H, W, 3) uint8.
        rgba: (h, w, 4) uint8, the foreground in the size in which it was pasted, mirrored if it was.
        background: (H, W, 3) uint8, or None.
        at: where a label file says that its upper left corner is: looked at first, and searched elsewhere if wrong.
        resized: whether ``rgba`` was brought to its size here, so that its pixels are not quite those that were pasted.
        threshold: alpha from which on the mask is white.
    """
    height, width = composite.shape[:2]
    high, wide = rgba.shape[:2]
    solid = rgba[..., 3] >= _SOLID
    if not solid.any():
        solid = rgba[..., 3] >= _HALF
    if high > height or wide > width or not solid.any():
        return None
    if at is not None and 0 <= at[0] <= width - wide and 0 <= at[1] <= height - high:
        off = _difference(composite, rgba, solid, *at)
        if off <= _CLOSE:
            mask = _placed(composite, rgba, threshold, *at)
            return LocatedMask(mask, "the foreground's alpha at its label", "sure", off, 0.0, *at)
    costs = _costs(composite, rgba, solid, background)
    _, _, (x, y), _ = cv2.minMaxLoc(costs)
    best = max(float(costs[y, x]), 1e-6)
    costs[y, x] = math.inf
    beside = float(costs[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].min())
    costs[max(y - _NEAR, 0) : y + _NEAR + 1, max(x - _NEAR, 0) : x + _NEAR + 1] = math.inf
    other = float(costs.min())
    off = _difference(composite, rgba, solid, x, y)
    times = other / best
    believed: Sure | None = None
    if off <= _CLOSE and times >= _LIKELY:
        believed = "sure" if times >= _CLEAR and beside >= _EXACT * best and not resized else "likely"
    way = f"the foreground's alpha{', resized,' if resized else ''} found in the composite"
    following = off * math.sqrt(times) if math.isfinite(times) else 0.0
    return LocatedMask(_placed(composite, rgba, threshold, x, y), way, believed, off, following, x, y)


def changed(composite: Pixels, background: Pixels) -> LocatedMask | None:
    """The mask of what differs from the background; None where next to nothing does.

    Pixels of the object that are as the background are missing in it: it is rough, whatever it looks like.
    """
    smooth = [cv2.GaussianBlur(one, (0, 0), 1.0).astype(np.int16) for one in (composite, background)]
    apart = (np.abs(smooth[0] - smooth[1]).max(axis=2) >= _CHANGED).astype(np.uint8)
    apart = cv2.morphologyEx(apart, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    count, labels, parts, _ = cv2.connectedComponentsWithStats(apart, connectivity=8)
    if count < 2:
        return None
    areas = parts[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    keep = areas >= max(_SPECK * areas.max(), 8)
    keep[0] = False
    mask = keep[labels]
    return LocatedMask(mask, "what differs from the background", "rough") if mask.any() else None


def _costs(composite: Pixels, rgba: Pixels, solid: NDArray[np.bool_], background: Pixels | None) -> NDArray[np.float32]:
    """(H - h + 1, W - w + 1) float32, the sum of squared differences at each place; see the module."""
    mask = solid.astype(np.float32)
    whole, part = composite.astype(np.float32), np.ascontiguousarray(rgba[..., :3]).astype(np.float32)
    inside = cv2.matchTemplate(whole, part, cv2.TM_SQDIFF, mask=cv2.merge([mask] * 3))
    costs = np.maximum(np.asarray(inside, np.float32), 0)
    if background is not None:
        apart = ((whole - background.astype(np.float32)) ** 2).sum(axis=2)
        under = cv2.matchTemplate(apart, mask, cv2.TM_CCORR)
        costs = np.maximum(costs + apart.sum(dtype=np.float32) - under, 0)
    return costs


def _difference(composite: Pixels, rgba: Pixels, solid: NDArray[np.bool_], x: int, y: int) -> float:
    high, wide = solid.shape
    apart = composite[y : y + high, x : x + wide].astype(np.float32) - rgba[..., :3]
    return float(np.sqrt((apart[solid] ** 2).mean()))


def _placed(composite: Pixels, rgba: Pixels, threshold: int, x: int, y: int) -> NDArray[np.bool_]:
    mask = np.zeros(composite.shape[:2], np.bool_)
    mask[y : y + rgba.shape[0], x : x + rgba.shape[1]] = rgba[..., 3] >= threshold
    return mask
