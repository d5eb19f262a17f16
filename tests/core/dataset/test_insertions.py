"""Insertions into a background's depth: the short way gives what the whole map gives."""

from __future__ import annotations

from collections import Counter
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fgbg_studio.core.base.sample import Patch, PlacedPatch
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.depth_png import Object
from fgbg_studio.core.compose.encoder import SampleEncoder, StoredBase, StoredInsertion
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.shard import Tally
from fgbg_studio.core.dataset.statistics import InsertionHistogram, KindStatistics, Sum
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.depth import DepthSample, Insertion
from fgbg_studio.core.interfaces.encoding import NO_VALUE, ONE_DEPTH, TOO_FAR, Encoding
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.storage import load

POINTWISE = [member() for member in Encoding.known().values() if member.pointwise]


def patch_of(solid: Any) -> Patch:
    plain = solid.astype(np.uint8)
    return Patch(plain, plain, plain, solid, int(solid.sum()))


@pytest.mark.parametrize("encoding", POINTWISE, ids=lambda encoding: encoding.name)
@given(depth=arrays(np.float32, (5, 37), elements=st.floats(0, 200, width=32)))
def test_a_pixel_is_stored_as_its_own_depth_says(encoding: Encoding, depth: Any) -> None:
    """OpenCV takes several pixels at once, and one pixel by another way: both must round alike."""
    alone = [int(encoding.encode(np.full((1, 1), value, np.float32))[0, 0]) for value in depth.ravel()]
    assert encoding.encode(depth).ravel().tolist() == alone


def test_one_encoding_is_not_pointwise() -> None:
    assert [member.name for member in Encoding.known().values() if not member.pointwise] == [
        "uint8-stretched",
        "uint8-stretched-inverted",
    ]


def test_the_map_of_an_insertion() -> None:
    base = np.arange(20, dtype=np.float32).reshape(4, 5)
    placed = PlacedPatch(patch_of(np.array([[True, False], [True, True]])), 2, 1)
    made = Insertion(base, (placed,), (0.1,)).map
    wanted = base.copy()
    wanted[1, 2] = wanted[2, 2] = wanted[2, 3] = np.float32(0.1)
    np.testing.assert_array_equal(made, wanted)
    assert base[1, 2] == 7


