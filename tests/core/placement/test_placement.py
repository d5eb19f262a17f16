"""Where foregrounds stand: inside the frame, with equal chance, and by the camera's formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.remedies import Adjust
from fgbg_studio.core.interfaces.placement import Placed, Placement, Request, scatter
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.placement.perspective import Perspective
from fgbg_studio.core.placement.uniform import Uniform

# The 99.99th percentile of chi-square with n degrees of freedom (Wilson and Hilferty's approximation).
CHI_999 = 3.719


def critical(freedom: int) -> float:
    share = 2 / (9 * freedom)
    return float(freedom * (1 - share + CHI_999 * share**0.5) ** 3)


def chi_square(values: NDArray[Any], places: int) -> float:
    """Pearson's statistic of whole numbers 0..places-1 against the uniform distribution."""
    assert values.min() >= 0
    assert values.max() < places
    counts = np.bincount(values, minlength=places)
    expected = len(values) / places
    return float(((counts - expected) ** 2 / expected).sum())


def request(count: int, frame: int = 224, size: tuple[int, int] = (40, 105), **more: Any) -> Request:
    """``count`` samples of one foreground with draws of a fixed seed."""
    full: dict[str, Any] = {
        "frame": frame,
        "width": np.full(count, size[0]),
        "height": np.full(count, size[1]),
        "k": np.arange(count) % 20,
        "draws": np.random.default_rng(5).random((count, 3)),
        "horizon": np.full(count, 0.45 * frame),
        "camera_height": np.full(count, 1.6),
        "real_height": np.full(count, 1.7),
    }
    full |= more
    return Request(**({"wall": full["horizon"], "tilt": np.zeros(count)} | full))


every_request = given(
    frame=st.sampled_from([32, 150, 224, 1024]),
    seed=st.integers(0, 2**32),
    spread=st.sampled_from([0.05, 0.5, 3.0]),
)


def inside(placed: Placed, frame: int) -> NDArray[np.bool_]:
    return (
        (placed.x >= 0)
        & (placed.y >= 0)
        & (placed.width >= 1)
        & (placed.height >= 1)
        & (placed.x + placed.width <= frame)
        & (placed.y + placed.height <= frame)
    )


def anything(frame: int, seed: int, spread: float) -> Request:
    """Samples as odd as settings and projects allow; ``spread`` of the real heights and the cameras'."""
    count, rng = 300, np.random.default_rng(seed)
    horizon = rng.choice([-1, 0, 0.45, 1, 2, *rng.uniform(-1, 2, 20)], count) * frame
    return Request(
        frame=frame,
        width=rng.integers(1, 2 * frame, count),
        height=rng.integers(1, 2 * frame, count),
        k=np.arange(count),
        draws=rng.choice([0.0, np.nextafter(1, 0), 0.5, *rng.random(3)], (count, 3)),
        horizon=horizon,
        camera_height=1.6 * np.exp(rng.normal(0, spread, count)),
        real_height=1.6 * np.exp(rng.normal(0, spread, count) * rng.choice([0, 1], count)),
        wall=horizon + rng.choice([0, 0, 0.1, 0.3, 5, 1e12], count) * frame,
        tilt=np.zeros(count),
    )


@pytest.mark.parametrize("placement", [p() for p in Placement.known().values()], ids=lambda p: p.name)
@every_request
def test_what_fits_is_wholly_inside(placement: Placement, frame: int, seed: int, spread: float) -> None:
    asked = anything(frame, seed, spread)
    placed = placement.place(asked)
    assert inside(placed, asked.frame)[placed.fits].all()
    for column in (placed.x, placed.y, placed.width, placed.height, placed.layer):
        assert column.dtype == np.int64
        assert column.shape == (300,)


@given(st.integers(-5, 300), st.floats(0, 1, exclude_max=True))
def test_scatter_stays_in_its_room(room: int, draw: float) -> None:
    assert 0 <= scatter(np.array([room]), np.array([draw]))[0] <= max(room, 0)


