"""Faults planted in tables, label files, archives, and in other people's datasets."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.inspect.files import entries
from fgbg_studio.core.dataset.record import open_dataset
from tests.helpers.datasets import change_record, copy, counts, examples, find, opened
from tests.helpers.foreign import FIVE, by_hand, composite, mask, save, without


def faults(root: Path) -> dict[str, int]:
    """Fault → how many."""
    return counts(find(root))


@pytest.fixture
def clean(datasets: Callable[..., Path], tmp_path: Path) -> Path:
    """A copy of the default preset's dataset, to be damaged."""
    return copy(datasets(), tmp_path / "out")


class TestTables:
    def edit(self, path: Path, change: Callable[[list[str]], None]) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        change(lines)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    @pytest.mark.parametrize("column", range(12))
    def test_a_wrong_field_in_any_column(self, column: int, clean: Path) -> None:
        def change(lines: list[str]) -> None:
            fields = lines[3].split(",")
            fields[column] = "bg_00x" if column < 3 else "9x"
            lines[3] = ",".join(fields)

        self.edit(clean / "samples.csv", change)
        assert faults(clean) == {"samples.csv differs from the recipe": 1}

    def test_two_rows_in_each_others_place(self, clean: Path) -> None:
        def change(lines: list[str]) -> None:
            lines[3], lines[4] = lines[4], lines[3]

        self.edit(clean / "samples.csv", change)
        assert faults(clean) == {"samples.csv differs from the recipe": 2}

    def test_a_row_less_and_a_row_more(self, clean: Path) -> None:
        self.edit(clean / "samples.csv", lambda lines: lines.append(lines[-1]))
        assert "samples.csv has 17 rows, not 16" in faults(clean)
        self.edit(clean / "samples.csv", lambda lines: lines.__delitem__(slice(-2, None)))
        assert "samples.csv has 15 rows, not 16" in faults(clean)

    def test_other_columns_and_no_table(self, clean: Path) -> None:
        self.edit(clean / "samples.csv", lambda lines: lines.__setitem__(0, "name,x,y"))
        assert faults(clean) == {"samples.csv has other columns": 1}
        (clean / "samples.csv").write_bytes(b"\xff\xfe\x00")
        assert faults(clean) == {"samples.csv has other columns": 1}
        (clean / "samples.csv").unlink()
        assert faults(clean) == {"samples.csv is missing": 1}

    @pytest.mark.parametrize(
        ("preset", "file"), [("street-224", "labels/bg_01_label_info.txt"), ("course-200", "labels/labels.txt")]
    )
    def test_a_wrong_label(self, preset: str, file: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset), tmp_path / "out")

        def change(lines: list[str]) -> None:
            *rest, y = lines[2].split("\t")
            lines[2] = "\t".join([*rest, str(int(y) + 1)])

        self.edit(root / file, change)
        assert examples(find(root)) == {"label file differs from the recipe": [file]}
        (root / file).unlink()
        assert examples(find(root)) == {"label file is missing": [file]}

    def test_numbers_that_the_record_claims(self, clean: Path) -> None:
        """200k made where 400k were reported."""
        said = open_dataset(clean).record["statistics"]
        change_record(clean, statistics={**said, "fg_bg": {**said["fg_bg"], "count": 32}})
        assert list(faults(clean)) == ["dataset.json says 32 fg_bg, there are 16"]

    def test_a_run_that_was_not_finished(self, clean: Path) -> None:
        change_record(clean, complete=False)
        assert list(faults(clean)) == ["the run was not finished"]


