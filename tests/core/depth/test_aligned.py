"""A network's depth brought to the camera's metres: rooms whose camera is known, and a dataset of a real network."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.depth.aligned import align
from fgbg_studio.core.depth.invariance import expected_invariance
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds
from tests.conftest import MakeProject, write_picture
from tests.helpers import tiny_onnx
from tests.helpers.datasets import find, last, small
from tests.helpers.rooms import Room, room

SQUARE = (240, 240)
needs_onnxruntime = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed (extra 'onnx')"
)


def view(seen: Room) -> GroundView:
    size = len(seen.depth)
    focal = seen.lens.fy
    axis = seen.lens.cy + 0.5
    return GroundView(size, focal, seen.horizon + 0.5, seen.height, math.inf, 1.7, axis)


def whole(depth: DepthMap) -> DepthMap:
    """A network's map: a value everywhere."""
    return np.where(np.isnan(depth), np.float32(3), depth)


@pytest.mark.parametrize("pitch", [2, 12, 25])
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (37.0, 0.0), (0.02, -0.05), (4.0, 0.3)])
def test_metres_come_from_the_camera(pitch: float, scale: float, shift: float) -> None:
    seen = room(height=1.5, pitch=pitch, size=SQUARE, noise=0.5, focal=150)
    truth = whole(seen.depth)
    told = (1 / truth - shift) / scale  # what the network says of 1 / z
    found = align((1 / told).astype(np.float32), view(seen))
    assert found is not None
    known = np.isfinite(seen.depth)
    assert np.median(np.abs(found / truth - 1)[known]) < 0.02
    assert np.percentile(np.abs(found / truth - 1)[known & seen.floor], 95) < 0.05


def test_a_table_is_not_taken_for_the_floor() -> None:
    """It is most of what is seen below the horizon, and as level."""
    wide = ((-1.8, 1.8), (0.70, 0.74), (1.2, 2.6))
    seen = room(height=1.5, pitch=25, boxes=(wide,), size=SQUARE, noise=0.2)
    below = np.arange(240)[:, None] > seen.horizon
    assert np.count_nonzero(seen.floor & below) < 0.5 * np.count_nonzero(below * np.ones((1, 240)))
    found = align(whole(seen.depth) * 5, view(seen))
    assert found is not None
    assert np.median(np.abs(found / seen.depth - 1)[seen.floor & np.isfinite(seen.depth)]) < 0.03


def test_what_is_beyond_the_horizon_has_no_value() -> None:
    """A shift that makes good the ground makes the sky negative."""
    rows = np.arange(240) + 0.5
    inverse = np.repeat(np.where(rows > 80, (rows - 80) / (262 * 1.5), 0)[:, None], 240, axis=1)
    found = align((1 / (inverse + 0.1)).astype(np.float32), GroundView(240, 262, 80, 1.5, math.inf, 1.7))
    assert found is not None
    assert np.isnan(found[:79]).all()
    assert found[239, 0] == pytest.approx(262 * 1.5 / (239.5 - 80), rel=1e-3)


@pytest.mark.parametrize("depth", ["wall", "noise", "ceiling"])
def test_where_no_ground_is_there_is_no_answer(depth: str) -> None:
    rows = np.repeat(np.arange(1, 241, dtype=np.float32)[:, None], 240, axis=1)
    maps = {
        "wall": np.full(SQUARE, 2, np.float32),
        "noise": np.random.default_rng(1).uniform(1, 9, SQUARE).astype(np.float32),
        "ceiling": rows,  # farther downwards
    }
    assert align(maps[depth], GroundView(240, 262, 80, 1.5, math.inf, 1.7)) is None


def test_the_camera_must_see_the_ground() -> None:
    seen = room(size=SQUARE, pitch=20)
    assert align(whole(seen.depth), view(seen)._replace(horizon=239.5)) is None


def write_floor(path: Path, seed: int) -> Path:
    """A picture as bright as 1 / z of a floor under a horizon at 40 %, and wrong by a shift."""
    rows = np.arange(160) + 0.5
    grey = np.repeat((30 + np.maximum(rows - 64, 0) * 1.8)[:, None], 160, axis=1)
    grey[:, : 20 + 10 * seed] = 230  # something near at the side
    return write_picture(path, np.repeat(grey[..., None], 3, axis=2).astype(np.uint8))


def set_horizons(project: Path, horizon: float) -> None:
    made = storage.load(project)
    own = tuple(one.model_copy(update={"horizon": horizon}) for one in made.backgrounds)
    storage.save(project, made.model_copy(update={"backgrounds": own}))


@needs_onnxruntime
class TestDataset:
    @pytest.fixture
    def project(self, tmp_path: Path, make_project: MakeProject) -> Path:
        network = tiny_onnx.write(tmp_path / "grey.onnx", np.full(3, 1 / 3, np.float32), (1, 3, 64, 64))
        described = '{"meaning": "inverse", "width": 64, "height": 64, "layout": "nchw"}'
        changes = small("studio-256", f"depth.model={network}", f"depth.network={described}", "depth.way=aligned")
        project = make_project(tmp_path, n_bg=0, changes=changes)
        verdicts = add_backgrounds(project, [write_floor(tmp_path / f"floor {n}.png", n) for n in range(2)])
        assert [verdict.reason for verdict in verdicts] == ["", ""]
        return project

    def test_depth_without_a_unit_becomes_metres(self, project: Path, tmp_path: Path) -> None:
        set_horizons(project, 0.4)
        known = storage.load(project)
        assert not [issue for issue in check(project, known) if issue.severity == "error"]
        expected = expected_invariance(known.settings)
        assert expected is not None
        assert expected.degree == "metric"
        last(generate(project, tmp_path / "out", Options(workers=1, engine="inline", writer="folders")))
        dataset = open_dataset(tmp_path / "out")
        assert dataset.record["depth"]["kind"] == "metric"
        camera = dataset.record["cameras"]["backgrounds"][0]
        stored = cv2.imread(str(next((tmp_path / "out").rglob("depth/**/*.png"))), cv2.IMREAD_UNCHANGED)
        foot = camera["f"] * camera["height"] / (63.5 - camera["cy"])
        assert stored[63, 30:].min() == pytest.approx(1000 * foot, rel=0.05)
        assert not find(tmp_path / "out").groups

    def test_a_background_without_ground_there_is_named_before_the_run(self, project: Path, tmp_path: Path) -> None:
        wall = np.repeat(np.repeat(np.arange(60, 220, dtype=np.uint8)[None, :, None], 160, axis=0), 3, axis=2)
        assert [one.reason for one in add_backgrounds(project, [write_picture(tmp_path / "wall.png", wall)])] == [""]
        set_horizons(project, 0.4)
        with pytest.raises(PlanError, match=r"in 1 of 3 backgrounds \(3\) the network sees no ground"):
            last(generate(project, tmp_path / "out", Options(workers=1, engine="inline")))
        assert not (tmp_path / "out" / "fg_bg").exists()
