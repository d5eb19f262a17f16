"""COCO as pycocotools reads it, and YOLO's segments by a reader of its rules: Ultralytics' own is heavy and AGPL."""

from __future__ import annotations

import contextlib
import io
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.dataset.exports.coco import Coco
from fgbg_studio.core.dataset.exports.yolo_seg import YoloSegments
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.imaging.outlines import outline
from fgbg_studio.core.project import storage
from tests.core.dataset.exports.conftest import decodes_masks
from tests.helpers.datasets import copy, differing, last, make, opened, small
from tests.helpers.foreign import FIVE, by_hand, composite, save, without, zipped

pycocotools = pytest.importorskip("pycocotools.coco")
pytestmark = decodes_masks
WRITERS = pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])


def read_coco(root: Path, out: Path, export: Coco | None = None) -> Any:
    assert last((export or Coco()).run(root, out)).finished
    with contextlib.redirect_stdout(io.StringIO()):
        return pycocotools.COCO(out / "annotations" / "instances_train.json")


def read_yolo(out: Path) -> dict[str, list[tuple[int, NDArray[np.bool_]]]]:
    """Sample → (class, mask) of each object, as Ultralytics' loader takes them from ``data.yaml`` on."""
    data = yaml.safe_load((out / "data.yaml").read_text("utf-8"))
    found = {}
    for line in (out / data["train"]).read_text().splitlines():
        image = cv2.imread(str(out / line))
        assert image is not None
        label = out / Path(line.replace("/images/", "/labels/", 1)).with_suffix(".txt")
        objects = []
        for row in label.read_text().splitlines():
            number, *values = row.split()
            corners = np.array(values, np.float32).reshape(-1, 2) * (image.shape[1], image.shape[0])
            mask = np.zeros(image.shape[:2], np.uint8)
            cv2.fillPoly(mask, [corners.astype(np.int32)], (1,))
            objects.append((int(number), mask.astype(np.bool_)))
        found[Path(line).stem] = objects
    return found


def truth(contents: Contents, number: int) -> NDArray[np.bool_]:
    stored = contents.pixels("mask", number)
    return np.asarray((stored if stored.ndim == 2 else stored[..., 0]) >= 128)


def matches(coco: Any, contents: Contents, out: Path) -> None:
    """Every sample has its composite and its mask, to the pixel."""
    images = {Path(image["file_name"]).stem: image for image in coco.imgs.values()}
    assert len(images) == len(contents.numbers())
    for number in contents.numbers():
        image, solid = images[contents.triple(number).name], truth(contents, number)
        assert (out / "images" / image["file_name"]).read_bytes() == contents.read("fg_bg", number)
        assert (image["height"], image["width"]) == solid.shape
        (one,) = coco.imgToAnns[image["id"]]
        assert np.array_equal(coco.annToMask(one), solid)
        rows, columns = np.nonzero(solid)
        x, y, width, height = one["bbox"]
        assert (x, y, x + width - 1, y + height - 1) == (columns.min(), rows.min(), columns.max(), rows.max())
        assert one["area"] == np.count_nonzero(solid)


