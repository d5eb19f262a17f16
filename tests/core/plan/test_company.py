"""Who stands beside the first object of a sample, and where."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from tests.conftest import drawn_recipe

SCENE = ["scene.objects.least=1", "scene.objects.most=5", "scene.overlap=0.3", "placements=8"]


def recipe(*changes: str) -> Recipe:
    return drawn_recipe("studio-256", 3, 6, [*SCENE, *changes])


def covered(sample: Sample, at: int, size: int = 256) -> float:
    """The share of an object's box that the boxes of nearer ones cover."""
    _, _, x, y, width, height, _, _ = sample.objects[at]
    hidden = np.zeros((size, size), np.bool_)
    for other in sample.objects[at + 1 :]:
        hidden[other.y : other.y + other.height, other.x : other.x + other.width] = True
    return float(hidden[y : y + height, x : x + width].mean())


@pytest.mark.parametrize("changes", [(), ('placement={"name":"layers"}',), ("placement=uniform",)], ids=str)
class TestEverySample:
    def test_is_the_same_alone_and_among_others(self, changes: tuple[str, ...]) -> None:
        plan = Plan(recipe(*changes))
        some = [3, 50, 17, 200]
        assert [plan[number] for number in some] == [list(plan)[number] for number in some]
        assert plan.table_of(np.array(some)).samples() == [plan[number] for number in some]

    def test_keeps_boxes_apart(self, changes: tuple[str, ...]) -> None:
        samples = list(Plan(recipe(*changes)))
        assert len({len(sample.objects) for sample in samples}) > 3
        assert all(covered(sample, at) <= 0.3 for sample in samples for at in range(len(sample.objects)))

    def test_has_its_objects_far_to_near(self, changes: tuple[str, ...]) -> None:
        made = recipe(*changes)
        plan, placement = Plan(made), made.settings.placement
        for sample in plan:
            view = plan.views[sample.background]
            depths = [
                placement.depth(view, o.y + o.height, o.height, o.layer, plan.real_heights[o.foreground])
                for o in sample.objects
            ]
            assert depths == sorted(depths, reverse=True)

    def test_first_stands_as_without_company(self, changes: tuple[str, ...]) -> None:
        alone = Plan(recipe(*changes, "scene.objects.most=1"))
        for sample, single in itertools.zip_longest(Plan(recipe(*changes)), alone):
            assert sample.objects[sample.named] == single.objects[0]
            assert sample.identity == single.identity
            assert sorted(sample.indices) == list(range(1, len(sample.objects) + 1))
            assert sample.indices[sample.named] == 1


def test_every_background_and_side_is_met() -> None:
    further = [one for sample in Plan(recipe()) for one in sample.objects if one is not sample.first]
    assert {one.foreground for one in further} == set(range(6))
    assert 0.4 < np.mean([one.mirrored for one in further]) < 0.6
    assert not any(one.mirrored for sample in Plan(recipe("mirrored=false")) for one in sample.objects)


def test_fewer_where_there_is_no_room() -> None:
    crowded = recipe("scene.objects.least=20", "scene.objects.most=20", "scene.overlap=0.0")
    assert all(1 < len(sample.objects) < 20 for sample in Plan(crowded)[:40])


class TestClasses:
    def classed(self, rule: str) -> Recipe:
        made = recipe(f"scene.classes={rule}")
        sources = tuple(
            source.model_copy(update={"category": "man" if number < 2 else "dog"})
            for number, source in enumerate(made.foregrounds)
        )
        return made.model_copy(update={"foregrounds": sources})

    @pytest.mark.parametrize("rule", ["same", "other"])
    def test_are_the_firsts_or_others(self, rule: str) -> None:
        for sample in Plan(self.classed(rule)):
            alike = [(one.foreground < 2) == (sample.first.foreground < 2) for one in sample.objects]
            assert sum(alike) == (len(alike) if rule == "same" else 1)

    def test_another_class_is_another_recipe_only_where_it_decides(self) -> None:
        for rule, same in (("any", True), ("same", False)):
            one = self.classed(rule)
            other = one.model_copy(
                update={"foregrounds": (one.foregrounds[0].model_copy(update={"category": "x"}), *one.foregrounds[1:])}
            )
            assert (one.silent() == other.silent()) == same


def test_an_excluded_foreground_is_no_company() -> None:
    made = recipe()
    gone = made.foregrounds[2].sha256
    without = made.model_copy(update={"excluded": made.excluded.model_copy(update={"foregrounds": (gone,)})})
    assert not any(one.foreground == 2 for sample in Plan(without) for one in sample.objects if one is not sample.first)


def test_excluded_pairs_hold_for_company() -> None:
    made = recipe()
    pair = (made.backgrounds[1].sha256, made.foregrounds[2].sha256)
    without = made.model_copy(update={"excluded": made.excluded.model_copy(update={"pairs": (pair,)})})

    def together(one: Recipe, background: int) -> int:
        samples = [sample for sample in Plan(one) if sample.background == background]
        return sum(any(o.foreground == 2 for o in sample.objects if o is not sample.first) for sample in samples)

    assert together(made, 1)
    assert not together(without, 1)
    assert together(without, 0) == together(made, 0)
