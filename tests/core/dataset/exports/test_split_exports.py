"""Splits in every export, each read with the library that its users read it with."""

from __future__ import annotations

import contextlib
import io
import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest
import yaml

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.dataset.splits import NAMES, Splits, SplitSettings, make_splits, read_splits
from fgbg_studio.core.interfaces.export import Export, ExportProgress
from tests.conftest import MakeProject
from tests.core.dataset.exports.conftest import leaves_tars_open
from tests.helpers.datasets import copy, last, make, opened, small

SETTINGS = SplitSettings(background=0.3, foreground=0.3, pairs=0.4)


@pytest.fixture(scope="module")
def known(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with all five splits."""
    folder = tmp_path_factory.mktemp("split")
    make(make_project(folder, "studio-256", 3, 3, small("studio-256", "placements=2")), folder / "out")
    deque(make_splits(folder / "out", SETTINGS), maxlen=0)
    return folder / "out"


def names_of(root: Path) -> dict[str, set[str]]:
    """Split → its samples' names."""
    splits, contents = read_splits(root), opened(root)
    assert splits
    found = {name: set(contents.names(splits.numbers(name))) for name in NAMES}
    assert all(found.values())
    return found


def exported(name: str, root: Path, out: Path) -> ExportProgress:
    done = last(Export.from_dict(name).run(root, out))
    assert isinstance(done, ExportProgress)
    return done


def test_parquet(known: Path, hub: Any, tmp_path: Path) -> None:
    exported("hf-parquet", known, tmp_path / "out")
    loaded = hub.load_dataset(str(tmp_path / "out"), "samples", cache_dir=str(tmp_path / "cache"))
    found = {name.replace("_", "-"): set(rows["name"]) for name, rows in loaded.items()}
    assert found == names_of(known)
    assert list(loaded) == [name.replace("-", "_") for name in NAMES]
    head = yaml.safe_load((tmp_path / "out" / "README.md").read_text("utf-8").split("---")[1])
    said = head["dataset_info"][0]["splits"]
    assert {one["name"]: one["num_examples"] for one in said} == {name: len(loaded[name]) for name in loaded}


@leaves_tars_open
def test_webdataset(known: Path, tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    exported("webdataset", known, tmp_path / "out")
    for name, wanted in names_of(known).items():
        shards = sorted(map(str, (tmp_path / "out").glob(f"{name}-*.tar")))
        found = [sample["__key__"] for sample in webdataset.WebDataset(shards, shardshuffle=False)]
        assert sorted(found) == sorted(wanted)


def test_coco(known: Path, tmp_path: Path) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    exported("coco", known, tmp_path / "out")
    ids = list[int]()
    for name, wanted in names_of(known).items():
        with contextlib.redirect_stdout(io.StringIO()):
            read = coco.COCO(tmp_path / "out" / "annotations" / f"instances_{name}.json")
        assert {Path(image["file_name"]).stem for image in read.imgs.values()} == wanted
        assert len(read.anns) == len(wanted)
        ids += read.anns
    assert len(set(ids)) == len(ids)


def test_yolo(known: Path, tmp_path: Path) -> None:
    exported("yolo-seg", known, tmp_path / "out")
    data = yaml.safe_load((tmp_path / "out" / "data.yaml").read_text())
    assert data["train"] == "train.txt"
    assert data["val"] == "seen.txt"
    assert data["test"] == ["new-background.txt", "new-foreground.txt", "both-new.txt"]
    for name, wanted in names_of(known).items():
        lines = (tmp_path / "out" / f"{name}.txt").read_text().split()
        assert {Path(line).stem for line in lines} == wanted
        assert all((tmp_path / "out" / line).exists() for line in lines)


EVERY = [name for name, member in Export.known().items() if member.takes_any and not member.in_place]


@pytest.mark.parametrize("name", EVERY)
def test_other_splits_are_not_mixed(name: str, known: Path, tmp_path: Path) -> None:
    root, out = copy(known, tmp_path / "set"), tmp_path / "out"
    exported(name, root, out)
    *_, other = make_splits(root, SETTINGS.model_copy(update={"seed": 1}))
    assert isinstance(other, Splits)
    with pytest.raises(UsageError, match="is of another dataset, export or settings"):
        exported(name, root, out)


@pytest.mark.parametrize("name", EVERY)
def test_without_splits_all_is_trained_with_and_the_leak_is_said(name: str, known: Path, tmp_path: Path) -> None:
    root = copy(known, tmp_path / "set")
    for path in (root / "splits").iterdir():
        path.unlink()
    (root / "splits").rmdir()
    (note,) = exported(name, root, tmp_path / "out").notes
    assert note.startswith("There are no splits: all is 'train'. A random split by sample would leak: each of 3 back")
    parts = json.loads((tmp_path / "out" / "export.json").read_text())["parts"]
    assert [part for part in parts if any(split in part for split in NAMES[1:])] == []


@pytest.mark.parametrize("name", EVERY)
def test_what_mixes_is_left_out_and_counted(name: str, make_project: MakeProject, tmp_path: Path) -> None:
    scene = ("scene.objects.least=2", "scene.objects.most=3", "scene.instances=true", "placements=2")
    make(make_project(tmp_path, "studio-256", 2, 3, small("studio-256", *scene)), tmp_path / "set")
    *_, splits = make_splits(tmp_path / "set", SETTINGS)
    assert isinstance(splits, Splits)
    assert splits.counts["none"]
    done = exported(name, tmp_path / "set", tmp_path / "out")
    assert done.notes == (
        f"{splits.counts['none']:,} samples that mix what is trained with and what is held out are left out.",
    )
