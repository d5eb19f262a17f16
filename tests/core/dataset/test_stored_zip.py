"""ZIPs of stored files at the sizes at which the first ZIPs end, read by Python's own reader."""

from __future__ import annotations

import subprocess
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset import stored_zip
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.stored_zip import StoredZip, ZipDirectory


def write(root: Path, name: str, files: dict[str, bytes]) -> ZipDirectory:
    store = LocalStore(root)
    archive = StoredZip(name, store.create(name))
    for member, data in files.items():
        archive.add(member, data)
    archive.finish()
    return ZipDirectory(store, name)


def passes_unzip(path: Path) -> None:
    try:
        subprocess.run(["unzip", "-tqq", path], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("unzip is not installed")


def test_its_directory_is_read_back(tmp_path: Path) -> None:
    files = {f"a/ü{number}.png": bytes([number]) * number for number in range(5)}
    found = write(tmp_path, "a.zip", files)
    assert [name.decode() for name in found.names] == list(files)
    assert list(found.sizes) == [0, 1, 2, 3, 4]
    assert [found.find(name) for name in found.names] == [0, 1, 2, 3, 4]
    assert found.find(b"nothing") is None


def test_more_members_than_the_first_zips_could_count(tmp_path: Path) -> None:
    files = {f"{number:06}.png": b"%d" % number for number in range(70_000)}
    found = write(tmp_path, "many.zip", files)
    assert len(found.names) == 70_000
    with zipfile.ZipFile(tmp_path / "many.zip") as archive:
        assert archive.namelist() == list(files)
        assert archive.read("069999.png") == b"69999"
    assert Archive(tmp_path / "many.zip").read(65_535) == b"65535"
    passes_unzip(tmp_path / "many.zip")


class Sparse:
    """A file of this computer that is not written where it only has zeros."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, data: bytes) -> None:
        if len(data) > 1 << 20:
            self._file.seek(len(data), 1)
        else:
            self._file.write(data)

    def publish(self) -> None:
        self._file.close()

    def discard(self) -> None:
        self._file.close()


def test_more_bytes_than_the_first_zips_could_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Only the last member is read back: adding up 4 GiB of zeros would take longer than all the rest.
    quick = SimpleNamespace(crc32=lambda data: 0 if len(data) > 1 << 20 else zlib.crc32(data))
    monkeypatch.setattr(stored_zip, "zlib", quick)
    archive, zeros = StoredZip("large.zip", Sparse(tmp_path / "large.zip")), bytes(256 << 20)
    for number in range(17):
        archive.add(f"zeros_{number}.png", zeros)
    archive.add("last.png", b"behind 4 GiB")
    archive.finish()
    assert (tmp_path / "large.zip").stat().st_size > 17 << 28
    with zipfile.ZipFile(tmp_path / "large.zip") as found:
        assert len(found.namelist()) == 18
        assert found.read("last.png") == b"behind 4 GiB"
    assert Archive(tmp_path / "large.zip").read(17) == b"behind 4 GiB"
    again = StoredZip("again.zip", LocalStore(tmp_path).create("again.zip"))
    assert list(again.copy(ZipDirectory(LocalStore(tmp_path), "large.zip"), 17, 18)) == [1]
    again.finish()
    with zipfile.ZipFile(tmp_path / "again.zip") as found:
        assert found.read("last.png") == b"behind 4 GiB"


def test_what_fits_needs_no_extension(tmp_path: Path) -> None:
    write(tmp_path, "small.zip", {f"{number:06}.png": b"" for number in range(65_534)})
    data = (tmp_path / "small.zip").read_bytes()
    assert b"PK\x06\x06" not in data
    with zipfile.ZipFile(tmp_path / "small.zip") as archive:
        assert {info.extract_version for info in archive.infolist()} == {20}


@pytest.mark.parametrize("piece", [1, 100, 1 << 20])
def test_members_are_copied_in_pieces(piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_zip, "_PIECE", piece)
    files = {f"{number}.png": bytes([number]) * 40 * number for number in range(9)}
    source, store = write(tmp_path, "a.zip", files), LocalStore(tmp_path)
    copy = StoredZip("b.zip", store.create("b.zip"))
    copied = [*copy.copy(source, 6, 9), *copy.copy(source, 1, 4)]
    copy.finish()
    assert sum(copied) == 6
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        wanted = ["6.png", "7.png", "8.png", "1.png", "2.png", "3.png"]
        assert {name: archive.read(name) for name in archive.namelist()} == {name: files[name] for name in wanted}
        assert archive.namelist() == wanted


@pytest.mark.parametrize("damage", ["cut short", "a bit", "no ZIP", "empty"])
def test_a_damaged_source_is_named(damage: str, tmp_path: Path) -> None:
    write(tmp_path, "a.zip", {"x.png": bytes(500), "y.png": bytes(500)})
    path, store = tmp_path / "a.zip", LocalStore(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[100] ^= damage == "a bit"
    made = {"cut short": whole[:-30], "a bit": whole, "no ZIP": b"x" * 900, "empty": b""}[damage]
    path.write_bytes(made)
    copy = StoredZip("b.zip", store.create("b.zip"))
    with pytest.raises(DatasetError, match=r"a\.zip is damaged") as caught:
        list(copy.copy(ZipDirectory(store, "a.zip"), 0, 2))
    copy.file.discard()
    assert "made again" in caught.value.way_out
