"""The Parquet export, read with `datasets`, which its users read it with."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from fgbg_studio.core.base.errors import MissingPackageError
from fgbg_studio.core.dataset.exports.hf_parquet import HfParquet
from tests.helpers.datasets import differing, last, make, opened, small
from tests.helpers.foreign import FIVE, by_hand, without, zipped

parquet = pytest.importorskip("pyarrow.parquet")


def loaded(hub: Any, out: Path, name: str = "samples", **options: Any) -> Any:
    return hub.load_dataset(str(out), name, split="train", cache_dir=str(out.parent / "cache"), **options)


def exported(root: Path, out: Path, **settings: Any) -> Path:
    assert last(HfParquet(**settings).run(root, out)).finished
    return out


@pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])
def test_each_sample_comes_back_as_it_is_stored(
    writer: str, datasets: Callable[..., Path], hub: Any, tmp_path: Path
) -> None:
    root = datasets(writer=writer)
    rows, contents = loaded(hub, exported(root, tmp_path / "out")), opened(root)
    assert len(rows) == contents.samples == 16
    for number, row in zip(contents.numbers(), rows, strict=True):
        about = contents.triple(number)
        assert row["name"] == about.name
        assert row["background"] == contents.backgrounds[about.background]
        assert row["foreground"] == contents.foregrounds[about.foreground] == row["objects"][0]["foreground"]
        for kind in ("fg_bg", "mask", "depth"):
            shown = np.asarray(row[kind])
            assert shown.dtype == (np.uint16 if kind == "depth" else np.uint8)
            truth = np.asarray(Image.open(io.BytesIO(contents.read(kind, number))))
            assert np.array_equal(shown, truth)


def test_boxes_and_classes_are_those_of_the_plan(datasets: Callable[..., Path], hub: Any, tmp_path: Path) -> None:
    rows, contents = loaded(hub, exported(datasets(), tmp_path / "out")), opened(datasets())
    assert contents.dataset
    for sample, row in zip(contents.dataset.plan(), rows, strict=True):
        (one,) = row["objects"]
        assert tuple(one[key] for key in ("x", "y", "width", "height")) == sample.first.box
        assert (one["mirrored"], one["layer"], one["category"]) == (sample.first.mirrored, -1, "")
        inside = np.argwhere(np.asarray(row["mask"]))
        assert (inside.min(0) >= (one["y"], one["x"])).all()
        assert (inside.max(0) < (one["y"] + one["height"], one["x"] + one["width"])).all()


def test_it_streams_and_has_the_sources(datasets: Callable[..., Path], hub: Any, tmp_path: Path) -> None:
    out = exported(datasets(), tmp_path / "out")
    stream = loaded(hub, out, streaming=True)
    assert [row["name"] for row in stream] == loaded(hub, out)["name"][:]
    assert loaded(hub, out, "backgrounds")["name"][:] == ["bg_000", "bg_001"]
    foreground = loaded(hub, out, "foregrounds")[0]
    assert foreground["image"].mode == "RGBA"
    assert foreground["image"].size == foreground["mask"].size


@pytest.mark.parametrize("team", FIVE)
@pytest.mark.parametrize("archives", [False, True])
def test_datasets_made_by_hand(team: str, archives: bool, hub: Any, tmp_path: Path) -> None:
    root = by_hand(tmp_path / "set", team)
    root = zipped(root, tmp_path / "zips", flat=False, deflated=True) if archives else root
    rows, contents = loaded(hub, exported(root, tmp_path / "out")), opened(root)
    assert len(rows) == 6
    for number, row in enumerate(rows):
        for kind in ("fg_bg", "mask", "depth"):
            assert np.array_equal(
                np.asarray(row[kind]), np.asarray(Image.open(io.BytesIO(contents.read(kind, number))))
            )
    assert "objects" not in rows.column_names


def test_what_a_sample_lacks_is_null(hub: Any, tmp_path: Path) -> None:
    root = without(by_hand(tmp_path / "set", "course"), "fg_bg_depth/*000003.jpg", "fg", "fg_mask", "bg")
    rows = loaded(hub, exported(root, tmp_path / "out"))
    assert [row["depth"] is None for row in rows] == [number == 3 for number in range(6)]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["README.md", "data", "export.json"]


class TestFiles:
    @pytest.fixture
    def out(self, make_project: Callable[..., Path], tmp_path: Path) -> Path:
        """Samples of noise, so that a small shard has few of them."""
        root = tmp_path / "set"
        for number in range(230):
            name = f"fg_{number:03}_bg_000_{number:06}.png"
            pixels = np.random.default_rng(number).integers(0, 256, (80, 80, 3), np.uint8)
            (root / "fg_bg").mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(root / "fg_bg" / name, compress_level=0)
        return exported(root, tmp_path / "out", shard_megabytes=3)

    def test_groups_are_of_a_hundred_rows_and_files_below_the_limit(self, out: Path, hub: Any) -> None:
        files = sorted((out / "data").iterdir())
        groups = [parquet.ParquetFile(file).metadata.row_group(0).num_rows for file in files]
        assert [file.name for file in files] == [f"train-{number:05}.parquet" for number in range(2)]
        assert groups == [100, 100]
        assert all(file.stat().st_size < 3_000_000 for file in files[1:])
        assert len(loaded(hub, out)) == 230

    def test_the_head_says_what_there_is(self, out: Path) -> None:
        head = yaml.safe_load((out / "README.md").read_text("utf-8").split("---\n")[1])
        assert head["configs"][0] == {
            "config_name": "samples", "default": True,
            "data_files": [{"split": "train", "path": "data/train-*.parquet"}],
        }  # fmt: skip
        (about,) = head["dataset_info"]
        assert about["splits"][0]["num_examples"] == 230
        assert about["download_size"] == sum(file.stat().st_size for file in (out / "data").iterdir())
        assert head["license"] == "unknown"


def test_the_same_dataset_makes_the_same_bytes(datasets: Callable[..., Path], tmp_path: Path) -> None:
    assert differing(exported(datasets(), tmp_path / "one"), exported(datasets(), tmp_path / "two")) == []


def test_without_the_library_there_is_a_sentence(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPackageError, match=r"Parquet needs the package pyarrow.*fgbg-studio\[export\]"):
        last(HfParquet().run(datasets(), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_classes_and_licences_are_told(make_project: Callable[..., Path], hub: Any, tmp_path: Path) -> None:
    from fgbg_studio.core.project import storage

    project = make_project(tmp_path, changes=small("studio-256"))
    known = storage.load(project)
    foregrounds = tuple(one.model_copy(update={"category": "man", "licence": "CC BY 4.0"}) for one in known.foregrounds)
    backgrounds = tuple(one.model_copy(update={"licence": "CC-BY-4.0"}) for one in known.backgrounds)
    storage.save(project, known.model_copy(update={"foregrounds": foregrounds, "backgrounds": backgrounds}))
    make(project, tmp_path / "set")
    out = exported(tmp_path / "set", tmp_path / "out")
    assert {row["objects"][0]["category"] for row in loaded(hub, out)} == {"man"}
    text = (out / "README.md").read_text("utf-8")
    assert yaml.safe_load(text.split("---\n")[1])["license"] == "cc-by-4.0"
    assert "| CC BY 4.0 | not stated | 2 |" in text


def test_the_schema_says_which_columns_are_pictures(datasets: Callable[..., Path], tmp_path: Path) -> None:
    schema = parquet.read_schema(exported(datasets(), tmp_path / "out") / "data" / "train-00000.parquet")
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert [name for name, about in features.items() if about == {"_type": "Image"}] == ["fg_bg", "mask", "depth"]
    assert os.fspath(tmp_path) not in str(schema.metadata)
