"""Archives: names, bytes and damage, of ZIPs and tars of other hands."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

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
