"""The same scene is recognised however it was saved, and another is not taken for it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from itertools import combinations
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.perceptual_hash import alike, perceptual_hash
from fgbg_studio.core.imaging.quality import brightness, sharpness
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.project.framing import square_crop
from tests.conftest import SHARED

SCENES = SHARED / "data" / "scenes" / "bg"
SIDES = st.integers(1, 5000)
HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=40)


def scene(seed: int, height: int = 240, width: int = 320) -> Pixels:
    """A wall, a floor and a dozen boxes of random colours, with grain: every seed is another place."""
    rng = np.random.default_rng(seed)
    rgb = np.full((height, width, 3), rng.integers(60, 220, 3), np.float64)
    rgb[int(height * rng.uniform(0.4, 0.7)) :] = rng.integers(40, 200, 3)
    for _ in range(12):
        x, y = int(rng.integers(0, width * 9 // 10)), int(rng.integers(0, height * 9 // 10))
        w, h = int(rng.integers(width // 12, width // 2)), int(rng.integers(height // 12, height // 2))
        rgb[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    return (rgb + rng.normal(0, 4, rgb.shape)).clip(0, 255).astype(np.uint8)


def jpeg(rgb: Pixels, quality: int) -> Pixels:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def cropped(rgb: Pixels, share: float) -> Pixels:
    rows, columns = round(rgb.shape[0] * share), round(rgb.shape[1] * share)
    return np.ascontiguousarray(rgb[rows : rgb.shape[0] - rows, columns : rgb.shape[1] - columns])


def toned(rgb: Pixels, gain: float, lift: float) -> Pixels:
    return (rgb.astype(np.float32) * gain + lift).clip(0, 255).astype(np.uint8)


def resized(rgb: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.LANCZOS))


def blurred(rgb: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


COPIES: dict[str, Callable[[Pixels], Pixels]] = {
    "encoded anew": lambda rgb: jpeg(rgb, 30),
    "reduced": lambda rgb: resized(rgb, 110, 90),
    "enlarged": lambda rgb: resized(rgb, 640, 480),
    "cropped": lambda rgb: cropped(rgb, 0.02),
    "brightened": lambda rgb: toned(rgb, 1, 25),
    "darkened": lambda rgb: toned(rgb, 0.75, 0),
    "flattened": lambda rgb: toned(rgb, 0.7, 40),
    "blurred": lambda rgb: blurred(rgb, 2),
}


def bits(one: Pixels, two: Pixels) -> int:
    return (perceptual_hash(one) ^ perceptual_hash(two)).bit_count()


class TestSquareCrop:
    @given(SIDES, SIDES)
    def test_takes_the_largest_square_from_the_centre(self, width: int, height: int) -> None:
        x, y, side = square_crop(width, height)
        assert side == min(width, height)
        assert 0 <= width - side - 2 * x <= 1
        assert 0 <= height - side - 2 * y <= 1

    @given(SIDES, SIDES, st.tuples(*[st.integers(-6000, 6000)] * 3))
    def test_a_stored_square_ends_up_inside(self, width: int, height: int, box: tuple[int, int, int]) -> None:
        x, y, side = square_crop(width, height, box)
        assert side >= 1
        assert 0 <= x <= width - side
        assert 0 <= y <= height - side
        assert square_crop(width, height, (x, y, side)) == (x, y, side)

    def test_keeps_what_fits(self) -> None:
        assert square_crop(640, 480, (100, 20, 300)) == (100, 20, 300)
        assert square_crop(640, 480, (600, 20, 300)) == (340, 20, 300)


class TestMeasures:
    def test_blur_lowers_sharpness(self) -> None:
        figures = [sharpness(blurred(scene(1), sigma)) for sigma in (0.1, 0.7, 1.5, 4)]
        assert figures == sorted(figures, reverse=True)
        assert figures[0] > 5 * figures[-1]

    def test_a_plain_picture_has_no_sharpness(self) -> None:
        assert sharpness(np.full((50, 60, 3), 90, np.uint8)) == 0

    def test_resolution_alone_changes_little(self) -> None:
        large = blurred(scene(1, 960, 1280), 2)
        small = resized(large, 512, 384)
        assert sharpness(large) == pytest.approx(sharpness(small), rel=0.2)

    @given(st.integers(0, 255))
    def test_brightness_is_the_mean_luma(self, level: int) -> None:
        assert brightness(np.full((4, 5, 3), level, np.uint8)) == pytest.approx(level / 255, abs=0.003)

    def test_green_is_brighter_than_blue(self) -> None:
        green, blue = np.zeros((2, 8, 8, 3), np.uint8)
        green[..., 1] = blue[..., 2] = 255
        assert brightness(green) == pytest.approx(0.587, abs=0.003)
        assert brightness(blue) == pytest.approx(0.114, abs=0.003)


class TestHash:
    def test_its_bits_are_the_low_frequencies_over_their_median(self) -> None:
        amounts = np.random.default_rng(5).permutation(np.linspace(-6, 6, 64)).reshape(8, 8)
        waves = np.cos((np.arange(32) + 0.5) * np.pi / 32 * np.arange(1, 9)[:, None])
        grey = (128 + waves.T @ amounts @ waves).clip(0, 255).round().astype(np.uint8)
        value = perceptual_hash(np.dstack([grey] * 3))
        assert f"{value:064b}" == "".join("1" if amount > 0 else "0" for amount in amounts.flat)

    @pytest.mark.parametrize("change", COPIES)
    def test_survives_being_saved_anew(self, change: str) -> None:
        originals = [scene(seed) for seed in range(20)]
        assert max(bits(rgb, COPIES[change](rgb)) for rgb in originals) <= 12

    def test_tells_places_apart(self) -> None:
        hashes = [perceptual_hash(scene(seed)) for seed in range(30)]
        assert min((a ^ b).bit_count() for a, b in combinations(hashes, 2)) > 12

    @pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 5), (31, 33)])
    def test_any_size_has_one(self, shape: tuple[int, int]) -> None:
        rgb = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
        assert 0 <= perceptual_hash(rgb) < 2**64


class TestAlike:
    @given(HASHES, st.integers(0, 64), st.randoms(use_true_random=False))
    def test_groups_are_what_joining_every_pair_gives(self, hashes: list[int], distance: int, random: Random) -> None:
        decided = [random.random() < 0.3 for _ in hashes]
        group = list(range(len(hashes)))
        for a, b in combinations(range(len(hashes)), 2):
            if (hashes[a] ^ hashes[b]).bit_count() <= distance and not (decided[a] and decided[b]):
                group = [group[a] if g == group[b] else g for g in group]
        expected = [[i for i, one in enumerate(group) if one == g] for g in dict.fromkeys(group)]
        assert alike(hashes, decided, distance) == [members for members in expected if len(members) > 1]

    @pytest.mark.timing
    @pytest.mark.parametrize("kind", ["different", "still camera", "moving camera"])
    def test_ten_thousand(self, kind: str) -> None:
        flips = 1 << np.random.default_rng(0).integers(0, 64, 10_000, dtype=np.uint64)
        hashes = {
            "different": np.random.default_rng(1).integers(0, 2**64, 10_000, dtype=np.uint64),
            "still camera": flips,
            "moving camera": np.bitwise_xor.accumulate(flips),
        }[kind].tolist()
        hashes[9999] = hashes[2] ^ 0b1011
        start = time.process_time()
        groups = alike(hashes)
        assert time.process_time() - start < 3  # 0.2 s measured
        assert any(2 in group and 9999 in group for group in groups)
        assert kind == "different" or groups == [list(range(10_000))]


class TestRealScenes:
    @pytest.fixture(scope="class")
    @classmethod
    def scenes(cls) -> list[Pixels]:
        if not SCENES.exists():
            pytest.skip("../shared/data/scenes is not here")
        return [read_rgb(path) for path in sorted(SCENES.glob("*.jpg"))]

    def test_no_two_are_taken_for_one(self, scenes: list[Pixels]) -> None:
        assert alike([perceptual_hash(rgb) for rgb in scenes]) == []

    @pytest.mark.parametrize("change", COPIES)
    def test_every_copy_is_found(self, scenes: list[Pixels], change: str) -> None:
        hashes = [perceptual_hash(rgb) for rgb in scenes]
        found = alike([*hashes, *(perceptual_hash(COPIES[change](rgb)) for rgb in scenes)])
        assert found == [[i, i + len(scenes)] for i in range(len(scenes))]
