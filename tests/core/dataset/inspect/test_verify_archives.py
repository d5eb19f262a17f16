"""Faults of archives that unpackers stumble over, or that leave every picture readable and yet wrong."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.record import open_dataset
from tests.helpers.datasets import copy, counts, examples, find, make, small

WRITERS = ["zip", "tar"]
EXTRA = "archive with bytes before or behind its pictures, which belong to nothing"
OTHER = "archive with pictures that belong into another one"


@pytest.fixture(params=WRITERS)
def packed(request: pytest.FixtureRequest, datasets: Callable[..., Path], tmp_path: Path) -> Path:
    """A copy of a dataset in archives."""
    return copy(datasets("studio-256", request.param), tmp_path / "packed")


def shards(root: Path) -> list[Path]:
    return sorted([*root.glob("mask-*.zip"), *root.glob("shard-*.tar")])


def test_bytes_behind_an_archive(packed: Path) -> None:
    victim = shards(packed)[1]
    victim.write_bytes(victim.read_bytes() + b"more")
    assert examples(find(packed)) == {EXTRA: [victim.name]}


def test_bytes_before_an_archive(datasets: Callable[..., Path], tmp_path: Path) -> None:
    """As programs that unpack themselves have; Python reads it, and other readers do not."""
    root = copy(datasets("studio-256", "zip"), tmp_path / "packed")
    victim = shards(root)[1]
    victim.write_bytes(b"#!/bin/sh\n" + victim.read_bytes())
    assert examples(find(root)) == {EXTRA: [victim.name]}


def test_zeros_behind_a_tar_are_its_padding(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = copy(datasets("studio-256", "tar"), tmp_path / "packed")
    for path in shards(root):
        path.write_bytes(path.read_bytes() + bytes(8192))
    assert counts(find(root)) == {"file is not as it was written": len(shards(root))}


def test_two_archives_exchanged(packed: Path) -> None:
    one, two = shards(packed)[:2]
    first = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(first)
    assert examples(find(packed)) == {OTHER: [one.name, two.name]}


def test_two_sets_exchanged(make_project: Callable[..., Path], tmp_path: Path) -> None:
    """Each holds the pictures of several shards."""
    changes = small("studio-256", "writer=sets", "writer.size=6")
    make(make_project(tmp_path, changes=changes), tmp_path / "out")
    assert find(tmp_path / "out").clean
    one, two = sorted((tmp_path / "out").glob("set-*.zip"))[:2]
    first = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(first)
    assert examples(find(tmp_path / "out")) == {OTHER: [one.name, two.name]}


def test_packed_anew_by_a_person_under_other_names(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = copy(datasets("studio-256", "zip"), tmp_path / "packed")
    with zipfile.ZipFile(root / "all masks.zip", "w") as anew:
        for path in shards(root):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    anew.writestr(name, archive.read(name))
            path.unlink()
    assert find(root).clean


@pytest.mark.parametrize(("at", "byte"), [(0, b"Q"), (8, b"\x08"), (30, b"?"), (34, b"|")])
def test_a_damaged_header_of_one_member(at: int, byte: bytes, datasets: Callable[..., Path], tmp_path: Path) -> None:
    """The directory at the archive's end is whole; Python and unzip look at both and refuse."""
    root = copy(datasets("studio-256", "zip"), tmp_path / "packed")
    victim = shards(root)[0]
    with zipfile.ZipFile(victim) as archive:
        member = archive.infolist()[1]
    data = bytearray(victim.read_bytes())
    data[member.header_offset + at : member.header_offset + at + 1] = byte
    victim.write_bytes(data)
    archive = Archive(victim)
    with pytest.raises(PictureError, match="is damaged inside"):
        archive.read(1)
    assert counts(find(root)) == {"mask cannot be read": 1}


def test_every_fault_is_named_by_its_file(packed: Path) -> None:
    """All of them, each as archive and member where it lies in one."""
    dataset = open_dataset(packed)
    victim = shards(packed)[0]
    if victim.suffix == ".tar":
        with tarfile.open(victim) as archive:
            names = [member.name for member in archive if ".mask." in member.name]
    else:
        with zipfile.ZipFile(victim) as zipped:
            names = zipped.namelist()
    data = victim.read_bytes()
    for name in names:
        at = data.index(b"IDAT", data.index(name.encode()))
        data = data[: at + 4] + bytes(12) + data[at + 16 :]
    victim.write_bytes(data)
    report = find(packed)
    faults = {fault["fault"]: fault for fault in report.report()["faults"]}
    assert dataset.samples > len(names) == 5
    (fault,) = faults.values()
    assert fault["count"] == 5
    assert fault["files"] == [f"{victim.name}/{name}" for name in names]
