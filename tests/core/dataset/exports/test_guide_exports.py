"""The lines of the guide's page about exports run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.interfaces.export import Export
from tests.core.dataset.exports.conftest import decodes_masks, leaves_tars_open
from tests.core.dataset.test_guide_split import code
from tests.helpers.datasets import ROOT, last

PAGE = "exporting.md"


def run(heading: str, out: Path, known: Path) -> dict[str, Any]:
    """What the lines below a heading leave, where the folder that they name is ``out``."""
    names: dict[str, Any] = {"print": lambda *_: None}
    exec(code(PAGE, heading).replace(known.as_posix(), out.as_posix()), names)
    return names


def test_every_export_of_data_is_explained() -> None:
    text = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    assert [name for name, member in Export.known().items() if member.takes_any and f"`{name}`" not in text] == []


def test_parquet(datasets: Callable[..., Path], tmp_path: Path, hub: Any) -> None:
    last(Export.from_dict("hf-parquet").run(datasets(), tmp_path / "out"))
    names = run("Hugging Face Parquet", tmp_path / "out", Path("rooms-parquet"))
    assert len(names["samples"]) == 16
    assert names["image"].shape == (64, 64, 3)
    assert names["mask"].any()
    assert 0.5 < names["depth"][names["mask"]].mean() < 30


@leaves_tars_open
def test_webdataset(datasets: Callable[..., Path], tmp_path: Path) -> None:
    last(Export.from_dict("webdataset").run(datasets(), tmp_path / "out"))
    names = run("WebDataset", tmp_path / "out", Path("rooms-tars"))
    assert names["about"]["background"] in {"bg_000", "bg_001"}
    assert names["image"].shape == (64, 64, 3)
    assert 0.5 < names["depth"][names["mask"] == 255].mean() < 30


@decodes_masks
def test_coco(datasets: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pycocotools")
    last(Export.from_dict("coco").run(datasets(), tmp_path / "out"))
    names = run("COCO", tmp_path / "out", Path("rooms-coco"))
    assert names["mask"].sum() == names["one"]["area"]
    assert names["image"].shape == (64, 64, 3)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the guide is short
def test_yolo(datasets: Callable[..., Path], tmp_path: Path) -> None:
    last(Export.from_dict("yolo-seg").run(datasets(), tmp_path / "out"))
    names = run("YOLO segments", tmp_path / "out", Path("rooms-yolo"))
    assert 20 < names["mask"].sum() < 2000
    assert names["data"]["names"] == {0: "object"}


@pytest.mark.filterwarnings("ignore")
def test_croissant(datasets: Callable[..., Path]) -> None:
    pytest.importorskip("mlcroissant")
    (page,) = last(Export.from_dict("croissant").run(datasets())).files
    names = run("Croissant", page.parent, Path("rooms-dataset"))
    page.unlink()
    assert len(names["masks"]) == 16
    assert names["image"].shape == (64, 64, 3)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the guide is short
def test_moge(datasets: Callable[..., Path], tmp_path: Path) -> None:
    last(Export.from_dict("moge").run(datasets(), tmp_path / "out"))
    names = run("MoGe folders", tmp_path / "out", Path("rooms-moge"))
    assert names["image"].shape == (64, 64, 3)
    assert 0.5 < np.nanmean(names["depth"]) < 30
    assert 0.3 < names["intrinsics"][0, 0] < 3


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_tfrecord(datasets: Callable[..., Path], tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    last(Export.from_dict("tfrecord").run(datasets(), tmp_path / "out"))
    names = run("TFRecord", tmp_path / "out", Path("rooms-records"))
    assert names["image"].shape == (8, 64, 64, 3)
    assert 0.5 < names["depth"][names["mask"]].numpy().mean() < 30
