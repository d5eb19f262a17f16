"""In which order a run takes the samples of a plan: a function of the position, so that nothing is kept of it.

A whole run takes them as the plan has them, background by background, say. A run that makes only a part spreads it:
of whatever length the part is, every background is in it as often as every other, or once more, and so is every
foreground; every pair comes once before any comes twice; and sides and placements take turns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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
    """Positions, from 0, and the numbers of the plan's samples at them: each number has one position."""

    def numbers(self, start: int, stop: int) -> Ints:
        """(stop − start,) int64: the numbers of the samples at the positions start..stop, ascending."""

    def positions(self, numbers: Ints) -> Ints:
        """(n,) int64: where the samples of these numbers come."""


class PlanOrder(Order):
    """The plan's own."""

    @override
    def numbers(self, start: int, stop: int) -> Ints:
        return np.arange(start, stop)

    @override
    def positions(self, numbers: Ints) -> Ints:
        return numbers


class SpreadOrder(Order):
    """Spread over backgrounds, foregrounds, sides and placements: see the module.

    The positions are cut into rounds in which every pair comes once. A round goes down the diagonal of backgrounds ×
    foregrounds, and down the next one where it comes back to its beginning; both are taken by steps near the golden
    ratio of how many there are, as pictures that were added one after the other are often alike. A pair begins with a
    side and a placement of its own; from round to round it changes its side, then its placement.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan, counts = plan, plan.counts
        self._across, self._down = counts.background, counts.foreground
        self._sides, self._places = counts.mirrored, counts.placement
        self._common = math.gcd(self._across, self._down)
        self._diagonal = math.lcm(self._across, self._down)

    @override
    def numbers(self, start: int, stop: int) -> Ints:
        rounds, pairs = np.divmod(np.arange(start, stop), self._across * self._down)
        changes, sides = np.divmod(rounds, self._sides)
        across = pairs % self._across
        down = (pairs + pairs // self._diagonal) % self._down
        first_side, first_place = self._first(pairs)
        place = first_place + changes * _step(self._places) + sides * (self._places // 2)
        at: Mapping[Axis, int | Ints] = {
            "background": across * _step(self._across) % self._across,
            "foreground": down * _step(self._down) % self._down,
            "mirrored": (first_side + sides) % self._sides,
            "placement": place % self._places,
        }
        return np.sort(self._plan.numbers(at))

    @override
    def positions(self, numbers: Ints) -> Ints:
        at = self._plan.places(numbers)
        across = at["background"] * _undone(_step(self._across), self._across) % self._across
        down = at["foreground"] * _undone(_step(self._down), self._down) % self._down
        # Chinese remainder theorem: the one place of a diagonal that is in this column and in this row.
        diagonal = (down - across) % self._common
        columns = self._down // self._common
        rows_down = (down - diagonal - across) // self._common * _undone(self._across // self._common, columns)
        pairs = across + self._across * (rows_down % columns) + diagonal * self._diagonal
        first_side, first_place = self._first(pairs)
        sides = (at["mirrored"] - first_side) % self._sides
        place = at["placement"] - first_place - sides * (self._places // 2)
        changes = place * _undone(_step(self._places), self._places) % self._places
        positions: Ints = (changes * self._sides + sides) * (self._across * self._down) + pairs
        return positions

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
