"""16-bit PNGs in which only an object is coded anew: every decoder sees the pixels of a file written in one go."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fgbg_studio.core.compose.depth_png import BYTES_A_PIXEL, DepthPng, Object

Words = NDArray[np.uint16]

SIDES = st.one_of(st.integers(1, 40), st.sampled_from([64, 150]))
BASES = ["noise", "smooth", "ground", "flat", "steps", "sparse"]


def base_of(kind: str, height: int, width: int, rng: np.random.Generator) -> Words:
    """A background's map: what networks give, what the ground plane gives, and what is hard to code."""
    shape = (height, width)
    ground = (60_000 / (np.arange(height)[:, None] + np.ones(shape))).astype(np.int64)
    made = {
        "noise": rng.integers(0, 65536, shape),
        "smooth": 3000 + np.cumsum(rng.integers(-3, 4, shape), axis=1),
        "ground": ground,
        "flat": np.full(shape, 65535),
        "steps": np.kron(rng.integers(0, 9000, (height // 4 + 1, width // 9 + 1)), np.ones((4, 9), int))[
            :height, :width
        ],
        "sparse": np.cumsum(rng.random(shape) < 0.05, axis=1) * 300,
    }
    return made[kind].astype(np.uint16)


def with_object(base: Words, one: Object) -> Words:
    """The map that is meant."""
    made = base.copy()
    height, width = one.solid.shape
    made[one.y : one.y + height, one.x : one.x + width][one.solid] = one.value
    return made


def objects(draw: Any, base: Words, rng: np.random.Generator, most: int) -> list[Object]:
    """Up to ``most`` objects inside the frame: full, empty, ragged, of one pixel, at every edge."""
    frame_height, frame_width = base.shape
    found = []
    for _ in range(draw(st.integers(0, most))):
        width = draw(st.one_of(st.just(frame_width), st.integers(1, frame_width)))
        height = draw(st.one_of(st.just(frame_height), st.integers(1, frame_height)))
        x = draw(st.one_of(st.sampled_from([0, frame_width - width]), st.integers(0, frame_width - width)))
        y = draw(st.integers(0, frame_height - height))
        share = draw(st.sampled_from([0.0, 0.5, 0.95, 1.0]))
        value = draw(st.one_of(st.integers(0, 65535), st.just(int(base[0, 0]))))
        found.append(Object(rng.random((height, width)) < share, x, y, value))
    return found


@st.composite
def maps(draw: st.DrawFn) -> tuple[Words, list[Object]]:
    """A background's map and what is inserted into it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    base = base_of(draw(st.sampled_from(BASES)), draw(SIDES), draw(SIDES), rng)
    return base, objects(draw, base, rng, 5)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Words, list[list[Object]]]:
    """A background's map, and for each of some maps what is inserted: none to four, no two with a common pixel."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    base = base_of(draw(st.sampled_from(BASES)), draw(SIDES), draw(SIDES), rng)
    return base, [apart(objects(draw, base, rng, 4), base.shape) for _ in range(draw(st.integers(0, 4)))]


def apart(inserted: list[Object], shape: tuple[int, ...]) -> list[Object]:
    """The objects without the pixels that a later one has: neighbours then touch, above and beside each other."""
    taken, found = np.zeros(shape, np.bool_), []
    for one in reversed(inserted):
        height, width = one.solid.shape
        place = taken[one.y : one.y + height, one.x : one.x + width]
        found.append(one._replace(solid=one.solid & ~place))
        place |= one.solid
    return found[::-1]


def alone(inserted: list[Object]) -> list[list[Object]]:
    """A map for each."""
    return [[one] for one in inserted]


def by_opencv(data: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def by_pillow(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return np.asarray(image)


@given(maps())
def test_every_decoder_sees_the_maps(made: tuple[Words, list[Object]]) -> None:
    base, inserted = made
    files = DepthPng(base).encode(alone(inserted))
    assert len(files) == len(inserted)
    for data, one in zip(files, inserted, strict=True):
        for read in (by_opencv, by_pillow):
            found = read(data)
            assert found.dtype == np.uint16
            np.testing.assert_array_equal(found, with_object(base, one))


@given(maps())
def test_a_file_does_not_depend_on_its_neighbours(made: tuple[Words, list[Object]]) -> None:
    base, inserted = made
    png = DepthPng(base)
    assert png.encode(alone(inserted)) == [png.encode([[one]])[0] for one in inserted]


@given(crowds())
def test_several_objects_in_a_map(made: tuple[Words, list[list[Object]]]) -> None:
    base, crowd = made
    png = DepthPng(base)
    files = png.encode(crowd)
    assert files == [png.encode([inserted])[0] for inserted in crowd]
    for data, inserted in zip(files, crowd, strict=True):
        wanted = base
        for one in inserted:
            wanted = with_object(wanted, one)
        for read in (by_opencv, by_pillow):
            np.testing.assert_array_equal(read(data), wanted)


@pytest.mark.parametrize("values", [(300, 9000), (300, 300)])
@pytest.mark.parametrize("kind", ["flat", "ground", "noise"])
def test_objects_side_by_side(kind: str, values: tuple[int, int]) -> None:
    """The pixel after the one is the other's first; in a run of zeros both cut the same match."""
    base = base_of(kind, 6, 60, np.random.default_rng(1))
    solid = np.ones((3, 7), np.bool_)
    left, right = Object(solid, 20, 1, values[0]), Object(solid, 27, 2, values[1])
    for inserted in ([left, right], [right, left]):
        (data,) = DepthPng(base).encode([inserted])
        np.testing.assert_array_equal(by_opencv(data), with_object(with_object(base, left), right))


@pytest.mark.parametrize("width", [300, 700, 1024])
def test_runs_longer_than_a_match(width: int) -> None:
    """A match repeats 258 bytes at most, which are 129 pixels: a wide row needs several."""
    rng = np.random.default_rng(width)
    base = base_of("ground", 12, width, rng)
    base[6:, width // 2 :] += 3
    png = DepthPng(base)
    inserted = []
    for share in (0.01, 0.3, 0.999, 1.0) * 6:
        wide = int(rng.integers(1, width + 1))
        solid = rng.random((6, wide)) < share
        inserted.append(Object(solid, int(rng.integers(0, width - wide + 1)), int(rng.integers(0, 7)), 77))
    for data, one in zip(png.encode(alone(inserted)), inserted, strict=True):
        np.testing.assert_array_equal(by_opencv(data), with_object(base, one))


def test_the_file_is_an_ordinary_png() -> None:
    base = base_of("smooth", 20, 30, np.random.default_rng(1))
    (data,) = DepthPng(base).encode([[Object(np.ones((5, 6), np.bool_), 3, 4, 1234)]])
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    kinds, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        kinds.append(kind)
        if kind == b"IDAT":  # zlib itself checks the sum at the end of the stream
            assert len(zlib.decompress(body)) == 20 * 61
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize("kind", ["smooth", "ground", "steps"])
def test_is_about_as_small_as_opencv_makes_it(kind: str) -> None:
    rng = np.random.default_rng(3)
    base = base_of(kind, 192, 192, rng)
    disc = np.hypot(*(np.mgrid[0:100, 0:60] - np.array([50, 30])[:, None, None])) < 30
    one = Object(disc, 60, 50, 2500)
    done, plain = cv2.imencode(".png", with_object(base, one))
    assert done
    assert len(DepthPng(base).encode([[one]])[0]) < 1.05 * len(plain) + 200


def test_keeps_about_what_it_says() -> None:
    png = DepthPng(base_of("smooth", 128, 128, np.random.default_rng(2)))
    kept = sum(value.nbytes for value in vars(png).values() if isinstance(value, np.ndarray))
    assert kept < 1.2 * BYTES_A_PIXEL * 128 * 128
