"""Writers: archives that other programs read, the same bytes in all of them, nothing half-written left."""

from __future__ import annotations

import random
import shutil
import subprocess
import tarfile
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.base.large_file import LocalFile
from fgbg_studio.core.base.remedies import ChooseWriter
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.writers.tar import header
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import Writer
from tests.helpers.disks import small_disk

LAYOUTS = list(Layout.known())
FILES = [
    (kind, f"{kind}/folder_{number}/{kind}_{number}.png", bytes([number]) * size, f"fg_bg_{number}")
    for number, size in enumerate((0, 1, 511, 512, 513, 5000))
    for kind in ("fg_bg", "mask", "depth")
]


def write(name: str, root: Path, layout: str = "studio", shard: str = "00007") -> list[str]:
    """Write `FILES` as one shard; the archives' names."""
    root.mkdir(exist_ok=True)
    writer = Writer.from_dict(name).open(LocalStore(root), shard, Layout.from_dict(layout))
    for kind, path, data, sample in FILES:
        writer.add(kind, path, data, sample)
    return writer.finish()


def files(root: Path) -> dict[str, bytes]:
    """Relative path → bytes of every file below ``root``."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def members(root: Path) -> dict[str, bytes]:
    """Member → bytes over all archives, read by Python's own readers."""
    found: dict[str, bytes] = {}
    for path in root.iterdir():
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                found |= {info.filename: archive.read(info) for info in archive.infolist()}
        else:
            with tarfile.open(path) as archive:
                for member in archive:
                    reader = archive.extractfile(member)
                    assert reader is not None
                    found[member.name] = reader.read()
    return found


def test_folders_hold_the_bytes_that_were_given(tmp_path: Path) -> None:
    assert write("folders", tmp_path) == []
    assert files(tmp_path) == {path: data for _, path, data, _ in FILES}


@pytest.mark.parametrize("name", ["zip", "sets"])
def test_zips_hold_what_folders_hold(name: str, tmp_path: Path) -> None:
    assert sorted(write(name, tmp_path)) == sorted(files(tmp_path))
    assert members(tmp_path) == {path: data for _, path, data, _ in FILES}


def test_a_tar_holds_the_files_of_a_sample_by_its_name(tmp_path: Path) -> None:
    assert write("tar", tmp_path) == list(files(tmp_path))
    assert members(tmp_path) == {f"{sample}.{kind}.png": data for kind, _, data, sample in FILES}
    assert list(members(tmp_path))[:3] == ["fg_bg_0.fg_bg.png", "fg_bg_0.mask.png", "fg_bg_0.depth.png"]


def test_a_tar_of_what_is_no_sample_holds_paths(tmp_path: Path) -> None:
    writer = Writer.from_dict("tar").open(LocalStore(tmp_path), "", Layout.from_dict("studio"))
    writer.add("bg", "bg/bg_000.jpg", b"x")
    assert writer.finish() == ["sources.tar"]
    assert members(tmp_path) == {"bg/bg_000.jpg": b"x"}


def test_zip_is_one_archive_a_kind_stored_and_dated_always_the_same(tmp_path: Path) -> None:
    assert write("zip", tmp_path) == ["fg_bg-00007.zip", "mask-00007.zip", "depth-00007.zip"]
    with zipfile.ZipFile(tmp_path / "mask-00007.zip") as archive:
        assert all(info.filename.startswith("mask/") for info in archive.infolist())
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in archive.infolist()} == {0}  # no Unix mode: unpackers choose one


