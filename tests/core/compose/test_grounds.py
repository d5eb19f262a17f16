"""Where the ground is seen, against the plain formula."""

from __future__ import annotations

import numpy as np
import pytest

from fgbg_studio.core.compose.grounds import Floor, KnownGround
from fgbg_studio.core.compose.lights import Footing

SIZE, FOOT, FOOTING = 40, 30, Footing(30, 18.0, 50.0, 20.0)


def plain(
    depth: np.ndarray, contact: float, x: int, y: int, shape: tuple[int, int], step: int, *, metric: bool
) -> np.ndarray:
    """Pixel by pixel."""
    found = np.empty(shape, np.uint8)
    for row in range(shape[0]):
        for column in range(shape[1]):
            down = min(max(y + step // 2 + row * step, 0), SIZE - 1)
            across = min(max(x + step // 2 + column * step, 0), SIZE - 1)
            below, seen = down + 0.5 - FOOTING.horizon, depth[down, across]
            if metric:
                expected = contact * (FOOT - FOOTING.horizon) / max(below, 1e-3)
                off = abs(seen / expected - 1)
            else:
                off = 1 - seen / contact if below < FOOTING.below else -np.inf
            found[row, column] = 255 if np.isnan(off) else min(max((0.25 - off) * 255 / 0.15, 0), 255)
    return found


@pytest.mark.parametrize("metric", [True, False])
@pytest.mark.parametrize(("x", "y", "step"), [(5, 6, 1), (-7, -3, 1), (30, 33, 1), (2, 3, 3), (-10, -10, 4)])
def test_the_ground_is_where_its_depth_is(metric: bool, x: int, y: int, step: int) -> None:
    depth = np.random.default_rng(1).uniform(0.5, 6, (SIZE, SIZE)).astype(np.float32)
    depth[10:20, 3:9] = np.nan
    floor = Floor(KnownGround(depth, [2.0], metric), 2.0, FOOT, FOOTING)
    found = floor.share(x, y, (12, 14), step)
    assert np.abs(found.astype(int) - plain(depth, 2.0, x, y, (12, 14), step, metric=metric)).max() <= 1


def test_nothing_is_told_by_a_depth_of_nothing() -> None:
    depth = np.full((SIZE, SIZE), 2, np.float32)
    assert not Floor(KnownGround(depth, [0.0], True), 0.0, FOOT, FOOTING).share(0, 0, (SIZE, SIZE), 1).any()
