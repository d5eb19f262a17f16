"""Statistics read from files, whoever made them, and the warnings that would have saved five teams their errata."""

from __future__ import annotations

import json
import math
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.inspect import counted
from fgbg_studio.core.dataset.inspect.files import entries, kind_of
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.interfaces.layout import KINDS
from tests.helpers.datasets import find, look, make, small
from tests.helpers.foreign import FIVE, SIDE, by_hand, composite, depth, mask, save, without, zipped

COUNT = 6


def binary(*masks: Pixels) -> KindStatistics:
    made = KindStatistics()
    for pixels in masks:
        made.add(pixels, 1)
    return made


class TestFiveDatasets:
    @pytest.mark.parametrize("team", FIVE)
    def test_folders_are_read_kind_by_kind(self, team: str, tmp_path: Path) -> None:
        kinds = look(by_hand(tmp_path, team, COUNT)).report()["kinds"]
        assert list(kinds) == list(KINDS)
        assert {kind: part["count"] for kind, part in kinds.items()} == {
            "bg": 2, "fg": 2, "fg_mask": 2, "fg_bg": COUNT, "mask": COUNT, "depth": COUNT,
        }  # fmt: skip
        assert kinds["fg_bg"]["shape"] == [SIDE, SIDE, 3]
        assert kinds["mask"]["shape"] == kinds["depth"]["shape"] == [SIDE, SIDE, 1]

    @pytest.mark.parametrize("team", FIVE)
    def test_numbers_are_those_of_the_files(self, team: str, tmp_path: Path) -> None:
        by_hand(tmp_path, team, COUNT)
        report = look(tmp_path).report()["kinds"]
        for kind, part in report.items():
            files = [tmp_path / entry.name for entry in entries(tmp_path) if entry.kind == kind]
            assert part["bytes"] == sum(path.stat().st_size for path in files)
            planes = [np.asarray(Image.open(path), np.float64) for path in files]
            values = np.concatenate([plane.reshape(-1, plane.shape[2] if plane.ndim == 3 else 1) for plane in planes])
            seen = values[values[:, 3] > 0] if values.shape[1] == 4 else values
            # Two JPEG decoders may differ by a grey level here and there.
            np.testing.assert_allclose(part["mean"][:3], seen.mean(0)[:3] / 255, atol=2e-3)
            np.testing.assert_allclose(part["std"][:3], seen.std(0)[:3] / 255, atol=2e-3)
            np.testing.assert_allclose(part["mean"][3:], values.mean(0)[3:] / 255, atol=1e-9)

    @pytest.mark.parametrize("flat", [True, False])
    @pytest.mark.parametrize("deflated", [True, False])
    @pytest.mark.parametrize("team", FIVE)
    def test_zips_are_read_as_their_folders(self, team: str, flat: bool, deflated: bool, tmp_path: Path) -> None:
        by_hand(tmp_path / "folders", team, COUNT)
        zipped(tmp_path / "folders", tmp_path / "zips", flat=flat, deflated=deflated)
        assert look(tmp_path / "zips").report() == look(tmp_path / "folders").report()

    @pytest.mark.parametrize("team", FIVE)
    def test_a_zip_may_be_given_by_itself(self, team: str, tmp_path: Path) -> None:
        by_hand(tmp_path / "folders", team, COUNT)
        zipped(tmp_path / "folders", tmp_path / "zips", flat=True, deflated=False)
        archive = next(path for path in (tmp_path / "zips").iterdir() if kind_of(path.stem) == "fg_bg")
        assert list(look(archive).kinds) == ["fg_bg"]

    def test_one_kinds_folder_may_be_given_by_itself(self, tmp_path: Path) -> None:
        by_hand(tmp_path, "classroom", COUNT)
        assert look(tmp_path / "fg_bg_mask_images").report()["kinds"].keys() == {"mask"}

    def test_zips_of_sets_are_read_by_their_folders(self, tmp_path: Path) -> None:
        """``office-224`` wants sets of composites with everything that belongs to them in one ZIP."""
        by_hand(tmp_path / "folders", "office", COUNT)
        (tmp_path / "sets").mkdir()
        with zipfile.ZipFile(tmp_path / "sets" / "set-001.zip", "w") as archive:
            for path in sorted((tmp_path / "folders").rglob("*.*")):
                archive.write(path, path.relative_to(tmp_path / "folders").as_posix())
        assert look(tmp_path / "sets").report() == look(tmp_path / "folders").report()

    def test_tars_are_read_too(self, tmp_path: Path) -> None:
        by_hand(tmp_path / "folders", "course", COUNT)
        (tmp_path / "tars").mkdir()
        with tarfile.open(tmp_path / "tars" / "all.tar", "w") as archive:
            for path in sorted((tmp_path / "folders").iterdir()):
                archive.add(path, path.name)
        assert look(tmp_path / "tars").report() == look(tmp_path / "folders").report()

    @pytest.mark.parametrize("folder", ["fgbg_", "fgbg150_"])
    def test_both_names_that_the_layers_team_gave(self, folder: str, tmp_path: Path) -> None:
        from tests.helpers.foreign import layers

        for name, pixels in layers(3, folder):
            save(tmp_path / name, pixels)
        assert look(tmp_path).report()["kinds"]["depth"]["count"] == 3


