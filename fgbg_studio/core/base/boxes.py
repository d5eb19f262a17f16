"""Upright boxes of whole pixels."""

from __future__ import annotations

from collections.abc import Iterable

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


def apart(boxes: Iterable[Box], worth: int = 0) -> list[Box]:
    """Boxes around the same pixels of which no two have one in common; those without pixels are left out.

    Two are one where its pixels are at most ``worth`` more than theirs.
    """
    found: list[Box] = []
    for box in boxes:
        if not (box[2] and box[3]):
            continue
        whole = box
        while (near := next((one for one in found if _are_one(whole, one, worth)), None)) is not None:
            found.remove(near)
            whole = union(whole, near)
        found.append(whole)
    return found


def _are_one(a: Box, b: Box, worth: int) -> bool:
    if a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]:
        return True
    return _pixels(union(a, b)) <= _pixels(a) + _pixels(b) + worth


def _pixels(box: Box) -> int:
    return box[2] * box[3]


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
