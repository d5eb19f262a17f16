"""The one walk for pictures: what it takes, what it passes over and says of it, and what it never opens."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.finding import MAX_BYTES, PassedOver, check_file, find_pictures, walk, why_not
from fgbg_studio.core.imaging.formats import FORMATS, SUFFIXES
from fgbg_studio.core.imaging.masks import read_mask
from fgbg_studio.core.imaging.reading import picture_hash, read_rgb
from tests.conftest import draw_background


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def found(folder: Path) -> tuple[list[str], dict[str, int]]:
    """The pictures' paths, and reason → how many were passed over."""
    passed = PassedOver()
    names = [name for name, _ in walk(folder, passed)]
    return names, {one["reason"]: one["count"] for one in passed.report()["reasons"]}


class TestNames:
    @pytest.mark.parametrize(
        ("left", "reason"),
        [
            ("._a.jpg", "hidden"), (".a.jpg", "hidden"), (".DS_Store", "hidden"), (".thumbnails/a.jpg", "hidden"),
            (".trash/deep/a.jpg", "hidden"), (".ipynb_checkpoints/a-checkpoint.png", "hidden"),
            ("deep/.git/a.png", "hidden"), (".Trash-1000/files/a.jpg", "hidden"), (".AppleDouble/a.jpg", "hidden"),
            ("Thumbs.db", "system"), ("THUMBS.DB", "system"), ("desktop.ini", "system"), ("ehthumbs.db", "system"),
            ("@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", "system"), ("__MACOSX/a.jpg", "system"),
            ("$RECYCLE.BIN/a.jpg", "system"), ("#recycle/a.jpg", "system"), (".@__thumb/a.jpg", "hidden"),
            ("notes.txt", "name"), ("clip.mp4", "name"), ("no_ending", "name"), ("a.jpg.part", "name"),
            ("a.heic", "kind"), ("a.CR2", "kind"), ("depth.npy", "kind"),
            ("more.zip", "archive"), ("a.tar.gz", "archive"),
        ],
    )  # fmt: skip
    def test_what_is_no_picture_of_a_person_is_passed_over(self, left: str, reason: str, tmp_path: Path) -> None:
        made(tmp_path, "a.jpg", left)
        assert found(tmp_path) == (["a.jpg"], {reason: 1})
        assert why_not(left) is not None
        assert why_not(f"some/folder/{left}") is not None

    def test_the_given_folder_itself_may_be_hidden(self, tmp_path: Path) -> None:
        assert find_pictures([made(tmp_path / ".photos", "a.jpg")]) == [tmp_path / ".photos" / "a.jpg"]

    def test_every_ending_that_is_read_is_taken(self, tmp_path: Path) -> None:
        made(tmp_path, *(f"a{suffix}" for suffix in SUFFIXES), *(f"b{suffix.upper()}" for suffix in SUFFIXES))
        assert len(found(tmp_path)[0]) == 2 * len(SUFFIXES)
        assert {".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"} <= SUFFIXES
        assert (".avif" in SUFFIXES) == ("AVIF" in FORMATS)
        assert not {".eps", ".ps", ".h5", ".pdf", ".mpg", ".ico"} & SUFFIXES

    @pytest.mark.parametrize(
        ("suffix", "format_"),
        [(".jfif", "JPEG"), (".jpe", "JPEG"), (".avif", "AVIF"), (".webp", "WEBP"), (".jp2", "JPEG2000"),
         (".tif", "TIFF"), (".dib", "DIB"), (".tga", "TGA"), (".ppm", "PPM"), (".qoi", "QOI")],
    )  # fmt: skip
    def test_what_is_taken_is_read(self, suffix: str, format_: str, tmp_path: Path) -> None:
        if format_ not in FORMATS:
            pytest.skip(f"this Pillow has no {format_}")
        path = tmp_path / f"a{suffix}"
        Image.fromarray(draw_background(1, 40, 30)).save(path, format_)
        assert find_pictures([tmp_path]) == [path]
        assert read_rgb(path).shape == (30, 40, 3)

    def test_no_other_program_is_run_for_a_picture(self, tmp_path: Path) -> None:
        """PostScript called a JPEG would start Ghostscript."""
        path = tmp_path / "a.jpg"
        path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n")
        with pytest.raises(PictureError, match="not a picture that can be read"):
            read_rgb(path)

    @given(st.text(max_size=12), st.text(max_size=12))
    def test_any_name_has_an_answer(self, folder: str, name: str) -> None:
        assert why_not(f"{folder}/.{name}") is not None or not name.strip("./")

    def test_ways_that_are_no_names(self) -> None:
        assert why_not("./a/../b/a.jpg") is None

    @pytest.mark.parametrize("name", ["a\nb.jpg", "a\tb.png", "a b.png", "a'\"b.png", "\x1b[2Jx.jpg", "名.jpg"])
    def test_odd_names_are_pictures_all_the_same(self, name: str, tmp_path: Path) -> None:
        assert found(made(tmp_path, name)) == ([name], {})