class TestWarnings:
    """Each is a mistake that somebody published."""

    def clean(self, root: Path) -> Path:
        """The office team's dataset: its masks are PNG, so nothing about it is suspicious."""
        return by_hand(root, "office", COUNT)

    def test_a_clean_dataset_has_none(self, tmp_path: Path) -> None:
        assert look(self.clean(tmp_path)).warnings() == []

    def test_masks_stored_as_jpeg_are_not_binary(self, tmp_path: Path) -> None:
        said = look(by_hand(tmp_path, "course", COUNT)).warnings()
        assert any(w.startswith("mask is not binary") and "JPEG" in w for w in said)
        assert any(w.startswith("fg_mask is not binary") for w in said)

    def test_a_soft_mask_is_not_binary(self, tmp_path: Path) -> None:
        save(self.clean(tmp_path) / "fg_bg_mask" / "bg000_fg000_001.png", mask(0) // 2)
        assert any(w.startswith("mask is not binary") for w in look(tmp_path).warnings())

    def test_a_sigma_that_no_binary_mask_has(self) -> None:
        """21.9 beside a mean of 22.5, where about 72 is right: a mean of each batch's σ."""
        grey = binary(np.full((10, 10), 22, np.uint8), np.full((10, 10), 23, np.uint8))
        said = [issue.message for issue in implausible({"mask": grey})]
        mean = 22.5
        assert any(f"= {math.sqrt(mean * (255 - mean)):.2f}" in w and "σ 0.50" in w for w in said)

    def test_a_binary_mask_of_any_share_has_the_right_sigma(self) -> None:
        for share in (0.001, 0.0454, 0.5, 0.999):
            pixels = np.zeros(10_000, np.uint8)
            pixels[: round(share * 10_000)] = 255
            assert implausible({"mask": binary(pixels.reshape(100, 100))}) == []

    def test_masks_of_three_channels(self, tmp_path: Path) -> None:
        save(self.clean(tmp_path) / "fg_bg_mask" / "bg000_fg000_001.png", np.dstack([mask(0)] * 3))
        assert any("3 channels" in w for w in look(tmp_path).warnings())

    def test_statistics_that_were_copied(self, tmp_path: Path) -> None:
        """Depth published with the numbers of the masks."""
        self.clean(tmp_path)
        for path in (tmp_path / "fg_bg_depth").iterdir():
            path.unlink()
        for i in range(COUNT):
            save(tmp_path / "fg_bg_depth" / f"bg_{i:03}_depth_map_{i:03}.png", mask(i))
        assert any("mask and depth have the same mean and σ" in w for w in look(tmp_path).warnings())

    def test_every_pixel_the_same(self, tmp_path: Path) -> None:
        for path in (self.clean(tmp_path) / "fg_bg_depth").iterdir():
            save(path, np.full((SIDE, SIDE), 77, np.uint8))
        assert any("depth has zero variance" in w for w in look(tmp_path).warnings())

    def test_one_composite_less_than_masks(self, tmp_path: Path) -> None:
        """392,040 composites and 392,041 masks."""
        without(self.clean(tmp_path), "fg_bg/bg003_*")
        assert (
            f"the kinds differ in number: {COUNT - 1} fg_bg, {COUNT} mask, {COUNT} depth" in look(tmp_path).warnings()
        )

    def test_depth_of_another_size(self, tmp_path: Path) -> None:
        """240 × 240 beside 192 × 192; 112 beside 224."""
        for number, path in enumerate((self.clean(tmp_path) / "fg_bg_depth").iterdir()):
            save(path, depth(number, 60))
        said = f"the pictures of a sample differ in size: fg_bg {SIDE} × {SIDE}, mask {SIDE} × {SIDE}, depth 60 × 60"
        assert said in look(tmp_path).warnings()

    def test_one_picture_of_another_shape(self, tmp_path: Path) -> None:
        save(self.clean(tmp_path) / "fg_bg" / "bg000_fg000_001.jpeg", composite(0, 64))
        assert any(w.startswith("fg_bg has pictures of 2 shapes") for w in look(tmp_path).warnings())

    def test_foregrounds_may_differ_in_size(self, tmp_path: Path) -> None:
        save(self.clean(tmp_path) / "fg" / "fg003.png", np.dstack([composite(1, 31), mask(1, 31)]))
        save(tmp_path / "fg_mask" / "frg003.png", mask(1, 31))
        assert look(tmp_path).warnings() == []

    def test_stretched_depth_is_warned_of_by_check(self, make_project: Callable[..., Path], tmp_path: Path) -> None:
        """The same metre gets another grey value in each picture: nothing in the files shows it, the preset does."""
        from fgbg_studio.core.dataset.check import check
        from fgbg_studio.core.project import storage

        made = make_project(tmp_path, "classroom-192", changes=small("classroom-192"))
        codes = {issue.code for issue in check(made, storage.load(made))}
        assert {"depth-stretched", "mask-jpeg", "depth-size"} <= codes


class TestDamage:
    def test_unreadable_pictures_are_named_and_the_rest_is_counted(self, tmp_path: Path) -> None:
        by_hand(tmp_path, "office", COUNT)
        whole = (tmp_path / "fg_bg" / "bg000_fg000_001.jpeg").read_bytes()
        (tmp_path / "fg_bg" / "bg000_fg000_001.jpeg").write_bytes(b"")
        (tmp_path / "fg_bg" / "bg001_fg001_01_002.jpeg").write_bytes(whole[: len(whole) // 2])
        (tmp_path / "fg_bg" / "bg002_fg002_003.jpeg").write_bytes(b"this is no picture at all")
        read = look(tmp_path)
        assert read.kinds["fg_bg"].count == COUNT - 3
        assert [w for w in read.warnings() if "cannot be read" in w] == [
            f"fg_bg/{name}.jpeg cannot be read" for name in ("bg000_fg000_001", "bg001_fg001_01_002", "bg002_fg002_003")
        ]

    def test_a_kind_of_which_nothing_can_be_read(self, tmp_path: Path) -> None:
        for path in (by_hand(tmp_path, "office", COUNT) / "fg_bg_mask").iterdir():
            path.write_bytes(b"")
        read = look(tmp_path)
        assert "mask" not in read.kinds
        assert len(read.damaged) == COUNT

    def test_every_damaged_picture_is_named(self, tmp_path: Path) -> None:
        for number in range(30):
            (tmp_path / "fg_bg").mkdir(exist_ok=True)
            (tmp_path / "fg_bg" / f"{number:02}.png").write_bytes(b"x")
        said = [f"fg_bg/{number:02}.png cannot be read" for number in range(30)]
        assert [line for line in look(tmp_path).warnings() if "cannot be read" in line] == said

    @pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 30_000)])
    def test_a_decompression_bomb_is_a_damaged_picture(self, size: tuple[int, int], tmp_path: Path) -> None:
        from tests.helpers.bad_pictures import bomb

        by_hand(tmp_path, "office", COUNT)
        (tmp_path / "fg_bg" / "bomb.png").write_bytes(bomb(*size))
        assert look(tmp_path).damaged == ["fg_bg/bomb.png"]

    def test_a_zip_without_its_central_directory(self, tmp_path: Path) -> None:
        by_hand(tmp_path / "folders", "street", COUNT)
        zipped(tmp_path / "folders", tmp_path / "zips", flat=True, deflated=False)
        archive = tmp_path / "zips" / "fg_bg.zip"
        with zipfile.ZipFile(archive) as opened:
            end = opened.start_dir
        archive.write_bytes(archive.read_bytes()[:end])
        with pytest.raises(DatasetError, match=r"fg_bg\.zip is damaged"):
            look(tmp_path / "zips")

    @pytest.mark.parametrize("deflated", [True, False])
    def test_a_flipped_byte_inside_a_zip(self, deflated: bool, tmp_path: Path) -> None:
        by_hand(tmp_path / "folders", "street", COUNT)
        zipped(tmp_path / "folders", tmp_path / "zips", flat=False, deflated=deflated)
        archive = tmp_path / "zips" / "fg_bg.zip"
        with zipfile.ZipFile(archive) as opened:
            info = opened.infolist()[2]
        data = bytearray(archive.read_bytes())
        data[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
        archive.write_bytes(bytes(data))
        read = look(tmp_path / "zips")
        assert read.damaged == [f"fg_bg.zip/{info.filename}"]
        assert read.kinds["fg_bg"].count == COUNT - 1

    def test_a_truncated_tar(self, make_project: Callable[..., Path], tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=small("studio-256"))
        make(made, tmp_path / "out", writer="tar")
        archive = tmp_path / "out" / "shard-00001.tar"
        archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2 - 300])
        with pytest.raises(DatasetError, match=r"shard-00001\.tar is damaged"):
            look(tmp_path / "out")


