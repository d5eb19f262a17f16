"""Completing adopted datasets: masks that were lost are made again, depth is made by a network, nothing is replaced."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.adopting import complete as completing
from fgbg_studio.core.dataset.adopting import destinations
from fgbg_studio.core.dataset.adopting.adopt import adopt
from fgbg_studio.core.dataset.adopting.complete import Completed, CompletionOptions, complete
from fgbg_studio.core.dataset.inspect.adoption import ADOPTED, COMPLETED, completed_pictures, read_adoption
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.selftest.networks import FOLDER
from tests.core.dataset.adopting.conftest import files_of
from tests.helpers.datasets import find, last
from tests.helpers.foreign import zipped
from tests.helpers.handmade import TEAMS, HandMade

MakeByHand = Callable[[str, Path], HandMade]
NETWORK = {
    "depth.model": str(FOLDER / "tiny.tflite"),
    "depth.network": {"meaning": "metres", "width": 32, "height": 32, "layout": "nhwc"},
}  # fmt: skip
LOST = {
    "classroom-192": ("fg_bg_mask_images", "fg_bg_depth_images"), "street-224": ("fg_bg_masks/bg_01", "fg_bg_depth"),
    "office-224": ("BG_FG Masks", "DepthMaps"), "course-200": ("fg_bg_mask", "fg_bg_depth"),
    "layers-150": ("Dataset150/mask_fgbg150_2", "Dataset150/depth_fgbg150_1"),
}  # fmt: skip
"""Where masks and depth maps are that are taken away."""


def done(root: Path, **options: Any) -> Completed:
    found = last(complete(root, CompletionOptions(**options)))
    assert isinstance(found, Completed)
    return found


def without_masks(made: HandMade, preset: str) -> HandMade:
    shutil.rmtree(made.root / LOST[preset][0])
    last(adopt(made.root))
    return made


def agreement(root: Path, made: HandMade) -> list[float]:
    """Of each mask of the dataset how much it has in common with the right one, over both together."""
    contents, found = opened(root), []
    by_name = {Path(name).stem: truth for name, truth in made.truth.items()}
    for number in range(contents.samples):
        mask, right = contents.pixels("mask", number) >= 128, by_name[contents.triple(number).name].mask
        found.append(float((mask & right).sum() / (mask | right).sum()))
    return found


@pytest.mark.parametrize("preset", list(TEAMS))
@pytest.mark.parametrize("packed", [False, True])
def test_masks_are_made_again(made_by_hand: MakeByHand, tmp_path: Path, preset: str, packed: bool) -> None:
    made = made_by_hand(preset, tmp_path / "set")
    whole = files_of(made.root)
    shutil.rmtree(made.root / LOST[preset][0])
    root = made.root
    if packed:
        inner = root / "Dataset150" if preset == "layers-150" else root
        root = zipped(inner, tmp_path / "zips", flat=preset != "layers-150", deflated=False)
    before = files_of(root)
    adopted = last(adopt(root))
    lost = adopted.missing["mask"]
    found = done(root, kinds=("mask",))
    assert sum(found.made["mask"].values()) == lost
    assert found.left == {}
    after = files_of(root)
    assert {name: digest for name, digest in after.items() if name in before} == before
    if not packed:
        assert set(after) == set(whole) | {ADOPTED, COMPLETED}, "names are those that its makers gave"
    assert min(agreement(root, made)) > (0.9 if preset == "layers-150" else 0.93)
    assert "mask is missing" not in {group.issue.message for group in find(root).in_order()}
    assert done(root, kinds=("mask",)).made == {}
    assert files_of(root) == after
    rows = list(completed_pictures(root))
    assert len(rows) == lost
    assert all("alpha" in row.way and row.sure in {"sure", "likely"} for row in rows)


def test_a_window_shows_how_a_mask_was_made(made_by_hand: MakeByHand, tmp_path: Path) -> None:
    made = without_masks(made_by_hand("course-200", tmp_path / "set"), "course-200")
    done(made.root, kinds=("mask",))
    facts = dict(opened(made.root).triple(3).facts)
    assert facts["Completed mask"] == "the foreground's alpha at its label (sure)"


class TestWhatCannotBeMade:
    def test_without_foregrounds_only_rough_ones(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = without_masks(made_by_hand("office-224", tmp_path / "set"), "office-224")
        shutil.rmtree(made.root / "FG")
        found = done(made.root, kinds=("mask",))
        assert (found.made, len(found.left["mask"])) == ({}, 16)
        assert "its foreground is not there" in found.lines()[0]
        assert not (made.root / "BG_FG Masks").exists()
        faults = {group.issue.code: group for group in find(made.root).in_order()}
        assert faults["not-completed"].count == 16
        rough = done(made.root, kinds=("mask",), least="rough")
        assert rough.made == {"mask": {"rough": 16}}
        assert min(agreement(made.root, made)) > 0.7
        faults = {group.issue.code: group for group in find(made.root).in_order()}
        assert "not-completed" not in faults
        assert faults["rough"].count == 16

    def test_a_composite_that_is_another_or_damaged_is_named(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = without_masks(made_by_hand("classroom-192", tmp_path / "set"), "classroom-192")
        one, other = sorted(made.truth)[:2]
        (made.root / one).write_bytes(b"\xff\xd8\xff nothing")
        shutil.copy(made.root / "bg_images" / "img_001.jpg", made.root / other)
        found = done(made.root, kinds=("mask",))
        assert set(found.left["mask"]) == {Path(one).stem, Path(other).stem}
        assert sum(found.made["mask"].values()) == 14

    def test_what_has_the_name_is_not_replaced(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = without_masks(made_by_hand("classroom-192", tmp_path / "set"), "classroom-192")
        name = Path(min(made.truth)).with_suffix(".jpg").name
        shutil.copy(made.root / min(made.truth), tmp_path / "kept")
        (made.root / "fg_bg_mask_images").mkdir()
        (made.root / "fg_bg_mask_images" / name).mkdir()
        (made.root / "fg_bg_mask_images" / name / "kept.txt").write_text("mine")
        with pytest.raises(DatasetError, match="is not replaced"):
            done(made.root, kinds=("mask",))

    def test_only_what_is_adopted(self, tmp_path: Path) -> None:
        with pytest.raises(DatasetError, match="is not adopted"):
            done(tmp_path)

    def test_other_settings_are_refused(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = without_masks(made_by_hand("street-224", tmp_path / "set"), "street-224")
        with pytest.raises(UsageError, match="nothing to do"):
            done(made.root, settings={"placements": 3})
        shutil.rmtree(made.root / "fg_bg_depth" / "bg_00")
        with pytest.raises(UsageError, match="one meaning"):
            done(made.root, settings={"depth.encoding": "uint8-linear"}, kinds=("depth",))


class TestStopping:
    def steps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(completing, "_TOLD", 1)
        monkeypatch.setattr(destinations, "PART", 3)

    @pytest.mark.parametrize("packed", [False, True])
    def test_what_was_stopped_goes_on(
        self, made_by_hand: MakeByHand, tmp_path: Path, packed: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.steps(monkeypatch)
        made = without_masks(made_by_hand("classroom-192", tmp_path / "set"), "classroom-192")
        (made.root / ADOPTED).unlink()
        root = zipped(made.root, tmp_path / "zips", flat=True, deflated=False) if packed else made.root
        last(adopt(root))
        job = complete(root, CompletionOptions(kinds=("mask",)))
        for step in job:
            if isinstance(step, Progress) and step.phase == "completing mask" and step.done == 8:
                break
        job.close()  # type: ignore[attr-defined]
        kept = opened(root).counts.get("mask", 0)
        assert kept in ({6, 7} if packed else {8})
        assert not list(root.rglob("*.part"))
        assert not (root / "completing.lock").exists()
        before = files_of(root)
        found = done(root, kinds=("mask",))
        assert sum(found.made["mask"].values()) == 16 - kept
        after = files_of(root)
        assert {name: after[name] for name in before if name != COMPLETED} == {
            name: digest for name, digest in before.items() if name != COMPLETED
        }
        assert opened(root).counts["mask"] == 16
        assert min(agreement(root, made)) > 0.95

    def test_what_a_failure_of_power_damaged_is_made_again(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = without_masks(made_by_hand("classroom-192", tmp_path / "set"), "classroom-192")
        done(made.root, kinds=("mask",))
        before = files_of(made.root)
        damaged = min((made.root / "fg_bg_mask_images").iterdir())
        damaged.write_bytes(b"\0" * 900)
        done(made.root, kinds=("mask",))
        after = files_of(made.root)
        assert {name for name in after if after[name] != before[name]} == {COMPLETED}


def test_elsewhere_and_of_a_single_zip(made_by_hand: MakeByHand, tmp_path: Path) -> None:
    made = without_masks(made_by_hand("layers-150", tmp_path / "set"), "layers-150")
    (made.root / ADOPTED).unlink()
    shutil.make_archive(str(tmp_path / "whole"), "zip", made.root)
    before = files_of(tmp_path)
    last(adopt(made.root, tmp_path / "out"))
    last(adopt(tmp_path / "whole.zip"))
    for folder in (tmp_path / "out", tmp_path / "whole-adopted"):
        assert sum(done(folder, kinds=("mask",)).made["mask"].values()) == 8
        assert opened(folder).counts["mask"] == 16
        assert min(agreement(folder, made)) > 0.9
    after = files_of(tmp_path)
    assert {name: after[name] for name in before} == before
    assert len(list((tmp_path / "out" / "Dataset150" / "mask_fgbg150_2").iterdir())) == 8
    assert (tmp_path / "whole-adopted" / "mask_fgbg150_2.zip").exists()


class TestDepth:
    @pytest.mark.parametrize("preset", ["classroom-192", "office-224", "layers-150"])
    def test_a_network_sees_every_composite(self, made_by_hand: MakeByHand, tmp_path: Path, preset: str) -> None:
        made = made_by_hand(preset, tmp_path / "set")
        whole = set(files_of(made.root))
        shutil.rmtree(made.root / LOST[preset][1])
        lost = last(adopt(made.root)).missing["depth"]
        found = done(made.root, kinds=("depth",), settings=NETWORK)
        assert found.made == {"depth": {"sure": lost}}
        assert set(files_of(made.root)) == whole | {ADOPTED, COMPLETED}
        contents = opened(made.root)
        assert {contents.pixels("depth", number).ndim for number in range(16)} == {2}
        assert "tiny" in read_adoption(made.root).completed["depth"]
        sizes = {contents.pixels("depth", number).shape for number in range(16)}
        side = {"classroom-192": 240, "office-224": 224, "layers-150": 150}
        assert (side[preset],) * 2 in sizes

    def test_once_for_each_background_with_the_masks(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = without_masks(made_by_hand("course-200", tmp_path / "set"), "course-200")
        shutil.rmtree(made.root / "fg_bg_depth")
        found = done(made.root, way="inserted", settings=NETWORK)
        assert (sum(found.made["mask"].values()), found.made["depth"]) == (16, {"sure": 16})
        contents = opened(made.root)
        for number in range(contents.samples):
            depth = contents.pixels("depth", number)
            core = cv2.erode((contents.pixels("mask", number) >= 128).astype(np.uint8), np.ones((5, 5))) > 0
            assert len(np.unique(depth[core])) == 1, "an object has one depth"

    def test_another_network_does_not_go_on(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("course-200", tmp_path / "set")
        shutil.rmtree(made.root / "fg_bg_depth")
        last(adopt(made.root))
        done(made.root, kinds=("depth",), settings=NETWORK)
        min((made.root / "fg_bg_depth").iterdir()).unlink()
        with pytest.raises(DatasetError, match="begun in another way"):
            done(made.root, kinds=("depth",), way="inserted", settings=NETWORK)
        assert done(made.root, kinds=("depth",), settings=NETWORK).made == {"depth": {"sure": 1}}

    def test_the_meaning_of_new_depth_is_known(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("street-224", tmp_path / "set")
        shutil.rmtree(made.root / "fg_bg_depth")
        last(adopt(made.root))
        changes = {"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png", **NETWORK}
        done(made.root, kinds=("depth",), settings=changes)
        contents = opened(made.root)
        assert contents.reading.unit == "m"
        assert contents.pixels("depth", 0).dtype == np.uint16
        assert done(made.root, kinds=("depth",), settings=NETWORK).made == {}


def test_a_completed_one_is_exported(made_by_hand: MakeByHand, tmp_path: Path) -> None:
    made = without_masks(made_by_hand("course-200", tmp_path / "set"), "course-200")
    done(made.root, kinds=("mask",))
    last(Export.from_dict("coco").run(made.root, tmp_path / "coco"))
    assert len(list((tmp_path / "coco" / "images").iterdir())) == 16
