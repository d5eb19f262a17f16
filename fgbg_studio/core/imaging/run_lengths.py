"""Masks as COCO's run lengths: how many pixels are 0, then 1, then 0 …, down the columns, as compressed text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.boxes import Box


def run_lengths(solid: NDArray[np.bool_], box: Box) -> str:
    """The compressed run lengths of a mask, as pycocotools' ``rleToString`` writes them.

    Args:
        solid: (H, W) bool.
        box: x, y, width and height of a box that holds all that is True, with a width of 0 where nothing is.
    """
    height, width = solid.shape
    x, y, wide, high = box
    return MovableRuns(solid[y : y + high, x : x + wide], height, width).at(x, y)


class MovableRuns:
    """The run lengths of a shape, wherever it is in frames of one size: only the first and the last change.

    Args:
        shape: (h, w) bool, what is True of it wholly inside the frame.
        height: of the frame in pixels.
        width: likewise.
    """

    def __init__(self, shape: NDArray[np.bool_], height: int, width: int) -> None:
        high, wide = shape.shape
        self._height, self._total, self._middle = height, height * width, ""
        whole = np.zeros((wide, height + 1), np.bool_)  # a column each, and one pixel more, to tell columns apart
        whole[:, :high] = shape.T
        edges = np.flatnonzero(np.diff(whole.ravel(), prepend=False))
        edges -= edges // (height + 1)  # without that pixel
        if high == height and len(edges):  # runs may go on in the next column
            starts, ends = edges[::2], edges[1::2]
            apart = np.append(ends[:-1] != starts[1:], True)
            edges = np.stack([starts[np.append(True, apart[:-1])], ends[apart]], axis=1).ravel()
        self._edges = len(edges)
        if self._edges:
            runs = np.diff(edges)
            self._first, self._last = int(edges[0]), int(edges[-1])
            self._before = int(runs[-2]) if len(runs) > 2 else 0
            self._middle = "".join(map(_CODES.__getitem__, _differences(runs).tolist()))

    def at(self, x: int, y: int) -> str:
        """The compressed text where the shape's upper left corner is at (x, y)."""
        if not self._edges:
            return _CODES[self._total]
        moved = x * self._height + y
        left = self._total - self._last - moved
        return _CODES[self._first + moved] + self._middle + (_CODES[left - self._before] if left else "")


def _differences(runs: Ints) -> Ints:
    """(n,) run lengths from the second on, as they are written: from the fourth on less the last but one."""
    values = runs.copy()
    values[2:] -= runs[:-2]
    return values


class _Codes(dict[int, str]):
    """Numbers as text: 5 bits a character from 48 on, the lowest first, 32 for 'more follow'."""

    def __missing__(self, number: int) -> str:
        text, left = "", number
        while True:
            low, left = left & 31, left >> 5
            if left == (-1 if low & 16 else 0):
                return text + chr(low + 48)
            text += chr(low + 80)


_CODES = _Codes()
_CODES.update({number: _CODES[number] for number in range(-1024, 1024)})