class TestOtherNumbers:
    """TIFF files hold floats and wide or signed whole numbers, too."""

    @pytest.mark.parametrize("kind", [np.float32, np.float64, np.int16, np.int32])
    def test_depth_is_counted_as_it_is_stored(self, kind: type, tmp_path: Path) -> None:
        by_hand(tmp_path, "office", COUNT)
        rng, values = np.random.default_rng(0), []
        for path in sorted((tmp_path / "fg_bg_depth").iterdir()):
            plane = rng.uniform(300, 4000, (SIDE, SIDE)).astype(kind)
            path.unlink()
            cv2.imwrite(str(path.with_suffix(".tiff")), plane)
            values.append(plane.astype(np.float64))
        read = look(tmp_path)
        report = read.report()["kinds"]["depth"]
        assert (report["count"], report["values"]) == (COUNT, np.dtype(kind).name)
        np.testing.assert_allclose(report["mean"], [np.mean(values)], rtol=1e-12)
        np.testing.assert_allclose(report["std"], [np.std(values)], rtol=1e-9)
        assert read.warnings() == []

    def test_what_is_no_number_is_left_out(self, tmp_path: Path) -> None:
        by_hand(tmp_path, "office", COUNT)
        plane = np.full((SIDE, SIDE), 2.5, np.float32)
        plane[0], plane[1] = np.nan, np.inf
        plane[2] = 4.5
        for path in (tmp_path / "fg_bg_depth").iterdir():
            path.unlink()
            cv2.imwrite(str(path.with_suffix(".tiff")), plane)
        wanted = plane[2:].astype(np.float64)
        assert look(tmp_path).kinds["depth"].moments() == (
            [pytest.approx(wanted.mean())], [pytest.approx(wanted.std())]
        )  # fmt: skip

    def test_one_odd_picture_is_counted_apart(self, tmp_path: Path) -> None:
        by_hand(tmp_path, "office", COUNT)
        before = look(tmp_path).report()["kinds"]
        cv2.imwrite(str(tmp_path / "fg_bg" / "bg009_fg009_009.tiff"), np.full((SIDE, SIDE, 3), 0.5, np.float64))
        after = look(tmp_path)
        kinds = after.report()["kinds"]
        assert {kind: part for kind, part in kinds.items() if kind in before} == before
        assert (kinds["fg_bg (float64)"]["count"], kinds["fg_bg (float64)"]["mean"]) == (1, [0.5, 0.5, 0.5])


