"""16-bit PNGs of depth maps with an inserted object: joined to the background's file, and two plainer ways.

    python benchmarks/depth_png.py [--size 192] [--maps 320] [--rounds 15]

One thread; the ways take turns, and the table gives medians of processor time. The maps are a ground plane, whose
rows are one value each, and one as a network gives it: smooth, with a little noise. Ways:

- ``joined``: `DepthPng`, sixteen maps at once as a run does;
- ``bands``: rows deflated by zlib in bands of eight, anew only where the object is, the rest kept for the background;
- ``whole``: OpenCV's PNG of the whole map.
"""

from __future__ import annotations

import argparse
import statistics
import time
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from fgbg_studio.core.compose import png
from fgbg_studio.core.compose.depth_png import DepthPng, Object
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.interfaces.depth import BATCH

_BAND = 8


class Bands:
    """A background's map in bands of rows, deflated apart; the ends that join them cost five bytes each."""

    def __init__(self, depth: Any) -> None:
        self._depth, self._head = depth, png.head(depth.shape[1], depth.shape[0], 16)
        self._rows = _filtered(depth)
        starts = range(0, len(depth), _BAND)
        self._packed = [_deflated(self._rows[start : start + _BAND].tobytes()) for start in starts]
        self._above = [zlib.adler32(self._rows[:start]) for start in starts]
        self._below = [zlib.adler32(self._rows[start:]) for start in (*starts, len(depth))]

    def encode(self, one: Object) -> bytes:
        """The map with ``one`` in it."""
        first, last = one.y // _BAND, -(-(one.y + len(one.solid)) // _BAND)
        rows = np.s_[first * _BAND : last * _BAND]
        inserted = self._depth[rows].copy()
        place = inserted[one.y - rows.start :][: len(one.solid), one.x : one.x + one.solid.shape[1]]
        place[one.solid] = one.value
        raw = _filtered(inserted).tobytes()
        packed, adler = _deflated(raw), self._adler(zlib.adler32(raw, self._above[first]), last)
        end = zlib.compressobj(1, zlib.DEFLATED, -15).flush()
        return png.file(self._head, *self._packed[:first], packed, *self._packed[last:], end, adler=adler)

    def _adler(self, above: int, last: int) -> int:
        """The sum of all rows, from that of those up to the band ``last`` and what is known of the rest."""
        below, size = self._below[last], self._rows[last * _BAND :].size
        low = ((above & 0xFFFF) + (below & 0xFFFF) - 1) % png.MODULUS
        high = ((above >> 16) + (below >> 16) + size * ((above & 0xFFFF) - 1)) % png.MODULUS
        return high << 16 | low


def _filtered(depth: Any) -> Any:
    """Rows with filter 1 (Sub), as bytes."""
    big = depth.astype(">u2").view(np.uint8)
    rows = np.empty((len(depth), big.shape[1] + 1), np.uint8)
    rows[:, 0], rows[:, 1:3] = 1, big[:, :2]
    np.subtract(big[:, 2:], big[:, :-2], out=rows[:, 3:])
    return rows


def _deflated(raw: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, 8, zlib.Z_RLE)
    return packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH)


def backgrounds(size: int) -> dict[str, Any]:
    """The two maps, (size, size) uint16 millimetres."""
    rng = np.random.default_rng(1)
    ground = np.minimum(1600 * size / np.maximum(np.arange(size)[:, None] - 0.45 * size, 1), 10_000)
    smooth = cv2.resize(rng.uniform(1500, 6000, (12, 12)), (size, size), interpolation=cv2.INTER_CUBIC)
    maps = {"ground": ground + np.zeros(size), "network": smooth + rng.normal(0, 4, smooth.shape)}
    return {name: np.rint(depth).astype(np.uint16) for name, depth in maps.items()}


def figures(size: int, count: int) -> list[Object]:
    """Objects as large as the presets' in random places: an ellipse each."""
    rng = np.random.default_rng(2)
    found = []
    for _ in range(count):
        height = int(size * rng.uniform(0.3, 0.55))
        width = int(height * rng.uniform(0.4, 0.8))
        down, across = (np.linspace(-1, 1, side) for side in (height, width))
        place = int(rng.integers(0, size - width)), int(rng.integers(0, size - height))
        found.append(Object(np.hypot(down[:, None], across) < 1, *place, int(rng.integers(500, 9000))))
    return found


def ways(depth: Any, objects: list[Object]) -> dict[str, Callable[[], list[bytes]]]:
    """What makes the files of all maps, by name."""
    joined, bands = DepthPng(depth), Bands(depth)
    batches = [[[one] for one in objects[start : start + BATCH]] for start in range(0, len(objects), BATCH)]
    return {
        "joined": lambda: [data for batch in batches for data in joined.encode(batch)],
        "bands": lambda: [bands.encode(one) for one in objects],
        "whole": lambda: [encode(inserted(depth, one), Codec()) for one in objects],
    }


def inserted(depth: Any, one: Object) -> Any:
    """The whole map."""
    made = depth.copy()
    made[one.y : one.y + len(one.solid), one.x : one.x + one.solid.shape[1]][one.solid] = one.value
    return made


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--maps", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    objects = figures(arguments.size, arguments.maps)
    print(f"{arguments.maps} maps of {arguments.size} px, medians of {arguments.rounds}")
    print(f"{'map':<10}{'way':<10}{'µs a map':>10}{'bytes a file':>14}")
    for name, depth in backgrounds(arguments.size).items():
        rows = ways(depth, objects)
        files = {way: work() for way, work in rows.items()}
        for one, *alike in zip(objects, *files.values(), strict=True):
            assert all(np.array_equal(decode(data, name), inserted(depth, one)) for data in alike)
        seconds: dict[str, list[float]] = {way: [] for way in rows}
        for _ in range(arguments.rounds):
            for way, work in rows.items():
                begun = time.process_time()
                work()
                seconds[way].append(time.process_time() - begun)
        for way, data in files.items():
            median = statistics.median(seconds[way]) / len(objects)
            print(f"{name:<10}{way:<10}{median * 1e6:>10.0f}{sum(map(len, data)) / len(data):>14,.0f}")


if __name__ == "__main__":
    main()
