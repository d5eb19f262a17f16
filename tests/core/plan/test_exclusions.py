"""Excluded samples: nothing of the others changes, whatever is excluded and however it is named."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import PlanError, UsageError
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.plan.names import Names, read_list, write_list
from fgbg_studio.core.plan.order import PlanOrder, SpreadOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.selection import SampleSelection, selected, some_of, thinned
from fgbg_studio.core.plan.statistics import PlanStatistics, plan_statistics
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.exclusions import Exclusion, Exclusions
from tests.conftest import content_hash, drawn_recipe
from tests.helpers.datasets import last

ACROSS, DOWN, PLACES = 7, 5, 3


def recipe_without(items: list[Exclusion], preset: str = "studio-256") -> Recipe:
    whole = drawn_recipe(preset, ACROSS, DOWN, [f"placements={PLACES}"])
    return whole.model_copy(update={"excluded": Exclusions.of(items)})


def back(number: int) -> str:
    return content_hash("background", number)


def fore(number: int) -> str:
    return content_hash("foreground", number)


def excluded_by_hand(plan: Plan, items: list[Exclusion]) -> list[int]:
    """The numbers of the samples that ``items`` mean, by a look at every sample of the plan."""
    wanted = set(items)
    return [sample.number for sample in plan if wanted & set(plan.exclusion(sample).wider)]


backgrounds, foregrounds = st.integers(0, ACROSS - 1).map(back), st.integers(0, DOWN - 1).map(fore)
exclusions = st.lists(
    st.one_of(
        backgrounds.map(Exclusion),
        foregrounds.map(partial(Exclusion, "")),
        st.tuples(backgrounds, foregrounds).map(lambda pair: Exclusion(*pair)),
        st.builds(Exclusion, backgrounds, foregrounds, st.booleans(), st.integers(0, PLACES)),
    ),
    max_size=8,
)


@given(exclusions, st.sampled_from(presets.names()))
def test_just_what_is_named_is_not_made(items: list[Exclusion], preset: str) -> None:
    plan = Plan(recipe_without(items, preset))
    gone = excluded_by_hand(plan, items)
    assert plan.excluded.tolist() == gone
    assert plan.made == len(plan) - len(gone)
    kept = sorted(set(range(len(plan))) - set(gone))
    for order in (PlanOrder(plan), SpreadOrder(plan) if plan.made else PlanOrder(plan)):
        assert order.numbers(0, plan.made).tolist() == kept
        one_by_one = [int(order.numbers(at, at + 1)[0]) for at in range(plan.made)]
        assert sorted(one_by_one) == kept
        assert order.positions(np.array(one_by_one, np.int64)).tolist() == list(range(plan.made))
        assert (order.positions(plan.excluded) == plan.made).all()
    assert sorted(some_of(plan, len(plan))) == kept


@given(exclusions, st.sampled_from(presets.names()))
def test_no_other_sample_changes_its_number_name_or_place(items: list[Exclusion], preset: str) -> None:
    whole, plan = (
        Plan(drawn_recipe(preset, ACROSS, DOWN, [f"placements={PLACES}"])),
        Plan(recipe_without(items, preset)),
    )
    numbers = PlanOrder(plan).numbers(0, plan.made)
    left, before = plan.table_of(numbers).samples(), whole.table_of(numbers).samples()
    kept, apart = set(plan.exclusions.kept_pictures[1].tolist()), set(plan.exclusions.pairs)
    for one, was in zip(left, before, strict=True):
        assert (*one[:3], one.first) == (*was[:3], was.first)
        # Who is excluded is no company, either: others are drawn in their places, and beside them.
        beside = [other.foreground for at, other in enumerate(was.objects) if at != was.named]
        if all(other in kept and (was.background, other) not in apart for other in beside):
            assert one == was
    assert [plan.paths(plan[n]) for n in numbers.tolist()[:20]] == [
        whole.paths(whole[n]) for n in numbers.tolist()[:20]
    ]


def test_a_limited_run_is_even_over_the_pictures_that_are_left() -> None:
    gone = [*(Exclusion(back(b)) for b in (2, 3, 4)), Exclusion("", fore(1))]
    plan = Plan(recipe_without(gone))
    for samples in range(1, plan.made):
        at = plan.places(SpreadOrder(plan).numbers(0, samples))
        for axis, left in (("background", 4), ("foreground", 4)):
            counts = np.bincount(at[axis])
            counts = counts[counts > 0]
            assert np.ptp(counts) <= 1
            assert len(counts) == min(samples, left)


def test_all_samples_excluded_are_refused_with_a_way_out() -> None:
    plan = Plan(recipe_without([Exclusion(back(b)) for b in range(ACROSS)]))
    assert plan.made == 0
    with pytest.raises(PlanError, match=r"all 210 samples .* are excluded"):
        plan.check()


def test_statistics_and_chosen_samples_are_of_what_is_made() -> None:
    items = [Exclusion(back(0)), Exclusion(back(1), fore(1)), Exclusion(back(2), fore(2), True, 1)]
    plan = Plan(recipe_without(items))
    made = last(plan_statistics(plan))
    assert isinstance(made, PlanStatistics)
    assert made.count == plan.made == len(plan) - DOWN * 2 * PLACES - 2 * PLACES - 1
    gone = set(plan.excluded.tolist())
    assert not gone & set(selected(plan, SampleSelection(count=600, excluded=False)))
    assert set(selected(plan, SampleSelection(count=600, excluded=True))) == gone
    only = selected(plan, SampleSelection(count=600, excluded=True, background=back(2)))
    assert only == [plan.number(2, 2, True, 1)]
    assert all(source.sha256 != back(0) for source in thinned(plan.recipe, 3).backgrounds)


class TestValue:
    def test_two_that_exclude_the_same_are_equal(self) -> None:
        items = [Exclusion(back(1), fore(2), True, 3), Exclusion(back(1)), Exclusion(back(1), fore(2), False, 0)]
        assert Exclusions.of(items) == Exclusions.of([*reversed(items), *items])
        assert list(Exclusions.of(items).items()) == [items[1], items[2], items[0]]
        assert not Exclusions()

    def test_a_sample_stays_excluded_with_its_pair(self) -> None:
        pair, one = Exclusion(back(0), fore(0)), Exclusion(back(0), fore(0), False, 0)
        excluded = Exclusions.of([pair, one])
        assert list(excluded.without([one]).items()) == [pair]
        assert list(excluded.without([pair]).items()) == [one]
        assert set(one.wider) == {Exclusion(back(0)), Exclusion("", fore(0)), pair, one}

    def test_a_recipe_says_only_what_its_pictures_and_settings_know(self) -> None:
        known, later = Exclusion(back(0), fore(0), True, 1), Exclusion(back(0), fore(0), True, 9)
        excluded = Exclusions.of([known, later, Exclusion(back(99)), Exclusion(back(0), fore(99))])
        assert list(excluded.of_pictures([back(0)], [fore(0)], 2, 2).items()) == [known]
        assert not excluded.of_pictures([back(0)], [fore(0)], 1, 2)

    def test_without_any_a_file_says_nothing_of_them(self) -> None:
        plain = drawn_recipe(n_bg=1, n_fg=1)
        assert "excluded" not in plain.model_dump(mode="json")
        one = plain.model_copy(update={"excluded": Exclusions.of([Exclusion(back(0), fore(0), False, 2)])})
        assert Recipe.model_validate(one.model_dump(mode="json")) == one != plain


class TestNames:
    @pytest.mark.parametrize("preset", presets.names())
    def test_every_name_of_a_sample_s_files_means_it(self, preset: str) -> None:
        plan = Plan(drawn_recipe(preset, ACROSS, DOWN, [f"placements={PLACES}"]))
        names = Names(plan)
        for sample in plan:
            one = plan.exclusion(sample)
            assert names.of_exclusion(one) == names.of(sample) == stem(plan.paths(sample).fg_bg)
            assert {names.find(path) for path in plan.paths(sample)} == {one}

    @pytest.mark.parametrize("preset", presets.names())
    def test_a_list_that_was_written_is_read(self, preset: str) -> None:
        items = [
            Exclusion(back(3)),
            Exclusion("", fore(4)),
            Exclusion(back(1), fore(2)),
            Exclusion(back(1), fore(1), True, 0),
        ]
        names = Names(Plan(recipe_without(items, preset)))
        text = write_list(names, Exclusions.of([*items, Exclusion(back(99))]).items())
        assert [names.find(name) for name in read_list(text)] == items
        assert [line.partition("  # ")[2] for line in text.splitlines()] == [
            "3.png",
            "4.png",
            "1.png, 2.png",
            "1.png, 1.png",
        ]

    def test_pictures_are_also_called_as_in_the_project(self) -> None:
        recipe = drawn_recipe(n_bg=2, n_fg=2)
        named = recipe.backgrounds[0].model_copy(update={"file": "backgrounds/living room.jpg"})
        names = Names(Plan(recipe.model_copy(update={"backgrounds": (named, recipe.backgrounds[1])})))
        for text in ("bg_000", "bg/bg_000", "living room.jpg", "living room", "backgrounds/living room.jpg"):
            assert names.find(text) == Exclusion(back(0))
        assert names.find("living room.jpg fg_001") == names.find("fg_001 bg_000") == Exclusion(back(0), fore(1))

    def test_what_means_nothing_or_two_things_is_refused(self) -> None:
        names = Names(Plan(drawn_recipe(n_bg=2, n_fg=2)))
        with pytest.raises(UsageError, match="nothing called 'bg_000_fg_001_p_99'"):
            names.find("bg_000_fg_001_p_99")
        with pytest.raises(UsageError, match="a background and a foreground"):
            names.find("1.png")
