"""The regions where objects may stand, as a plan asks for them: by background, row and column of the frame.

A foreground stands on the pixel under the middle of its lower edge: column ``x + (width - 1) // 2``, row
``y + height - 1``. A pixel belongs to the region when its centre, seen in the whole picture, lies in a painted cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.placement import Placed
from fgbg_studio.core.placement.region_mask import CELLS, StandingRegion, unpack

_CACHE = 64 << 20  # bytes of counts that are kept


class RegionIndex:
    """The regions of backgrounds in a frame of ``size`` pixels; None where objects may stand everywhere."""

    def __init__(self, regions: Sequence[StandingRegion | None], size: int) -> None:
        self._size = size
        self.painted: NDArray[np.bool_] = np.array([region is not None for region in regions], np.bool_)
        """(backgrounds,) whether there is a region, so that not every place is right."""
        self._number = np.cumsum(self.painted) - 1
        known = [region for region in regions if region is not None]
        self._cells = np.array([unpack(region.cells) for region in known], np.bool_).reshape(-1, CELLS, CELLS)
        self._shown = np.array([region.shown for region in known], np.float64).reshape(-1, 4)
        self._counts = lru_cache(max(_CACHE // (4 * size * (size + 1)), 1))(self._count)

    def hold(self, background: Ints, placed: Placed) -> NDArray[np.bool_]:
        """(n,) whether each foreground stands on its background's region; True where there is none."""
        right = ~self.painted[background]
        rows = np.flatnonzero(~right & placed.fits)
        number = self._number[background[rows]]
        left, top, wide, high = self._shown[number].T
        column = placed.x[rows] + (placed.width[rows] - 1) // 2
        row = placed.y[rows] + placed.height[rows] - 1
        across, down = self._cell(column, left, wide), self._cell(row, top, high)
        right[rows] = self._cells[number, down, across]
        return right

    def counts(self, background: Ints, row: Ints) -> NDArray[np.int32]:
        """(n, size + 1): how many pixels of the region lie in that row of the frame left of each column."""
        found = np.empty((len(background), self._size + 1), np.int32)
        for number in np.unique(background).tolist():
            chosen = background == number
            found[chosen] = self._counts(number)[row[chosen]]
        return found

    def between(self, background: Ints, row: Ints, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
        """(n,) and (n,): how many pixels of the region lie in that row left of column ``start`` and of ``stop``."""
        left, right = np.empty_like(row), np.empty_like(row)
        for number in np.unique(background).tolist():
            chosen = background == number
            counts = self._counts(number)
            left[chosen] = counts[row[chosen], start[chosen]]
            right[chosen] = counts[row[chosen], stop[chosen]]
        return left, right

    def _cell(self, pixel: Ints, start: Floats, length: Floats) -> Ints:
        place = (start + (pixel + 0.5) / self._size * length) * CELLS
        return np.clip(np.floor(place).astype(np.int64), 0, CELLS - 1)

    def _count(self, background: int) -> NDArray[np.int32]:
        number = self._number[background]
        left, top, wide, high = self._shown[number]
        pixels = np.arange(self._size)
        across, down = self._cell(pixels, left, wide), self._cell(pixels, top, high)
        region: Region = self._cells[number][down[:, None], across[None, :]]
        return np.pad(np.cumsum(region, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
