"""The axes of a plan, and the numbers of its samples from their places along them and back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.interfaces.layout import Axis
from fgbg_studio.core.project.settings import Settings


class Counts(NamedTuple):
    """How many there are along each axis of a plan; their product is the number of its samples."""

    background: int
    foreground: int
    mirrored: int
    placement: int

    @property
    def samples(self) -> int:
        """All of them."""
        return math.prod(self)

    def along(self, axes: Sequence[Axis]) -> tuple[int, ...]:
        """In the order of ``axes``, each named as the field."""
        return tuple(getattr(self, axis) for axis in axes)


def counts_of(settings: Settings, backgrounds: int, foregrounds: int) -> Counts:
    """The counts of a plan by ``settings`` of so many pictures."""
    return Counts(backgrounds, foregrounds, 2 if settings.mirrored else 1, settings.per_pair)


class PlanAxes:
    """The axes of a plan by ``settings`` with so many along each, in the order of its layout.

    Attributes:
        counts: how many there are along each.
        lengths: the same in the order of the layout.
    """

    def __init__(self, settings: Settings, counts: Counts) -> None:
        self.counts = counts
        self.lengths: dict[Axis, int] = dict(zip(settings.layout.axes, counts.along(settings.layout.axes), strict=True))
        self._mirrored_first = settings.layout.mirrored_first and settings.mirrored

    def side(self, mirrored: bool) -> int:
        """Where a side is along its axis."""
        return int(mirrored ^ self._mirrored_first)

    def number(self, background: int, foreground: int, mirrored: bool, k: int) -> int:
        """Which sample that is."""
        at: dict[Axis, int | Ints] = {
            "background": background,
            "foreground": foreground,
            "placement": k,
            "mirrored": self.side(mirrored),
        }
        return int(self.numbers(at))

    def numbers(self, at: Mapping[Axis, int | Ints]) -> Ints:
        """The numbers of the samples at these places, from 0, along each axis; arrays are broadcast."""
        return np.asarray(np.ravel_multi_index([at[axis] for axis in self.lengths], tuple(self.lengths.values())))

    def places(self, numbers: Ints) -> dict[Axis, Ints]:
        """The places of samples along each axis, from 0: what `numbers` makes numbers of."""
        return dict(zip(self.lengths, np.unravel_index(numbers, tuple(self.lengths.values())), strict=True))
