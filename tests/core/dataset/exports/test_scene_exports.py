"""Samples of several objects in every export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.export import Export
from tests.conftest import MakeProject
from tests.core.dataset.exports.conftest import decodes_masks, leaves_tars_open
from tests.core.dataset.exports.test_hf_parquet import loaded
from tests.core.dataset.exports.test_objects_exports import read_coco, read_yolo
from tests.core.dataset.exports.test_webdataset_export import samples
from tests.helpers.datasets import copy, last, make, opened, small

pytestmark = [decodes_masks, leaves_tars_open]
SCENE = ["scene.objects.least=2", "scene.objects.most=4", "placements=2", "scene.truncation=0.6"]


@pytest.fixture(scope="module")
def scenes(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    make(make_project(folder, "studio-256", 2, 3, small("studio-256", *SCENE, "scene.instances=true")), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def told(scenes: Path) -> dict[str, list[dict[str, Any]]]:
    """What the table of objects says of each sample."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in (scenes / "objects.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        found.setdefault(one["sample"], []).append(one)
    return found


def test_coco_has_what_is_seen_of_each(scenes: Path, told: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    coco, contents = read_coco(scenes, tmp_path / "out"), opened(scenes)
    maps = {contents.triple(number).name: contents.pixels("instances", number) for number in contents.numbers()}
    for image in coco.imgs.values():
        name = Path(image["file_name"]).stem
        seen = [one for one in told[name] if one["visible_area"]]
        found = coco.imgToAnns[image["id"]]
        assert [one["foreground"] for one in found] == [one["foreground"] for one in seen]
        assert [one["area"] for one in found] == [one["visible_area"] for one in seen]
        assert [one["bbox"] for one in found] == [one["box"] for one in seen]
        for one, known in zip(found, seen, strict=True):
            assert np.array_equal(coco.annToMask(one) == 1, maps[name] == known["index"])
    assert len(coco.anns) > 1.5 * len(coco.imgs)


def test_coco_has_whole_shapes_where_asked(scenes: Path, told: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    from fgbg_studio.core.dataset.exports.coco import Coco

    coco, hidden = read_coco(scenes, tmp_path / "out", Coco(amodal=True)), 0
    for image in coco.imgs.values():
        seen = [one for one in told[Path(image["file_name"]).stem] if one["visible_area"]]
        for one, known in zip(coco.imgToAnns[image["id"]], seen, strict=True):
            assert one["amodal_segmentation"] == known["amodal"]
            assert one["amodal_bbox"] == known["amodal_box"]
            assert one["amodal_area"] == known["amodal_area"]
            hidden += one["area"] < one["amodal_area"]
    assert hidden
    shutil.rmtree(copy(scenes, tmp_path / "changed") / ".fgbg" / "pictures")
    with pytest.raises(DatasetError, match="nobody knows the whole shapes of the objects"):
        last(Coco(amodal=True).run(tmp_path / "changed", tmp_path / "none"))


def test_yolo_has_a_line_of_each(scenes: Path, told: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    last(Export.from_dict("yolo-seg").run(scenes, tmp_path / "out"))
    for name, objects in read_yolo(tmp_path / "out").items():
        areas = [one["visible_area"] for one in told[name] if one["visible_area"]]
        assert [int(mask.sum()) for _, mask in objects] == pytest.approx(areas, rel=0.15, abs=20)


@pytest.mark.parametrize("name", ["coco", "yolo-seg"])
@pytest.mark.parametrize("wrong", ["16 bits", "colours", "size"])
def test_what_is_no_index_map_is_named(name: str, wrong: str, scenes: Path, tmp_path: Path) -> None:
    """Somebody has saved it with another program."""
    copy(scenes, tmp_path / "changed")
    path = min((tmp_path / "changed" / "instances").rglob("*.png"))
    known = decode(path.read_bytes(), path.name)
    changed = {"16 bits": known.astype(np.uint16), "colours": np.dstack([known] * 3), "size": known[:-1]}[wrong]
    path.write_bytes(cv2.imencode(".png", changed)[1].tobytes())
    with pytest.raises(PictureError, match=rf"{path.name} is no index map"):
        last(Export.from_dict(name).run(tmp_path / "changed", tmp_path / "out"))


def test_the_table_has_maps_and_indices(
    scenes: Path, told: dict[str, list[dict[str, Any]]], hub: Any, tmp_path: Path
) -> None:
    last(Export.from_dict("hf-parquet").run(scenes, tmp_path / "out"))
    for row in loaded(hub, tmp_path / "out"):
        known = {one["index"]: one["foreground"] for one in told[row["name"]]}
        assert {one["index"]: one["foreground"] for one in row["objects"]} == known
        size = np.asarray(row["mask"]).shape[0]
        for one in row["objects"]:  # which the frame may cut
            assert min(one["x"], one["y"]) >= 0
            assert max(one["x"] + one["width"], one["y"] + one["height"]) <= size
        assert set(np.unique(np.asarray(row["instances"]))) <= {0, *known}


def test_webdataset_has_the_maps(scenes: Path, tmp_path: Path) -> None:
    last(Export.from_dict("webdataset").run(scenes, tmp_path / "out"))
    found = samples(tmp_path / "out")
    assert len(found) == opened(scenes).samples
    assert all("instances.png" in one for one in found)


@pytest.mark.parametrize("name", ["coco", "yolo-seg"])
def test_without_the_maps_nobody_can_tell(name: str, make_project: MakeProject, tmp_path: Path) -> None:
    make(make_project(tmp_path, "studio-256", 2, 3, small("studio-256", *SCENE)), tmp_path / "set")
    with pytest.raises(DatasetError, match="has several objects, which its mask does not tell apart"):
        last(Export.from_dict(name).run(tmp_path / "set", tmp_path / "out"))
