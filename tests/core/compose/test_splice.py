"""Splicing saves time and nothing else: any decoder sees a full encode's pixels, in hardly more bytes."""

from __future__ import annotations

import io
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.compose import splice
from fgbg_studio.core.compose.splice import SplicedJpeg
from tests.conftest import SHARED, longer

SCENES = SHARED / "data" / "scenes"
Box = tuple[int, int, int, int]
SIDES = st.one_of(st.integers(1, 100), st.sampled_from([128, 150, 192, 200]))


def full_encode(pixels: Pixels, quality: int) -> bytes:
    ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    return cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def by_opencv(data: bytes) -> Pixels:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return pixels.astype(np.uint8, copy=False)


def by_pillow(data: bytes) -> Pixels:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def restart_numbers(data: bytes) -> list[int]:
    """The numbers of all restart markers in the file's order, found the slow way."""
    scan = data.rindex(b"\xff\xda")
    return [b - 0xD0 for a, b in pairwise(data[scan + 2 :]) if a == 0xFF and 0xD0 <= b <= 0xD7]


def natural(rng: np.random.Generator, height: int, width: int, *, colour: bool) -> Pixels:
    """Noise with the falling spectrum of photos: ever finer octaves, ever weaker."""
    channels = 3 if colour else 1
    picture = np.full((height, width, channels), 128.0, np.float32)
    for octave in range(1, 8):
        noise = rng.normal(0, 60 / octave, (2**octave, 2**octave, channels)).astype(np.float32)
        picture += cv2.resize(noise, (width, height)).reshape(picture.shape)
    pixels = picture.clip(0, 255).astype(np.uint8)
    return pixels if colour else np.ascontiguousarray(pixels[..., 0])


@st.composite
def pasted(draw: st.DrawFn) -> tuple[Pixels, Pixels, Box]:
    """A background, a composite on it and the object's box: the corners, one pixel, all of it, anything."""
    height, width = draw(SIDES), draw(SIDES)
    box_width, box_height = draw(st.integers(1, width)), draw(st.integers(1, height))
    x, y = draw(st.integers(0, width - box_width)), draw(st.integers(0, height - box_height))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    colour, noisy = draw(st.booleans()), draw(st.booleans())
    background = natural(rng, height, width, colour=colour)
    composite = background.copy()
    inside = composite[y : y + box_height, x : x + box_width]
    inside[:] = rng.integers(0, 256, inside.shape) if noisy else rng.integers(0, 256, inside.shape[2:])
    return background, composite, (x, y, box_width, box_height)


@settings(max_examples=longer(100, 1000))
@given(pasted(), st.integers(1, 100), st.integers(0, 50))
def test_any_cell_decodes_to_the_pixels_of_a_full_encode(
    pictures: tuple[Pixels, Pixels, Box], quality: int, choice: int
) -> None:
    background, composite, box = pictures
    intervals = list(splice._intervals(background))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splice, "_intervals", lambda _: [intervals[choice % len(intervals)]])
        patch.setattr(splice, "COMPOSITE_GROWTH", 1e9)
        data = SplicedJpeg(background, quality).encode(composite, box)
    full = full_encode(composite, quality)
    np.testing.assert_array_equal(by_opencv(data), by_opencv(full))
    np.testing.assert_array_equal(by_pillow(data), by_pillow(full))
    numbers = restart_numbers(data)
    assert numbers == [i % 8 for i in range(len(numbers))]


@settings(max_examples=longer(40, 400))
@given(pasted(), st.integers(1, 100))
def test_the_chosen_cell_decodes_to_the_pixels_of_a_full_encode(
    pictures: tuple[Pixels, Pixels, Box], quality: int
) -> None:
    background, composite, box = pictures
    data = SplicedJpeg(background, quality).encode(composite, box)
    full = full_encode(composite, quality)
    np.testing.assert_array_equal(by_opencv(data), by_opencv(full))
    np.testing.assert_array_equal(by_pillow(data), by_pillow(full))


@settings(max_examples=longer(40, 400))
@given(pasted(), st.integers(1, 100))
def test_a_box_with_nothing_in_it_gives_the_background_byte_by_byte(
    pictures: tuple[Pixels, Pixels, Box], quality: int
) -> None:
    background, _, box = pictures
    spliced = SplicedJpeg(background, quality)
    assert spliced.encode(background, box) == spliced.encode(background, (0, 0, 0, 0))


@pytest.mark.parametrize("quality", [95, 90, 85, 65])
@pytest.mark.parametrize("colour", [True, False])
def test_natural_pictures_grow_by_no_more_than_four_per_cent(quality: int, colour: bool) -> None:
    rng = np.random.default_rng(quality)
    for height, width in [(192, 192), (200, 150), (256, 256)]:
        background = natural(rng, height, width, colour=colour)
        composite = background.copy()
        composite[30:135, 40:100] = natural(rng, 105, 60, colour=colour)
        data = SplicedJpeg(background, quality).encode(composite, (40, 30, 60, 105))
        assert len(data) <= 1.04 * len(full_encode(composite, quality))


