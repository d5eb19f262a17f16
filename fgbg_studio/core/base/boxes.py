"""Upright boxes of whole pixels."""

from __future__ import annotations

Box = tuple[int, int, int, int]
"""x and y of the upper left corner, width and height."""


def union(*boxes: Box) -> Box:
    """The smallest box around all; a box without pixels does not count, and without any it is empty."""
    filled = [box for box in boxes if box[2] and box[3]]
    if not filled:
        return 0, 0, 0, 0
    x, y = min(box[0] for box in filled), min(box[1] for box in filled)
    right, bottom = max(box[0] + box[2] for box in filled), max(box[1] + box[3] for box in filled)
    return x, y, right - x, bottom - y


def clipped(box: Box, shape: tuple[int, ...]) -> Box:
    """What of a box lies on a picture of this shape (H, W, …); all 0 where nothing does."""
    left, top = max(box[0], 0), max(box[1], 0)
    right, bottom = min(box[0] + box[2], shape[1]), min(box[1] + box[3], shape[0])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else (0, 0, 0, 0)


def widened(box: Box, more: int, shape: tuple[int, ...]) -> Box:
    """A box with ``more`` pixels about it on each side, as far as a picture of this shape (H, W, …) goes."""
    x, y, width, height = box
    return clipped((x - more, y - more, width + 2 * more, height + 2 * more), shape)


def part_of(box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box, to index an array with."""
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)
