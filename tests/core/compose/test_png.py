"""PNGs joined from pieces: every decoder sees the same pixels as in a file written in one go."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgbg_studio.core.compose.png import MaskPng
from fgbg_studio.core.imaging.codecs import bytes_behind

SIDES = st.one_of(st.integers(1, 60), st.sampled_from([150, 192, 256]))


def by_opencv(data: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def by_pillow(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return np.asarray(image)


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """(type, contents) of every chunk, each with its right length and CRC, and nothing after the last."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        found.append((kind, body))
        at += 12 + length
    return found


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int, int, int, int, int, np.random.Generator]:
    """A frame and a box inside it: any, also of one pixel, at every edge, and the whole frame."""
    frame_width, frame_height = draw(SIDES), draw(SIDES)
    width = draw(st.one_of(st.just(frame_width), st.integers(1, frame_width)))
    height = draw(st.one_of(st.just(frame_height), st.integers(1, frame_height)))
    x = draw(st.one_of(st.sampled_from([0, frame_width - width]), st.integers(0, frame_width - width)))
    y = draw(st.one_of(st.sampled_from([0, frame_height - height]), st.integers(0, frame_height - height)))
    return frame_width, frame_height, x, y, width, height, np.random.default_rng(draw(st.integers(0, 2**32)))


class TestMask:
    @given(places(), st.sampled_from(["noise", "white", "black", "object"]))
    def test_every_decoder_sees_the_mask(self, place: Any, kind: str) -> None:
        frame_width, frame_height, x, y, width, height, rng = place
        patch = {
            "noise": rng.choice([0, 255], (height, width)),
            "white": np.full((height, width), 255),
            "black": np.zeros((height, width)),
            "object": np.tri(height, width) * 255,
        }[kind].astype(np.uint8)
        expected = np.zeros((frame_height, frame_width), np.uint8)
        expected[y : y + height, x : x + width] = patch
        data = MaskPng(frame_width, frame_height).encode(patch, x, y)
        for read in (by_opencv, by_pillow):
            found = read(data)
            assert found.dtype == np.uint8
            assert np.array_equal(found, expected)

    def test_one_encoder_makes_many_and_forgets_each(self) -> None:
        png, rng = MaskPng(64, 48), np.random.default_rng(1)
        for _ in range(50):
            width, height = rng.integers(1, 40, 2)
            x, y = rng.integers(0, 64 - width + 1), rng.integers(0, 48 - height + 1)
            patch = rng.choice([0, 255], (height, width)).astype(np.uint8)
            expected = np.zeros((48, 64), np.uint8)
            expected[y : y + height, x : x + width] = patch
            data = png.encode(patch, int(x), int(y))
            assert np.array_equal(by_pillow(data), expected)
            assert data == MaskPng(64, 48).encode(patch, int(x), int(y))

    def test_the_file_is_an_ordinary_png(self) -> None:
        data = MaskPng(30, 20).encode(np.full((5, 6), 255, np.uint8), 3, 4)
        parts = chunks(data)
        assert [kind for kind, _ in parts] == [b"IHDR", b"IDAT", b"IEND"]
        assert parts[0][1] == struct.pack(">IIBBBBB", 30, 20, 8, 0, 0, 0, 0)
        # zlib itself checks the sum at the end of the stream.
        assert len(zlib.decompress(parts[1][1])) == 20 * 31
        assert bytes_behind(data) == 0

    def test_is_small(self) -> None:
        rows, columns = np.mgrid[0:100, 0:60]
        disc = ((np.hypot(rows - 50, (columns - 30) * 1.7) < 48) * 255).astype(np.uint8)
        assert len(MaskPng(256, 256).encode(disc, 90, 120)) < 2500
