"""Folders of photos as people have them: of phones, cameras and network drives, with names of all sorts."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import partial_of, write_file
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.imaging.formats import FORMATS, SUFFIXES
from fgbg_studio.core.project import photos, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.core.project.photo_files import add_photos
from fgbg_studio.core.project.unpacking import unpack_pictures
from tests.conftest import draw_background, draw_cutout, write_picture


def photo(path: Path, seed: int = 1, format_: str = "JPEG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_background(seed, 160, 140)).save(path, format_)
    return path


def added(project: Path, folder: Path) -> tuple[list[str], list[str], str]:
    """Names in the project, reasons of those that are refused, and what is said of those that are passed over."""
    passed = PassedOver()
    verdicts = list(add_backgrounds(project, [folder], passed=passed))
    kept = [Path(verdict.picture.file).name for verdict in verdicts if verdict.picture]
    assert kept == [path.name for path in sorted((project / "backgrounds").iterdir(), key=lambda p: kept.index(p.name))]
    return kept, [verdict.reason for verdict in verdicts if not verdict.picture], passed.said()


def test_every_ending_of_a_jpeg_and_what_else_is_read(project: Path, tmp_path: Path) -> None:
    formats = {".jfif": "JPEG", ".jpe": "JPEG", ".JPG": "JPEG", ".avif": "AVIF", ".webp": "WEBP", ".tif": "TIFF"}
    there = {suffix: format_ for suffix, format_ in formats.items() if format_ in FORMATS}
    for seed, (suffix, format_) in enumerate(there.items()):
        photo(tmp_path / "in" / f"p{seed}{suffix}", seed, format_)
    photo(tmp_path / "in" / "no_ending", 9)
    kept, refused, passed = added(project, tmp_path / "in")
    assert kept == [f"p{seed}{suffix}" for seed, suffix in enumerate(there)]
    assert refused == []
    assert passed == "1 file passed over: no picture by name (without an ending)"


def test_thumbnails_and_deleted_pictures_stay_out(project: Path, tmp_path: Path) -> None:
    photo(tmp_path / "in" / "p.jpg")
    for seed, name in enumerate(
        ("@eaDir/p.jpg/SYNOPHOTO_THUMB_XL.jpg", ".thumbnails/p.jpg", ".trash/d.jpg", "._p.jpg")
    ):
        photo(tmp_path / "in" / name, seed + 5)
    assert added(project, tmp_path / "in") == (
        ["p.jpg"],
        [],
        "4 files passed over: 3 hidden, 1 left behind by a system (@eaDir)",
    )


def test_a_second_disk_behind_a_link(project: Path, tmp_path: Path) -> None:
    photo(tmp_path / "in" / "rooms" / "a.jpg", 1)
    photo(tmp_path / "disk" / "b.jpg", 2)
    (tmp_path / "in" / "streets").symlink_to(tmp_path / "disk")
    (tmp_path / "in" / "streets" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "gone.jpg").symlink_to(tmp_path / "gone.jpg")
    kept, refused, passed = added(project, tmp_path / "in")
    assert (kept, refused) == (["a.jpg", "b.jpg"], [])
    assert passed == "2 files passed over: links that lead nowhere or in a circle"


@pytest.mark.parametrize("letter", ["b", "会", "ö", "😀"])
@pytest.mark.parametrize("suffix", sorted({".jpg", ".jfif", ".png", ".webp", ".tiff"} & SUFFIXES))
def test_a_name_as_long_as_can_be(letter: str, suffix: str, project: Path, tmp_path: Path) -> None:
    room = 255 - len(suffix)
    long = letter * (room // len(letter.encode())) + suffix
    long = "a" * (255 - len(long.encode())) + long
    names = ["a_before.jpg", long, "z_after.jpg"]
    for seed, name in enumerate(names):
        photo(
            tmp_path / "in" / name,
            seed,
            {".png": "PNG", ".webp": "WEBP", ".tiff": "TIFF"}.get(Path(name).suffix, "JPEG"),
        )
    assert sorted(added(project, tmp_path / "in")[0]) == sorted(names)
    photo(tmp_path / "more" / long, 7, {".png": "PNG", ".webp": "WEBP", ".tiff": "TIFF"}.get(suffix, "JPEG"))
    (second,) = (verdict.picture for verdict in add_backgrounds(project, [tmp_path / "more"]))
    assert second is not None
    assert len(Path(second.file).name.encode()) <= 255
    assert second.file.endswith(f"-2{suffix}")


def test_a_long_name_becomes_a_cutout_and_a_photo(project: Path, tmp_path: Path) -> None:
    long = write_picture(tmp_path / "in" / f"{'会' * 83}.png", draw_cutout(1))
    (verdict,) = add_foregrounds(project, [long])
    assert verdict.picture
    (arrival,) = add_photos(project, [photo(tmp_path / f"{'b' * 251}.jpg")])
    taken = arrival.photo
    assert taken
    opened = photos.open_photo(taken)
    kept = photos.keep_cutout(project, {}, taken, opened.pixels, draw_cutout(1, 160, 140)[..., 3], opened.work.finish)
    assert kept.picture


def test_a_name_that_the_project_s_disk_refuses_is_one_refused_picture(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Encrypted folders take names of 143 bytes only."""
    for seed, name in enumerate(("a.jpg", "b" * 200 + ".jpg", "c.jpg")):
        photo(tmp_path / "in" / name, seed)
    true_replace = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if len(target.name) > 143:
            raise OSError(36, os.strerror(36))
        return true_replace(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    kept, (reason,), _ = added(project, tmp_path / "in")
    assert kept == ["a.jpg", "c.jpg"]
    assert "cannot be stored (File name too long)" in reason
    assert [background.file for background in storage.load(project).backgrounds] == [
        "backgrounds/a.jpg",
        "backgrounds/c.jpg",
    ]


def test_temporary_names_are_short_and_of_one_file_each(tmp_path: Path) -> None:
    names = ["a" * 255, "b" * 255, "会" * 85, "c"]
    assert len({partial_of(tmp_path / name) for name in names}) == 4
    for name in names:
        assert len(partial_of(tmp_path / name).name) == 22
        write_file(tmp_path / name, b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


@pytest.mark.parametrize("name", ["line\nbreak.jpg", "\x1b[2J.jpg", "tab\t.jpg"])
def test_names_with_control_characters_are_tidied(name: str, project: Path, tmp_path: Path) -> None:
    photo(tmp_path / "in" / name)
    ((kept,), refused, _) = added(project, tmp_path / "in")
    assert kept.isprintable()
    assert refused == []


def test_accents_are_stored_in_their_letters(project: Path, tmp_path: Path) -> None:
    photo(tmp_path / "in" / f"{unicodedata.normalize('NFD', 'Jürgen Größe')}.jpg")
    assert added(project, tmp_path / "in")[0] == ["Jürgen Größe.jpg"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_pipes_and_sparse_files(project: Path, tmp_path: Path) -> None:
    photo(tmp_path / "in" / "a.jpg")
    os.mkfifo(tmp_path / "in" / "b.jpg")
    with (tmp_path / "in" / "c.jpg").open("wb") as file:
        file.truncate(100 << 30)
    kept, (reason,), passed = added(project, tmp_path / "in")
    assert kept == ["a.jpg"]
    assert "c.jpg has 107 GB, more than the 1.1 GB that a picture may have" in reason
    assert passed == "1 file passed over: no regular file"


def test_no_picture_at_all_says_what_there_is(project: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.heic", "b.HEIC", "c.mov"):
        (tmp_path / "in" / name).touch()
    with pytest.raises(
        PictureError, match=r"there is no picture in .* \(3 files passed over: 2 of kinds that are not read"
    ):
        list(add_backgrounds(project, [tmp_path / "in"]))


class TestZips:
    @pytest.fixture
    def archive(self, tmp_path: Path) -> Path:
        photo(tmp_path / "p.jpg")
        (tmp_path / "out").mkdir()
        return tmp_path / "drag.zip"

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_every_picture_and_nothing_else(self, method: int, archive: Path, tmp_path: Path) -> None:
        pictures = ["a.jpg", "会" * 100 + ".jpg", "./b.jfif", "deep\\c.jpe", "z.png"]
        others = ["__MACOSX/._a.jpg", "@eaDir/a.jpg", ".thumbnails/a.jpg", "notes.txt", "._a.jpg"]
        with zipfile.ZipFile(archive, "w", method) as made:
            for name in (*pictures, *others):
                made.writestr(name, (tmp_path / "p.jpg").read_bytes())
        passed = PassedOver()
        list(unpack_pictures(archive, tmp_path / "out", passed))
        found = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert found == sorted(["a.jpg", "会" * 83 + ".jpg", "b.jfif", "c.jpe", "z.png"])
        assert passed.total == 5

    @pytest.mark.parametrize(("method", "words"), [(9, "packed by Deflate64"), (98, "packed by PPMd")])
    def test_what_cannot_be_read_is_said(self, method: int, words: str, archive: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("a.jpg", b"x")
        data = bytearray(archive.read_bytes())
        data[8] = data[data.index(b"PK\1\2") + 10] = method
        archive.write_bytes(data)
        with pytest.raises(PictureError, match=rf"drag\.zip is {words}, which is not read here"):
            list(unpack_pictures(archive, tmp_path / "out"))
