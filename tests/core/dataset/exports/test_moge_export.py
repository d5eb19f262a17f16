"""MoGe's folders, read by the words of its description: the training code itself is no package."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fgbg_studio import loaders
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.exports.moge import MogeFolder, depth_file
from tests.conftest import MakeProject
from tests.helpers.datasets import last, make, opened, small
from tests.helpers.foreign import by_hand


class Instance(NamedTuple):
    """A folder as it is trained with."""

    image: NDArray[np.uint8]
    depth: NDArray[np.float64]
    intrinsics: NDArray[np.float64]


def read_depth(data: bytes) -> NDArray[np.float64]:
    """0 is not known, 65535 endless; between the logarithm goes from ``near`` at 1 to ``far`` at 65534."""
    with Image.open(io.BytesIO(data)) as picture:
        stored = np.asarray(picture).astype(np.float64)
        near, far = (float(picture.info[name]) for name in ("near", "far"))
    assert stored.max() < 65535
    return np.where(stored == 0, np.nan, near * (far / near) ** ((stored - 1) / 65533))


def read_moge(out: Path, index: str = ".index.txt") -> dict[str, Instance]:
    found = {}
    for line in (out / index).read_text().splitlines():
        folder = out / line
        meta = json.loads((folder / "meta.json").read_text())
        with Image.open(folder / "image.jpg") as picture:
            assert picture.format == "JPEG"
            image = np.asarray(picture.convert("RGB"))
        found[line.rpartition("/")[2]] = Instance(
            image, read_depth((folder / "depth.png").read_bytes()), np.array(meta["intrinsics"])
        )
    return found


def test_each_sample_has_its_depth_and_camera(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root, out = datasets(), tmp_path / "out"
    assert last(MogeFolder().run(root, out)).finished
    found, contents = read_moge(out), opened(root)
    assert len(found) == 16
    for number, known in zip(contents.numbers(), loaders.open_samples(root), strict=True):
        one = found[known.name]
        assert known.depth is not None
        assert known.intrinsics is not None
        assert one.image.shape == (64, 64, 3)
        assert one.depth == pytest.approx(known.depth, rel=2e-4, nan_ok=True)
        assert one.intrinsics * [[64], [64], [1]] == pytest.approx(known.intrinsics)
        folder = out / contents.backgrounds[contents.triple(number).background] / known.name
        assert (folder / "image.jpg").read_bytes() == contents.read("fg_bg", number)
        assert (folder / "mask.png").read_bytes() == contents.read("mask", number)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(1, 1e4), st.floats(0, 1))
def test_depth_comes_back(seed: int, near: float, times: float, holes: float) -> None:
    rng = np.random.default_rng(seed)
    depth = (near * times ** rng.random((9, 7))).astype(np.float32)
    depth[rng.random(depth.shape) < holes] = np.nan
    assert read_depth(depth_file(depth)) == pytest.approx(depth, rel=1e-4, nan_ok=True)


def test_splits_have_lists(make_project: MakeProject, tmp_path: Path) -> None:
    from fgbg_studio.core.dataset.splits import NAMES, Splits, SplitSettings, make_splits

    make(make_project(tmp_path, "studio-256", 3, 3, small("studio-256", "placements=2")), tmp_path / "set")
    *_, splits = make_splits(tmp_path / "set", SplitSettings(background=0.3, foreground=0.3, pairs=0.4))
    assert isinstance(splits, Splits)
    last(MogeFolder().run(tmp_path / "set", tmp_path / "out"))
    names = {name: ".index.txt" if name == "train" else f".{name}.txt" for name in NAMES}
    assert {name: len(read_moge(tmp_path / "out", file)) for name, file in names.items()} == {
        name: splits.counts[name] for name in NAMES
    }


def test_depth_without_a_unit_is_refused(tmp_path: Path) -> None:
    root = by_hand(tmp_path / "set", "course")
    with pytest.raises(DatasetError, match="has no composites with depth in metres"):
        last(MogeFolder().run(root, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_field_of_view_is_asked_for_where_no_camera_is_known(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fgbg_studio.core.dataset.exports import moge

    def none(_: Any) -> list[Any]:
        return []

    monkeypatch.setattr(moge, "cameras_of", none)
    with pytest.raises(DatasetError, match="no camera belongs to the depth of") as caught:
        last(MogeFolder().run(datasets(), tmp_path / "out"))
    assert "field_of_view=60" in str(caught.value)
    last(MogeFolder(field_of_view=90).run(datasets(), tmp_path / "out"))
    for one in read_moge(tmp_path / "out").values():
        assert one.intrinsics == pytest.approx(np.array([[0.5, 0, 0.5], [0, 0.5, 0.5], [0, 0, 1]]))
