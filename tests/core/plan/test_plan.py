"""The plan: lazy, pure, the same everywhere, and every box inside the frame."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.sample import PlacedObject, Sample
from fgbg_studio.core.plan.keyed import mix
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project import presets
from tests.conftest import ROOT, drawn_recipe

PRESETS = presets.names()
WHOLE = {name: Plan(drawn_recipe(name)) for name in PRESETS}
every_preset = pytest.mark.parametrize("name", PRESETS)


def by_content(recipe: Recipe) -> dict[tuple[str, str, bool, int], tuple[float, ...]]:
    """Where each sample's foreground is, by what the sample is made of instead of by numbers."""
    found: dict[tuple[str, str, bool, int], tuple[float, ...]] = {}
    for sample in Plan(recipe):
        back, front = recipe.backgrounds[sample.background], recipe.foregrounds[sample.first.foreground]
        found[back.sha256, front.sha256, sample.first.mirrored, sample.k] = sample.first[2:]
    return found


class TestSequence:
    @every_preset
    def test_four_hundred_thousand(self, name: str) -> None:
        plan = WHOLE[name]
        assert len(plan) == 400_000
        assert plan[-1] == plan[399_999]
        assert plan[-400_000] == plan[0]
        for index in (400_000, -400_001):
            with pytest.raises(IndexError):
                plan[index]

    def test_is_lazy(self) -> None:
        tracemalloc.start()
        try:
            plan = Plan(drawn_recipe("street-224", changes=["placements=10000"]))
            last = plan[-1]
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert len(plan) == 200_000_000
        assert (last.background, last.first.foreground, last.k) == (99, 99, 9999)
        assert peak < 2 << 20

    @every_preset
    @given(st.integers(0, 399_999), st.integers(0, 60))
    def test_a_sample_needs_no_earlier_one(self, name: str, start: int, count: int) -> None:
        plan, stop = WHOLE[name], min(start + count, 400_000)
        together = plan[start:stop]
        assert together == plan.table(start, stop).samples()
        assert together == [plan[i] for i in range(start, stop)]
        assert [sample.number for sample in together] == list(range(start, stop))

    def test_slices_are_those_of_a_list(self) -> None:
        plan = Plan(drawn_recipe("studio-256", 2, 2, ["placements=3"]))
        whole = list(plan)
        assert len(whole) == 24
        for part in (
            slice(None),
            slice(5, 2),
            slice(-3, None),
            slice(2, 99, 5),
            slice(None, None, -1),
            slice(20, 3, -4),
        ):
            assert plan[part] == whole[part]
        assert list(reversed(plan)) == whole[::-1]
        assert plan.index(whole[7]) == 7

    @pytest.mark.parametrize("mirrored", [True, False])
    @every_preset
    def test_every_combination_exactly_once(self, name: str, mirrored: bool) -> None:
        """392,040 composites beside 392,041 masks: nobody counted."""
        recipe = drawn_recipe(name, 3, 4, [f"mirrored={str(mirrored).lower()}", "placements=20"])
        seen = [(s.background, s.first.foreground, s.first.mirrored, s.k) for s in Plan(recipe)]
        flips = (False, True) if mirrored else (False,)
        assert sorted(seen) == [(b, f, m, k) for b in range(3) for f in range(4) for m in flips for k in range(20)]

    def test_scale_is_the_height_over_the_cutouts_own(self) -> None:
        recipe = drawn_recipe("street-224", 1, 7)
        for sample in Plan(recipe):
            assert sample.first.height == 105
            assert sample.first.scale == 105 / recipe.foregrounds[sample.first.foreground].box[3]


