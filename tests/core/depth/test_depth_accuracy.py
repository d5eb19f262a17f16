"""The accuracy benchmark: on the real pair, and on folders as four data sets lay them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import depth_accuracy
from tests.conftest import SHARED
from tests.helpers import tiny_onnx

FASTDEPTH = SHARED / "models" / "fast_depth_224.tflite"
DESCRIBED = [
    f"--describe={setting}" for setting in ("width=32", "height=32", "layout=nchw", "meaning=metres", "factor=5.0")
]
LAYOUTS = {
    "nyu": ("room/rgb_{:05}.png", "room/sync_depth_{:05}.png"),
    "tum": ("rgb/13050.{:02}5.png", "depth/13050.{:02}7.png"),
    "redwood": ("color/{:05}.png", "depth/{:05}.png"),
    "kitti": ("image/a_sync_image_{:03}_image_02.png", "groundtruth_depth/a_sync_groundtruth_depth_{:03}_image_02.png"),
}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert depth_accuracy.main([*arguments, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert tuple(result) == depth_accuracy.KEYS
    return dict(result)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """Depth in metres is 5 × the red channel's share."""
    return tiny_onnx.write(tmp_path / "red.onnx", np.array([1, 0, 0], np.float32), (1, 3, 32, 32))


def reds(number: int) -> NDArray[np.uint8]:
    return np.random.default_rng(number).integers(40, 250, (32, 32), np.uint8)


@pytest.mark.parametrize("encoding", list(LAYOUTS))
def test_a_folder_of_pairs(encoding: str, network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        red = reds(number)
        truth = red / 51 * 2
        truth[:8] = 0  # no value: must not count
        colour = tmp_path / "set" / LAYOUTS[encoding][0].format(number)
        depth = tmp_path / "set" / LAYOUTS[encoding][1].format(number)
        for path, pixels in (
            (colour, np.dstack([np.zeros_like(red), np.zeros_like(red), red])),
            (depth, np.rint(truth * depth_accuracy.PER_METRE[encoding]).clip(0, 65535).astype(np.uint16)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            assert cv2.imwrite(str(path), pixels)
    folder = str(tmp_path / "set")
    result = run(capsys, "--model", str(network), "--pair", folder, "--encoding", encoding, *DESCRIBED)
    assert result["abs_rel"] == pytest.approx(0.5, abs=2e-3)
    assert result["log10"] == pytest.approx(np.log10(2), abs=2e-3)
    assert (result["delta1"], result["delta3"]) == (0, 0)


def test_a_relative_network_is_aligned(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    red = reds(9)
    inverse = red / red.max()
    np.save(tmp_path / "rgb.npy", np.dstack([red, red * 0, red * 0]))
    np.save(tmp_path / "depth.npy", (1 / (0.3 * inverse + 0.1)).astype(np.float32))
    settings = [setting.replace("metres", "inverse") for setting in DESCRIBED]
    result = run(capsys, "--model", str(network), "--pair", str(tmp_path), *settings)
    assert result["delta1"] == 1
    assert result["abs_rel"] < 1e-3


def test_what_is_wrong_is_said(network: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert depth_accuracy.main(["--model", str(network), "--pair", str(tmp_path), *DESCRIBED]) == 1
    assert "--encoding" in capsys.readouterr().err
    arguments = ["--model", str(network), "--pair", str(tmp_path), "--encoding", "nyu"]
    assert depth_accuracy.main([*arguments, *DESCRIBED]) == 1
    assert "no picture with a depth PNG" in capsys.readouterr().err
    assert depth_accuracy.main(arguments) == 1
    assert "not in the catalogue" in capsys.readouterr().err


@pytest.mark.skipif(not FASTDEPTH.exists(), reason="the real networks of ../shared are not here")
def test_fastdepth_on_the_real_pair(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, "--model", str(FASTDEPTH), "--pair", str(SHARED / "data" / "rgbd"))
    assert result["delta1"] == pytest.approx(0.774, abs=0.001)
    assert result["abs_rel"] == pytest.approx(0.140, abs=0.001)
    assert result["delta1"] < result["delta2"] < result["delta3"] <= 1
    assert 0.3 < result["rmse"] < 0.7
