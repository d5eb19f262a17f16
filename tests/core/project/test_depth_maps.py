"""Which depth map is of which picture, and what becomes of both in a project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.depth_maps import DepthMaps, lens_of
from fgbg_studio.core.project.importing import add_backgrounds
from fgbg_studio.core.project.model import MeasuredDepth
from fgbg_studio.core.project.stored_depth import read_stored
from tests.conftest import draw_background, write_picture


def depths(folder: Path, *names: str) -> DepthMaps:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        np.save(folder / name, np.full((6, 8), 2.0, np.float32))
    return DepthMaps(folder)


@pytest.mark.parametrize(
    ("picture", "depth"),
    [
        ("a.jpg", "a.npy"), ("rgb_00045.jpg", "sync_depth_00045.npy"), ("00001-color.png", "00001-depth.npy"),
        ("kitchen.jpg", "kitchen_depth.npy"), ("1305031102.175304.png", "1305031102.160407.npy"),
        ("left/0001.png", "left/0001.npy"), ("rgb.png", "depth.npy"),
    ],
)  # fmt: skip
def test_names_that_belong_together(tmp_path: Path, picture: str, depth: str) -> None:
    known = depths(tmp_path, depth, "other/zebra_00099.npy", "1305031109.160407.npy")
    assert known.file_of(Path("pictures") / picture) == tmp_path / depth


def test_names_that_do_not(tmp_path: Path) -> None:
    known = depths(tmp_path, "a/1.npy", "b/1.npy", "1305031102.160407.npy")
    with pytest.raises(PictureError, match="more than one depth map"):
        known.file_of(Path("c/1.jpg"))
    assert known.file_of(Path("x/b/1.jpg")) == tmp_path / "b/1.npy"
    for stranger in ("2.jpg", "1305031102.190407.png"):
        with pytest.raises(PictureError, match="has no depth map"):
            known.file_of(Path(stranger))


@pytest.mark.parametrize("text", ["525,525,319.5,239.5", "525 0 319.5 0 525 239.5 0 0 1"])
def test_a_lens_is_read_from_words_and_files(tmp_path: Path, text: str) -> None:
    (tmp_path / "camera.txt").write_text(text.replace(" ", "\n"))
    assert lens_of(text) == lens_of(str(tmp_path / "camera.txt")) == (525, 525, 319.5, 239.5)
    for wrong in ("525", "1 2 3 4 5 6 7 8 9", "-5,5,1,1", "nowhere.txt"):
        with pytest.raises(UsageError, match="no intrinsics"):
            lens_of(wrong)


class TestAdding:
    def test_each_picture_comes_with_its_depth(self, project: Path, tmp_path: Path) -> None:
        pictures = tmp_path / "rooms"
        pictures.mkdir()
        for name, seed in (("a", 1), ("b", 2), ("c", 3)):
            write_picture(pictures / f"{name}.png", draw_background(seed))
        height, width = draw_background(1).shape[:2]
        (pictures / "depth").mkdir()
        truth = np.random.default_rng(1).uniform(1, 5, (height, width)).astype(np.float32)
        truth[0, 0] = np.nan
        np.save(pictures / "depth" / "a.npy", truth)
        np.save(pictures / "depth" / "b.npy", truth[:, : width // 2])
        maps = DepthMaps(pictures / "depth", lens=lens_of("500,500,99.5,99.5"))
        verdicts = {v.path.name: v for v in add_backgrounds(project, [pictures], depths=maps)}
        assert "are not of one view" in verdicts["b.png"].reason
        assert "no depth map" in verdicts["c.png"].reason
        (background,) = storage.load(project).backgrounds
        assert background.depth is not None
        assert background.lens == (500, 500, 99.5, 99.5)
        np.testing.assert_array_equal(read_stored(project, background.depth), truth)

    def test_what_was_changed_or_is_lost_is_said(self, project: Path, tmp_path: Path) -> None:
        np.save(project / "x.npy", np.ones((2, 2), np.float32))
        for measured in (
            MeasuredDepth(file="x.npy", sha256="0" * 64), MeasuredDepth(file="y.npy", sha256="0" * 64),
        ):  # fmt: skip
            with pytest.raises(PictureError, match=r"\.npy (was changed|cannot be read)"):
                read_stored(project, measured)

    def test_a_folder_without_any_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(PictureError, match="no depth map in"):
            DepthMaps(tmp_path)
        with pytest.raises(PictureError, match="is no folder"):
            DepthMaps(tmp_path / "nowhere")