class TestArchives:
    @pytest.fixture
    def zips(self, datasets: Callable[..., Path], tmp_path: Path) -> Path:
        return copy(datasets(writer="zip"), tmp_path / "out")

    def test_without_its_central_directory(self, zips: Path) -> None:
        """Only the samples of that archive are missing; the others are still looked at."""
        victim = zips / "mask-00000.zip"
        victim.write_bytes(victim.read_bytes()[:-60])
        found = find(zips)
        assert counts(found)["unreadable archive"] == 1
        assert "mask-00000.zip" in examples(found)["unreadable archive"][0]
        assert counts(found)["mask is missing"] == 5
        assert not any(fault.startswith(("fg_bg", "depth")) for fault in counts(found))

    def test_missing(self, zips: Path) -> None:
        (zips / "depth-00001.zip").unlink()
        assert faults(zips)["depth is missing"] == 5

    @pytest.mark.parametrize("kind", ["fg_bg", "mask", "depth"])
    def test_a_flipped_byte(self, kind: str, zips: Path) -> None:
        victim = zips / f"{kind}-00001.zip"
        with zipfile.ZipFile(victim) as archive:
            info = archive.infolist()[1]
        data = bytearray(victim.read_bytes())
        data[info.header_offset + 30 + len(info.filename) + info.file_size // 2] ^= 0x55
        victim.write_bytes(bytes(data))
        found = find(zips)
        assert counts(found) == {f"{kind} cannot be read": 1}
        assert examples(found)[f"{kind} cannot be read"] == [f"{victim.name}/{info.filename}"]

    @pytest.mark.parametrize("kind", ["fg_bg", "mask", "depth"])
    def test_members_swapped(self, kind: str, zips: Path) -> None:
        victim = zips / f"{kind}-00002.zip"
        with zipfile.ZipFile(victim) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
        names = list(members)
        members[names[0]], members[names[1]] = members[names[1]], members[names[0]]
        with zipfile.ZipFile(victim, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        assert sum(faults(zips).values()) == 2
        assert all(fault.startswith(f"{kind} differs") for fault in faults(zips))

    def test_a_stray_archive(self, zips: Path) -> None:
        shutil.copy(zips / "mask-00000.zip", zips / "mask-00099.zip")
        assert faults(zips)["the same picture twice"] == 5

    def test_unpacked_it_is_still_the_same_dataset(self, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(writer="zip"), tmp_path / "out")
        for path in sorted(root.glob("*.zip")):
            with zipfile.ZipFile(path) as archive:
                archive.extractall(root)
            path.unlink()
        assert faults(root) == {}

    def test_a_truncated_tar(self, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(writer="tar"), tmp_path / "out")
        victim = root / "shard-00001.tar"
        victim.write_bytes(victim.read_bytes()[: victim.stat().st_size // 2 - 300])
        assert counts(find(root))["unreadable archive"] == 1

    def test_a_tar_whose_member_was_replaced(self, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(writer="tar"), tmp_path / "out")
        victim = root / "shard-00001.tar"
        with tarfile.open(victim) as archive:
            member = next(m for m in archive if ".mask." in m.name)
        data = bytearray(victim.read_bytes())
        data[member.offset_data : member.offset_data + member.size] = bytes(member.size)
        victim.write_bytes(bytes(data))
        assert examples(find(root)) == {"mask cannot be read": [f"{victim.name}/{member.name}"]}


class TestForeign:
    """Other people's datasets are held against themselves."""

    @pytest.mark.parametrize("team", FIVE)
    def test_names_that_belong_together_are_found_together(self, team: str, tmp_path: Path) -> None:
        found = find(by_hand(tmp_path, team))
        assert [f for f in counts(found) if "missing" in f] == []
        assert found.files == 3 * 6 + 6

    @pytest.mark.parametrize("team", FIVE)
    @pytest.mark.parametrize("kind", ["fg_bg", "mask", "depth"])
    def test_one_that_is_missing(self, team: str, kind: str, tmp_path: Path) -> None:
        by_hand(tmp_path, team)
        victim = next(entry for entry in entries(tmp_path) if entry.kind == kind)
        (tmp_path / victim.name).unlink()
        assert counts(find(tmp_path))[f"{kind} is missing"] == 1

    def test_what_survey_warns_of_is_a_fault(self, tmp_path: Path) -> None:
        by_hand(tmp_path, "office")
        save(tmp_path / "fg_bg_mask" / "bg000_fg000_001.png", mask(0) // 2)
        (group,) = find(tmp_path).in_order()
        assert group.issue.message.startswith("mask is not binary: ")
        assert group.files == ["fg_bg_mask/bg000_fg000_001.png"]
        save(tmp_path / "fg_bg" / "bg000_fg000_001.jpeg", composite(0, 30))
        save(tmp_path / "fg_bg_depth" / "bg_001_fg_001_01_002_depth_map_002.jpeg", composite(0)[..., 0] * 0)
        groups = find(tmp_path).in_order()
        assert [group.issue.message.partition(":")[0] for group in groups] == [
            "1 of 6 depth pictures is black",
            "fg_bg has pictures of 2 shapes",
            "mask is not binary",
        ]
        assert groups[0].files == ["fg_bg_depth/bg_001_fg_001_01_002_depth_map_002.jpeg"]
        assert groups[1].files == ["fg_bg/bg000_fg000_001.jpeg"]

    def test_what_is_no_picture_is_said_by_name_and_no_sample(self, tmp_path: Path) -> None:
        by_hand(tmp_path, "office")
        (tmp_path / "Thumbs.db").write_bytes(b"1")
        (tmp_path / "notes.txt").write_bytes(b"1")
        (tmp_path / "fg_bg" / "._bg000_fg000_001.jpeg").write_bytes(b"1")
        found = find(tmp_path)
        assert found.clean
        said = {"Thumbs.db", "notes.txt", "fg_bg/._bg000_fg000_001.jpeg"}
        assert set(found.report()["passed_over"]["files"]) == said
        assert opened(tmp_path).samples == 6

    def test_one_kind_alone_cannot_be_verified(self, tmp_path: Path) -> None:
        without(by_hand(tmp_path, "office"), "fg_bg_mask", "fg_bg_depth")
        with pytest.raises(DatasetError, match="no two of the kinds"):
            find(tmp_path)

    def test_a_folder_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(DatasetError, match="does not exist"):
            find(tmp_path / "nowhere")
