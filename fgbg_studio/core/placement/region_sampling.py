"""Places for foregrounds in backgrounds where a person painted where objects may stand.

A foreground whose first place lies in the region keeps it; the others draw anew, and what then still stands outside
takes a place by counting those that there are, with the same chances. So one is found exactly where there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.interfaces.placement import Placed, Placement, Request
from fgbg_studio.core.placement.region_index import RegionIndex

ROUNDS = 12
"""How often a place is drawn before places are counted, which costs a hundred times as much as a draw."""

_CHUNK = 1 << 18  # places that are looked at together: some 20 MB

Draw = Callable[[Ints, int], Floats]
"""(rows, round from 1) → (len(rows), 3) uniform in [0, 1), keyed by the samples' identities."""


def on_ground(
    placement: Placement, request: Request, placed: Placed, background: Ints, grounds: RegionIndex, draw: Draw
) -> Placed:
    """``placed`` with every foreground on its background's region; ``fits`` is False where it has no place there.

    A placement with fixed rows divides what of a row lies in the region as it divides the whole row otherwise, so
    that its places stay apart and in their depth layer.

    Args:
        placement: made ``placed`` of ``request``.
        request: of n samples.
        placed: their boxes.
        background: (n,) their backgrounds.
        grounds: the regions.
        draw: random numbers for those that have to stand elsewhere.
    """
    if placement.fixed_rows:
        rows = np.flatnonzero(grounds.painted[background] & placed.fits)
        return _put(placed, rows, _counted(placement, _rows(request, rows), background[rows], grounds))
    rows = np.flatnonzero(placed.fits & ~grounds.hold(background, placed))
    for number in range(1, ROUNDS + 1):
        if not len(rows):
            return placed
        asked = _rows(request, rows, draw(rows, number))
        found = placement.place(asked)
        right = grounds.hold(background[rows], found)
        placed = _put(placed, rows[right], _taken(found, np.flatnonzero(right)))
        rows = rows[~right]
    asked = _rows(request, rows, draw(rows, ROUNDS + 1))
    return _put(placed, rows, _counted(placement, asked, background[rows], grounds))


def _counted(placement: Placement, request: Request, background: Ints, grounds: RegionIndex) -> Placed:
    """Places by counting, for the samples of ``request``: first the row by the second draw, then the column."""
    steps = 1 if placement.fixed_rows else request.frame + 1  # so many draws meet every row that there is
    parts = [
        _count(placement, _rows(request, rows), background[rows], grounds, steps)
        for rows in np.array_split(np.arange(len(background)), len(background) * steps // _CHUNK + 1)
    ]
    return Placed(*(np.concatenate(columns) for columns in zip(*(vars(p).values() for p in parts), strict=True)))


def _count(placement: Placement, request: Request, background: Ints, grounds: RegionIndex, steps: int) -> Placed:
    """As `_counted`, all at once: each sample tries ``steps`` second draws."""
    count = len(background)
    every = np.repeat(np.arange(count), steps)
    draws = request.draws[every]
    # Evenly spaced, so that no row is passed over; shifted by chance, so that none is met more often than another.
    draws[:, 1] = ((np.arange(steps) + request.draws[:, 2:3]) / steps).reshape(-1)
    tried = placement.place(_rows(request, every, draws))
    room = np.maximum(request.frame - tried.width, 0)
    foot = np.clip(tried.y + tried.height - 1, 0, request.frame - 1)
    first = (tried.width - 1) // 2
    left, right = grounds.between(background[every], foot, first, np.minimum(first + room + 1, request.frame))
    places = np.where(tried.fits, right - left, 0)
    chances = np.cumsum((places / (room + 1)).reshape(count, steps), axis=1)
    wanted = np.minimum(request.draws[:, 1] * chances[:, -1], np.nextafter(chances[:, -1], 0))
    step = np.minimum((chances <= wanted[:, None]).sum(axis=1), steps - 1)
    chosen = np.arange(count) * steps + step
    nth = left[chosen] + np.floor(placement.across(request) * places[chosen]).astype(np.int64)
    column = (grounds.counts(background, foot[chosen]) <= nth[:, None]).sum(axis=1) - 1
    found = _taken(tried, chosen)
    return replace(found, x=column - first[chosen], fits=chances[:, -1] > 0)


def _rows(request: Request, rows: Ints, draws: Floats | None = None) -> Request:
    return Request(
        frame=request.frame,
        width=request.width[rows],
        height=request.height[rows],
        k=request.k[rows],
        draws=request.draws[rows] if draws is None else draws,
        horizon=request.horizon[rows],
        camera_height=request.camera_height[rows],
        real_height=request.real_height[rows],
        wall=request.wall[rows],
        tilt=request.tilt[rows],
    )


def _taken(placed: Placed, rows: Ints) -> Placed:
    return Placed(*(column[rows] for column in vars(placed).values()))


def _put(placed: Placed, rows: Ints, part: Placed) -> Placed:
    columns = [column.copy() for column in vars(placed).values()]
    for column, new in zip(columns, vars(part).values(), strict=True):
        column[rows] = new
    return Placed(*columns)