def test_tar_is_one_archive_a_shard_with_all_kinds(tmp_path: Path) -> None:
    assert write("tar", tmp_path) == ["shard-00007.tar"]
    with tarfile.open(tmp_path / "shard-00007.tar") as archive:
        found = archive.getmembers()
    assert [member.name for member in found] == [f"{sample}.{kind}.png" for kind, _, _, sample in FILES]
    assert {member.mtime for member in found} == {datetime(1980, 1, 2, tzinfo=UTC).timestamp()}
    assert {member.mode for member in found} == {0o644}


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+12", "Etc/GMT-14"])
def test_what_a_tar_held_goes_into_a_zip(zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ZIP knows no time before 1980, by the clock of the place."""
    write("tar", tmp_path / "made")
    monkeypatch.setenv("TZ", zone)
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        with tarfile.open(tmp_path / "made" / "shard-00007.tar") as archive:
            archive.extractall(tmp_path / "out", filter="data")
        with zipfile.ZipFile(shutil.make_archive(str(tmp_path / "again"), "zip", tmp_path / "out")) as again:
            assert {info.date_time[0] for info in again.infolist() if not info.is_dir()} == {1980}
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()


@pytest.mark.parametrize("name", ["zip", "tar"])
def test_archives_pass_the_unpackers_own_test(name: str, tmp_path: Path) -> None:
    tool = {"zip": ["unzip", "-tqq"], "tar": ["tar", "-tf"]}[name]
    for archive in write(name, tmp_path):
        try:
            subprocess.run([*tool, archive], cwd=tmp_path, check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip(f"{tool[0]} is not installed")


@pytest.mark.parametrize("name", ["zip", "tar", "folders"])
def test_writing_again_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    write(name, tmp_path / "one")
    write(name, tmp_path / "two")
    write(name, tmp_path / "two")  # over what is there, as a resumed shard does
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_kinds_share_an_archive(layout: str) -> None:
    known = Layout.from_dict(layout)
    kinds = ("bg", "fg", "fg_mask", "fg_bg", "mask", "depth")
    assert len({known.archive(kind) for kind in kinds}) == 6


def test_classroom_archives_are_called_as_their_folders_and_hold_files_at_their_root(tmp_path: Path) -> None:
    assert write("zip", tmp_path, "classroom", "00000")[0] == "fg_bg_images-00000.zip"
    assert all("/" not in name for name in members(tmp_path))


@pytest.mark.parametrize("name", ["zip", "tar"])
def test_an_archive_has_no_name_before_it_is_whole(name: str, tmp_path: Path) -> None:
    writer = Writer.from_dict(name).open(LocalStore(tmp_path), "00000", Layout.from_dict("studio"))
    for kind, path, data, sample in FILES:
        writer.add(kind, path, data, sample)
    assert files(tmp_path)
    assert all(path.startswith(".") and path.endswith(".part") for path in files(tmp_path))
    writer.discard()
    assert files(tmp_path) == {}


@pytest.mark.parametrize("name", ["zip", "tar"])
def test_leftovers_of_a_killed_writer_are_written_over(name: str, tmp_path: Path) -> None:
    write(name, tmp_path / "clean")
    killed = tmp_path / "killed"
    killed.mkdir()
    for path in files(tmp_path / "clean"):
        partial_of(killed / path).write_bytes(b"half of a picture" * 1000)
    write(name, killed)
    assert files(killed) == files(tmp_path / "clean")


def test_null_writes_nothing(tmp_path: Path) -> None:
    assert write("null", tmp_path) == []
    assert files(tmp_path) == {}


@pytest.mark.parametrize("name", list(Writer.known()))
def test_discard_may_follow_a_finished_or_a_discarded_shard(name: str, tmp_path: Path) -> None:
    writer = Writer.from_dict(name).open(LocalStore(tmp_path), "00000", Layout.from_dict("studio"))
    writer.add("mask", "mask/m.png", b"x")
    writer.discard()
    writer.discard()
    assert not [path for path in files(tmp_path) if path.endswith(".part")]


@pytest.mark.parametrize("name", ["zip", "tar"])
def test_discard_clears_up_where_the_disk_is_full(name: str, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1000) as disk:
        writer = Writer.from_dict(name).open(LocalStore(disk), "00000", Layout.from_dict("studio"))

        def fill() -> None:
            for number in range(5):
                writer.add("mask", f"mask/{number}.png", bytes(900_000))

        with pytest.raises(OSError, match="No space left"):
            fill()
        writer.discard()
        assert files(disk) == {}


def test_tar_refuses_a_name_that_its_format_cannot_hold() -> None:
    with pytest.raises(DatasetError, match="too long") as caught:
        header("x" * 101, 1)
    assert caught.value.remedies == (ChooseWriter("zip"),)


@given(name=st.text("abcäöü_0/", min_size=1, max_size=40), size=st.integers(0, 8**11 - 1))
def test_tar_headers_are_read_back_by_tarfile(name: str, size: int) -> None:
    known = tarfile.TarInfo.frombuf(header(name, size), "utf-8", "strict")
    assert known.name.rstrip("/") == name.rstrip("/")
    assert known.size == size
    assert known.isfile() or name.endswith("/")


@pytest.mark.parametrize("sizes", [(3 << 20, 5, 1 << 20), ((1 << 20) - 1, 1, 1, 4096), (1 << 20, 1 << 20)])
@pytest.mark.parametrize("shared_memory", [False, True])
def test_what_is_larger_than_the_buffer_arrives_whole(
    sizes: tuple[int, ...], shared_memory: bool, tmp_path: Path
) -> None:
    """On a disk that is written past the page cache, and in memory, where some systems have no such thing."""
    if shared_memory and not Path("/dev/shm").is_dir():
        pytest.skip("no file system in memory here")
    with tempfile.TemporaryDirectory(dir="/dev/shm" if shared_memory else tmp_path) as folder:
        archive = LocalFile(Path(folder) / "a")
        parts = [random.Random(size).randbytes(size) for size in sizes]
        for part in parts:
            archive.write(part)
        archive.publish()
        assert (Path(folder) / "a").read_bytes() == b"".join(parts)
        assert [path.name for path in Path(folder).iterdir()] == ["a"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", [name for name, member in Writer.known().items() if member.keeps])
def test_every_file_lies_where_its_writer_says(name: str, layout: str, tmp_path: Path) -> None:
    write(name, tmp_path, layout)
    for kind, path, data, sample in FILES:
        file, member = Writer.from_dict(name).locate(kind, path, "00007", Layout.from_dict(layout), sample)
        if member:
            archive = Archive(tmp_path / file)
            number = archive.find(member)
            assert number is not None
            assert archive.read(number) == data
        else:
            assert (tmp_path / file).read_bytes() == data
