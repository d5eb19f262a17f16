"""The WebDataset export, read with `webdataset`."""

from __future__ import annotations

import io
import itertools
import json
import tarfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.dataset.export_shards import drawn_order
from fgbg_studio.core.dataset.exports.webdataset import WebDatasetTars
from tests.core.dataset.exports.conftest import leaves_tars_open
from tests.helpers.datasets import differing, last, make, opened, small
from tests.helpers.foreign import FIVE, by_hand, composite, save, without, zipped

webdataset = pytest.importorskip("webdataset")
pytestmark = leaves_tars_open


def exported(root: Path, out: Path, **settings: Any) -> Path:
    assert last(WebDatasetTars(**settings).run(root, out)).finished
    return out


def samples(out: Path, name: str = "train") -> list[dict[str, Any]]:
    shards = sorted(map(str, out.glob(f"{name}-*.tar")))
    return list(webdataset.WebDataset(shards, shardshuffle=False))


def picture(data: bytes) -> AnyPixels:
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])
def test_each_sample_is_there_with_the_bytes_of_its_files(
    writer: str, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    root = datasets(writer=writer)
    found = {sample["__key__"]: sample for sample in samples(exported(root, tmp_path / "out"))}
    contents = opened(root)
    assert len(found) == contents.samples == 16
    assert contents.dataset
    for number in contents.numbers():
        about, placed = contents.triple(number), contents.dataset.plan()[number].first
        sample = found[about.name]
        assert sample["fg_bg.jpg"] == contents.read("fg_bg", number)
        assert sample["mask.png"] == contents.read("mask", number)
        assert sample["depth.png"] == contents.read("depth", number)
        said = json.loads(sample["json"])
        assert said["background"] == contents.backgrounds[about.background]
        assert (said["objects"][0]["x"], said["objects"][0]["height"]) == (placed.x, placed.height)


def test_it_decodes(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out = exported(datasets(), tmp_path / "out")
    shards = sorted(map(str, out.glob("train-*.tar")))
    decoded = webdataset.WebDataset(shards, shardshuffle=False).decode("rgb8")
    image, mask, said = list(decoded.to_tuple("fg_bg.jpg", "mask.png", "json"))[-1]
    assert image.shape == mask.shape == (64, 64, 3)
    assert said["objects"][0]["width"] > 0


def test_backgrounds_do_not_follow_each_other(make_project: Callable[..., Path], tmp_path: Path) -> None:
    make(make_project(tmp_path, n_bg=6, n_fg=5, changes=small("studio-256")), tmp_path / "set")
    drawn = [sample["__key__"] for sample in samples(exported(tmp_path / "set", tmp_path / "one"))]
    other = [sample["__key__"] for sample in samples(exported(tmp_path / "set", tmp_path / "two", seed=1))]
    plain = [sample["__key__"] for sample in samples(exported(tmp_path / "set", tmp_path / "plain", shuffle=False))]
    assert sorted(drawn) == sorted(other) == sorted(plain)
    assert [key[:6] for key in plain] == sorted(key[:6] for key in plain)
    assert drawn not in (plain, other)
    followed = sum(one[:6] == two[:6] for one, two in itertools.pairwise(drawn))
    assert followed < len(drawn) / 3  # a sixth is to be expected
    assert differing(exported(tmp_path / "set", tmp_path / "again"), tmp_path / "one") == []


def test_the_order_is_even() -> None:
    order = drawn_order(20_000, 7)
    assert np.array_equal(np.sort(order), np.arange(20_000))
    cells = Counter(zip((np.arange(20_000) // 2000).tolist(), (order // 2000).tolist(), strict=True))
    assert min(cells.values()) > 140
    assert max(cells.values()) < 260


def test_files_are_below_the_limit_and_hold_whole_samples(tmp_path: Path) -> None:
    for number in range(120):
        pixels = composite(number, 100)
        save(tmp_path / "set" / "fg_bg" / f"fg_{number:03}_bg_000_{number:06}.png", pixels)
    out = exported(tmp_path / "set", tmp_path / "out", shard_megabytes=1)
    tars = sorted(out.glob("train-*.tar"))
    assert all(700_000 < path.stat().st_size <= 1_000_000 for path in tars[:-1])
    assert len(tars) == 4
    assert len(samples(out)) == 120
    for path in tars:
        with tarfile.open(path) as archive:
            keys = [name.partition(".")[0] for name in archive.getnames()]
            assert keys[::2] == keys[1::2]


@pytest.mark.parametrize("team", FIVE)
@pytest.mark.parametrize("archives", [False, True])
def test_datasets_made_by_hand(team: str, archives: bool, tmp_path: Path) -> None:
    root = by_hand(tmp_path / "set", team)
    root = zipped(root, tmp_path / "zips", flat=True, deflated=False) if archives else root
    found, contents = samples(exported(root, tmp_path / "out")), opened(root)
    by_name = {sample["__key__"]: sample for sample in found}
    for number in range(6):
        sample = by_name[contents.triple(number).name]
        kinds = {name.partition(".")[0]: data for name, data in sample.items() if not name.startswith("__")}
        assert set(kinds) == {"fg_bg", "mask", "depth", "json"}
        assert picture(kinds["fg_bg"]).shape == (48, 48, 3)
        assert kinds["mask"] == contents.read("mask", number)


def test_odd_names_and_missing_pictures(tmp_path: Path) -> None:
    root = without(by_hand(tmp_path / "set", "course"), "fg_bg_depth/*000003.jpg", "fg", "fg_mask", "bg")
    for number, name in enumerate(["ünder fg_001 bg_001 7.jpg", f"{'long' * 30}_fg_001_bg_001_8.jpg"]):
        save(root / "fg_bg" / name, composite(number))
    found = samples(exported(root, tmp_path / "out"))
    assert len(found) == 8
    assert sum("depth.jpg" in sample for sample in found) == 5
    odd = {"ünder fg_001 bg_001 7", f"{'long' * 30}_fg_001_bg_001_8"}
    assert odd < {json.loads(one["json"])["name"] for one in found}


def test_sources_have_tars_of_their_own(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out, contents = exported(datasets(), tmp_path / "out"), opened(datasets())
    backgrounds, foregrounds = samples(out, "backgrounds"), samples(out, "foregrounds")
    assert [one["image.png"] for one in backgrounds] == [contents.read("bg", number) for number in range(2)]
    assert [one["mask.png"] for one in foregrounds] == [contents.read("fg_mask", number) for number in range(2)]
    assert "| `depth` | the depth map, uint16-millimetres" in (out / "README.md").read_text("utf-8")