class TestPurity:
    def test_the_mixing_function_is_the_published_one(self) -> None:
        """SplitMix64 from the seed 1234567: the first five numbers that its authors' code gives."""
        steps = np.uint64(1234567) + np.arange(1, 6, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        assert mix(steps).tolist() == [
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ]

    @every_preset
    def test_any_order_gives_the_same(self, name: str) -> None:
        plan, other = Plan(drawn_recipe(name, 4, 4)), Plan(drawn_recipe(name, 4, 4))
        order = list(range(len(plan)))
        random.Random(3).shuffle(order)
        assert {i: plan[i] for i in order[:200]} == {i: other[i] for i in sorted(order[:200])}

    def test_another_process_gives_the_same(self) -> None:
        code = (
            "from tests.conftest import drawn_recipe; from fgbg_studio.core.plan.plan import Plan;"
            "print(Plan(drawn_recipe('studio-256', 3, 3))[100:110])"
        )
        root = ROOT
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=root)
        assert done.stdout.strip() == str(Plan(drawn_recipe("studio-256", 3, 3))[100:110])

    @every_preset
    @pytest.mark.parametrize("kind", ["backgrounds", "foregrounds"])
    def test_adding_a_picture_changes_no_sample_of_the_others(self, name: str, kind: str) -> None:
        more = drawn_recipe(name, 5, 5)
        for gone in (0, 2, 4):
            kept = tuple(picture for i, picture in enumerate(getattr(more, kind)) if i != gone)
            less = by_content(more.model_copy(update={kind: kept}))
            assert len(less) == 5 * 4 * 40
            assert less.items() <= by_content(more).items()

    def test_order_and_names_of_pictures_do_not_count(self) -> None:
        recipe = drawn_recipe("course-200", 3, 3)
        turned = recipe.model_copy(
            update={
                "project": "another",
                "backgrounds": tuple(b.model_copy(update={"file": "x"}) for b in recipe.backgrounds[::-1]),
                "foregrounds": recipe.foregrounds[::-1],
            }
        )
        assert by_content(turned) == by_content(recipe)

    @pytest.mark.parametrize("name", ["studio-256", "classroom-192", "street-224", "office-224", "course-200"])
    def test_another_seed_another_content_another_side_another_k(self, name: str) -> None:
        recipe = drawn_recipe(name, 2, 2)
        places = by_content(recipe)
        other = by_content(recipe.model_copy(update={"seed": 1}))
        moved = sum(places[key] != other[key] for key in places)
        assert moved > 0.9 * len(places)
        # Nothing is shared: each of the 160 samples has a place of its own but for chance.
        assert len(set(places.values())) > 0.95 * len(places)

    @pytest.mark.parametrize("kind", ["backgrounds", "foregrounds"])
    def test_each_picture_has_a_sequence_of_its_own(self, kind: str) -> None:
        recipe = drawn_recipe("street-224", 100 if kind == "backgrounds" else 1, 100 if kind == "foregrounds" else 1)
        alike = tuple(f.model_copy(update={"box": (0, 0, 50, 100)}) for f in recipe.foregrounds)
        samples = Plan(recipe.model_copy(update={"foregrounds": alike}))[:]
        sequences = {tuple((s.first.x, s.first.y) for s in samples[i : i + 40]) for i in range(0, 4000, 40)}
        assert len(sequences) == 100

    def test_more_placements_keep_the_first_ones(self) -> None:
        few, many = (by_content(drawn_recipe("studio-256", 2, 2, [f"placements={n}"])) for n in (5, 9))
        assert few.items() <= many.items()

    def test_corners_of_one_pair_are_spread_and_untied(self) -> None:
        """The first and second draw, plain and mirrored, neighbours in k: no correlation in 20,000 samples."""
        recipe = drawn_recipe("street-224", 10, 10, ["placements=100"])
        samples = np.array([(s.first.x, s.first.y, s.first.width, s.k, s.first.mirrored) for s in Plan(recipe)])
        x, y, width, k, side = samples.T
        across, down, flip = x / (224 - width), y / (224 - 105), side == 1
        pairs = [(across, down), (across[flip], across[~flip]), (across[k < 99], np.roll(across, -2)[k < 99])]
        for one, two in pairs:
            assert abs(np.corrcoef(one, two)[0, 1]) < 5 / np.sqrt(len(one))
        assert abs(across.mean() - 0.5) < 5 * np.sqrt(1 / 12 / 20_000)


