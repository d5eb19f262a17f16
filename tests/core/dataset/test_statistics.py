"""Statistics: exact whole-number arithmetic, the same however the pictures are divided."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.dataset.statistics import (
    CompositeSums,
    KindStatistics,
    Sum,
    from_json,
    histogram,
    merged,
    sums,
    to_json,
)


def counted(*pictures: AnyPixels) -> KindStatistics:
    """Statistics of ``pictures``, each said to be 10 bytes."""
    made = KindStatistics()
    for picture in pictures:
        made.add(picture, 10)
    return made


def reference(pictures: list[AnyPixels]) -> tuple[list[float], list[float]]:
    """Mean and σ by channel on 0..1, with Python's integers and fractions until the last division.

    Colours under an alpha of 0 do not count.
    """
    top = np.iinfo(pictures[0].dtype).max
    means, deviations = [], []
    for channel in range(pictures[0].shape[2] if pictures[0].ndim == 3 else 1):
        planes = [p.reshape(p.shape[0], p.shape[1], -1)[..., channel].astype(object) for p in pictures]
        if pictures[0].ndim == 3 and pictures[0].shape[2] == 4 and channel < 3:
            planes = [plane[p[..., 3] > 0] for plane, p in zip(planes, pictures, strict=True)]
        number = sum(plane.size for plane in planes)
        if not number:
            means.append(0.0)
            deviations.append(0.0)
            continue
        total = sum(int(plane.sum()) for plane in planes)
        squares = sum(int((plane * plane).sum()) for plane in planes)
        means.append(total / number / top)
        deviations.append(math.sqrt((number * squares - total * total) / number**2) / top)
    return means, deviations


shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))


@st.composite
def pictures(draw: st.DrawFn, channels: tuple[int, ...] = (0, 3, 4)) -> list[AnyPixels]:
    """One to six pictures of one type and number of channels, of any size."""
    kind = draw(st.sampled_from([np.uint8, np.uint16]))
    depth = draw(st.sampled_from(channels)) if kind is np.uint8 else 0
    tail = (depth,) if depth else ()
    return [draw(arrays.arrays(kind, draw(shapes) + tail)) for _ in range(draw(st.integers(1, 6)))]


@given(pictures())
def test_moments_are_those_of_whole_number_arithmetic(made: list[AnyPixels]) -> None:
    means, deviations = counted(*made).moments()
    wanted_means, wanted_deviations = reference(made)
    assert means == wanted_means
    assert deviations == wanted_deviations


@given(pictures(channels=(0, 3)))
def test_moments_agree_with_numpy_in_float64(made: list[AnyPixels]) -> None:
    top = np.iinfo(made[0].dtype).max
    values = np.concatenate([p.reshape(-1, p.shape[2] if p.ndim == 3 else 1) for p in made]) / top
    means, deviations = counted(*made).moments()
    np.testing.assert_allclose(means, values.mean(0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(deviations, values.std(0), rtol=1e-6, atol=1e-8)


def test_a_large_sixteen_bit_picture_is_counted_exactly() -> None:
    """OpenCV adds in float64, which forgets the last digits of sums beyond 2^53."""
    picture = np.full((4099, 1031), 65535, np.uint16)
    picture[-1, -1] = 65534
    statistics = counted(picture)
    size = picture.size
    assert statistics.sums == [Sum(size, 65535 * size - 1, 65535**2 * (size - 1) + 65534**2)]


def test_a_large_picture_of_one_value_is_counted_exactly() -> None:
    """OpenCV counts in float32, which cannot tell 2^24 from 2^24 + 1."""
    assert histogram(np.zeros((4099, 4099), np.uint8))[0] == 4099 * 4099


@given(pictures(), st.randoms())
def test_any_partition_merges_to_the_whole(made: list[AnyPixels], random: Any) -> None:
    whole = counted(*made)
    parts = [KindStatistics() for _ in range(3)]
    for picture in made:
        random.choice(parts).add(picture, 10)
    random.shuffle(parts)
    both = merged({"fg_bg": part} for part in parts)["fg_bg"]
    assert both.to_dict() == whole.to_dict()
    assert both.moments() == whole.moments()


def test_a_mean_of_deviations_is_not_what_is_published() -> None:
    """The hand-made σ of 21.9 beside a mean of 22.5 was the mean of each batch's σ."""
    black, white = np.zeros((8, 8), np.uint8), np.full((8, 8), 255, np.uint8)
    batches = [counted(black), counted(white)]
    assert [part.moments()[1][0] for part in batches] == [0.0, 0.0]
    assert merged({"mask": part} for part in batches)["mask"].moments()[1][0] == 0.5


