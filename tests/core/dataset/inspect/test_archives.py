"""Archives: names, bytes and damage, of ZIPs and tars of other hands."""

from __future__ import annotations

import contextlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.dataset.inspect.archives import Archive

FILES = {"fg_bg/a.jpg": b"first" * 50, "mask/ä b.png": b"second", "dataset.json": b"{}"}


@pytest.fixture(params=["stored.zip", "deflated.zip", "plain.tar"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    if path.suffix == ".tar":
        for name, data in FILES.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        with tarfile.open(path, "w") as tar:
            for name in FILES:
                tar.add(tmp_path / name, name)
        return path
    method = zipfile.ZIP_STORED if path.stem == "stored" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", method) as made:
        made.mkdir("fg_bg")
        for name, data in FILES.items():
            made.writestr(name, data)
    return path


def test_names_sizes_and_bytes(archive: Path) -> None:
    opened = Archive(archive)
    assert opened.names == list(FILES)
    for number, (name, data) in enumerate(FILES.items()):
        assert opened.find(name) == number
        assert opened.size(number) == len(data)
        assert opened.read(number) == data
    assert opened.find("nothing") is None


def test_a_cut_archive_is_named(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(DatasetError, match=archive.name):
        Archive(archive)


def test_a_changed_byte_in_a_zip_is_found(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.jpg", b"content of a picture")
    opened = Archive(path)
    path.write_bytes(path.read_bytes().replace(b"content of", b"kontent of", 1))
    with pytest.raises(PictureError, match=r"a\.jpg is damaged inside .*one\.zip"):
        opened.read(0)


def tar_of(path: Path, *members: tuple[tarfile.TarInfo, bytes], kind: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(path, "w", format=kind) as archive:
        for about, data in members:
            archive.addfile(about, io.BytesIO(data))
    return path


def about(name: str, size: int = 0, **more: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size = size
    for key, value in more.items():
        setattr(made, key, value)
    return made


class TestHostileTars:
    """What a tar says of itself is believed as far as its own end; each of them ends, with a sentence or read."""

    def test_links_pipes_and_devices_are_no_files(self, tmp_path: Path) -> None:
        kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE)
        odd = [(about(f"odd{i}.jpg", type=kind, linkname="/etc/passwd"), b"") for i, kind in enumerate(kinds)]
        opened = Archive(tar_of(tmp_path / "a.tar", (about("fg_bg/a.jpg", 3), b"one"), *odd))
        assert opened.names == ["fg_bg/a.jpg"]
        assert sorted(opened.odd) == [f"odd{i}.jpg" for i in range(len(kinds))]

    def test_sparse_members_are_no_files(self, tmp_path: Path) -> None:
        headers = {"GNU.sparse.major": "0", "GNU.sparse.size": str(1 << 60), "GNU.sparse.map": f"0,3,{1 << 59},1"}
        opened = Archive(tar_of(tmp_path / "a.tar", (about("a.jpg", 3, pax_headers=headers), b"one")))
        assert opened.names == []
        assert opened.odd == ["a.jpg"]

    @pytest.mark.parametrize("size", ["-1024", "-1", str(1 << 62), "99999999999999999999999", "9" * 5000, "x", "1e9"])
    def test_a_size_that_is_a_lie(self, tmp_path: Path, size: str) -> None:
        """What pax says of it; see below for what the header itself says."""
        lie = about("a.jpg", 3)
        path = tar_of(tmp_path / "a.tar", (lie, b"one"), (about("b.jpg", 3), b"two"))
        lie.pax_headers = {"size": size, "comment": "x" * 900}
        tar_of(path, (lie, b"one"), (about("b.jpg", 3), b"two"))
        try:
            opened = Archive(path)
        except DatasetError:
            return
        for number in range(len(opened.names)):
            with contextlib.suppress(PictureError):
                assert len(opened.read(number)) in {0, 3}  # what is no number is none

    @pytest.mark.parametrize("size", [-1024, -512, -1])
    def test_a_size_below_nothing(self, tmp_path: Path, size: int) -> None:
        """In a header's base 256 it has Python's module go round in a circle for ever (CVE-2025-8194)."""
        head = about("a.jpg", size).tobuf(tarfile.GNU_FORMAT)
        (tmp_path / "a.tar").write_bytes(head + bytes(10 * 512))
        with pytest.raises(DatasetError, match="is damaged"):
            Archive(tmp_path / "a.tar")

    @pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
    @pytest.mark.parametrize("size", [50 << 30, 2 << 20, -512, -1])
    def test_a_header_that_says_it_is_huge(self, tmp_path: Path, kind: bytes, size: int) -> None:
        """In a file of holes, whose 50 GB of zeros would be read into memory."""
        head = about("head", size, type=kind).tobuf(tarfile.GNU_FORMAT)
        with (tmp_path / "a.tar").open("wb") as file:
            file.write(head)
            file.truncate(60 << 30)
        with pytest.raises(DatasetError, match="is damaged"):
            Archive(tmp_path / "a.tar")

    def test_headers_within_headers_end(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tar"
        path.write_bytes(about("head", 0, type=tarfile.XHDTYPE).tobuf(tarfile.GNU_FORMAT) * 20_000)
        with pytest.raises(DatasetError, match="is damaged"):
            Archive(path)
