"""Further objects that the frame cuts: some are put over its left, right or lower edge."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fgbg_studio.core.base.arrays import Floats
from fgbg_studio.core.interfaces.placement import Placed, Placement, Request
from fgbg_studio.core.plan.table import Flags, ObjectColumns

LEAST, MOST = 0.1, 0.5
"""Shares of a box that are beyond the edge: no less is worth it, and half of the object tells what it is."""

_EDGES = 3  # left, right, lower
_LOWER = 2


def chosen(draws: Floats, share: float) -> Flags:
    """(n,) whether objects are to be cut, by their draws, (n, 3) uniform in [0, 1)."""
    return draws[:, 0] < share


def cut_by_frame(request: Request, columns: ObjectColumns, draws: Floats, lowered: Placed | None) -> ObjectColumns:
    """Objects over an edge of the frame each, all as far beyond it as is drawn.

    One that is cut at a side stands in its row and is as large as it was. One that is cut below stands nearer, where
    ``lowered`` has it, and is cut at a side where it has no place there.

    Args:
        request: of the (n,) objects.
        columns: wholly inside the frame.
        draws: (n, 3) as `chosen` takes them.
        lowered: as `Placement.lowered`, for `share_of` the draws; None where a row decides sizes.
    """
    edge = np.floor(draws[:, 1] * _EDGES).astype(np.int64)
    down = np.zeros(len(edge), np.bool_) if lowered is None else (edge == _LOWER) & lowered.fits
    beyond = np.rint(share_of(draws) * columns.width).astype(np.int64)
    left = (edge == 0) | ((edge == _LOWER) & (draws[:, 1] * _EDGES % 1 < 0.5))
    x = np.where(left, -beyond, request.frame - columns.width + beyond)
    sided = columns._replace(x=x)
    if lowered is None:
        return sided
    middle = columns.x + (columns.width - lowered.width) // 2
    return sided._replace(
        x=np.where(down, np.clip(middle, 0, np.maximum(request.frame - lowered.width, 0)), x),
        y=np.where(down, lowered.y, columns.y),
        width=np.where(down, lowered.width, columns.width),
        height=np.where(down, lowered.height, columns.height),
        scale=np.where(down, columns.scale * lowered.height / columns.height, columns.scale),
    )


def taken_over_edges(placement: Placement, request: Request, placed: Placed, x: float, foot: float) -> Placed:
    """One object's box as far over the frame's edge as a hand takes it to column ``x`` and row ``foot``.

    By the lower edge where the hand is below it, else by a side; at most `MOST` of the box is beyond. ``placed`` is
    what `Placement.at` has for that point; a box that is taken to where it is stays as it is.
    """
    frame, rows = request.frame, np.arange(request.frame + 1, max(math.ceil(foot), request.frame) + 1)
    if len(rows) and not placement.fixed_rows:
        many = request.repeated(len(rows))
        lowered = placement.lowered(many, placed.height.repeat(len(rows)), rows)
        right = np.flatnonzero(lowered.fits & (rows - frame <= MOST * lowered.height + 1))
        if len(right):
            last = right[-1:]
            width, height, top = lowered.width[last], lowered.height[last], lowered.y[last]
            left = np.clip(np.rint(x - width / 2).astype(np.int64), 0, frame - width)
            return replace(placed, x=left, y=top, width=width, height=height)
    beyond = np.ceil(MOST * placed.width).astype(np.int64)
    left = np.rint(x - placed.width / 2).astype(np.int64)
    return replace(placed, x=np.clip(left, -beyond, frame - placed.width + beyond))


def share_of(draws: Floats) -> Floats:
    """(n,) how much of each box is beyond the edge."""
    return LEAST + draws[:, 2] * (MOST - LEAST)
