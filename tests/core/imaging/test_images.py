"""Picture files in and out: every mode a person's camera or editor writes, and every way a file is broken."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageCms

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import natural_key, write_file
from fgbg_studio.core.imaging.codecs import Codec, bytes_behind, decode, encode
from fgbg_studio.core.imaging.finding import find_pictures
from fgbg_studio.core.imaging.masks import read_mask
from fgbg_studio.core.imaging.reading import read_rgb, read_rgba
from tests.conftest import draw_background, draw_cutout, full_disk, write_picture

ORIENTATION = 0x0112
SIDES = st.integers(1, 40)


def saved(path: Path, image: Image.Image, **how: Any) -> Path:
    image.save(path, **how)
    return path


def red_and_green_swapped() -> bytes:
    """sRGB's colour profile with the tags of two primaries exchanged (ICC.1:2022, 7.3: 12 bytes a tag from 132 on)."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entries = {bytes(data[i : i + 4]): i for i in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12)}
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


class TestReading:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_orientation_tag_turns_pixels_and_size(self, tmp_path: Path, orientation: int) -> None:
        upright = Image.fromarray(draw_background(3, 48, 30))
        # What the camera stored: the inverse of what the tag asks a reader to do.
        turns = {
            1: (),
            2: (Image.Transpose.FLIP_LEFT_RIGHT,),
            3: (Image.Transpose.ROTATE_180,),
            4: (Image.Transpose.FLIP_TOP_BOTTOM,),
            5: (Image.Transpose.TRANSPOSE,),
            6: (Image.Transpose.ROTATE_90,),
            7: (Image.Transpose.TRANSVERSE,),
            8: (Image.Transpose.ROTATE_270,),
        }
        stored = upright
        for turn in turns[orientation]:
            stored = stored.transpose(turn)
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        path = saved(tmp_path / "turned.png", stored, exif=exif)
        assert np.array_equal(read_rgb(path), np.asarray(upright))

    def test_an_odd_tag_beside_the_orientation_does_no_harm(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[ORIENTATION], exif[0x010E] = 6, "a scene"
        block = bytearray(exif.tobytes())
        block[17] = 6  # the first tag, of text, becomes one that Pillow knows as a number
        stored = Image.fromarray(draw_background(1, 30, 20))
        path = saved(tmp_path / "odd.png", stored, exif=bytes(block))
        assert np.array_equal(read_rgb(path), np.asarray(stored.transpose(Image.Transpose.ROTATE_270)))

    def test_cmyk_is_converted_not_taken_for_rgba(self, tmp_path: Path) -> None:
        red = Image.new("CMYK", (20, 10), (0, 255, 255, 0))
        pixels = read_rgba(saved(tmp_path / "print.jpg", red, quality=95))
        assert pixels.shape == (10, 20, 4)
        assert (pixels[..., 0] > 220).all()
        assert (pixels[..., 1:3] < 60).all()
        assert (pixels[..., 3] == 255).all()

    def test_16_bit_grey_is_scaled_not_clipped(self, tmp_path: Path) -> None:
        values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
        path = tmp_path / "deep.png"
        assert cv2.imwrite(str(path), values)
        pixels = read_rgb(path)
        assert (pixels[..., 0] == pixels[..., 2]).all()
        assert np.abs(pixels[..., 0] - values / 257).max() <= 0.5

    def test_16_bit_colour_is_scaled_not_clipped(self, tmp_path: Path) -> None:
        values = np.linspace(0, 65535, 64 * 3).astype(np.uint16).reshape(8, 8, 3)
        path = tmp_path / "deep.png"
        assert cv2.imwrite(str(path), values[..., ::-1])
        assert np.abs(read_rgb(path) - values / 257).max() <= 1

    @pytest.mark.parametrize("mode", ["I;16", "I", "F"])
    def test_deep_grey_tiff(self, tmp_path: Path, mode: str) -> None:
        values = np.array([[0, 12850, 65535]])
        kind = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        data = (values / 65535).astype(kind) if mode == "F" else values.astype(kind)
        pixels = read_rgb(saved(tmp_path / "deep.tif", Image.fromarray(data)))
        assert pixels[0, :, 0].tolist() == [0, 50, 255]

    @pytest.mark.parametrize(("mode", "white"), [("L", 255), ("1", 1), ("LA", (255, 255))])
    def test_grey_becomes_three_equal_channels(self, tmp_path: Path, mode: str, white: Any) -> None:
        image = Image.new(mode, (6, 4), white)
        image.paste(0 if mode != "LA" else (0, 255), (0, 0, 3, 4))
        pixels = read_rgba(saved(tmp_path / "grey.png", image))
        assert (pixels[:, :3, :3] == 0).all()
        assert (pixels[:, 3:, :3] == 255).all()
        assert (pixels[..., 3] == 255).all()

    def test_palette_with_transparency(self, tmp_path: Path) -> None:
        image = Image.new("P", (4, 2), 1)
        image.putpalette([10, 20, 30, 200, 100, 50] + [0] * 762)
        image.paste(0, (0, 0, 2, 2))
        pixels = read_rgba(saved(tmp_path / "palette.png", image, transparency=0))
        assert pixels[0].tolist()[:2] == [[10, 20, 30, 0]] * 2
        assert pixels[0].tolist()[2:] == [[200, 100, 50, 255]] * 2
        assert (read_rgb(tmp_path / "palette.png")[0, 3] == (200, 100, 50)).all()

    def test_half_transparent_palette_keeps_its_alpha(self, tmp_path: Path) -> None:
        image = Image.new("P", (2, 1), 1)
        image.putpalette([10, 20, 30, 200, 100, 50] + [0] * 762)
        image.putpixel((0, 0), 0)
        pixels = read_rgba(saved(tmp_path / "palette.png", image, transparency=bytes([77, 255])))
        assert pixels[0].tolist() == [[10, 20, 30, 77], [200, 100, 50, 255]]

    @pytest.mark.parametrize("profiled", [False, True])
    def test_one_transparent_colour(self, tmp_path: Path, profiled: bool) -> None:
        image = Image.new("RGB", (4, 2), (200, 100, 50))
        image.paste((0, 255, 0), (0, 0, 2, 2))
        how: dict[str, Any] = {"transparency": (0, 255, 0)}
        if profiled:
            how["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        pixels = read_rgba(saved(tmp_path / "keyed.png", image, **how))
        assert pixels[0, :, 3].tolist() == [0, 0, 255, 255]
        assert np.abs(pixels[0, 3, :3].astype(int) - (200, 100, 50)).max() <= 2

    def test_straight_alpha_survives_to_the_bit(self, tmp_path: Path) -> None:
        cutout = draw_cutout(1)
        assert np.array_equal(read_rgba(write_picture(tmp_path / "cut.png", cutout)), cutout)

    def test_a_profile_is_applied(self, tmp_path: Path) -> None:
        plain = Image.new("RGB", (4, 4), (255, 0, 0))
        profiled = read_rgb(saved(tmp_path / "odd.png", plain, icc_profile=red_and_green_swapped()))
        assert np.abs(profiled.astype(int) - (0, 255, 0)).max() <= 2

    def test_a_broken_profile_does_not_lose_the_picture(self, tmp_path: Path) -> None:
        plain = Image.fromarray(draw_background(1, 20, 20))
        path = saved(tmp_path / "odd.png", plain, icc_profile=b"no profile at all")
        assert np.array_equal(read_rgb(path), np.asarray(plain))

    def test_an_alpha_survives_a_profile(self, tmp_path: Path) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        cutout = draw_cutout(2)
        pixels = read_rgba(saved(tmp_path / "cut.png", Image.fromarray(cutout), icc_profile=profile))
        assert np.array_equal(pixels[..., 3], cutout[..., 3])

    def test_animations_give_their_first_frame(self, tmp_path: Path) -> None:
        frames = [Image.new("RGB", (8, 8), colour) for colour in ((255, 0, 0), (0, 0, 255))]
        path = saved(tmp_path / "moving.gif", frames[0], save_all=True, append_images=frames[1:])
        assert (read_rgb(path) == (255, 0, 0)).all()

    def test_arrays_are_writable_and_contiguous(self, tmp_path: Path) -> None:
        path = write_picture(tmp_path / "cut.png", draw_cutout(1))
        for pixels in (read_rgb(path), read_rgba(path), read_mask(path)):
            assert pixels.flags.c_contiguous
            assert pixels.dtype == np.uint8


class TestEnough:
    """A larger JPEG may come smaller, which is quicker."""

    def test_at_a_half_a_quarter_or_an_eighth_and_never_smaller(self, tmp_path: Path) -> None:
        path = tmp_path / "wide.jpg"
        path.write_bytes(encode(draw_background(0, 1200, 400), Codec("jpeg", 95)))
        whole = read_rgba(path)
        for enough, width in ((1201, 1200), (1200, 1200), (601, 1200), (600, 600), (300, 300), (10, 150)):
            found = read_rgba(path, enough)
            assert found.shape == (width // 3, width, 4)
            small = cv2.resize(whole, (width, width // 3), interpolation=cv2.INTER_AREA)
            assert np.abs(found.astype(float) - small).mean() < 3

    def test_upright(self, tmp_path: Path) -> None:
        image = Image.fromarray(draw_background(0, 640, 320))
        exif = image.getexif()
        exif[0x0112] = 6
        image.save(tmp_path / "turned.jpg", exif=exif)
        assert read_rgba(tmp_path / "turned.jpg", 320).shape == (320, 160, 4)

    @pytest.mark.parametrize("name", ["a.png", "a.webp", "a.bmp"])
    def test_other_formats_come_whole(self, tmp_path: Path, name: str) -> None:
        Image.fromarray(draw_background(0, 640, 320)).save(tmp_path / name)
        assert read_rgba(tmp_path / name, 64).shape == (320, 640, 4)

    def test_a_line_of_pixels(self, tmp_path: Path) -> None:
        Image.fromarray(draw_background(0, 4000, 2)).save(tmp_path / "line.jpg")
        assert read_rgba(tmp_path / "line.jpg", 64).shape[2] == 4


class TestMasks:
    def test_grey_is_taken_as_it_is(self, tmp_path: Path) -> None:
        mask = np.array([[0, 128, 255]], np.uint8)
        assert np.array_equal(read_mask(write_picture(tmp_path / "m.png", mask)), mask)

    def test_transparency_is_taken_before_colour(self, tmp_path: Path) -> None:
        cutout = draw_cutout(1)
        assert np.array_equal(read_mask(write_picture(tmp_path / "m.png", cutout)), cutout[..., 3])

    def test_black_and_white_with_an_idle_alpha_channel_is_a_mask(self, tmp_path: Path) -> None:
        """Editors save masks as opaque RGBA: its alpha says nothing, its grey does."""
        mask = np.full((4, 6, 4), 255, np.uint8)
        mask[:, :3, :3] = 0
        found = read_mask(write_picture(tmp_path / "m.png", mask))
        assert np.array_equal(found, mask[..., 0])

    def test_palette_and_one_bit(self, tmp_path: Path) -> None:
        image = Image.new("1", (4, 2), 0)
        image.paste(1, (2, 0, 4, 2))
        for number, kind in enumerate(("1", "P", "L", "RGB")):
            found = read_mask(saved(tmp_path / f"{number}.png", image.convert(kind)))
            assert found[0].tolist() == [0, 0, 255, 255], kind


pictures = st.tuples(SIDES, SIDES, st.sampled_from([(), (3,), (4,)])).flatmap(
    lambda s: arrays(np.uint8, (s[0], s[1], *s[2]), elements=st.integers(0, 255))
)


class TestOwnFiles:
    @given(pictures)
    def test_png_gives_back_what_was_stored(self, pixels: Any) -> None:
        back = decode(encode(pixels, Codec()), "x.png")
        assert back.dtype == np.uint8
        assert np.array_equal(back, pixels)

    @given(arrays(np.uint16, st.tuples(SIDES, SIDES), elements=st.integers(0, 65535)))
    def test_png_gives_back_16_bits(self, depth: Any) -> None:
        back = decode(encode(depth, Codec()), "x.png")
        assert back.dtype == np.uint16
        assert np.array_equal(back, depth)

    @pytest.mark.parametrize("colour", [True, False])
    def test_jpeg_keeps_channels_and_their_order(self, colour: bool) -> None:
        pixels = np.zeros((32, 32, 3), np.uint8)
        pixels[:] = (250, 120, 10)
        stored = pixels if colour else pixels[..., 0].copy()
        back = decode(encode(stored, Codec("jpeg", 95)), "x.jpg")
        assert back.shape == stored.shape
        assert np.abs(back.astype(int) - stored).max() <= 3

    @pytest.mark.parametrize("quality", [30, 65, 75, 95])
    def test_quality_is_the_one_asked_for(self, quality: int) -> None:
        data = encode(draw_background(1), Codec("jpeg", quality))
        _, expected = cv2.imencode(".jpg", np.zeros((16, 16, 3), np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
        tables = [Image.open(io.BytesIO(d)).quantization for d in (data, expected.tobytes())]  # type: ignore[attr-defined]
        assert tables[0] == tables[1]

    def test_optimised_files_are_smaller_and_the_same_picture(self) -> None:
        pixels = draw_background(2)
        plain, small = (encode(pixels, Codec("jpeg", 65, optimise=o)) for o in (False, True))
        assert len(small) < len(plain)
        assert np.array_equal(decode(plain, "a"), decode(small, "b"))

    @pytest.mark.parametrize("codec", [Codec(), Codec("jpeg", 80)])
    @given(share=st.floats(0, 0.999))
    def test_a_file_cut_short_is_refused(self, codec: Codec, share: float) -> None:
        """OpenCV fills what is missing with grey, in silence."""
        data = encode(draw_background(2, 40, 40), codec)
        with pytest.raises(PictureError, match=r"cut\.bin is not a complete picture"):
            decode(data[: int(len(data) * share)], "cut.bin")

    @pytest.mark.parametrize("codec", [Codec(), Codec("jpeg", 80), Codec("jpeg", 80, optimise=True)])
    @given(behind=st.binary(max_size=40))
    def test_bytes_behind_the_end_are_counted_and_passed_over(self, codec: Codec, behind: bytes) -> None:
        """Cameras pad their JPEGs, editors add a line break."""
        data = encode(draw_background(2, 40, 40), codec)
        assert bytes_behind(data) == 0
        assert bytes_behind(data[:-1]) is None
        if not behind.endswith(b"\xff\xd9") and b"IEND" not in behind:
            assert bytes_behind(data + behind) == len(behind)
        assert np.array_equal(decode(data + behind, "a"), decode(data, "b"))

    def test_a_small_picture_inside_a_jpeg_is_not_its_end(self) -> None:
        inner = encode(draw_background(2, 16, 16), Codec("jpeg", 80))
        data = encode(draw_background(2, 40, 40), Codec("jpeg", 80))
        data = data[:2] + b"\xff\xe1" + (len(inner) + 2).to_bytes(2, "big") + inner + data[2:]
        assert bytes_behind(data + b"\0\0\0") == 3
        assert bytes_behind(data[:-30] + b"\0\0\0") is None

    @pytest.mark.parametrize("format_", ["TGA", "QOI"])
    @pytest.mark.parametrize("shape", [(20, 30, 3), (20, 30, 4)])
    def test_what_opencv_cannot_read_pillow_may(self, format_: str, shape: tuple[int, ...]) -> None:
        pixels, file = np.random.default_rng(1).integers(0, 256, shape, np.uint8), io.BytesIO()
        Image.fromarray(pixels).save(file, format_)
        assert np.array_equal(decode(file.getvalue(), "a"), pixels)


class TestWriting:
    def test_replaces_and_leaves_nothing_beside(self, tmp_path: Path) -> None:
        path = tmp_path / "a" / "b.bin"
        write_file(path, b"one")
        write_file(path, b"two")
        assert path.read_bytes() == b"two"
        assert [p.name for p in path.parent.iterdir()] == ["b.bin"]

    def test_a_full_disk_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "b.bin"
        write_file(path, b"old")
        full_disk(path)
        with pytest.raises(OSError, match="No space left"):
            write_file(path, b"new" * 10_000)
        assert path.read_bytes() == b"old"


class TestFinding:
    def test_folders_are_walked_in_natural_order(self, tmp_path: Path) -> None:
        for name in ("bg_10.jpg", "bg_2.JPG", "bg_1.png", "notes.txt", ".hidden.png", "more/a.webp"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        found = [str(p.relative_to(tmp_path)) for p in find_pictures([tmp_path])]
        assert found == ["bg_1.png", "bg_2.JPG", "bg_10.jpg", "more/a.webp"]

    def test_a_file_by_name_is_judged_whatever_its_suffix(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        path.touch()
        assert find_pictures([path]) == [path]

    def test_a_folder_named_like_a_picture_is_a_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "holiday.jpg"
        folder.mkdir()
        assert find_pictures([tmp_path]) == []
        (folder / "beach.jpg").touch()
        assert find_pictures([folder]) == find_pictures([tmp_path]) == [folder / "beach.jpg"]

    @given(st.text(max_size=6), st.text(max_size=6))
    def test_any_two_names_can_be_ordered(self, one: str, two: str) -> None:
        first, second = natural_key(one), natural_key(two)
        assert (first < second) + (first == second) + (first > second) == 1

    @given(st.integers(0, 10**6), st.integers(0, 10**6))
    def test_numbers_compare_as_numbers(self, one: int, two: int) -> None:
        assert (natural_key(f"bg_{one}.jpg") < natural_key(f"bg_{two}.jpg")) == (one < two)


def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_decoded() -> None:
    """A PNG of 400 megapixels in 0.4 MB: the decoder alone would take 400 MB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(1)
    pixels = b"".join([packer.compress(bytes(20_001_000)) for _ in range(20)] + [packer.flush()])
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    with pytest.raises(PictureError, match="is not a complete picture"):
        decode(data, "bomb.png")
