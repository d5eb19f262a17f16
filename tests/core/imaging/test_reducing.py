"""Pictures that are too large are made smaller by their area, upright, in sRGB, in the kind of file that they were."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.imaging.reducing import read_reduced, reduced_file, reduced_size
from tests.conftest import draw_background, draw_cutout, write_picture

MOST = 40_000


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 10**8))
def test_the_size_fits_and_keeps_the_shape(width: int, height: int, most: int) -> None:
    wide, high = reduced_size(width, height, most)
    assert wide * high <= most
    assert (wide, high) == (width, height) if width * height <= most else 1 <= wide <= width and 1 <= high <= height
    if min(wide, high) > 100:
        assert wide / high == pytest.approx(width / height, rel=0.02)
        if width * height > most:
            assert wide * high > 0.96 * most


def photo(path: Path, **more: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_background(3, 400, 300)).save(path, quality=95, **more)
    return path


def test_a_jpeg_stays_one_under_its_name_and_looks_the_same(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpeg")
    name, data = reduced_file(path, MOST)
    assert name == "a.jpeg"
    (tmp_path / "small.jpg").write_bytes(data)
    small = read_rgba(tmp_path / "small.jpg")
    assert small.shape == (173, 230, 4)
    exact = np.asarray(Image.open(path).resize((230, 173), Image.Resampling.LANCZOS))
    assert np.abs(small[..., :3].astype(int) - exact).mean() < 1.5
    assert np.array_equal(read_reduced(path, MOST).shape, small.shape)


def test_it_is_turned_as_its_tag_says_and_turned_once(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    name, data = reduced_file(photo(tmp_path / "a.jpg", exif=exif), MOST)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (173, 230)
        assert image.getexif().get(0x0112, 1) == 1
    assert name == "a.jpg"


def test_its_colours_are_those_of_its_profile(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    lab = ImageCms.profileToProfile(
        Image.fromarray(draw_background(3, 400, 300)), ImageCms.createProfile("sRGB"), profile, outputMode="LAB"
    )
    lab.save(tmp_path / "a.tif", icc_profile=profile.tobytes())
    name, data = reduced_file(tmp_path / "a.tif", MOST)
    assert name == "a.png"
    (tmp_path / "small.png").write_bytes(data)
    whole, small = read_rgba(tmp_path / "a.tif"), read_rgba(tmp_path / "small.png")
    assert np.abs(whole.mean((0, 1)) - small.mean((0, 1))).max() < 2


def test_transparency_stays_and_no_hidden_colour_shows(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", draw_cutout(1, 300, 400))
    name, data = reduced_file(path, MOST)
    (tmp_path / "small.png").write_bytes(data)
    small = read_rgba(tmp_path / "small.png")
    assert name == "a.png"
    assert small[..., 3].min() == 0
    soft = (small[..., 3] > 8) & (small[..., 3] < 200)
    loud = (small[soft][:, 0] > 240) & (small[soft][:, 2] > 240) & (small[soft][:, 1] < 15)
    assert soft.any()
    assert not loud.any()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "F"])
def test_every_mode_is_read_as_at_its_full_size(mode: str, tmp_path: Path) -> None:
    image = Image.fromarray(draw_background(3, 400, 300)).convert("L" if mode in {"I;16", "F"} else mode)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    elif mode == "F":
        image = Image.fromarray(np.asarray(image).astype(np.float32))
    path = tmp_path / ("a.tif" if mode in {"CMYK", "F"} else "a.png")
    image.save(path)
    small, whole = read_reduced(path, MOST), read_rgba(path)
    assert small.shape == (173, 230, 4)
    assert np.abs(small.mean((0, 1)) - whole.mean((0, 1))).max() < 2


def test_what_fits_is_read_as_it_is(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    assert np.array_equal(read_reduced(path, 10**6), read_rgba(path))
