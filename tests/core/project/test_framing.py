"""The square and the horizon as they are moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.project import presets
from fgbg_studio.core.project.framing import HIGHEST, LOWEST, frame_of, horizon_of, with_crop
from fgbg_studio.core.project.model import Background


def background(width: int = 400, height: int = 300, **more: object) -> Background:
    return Background(file="backgrounds/a.png", sha256="0" * 64, width=width, height=height, **more)  # type: ignore[arg-type]


sides = st.integers(1, 500)
places = st.integers(-100, 600)


@given(sides, sides, places, places, sides)
def test_the_square_stays_inside(width: int, height: int, x: int, y: int, side: int) -> None:
    crop = with_crop(background(width, height), (x, y, side)).crop
    assert crop is not None
    assert 0 <= crop[0] <= width - crop[2]
    assert 0 <= crop[1] <= height - crop[2]


@given(st.integers(0, 150), st.integers(50, 150), st.floats(0, 1))
def test_a_set_horizon_stays_where_it_is_in_the_picture(y: int, side: int, horizon: float) -> None:
    before = background(crop=(0, 50, 200), horizon=horizon)
    after = with_crop(before, (10, y, side))
    assert after.crop is not None
    assert after.horizon is not None
    if HIGHEST < after.horizon < LOWEST:
        assert after.crop[1] + after.horizon * after.crop[2] == pytest.approx(50 + horizon * 200)


def test_a_horizon_that_nobody_set_stays_the_cameras() -> None:
    settings = presets.get("studio-256").settings
    after = with_crop(background(), (0, 0, 100))
    assert after.horizon is None
    assert horizon_of(after, settings) == settings.camera.horizon


def test_a_stretched_picture_is_its_own_frame() -> None:
    assert frame_of(background(), presets.get("studio-256").settings) == (50, 0, 300, 300)
    assert frame_of(background(), presets.get("classroom-192").settings) == (0, 0, 400, 300)