@WRITERS
def test_coco_has_every_mask(writer: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets(writer=writer)
    matches(read_coco(root, tmp_path / "out"), opened(root), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["annotations", "export.json", "images"]


@pytest.mark.parametrize("export", [Coco(), YoloSegments()])
def test_masks_that_follow_from_the_recipe_are_not_read(
    export: Coco | YoloSegments, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    """And are what they are where they must be read, to the byte: without what samples were made of."""
    made, stored = copy(datasets(), tmp_path / "made"), copy(datasets(), tmp_path / "stored")
    shutil.rmtree(made / "mask")
    shutil.rmtree(stored / ".fgbg" / "pictures")
    for root in (made, stored):
        last(export.run(root, root.with_name(f"{root.name}-out")))
    assert differing(tmp_path / "made-out", tmp_path / "stored-out") == []


@pytest.mark.parametrize("team", FIVE)
@pytest.mark.parametrize("archives", [False, True])
def test_datasets_made_by_hand(team: str, archives: bool, tmp_path: Path) -> None:
    root = by_hand(tmp_path / "set", team)
    root = zipped(root, tmp_path / "zips", flat=False, deflated=True) if archives else root
    contents, coco = opened(root), read_coco(root, tmp_path / "out")
    matches(coco, contents, tmp_path / "out")
    assert [one["name"] for one in coco.cats.values()] == ["object"]


def test_classes_are_categories(make_project: Callable[..., Path], tmp_path: Path) -> None:
    project = make_project(tmp_path, n_fg=3, changes=small("studio-256"))
    known = storage.load(project)
    named = [
        one.model_copy(update={"category": name})
        for one, name in zip(known.foregrounds, ("man", "", "dog"), strict=True)
    ]
    storage.save(project, known.model_copy(update={"foregrounds": tuple(named)}))
    make(project, tmp_path / "set")
    coco = read_coco(tmp_path / "set", tmp_path / "coco")
    names = {number: one["name"] for number, one in coco.cats.items()}
    assert names == {1: "dog", 2: "man", 3: "object"}
    said = {one["foreground"]: names[one["category_id"]] for one in coco.anns.values()}
    assert said == {"fg_000": "man", "fg_001": "object", "fg_002": "dog"}
    last(YoloSegments().run(tmp_path / "set", tmp_path / "yolo"))
    data = yaml.safe_load((tmp_path / "yolo" / "data.yaml").read_text())
    found = read_yolo(tmp_path / "yolo")
    assert {name[7:13]: data["names"][objects[0][0]] for name, objects in found.items()} == said


@WRITERS
def test_yolo_s_outlines_fill_the_masks(writer: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets(writer=writer)
    assert last(YoloSegments().run(root, tmp_path / "out")).finished
    found, contents = read_yolo(tmp_path / "out"), opened(root)
    assert len(found) == 16
    for number in contents.numbers():
        ((_, mask),) = found[contents.triple(number).name]
        assert np.array_equal(mask, truth(contents, number))


def filled(corners: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [corners.astype(np.int32)], (1,))
    return mask.astype(np.bool_)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_parts_and_holes_are_of_one_outline(seed: int, count: int) -> None:
    """Only the lines that join the parts are more than the mask, and only those that lead to holes are no hole."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((80, 80), np.uint8)
    for _ in range(count):
        x, y = rng.integers(10, 70, 2).tolist()
        cv2.ellipse(mask, (x, y), tuple(rng.integers(4, 18, 2).tolist()), float(rng.integers(180)), 0, 360, (1,), -1)
        cv2.circle(mask, (x, y), int(rng.integers(1, 5)), (0,), -1)
    corners = outline(mask.astype(np.bool_))
    again, parts = filled(corners, mask.shape), len(cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)[0])
    wrong = np.count_nonzero(again != mask.astype(np.bool_))
    assert wrong <= 60 * (parts - 1)
    assert not (mask.astype(np.bool_) & ~again).any()


@pytest.mark.parametrize("points", [[(5, 5)], [(5, 5), (5, 6)], [(5, 5), (6, 6), (7, 7)]])
def test_what_has_no_inside_has_three_corners_too(points: list[tuple[int, int]]) -> None:
    solid = np.zeros((20, 20), np.bool_)
    for place in points:
        solid[place] = True
    assert len(outline(solid)) >= 3
    assert np.array_equal(filled(outline(solid), solid.shape), solid)


@pytest.mark.parametrize("export", [Coco(), YoloSegments()])
class TestWhatDoesNotFit:
    def test_a_dataset_without_masks(self, export: Coco | YoloSegments, tmp_path: Path) -> None:
        root = without(by_hand(tmp_path / "set", "course"), "fg_bg_mask")
        with pytest.raises(DatasetError, match="has no composites with masks"):
            last(export.run(root, tmp_path / "out"))

    def test_a_sample_without_its_mask_is_left_out(self, export: Coco | YoloSegments, tmp_path: Path) -> None:
        root = without(by_hand(tmp_path / "set", "course"), "fg_bg_mask/*000003.jpg")
        last(export.run(root, tmp_path / "out"))
        assert len(list((tmp_path / "out" / "images").iterdir())) == 5

    def test_a_mask_of_another_size(self, export: Coco | YoloSegments, tmp_path: Path) -> None:
        root = by_hand(tmp_path / "set", "course")
        save(root / "fg_bg" / "fg_003_bg_003_000003.jpg", composite(3, 60))
        with pytest.raises(PictureError, match=r"fg_003_bg_003_000003.jpg and its mask .* have different sizes"):
            last(export.run(root, tmp_path / "out"))

    def test_an_empty_mask_has_no_object(self, export: Coco | YoloSegments, tmp_path: Path) -> None:
        root = by_hand(tmp_path / "set", "course")
        save(root / "fg_bg_mask" / "fg_003_bg_003_mask_000003.jpg", np.zeros((48, 48), np.uint8))
        last(export.run(root, tmp_path / "out"))
        if isinstance(export, YoloSegments):
            assert [len(objects) for objects in read_yolo(tmp_path / "out").values()] == [1, 1, 1, 0, 1, 1]
        else:
            assert len(read_coco(root, tmp_path / "out").anns) == 5

    def test_it_is_made_in_parts(
        self, export: Coco | YoloSegments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from fgbg_studio.core.dataset import export_lines

        root = by_hand(tmp_path / "set", "street", 10)
        last(export.run(root, tmp_path / "whole"))
        monkeypatch.setattr(export_lines, "_AT_ONCE", 3)
        steps = export.run(root, tmp_path / "out")
        while len(list((tmp_path / "out").glob("parts/*.txt"))) < 2:
            next(steps)
        steps.close()
        first = tmp_path / "out" / "images" / f"{opened(root).triple(0).name}.jpg"
        before = first.stat().st_mtime_ns
        last(export.run(root, tmp_path / "out"))
        assert differing(tmp_path / "whole", tmp_path / "out") == []
        assert first.stat().st_mtime_ns == before


def test_parts_of_a_very_wide_picture_are_joined_where_they_are_nearest() -> None:
    """Squares of such distances are more than 32 bits hold."""
    solid = np.zeros((1, 50_000), np.bool_)
    solid[0, :48_001] = solid[0, 49_000:49_003] = True
    line = outline(solid)[:, 0].tolist()
    assert (48_000, 49_000) in itertools.pairwise(line)
    assert (0, 49_000) not in itertools.pairwise(line)
