"""What is drawn, in pixels: strokes, the hard brushes that paint the alpha itself, rectangles, lassos.

The strokes that are seen are the ones that are cut by: nothing else draws them.
"""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of
from fgbg_studio.core.base.errors import UsageError

Points = tuple[tuple[float, float], ...]

NOTHING, OBJECT, BACKGROUND, HAIR = 0, 1, 2, 3  # what strokes say of a pixel
UNDECIDED = 128  # of a trimap
SOFTEST = 36  # pixels around a way that `soften` looks at, at the most
_FRACTION = 4  # bits of a pixel's fraction that the way is drawn with


def draw_way(pixels: Pixels, points: Points, radius: float, value: int) -> Box:
    """Set ``value`` along a way of round ends; returns the box (x, y, width, height) that it touches."""
    box = way_box(points, radius, pixels.shape)
    if box[2]:
        _draw(pixels[part_of(box)], points, radius, box, value)
    return box


def painted_way(alpha: Pixels, before: Pixels, painted: Pixels, points: Points, radius: float, brush: str) -> Box:
    """Paint the alpha itself along a way.

    Args:
        alpha: (H, W), changed: 255 for ``add``, 0 for ``remove``; for ``soften`` what ``before`` is, blurred.
        before: (H, W), the alpha when the brush was set down, so that its speed does not matter.
        painted: (H, W), set to 255 along the way.
        points: (x, y) in pixels.
        radius: in pixels.
        brush: ``add``, ``remove`` or ``soften``.

    Returns:
        The box (x, y, width, height) that it touches.
    """
    box = way_box(points, radius, alpha.shape)
    if not box[2]:
        return box
    part = part_of(box)
    _draw(painted[part], points, radius, box, 255)
    if brush == "soften":
        way = np.zeros(box[:1:-1], np.uint8)
        _draw(way, points, radius, box, 255)
        np.copyto(alpha[part], _blurred(before, box, radius), where=way > 0)
    else:
        _draw(alpha[part], points, radius, box, 255 if brush == "add" else 0)
    return box


def rectangle_trimap(box: Box, shape: tuple[int, ...]) -> Pixels:
    """A trimap (H, W) that is undecided (128) inside the box (x, y, width, height) and background (0) outside.

    Raises:
        UsageError: nothing of the box lies on the photo.
    """
    x, y, width, height = box
    left, top = max(0, x), max(0, y)
    right, bottom = min(shape[1], x + width), min(shape[0], y + height)
    if right <= left or bottom <= top:
        raise UsageError(
            f"the rectangle {x},{y},{width},{height} lies outside the photo of {shape[1]} × {shape[0]} pixels",
            "Give one around the object",
        )
    trimap = np.zeros(shape, np.uint8)
    trimap[top:bottom, left:right] = UNDECIDED
    return trimap


def lasso_trimap(points: Points, shape: tuple[int, ...]) -> Pixels:
    """A trimap (H, W) that is undecided (128) inside the polygon and background (0) outside."""
    trimap = np.zeros(shape, np.uint8)
    cv2.fillPoly(trimap, [np.round(np.array(points)).astype(np.int32)], UNDECIDED)
    return trimap


def way_box(points: Points, radius: float, shape: tuple[int, ...]) -> Box:
    """The box (x, y, width, height) inside the picture that a way of this radius touches; all 0 where none does."""
    xs, ys = zip(*points, strict=True)
    reach = radius + 2
    left, top = max(math.floor(min(xs) - reach), 0), max(math.floor(min(ys) - reach), 0)
    right, bottom = min(math.ceil(max(xs) + reach), shape[1]), min(math.ceil(max(ys) + reach), shape[0])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else (0, 0, 0, 0)


def _draw(part: Pixels, points: Points, radius: float, box: Box, value: int) -> None:
    """Set ``value`` along the way in ``part``, the pixels (height, width) of the box.

    A pixel's middle lies at half a pixel, as on the screen, while OpenCV counts from it.
    """
    scale = 1 << _FRACTION
    way = np.round((np.array(points, np.float64) - (box[0] + 0.5, box[1] + 0.5)) * scale).astype(np.int32)
    if radius <= 0.75:
        cv2.polylines(part, [np.concatenate([way, way[-1:]])], False, value, 1, cv2.LINE_8, _FRACTION)
        return
    for point in way:
        cv2.circle(part, point.tolist(), round(radius * scale), value, -1, cv2.LINE_8, _FRACTION)
    for start, end in pairwise(way):
        across = (end - start)[::-1] * (1, -1)
        length = float(np.hypot(*across))
        if length:
            side = across / length * radius * scale
            corners = np.round([start + side, end + side, end - side, start - side]).astype(np.int32)
            cv2.fillConvexPoly(part, corners, value, cv2.LINE_8, _FRACTION)


def _blurred(alpha: Pixels, box: Box, radius: float) -> Pixels:
    """The alpha inside the box, blurred by a fraction of the brush."""
    sigma = min(max(radius / 6, 0.8), SOFTEST / 3)
    reach = math.ceil(3 * sigma)
    x, y, width, height = box
    top, left = max(y - reach, 0), max(x - reach, 0)
    wide = cv2.GaussianBlur(alpha[top : y + height + reach, left : x + width + reach], (0, 0), sigma)
    return np.asarray(wide[y - top : y - top + height, x - left : x - left + width], np.uint8)
