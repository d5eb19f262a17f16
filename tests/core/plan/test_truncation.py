"""Further objects that the frame cuts: as many as were asked for, over the edges that may, and sized by the camera."""

from __future__ import annotations

import numpy as np
import pytest

from fgbg_studio.core.base.camera import ratio_of
from fgbg_studio.core.base.sample import PlacedObject, Sample
from fgbg_studio.core.placement.region_mask import CELLS, pack
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, StandingRegion
from fgbg_studio.core.plan.truncation import MOST
from tests.conftest import drawn_recipe

SCENE = ["scene.objects.least=2", "scene.objects.most=3", "scene.overlap=0.8", "placements=8"]


def recipe(*changes: str) -> Recipe:
    return drawn_recipe("studio-256", 3, 6, [*SCENE, *changes])


def further(sample: Sample) -> list[PlacedObject]:
    return [one for at, one in enumerate(sample.objects) if at != sample.named]


def beyond(one: PlacedObject, size: int = 256) -> tuple[float, float, float, float]:
    """The shares of a box beyond the left, upper, right and lower edge."""
    right, lower = one.x + one.width - size, one.y + one.height - size
    return -one.x / one.width, -one.y / one.height, right / one.width, lower / one.height


@pytest.mark.parametrize("placement", ["perspective", "uniform", "layers"])
def test_the_frame_cuts_as_many_as_were_asked_for(placement: str) -> None:
    changes = f'placement={{"name":"{placement}"}}', "scene.truncation=0.5"
    samples = list(Plan(recipe(*changes)))
    shares = np.array([beyond(one) for sample in samples for one in further(sample)])
    assert 0.3 < (shares > 0).any(axis=1).mean() < 0.6  # of those over an edge more have no place and are drawn anew
    assert ((shares > 0).sum(axis=1) <= 1).all()
    assert not (shares[:, 1] > 0).any()
    assert shares.max() <= MOST + 0.03
    assert [bool(many) for many in (shares > 0).sum(axis=0)] == [True, False, True, placement != "layers"]
    assert all(max(beyond(sample.first)) <= 0 for sample in samples)


def test_nothing_is_cut_unless_asked_for() -> None:
    plain = list(Plan(recipe()))
    assert plain == list(Plan(recipe("scene.truncation=0")))
    assert all(max(beyond(one)) <= 0 for sample in plain for one in sample.objects)


def test_who_is_cut_below_is_as_tall_as_the_camera_sees_who_stands_there() -> None:
    plan = Plan(recipe("scene.truncation=1"))
    cut = [(one, plan.views[s.background]) for s in plan for one in further(s) if one.y + one.height > 256]
    assert len(cut) > 20
    for one, view in cut:
        implied = ratio_of(one.height, one.y + one.height - view.horizon, view.tilt) * view.camera_height
        assert implied == pytest.approx(plan.real_heights[one.foreground], rel=0.02)


def test_each_sample_is_the_same_alone_and_among_others() -> None:
    plan = Plan(recipe("scene.truncation=0.6"))
    assert [plan[number] for number in (3, 50, 17)] == [list(plan)[number] for number in (3, 50, 17)]


@pytest.mark.parametrize("placement", ["perspective", "uniform", "layers"])
def test_who_is_cut_stands_in_the_region(placement: str) -> None:
    cells = np.zeros((CELLS, CELLS), np.bool_)
    cells[CELLS // 2 :, : CELLS // 3] = True
    standing = StandingRegion.model_validate({"cells": pack(cells), "shown": (0.0, 0.0, 1.0, 1.0)})
    plain = recipe("scene.truncation=1", f"placement={placement}", "foreground.sizing.pixels=60")
    if placement == "layers":
        plain = recipe("scene.truncation=1", "placement=layers", "placement.sizes=[60]", "placements=5")
    painted = tuple(one.model_copy(update={"standing": standing}) for one in plain.backgrounds)
    samples = list(Plan(plain.model_copy(update={"backgrounds": painted})))
    cut = 0
    for one in (one for sample in samples for one in sample.objects):
        shares = beyond(one)
        cut += max(shares) > 0
        column, row = one.x + (one.width - 1) // 2, one.y + one.height - 1
        assert max(column, 0) < 256 / 3 + 1
        assert row >= 127
        assert shares[2] <= 0  # nobody stands at the right edge
    assert cut > 10
