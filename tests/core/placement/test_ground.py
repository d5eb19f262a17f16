"""The camera found in depth: rooms whose camera is known, and real frames whose floor was marked by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.camera import GroundView, ratio_of, rows_below, rows_tall
from fgbg_studio.core.placement.ground import Lens, find_ground
from fgbg_studio.core.placement.perspective import Perspective
from tests.conftest import SHARED
from tests.core.placement.test_placement import request
from tests.helpers.rooms import BED, SHELF, TABLE, Room, room

ROOMS = {
    "as held": room(),
    "level": room(pitch=2, height=1.1),
    "steep": room(pitch=42, height=2.2, boxes=(SHELF,)),
    "tilted": room(roll=6, pitch=15),
    "much furniture": room(boxes=(TABLE, SHELF, BED), pitch=12),
    "without noise": room(noise=0),
    "twice the noise": room(noise=2, seed=3),
    "low": room(height=0.5, pitch=5, boxes=(SHELF,)),
}


@pytest.mark.parametrize("name", ROOMS)
def test_the_camera_of_a_room_is_found(name: str) -> None:
    seen: Room = ROOMS[name]
    found = find_ground(seen.depth, seen.lens)
    assert found is not None
    assert abs(found.horizon(seen.lens.cx) - seen.horizon) < 0.02 * len(seen.depth)
    assert found.height == pytest.approx(seen.height, rel=0.05)
    assert abs(found.pitch - seen.pitch) < 1.5
    assert np.count_nonzero(found.floor & seen.floor) / np.count_nonzero(found.floor | seen.floor) > 0.85


def test_a_table_that_fills_the_picture_is_not_the_ground() -> None:
    seen = room(boxes=(((-1.5, 1.5), (0.70, 0.74), (0.9, 2.4)),), pitch=25, wall=5)
    table = np.isfinite(seen.depth) & ~seen.floor
    assert np.count_nonzero(table) > 2 * np.count_nonzero(seen.floor)
    found = find_ground(seen.depth, seen.lens)
    assert found is not None
    assert found.height == pytest.approx(1.5, rel=0.05)


def test_a_wall_is_no_ground_nor_is_nothing() -> None:
    wall = np.full((240, 320), 2, np.float32)
    lens = Lens.of_view(320, 240, 60)
    assert find_ground(wall, lens) is None
    assert find_ground(np.full_like(wall, np.nan), lens) is None


def test_the_same_map_gives_the_same_answer() -> None:
    first, second = (find_ground(ROOMS["as held"].depth, ROOMS["as held"].lens) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.normal == second.normal
    assert first.height == second.height


@pytest.mark.parametrize(
    ("name", "steps", "patch"), [("tum", 5000, (420, 470, 200, 560)), ("redwood", 1000, (430, 470, 50, 560))]
)
def test_real_frames_agree_with_a_patch_of_floor_that_was_marked_by_hand(
    name: str, steps: int, patch: tuple[int, int, int, int]
) -> None:
    path = SHARED / "data/rgbd" / name / "depth.png"
    if not path.exists():
        pytest.skip("the shared frames are not here")
    depth = cv2.imread(str(path), cv2.IMREAD_UNCHANGED).astype(np.float32) / steps
    depth[depth == 0] = np.nan
    lens = Lens(525, 525, 319.5, 239.5)
    found = find_ground(depth, lens)
    assert found is not None
    top, bottom, left, right = patch
    assert found.floor[top:bottom, left:right].mean() > 0.85
    rows, columns = np.mgrid[top:bottom, left:right]
    z = depth[top:bottom, left:right].astype(np.float64)
    points = np.dstack([(columns - lens.cx) / lens.fx * z, (rows - lens.cy) / lens.fy * z, z])[np.isfinite(z)]
    assert np.abs(points @ np.array(found.normal) + found.height).mean() < 0.03 * found.height


class TestPitchedCameras:
    """The formulas against a thing that is projected point by point."""

    FRAME, FOCAL, AXIS = 256, 300.0, 128.0

    def seen(self, pitch: float, height: float, tall: float, away: float) -> tuple[float, float, float]:
        """Row of the foot, row of the top and depth of the foot of an upright thing."""
        p = np.radians(pitch)

        def project(over: float) -> tuple[float, float]:
            y, z = height - over, away  # level coordinates: y down
            down, along = np.cos(p) * y - np.sin(p) * z, np.sin(p) * y + np.cos(p) * z
            return float(self.AXIS + self.FOCAL * down / along), float(along)

        foot, depth = project(0.0)
        return foot, project(tall)[0], depth

    def view(self, pitch: float, height: float) -> GroundView:
        horizon = self.AXIS - self.FOCAL * float(np.tan(np.radians(pitch)))
        return GroundView(self.FRAME, self.FOCAL, horizon, height, np.inf, 1.7, self.AXIS)

    @pytest.mark.parametrize("pitch", [-5.0, 0.0, 10.0, 30.0, 50.0])
    @pytest.mark.parametrize("tall", [0.4, 1.7, 2.6])
    def test_rows_are_those_of_the_projection(self, pitch: float, tall: float) -> None:
        view = self.view(pitch, 1.5)
        foot, top, depth = self.seen(pitch, 1.5, tall, 3.0)
        ratio, below, tilt = (np.array([number]) for number in (tall / 1.5, foot - view.horizon, view.tilt))
        assert rows_tall(ratio, below, tilt)[0] == pytest.approx(foot - top, rel=1e-6)
        assert rows_below(ratio, np.array([foot - top]), tilt)[0] == pytest.approx(below[0], rel=1e-6)
        assert ratio_of(foot - top, below[0], view.tilt) == pytest.approx(tall / 1.5, rel=1e-6)
        assert view.depth(foot) == pytest.approx(depth, rel=1e-6)

    @pytest.mark.parametrize("pitch", [0.0, 15.0, 29.0])
    def test_placed_objects_are_as_tall_as_they_were_said_to_be(self, pitch: float) -> None:
        view = self.view(pitch, 1.6)
        count = 400
        asked = request(
            count, self.FRAME, horizon=np.full(count, view.horizon), camera_height=np.full(count, 1.6),
            tilt=np.full(count, view.tilt), real_height=np.full(count, 1.1), wall=np.full(count, view.horizon),
        )  # fmt: skip
        placed = Perspective(smallest=0.1).place(asked)
        assert placed.fits.all()
        assert (placed.y >= 0).all()
        foot = placed.y + placed.height
        implied = [
            1.6 * ratio_of(float(high), float(row - view.horizon), view.tilt)
            for high, row in zip(placed.height, foot, strict=True)
        ]
        assert np.abs(np.array(implied) / 1.1 - 1).max() < 0.03