class TestUniform:
    def test_every_position_has_equal_chance(self) -> None:
        placed = Uniform().place(request(60_000))
        wide, high = 224 - 40 + 1, 224 - 105 + 1
        assert chi_square(placed.x, wide) < critical(wide - 1)
        assert chi_square(placed.y, high) < critical(high - 1)
        # And no row is tied to a column: a coarse table of both.
        both = (placed.x * 8 // wide) * 8 + placed.y * 8 // high
        expected = np.bincount(
            ((np.arange(wide) * 8 // wide)[:, None] * 8 + np.arange(high) * 8 // high).ravel(), minlength=64
        ) * (60_000 / (wide * high))
        counts = np.bincount(both, minlength=64)
        assert ((counts - expected) ** 2 / expected).sum() < critical(63)

    def test_both_ends_are_reached(self) -> None:
        ends = np.array([[0.0, 0.0, 0.0], [np.nextafter(1, 0)] * 3])
        placed = Uniform().place(request(2, draws=ends))
        assert placed.x.tolist() == [0, 224 - 40]
        assert placed.y.tolist() == [0, 224 - 105]

    def test_a_foreground_as_large_as_the_frame_fits_and_a_larger_one_does_not(self) -> None:
        placed = Uniform().place(request(3, width=np.array([224, 225, 10]), height=np.array([224, 10, 225])))
        assert placed.fits.tolist() == [True, False, False]

    def test_keeps_the_size_and_knows_no_layer(self) -> None:
        placed = Uniform().place(request(100))
        assert (placed.width == 40).all()
        assert (placed.height == 105).all()
        assert (placed.layer == -1).all()


class TestLayers:
    GRID = request(20, frame=150, size=(150, 150), k=np.arange(20))

    def test_four_rows_of_five_smaller_and_higher(self) -> None:
        placed = Layers().place(self.GRID)
        assert Layers().count(999) == 20
        assert placed.fits.all()
        assert placed.layer.tolist() == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5
        assert placed.width.tolist() == [90] * 5 + [80] * 5 + [70] * 5 + [60] * 5
        assert placed.height.tolist() == placed.width.tolist()
        feet = (placed.y + placed.height).reshape(4, 5)
        assert (feet == feet[:, :1]).all()
        assert (np.diff(feet[:, 0]) < 0).all()
        assert feet[0, 0] == 150

    def test_no_two_places_are_the_same(self) -> None:
        """Two placements that coincide are a duplicate for every pair of background and foreground."""
        placed = Layers().place(self.GRID)
        boxes = set(zip(placed.x.tolist(), placed.y.tolist(), placed.width.tolist(), strict=True))
        assert len(boxes) == 20
        x = placed.x.reshape(4, 5)
        assert (np.diff(x, axis=1) > 0).all()
        assert np.abs((x + (placed.width.reshape(4, 5) / 2)).mean(axis=1) - 75).max() <= 0.5

    def test_without_jitter_nothing_is_drawn(self) -> None:
        other = request(20, frame=150, size=(150, 150), k=np.arange(20), draws=np.random.default_rng(9).random((20, 3)))
        assert np.array_equal(Layers().place(self.GRID).x, Layers().place(other).x)

    def test_jitter_moves_sideways_only_and_within_the_columns_own_place(self) -> None:
        still = Layers().place(self.GRID)
        for seed in range(20):
            draws = np.random.default_rng(seed).random((20, 3))
            asked = request(20, frame=150, size=(150, 150), k=np.arange(20), draws=draws)
            moved = Layers(jitter=1.0).place(asked)
            assert inside(moved, 150).all()
            assert np.array_equal(moved.y, still.y)
            assert np.array_equal(moved.width, still.width)
            pitch = (150 - still.width) / 5
            assert (np.abs(moved.x - still.x) <= pitch / 2 + 1).all()

    def test_a_tall_foreground_keeps_its_shape(self) -> None:
        placed = Layers().place(request(20, frame=150, size=(40, 120), k=np.arange(20)))
        assert placed.height.tolist()[::5] == [90, 80, 70, 60]
        assert placed.width.tolist()[::5] == [30, 27, 23, 20]

    def test_rows_that_rise_out_of_the_frame_do_not_fit(self) -> None:
        placed = Layers(step=0.3).place(self.GRID)
        assert placed.fits.reshape(4, 5).tolist() == [[True] * 5] * 2 + [[False] * 5] * 2

    def test_settings_are_checked(self) -> None:
        wrongs: list[dict[str, Any]] = [{"columns": 0}, {"sizes": []}, {"sizes": [90, 0]}, {"step": -1}]
        for wrong in wrongs:
            with pytest.raises(UsageError):
                Placement.from_dict({"name": "layers", **wrong})


class TestPerspective:
    @every_request
    def test_height_is_the_cameras_formula(self, frame: int, seed: int, spread: float) -> None:
        """h·(y − y_h)/H pixels for a foot at row y, to the rounding of one pixel."""
        asked = anything(frame, seed, spread)
        placed = Perspective().place(asked)
        foot = placed.y + placed.height
        exact = asked.real_height * (foot - asked.horizon) / asked.camera_height
        assert (np.abs(placed.height - exact)[placed.fits] <= 0.5 + 1e-6).all()

    @every_request
    def test_sizes_keep_to_their_limits_and_the_aspect(self, frame: int, seed: int, spread: float) -> None:
        asked = anything(frame, seed, spread)
        placed = Perspective(smallest=0.2, largest=0.6).place(asked)
        fit = placed.fits
        assert (placed.height[fit] >= 0.2 * asked.frame - 0.5 - 1e-6).all()
        assert (placed.height[fit] <= 0.6 * asked.frame + 0.5 + 1e-6).all()
        exact = asked.width * placed.height / asked.height
        # A whole number of rows may be half a row too tall, which a frame-wide foreground cannot follow.
        slack = 0.5 + np.where(placed.width == frame, 0.5 * asked.width / asked.height, 0) + 1e-6
        assert (np.abs(placed.width - np.maximum(exact, 1))[fit] <= slack[fit]).all()

    def test_lower_in_the_picture_is_nearer_and_larger(self) -> None:
        placed = Perspective().place(request(5000))
        order = np.argsort(placed.y + placed.height, kind="stable")
        assert (np.diff(placed.height[order]) >= 0).all()

    def test_head_is_at_the_horizon_for_a_foreground_as_tall_as_the_camera(self) -> None:
        placed = Perspective().place(request(500, real_height=np.full(500, 1.6), horizon=np.full(500, 100.0)))
        assert (placed.y == 100).all()

    def test_every_row_and_column_has_equal_chance(self) -> None:
        # 1 m under a camera at 2 m: half a pixel a row. Between 0.15 and 0.8 of 224 px, from the horizon at 20.
        count = 40_000
        asked = request(
            count, real_height=np.ones(count), camera_height=np.full(count, 2.0), horizon=np.full(count, 20.0)
        )
        placed = Perspective().place(asked)
        foot = placed.y + placed.height
        first, last = int(np.ceil(20 + 2 * 0.15 * 224)), 224
        assert (foot.min(), foot.max()) == (first, last)
        assert chi_square(foot - first, last - first + 1) < critical(last - first)
        share = np.minimum(placed.x * 10 // (224 - placed.width + 1), 9)
        assert chi_square(share, 10) < critical(9) * 2  # rooms that 10 does not divide make it uneven by a little

    def test_feet_reach_the_lower_edge(self) -> None:
        draws = np.full((1, 3), np.nextafter(1, 0))
        placed = Perspective(largest=1.0).place(request(1, draws=draws, horizon=np.array([150.0])))
        assert placed.y + placed.height == 224

    @pytest.mark.parametrize("floor", [0.0, 0.7, 1.0])
    def test_feet_stay_off_the_wall(self, floor: float) -> None:
        placed = Perspective(floor=floor).place(request(2000, horizon=np.full(2000, 120.0)))
        foot = placed.y + placed.height
        assert placed.fits.all()
        assert foot.min() == max(np.ceil(floor * 224), np.ceil(120 + 0.15 * 224 * 1.6 / 1.7))
        assert foot.max() == 224

    @pytest.mark.parametrize("wall", [100.8, 130.0, 150.5, 190.0])
    def test_feet_stay_below_the_row_of_the_wall(self, wall: float) -> None:
        """Those that it bounds are so far below it that the ground there is 6 % nearer than the wall."""
        placed = Perspective().place(request(3000, wall=np.full(3000, wall)))
        foot = placed.y + placed.height
        assert placed.fits.all()
        smallest = np.ceil(100.8 + 0.15 * 224 * 1.6 / 1.7)
        assert foot.min() == (smallest if smallest > wall else np.ceil(100.8 + (wall - 100.8) / 0.94))
        assert foot.max() == 224

    def test_a_wall_right_before_the_camera_leaves_no_place(self) -> None:
        near = request(1, wall=np.array([220.0]))
        assert not Perspective().place(near).fits[0]
        assert Adjust("camera.wall", "set a wall farther away") in Perspective().ways_out(near)
        large = request(1, size=(400, 10))
        assert not Perspective().place(large).fits[0]
        assert Adjust("camera.wall", "set a wall farther away") not in Perspective().ways_out(large)
        assert Adjust("placement.smallest", "let it be smaller") in [remedy for _, remedy in Perspective().looser]

    @every_request
    def test_no_foot_is_on_the_wall(self, frame: int, seed: int, spread: float) -> None:
        asked = anything(frame, seed, spread)
        placed = Perspective(smallest=0.01).place(asked)
        assert (placed.y + placed.height > asked.wall)[placed.fits].all()

    @pytest.mark.parametrize("horizon", [300.0, 220.0])
    def test_a_horizon_without_ground_below_it_leaves_no_place(self, horizon: float) -> None:
        assert not Perspective().place(request(1, horizon=np.array([horizon]))).fits[0]

    def test_each_background_has_its_own_camera(self) -> None:
        asked = request(
            2, draws=np.full((2, 3), 0.5), horizon=np.array([60.0, 60.0]), camera_height=np.array([1.6, 3.2])
        )
        placed = Perspective(largest=1.0, smallest=0.01).place(asked)
        near, high = (placed.height / (placed.y + placed.height - 60)).tolist()
        assert near == pytest.approx(2 * high, rel=0.05)
