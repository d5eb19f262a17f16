"""The figures that a dataset says of itself: of its files once they were read, in metres where there are metres."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.dataset.figures import OF_FILES, OF_PIXELS, figures, remarks
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.statistics import InMetres, KindStatistics
from tests.helpers.datasets import copy, differing, find, look, make, small

Datasets = Callable[..., Path]


def said(root: Path) -> dict[str, dict[str, object]]:
    kinds: dict[str, dict[str, object]] = json.loads((root / "dataset.json").read_text("utf-8"))["statistics"]
    return kinds


def of(root: Path) -> dict[str, object]:
    return {kind: one["of"] for kind, one in said(root).items()}


def from_files(root: Path, folder: str) -> list[float]:
    """Mean by channel on 0..1, read by OpenCV alone."""
    planes = [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in sorted((root / folder).rglob("*.jpg"))]
    values = np.concatenate([plane.reshape(-1, plane.shape[2] if plane.ndim == 3 else 1) for plane in planes])
    means: list[float] = (values.astype(np.float64).mean(0) / 255).tolist()[::-1]
    return means


@pytest.mark.parametrize("read", [find, look])
@pytest.mark.parametrize("writer", ["folders", "zip"])
def test_what_reads_the_files_puts_their_figures_into_record_and_card(
    writer: str, read: Callable[[Path], object], make_project: Callable[..., Path], tmp_path: Path
) -> None:
    before, project = tmp_path / "before", make_project(tmp_path, "street-224", changes=small("street-224"))
    make(project, before, writer=writer)
    root = copy(before, tmp_path / "out")
    assert {kind for kind, one in of(root).items() if one == OF_PIXELS} == {"fg_bg", "mask", "depth"}
    assert "are of the pixels before JPEG" in (root / "README.md").read_text("utf-8")
    read(root)
    assert set(of(root).values()) == {OF_FILES}
    assert said(root) == look(root).figures()
    assert differing(before, root) == ["README.md", "dataset.json"]
    record, old = (open_dataset(one).record for one in (root, before))
    assert {name for name in record if record[name] != old[name]} == {"statistics", "hashes"}
    assert {name for name, sha256 in record["hashes"].items() if old["hashes"][name] != sha256} == {"README.md"}
    card, old_card = ((one / "README.md").read_text("utf-8") for one in (root, before))
    assert "before JPEG" not in card
    assert [s for s in card.split("\n## ") if not s.startswith("Statistics")] == [
        s for s in old_card.split("\n## ") if not s.startswith("Statistics")
    ]
    read(root)
    assert (root / "README.md").read_text("utf-8") == card


def test_the_figures_are_those_that_another_reader_finds(datasets: Datasets, tmp_path: Path) -> None:
    root = copy(datasets("street-224"), tmp_path / "out")
    report = find(root).figures["fg_bg"]
    folder = open_dataset(root).plan().paths(open_dataset(root).plan()[0]).fg_bg.partition("/")[0]
    np.testing.assert_allclose(report["mean"], from_files(root, folder), atol=1e-9)


def test_a_damaged_dataset_keeps_its_figures(datasets: Datasets, tmp_path: Path) -> None:
    root = copy(datasets("classroom-192"), tmp_path / "out")
    before = of(root)
    plan = open_dataset(root).plan()
    (root / plan.paths(plan[0]).mask).write_bytes(b"")
    assert not find(root).clean
    assert look(root).damaged
    assert of(root) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the system's administrator writes everywhere")
def test_a_place_that_cannot_be_written_to_is_said(datasets: Datasets, tmp_path: Path) -> None:
    root = copy(datasets("street-224"), tmp_path / "out")
    for folder in (root, root / ".fgbg"):
        folder.chmod(0o500)
    try:
        assert any("could not be written" in warning for warning in find(root).warnings)
    finally:
        for folder in (root, root / ".fgbg"):
            folder.chmod(0o700)


def depth(*pictures: AnyPixels) -> KindStatistics:
    made = KindStatistics()
    for pixels in pictures:
        made.add(pixels, 1)
    return made


def test_metres_are_over_the_pixels_with_a_value() -> None:
    plane = np.array([[0, 2000], [4000, 0]], np.uint16)
    assert depth(plane).in_metres(0.001) == InMetres(3.0, 1.0, 0.5)
    made = figures({"depth": depth(plane)}, 0.001)
    assert made["depth"]["metres"] == {"mean": 3.0, "std": 1.0, "no_value": 0.5}
    assert any("50.00% of the depth maps' pixels have no value" in text for text in remarks(made))
    assert "metres" not in figures({"depth": depth(plane)}, 0.0)["depth"]


def test_a_metric_dataset_says_its_depth_in_metres(datasets: Datasets) -> None:
    root = datasets("studio-256")
    planes = [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in (root / "depth").rglob("*.png")]
    metres = said(root)["depth"]["metres"]
    values = np.concatenate([plane.ravel() for plane in planes]) / 1000
    values = values[values > 0]
    assert metres == {"mean": pytest.approx(values.mean()), "std": pytest.approx(values.std()), "no_value": 0.0}


def test_colours_that_nobody_sees_do_not_count() -> None:
    picture = np.zeros((2, 2, 4), np.uint8)
    picture[0, 0] = (200, 100, 50, 255)
    picture[0, 1] = (100, 100, 150, 1)
    picture[1] = (255, 0, 255, 0)
    means, _ = depth(picture).moments()
    assert means == [150 / 255, 100 / 255, 100 / 255, 64 / 255]


@pytest.mark.parametrize(
    ("masks", "severity", "words"),
    [
        ([0, 0], "error", "every mask picture is empty"),
        ([0, 9], "warning", "1 of 2 mask pictures is empty"),
        ([9, 9], "", ""),
    ],
)
def test_empty_masks_are_named(masks: list[int], severity: str, words: str) -> None:
    pictures = []
    for number in masks:
        plane = np.zeros((10, 10), np.uint8)
        plane.flat[:number] = 255
        pictures.append(plane)
    found = {issue.message.partition(":")[0]: issue.severity for issue in implausible({"mask": depth(*pictures)})}
    if words:
        assert found[words] == severity
    else:
        assert found == {}


def test_depth_of_one_value_in_every_picture_is_named() -> None:
    planes = [np.full((4, 4), value, np.uint16) for value in (1000, 2000)]
    assert [issue.message for issue in implausible({"depth": depth(*planes)})] == [
        "every depth picture is of one value everywhere"
    ]
