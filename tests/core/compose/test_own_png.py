"""The program's own grey PNGs are read back as any decoder sees them, and others and damaged ones are left alone."""

from __future__ import annotations

import zlib
from typing import Literal

import numpy as np
import pytest

from fgbg_studio.core.compose import own_png, png
from fgbg_studio.core.compose.depth_png import DepthPng, Object
from fgbg_studio.core.compose.png import MaskPng
from fgbg_studio.core.imaging.codecs import Codec, decode, encode


@pytest.fixture(params=["deflate", "zlib"], autouse=True)
def _unpacker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "deflate":
        pytest.importorskip("deflate")
    else:
        monkeypatch.setattr(own_png, "_deflate", None)
        monkeypatch.setattr(own_png, "_DamageError", zlib.error)


def mask() -> bytes:
    return MaskPng(50, 40).encode(np.full((9, 20), 255, np.uint8), 7, 11)


def depth() -> bytes:
    base = np.random.default_rng(0).integers(1, 2**16, (21, 33)).astype(np.uint16)
    (data,) = DepthPng(base).encode([[Object(np.ones((5, 6), np.bool_), 4, 3, 1234)]])
    return data


@pytest.mark.parametrize(("y", "height"), [(0, 9), (0, 40), (31, 9), (12, 1), (39, 1), (5, 30)])
def test_masks_and_index_maps(y: int, height: int) -> None:
    patch = np.random.default_rng(y).integers(0, 4, (height, 20)).astype(np.uint8)
    same(MaskPng(50, 40).encode(patch, 7, y))


@pytest.mark.parametrize("shape", [(1, 1), (40, 50), (256, 256)])
def test_depth_maps(shape: tuple[int, int]) -> None:
    drawn = np.random.default_rng(1)
    slope = np.broadcast_to(np.linspace(0, 65535, shape[0]).astype(np.uint16)[:, None], shape)
    for base in (slope, drawn.integers(0, 2**16, shape).astype(np.uint16)):
        height, width = (drawn.integers(1, side + 1) for side in shape)
        one = Object(drawn.random((height, width)) < 0.8, int(shape[1] - width), int(shape[0] - height), 4321)
        for data in DepthPng(base).encode([[], [one]]):
            same(data)


@pytest.mark.parametrize("data", [mask(), depth()], ids=["mask", "depth"])
def test_what_is_damaged_is_left_alone(data: bytes) -> None:
    for at in range(len(data)):
        assert own_png.decoded(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) is None
        assert own_png.decoded(data[:at]) is None
    assert own_png.decoded(data + b"\0") is None


@pytest.mark.parametrize("size", [40 * 51 - 1, 40 * 51 + 1, 1 << 20])
def test_a_stream_of_another_length_is_left_alone(size: int) -> None:
    stream = zlib.compress(bytes(size), 1)
    adler = int.from_bytes(stream[-4:], "big")
    assert stream[:2] == b"\x78\x01"
    assert own_png.decoded(png.file(png.head(50, 40, 8), stream[2:-4], adler=adler)) is None
    assert own_png.decoded(png.file(png.head(50, 40, 8), stream[2:-4], adler=adler ^ 1)) is None


@pytest.mark.parametrize("form", ["jpeg", "png"])
def test_pictures_in_colour_are_left_alone(form: Literal["jpeg", "png"]) -> None:
    assert own_png.decoded(encode(np.zeros((40, 50, 3), np.uint8), Codec(form))) is None


def test_rows_of_many_filters_are_left_alone() -> None:
    rows = np.zeros((40, 51), np.uint8)
    rows[:, 0] = np.arange(40) % 5
    raw = rows.tobytes()
    data = png.file(png.head(50, 40, 8), zlib.compress(raw, 1)[2:-4], adler=zlib.adler32(raw))
    assert decode(data, "a picture").shape == (40, 50)
    assert own_png.decoded(data) is None


def same(data: bytes) -> None:
    found, wanted = own_png.decoded(data), decode(data, "a picture")
    assert found is not None
    assert found.dtype == wanted.dtype
    assert found.flags.c_contiguous
    assert np.array_equal(found, wanted)