class TestLinks:
    def test_a_linked_folder_is_followed(self, tmp_path: Path) -> None:
        disk = made(tmp_path / "disk", "b.jpg", "deep/c.jpg")
        made(tmp_path / "photos", "a.jpg")
        (tmp_path / "photos" / "more").symlink_to(disk)
        assert found(tmp_path / "photos") == (["a.jpg", "more/b.jpg", "more/deep/c.jpg"], {})

    def test_a_linked_file_is_a_file(self, tmp_path: Path) -> None:
        made(tmp_path / "disk", "b.jpg")
        (tmp_path / "photos").mkdir()
        (tmp_path / "photos" / "a.jpg").symlink_to(tmp_path / "disk" / "b.jpg")
        assert found(tmp_path / "photos") == (["a.jpg"], {})

    def test_links_in_a_circle_end(self, tmp_path: Path) -> None:
        made(tmp_path, "one/a.jpg", "two/b.jpg")
        (tmp_path / "one" / "up").symlink_to(tmp_path)
        (tmp_path / "one" / "self").symlink_to(tmp_path / "one")
        (tmp_path / "one" / "across").symlink_to(tmp_path / "two")
        (tmp_path / "two" / "back").symlink_to(tmp_path / "one")
        names, passed = found(tmp_path)
        assert names == ["one/a.jpg", "one/across/b.jpg", "two/b.jpg", "two/back/a.jpg"]
        assert passed == {"link": 6}

    def test_a_link_to_a_folder_around_the_given_one_is_a_circle(self, tmp_path: Path) -> None:
        """Else all that is beside the photos would be taken for photos."""
        made(tmp_path, "photos/deep/a.jpg", "others/b.jpg", "disk/more/c.jpg", "disk/d.jpg")
        (tmp_path / "photos" / "deep" / "up").symlink_to(tmp_path)
        (tmp_path / "photos" / "more").symlink_to(tmp_path / "disk" / "more")
        (tmp_path / "disk" / "more" / "up").symlink_to(tmp_path / "disk")
        assert found(tmp_path / "photos") == (["deep/a.jpg", "more/c.jpg"], {"link": 2})

    def test_links_that_branch_out_end_too(self, tmp_path: Path) -> None:
        """Thirty folders, each linked twice in the one before, are a billion ways to the last."""
        for number in range(30):
            made(tmp_path / str(number), f"{number}.jpg")
            for name in "ab" if number else "":
                (tmp_path / str(number - 1) / name).symlink_to(tmp_path / str(number))
        assert len(found(tmp_path)[0]) < 30 * 9

    @pytest.mark.parametrize("target", ["gone.jpg", "a.jpg"])
    def test_a_link_to_nothing(self, target: str, tmp_path: Path) -> None:
        (tmp_path / "a.jpg").symlink_to(tmp_path / target)
        assert found(tmp_path) == ([], {"link": 1})


class TestWhatIsNeverOpened:
    @pytest.fixture
    def special(self, tmp_path: Path) -> Path:
        """A folder with a pipe, a socket and a link to a device, called as pictures."""
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no pipes with names")
        os.mkfifo(tmp_path / "pipe.jpg")
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(tmp_path / "s.jpg"))
        (tmp_path / "device.png").symlink_to("/dev/zero")
        return tmp_path

    def test_by_the_walk(self, special: Path) -> None:
        assert found(special) == ([], {"special": 3})

    @pytest.mark.parametrize("name", ["pipe.jpg", "s.jpg", "device.png"])
    @pytest.mark.parametrize("read", [read_rgb, read_mask, picture_hash])
    def test_when_given_by_name(self, special: Path, name: str, read: object) -> None:
        assert callable(read)
        with pytest.raises(PictureError, match="no regular file"):
            read(special / name)

    def test_a_file_of_gigabytes(self, tmp_path: Path) -> None:
        path = tmp_path / "sparse.png"
        path.write_bytes(encode(draw_background(1), Codec()))
        os.truncate(path, MAX_BYTES + 1)
        with pytest.raises(PictureError, match=r"sparse\.png has .* GB, more than the .* GB"):
            read_rgb(path)
        os.truncate(path, MAX_BYTES)
        check_file(path)


class TestWords:
    def test_nothing_passed_over_says_nothing(self) -> None:
        assert PassedOver().said() == ""
        assert PassedOver().report() == {"count": 0, "reasons": [], "files": []}

    def test_reasons_by_number_with_their_endings(self, tmp_path: Path) -> None:
        passed = PassedOver()
        made(tmp_path, "a.jpg", "b.txt", "c.txt", "d.MP4", ".e.jpg", ".f/g.jpg", "h.heic", "no_ending")
        assert find_pictures([tmp_path], passed) == [tmp_path / "a.jpg"]
        assert passed.said() == (
            "7 files passed over: 4 no picture by name (.txt, .mp4, without an ending), 2 hidden, "
            "1 of a kind that is not read here (.heic)"
        )
        assert passed.report()["reasons"][0] == {
            "reason": "name",
            "words": "no picture by name",
            "count": 4,
            "endings": {".txt": 2, ".mp4": 1, "": 1},
        }

    def test_one_file(self) -> None:
        passed = PassedOver()
        for name in ("Thumbs.db",):
            passed.add(why_not(name) or pytest.fail("it is passed over"), name)
        assert passed.said() == "1 file passed over: left behind by a system (Thumbs.db)"


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="gone cannot be read"):
        list(walk(tmp_path / "gone"))
