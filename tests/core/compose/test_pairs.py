"""Each scene once with every blend: the same scene, other seams, and no name or number twice."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.compose.preview import write_preview
from fgbg_studio.core.dataset.inspect.reproduce import remake
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.plan.order import SpreadOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.what_if import WhatIf
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.exclusions import Exclusion, Exclusions
from tests.conftest import MakeProject, drawn_recipe
from tests.core.compose.test_looks import EVERYTHING, composer
from tests.helpers.datasets import find, make, small

PAIRED = ["compositing.mode=mixed", "compositing.mode.paired=true", "compositing.mode.gaussian=0"]
BLENDS = ["alpha", "binary", "multiband"]  # in the order of their numbers


def placed(sample: Sample) -> tuple[object, ...]:
    return sample.background, sample.objects, sample.named


@pytest.mark.parametrize("more", [(), ("scene.objects.most=3",), ("placement=layers",)], ids=str)
def test_every_scene_is_the_unpaired_plans(more: tuple[str, ...]) -> None:
    plan = Plan(drawn_recipe("studio-256", 2, 3, ["placements=4", *PAIRED, *more]))
    alone = Plan(drawn_recipe("studio-256", 2, 3, ["placements=4", *more]))
    assert len(plan) == 3 * len(alone)
    assert plan.counts.placement == 3 * alone.counts.placement
    for sample in plan:
        background, foreground, mirrored, k = sample.identity
        assert placed(sample) == placed(alone[alone.number(background, foreground, mirrored, k // 3)])
        assert plan.request(sample).draws.tolist() == alone.request(sample._replace(k=k // 3)).draws.tolist()


def test_a_composite_is_that_of_its_blend_alone() -> None:
    pairs = composer(*EVERYTHING, *PAIRED[1:])
    alone = [composer(*EVERYTHING, f"compositing.mode={blend}") for blend in BLENDS]
    plan, single = Plan(pairs.pictures.recipe), Plan(alone[0].pictures.recipe)
    for background, foreground in ((0, 0), (1, 2), (2, 1)):
        for k in range(6):
            made = pairs(plan[plan.number(background, foreground, True, k)])
            same = alone[k % 3](single[single.number(background, foreground, True, k // 3)])
            assert np.array_equal(made.image, same.image)
            assert np.array_equal(made.mask, same.mask)
        first, second = (pairs(plan[plan.number(background, foreground, True, k)]) for k in (0, 1))
        assert np.array_equal(first.mask, second.mask)
        assert not np.array_equal(first.image, second.image)


@pytest.mark.parametrize("layout", sorted(Layout.known()))
@pytest.mark.parametrize("placement", ["perspective", "layers"])
def test_names_are_of_one_sample_each(layout: str, placement: str) -> None:
    changes = ["placements=4", f"layout={layout}", f"placement={placement}", *PAIRED]
    plan = Plan(drawn_recipe("studio-256", 2, 3, changes))
    assert len({plan.paths(sample).fg_bg for sample in plan}) == len(plan)


def test_a_grid_keeps_its_rows_in_names() -> None:
    plan = Plan(drawn_recipe("layers-150", 1, 1, PAIRED))
    for sample in plan:
        row = plan.paths(sample).fg_bg.rpartition("/")[2].split("_")[1]
        assert int(row) == sample.first.layer


@pytest.mark.parametrize("excluded", [False, True])
def test_a_part_of_a_plan_has_whole_pairs(excluded: bool) -> None:
    recipe = drawn_recipe("studio-256", 3, 2, ["placements=4", *PAIRED])
    if excluded:
        gone = Exclusion(recipe.backgrounds[1].sha256, recipe.foregrounds[0].sha256, False, 4)
        recipe = recipe.model_copy(update={"excluded": Exclusions.of([gone])})
    plan = Plan(recipe)
    order = SpreadOrder(plan)
    every = order.numbers(0, plan.made)
    assert len({*every.tolist()}) == plan.made == len(plan) - excluded
    assert all(order.positions(order.numbers(at, at + 1)).tolist() == [at] for at in range(plan.made))
    part = [plan[number].identity for number in order.numbers(0, 30).tolist()]
    scenes = Counter((background, foreground, mirrored, k // 3) for background, foreground, mirrored, k in part)
    assert Counter(scenes.values())[3] >= 10 - excluded


@pytest.mark.parametrize("writer", ["folders", "zip", "tar"])
def test_a_dataset_of_pairs(make_project: MakeProject, tmp_path: Path, writer: str) -> None:
    changes = small("studio-256", "mirrored=false", "placements=2", f"writer={writer}", *PAIRED)
    project = make_project(tmp_path, "studio-256", 2, 2, changes)
    loaded = storage.load(project)
    make(project, tmp_path / "out")
    assert find(tmp_path / "out").report()["clean"]
    dataset = open_dataset(tmp_path / "out")
    assert dataset.samples == len(Plan(make_recipe(loaded))) == 2 * 2 * 2 * 3
    rows = list(csv.DictReader((tmp_path / "out" / "samples.csv").read_text("utf-8").splitlines()))
    places: dict[tuple[str, str, int], set[str]] = {}
    for row in rows:
        places.setdefault((row["background"], row["foreground"], int(row["k"]) // 3), set()).add(
            row["x"] + "," + row["y"]
        )
    assert len(places) == 8
    assert all(len(where) == 1 for where in places.values())
    again = remake(tmp_path / "out", rows[4]["name"], tmp_path / "again")
    if writer == "folders":
        assert {path.read_bytes() for path in again} <= {
            path.read_bytes() for path in (tmp_path / "out").rglob("*.*") if path.is_file()
        }
    assert "k % 3 the blend (0 alpha, 1 binary, 2 multiband)" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_what_if_and_sheets_know_them(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, "studio-256", 1, 1, small("studio-256", "placements=2", *PAIRED))
    loaded = storage.load(project)
    trial = WhatIf(loaded, loaded.backgrounds[0], loaded.foregrounds[0])
    assert trial.per_pair == 6
    assert len(trial.places(False)) == 2
    sample = trial.sample(True, 4)
    first = sample.first
    assert trial.at(sample, first.x + first.width / 2, first.y + first.height) == sample
    write_preview(make_recipe(loaded), project, 12, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").stat().st_size
