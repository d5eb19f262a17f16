"""In which order a run takes the samples of a plan: a function of the position, so that nothing is kept of it.

Excluded samples have no position: those after them move up.

A whole run takes them as the plan has them, background by background, say. A run that makes only a part spreads it:
of whatever length the part is, every background is in it as often as every other, or once more, and so is every
foreground; every pair comes once before any comes twice; and sides and placements take turns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.interfaces.layout import Axis
from fgbg_studio.core.plan.plan import Plan

_GOLDEN = (math.sqrt(5) - 1) / 2
# On 32 bits: two numbers of which no small multiples add up to a whole one, so that a row, a column or a diagonal of
# backgrounds × foregrounds takes turns (Kronecker's sequence; Kuipers and Niederreiter, 'Uniform distribution of
# sequences', 1974).
_BITS = 32
_ALONG, _DOWN = round(_GOLDEN * 2**_BITS), round((math.sqrt(3) - 1) * 2**_BITS)


class Order(Protocol):
    """Positions, from 0, and the numbers of the plan's samples at them: each number that is made has one position."""

    def numbers(self, start: int, stop: int) -> Ints:
        """(stop − start,) int64: the numbers of the samples at the positions start..stop, ascending."""

    def positions(self, numbers: Ints) -> Ints:
        """(n,) int64: where the samples of these numbers come; of excluded ones the first position behind all."""


class _Gaps:
    """A row of numbers from 0 without some of them.

    Args:
        missing: (n,) int64, ascending.
        length: of the row with them.
    """

    def __init__(self, missing: Ints, length: int) -> None:
        self._missing, self._left = missing, length - len(missing)
        self._before = missing - np.arange(len(missing))  # how many are left before each that is missing

    def full(self, places: Ints) -> Ints:
        """The numbers at these places among those that are left."""
        found: Ints = places + np.searchsorted(self._before, places, side="right")
        return found

    def places(self, numbers: Ints) -> Ints:
        """The places of these numbers among those that are left; of missing ones how many are left."""
        before = np.searchsorted(self._missing, numbers)
        gone = np.searchsorted(self._missing, numbers, side="right") > before
        return np.where(gone, self._left, numbers - before)


class PlanOrder(Order):
    """The plan's own."""

    def __init__(self, plan: Plan) -> None:
        self._gaps = _Gaps(plan.excluded, len(plan))

    @override
    def numbers(self, start: int, stop: int) -> Ints:
        return self._gaps.full(np.arange(start, stop))

    @override
    def positions(self, numbers: Ints) -> Ints:
        return self._gaps.places(numbers)


class SpreadOrder(Order):
    """Spread over backgrounds, foregrounds, sides and placements: see the module.

    The positions are cut into rounds in which every pair comes once. A round goes down the diagonal of backgrounds ×
    foregrounds, and down the next one where it comes back to its beginning; both are taken by steps near the golden
    ratio of how many there are, as pictures that were added one after the other are often alike. A pair begins with a
    side and a placement of its own; from round to round it changes its side, then its placement. Pictures that are
    excluded as a whole are not among them; a pair or a sample that is excluded is left out where it would come. What is
    one scene with several blends comes one after the other, so that a part of a plan has whole ones, too.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan, counts = plan, plan.counts
        self._backgrounds, self._foregrounds = plan.exclusions.kept_pictures
        self._across, self._down = len(self._backgrounds), len(self._foregrounds)
        self._times = plan.recipe.settings.compositing.mode.times
        self._sides, self._places = counts.mirrored, counts.placement // self._times
        self._common = math.gcd(self._across, self._down)
        self._diagonal = math.lcm(self._across, self._down)

    @cached_property
    def _gaps(self) -> _Gaps:
        singly = np.setdiff1d(self._plan.exclusions.singly, self._plan.exclusions.of_pictures)
        length = self._across * self._down * self._sides * self._places * self._times
        return _Gaps(np.sort(self._full_positions(singly)), length)

    @override
    def numbers(self, start: int, stop: int) -> Ints:
        scenes, blends = np.divmod(self._gaps.full(np.arange(start, stop)), self._times)
        rounds, pairs = np.divmod(scenes, self._across * self._down)
        changes, sides = np.divmod(rounds, self._sides)
        across = pairs % self._across
        down = (pairs + pairs // self._diagonal) % self._down
        first_side, first_place = self._first(pairs)
        place = first_place + changes * _step(self._places) + sides * (self._places // 2)
        at: Mapping[Axis, int | Ints] = {
            "background": self._backgrounds[across * _step(self._across) % self._across],
            "foreground": self._foregrounds[down * _step(self._down) % self._down],
            "mirrored": (first_side + sides) % self._sides,
            "placement": place % self._places * self._times + blends,
        }
        return np.sort(self._plan.numbers(at))

    @override
    def positions(self, numbers: Ints) -> Ints:
        at, found = self._plan.places(numbers), np.full(np.shape(numbers), self._plan.made)
        kept = np.isin(at["background"], self._backgrounds) & np.isin(at["foreground"], self._foregrounds)
        found[kept] = self._gaps.places(self._full_positions(numbers[kept]))
        return found

    def _full_positions(self, numbers: Ints) -> Ints:
        """Where samples of pictures that are not excluded come if none of them is left out."""
        at = self._plan.places(numbers)
        background = np.searchsorted(self._backgrounds, at["background"])
        foreground = np.searchsorted(self._foregrounds, at["foreground"])
        across = background * _undone(_step(self._across), self._across) % self._across
        down = foreground * _undone(_step(self._down), self._down) % self._down
        # Chinese remainder theorem: the one place of a diagonal that is in this column and in this row.
        diagonal = (down - across) % self._common
        columns = self._down // self._common
        rows_down = (down - diagonal - across) // self._common * _undone(self._across // self._common, columns)
        pairs = across + self._across * (rows_down % columns) + diagonal * self._diagonal
        first_side, first_place = self._first(pairs)
        sides = (at["mirrored"] - first_side) % self._sides
        scene, blends = np.divmod(at["placement"], self._times)
        place = scene - first_place - sides * (self._places // 2)
        changes = place * _undone(_step(self._places), self._places) % self._places
        positions: Ints = (changes * self._sides + sides) * (self._across * self._down) + pairs
        return positions * self._times + blends

    def _first(self, pairs: Ints) -> tuple[Ints, Ints]:
        """Side and placement with which pairs begin, by their places in a round."""
        rows, columns = np.divmod(pairs, self._across)
        turn = (columns * _ALONG + rows * _DOWN) & (2**_BITS - 1)
        side, place = np.divmod(turn * (self._sides * self._places) >> _BITS, self._places)
        return side, place


def _step(count: int) -> int:
    """Steps of so many, again and again around ``count``, come to each before they come back."""
    near = round(count * _GOLDEN)
    return next(near + by for by in range(count + 1) if math.gcd(near + by, count) == 1)


def _undone(step: int, count: int) -> int:
    """By what to multiply to undo a multiplication by ``step``, around ``count``."""
    return pow(step, -1, count)
