"""Every foreground stands in its background's region, and who has none stands where it always stood."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.placement.region_mask import CELLS, pack, paint, unpack
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import BackgroundSource, Recipe, StandingRegion, make_recipe
from fgbg_studio.core.plan.table import SampleTable
from fgbg_studio.core.project import model, presets, storage
from fgbg_studio.core.project.framing import with_crop
from tests.conftest import MakeProject, drawn_recipe

EMPTY = np.zeros((CELLS, CELLS), np.bool_)
WHOLE = (0.0, 0.0, 1.0, 1.0)
LOWER = np.arange(CELLS)[:, None].repeat(CELLS, axis=1) >= CELLS * 0.6
LEFT = np.arange(CELLS)[None, :].repeat(CELLS, axis=0) < CELLS // 2

BEFORE = {  # SHA-256 of the columns of 4 × 3 pictures, as they were before there were regions
    "studio-256": "fae2de8ffcdd7f0f", "classroom-192": "fe869668541dfa4d", "street-224": "ad7692d6ea0bceea",
    "office-224": "89f69cd7150c04bc", "layers-150": "c9a2481cd2801e2e", "course-200": "869c63723366a7a9",
}  # fmt: skip


def painted(recipe: Recipe, cells: Region, number: int = 0, shown: tuple[float, ...] = WHOLE) -> Recipe:
    """The recipe with a region in one background."""
    standing = StandingRegion.model_validate({"cells": pack(cells), "shown": shown})
    backgrounds = list(recipe.backgrounds)
    backgrounds[number] = backgrounds[number].model_copy(update={"standing": standing})
    return recipe.model_copy(update={"backgrounds": tuple(backgrounds)})


def foot_cell(sample: Sample, background: BackgroundSource, size: int) -> tuple[int, int]:
    """(row, column) of the cell under the foot's middle, computed apart from the program."""
    assert background.standing
    left, top, wide, high = background.standing.shown
    column, row = sample.first.x + (sample.first.width - 1) // 2, sample.first.y + sample.first.height - 1
    return int((top + (row + 0.5) / size * high) * CELLS), int((left + (column + 0.5) / size * wide) * CELLS)


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """A region of one to three strokes, from a dot to a broad band."""
    cells, part = EMPTY, st.floats(0, 1)
    for _ in range(draw(st.integers(1, 3))):
        start, end = (draw(part), draw(part)), (draw(part), draw(part))
        cells = paint(cells, start, end, (draw(st.floats(0.004, 0.2)),) * 2, add=True)
    return cells


def columns_of(table: SampleTable) -> tuple[NDArray[Any], ...]:
    (one,) = table.objects
    return table.background, one.foreground, one.mirrored, table.k, *one[2:]


