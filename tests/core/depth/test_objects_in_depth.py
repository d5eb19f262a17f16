"""An object is in its depth map: before what it covers, and as large there as it really is, whatever the settings."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.remedies import Adjust
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project import presets
from tests.conftest import drawn_recipe
from tests.core.depth.test_geometry import composer


class Found(NamedTuple):
    """What the maps of some samples say of their objects.

    ``contact`` is the object's depth; ``behind``, whether any of its pixels is not before what it covers; ``unseen``,
    whether 95 % of them are within 5 % of that; ``metres``, how tall its box is by its pixels and its depth.
    """

    contact: NDArray[np.float64]
    behind: NDArray[np.bool_]
    unseen: NDArray[np.bool_]
    metres: NDArray[np.float64]
    layer: NDArray[np.int64]


def look(recipe: Recipe, count: int = 300) -> Found:
    """Some samples from all over the plan, judged by their depth maps and the pinhole's formula."""
    made, plan = composer(recipe), Plan(recipe)
    maker = recipe.settings.depth.way.open(made, LocalStore(Path()))
    assert maker is not None
    size, found = recipe.settings.size, []
    focal = size / (2 * math.tan(math.radians(recipe.settings.camera.field_of_view / 2)))
    for sample in plan[:: max(len(plan) // count, 1)]:
        composite = made(sample)
        (depth,), base = maker([sample], [composite]), maker.base(sample.background)
        assert base is not None
        under = base[composite.mask > 0].astype(np.float64)
        near = np.abs(under - depth.contact) <= 0.05 * under
        metres = sample.first.height * depth.contact / focal
        found.append((depth.contact, (under <= depth.contact).any(), near.mean() >= 0.95, metres, sample.first.layer))
    return Found(*(np.array(column) for column in zip(*found, strict=True)))


@pytest.mark.parametrize("preset", presets.names())
def test_every_preset_has_its_objects_in_its_depth(preset: str) -> None:
    found = look(drawn_recipe(preset, 4, 6, ["scene.objects.most=1"]))
    assert not found.behind.any()
    # The smallest by perspective stand 36 cm before the wall, in one row of 105.
    ours = preset in {"studio-256", "scenes-384"}
    assert found.unseen.mean() <= (0.02 if ours else 0)
    low, high = np.percentile(found.metres, [5, 95]).round(2)
    exact = ours or preset == "layers-150"
    assert (1.69 if exact else 0.85) <= low <= high <= (1.71 if exact else 3.4)


@pytest.mark.parametrize(
    ("changes", "real_height"),
    [
        (["camera.field_of_view=40"], 1.7), (["camera.field_of_view=25"], 1.7), (["camera.wall=4"], 1.7),
        (["foreground.real_height=2.5"], 2.5), (["camera.height=1"], 1.7), (["camera.field_of_view=90"], 1.7),
    ],
)  # fmt: skip
def test_other_cameras_put_nobody_on_the_wall(changes: list[str], real_height: float) -> None:
    recipe = drawn_recipe("studio-256", 4, 6, changes)
    found = look(recipe)
    assert found.contact.max() < 0.98 * recipe.settings.camera.wall
    assert not found.behind.any()
    assert found.unseen.mean() <= 0.02
    # A height is a whole number of rows.
    np.testing.assert_allclose(found.metres, real_height, rtol=0.5 / 38)


def test_a_wall_that_leaves_no_ground_is_refused_with_its_setting() -> None:
    with pytest.raises(PlanError, match="does not fit") as caught:
        Plan(drawn_recipe("studio-256", 1, 1, ["camera.wall=2"])).check()
    assert caught.value.remedies[0] == Adjust("camera.wall", "set a wall farther away")


class TestLayers:
    def test_a_row_is_as_far_away_as_its_size_says(self) -> None:
        """A row whose people are two thirds as tall as those of the nearest is one and a half times as far away."""
        found = look(drawn_recipe("layers-150", 3, 7), 2000)
        rows = [set(found.contact[found.layer == row].tolist()) for row in range(4)]
        assert [len(row) for row in rows] == [1] * 4
        depths = [row.pop() for row in rows]
        assert depths == pytest.approx([129.9038 * 1.7 / size for size in (90, 80, 70, 60)], rel=1e-5)
        assert depths[3] / depths[0] == pytest.approx(1.5)

    @pytest.mark.parametrize("change", ["camera.height=0.6", "camera.wall=3", "camera.horizon=0.3"])
    def test_rows_that_cannot_be_so_far_away_keep_their_proportions(self, change: str) -> None:
        found = look(drawn_recipe("layers-150", 2, 3, [change]), 2000)
        depths = [found.contact[found.layer == row][0] for row in range(4)]
        assert np.divide(depths, depths[0]) == pytest.approx([1, 90 / 80, 90 / 70, 90 / 60])
        assert depths[0] < 129.9038 * 1.7 / 90
        assert not found.behind.any()
        assert not found.unseen.any()

    def test_other_real_heights_do_not_tear_a_row_apart(self) -> None:
        recipe = drawn_recipe("layers-150", 1, 2)
        child = recipe.foregrounds[1].model_copy(update={"real_height": 1.1, "box": (0, 0, 60, 20)})
        found = look(recipe.model_copy(update={"foregrounds": (recipe.foregrounds[0], child)}))
        assert len(set(found.contact.tolist())) == 4


cameras = given(
    preset=st.sampled_from(["studio-256", "street-224", "course-200", "layers-150", "classroom-192"]),
    view=st.floats(10, 150),
    wall=st.floats(0.05, 60),
    height=st.floats(0.05, 60),
    horizon=st.floats(-1, 2),
    real_height=st.floats(0.05, 20),
    smallest=st.floats(0.01, 0.5),
)


@cameras
def test_whatever_the_camera_nothing_is_behind_what_it_covers(
    preset: str, view: float, wall: float, height: float, horizon: float, real_height: float, smallest: float
) -> None:
    """Or the plan refuses."""
    changes = [
        f"camera={{'field_of_view':{view},'wall':{wall},'height':{height},'horizon':{horizon}}}".replace("'", '"'),
        f"foreground.real_height={real_height}",
    ]
    if preset == "studio-256":
        changes.append(f"placement.smallest={smallest}")
    recipe = drawn_recipe(preset, 1, 2, changes)
    try:
        Plan(recipe).check()
    except PlanError:
        assert preset == "studio-256"  # the others' sizes do not depend on a camera
        return
    found = look(recipe, 12)
    assert not found.behind.any()
    assert (found.contact > 0).all()
    if preset != "studio-256":  # from high above, even who stands on the ground is no nearer than the ground
        assert not found.unseen.any()


@pytest.mark.parametrize(
    ("sizing", "placement"), [("fixed-square", "uniform"), ("longest-side", "layers"), ("fixed-square", "perspective")]
)
def test_wide_cutouts_too(sizing: str, placement: str) -> None:
    """A padded square is taller than its object, a row's size wider than a wide cutout is tall."""
    recipe = drawn_recipe("office-224", 2, 1, [f"foreground.sizing={sizing}", f"placement={placement}"])
    wide = recipe.foregrounds[0].model_copy(update={"box": (0, 0, 100, 60), "real_height": 1.0})
    found = look(recipe.model_copy(update={"foregrounds": (wide,)}))
    assert not found.behind.any()
    assert not found.unseen.any()
    if sizing == "fixed-square":
        assert np.median(found.metres) == pytest.approx(100 / 60, rel=0.02)
