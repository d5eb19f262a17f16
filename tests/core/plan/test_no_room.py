"""What is said where a foreground has no place: it is true, and taken as it is said it helps."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.remedies import RejectBackgrounds
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.placement.region_mask import CELLS, pack
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, StandingRegion, make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.framing import with_values
from tests.conftest import MakeProject, drawn_recipe

STEEP = {"horizon": -0.097, "camera_height": 1.77, "lens": (1.094, 0.5)}  # down onto a desk
LOW = {"horizon": 0.476, "camera_height": 0.44, "lens": (1.094, 0.5)}  # half a metre over the floor


def seen_by(camera: dict[str, object], floor: float | None = None, foregrounds: int = 3) -> Recipe:
    """Two backgrounds, the second by this camera and with a floor from a share of its height on."""
    recipe = drawn_recipe("studio-256", 2, foregrounds)
    if floor is not None:
        cells = np.arange(CELLS)[:, None].repeat(CELLS, axis=1) >= CELLS * floor
        region = {"cells": pack(cells), "shown": (0.0, 0.0, 1.0, 1.0)}
        camera = {**camera, "standing": StandingRegion.model_validate(region)}
    other = recipe.backgrounds[1].model_copy(update={**camera, "file": "backgrounds/steep.png"})
    return recipe.model_copy(update={"backgrounds": (recipe.backgrounds[0], other)})


def refusal(recipe: Recipe) -> PlanError:
    with pytest.raises(PlanError) as caught:
        Plan(recipe).check()
    return caught.value


def as_tall(recipe: Recipe, metres: float) -> Recipe:
    foregrounds = [one.model_copy(update={"real_height": metres}) for one in recipe.foregrounds]
    return recipe.model_copy(update={"foregrounds": tuple(foregrounds)})


@pytest.mark.parametrize("recipe", [seen_by(STEEP, foregrounds=1), seen_by(LOW, 0.69, foregrounds=1)])
def test_what_is_as_tall_as_is_said_has_a_place(recipe: Recipe) -> None:
    said = str(refusal(recipe))
    assert "foregrounds/0.png (1.7 m tall) " in said
    assert "backgrounds/steep.png" in said
    found = re.search(r"only what is at most ([\d.]+) m tall", said)
    assert found
    assert 0.5 < float(found[1]) < 1.7
    only = recipe.model_copy(update={"backgrounds": recipe.backgrounds[1:]})
    Plan(as_tall(only, float(found[1]))).check()
    refusal(as_tall(only, float(found[1]) * 1.1))


def test_all_that_have_no_place_there_are_counted() -> None:
    recipe = seen_by(STEEP)
    assert "; 2 more foregrounds have no place there" in str(refusal(recipe))
    assert "for it" not in str(refusal(recipe))
    both = recipe.model_copy(update={"backgrounds": (recipe.backgrounds[1],) * 2})
    assert "; 1 more background has no place for it" in str(refusal(both))


def test_a_smaller_least_size_is_a_way_out_only_where_it_is_one() -> None:
    assert "placement.smallest" not in str(refusal(seen_by(STEEP)))
    small = drawn_recipe("studio-256", 1, 1, ["foreground.real_height=0.05"])
    assert "let it be smaller (placement.smallest)" in str(refusal(small))
    assert "seen whole there is only what is at least" in str(refusal(small))


def test_the_check_says_it_before_a_run(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, changes=["placement=perspective", "camera.horizon=-0.3", "placements=2"])
    said = [issue.message for issue in check(folder, storage.load(folder)) if issue.code == "plan"]
    assert len(said) == 1
    assert "seen whole there is only what is at most" in said[0]


def test_backgrounds_that_have_no_place_for_most_are_named_together(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, "studio-256", 4, 3)
    project = storage.load(folder)
    high = [
        one.model_copy(update={"horizon": -0.9}) if at in {1, 3} else one for at, one in enumerate(project.backgrounds)
    ]
    narrow = project.model_copy(update={"backgrounds": tuple(high)})
    found = [issue for issue in check(folder, narrow, samples=False) if issue.severity == "error"]
    assert [issue.code for issue in found] == ["no-room"]
    wanted = tuple(one.file for one in (high[1], high[3]))
    assert (found[0].file, *found[0].more_files) == wanted
    assert "2 of 4 backgrounds have no place for most foregrounds" in found[0].message
    assert "(for 3 of 3)" in found[0].message
    assert found[0].remedies[0] == RejectBackgrounds(wanted)
    assert Plan(make_recipe(narrow)).lacking().tolist() == [0, 3, 0, 3]
    values = {"status": "rejected"}
    left = tuple(with_values(one, values) if one.file in wanted else one for one in narrow.backgrounds)
    again = check(folder, narrow.model_copy(update={"backgrounds": left}), samples=False)
    assert not [issue for issue in again if issue.severity == "error"]
