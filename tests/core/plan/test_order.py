"""The order of a limited run: every pair once before any twice, everything as evenly as can be, a pure function."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.plan.order import PlanOrder, SpreadOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import presets
from tests.conftest import drawn_recipe

few = st.integers(1, 9)


def plan_of(backgrounds: int, foregrounds: int, mirrored: bool, placements: int, preset: str = "studio-256") -> Plan:
    changes = [f"mirrored={str(mirrored).lower()}", f"placements={placements}"]
    return Plan(drawn_recipe(preset, backgrounds, foregrounds, changes))


def some(plan: Plan, samples: int) -> dict[str, Ints]:
    """Where the first ``samples`` of the spread order are along each axis."""
    return dict(plan.places(SpreadOrder(plan).numbers(0, samples)))


def uneven(values: Ints, count: int) -> int:
    """By how many the commonest of 0..count comes more often than the rarest."""
    return int(np.ptp(np.bincount(values, minlength=count)))


@given(few, few, st.booleans(), few)
def test_every_sample_has_one_position(backgrounds: int, foregrounds: int, mirrored: bool, placements: int) -> None:
    plan = plan_of(backgrounds, foregrounds, mirrored, placements)
    order, every = SpreadOrder(plan), np.arange(len(plan))
    assert np.array_equal(order.numbers(0, len(plan)), every)
    one_by_one = np.concatenate([order.numbers(position, position + 1) for position in every[:200]])
    assert np.array_equal(order.positions(one_by_one), every[:200])


@pytest.mark.parametrize("preset", presets.names())
def test_every_layout_has_such_an_order(preset: str) -> None:
    plan = plan_of(5, 4, True, 3, preset)
    order = SpreadOrder(plan)
    assert np.array_equal(order.numbers(0, len(plan)), np.arange(len(plan)))
    first = plan.table_of(order.numbers(0, 20))
    assert len({*zip(first.background.tolist(), first.objects[0].foreground.tolist(), strict=True)}) == 20


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 4), st.data())
def test_every_pair_comes_once_before_any_comes_twice(
    backgrounds: int, foregrounds: int, placements: int, data: st.DataObject
) -> None:
    plan = plan_of(backgrounds, foregrounds, True, placements)
    at = some(plan, samples := data.draw(st.integers(1, len(plan))))
    pairs = np.bincount(at["background"] * foregrounds + at["foreground"], minlength=backgrounds * foregrounds)
    assert pairs.max() <= math.ceil(samples / len(pairs))
    assert pairs.min() >= samples // len(pairs)
    assert uneven(at["background"], backgrounds) <= 1
    assert uneven(at["foreground"], foregrounds) <= 1


@pytest.mark.parametrize(
    ("backgrounds", "foregrounds"), [(49, 49), (100, 100), (89, 144), (100, 99), (10, 100), (100, 10), (50, 100)]
)
@pytest.mark.parametrize("samples", [200, 2000, 12_000, 30_000])
def test_sides_and_placements_take_turns(backgrounds: int, foregrounds: int, samples: int) -> None:
    plan = plan_of(backgrounds, foregrounds, True, 20)
    at = some(plan, samples)
    assert uneven(at["mirrored"], 2) <= max(0.01 * samples, 4)
    assert uneven(at["placement"], 20) <= max(0.15 * samples / 20, 7)
    for axis, count in (("background", backgrounds), ("foreground", foregrounds)):
        sides = np.bincount(at[axis] * 2 + at["mirrored"], minlength=2 * count).reshape(count, 2)
        assert np.ptp(sides, axis=1).max() <= max(0.2 * samples / count, 6), axis
        several = np.bincount(at[axis] * 20 + at["placement"], minlength=20 * count).reshape(count, 20)
        each = np.count_nonzero(several, axis=1)
        assert each.min() >= 0.5 * min(samples / count, 20), axis


def test_a_pair_comes_back_mirrored_first() -> None:
    plan = plan_of(10, 10, True, 20)
    at = some(plan, 200)
    pairs = at["background"] * 10 + at["foreground"]
    assert all(sorted(at["mirrored"][pairs == pair].tolist()) == [0, 1] for pair in range(100))


def test_what_is_adjacent_in_the_project_is_not_in_the_order() -> None:
    """Pictures that were added one after the other are often of one place."""
    at = some(plan_of(100, 100, True, 20), 10)
    assert np.diff(np.sort(at["background"])).min() > 3
    assert np.diff(np.sort(at["foreground"])).min() > 3


def test_a_large_plan_costs_no_more_than_a_small_one() -> None:
    plan = plan_of(1000, 1000, True, 32)
    assert len(plan) == 64_000_000
    order, begun = SpreadOrder(plan), time.perf_counter()
    numbers = order.numbers(40_000_000, 40_010_000)
    assert np.array_equal(np.sort(order.positions(numbers)), np.arange(40_000_000, 40_010_000))
    assert time.perf_counter() - begun < 1


def test_the_plan_s_own_order_is_no_other() -> None:
    order = PlanOrder(plan_of(3, 2, True, 2))
    assert order.numbers(3, 6).tolist() == [3, 4, 5]
    assert order.positions(np.array([7, 2])).tolist() == [7, 2]
