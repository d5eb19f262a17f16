"""Placements under the hand: an object taken elsewhere in the frame, and the lines of the settings there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fgbg_studio.core.interfaces.placement import Guide, Placed, Placement, Request
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.placement.perspective import Perspective
from fgbg_studio.core.placement.uniform import Uniform
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.settings import replaced


def request(frame: int = 150, size: tuple[int, int] = (150, 150), **more: Any) -> Request:
    """One sample."""
    full: dict[str, Any] = {
        "frame": frame,
        "width": np.array([size[0]]),
        "height": np.array([size[1]]),
        "k": np.array([0]),
        "draws": np.array([[0.3, 0.6, 0.1]]),
        "horizon": np.array([0.45 * frame]),
        "camera_height": np.array([1.6]),
        "real_height": np.array([1.7]),
    }
    full |= more
    return Request(**({"wall": full["horizon"], "tilt": np.zeros_like(full["horizon"])} | full))


def box(placed: Placed, row: int = 0) -> tuple[int, ...]:
    return tuple(int(column[row]) for column in (placed.x, placed.y, placed.width, placed.height, placed.layer))


PLACEMENTS = [
    Uniform(), Perspective(), Perspective(smallest=0.3, floor=0.7), Layers(), Layers(columns=3, jitter=0.7),
    Layers(step=0.0), Layers(sizes=(40,), margin=0.2),
]  # fmt: skip


every_placement = pytest.mark.parametrize("placement", PLACEMENTS, ids=repr)
seeds, frames, points = st.integers(0, 2**32), st.sampled_from([64, 150, 224, 512]), st.floats(-500, 1000)


def requests(seed: int, frame: int) -> Request:
    """Forty samples of anything."""
    count, rng = 40, np.random.default_rng(seed)
    horizon = rng.uniform(-0.2, 0.9, count) * frame
    return Request(
        frame=frame,
        width=rng.integers(1, frame, count),
        height=rng.integers(1, frame, count),
        k=rng.integers(0, 12, count),
        draws=rng.random((count, 3)),
        horizon=horizon,
        camera_height=rng.uniform(0.5, 4, count),
        real_height=rng.uniform(0.3, 2.5, count),
        wall=horizon + rng.uniform(0, 0.3, count) * frame,
        tilt=np.zeros(count),
    )


@every_placement
@given(seed=seeds, frame=frames)
def test_a_planned_sample_taken_to_where_it_stands_keeps_its_box(placement: Placement, seed: int, frame: int) -> None:
    asked = requests(seed, frame)
    placed = placement.place(asked)
    for row in np.flatnonzero(placed.fits):
        one = Request(frame, *(np.asarray(column)[row : row + 1] for column in list(vars(asked).values())[1:]))
        feet = int(placed.y[row] + placed.height[row])
        again = placement.at(one, placed.x[row] + placed.width[row] / 2, feet)
        assert again.fits[0]
        assert box(again) == box(placed, int(row))


@every_placement
@given(seed=seeds, frame=frames, x=points, foot=points)
def test_what_fits_is_wholly_inside(placement: Placement, seed: int, frame: int, x: float, foot: float) -> None:
    asked = requests(seed, frame)
    placed = placement.at(asked, x, foot)
    inside = (placed.x >= 0) & (placed.y >= 0) & (placed.width >= 1) & (placed.height >= 1)
    inside &= (placed.x + placed.width <= frame) & (placed.y + placed.height <= frame)
    assert inside[placed.fits].all()
    for column in (placed.x, placed.y, placed.width, placed.height, placed.layer):
        assert column.dtype == np.int64
        assert column.shape == (40,)


@every_placement
@given(seed=seeds, frame=frames, x=points, foot=points)
def test_what_was_put_somewhere_stays_there(placement: Placement, seed: int, frame: int, x: float, foot: float) -> None:
    placed = placement.at(requests(seed, frame), x, foot)
    assume(placed.fits.any())
    row = int(np.flatnonzero(placed.fits)[0])
    middle = float(placed.x[row] + placed.width[row] / 2)
    again = placement.at(requests(seed, frame), middle, float(placed.y[row] + placed.height[row]))
    assert box(again, row) == box(placed, row)


def test_higher_is_the_next_layer_and_smaller() -> None:
    sizes = [int(Layers().at(request(), 75, foot).width[0]) for foot in (150, 142, 140, 125, 110, 96, 0)]
    assert sizes == [90, 90, 80, 80, 70, 60, 60]


def test_a_row_that_holds_nothing_is_passed_over() -> None:
    placed = Layers(step=0.25).at(request(), 75, 40)  # feet at 150, 112, 75, 38: 60 px do not fit above row 38
    assert (placed.layer[0], placed.fits[0]) == (2, True)
    assert not Layers(sizes=(200,)).at(request(), 75, 150).fits[0]


def test_perspective_sizes_by_the_foot_and_stops_at_the_limits() -> None:
    placement, asked = Perspective(smallest=0.2, floor=0.6), request(200, (50, 100), horizon=np.array([80.0]))
    for foot in (130, 150, 180):
        placed = placement.at(asked, 100, foot)
        assert placed.height[0] == round(1.7 / 1.6 * (foot - 80))
        assert placed.y[0] + placed.height[0] == foot
    highest = placement.at(asked, 100, 0)
    assert highest.y[0] + highest.height[0] == 120


def test_uniform_keeps_the_size() -> None:
    assert box(Uniform().at(request(150, (40, 60)), 75, 100)) == (55, 40, 40, 60, -1)
    assert box(Uniform().at(request(150, (40, 60)), -10, 500)) == (0, 90, 40, 60, -1)
    assert Uniform().guides(request(), 140) == ()


def guides(placement: Placement, asked: Request, figure: float = 140) -> dict[str, Guide]:
    return {guide.name: guide for guide in placement.guides(asked, figure)}


@pytest.mark.parametrize("placement", PLACEMENTS, ids=repr)
def test_guides_have_names_of_their_own_and_settings_that_exist(placement: Placement) -> None:
    found = placement.guides(request(), 140)
    assert len({guide.name for guide in found}) == len(found)
    settings = presets.get("layers-150").settings.model_copy(update={"placement": placement})
    for guide in found:
        assert replaced(settings, *guide.change(guide.value)).placement == placement
        for value in (guide.least, guide.most):
            replaced(settings, *guide.change(value))


@pytest.mark.parametrize("placement", PLACEMENTS, ids=repr)
def test_a_line_that_is_taken_to_where_it_lies_changes_nothing(placement: Placement) -> None:
    lines = [guide for guide in placement.guides(request(), 140) if guide.row is not None]
    for guide in lines:
        assert guide.row is not None
        assert guide.value_at(guide.row) == pytest.approx(guide.value, abs=0.5 * 10.0**-guide.decimals)


def pulled(placement: Placement, name: str, row: float, **more: Any) -> Any:
    """The settings after the guide's line was taken to a row."""
    guide = guides(placement, request(**more))[name]
    settings = presets.get("layers-150").settings.model_copy(update={"placement": placement})
    return replaced(settings, *guide.change(guide.value_at(row)))


