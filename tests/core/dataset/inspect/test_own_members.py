"""Pictures are found in the program's own archives near where they must lie, and in any others as before."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.kept_file import KeptFile
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect import own_members
from fgbg_studio.core.dataset.inspect.own_members import OwnMembers
from fgbg_studio.core.dataset.stored_zip import StoredZip
from fgbg_studio.core.dataset.writers.tar import Tar
from fgbg_studio.core.interfaces.layout import Layout

COUNT = 300


def _pictures() -> Iterator[tuple[str, bytes]]:
    drawn = np.random.default_rng(0)
    for number in range(COUNT):
        yield f"bg_{number % 7}/sample_{number}", drawn.bytes(int(drawn.integers(1, 3000)))


def _zip(folder: Path) -> Path:
    store = LocalStore(folder)
    archive = StoredZip("a.zip", store.create("a.zip"))
    for name, data in _pictures():
        archive.add(f"{name}.png", data)
    archive.finish()
    return folder / "a.zip"


def _tar(folder: Path) -> Path:
    shard = Tar().open(LocalStore(folder), "00000", Layout.from_dict("studio"))
    for name, data in _pictures():
        shard.add("mask", "a.png", data, name)
    return folder / shard.finish()[0]


MADE = pytest.mark.parametrize(("make", "ending"), [(_zip, "png"), (_tar, "mask.png")])


@MADE
def test_finds_each_without_reading_the_whole(
    make: Callable[[Path], Path], ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path)
    monkeypatch.setattr(own_members, "Archive", None)
    archive = OwnMembers(path)
    for number, (name, data) in reversed(list(enumerate(_pictures()))):
        assert archive.read((f"{name}.{ending}",), number / COUNT) == data
    for number, (name, data) in enumerate(_pictures()):
        assert archive.read((f"{name}.{ending}",), 1 - number / COUNT) == data  # wherever it is thought to lie


@MADE
def test_without_a_place_it_is_looked_up(make: Callable[[Path], Path], ending: str, tmp_path: Path) -> None:
    archive = OwnMembers(make(tmp_path))
    name, data = next(_pictures())
    assert archive.read(("other", f"{name}.{ending}")) == data
    assert archive.read((f"{name}.gif",), 0.0) is None


@MADE
def test_what_is_damaged_is_not_given(make: Callable[[Path], Path], ending: str, tmp_path: Path) -> None:
    path = make(tmp_path)
    name, picture = list(_pictures())[100]
    data = bytearray(path.read_bytes())
    at = data.index(picture) - (5 if path.suffix == ".zip" else 400)  # in its header
    data[at] ^= 4
    path.write_bytes(data)
    archive = OwnMembers(path)
    if path.suffix == ".zip":
        with pytest.raises(PictureError, match="is damaged inside"):
            archive.read((f"{name}.{ending}",), 1 / 3)
    else:  # behind a damaged header a tar is at its end
        assert archive.read((f"{name}.{ending}",), 1 / 3) is None


def test_archives_of_others_are_read_as_before(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", b"one" * 100)
        archive.comment = b"packed again"
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as packed:
        member = tarfile.TarInfo("ä.png")
        member.size = 3
        packed.addfile(member, io.BytesIO(b"two"))
    assert OwnMembers(tmp_path / "a.zip").read(("a.png",), 0.0) == b"one" * 100
    for _ in range(20):
        assert OwnMembers(tmp_path / "a.tar").read(("ä.png",), 0.0) == b"two"


def test_a_kept_file_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(range(100)))
    kept = KeptFile(path)
    monkeypatch.setattr("fgbg_studio.core.base.kept_file._STAYS_OPEN", False)
    for file in (kept, KeptFile(path)):
        assert (file.size, file.part(20, 3), file.part(98, 9)) == (100, bytes([20, 21, 22]), bytes([98, 99]))