def test_processes_count_what_one_does(datasets: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders and archives, ours and others', survive the way to another process."""
    for writer in ("folders", "zip", "tar"):
        root = datasets("street-224", writer)
        alone, found = look(root).report(), find(root).report()
        with monkeypatch.context() as patch:
            patch.setattr(counted, "_FEW_PICTURES", 0)
            patch.setattr(counted, "allowed_cores", lambda: 2)
            assert look(root).report() == alone
            assert find(root).report() == found


class TestNothing:
    def test_a_folder_without_pictures(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("nothing here")
        with pytest.raises(DatasetError, match="contains no pictures") as caught:
            look(tmp_path)
        assert str(tmp_path) in str(caught.value)

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(DatasetError, match="does not exist"):
            look(tmp_path / "nowhere")

    def test_a_file_that_is_no_archive(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("nothing here")
        with pytest.raises(DatasetError, match=r"notes\.txt"):
            look(tmp_path / "notes.txt")


def test_report_is_what_the_issue_says(tmp_path: Path) -> None:
    report = json.loads(json.dumps(look(by_hand(tmp_path, "street", COUNT)).report()))
    assert set(report) == {"kinds", "warnings"}
    assert all(set(part) == {"count", "bytes", "shape", "mean", "std", "of"} for part in report["kinds"].values())
    assert all(0 <= value <= 1 for part in report["kinds"].values() for value in (*part["mean"], *part["std"]))


def test_many_archives_do_not_need_many_open_files(tmp_path: Path) -> None:
    """400,000 samples are 1,200 archives, more than a process may hold open."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    for number in range(60):
        with zipfile.ZipFile(tmp_path / f"fg_bg-{number:05}.zip", "w") as archive:
            archive.writestr(f"fg_bg/{number}.png", save(tmp_path / "one.png", composite(number)).read_bytes())
    resource.setrlimit(resource.RLIMIT_NOFILE, (50, limit[1]))
    try:
        assert look(tmp_path).kinds["fg_bg"].count == 60
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


def test_foreign_datasets_are_verified_against_themselves(tmp_path: Path) -> None:
    assert find(by_hand(tmp_path, "office", COUNT)).report()["faults"] == []