@given(
    st.sampled_from([np.uint8, np.uint16]),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 255), *[st.integers(0, 10)] * 4), max_size=12),
    st.integers(0, 1000),
)
def test_statistics_are_those_of_every_pixel(kind: Any, objects: list[tuple[int, ...]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    bases = rng.integers(0, np.iinfo(kind).max, (3, 9, 11), kind, endpoint=True)
    stored = [StoredBase(base, None) for base in bases]
    made, wanted = InsertionHistogram(), KindStatistics()
    for number, byte, *corner, wide, high in objects:
        value = byte * 257 if kind is np.uint16 else byte
        x, y = min(corner[0], 10), min(corner[1], 8)
        solid = rng.random((min(max(high, 1), 9 - y), min(max(wide, 1), 11 - x))) < 0.6
        pixels = bases[number].copy()
        pixels[y : y + len(solid), x : x + solid.shape[1]][solid] = value
        made.add(stored[number], [Object(solid, x, y, value)])
        wanted.add(pixels, 0)
    assert made.statistics().to_dict() == wanted.to_dict()


def test_statistics_of_many_large_maps_stay_whole_numbers() -> None:
    """30,000 maps of 1024 px at the largest value: the sum of squares is beyond 64 bits."""
    base = np.full((1024, 1024), 65535, np.uint16)
    made = InsertionHistogram()
    solid = np.ones((1, 1), np.bool_)
    made.add(StoredBase(base, None), [Object(solid, 0, 0, 65535)])
    made._laid = 30_000
    made._covered[0, 0] = 30_000
    made._values[65535] = 30_000
    number = 30_000 * 2**20
    assert made.statistics().sums == [Sum(number, number * 65535, number * 65535**2)]


@pytest.mark.parametrize(
    "changes",
    [
        [],
        ["depth.encoding=uint16-relative"],
        ["depth.encoding=uint8-linear"],
        ["depth.encoding=uint8-stretched-inverted"],
        ["depth.size=48"],
        ["depth.encoding=uint8-linear", 'codecs.depth={"format":"jpeg","quality":80}'],
    ],
    ids=["millimetres", "relative", "linear", "stretched", "smaller", "jpeg"],
)
def test_the_encoder_stores_what_the_whole_map_would_be(tmp_path: Any, make_project: Any, changes: list[str]) -> None:
    project = make_project(tmp_path, changes=["size=64", "placements=3", *changes])
    recipe = make_recipe(load(project))
    composer = Composer(Pictures(recipe, None, project))
    maker = composer.settings.depth.way.open(composer, LocalStore(tmp_path))
    assert maker is not None
    encoder, samples = SampleEncoder(composer, maker), list(Plan(recipe)[:])
    depths = maker(samples, [composer(sample) for sample in samples])
    whole = encoder.depths(samples, [DepthSample(depth.map, depth.contact) for depth in depths])
    quick = encoder.depths(samples, depths)
    codec = composer.settings.codecs.depth
    for (pixels, data), (stored, quick_data) in zip(whole, quick, strict=True):
        np.testing.assert_array_equal(stored.pixels if isinstance(stored, StoredInsertion) else stored, pixels)
        np.testing.assert_array_equal(decode(quick_data, "quick"), decode(data, "whole"))
        if codec.lossless:
            np.testing.assert_array_equal(decode(quick_data, "quick"), pixels)
    inserted = sum(isinstance(stored, StoredInsertion) for stored, _ in quick)
    assert inserted == (
        0 if {"depth.size=48", "depth.encoding=uint8-stretched-inverted"} & {*changes} else len(samples)
    )
    assert [data for _, data in quick] == [encoder.depths([s], [d])[0][1] for s, d in zip(samples, depths, strict=True)]


@pytest.mark.parametrize(
    "changes",
    [
        ["camera.wall=50", "depth.encoding=uint8-linear", "depth.encoding.far=4"],
        ["camera.wall=50", "depth.encoding=uint8-linear", "depth.encoding.far=4", "depth.size=48"],
        [],
        ["depth.encoding=uint8-stretched-inverted"],
        ["camera.horizon=1.9", "placement=uniform", "foreground.sizing.pixels=30"],
    ],
    ids=["far", "far-smaller", "millimetres", "stretched", "flat"],
)
def test_what_is_not_stored_is_counted_by_pixels(tmp_path: Any, make_project: Any, changes: list[str]) -> None:
    """By backgrounds and contacts, as if every pixel of every file had been looked at."""
    project = make_project(tmp_path, changes=["size=64", "placements=3", *changes])
    recipe = make_recipe(load(project))
    outdoors = recipe.backgrounds[0].model_copy(update={"wall": "none"})
    if "camera.horizon=1.9" not in changes:
        recipe = recipe.model_copy(update={"backgrounds": (outdoors, *recipe.backgrounds[1:])})
    composer = Composer(Pictures(recipe, None, project))
    maker = composer.settings.depth.way.open(composer, LocalStore(tmp_path))
    assert maker is not None
    encoder, samples, tally = SampleEncoder(composer, maker), list(Plan(recipe)[:]), Tally(composer)
    depths = maker(samples, [composer(sample) for sample in samples])
    wanted: Counter[str] = Counter()
    for (stored, data), depth, sample in zip(encoder.depths(samples, depths), depths, samples, strict=True):
        tally.add_depth(stored)
        base = maker.base(sample.background)
        side = composer.settings.depth_size
        whole = cv2.resize(depth.map, (side, side), interpolation=cv2.INTER_NEAREST_EXACT)
        for name, where in composer.settings.depth.encoding.unheld(whole):
            wanted[name] += int(where.sum())
        wanted[ONE_DEPTH] += int(base is not None and base.min() == base.max())
        if composer.settings.depth.encoding.zero == "no value":
            assert ((decode(data, "depth") == 0) == np.isnan(whole)).all()
    tally.counts.update(encoder.counts)
    assert tally.whole_counts() == dict(+wanted)
    assert bool(wanted[TOO_FAR]) == ("camera.wall=50" in changes)
    assert bool(wanted[NO_VALUE]) != bool(wanted[ONE_DEPTH])