class TestLayersGuides:
    def test_rows_lie_at_their_feet_and_sizes_above_them(self) -> None:
        found = guides(Layers(), request())
        assert [found[f"size {row}"].foot for row in range(4)] == pytest.approx([150, 132, 114, 96])
        assert [found[f"size {row}"].row for row in range(4)] == pytest.approx([60, 52, 44, 36])
        assert [found[f"size {row}"].tag for row in range(4)] == ["90 px", "80 px", "70 px", "60 px"]

    @given(st.integers(1, 3), st.floats(0, 150))
    def test_a_rows_line_goes_where_it_is_pulled(self, row: int, to: float) -> None:
        placement = pulled(Layers(), f"step {row}", to).placement
        wanted = min(max((1 - to / 150) / row, 0), 1)
        assert placement.step == pytest.approx(wanted, abs=0.0006)
        assert (placement.sizes, placement.margin) == ((90, 80, 70, 60), 0)

    def test_the_nearest_line_takes_all_others_with_it(self) -> None:
        placement = pulled(Layers(), "margin", 135).placement
        assert (placement.margin, placement.step) == (0.1, 0.12)
        assert placement.feet(150) == [135, 117, 99, 81]

    def test_a_size_is_pulled_by_its_upper_end(self) -> None:
        assert pulled(Layers(), "size 1", 45).placement.sizes == (90, 87, 70, 60)
        assert pulled(Layers(), "size 1", 32).placement.sizes == (90, 90, 70, 60)  # no larger than what is nearer
        assert pulled(Layers(), "size 2", 90).placement.sizes == (90, 80, 60, 60)  # nor smaller than what is farther
        assert pulled(Layers(), "size 3", 500).placement.sizes == (90, 80, 70, 1)

    def test_rows_and_columns_are_numbers(self) -> None:
        found = guides(Layers(), request())
        assert found["rows"].change(2) == ("placement.sizes", (90, 80))
        assert found["rows"].change(6) == ("placement.sizes", (90, 80, 70, 60, 50, 40))
        assert found["columns"].change(7) == ("placement.columns", 7)
        assert guides(Layers(sizes=(8,)), request())["rows"].change(3) == ("placement.sizes", (8, 7, 6))
        assert guides(Layers(sizes=(2, 1)), request())["rows"].change(4) == ("placement.sizes", (2, 1, 1, 1))


class TestPerspectiveGuides:
    def test_the_horizon_goes_where_it_is_pulled(self) -> None:
        assert pulled(Perspective(), "horizon", 60).camera.horizon == 0.4
        assert pulled(Perspective(), "horizon", 900).camera.horizon == 2

    def test_the_figures_head_tells_the_cameras_height(self) -> None:
        """A camera at 1.7 m has the heads of figures of 1.7 m at the horizon, wherever they stand."""
        for figure in (100.0, 140.0):
            guide = guides(Perspective(), request(), figure)["camera"]
            assert guide.value_at(0.45 * 150) == pytest.approx(1.7)
            assert guide.row == pytest.approx(figure - 1.7 * (figure - 67.5) / 1.6)
            assert guide.value_at(figure) == guide.most  # no figure at all: a camera from very high

    def test_no_figure_stands_in_the_sky(self) -> None:
        guide = guides(Perspective(), request(), 60)["camera"]
        assert (guide.row, guide.value_at(30)) == (None, 1.6)

    @given(st.floats(75, 150))
    def test_at_a_limits_line_the_foreground_has_the_limits_size(self, to: float) -> None:
        placement = pulled(Perspective(), "smallest", to).placement
        asked = request(size=(30, 60))
        lowest = placement.at(asked, 75, 0)
        assert lowest.y[0] + lowest.height[0] == pytest.approx(to, abs=1.2)

    def test_the_floor(self) -> None:
        assert pulled(Perspective(), "floor", 120).placement.floor == 0.8
