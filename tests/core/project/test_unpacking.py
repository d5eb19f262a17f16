"""ZIP files that people drag in, also those that mean harm."""

from __future__ import annotations

import copy
import struct
import zipfile
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.project import unpacking
from fgbg_studio.core.project.unpacking import is_archive, unpack_pictures
from tests.conftest import longer


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def unpack(archive: Path, folder: Path) -> list[str]:
    folder.mkdir(exist_ok=True)
    list(unpack_pictures(archive, folder))
    return sorted(path.name for path in folder.iterdir())


def test_pictures_come_out_flat_and_nothing_else(tmp_path: Path) -> None:
    members = {
        "a.jpg": b"1", "deep/er/a.jpg": b"2", "B.PNG": b"3", "notes.txt": b"4", "__MACOSX/a.jpg": b"5",
        ".hidden.png": b"6", "deep/A.JPG": b"7",
    }  # fmt: skip
    archive = make_zip(tmp_path / "a.zip", members)
    assert is_archive(archive)
    names = unpack(archive, tmp_path / "out")
    assert len(names) == 4
    assert len({name.lower() for name in names}) == 4
    assert {(tmp_path / "out" / name).read_bytes() for name in names} == {b"1", b"2", b"3", b"7"}


@pytest.mark.parametrize("name", ["../up.png", "/abs.png", "..\\..\\up.png", "C:\\x\\up.png", "a/../../up.png"])
def test_no_member_leaves_the_folder(tmp_path: Path, name: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {name: b"x"})
    assert len(unpack(archive, tmp_path / "out")) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]


def test_progress_counts_the_pictures(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.png": b"x", "b.png": b"y"})
    (tmp_path / "out").mkdir()
    assert [(p.done, p.total) for p in unpack_pictures(archive, tmp_path / "out")] == [(1, 2), (2, 2)]


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(PictureError, match=r"broken\.zip"):
        unpack(broken, tmp_path / "out")


def test_a_damaged_member_is_an_error(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.png": bytes(range(256)) * 40})
    data = bytearray(archive.read_bytes())
    data[60:80] = b"\xff" * 20
    archive.write_bytes(data)
    with pytest.raises(PictureError, match=r"a\.zip"):
        unpack(archive, tmp_path / "out")


def test_an_archive_without_pictures_says_so(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no picture"):
        unpack(make_zip(tmp_path / "a.zip", {"a.txt": b"x"}), tmp_path / "out")


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.png": bytes(5000), "b.png": bytes(5000)})
    monkeypatch.setattr(unpacking, "MAX_BYTES", 9000)
    with pytest.raises(PictureError, match="more than can be added"):
        unpack(archive, tmp_path / "out")
    monkeypatch.setattr(unpacking, "MAX_BYTES", 20_000)
    monkeypatch.setattr(unpacking, "MAX_BYTES_A_PICTURE", 4000)
    with pytest.raises(PictureError, match="more than"):
        unpack(archive, tmp_path / "out")


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.png": b"x"})
    data = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    archive.write_bytes(data)
    with pytest.raises(PictureError, match="password"):
        unpack(archive, tmp_path / "out")


def test_one_damaged_member_leaves_the_others_alone(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.png": b"first" * 90, "b.png": b"second" * 90, "c.png": b"third" * 90})
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as file:
        data[file.getinfo("b.png").header_offset + 38] ^= 1
    archive.write_bytes(data)
    passed = PassedOver()
    (tmp_path / "out").mkdir()
    list(unpack_pictures(archive, tmp_path / "out", passed))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.png", "c.png"]
    assert passed.said() == "1 file passed over: damaged inside an archive"


@pytest.mark.parametrize(
    "lie",
    [{"file_size": 1}, {"file_size": 1 << 40}, {"compress_size": 1 << 40}, {"CRC": 7}, {"orig_filename": "other.png"},
     {"header_offset": 1 << 40}],
    ids=str,
)  # fmt: skip
def test_a_directory_that_lies_of_a_file_brings_no_more_than_there_is(tmp_path: Path, lie: dict[str, object]) -> None:
    """Sizes and places of over 4 GB stand in the records of ZIP64."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("good.png", "liar.png"):
            file.writestr(name, bytes(1000))
        for key, value in lie.items():
            setattr(file.filelist[1], key, value)
        if "orig_filename" in lie:
            file.filelist[1].filename = "other.png"
    (tmp_path / "out").mkdir()
    try:
        list(unpack_pictures(archive, tmp_path / "out", PassedOver()))
    except PictureError:
        assert not list((tmp_path / "out").glob("liar*"))
    else:
        assert (tmp_path / "out" / "good.png").read_bytes() == bytes(1000)
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) <= 2000


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A thousand names of one picture's bytes: what is unpacked is a thousand times as large as what came."""
    archive = make_zip(tmp_path / "a.zip", {"a.png": bytes(1_000_000)})
    with zipfile.ZipFile(archive, "a") as file:
        (first,) = file.infolist()
        for number in range(1000):
            other = copy.copy(first)
            other.filename = f"{number:05}"
            file.filelist.append(other)
        file._didModify = True
    with pytest.raises(PictureError, match="damaged or no ZIP file"):
        unpack(archive, tmp_path / "out")


def test_a_million_members_are_looked_at_and_refused(tmp_path: Path) -> None:
    """Whose directory is as small as can be; more than can be added, by the list alone."""
    count = longer(60_000, 1_000_000)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 9, 0)
    with (tmp_path / "a.zip").open("wb") as file:
        for number in range(count):
            file.write(local + b"%05d.png" % (number % 100_000))
        start = file.tell()
        for number in range(count):
            at = number * (len(local) + 9)
            file.write(struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, at))
            file.write(b"%05d.png" % (number % 100_000))
        size = file.tell() - start
        file.write(struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start))
        file.write(struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0))
    with pytest.raises(PictureError, match="more than can be added"):
        unpack(tmp_path / "a.zip", tmp_path / "out")