@pytest.mark.parametrize("shape", [(192, 192, 3), (192, 192), (400, 16, 3), (1, 1)])
def test_a_picture_too_small_for_markers_has_none(shape: tuple[int, ...]) -> None:
    background = np.full(shape, 200, np.uint8)
    composite = background.copy()
    composite[:1, :1] = 0
    data = SplicedJpeg(background, 90).encode(composite, (0, 0, 1, 1))
    assert len(data) <= 1.04 * len(full_encode(composite, 90))


def test_a_calm_object_over_most_of_a_busy_background_is_coded_in_full() -> None:
    background = natural(np.random.default_rng(1), 192, 192, colour=True)
    composite = background.copy()
    composite[8:180, 8:180] = 0
    spliced = SplicedJpeg(background, 95)
    assert restart_numbers(spliced.encode(background, (8, 8, 172, 172)))
    assert spliced.encode(composite, (8, 8, 172, 172)) == full_encode(composite, 95)


def test_only_the_cells_under_the_box_change() -> None:
    background = natural(np.random.default_rng(2), 192, 192, colour=True)
    composite = background.copy()
    composite[100:120, 90:110] = 255
    spliced = SplicedJpeg(background, 95)
    before = cells(spliced.encode(background, (0, 0, 0, 0)))
    after = cells(spliced.encode(composite, (90, 100, 20, 20)))
    assert len(before) == len(after) == 12 * 12
    changed = {divmod(i, 12) for i in range(12 * 12) if before[i] != after[i]}
    assert changed == {(6, 5), (6, 6), (7, 5), (7, 6)}


def cells(data: bytes) -> list[bytes]:
    """What lies between the restart markers."""
    scan = data[data.rindex(b"\xff\xda") :]
    for number in range(1, 8):
        scan = scan.replace(bytes([0xFF, 0xD0 + number]), b"\xff\xd0")
    return scan.split(b"\xff\xd0")


@pytest.mark.parametrize("side", [192, 224, 256])
@pytest.mark.parametrize("quality", [95, 90, 85, 65])
def test_real_scenes_are_identical_and_grow_by_no_more_than_four_per_cent(side: int, quality: int) -> None:
    if not SCENES.is_dir():
        pytest.skip("the real scenes are not beside this repository")
    backgrounds, foregrounds = sorted(SCENES.glob("bg/*"))[::4], sorted(SCENES.glob("fg/*"))[::4]
    for number, (scene, cutout) in enumerate(zip(backgrounds, foregrounds, strict=False)):
        with Image.open(scene) as image:
            background = np.asarray(image.convert("RGB").resize((side, side)))
        with Image.open(cutout) as image:
            paste = image.convert("RGBA")
        x, y = number * 5, number * 3
        canvas = Image.fromarray(background)
        canvas.paste(paste, (x, y), paste)
        box = (x, y, min(paste.width, side - x), min(paste.height, side - y))
        data, full = (
            SplicedJpeg(background, quality).encode(np.asarray(canvas), box),
            full_encode(np.asarray(canvas), quality),
        )
        np.testing.assert_array_equal(by_opencv(data), by_opencv(full))
        assert len(data) <= 1.04 * len(full)


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("worth", [0, splice._WORTH])
def test_boxes_are_coded_apart_and_give_the_bytes_of_one_around_them(
    colour: bool, worth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    background = natural(rng, 150, 180, colour=colour)
    composite, boxes = background.copy(), [(120, 60, 40, 80), (3, 10, 30, 90), (60, 20, 5, 5), (62, 22, 20, 6)]
    for x, y, width, height in boxes:
        composite[y : y + height, x : x + width] = rng.integers(0, 256, 3 if colour else 1)
    narrowest = next(splice._intervals(background))
    monkeypatch.setattr(splice, "_intervals", lambda _: [narrowest])
    monkeypatch.setattr(splice, "COMPOSITE_GROWTH", 1e9)
    monkeypatch.setattr(splice, "_WORTH", worth)
    spliced, sizes = SplicedJpeg(background, 90), []
    whole = spliced.encode(composite, (3, 10, 157, 130))

    def noted(pixels: Pixels, flags: list[int]) -> Pixels:
        sizes.append(pixels.size)
        return coded(pixels, flags)

    coded = splice._jpeg
    monkeypatch.setattr(splice, "_jpeg", noted)
    assert spliced.encode(composite, *boxes) == whole
    assert sum(sizes) < composite.size / 2
