"""Depth from the horizon: the formula, the wall, and the foreground upright on its feet."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.camera import GroundView, focal_length
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.depth.geometry import Geometry, GeometryMaker
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.project.settings import Camera
from tests.conftest import draw_background, draw_cutout, drawn_recipe


class Drawn(Pictures):
    """Pictures straight from the drawing board."""

    def background(self, number: int) -> np.ndarray:
        size = self.recipe.settings.size
        return draw_background(number, size, size)

    def foreground(self, number: int) -> np.ndarray:
        return draw_cutout(number)

    def mask(self, number: int) -> np.ndarray:
        return (draw_cutout(number)[..., 3] >= self.recipe.settings.compositing.mask_threshold) * np.uint8(255)


def composer(recipe: Recipe) -> Composer:
    return Composer(Drawn(recipe, None))


def ground_depth(rows: np.ndarray, size: int, camera: Camera, horizon: float, camera_height: float) -> np.ndarray:
    """The depth in metres of what is seen in ``rows`` (float, from the top) with the horizon at a part of ``size``."""
    focal = focal_length(size, camera.field_of_view)
    view = GroundView(size, focal, horizon * size, camera_height, camera.wall, 1.7)
    return np.array([view.depth(row) for row in rows.tolist()])


class TestFormula:
    @given(
        st.floats(-1, 2), st.floats(0.1, 50), st.floats(10, 150), st.floats(0.5, 60), st.sampled_from([64, 224, 256])
    )
    def test_depth_below_the_horizon_and_the_wall_above(
        self, horizon: float, height: float, view: float, wall: float, size: int
    ) -> None:
        camera = Camera(field_of_view=view, wall=wall)
        rows = np.arange(size) + 0.5
        depth = ground_depth(rows, size, camera, horizon, height)
        focal = size / (2 * math.tan(math.radians(view / 2)))
        below = rows > horizon * size + 1e-3
        expected = np.minimum(focal * height / (rows - horizon * size)[below], wall)
        np.testing.assert_allclose(depth[below], expected, rtol=1e-9)
        assert (depth[rows <= horizon * size] == wall).all()
        assert (np.diff(depth) <= 0).all()  # lower in the picture is never farther
        assert (depth > 0).all()

    def test_by_hand(self) -> None:
        # 90° make f half the frame: 100 px; a camera at 2 m sees 50 px under the horizon what is 4 m away.
        camera = Camera(field_of_view=90, wall=60)
        assert ground_depth(np.array([150.0]), 200, camera, 0.5, 2.0)[0] == pytest.approx(4.0)

    @given(st.floats(0.2, 3), st.floats(0.5, 5), st.integers(60, 200))
    def test_placement_and_depth_are_of_one_camera(self, real: float, height: float, row: int) -> None:
        """What is h·(y − y_h)/H pixels tall is, at the depth f·H/(y − y_h), h metres tall."""
        size, horizon = 256, 0.2
        camera = Camera(field_of_view=60, wall=60)
        pixels = real * (row - horizon * size) / height
        depth = min(ground_depth(np.array([float(row)]), size, camera, horizon, height)[0], 1e9)
        if depth < 60:
            focal = size / (2 * math.tan(math.radians(30)))
            assert pixels * depth / focal == pytest.approx(real)


class TestMaps:
    RECIPE = drawn_recipe("studio-256", 2, 2)

    def test_a_sample_is_its_background_but_for_the_object(self) -> None:
        made = composer(self.RECIPE)
        maker = Geometry().open(made, LocalStore(Path()))
        samples = Plan(self.RECIPE)[::17]
        composites = [made(sample) for sample in samples]
        for sample, composite, depth in zip(samples, composites, maker(samples, composites), strict=True):
            found, base, solid = depth.map, maker.base(sample.background), composite.mask == 255
            assert found.shape == (256, 256)
            assert found.dtype == np.float32
            assert np.array_equal(found[~solid], base[~solid])
            # Upright: one depth from head to foot, the one of the ground where it stands.
            assert set(found[solid].tolist()) == {float(np.float32(depth.contact))}
            foot = np.array([float(sample.first.y + sample.first.height)])
            camera = self.RECIPE.settings.camera
            expected = ground_depth(foot, 256, camera, camera.horizon, camera.height)[0]
            assert depth.contact == pytest.approx(expected)
            assert base[sample.first.y + sample.first.height - 1, 0] >= depth.contact

    def test_each_background_has_its_own_horizon_and_camera(self) -> None:
        low = self.RECIPE.backgrounds[1].model_copy(update={"horizon": 0.2, "camera_height": 3.0})
        recipe = self.RECIPE.model_copy(update={"backgrounds": (self.RECIPE.backgrounds[0], low)})
        maker = Geometry().open(composer(recipe), LocalStore(Path()))
        for number, (horizon, height) in enumerate([(0.45, 1.6), (0.2, 3.0)]):
            expected = ground_depth(np.arange(256) + 0.5, 256, recipe.settings.camera, horizon, height)
            np.testing.assert_allclose(maker.base(number)[:, 17], expected, rtol=1e-6)

    def test_nearer_foregrounds_are_lower_and_larger(self) -> None:
        made = composer(self.RECIPE)
        maker = Geometry().open(made, LocalStore(Path()))
        samples: list[Sample] = Plan(self.RECIPE)[:40]
        depths = maker(samples, [made(sample) for sample in samples])
        order = np.argsort([-depth.contact for depth in depths], kind="stable")
        heights = [samples[i].first.height for i in order]
        contacts = [depths[i].contact for i in order]
        for (h1, c1), (h2, c2) in zip(
            zip(heights, contacts, strict=True), zip(heights[1:], contacts[1:], strict=True), strict=False
        ):
            assert h1 <= h2 or c1 == c2

    def test_all_in_a_layers_row_share_one_depth(self) -> None:
        recipe = drawn_recipe("layers-150", 1, 2)
        made = composer(recipe)
        maker = Geometry().open(made, LocalStore(Path()))
        samples = list(Plan(recipe))
        depths = maker(samples, [made(sample) for sample in samples])
        by_row = [{d.contact for s, d in zip(samples, depths, strict=True) if s.first.layer == row} for row in range(4)]
        assert [len(row) for row in by_row] == [1] * 4
        values = [row.pop() for row in by_row]
        assert values == sorted(values)

    def test_thousands_of_horizons_do_not_fill_the_memory(self) -> None:
        many = tuple(self.RECIPE.backgrounds[0].model_copy(update={"horizon": i / 1000}) for i in range(600))
        maker = Geometry().open(composer(self.RECIPE.model_copy(update={"backgrounds": many})), LocalStore(Path()))
        for number in range(600):
            maker.base(number)
        assert maker._ground_of.cache_info().currsize * 4 * 256**2 <= 64 << 20

    def test_says_what_it_is(self) -> None:
        meaning = Geometry().meaning(composer(self.RECIPE), LocalStore(Path()))
        assert meaning.kind == "metric"
        assert "10 m" in meaning.how
        assert not meaning.network
        assert not Geometry.needs_network


class TestWithoutWall:
    def maker(self, *walls: float | str | None, changes: tuple[str, ...] = ()) -> GeometryMaker:
        recipe = drawn_recipe("studio-256", len(walls), 1, changes)
        backgrounds = [
            one.model_copy(update={"wall": wall}) for one, wall in zip(recipe.backgrounds, walls, strict=True)
        ]
        return Geometry().open(
            composer(recipe.model_copy(update={"backgrounds": tuple(backgrounds)})), LocalStore(Path())
        )

    def test_the_sky_has_no_value_and_the_ground_goes_on(self) -> None:
        column = self.maker("none").base(0)[:, 5]
        rows = np.arange(256) + 0.5
        exact = 128 / math.tan(math.radians(30)) * 1.6 / (rows - 0.45 * 256)
        seen = (exact > 0) & (exact <= 65.535)
        assert np.isnan(column[~seen]).all()
        np.testing.assert_allclose(column[seen], exact[seen], rtol=1e-6)
        assert column[seen].max() > 50

    def test_what_is_too_far_to_be_stored_has_no_value(self) -> None:
        column = self.maker("none", changes=("depth.encoding=uint8-linear", "depth.encoding.far=20")).base(0)[:, 0]
        assert 15 < np.nanmax(column) <= 20

    def test_a_wall_of_its_own(self) -> None:
        maker = self.maker(None, 4.0, "none")
        assert [float(np.nanmax(maker.base(number))) > 10 for number in range(3)] == [False, False, True]
        assert float(maker.base(0).max()) == 10
        assert float(maker.base(1).max()) == 4

    @pytest.mark.parametrize(
        ("walls", "said"),
        [
            ((None,), "a wall at 10 m above it"),
            ((4.0, 10.0, 7.0), "a wall at 4 to 10 m above it"),
            (("none", 4.0), "a wall at 4 m or no value (outdoors) above it"),
            (("none",), "no value (outdoors) above it"),
        ],
    )
    def test_says_what_is_above_the_horizon(self, walls: tuple[float | str | None, ...], said: str) -> None:
        maker = self.maker(*walls)
        assert said in Geometry().meaning(maker._scene, LocalStore(Path())).how

    def test_feet_go_on_to_where_the_ground_does(self) -> None:
        """The placement's rows end at the background's own wall, and at none where it has none."""
        plain = drawn_recipe("studio-256", 1, 1, ["camera.wall=4", "placement.smallest=0.05"])
        open_air = plain.backgrounds[0].model_copy(update={"wall": "none"})
        feet = {
            wall: min(one.first.y + one.first.height for one in Plan(recipe)[:200])
            for wall, recipe in (("4", plain), ("none", plain.model_copy(update={"backgrounds": (open_air,)})))
        }
        assert feet["none"] < feet["4"]
