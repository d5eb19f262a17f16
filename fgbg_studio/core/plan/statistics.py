"""What the boxes of a plan say before a single picture is made: where objects stand, how large they are.

Everything is a count of whole numbers, so that parts can be added up in any order and are still exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.plan.order import PlanOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.table import ObjectColumns, SampleTable

CELLS = 32
"""The frame is looked at in so many rows and as many columns."""

HEIGHTS = 50
"""Bins of the histogram of heights, each a fiftieth of the frame."""

_CHUNK = 4000  # what fits into the processor's cache


def _cells() -> Ints:
    return np.zeros((CELLS, CELLS), np.int64)


@dataclass(eq=False)
class PlanStatistics:
    """Counts over samples and their objects.

    Attributes:
        count: samples.
        objects: of all samples.
        mirrored: how many objects are mirrored.
        feet: (CELLS, CELLS) int64, [row, column]: in which cell the middle of a box's lower edge lies.
        covered: (CELLS, CELLS) int64: how many boxes cover the cell's centre.
        heights: (HEIGHTS,) int64: heights of boxes as fractions of the frame.
        layers: objects by depth layer, 0 the nearest, -1 where the placement knows none.
        solid: the frames that all objects' masks would fill, where it is known how much of their boxes they do; else 0.
    """

    count: int = 0
    objects: int = 0
    mirrored: int = 0
    feet: Ints = field(default_factory=_cells)
    covered: Ints = field(default_factory=_cells)
    heights: Ints = field(default_factory=lambda: np.zeros(HEIGHTS, np.int64))
    layers: Counter[int] = field(default_factory=Counter)
    solid: float = 0.0

    @property
    def box_coverage(self) -> float:
        """Mean part of the frame that a box covers, 0..1."""
        return float(self.covered.sum()) / max(self.objects * CELLS**2, 1)

    @property
    def coverage(self) -> float:
        """Mean part of the frame that an object's mask covers, 0..1; 0 where ``solid`` is not known."""
        return self.solid / max(self.objects, 1)

    @property
    def reached(self) -> float:
        """Part of the frame that some box covers, 0..1."""
        return float((self.covered > 0).mean())

    def add(self, table: SampleTable, frame: int, shares: Floats | None = None) -> None:
        """Count the samples of ``table``, whose boxes are in pixels of a square of side ``frame``.

        ``shares``, (F,), are how much of its box each foreground fills, 0..1.
        """
        self.count += len(table)
        for columns in table.objects:
            self._add(columns, frame)
            if shares is not None:
                self.solid += float((shares[columns.foreground] * columns.width * columns.height).sum()) / frame**2

    def _add(self, columns: ObjectColumns, frame: int) -> None:
        left, top, wide, high = (np.asarray(column, np.int64) for column in columns[2:6])
        left, right = np.clip(left, 0, frame - 1), np.clip(left + wide, 1, frame)  # the frame may cut an object
        wide, high = right - left, np.minimum(high, frame - top)
        self.objects += len(left)
        self.mirrored += int(np.count_nonzero(columns.mirrored))
        # A foot on the line between two cells belongs to the upper one: the object ends there.
        row, column = ((top + high) * CELLS - 1) // frame, (2 * left + wide) * CELLS // (2 * frame)
        self.feet += _counted(row * CELLS + column, CELLS)
        self.covered += _covered(left, top, wide, high, frame)
        self.heights += np.bincount(np.minimum(high * HEIGHTS // frame, HEIGHTS - 1), minlength=HEIGHTS)
        found, times = np.unique(columns.layer, return_counts=True)
        self.layers.update(dict(zip(found.tolist(), times.tolist(), strict=True)))

    def merge(self, other: PlanStatistics) -> None:
        """Count the samples of ``other`` too."""
        self.count += other.count
        self.objects += other.objects
        self.mirrored += other.mirrored
        self.feet += other.feet
        self.covered += other.covered
        self.heights += other.heights
        self.layers.update(other.layers)
        self.solid += other.solid


def plan_statistics(
    plan: Plan, chunk: int = _CHUNK, shares: Floats | None = None
) -> Iterator[Progress | PlanStatistics]:
    """Statistics of a whole plan, a chunk of samples at a time; ``shares`` as `PlanStatistics.add` takes them.

    Yields:
        Progress after each chunk; last of all the `PlanStatistics` of the whole.

    Raises:
        PlanError: a foreground that has no place in the frame.
    """
    made, total, frame, order = PlanStatistics(), plan.made, plan.recipe.settings.size, PlanOrder(plan)
    for start in range(0, total, chunk):
        stop = min(start + chunk, total)
        made.add(plan.table_of(order.numbers(start, stop)), frame, shares)
        yield Progress("counting the plan", stop, total)
    yield made


def _counted(places: Ints, side: int) -> NDArray[np.int64]:
    return np.bincount(places, minlength=side * side).reshape(side, side)


def _covered(left: Ints, top: Ints, wide: Ints, high: Ints, frame: int) -> Ints:
    """How many boxes cover each cell's centre, by a table of differences: four marks a box, whatever its size."""
    first_row, last_row = _first_centre(top, frame), _first_centre(top + high, frame)
    first_column, last_column = _first_centre(left, frame), _first_centre(left + wide, frame)
    side = CELLS + 1
    marks = _counted(first_row * side + first_column, side) + _counted(last_row * side + last_column, side)
    marks -= _counted(first_row * side + last_column, side) + _counted(last_row * side + first_column, side)
    return marks.cumsum(axis=0).cumsum(axis=1)[:CELLS, :CELLS]


def _first_centre(edge: Ints, frame: int) -> Ints:
    """Number of the first cell whose centre is not before ``edge``: the least c with (c + ½)·frame/CELLS ≥ edge."""
    return -((frame - 2 * CELLS * edge) // (2 * frame))