@given(arrays.arrays(np.bool_, shapes))
def test_sigma_of_a_mask_follows_from_its_mean(solid: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
    means, deviations = counted(solid.astype(np.uint8) * np.uint8(255)).moments()
    mean = 255 * means[0]
    assert 255 * deviations[0] == pytest.approx(math.sqrt(max(mean * (255 - mean), 0)), abs=1e-5)


@given(pictures())
def test_what_json_keeps_is_everything(made: list[AnyPixels]) -> None:
    whole = counted(*made)
    back = from_json(json.loads(json.dumps(to_json({"depth": whole}))))["depth"]
    assert back.to_dict() == whole.to_dict()
    assert back.report() == whole.report()
    assert back.shapes == whole.shapes
    back.merge(whole)
    assert back.count == 2 * whole.count


def test_report_has_the_keys_that_programs_read() -> None:
    report = counted(np.zeros((4, 6, 3), np.uint8), np.full((4, 6, 3), 255, np.uint8)).report()
    assert report == {"count": 2, "bytes": 20, "shape": [4, 6, 3], "mean": [0.5] * 3, "std": [0.5] * 3}


def test_shape_is_unknown_where_pictures_differ() -> None:
    assert counted(np.zeros((4, 6), np.uint8), np.zeros((6, 4), np.uint8)).shape is None
    assert counted(np.zeros((4, 6), np.uint8)).shape == [4, 6, 1]


def test_nothing_counted_is_no_division_by_zero() -> None:
    assert KindStatistics().report() == {"count": 0, "bytes": 0, "shape": None, "mean": [], "std": []}


def test_eight_and_sixteen_bit_pictures_of_one_kind_count_on_one_scale() -> None:
    """Half of the pictures stored otherwise must not leave the other half out of the mean."""
    light, dark = np.full((4, 4), 255, np.uint8), np.zeros((4, 4), np.uint16)
    assert counted(light, dark).moments() == ([0.5], [0.5])
    assert counted(dark, light).moments() == ([0.5], [0.5])
    both = counted(light)
    both.merge(counted(dark))
    assert both.moments() == ([0.5], [0.5])


def test_grey_pictures_among_coloured_ones_are_counted_where_they_are() -> None:
    mixed = counted(np.full((2, 2, 3), 255, np.uint8), np.zeros((2, 2), np.uint8))
    assert mixed.moments()[0] == [0.5, 1.0, 1.0]
    assert len(mixed.shapes) == 2


class TestCompositeSums:
    """Counting composites by their boxes must give what counting every pixel gives."""

    @given(
        st.sampled_from([(12, 12, 3), (5, 9, 3)]),
        st.lists(st.tuples(st.integers(0, 2), *[st.integers(0, 11)] * 4), min_size=1, max_size=12),
        st.integers(0, 1000),
    )
    def test_sums_are_those_of_every_pixel(
        self, shape: tuple[int, ...], boxes: list[tuple[int, int, int, int, int]], seed: int
    ) -> None:
        rng = np.random.default_rng(seed)
        backgrounds = rng.integers(0, 256, (3, *shape), np.uint8)
        made, wanted = CompositeSums(shape, lambda number: backgrounds[number]), KindStatistics()
        for number, *corner, wide, high in boxes:
            x, y = min(corner[0], shape[1] - 1), min(corner[1], shape[0] - 1)
            width, height = min(max(wide, 1), shape[1] - x), min(max(high, 1), shape[0] - y)
            image = backgrounds[number].copy()
            image[y : y + height, x : x + width] = rng.integers(0, 256, (height, width, 3), np.uint8)
            made.add(image, number, (x, y, width, height))
            wanted.add(image, 10)
        assert made.sums() == wanted.sums

    def test_many_on_one_background_count_as_few_on_each_of_several(self) -> None:
        rng = np.random.default_rng(5)
        backgrounds = rng.integers(0, 256, (3, 9, 13, 3), np.uint8)
        made, wanted = CompositeSums((9, 13, 3), lambda number: backgrounds[number]), KindStatistics()
        for number in [0] * 130 + [1] * 4 + [2]:
            x, y = int(rng.integers(0, 12)), int(rng.integers(0, 8))
            image = backgrounds[number].copy()
            image[y:, x:] = rng.integers(0, 256, (9 - y, 13 - x, 3), np.uint8)
            made.add(image, number, (x, y, 13 - x, 9 - y))
            wanted.add(image, 10)
        assert made.sums() == wanted.sums

    @pytest.mark.parametrize("often", [3, 130])
    def test_a_picture_may_have_several_boxes(self, often: int) -> None:
        rng = np.random.default_rng(6)
        background = rng.integers(0, 256, (9, 13, 3), np.uint8)
        made, wanted = CompositeSums((9, 13, 3), lambda _: background), KindStatistics()
        for _ in range(often):
            image = background.copy()
            image[:4, :5] = rng.integers(0, 256, (4, 5, 3), np.uint8)
            image[3:, 6:] = rng.integers(0, 256, (6, 7, 3), np.uint8)
            made.add(image, 0, (0, 0, 5, 4), (6, 3, 7, 6))
            wanted.add(image, 10)
        assert made.sums() == wanted.sums

    def test_a_foreground_may_fill_a_large_frame(self) -> None:
        """The buffer for boxes once held 131,072 pixels: a frame of 512 px could not be counted."""
        background, image = np.zeros((512, 512, 3), np.uint8), np.full((512, 512, 3), 9, np.uint8)
        made = CompositeSums(image.shape, lambda _: background)
        made.add(image, 0, (0, 0, 512, 512))
        made.add(image, 0, (0, 0, 512, 512))
        number = 2 * 512 * 512
        assert made.sums() == [Sum(number, 9 * number, 81 * number)] * 3

    def test_counting_may_go_on_after_it_was_asked(self) -> None:
        background = np.zeros((8, 8, 3), np.uint8)
        made = CompositeSums((8, 8, 3), lambda _: background)
        made.add(np.full((8, 8, 3), 255, np.uint8), 0, (0, 0, 8, 8))
        assert made.sums()[0] == Sum(64, 64 * 255, 64 * 255**2)
        made.add(background, 0, (2, 2, 3, 3))
        assert made.sums()[0] == Sum(128, 64 * 255, 64 * 255**2)


@pytest.mark.parametrize("shape", [(4099, 4099, 3), (3, 9000, 4), (700, 1, 2)])
@pytest.mark.parametrize("low", [0, 254, 255])
def test_sums_of_large_pictures_are_exact(shape: tuple[int, ...], low: int) -> None:
    """They come from OpenCV's mean and deviation in float64, rounded."""
    picture = np.random.default_rng(0).integers(low, 256, shape, np.uint8)
    flat = picture.reshape(-1, shape[2]).astype(np.uint64)
    totals, squares = flat.sum(0).tolist(), (flat * flat).sum(0).tolist()
    assert sums(picture) == [Sum(len(flat), *both) for both in zip(totals, squares, strict=True)]


@pytest.mark.parametrize("part", [sums, lambda p: counted(p).to_dict()])
def test_a_view_that_is_not_contiguous_counts_the_same(part: Callable[[AnyPixels], object]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (9, 14, 3), np.uint8)
    assert part(picture[::2, ::-1]) == part(np.ascontiguousarray(picture[::2, ::-1]))
