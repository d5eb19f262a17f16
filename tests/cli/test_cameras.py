"""Measured depth from the command line to the dataset: added, the camera found in it, samples made of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.depth.holed import filled
from fgbg_studio.core.placement.region_mask import unpack
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from tests.cli.conftest import Fgbg
from tests.conftest import draw_background, write_picture
from tests.helpers.rooms import room

SEEN = room(height=1.4, pitch=18)


@pytest.fixture
def measured(fgbg: Fgbg, project: Path, tmp_path: Path) -> Path:
    """A project whose one background is a room with its depth."""
    height, width = SEEN.depth.shape
    write_picture(tmp_path / "photos" / "room.png", cv2.resize(draw_background(5), (2 * width, 2 * height)))
    (tmp_path / "maps").mkdir()
    cv2.imwrite(str(tmp_path / "maps/room.png"), np.nan_to_num(SEEN.depth * 1000).round().astype(np.uint16))
    known = storage.load(project)
    own = tmp_path / "own"
    shutil.copytree(project, own)
    storage.save(own, known.model_copy(update={"backgrounds": ()}))
    lens = ",".join(map(str, SEEN.lens.scaled(2, 2)))
    where = ("add-backgrounds", own, tmp_path / "photos", "--depth", tmp_path / "maps")
    assert "Say its unit with --depth-unit" in fgbg(*where).out
    assert fgbg(*where, "--depth-unit", "millimetres", "--intrinsics", lens).code == 0
    return own


def test_the_camera_is_found_and_taken_over(fgbg: Fgbg, measured: Path) -> None:
    before = storage.load(measured)
    (found,) = fgbg("camera", measured, "--json").json()["cameras"]
    assert storage.load(measured) == before
    assert found["height"] == pytest.approx(1.4, rel=0.05)
    assert found["pitch"] == pytest.approx(18, abs=1.5)
    done = fgbg("camera", measured, "room.png", "--accept")
    assert "1 of 1 taken over" in done.out
    (background,) = storage.load(measured).backgrounds
    rows = SEEN.depth.shape[0]  # its square is as high as the picture
    assert background.horizon == pytest.approx((SEEN.horizon + 0.5) / rows, abs=0.02)
    cells = cv2.resize(unpack(background.standing).astype(np.uint8), SEEN.floor.shape[::-1], interpolation=0) > 0
    assert np.count_nonzero(cells & SEEN.floor) / np.count_nonzero(cells | SEEN.floor) > 0.85


def test_a_dataset_is_made_of_what_was_measured(fgbg: Fgbg, measured: Path, tmp_path: Path) -> None:
    fgbg("camera", measured, "--accept")
    fgbg("set-foregrounds", measured, "--all", "--real-height", "0.6")
    said = ("depth.way=measured", "placement=perspective", "placement.smallest=0.05")
    assert fgbg("set", measured, *said, "depth.encoding=uint16-millimetres").code == 0
    assert "measured depth" not in fgbg("check", measured).out
    out = tmp_path / "dataset"
    assert fgbg("generate", measured, "--out", out, "--workers", "1").code == 0
    assert "nothing wrong" in fgbg("verify", out).out
    dataset = open_dataset(out)
    recipe = make_recipe(storage.load(measured))
    base = Pictures(recipe, None, measured).measured(0)
    assert base is not None
    maker = recipe.settings.depth.way.open(dataset.composer(), dataset.depth)
    assert maker is not None
    np.testing.assert_array_equal(maker.base(0), base)
    size = recipe.settings.size
    row = round((SEEN.horizon + 0.5) / SEEN.depth.shape[0] * size)
    whole = filled(base)
    assert whole[:, size // 2].min() > 0.5
    assert not np.isnan(whole).any()
    for sample in dataset.plan()[:6]:
        one = sample.first
        foot = min(one.y + one.height, size - 1)
        ground = SEEN.height / ((foot - row) / size * SEEN.depth.shape[0] / SEEN.lens.fy * np.cos(np.radians(18)))
        assert float(whole[foot, one.x + one.width // 2]) == pytest.approx(float(ground), rel=0.1)


def test_backgrounds_without_depth_are_named_before_a_run(fgbg: Fgbg, project: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(project, tmp_path / "own"))
    fgbg("set", own, "depth.way=measured")
    checked = fgbg("check", own)
    assert checked.code == 1
    assert "2 of 2 backgrounds came without measured depth" in checked.out
    assert "came without measured depth" in fgbg("generate", own, "--out", tmp_path / "out").err
    assert fgbg("camera", own).code != 0
    assert fgbg("add-backgrounds", own, tmp_path, "--depth-unit", "tum").code == 2
