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
    x, _, wide, _ = box
    if not wide:
        return compressed(np.array([height * width]))
    flat = solid[:, x : x + wide].T.ravel()  # no other column has anything
    start, end = x * height, height * width
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1 + start
    first = [0, start] if flat[0] else [0]
    last = [start + flat.size, end] if flat[-1] and start + flat.size < end else [end]
    return compressed(np.diff(np.concatenate([first, edges, last])))


def compressed(runs: Ints) -> str:
    """(n,) run lengths as text: 5 bits a character from 48 on, the lowest first, 32 for 'more follow'.

    From the fourth run on it is the difference to the last but one.
    """
    values = runs.copy()
    values[3:] -= runs[1:-2]
    parts = []
    going = np.ones(len(values), np.bool_)
    while going.any():
        low = values & 31
        values >>= 5
        more = going & np.where(low & 16, values != -1, values != 0)
        parts.append(np.where(going, low + 32 * more + 48, 0))
        going = more
    text = np.stack(parts, axis=1).ravel()
    return text[text > 0].astype(np.uint8).tobytes().decode("ascii")
