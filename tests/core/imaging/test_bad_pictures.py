"""Every way a picture file is broken: one sentence that names it, never another exception."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.imaging.formats import FORMATS
from fgbg_studio.core.imaging.masks import read_mask
from fgbg_studio.core.imaging.reading import read_rgb, read_rgba
from tests.conftest import as_nobody, draw_background, write_picture
from tests.helpers.bad_pictures import bomb

ORIENTATION = 0x0112


def whole_files() -> dict[str, bytes]:
    files = {}
    image = Image.fromarray(draw_background(5, 40, 30))
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010E] = 6, "a scene"
    for kind in ("jpeg", "png", "webp", "bmp", "tiff", "gif", *(["avif"] if "AVIF" in FORMATS else [])):
        buffer = io.BytesIO()
        image.save(buffer, kind, **({"exif": exif} if kind in {"jpeg", "png", "webp"} else {}))
        files[kind] = buffer.getvalue()
    return files


FILES = whole_files()


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judged") / "judged.bin"


class TestBadFiles:
    def test_zero_bytes(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.jpg"
        path.touch()
        with pytest.raises(PictureError, match=r"empty\.jpg.*0 bytes"):
            read_rgb(path)

    def test_no_picture(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.jpg"
        path.write_text("dear sir")
        with pytest.raises(PictureError, match=r"letter\.jpg is not a picture"):
            read_rgb(path)

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(PictureError, match=r"gone\.jpg does not exist"):
            read_rgb(tmp_path / "gone.jpg")

    def test_folder_named_like_a_picture(self, tmp_path: Path) -> None:
        folder = tmp_path / "holiday.jpg"
        folder.mkdir()
        with pytest.raises(PictureError, match=r"holiday\.jpg is a folder"):
            read_rgb(folder)

    @pytest.mark.parametrize("kind", sorted(FILES))
    @pytest.mark.parametrize("part", [0.2, 0.5, 0.7, 0.9])
    def test_one_that_is_cut_short_is_said_in_our_own_words(self, tmp_path: Path, kind: str, part: float) -> None:
        path = tmp_path / f"half.{kind}"
        path.write_bytes(FILES[kind][: round(len(FILES[kind]) * part)])
        said = ""
        try:
            read_rgb(path)  # a GIF, or a JPEG of which little is missing, may be read all the same
        except PictureError as error:
            said = error.problem
        ours = ("its end is missing", "no picture that can be decoded", "is not a picture that can be read")
        assert not said or said.endswith(ours)

    def test_too_many_pixels(self, tmp_path: Path) -> None:
        path = tmp_path / "huge.png"
        path.write_bytes(bomb(12_000, 12_000))
        for read in (read_rgb, read_mask):
            with pytest.raises(PictureError, match=r"huge\.png has 12000 × 12000 pixels"):
                read(path)

    def test_decompression_bomb_is_called_too_large(self, tmp_path: Path) -> None:
        """Pillow refuses these by itself; the way out must not be to copy the file again."""
        path = tmp_path / "bomb.png"
        path.write_bytes(bomb(20_000, 20_000))
        with pytest.raises(PictureError, match=r"bomb\.png") as caught:
            read_rgb(path)
        assert "pixels" in caught.value.problem
        assert "smaller" in caught.value.way_out

    def test_no_permission_for_the_file(self, tmp_path: Path) -> None:
        path = write_picture(tmp_path / "mine.png", draw_background(1, 20, 20))
        path.chmod(0)
        tmp_path.chmod(0o755)
        with as_nobody(), pytest.raises(PictureError, match=r"mine\.png"):
            read_rgb(path)

    def test_no_permission_for_the_folder(self, tmp_path: Path) -> None:
        path = write_picture(tmp_path / "shut" / "mine.png", draw_background(1, 20, 20))
        path.parent.chmod(0)
        try:
            with as_nobody(), pytest.raises(PictureError, match=r"mine\.png cannot be read"):
                read_rgb(path)
        finally:
            path.parent.chmod(0o755)

    @pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff"])
    def test_cut_short(self, tmp_path: Path, kind: str) -> None:
        path = tmp_path / f"half.{kind}"
        path.write_bytes(FILES[kind][: len(FILES[kind]) // 2])
        with pytest.raises(PictureError, match=rf"half\.{kind}"):
            read_rgb(path)

    @given(st.sampled_from(sorted(FILES)), st.floats(0, 1))
    def test_any_beginning_of_a_file_is_read_or_refused(self, judged: Path, kind: str, share: float) -> None:
        judge(judged, FILES[kind][: int(len(FILES[kind]) * share)])

    @given(st.sampled_from(sorted(FILES)), st.integers(0, 2**32), st.integers(1, 30))
    def test_any_damage_is_read_or_refused(self, judged: Path, kind: str, seed: int, hits: int) -> None:
        rng, data = random.Random(seed), bytearray(FILES[kind])
        for _ in range(hits):
            data[rng.randrange(len(data))] = rng.randrange(256)
        judge(judged, bytes(data))

    @given(
        st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"II*\0", b"GIF89a"])
    )
    def test_any_bytes_are_read_or_refused(self, judged: Path, tail: bytes, head: bytes) -> None:
        judge(judged, head + tail)


def judge(path: Path, data: bytes) -> None:
    """Reading ``data`` gives pixels or a `PictureError` that names the file; anything else fails the test."""
    path.write_bytes(data)
    for read in (read_rgba, read_mask):
        try:
            pixels = read(path)
        except PictureError as error:
            if path.name not in error.problem:
                pytest.fail(f"the file is not named in: {error}")
        else:
            assert pixels.dtype == np.uint8


@pytest.mark.parametrize("lie", [b"IEND", b"IDAT", b"tEXt"])
def test_what_a_part_of_a_png_says_of_its_length_is_not_believed(lie: bytes) -> None:
    """Found by fuzzing: for a part that says it has 3 GB, OpenCV 5 makes room for 3 GB, in a file of 8 × 8 pixels."""
    resource = pytest.importorskip("resource")
    whole = encode(draw_background(1, 8, 8), Codec())
    data = whole[:33] + b"\xc0\0\0\0" + lie + whole[41:]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PictureError, match="is not a complete picture"):
        decode(data, "a.png")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000