class TestPlan:
    @pytest.mark.parametrize("name", BEFORE)
    def test_without_a_region_nothing_changes(self, name: str) -> None:
        # That preset had another order and other sizes then.
        earlier = ["layout=course-1", "foreground.sizing=longest-side"] if name == "course-200" else []
        recipe = drawn_recipe(name, 4, 3, [*earlier, "scene.objects.most=1"])
        for made in (recipe, painted(recipe, LOWER, 2)):
            plan = Plan(made)
            columns = [np.ascontiguousarray(c, np.float64) for c in columns_of(plan.table(0, len(plan)))]
            if made is recipe:
                text = b"".join(column.tobytes() for column in columns)
                assert hashlib.sha256(text).hexdigest()[:16] == BEFORE[name]
                first = columns
        others = first[0] != 2
        assert all(np.array_equal(one[others], two[others]) for one, two in zip(first, columns, strict=True))

    @given(
        st.sampled_from(["uniform", "perspective", "layers"]),
        st.sampled_from(["height", "longest-side", "integer-factor", "fixed-square"]),
        regions(),
        st.integers(33, 300),
        st.tuples(*[st.floats(0, 0.5)] * 2, *[st.floats(0.2, 0.5)] * 2),
    )
    def test_every_foot_is_in_the_region_or_the_check_says_so(
        self, placement: str, sizing: str, cells: Region, size: int, shown: tuple[float, ...]
    ) -> None:
        changes = [f"size={size}", f"placement={placement}", f"foreground.sizing={sizing}", "placements=5"]
        plan = Plan(painted(drawn_recipe("street-224", 2, 2, changes), cells, 1, shown))
        try:
            plan.check()
        except PlanError:
            return
        for sample in plan:
            assert min(sample.first.x, sample.first.y) >= 0
            assert max(sample.first.x + sample.first.width, sample.first.y + sample.first.height) <= size
            if sample.background == 1:
                assert cells[foot_cell(sample, plan.recipe.backgrounds[1], size)]

    @pytest.mark.parametrize("name", presets.names())
    def test_a_sample_stays_a_pure_function(self, name: str) -> None:
        plan = Plan(painted(drawn_recipe(name, 2, 3), LOWER & LEFT))
        plan.check()
        together = plan[:]
        assert [plan[i] for i in range(len(plan))] == together
        alone = Plan(plan.recipe.model_copy(update={"foregrounds": plan.recipe.foregrounds[1:]}))
        kept = [(s.k, s.first[1:]) for s in together if s.first.foreground > 0]
        assert sorted((s.k, s.first[1:]) for s in alone) == sorted(kept)

    @pytest.mark.parametrize("name", ["street-224", "studio-256", "course-200"])
    def test_who_stands_in_the_region_already_stays(self, name: str) -> None:
        recipe = drawn_recipe(name, 1, 3)
        before, after = Plan(recipe), Plan(painted(recipe, LEFT))
        source = after.recipe.backgrounds[0]
        right = [bool(LEFT[foot_cell(s, source, recipe.settings.size)]) for s in before]
        assert 0.2 < np.mean(right) < 0.8
        assert all(one == two for one, two, stays in zip(before, after, right, strict=True) if stays)

    @pytest.mark.parametrize("name", ["street-224", "studio-256", "course-200"])
    def test_a_single_cell_is_found_by_counting(self, name: str) -> None:
        cells = EMPTY.copy()
        cells[110, 40] = True
        plan = Plan(painted(drawn_recipe(name, 1, 3), cells))
        plan.check()
        source, size = plan.recipe.backgrounds[0], plan.recipe.settings.size
        assert {foot_cell(sample, source, size) for sample in plan} == {(110, 40)}

    def test_drawn_and_counted_places_have_the_same_chances(self) -> None:
        """A narrow region is met by counting, a broad one by drawing: both fill theirs evenly."""
        recipe = drawn_recipe("street-224", 1, 1, ["placements=4000", "mirrored=false"])
        narrow = LOWER & (np.arange(CELLS)[None, :] // 4 == 16)
        for cells in (LOWER, narrow):
            table = Plan(painted(recipe, cells)).table(0, 4000)
            _, _, _, _, x, y, width, height, _, _ = (np.asarray(c, np.int64) for c in columns_of(table))
            feet = np.stack([x + (width - 1) // 2, y + height - 1])
            for values in feet:
                _, counts = np.unique(values, return_counts=True)
                expected = counts.mean()
                statistic = ((counts - expected) ** 2 / expected).sum()
                assert statistic < len(counts) + 5 * (2 * len(counts)) ** 0.5
            assert abs(np.corrcoef(feet)[0, 1]) < 0.08

    def test_columns_of_layers_divide_the_region(self) -> None:
        plan = Plan(painted(drawn_recipe("layers-150", 1, 1, ["mirrored=false"]), LEFT))
        plan.check()
        feet = np.array([(s.first.layer, s.first.x + (s.first.width - 1) // 2) for s in plan]).reshape(4, 5, 2)
        assert (feet[..., 0] == np.arange(4)[:, None]).all()
        assert (np.diff(feet[..., 1], axis=1) >= 5).all()
        assert feet[..., 1].max() < 75


class TestRefusals:
    def test_a_region_without_room_names_both_pictures(self) -> None:
        plan = Plan(painted(drawn_recipe("studio-256", 3, 2), ~LOWER & (np.arange(CELLS)[:, None] < 30), 1))
        for job in (plan.check, lambda: plan.table(0, len(plan))):
            with pytest.raises(PlanError, match=r"foregrounds/0\.png .*no place in .* backgrounds/1\.png") as caught:
                job()
            assert "clear the region" in caught.value.way_out

    def test_a_depth_layer_outside_is_named(self) -> None:
        with pytest.raises(PlanError, match="in depth layer 3 in the region"):
            Plan(painted(drawn_recipe("layers-150", 1, 1), np.arange(CELLS)[:, None] + 0 * EMPTY >= 104)).check()

    def test_a_region_outside_the_square(self, tmp_path: Path, make_project: MakeProject) -> None:
        folder = make_project(tmp_path)
        project = storage.load(folder)
        cells = paint(EMPTY, (0.02, 0.9), (0.02, 0.9), (0.01, 0.01), add=True)
        wide = project.backgrounds[0].model_copy(update={"standing": pack(cells)})
        errors = [o.message for o in check(folder, with_first(project, wide)) if o.severity == "error"]
        assert len(errors) == 1
        assert wide.file in errors[0]

    def test_a_damaged_region_is_no_recipe(self) -> None:
        with pytest.raises(ValueError, match="region"):
            StandingRegion(cells="damaged", shown=(0, 0, 1, 1))


class TestCrop:
    def test_the_region_stays_where_it_is_in_the_picture(self, tmp_path: Path, make_project: MakeProject) -> None:
        """A region in pixels of the picture, whatever square of it is shown."""
        folder = make_project(tmp_path, "street-224", changes=["placements=8", "foreground.sizing.pixels=60"])
        project = storage.load(folder)
        cells = paint(EMPTY, (0.3, 0.75), (0.7, 0.75), (0.1, 0.1), add=True)
        first = project.backgrounds[0].model_copy(update={"standing": pack(cells)})
        for square in ((0, 0, 140), (20, 0, 140), (30, 40, 90)):
            moved = with_crop(first, square)
            plan = Plan(make_recipe(with_first(project, moved)))
            plan.check()
            for sample in plan:
                if sample.background == 0:
                    scale = square[2] / 224
                    column = square[0] + (sample.first.x + (sample.first.width - 1) // 2 + 0.5) * scale
                    row = square[1] + (sample.first.y + sample.first.height - 0.5) * scale
                    assert cells[int(row / first.height * CELLS), int(column / first.width * CELLS)]

    def test_a_stretched_picture_is_shown_whole(self, tmp_path: Path, make_project: MakeProject) -> None:
        folder = make_project(tmp_path, changes=["background.fit=stretch"])
        project = storage.load(folder)
        first = project.backgrounds[0].model_copy(update={"standing": pack(LOWER)})
        standing = make_recipe(with_first(project, first)).backgrounds[0].standing
        assert standing
        assert standing.shown == (0, 0, 1, 1)
        assert np.array_equal(unpack(standing.cells), LOWER)
        assert make_recipe(project).backgrounds[0].standing is None


def with_first(project: model.Project, first: Any) -> model.Project:
    return project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])})


@pytest.mark.timing
@pytest.mark.parametrize("name", ["studio-256", "course-200"])
def test_counting_places_costs_less_than_making_the_pictures(name: str) -> None:
    cells = EMPTY.copy()
    cells[100:112, 60:70] = True
    recipe = drawn_recipe(name, 10, 10)
    for number in range(10):
        recipe = painted(recipe, cells, number)
    plan = Plan(recipe)
    plan.table(0, 10)
    begun = time.process_time()
    plan.table(0, 4000)
    assert (time.process_time() - begun) / 4000 < 1e-3
