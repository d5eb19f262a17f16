"""The rules by which a foreground gets its size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fgbg_studio.core.interfaces.sizing import Sizing
from fgbg_studio.core.placement.sizing import (
    FixedSquare,
    Height,
    IntegerFactor,
    LongestSide,
    LongestSideEach,
    StretchedSquare,
)

SIDES = st.integers(1, 3000)
RULES = [rule() for rule in Sizing.known().values()]


def one(rule: Sizing, width: int, height: int, draw: float = 0.5) -> tuple[int, int]:
    wide, high = rule.sizes(np.array([width]), np.array([height]), np.array([draw]))
    return int(wide[0]), int(high[0])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(width=SIDES, height=SIDES, draw=st.floats(0, 1, exclude_max=True))
def test_every_size_has_pixels(rule: Sizing, width: int, height: int, draw: float) -> None:
    wide, high = one(rule, width, height, draw)
    assert wide >= 1
    assert high >= 1


@pytest.mark.parametrize("pixels", [105, 110, 128])
@given(width=SIDES, height=SIDES)
def test_height_is_exact_and_keeps_the_aspect(pixels: int, width: int, height: int) -> None:
    wide, high = one(Height(pixels), width, height)
    assert high == pixels
    assert wide == 1 or abs(wide - width * pixels / height) <= 0.5


@given(SIDES, SIDES, st.floats(0, 1, exclude_max=True))
def test_longest_side_stays_in_its_range(width: int, height: int, draw: float) -> None:
    wide, high = one(LongestSide(80, 110), width, height, draw)
    assert 80 <= max(wide, high) <= 110
    assert (wide >= high) == (width >= height) or wide == high


def test_longest_side_is_uniform_over_every_pixel_of_its_range() -> None:
    draws = (np.arange(31_000) + 0.5) / 31_000
    wide, high = LongestSide(80, 110).sizes(np.full(31_000, 30), np.full(31_000, 100), draws)
    assert (wide < high).all()
    values, counts = np.unique(high, return_counts=True)
    assert values.tolist() == list(range(80, 111))
    assert set(counts.tolist()) == {1000}


@pytest.mark.parametrize(
    ("natural", "expected"),
    [
        ((40, 90), (40, 90)),  # 0 and 0: as it is
        ((40, 191), (40, 191)),  # 191 // 96 is still 1
        ((60, 192), (30, 96)),
        ((130, 100), (65, 50)),  # the width decides: 130 // 64 is 2
        ((300, 300), (75, 75)),  # max(300 // 96, 300 // 64) is 4
        ((1001, 2003), (50, 100)),  # max(20, 15) is 20
    ],
)
def test_integer_factor_is_the_hand_made_rule(natural: tuple[int, int], expected: tuple[int, int]) -> None:
    assert one(IntegerFactor(), *natural) == expected


@given(SIDES, SIDES)
def test_integer_factor_never_enlarges_and_divides_both_sides_alike(width: int, height: int) -> None:
    wide, high = one(IntegerFactor(), width, height)
    factor = max(height // 96, width // 64, 1)
    assert (wide, high) == (max(width // factor, 1), max(height // factor, 1))
    assert high <= 191
    assert wide <= 127


def test_only_one_rule_draws_once_for_each_foreground() -> None:
    assert [rule.name for rule in RULES if rule.once] == ["longest-side-each"]
    assert (LongestSideEach().low, LongestSideEach().high) == (80, 109)


@pytest.mark.parametrize(("rule", "padded"), [(FixedSquare(150), True), (StretchedSquare(150), False)])
@given(width=SIDES, height=SIDES)
def test_squares(rule: Sizing, padded: bool, width: int, height: int) -> None:
    assert one(rule, width, height) == (150, 150)
    assert rule.square == padded


@given(st.lists(st.tuples(SIDES, SIDES), min_size=2, max_size=5))
def test_a_size_does_not_depend_on_its_neighbours(naturals: list[tuple[int, int]]) -> None:
    assume(len(naturals) > 1)
    width, height = np.array(naturals).T
    for rule in RULES:
        wide, high = rule.sizes(width, height, np.full(len(naturals), 0.3))
        alone = [one(rule, w, h, 0.3) for w, h in naturals]
        assert list(zip(wide.tolist(), high.tolist(), strict=True)) == alone
