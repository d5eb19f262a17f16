"""Where objects stand in a measured map: on the ground, whatever else is seen near their feet."""

from __future__ import annotations

import numpy as np
import pytest

from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.depth.inserted import contact_depth
from fgbg_studio.core.depth.measured import ground_at_feet
from tests.core.depth.test_inserted import standing

VIEW = GroundView(128, 120.0, 40.0, 0.5, np.inf, 1.7, 64.0)


def seen() -> np.ndarray:
    """(128, 128) float32: the ground alone, nothing measured above the horizon."""
    below = np.arange(128) + 0.5 - VIEW.horizon
    depth = np.where(below > 0, VIEW.ground / np.maximum(below, 0.1), np.nan)
    return np.repeat(depth[:, None], 128, axis=1).astype(np.float32)


@pytest.mark.parametrize("foot", [60, 90, 120, 128])
def test_the_ground_is_as_far_away_as_the_camera_sees_it(foot: int) -> None:
    assert ground_at_feet(seen(), standing(30, foot - 30, 20, 30), VIEW) == pytest.approx(VIEW.depth(foot), rel=1e-5)


def test_what_stands_on_the_ground_before_the_feet_does_not_count() -> None:
    base, foot = seen(), 90
    base[:, 30:44] *= 0.7  # a table's legs, before most of the feet
    person = standing(30, foot - 30, 20, 30)
    assert contact_depth(base, person) < 0.8 * VIEW.depth(foot)
    assert ground_at_feet(base, person, VIEW) == pytest.approx(VIEW.depth(foot), rel=1e-5)


def test_what_the_ground_measures_counts_and_not_the_plane() -> None:
    base = seen() * np.float32(1.05)  # it rises there
    assert ground_at_feet(base, standing(30, 60, 20, 30), VIEW) == pytest.approx(1.05 * VIEW.depth(90), rel=1e-5)


def test_where_no_ground_was_measured_nothing_is_said_of_it() -> None:
    base = seen()
    base[80:100] *= 0.5
    assert ground_at_feet(base, standing(30, 60, 20, 30), VIEW) is None
    assert ground_at_feet(np.full_like(base, np.nan), standing(30, 60, 20, 30), VIEW) is None