class TestFrame:
    @every_preset
    def test_every_box_is_inside(self, name: str) -> None:
        plan, size = WHOLE[name], WHOLE[name].recipe.settings.size
        plan.check()
        for start in (0, 123_456, 380_000):
            for columns in plan.table(start, start + 20_000).objects:
                _, _, x, y, width, height, _, scale = (np.asarray(c) for c in columns)
                assert min(x.min(), y.min()) >= 0
                assert min(width.min(), height.min()) >= 1
                assert (x + width).max() <= size
                assert (y + height).max() <= size
                assert (scale > 0).all()

    @given(
        st.sampled_from(["uniform", "perspective", "layers"]),
        st.sampled_from(["height", "longest-side", "integer-factor", "fixed-square"]),
        st.integers(32, 200),
        st.integers(0, 2**32),
    )
    def test_check_and_plan_agree(self, placement: str, sizing: str, size: int, seed: int) -> None:
        """What passes the check never fails in the run; what fails it fails there too."""
        rng = np.random.default_rng(seed)
        changes = [f"size={size}", f"placement={placement}", f"foreground.sizing={sizing}", "placements=4"]
        if placement == "layers":
            changes += [f"placement.columns={rng.integers(1, 4)}", f"placement.step={rng.uniform(0, 0.5)}"]
        recipe = drawn_recipe("street-224", 3, 3, changes)
        recipe = recipe.model_copy(
            update={
                "backgrounds": tuple(
                    b.model_copy(update={"horizon": rng.uniform(-0.5, 1.2), "camera_height": rng.uniform(0.5, 5)})
                    for b in recipe.backgrounds
                ),
                "foregrounds": tuple(
                    f.model_copy(update={"box": (0, 0, *rng.integers(1, 400, 2).tolist())}) for f in recipe.foregrounds
                ),
            }
        )
        plan = Plan(recipe)
        try:
            plan.check()
        except PlanError:
            if sizing != "longest-side":  # the draw may happen to be small enough
                with pytest.raises(PlanError):
                    plan.table(0, len(plan))
        else:
            assert len(plan.table(0, len(plan)).samples()) == len(plan)

    def test_millions_of_pairs_are_checked_in_bounded_memory(self) -> None:
        rng = np.random.default_rng(0)
        recipe = drawn_recipe("studio-256", 1000, 1000)
        backgrounds = [b.model_copy(update={"horizon": rng.uniform(0.3, 0.5)}) for b in recipe.backgrounds]
        foregrounds = [f.model_copy(update={"real_height": rng.uniform(1.5, 1.9)}) for f in recipe.foregrounds]
        plan = Plan(recipe.model_copy(update={"backgrounds": tuple(backgrounds), "foregrounds": tuple(foregrounds)}))
        tracemalloc.start()
        plan.check()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 60 << 20

    def test_a_foreground_that_cannot_fit_is_named(self) -> None:
        recipe = drawn_recipe("street-224", 2, 3, ["foreground.sizing.pixels=200"])
        wide = recipe.foregrounds[1].model_copy(update={"box": (0, 0, 300, 100), "file": "foregrounds/bus.png"})
        plan = Plan(recipe.model_copy(update={"foregrounds": (recipe.foregrounds[0], wide, recipe.foregrounds[2])}))
        with pytest.raises(PlanError, match=r"foregrounds/bus\.png does not fit into a frame of 224 px") as caught:
            plan.check()
        assert caught.value.way_out

    def test_the_largest_of_a_range_is_what_is_checked(self) -> None:
        plan = Plan(drawn_recipe("course-200", 1, 1, ["foreground.sizing=longest-side", "foreground.sizing.high=201"]))
        with pytest.raises(PlanError, match="frame of 200 px"):
            plan.check()

    def test_a_background_without_ground_is_named(self) -> None:
        recipe = drawn_recipe("studio-256", 2, 1)
        sky = recipe.backgrounds[1].model_copy(update={"horizon": 0.99, "file": "backgrounds/sky.png"})
        plan = Plan(recipe.model_copy(update={"backgrounds": (recipe.backgrounds[0], sky)}))
        with pytest.raises(PlanError, match=r"foregrounds/0\.png .* on backgrounds/sky\.png"):
            plan.check()

    @pytest.mark.parametrize("columns", [1, 5])
    def test_every_row_of_the_layers_is_checked(self, columns: int) -> None:
        changes = [f"placement.columns={columns}", "placement.step=0.3"]
        with pytest.raises(PlanError):
            Plan(drawn_recipe("layers-150", 1, 1, changes)).check()

    def test_layers_give_each_place_of_the_grid_once(self) -> None:
        plan = Plan(drawn_recipe("layers-150", 1, 1, ["placements=3"]))
        assert len(plan) == 2 * 20
        plain = [s for s in plan if not s.first.mirrored]
        assert [(s.first.layer, s.first.height) for s in plain] == [
            (r, 90 - 10 * r) for r in range(4) for _ in range(5)
        ]
        feet = [s.first.y + s.first.height for s in plain]
        assert len(set(feet)) == 4
        assert all(one >= two for one, two in pairwise(feet))
        assert len({(s.first.x, s.first.y, s.first.width) for s in plain}) == 20


@pytest.mark.timing
class TestSpeed:
    @every_preset
    def test_a_table_costs_microseconds_a_sample(self, name: str) -> None:
        plan = WHOLE[name]
        plan[0]
        best = min(timed(lambda: plan.table(80_000, 84_000).samples()) for _ in range(8))
        # About 1 µs on an idle machine, and 2.5 for each of several objects, which look at each other.
        assert best / 4000 < 5e-6 * plan.recipe.settings.scene.objects.most

    def test_one_sample_alone_costs_microseconds(self) -> None:
        plan = WHOLE["studio-256"]
        plan[0]
        assert min(timed(lambda: plan[123_456]) for _ in range(200)) < 1e-3  # 0.1 ms on an idle machine


def timed(job: Callable[[], object]) -> float:
    begun = time.process_time()  # which others on the machine do not lengthen
    job()
    return time.process_time() - begun


def test_a_sample_says_what_it_is() -> None:
    assert Sample._fields == ("number", "background", "k", "objects", "named")
    assert PlacedObject._fields == ("foreground", "mirrored", "x", "y", "width", "height", "layer", "scale")
    sample = WHOLE["studio-256"][5]
    assert [type(value) for value in sample] == [int, int, int, tuple, int]
    (one,) = sample.objects
    assert [type(value) for value in one] == [int, bool, int, int, int, int, int, float]
