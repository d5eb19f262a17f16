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
