"""Exact statistics that merge: integers in, mean and standard deviation out.

A mean of means, or a mean of standard deviations, is wrong wherever batches differ; so only counts, sums and
sums of squares are kept, as whole numbers, and the division comes last. Values are reported on 0..1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.images import AnyPixels, Pixels

Histogram = NDArray[np.int64]
COVERAGES = 100
"""Bins of the histogram of mask coverage, each a hundredth of the frame."""

_VALUES = np.arange(256)
_SQUARES = _VALUES**2
_EXACT = 1 << 24
_PIECE = 1 << 17  # 16-bit values whose squares add up to less than 2^49


class KindStatistics:
    """Count, bytes, shapes and per-channel values of one kind of picture.

    Attributes:
        count: pictures.
        bytes: of their files.
        shapes: (height, width, channels) → pictures.
        histogram: (channels, 256) int64: of the values, or of the high bytes of 16-bit values.
        wide: per channel (sum, sum of squares) on the scale of 16 bits, once there was a 16-bit picture: a
            histogram of 256 does not give them.
    """

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
        self.shapes: Counter[tuple[int, int, int]] = Counter()
        self.histogram: Histogram = np.zeros((0, 256), np.int64)
        self.wide: list[tuple[int, int]] = []

    def add(self, pixels: AnyPixels, size: int) -> None:
        """Take in one picture, (H, W) or (H, W, C) uint8 or uint16, whose file has ``size`` bytes."""
        planes = pixels.reshape(pixels.shape[0], pixels.shape[1], -1)
        if pixels.dtype == np.uint16:
            self._add_wide(planes)
        else:
            self.add_counted(histogram(pixels), pixels.shape, size)
            return
        self._tally(pixels.shape, size)

    def add_counted(self, counts: Histogram, shape: tuple[int, ...], size: int, pictures: int = 1) -> None:
        """Take in pictures whose (channels, 256) histogram is known already."""
        if self.wide:
            self._widen_all(counts)
        self._grow(len(counts))
        self.histogram[: len(counts)] += counts
        self._tally(shape, size, pictures)

    def merge(self, other: KindStatistics) -> None:
        """Take in what another has counted."""
        if other.wide and not self.wide:
            self._widen_all(self.histogram)
        if self.wide and not other.wide:
            self._widen_all(other.histogram)
        for channel, (total, squares) in enumerate(other.wide):
            self._widen(channel, total, squares)
        self._grow(len(other.histogram))
        self.histogram[: len(other.histogram)] += other.histogram
        self.count += other.count
        self.bytes += other.bytes
        self.shapes.update(other.shapes)

    def moments(self) -> tuple[list[float], list[float]]:
        """Mean and standard deviation of each channel on 0..1 (over all pixels; the population's σ)."""
        means, deviations = [], []
        for channel, counts in enumerate(self.histogram):
            number = int(counts.sum())
            total, squares, top = int(counts @ _VALUES), int(counts @ _SQUARES), 255
            if self.wide:
                (total, squares), top = self.wide[channel], 65535
            # Whole numbers up to here: n·Σv² − (Σv)² loses nothing to rounding.
            means.append(total / number / top if number else 0.0)
            variance = (number * squares - total * total) / number**2 if number else 0.0
            deviations.append(math.sqrt(variance) / top)
        return means, deviations

    @property
    def shape(self) -> list[int] | None:
        """[height, width, channels] where all pictures have the same, else None."""
        return list(next(iter(self.shapes))) if len(self.shapes) == 1 else None

    def report(self) -> dict[str, Any]:
        """What ``stats --json`` says of the kind."""
        mean, deviation = self.moments()
        return {"count": self.count, "bytes": self.bytes, "shape": self.shape, "mean": mean, "std": deviation}

    def to_dict(self) -> dict[str, Any]:
        """All of it, for a shard's marker."""
        return {
            "count": self.count,
            "bytes": self.bytes,
            "shapes": [[*shape, number] for shape, number in sorted(self.shapes.items())],
            "histogram": self.histogram.tolist(),
            "wide": self.wide,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> KindStatistics:
        """What `to_dict` wrote."""
        made = cls()
        made.count, made.bytes = data["count"], data["bytes"]
        made.shapes = Counter({(high, wide, channels): number for high, wide, channels, number in data["shapes"]})
        made.histogram = np.array(data["histogram"], np.int64).reshape(-1, 256)
        made.wide = [(total, squares) for total, squares in data["wide"]]
        return made

    def _add_wide(self, planes: AnyPixels) -> None:
        if not self.wide:
            self._widen_all(self.histogram)
        self._grow(planes.shape[2])
        for channel in range(planes.shape[2]):
            plane = np.ascontiguousarray(planes[..., channel])
            high_bytes = plane.astype("<u2", copy=False).view(np.uint8).reshape(*plane.shape, 2)
            self.histogram[channel] += _counts(high_bytes, 1)
            # OpenCV adds in float64, which is exact for whole numbers below 2^53, but squares its own square
            # root: that is off by at most 3·2^-53 of the sum, under a half where the sum is under 2^50.
            values = plane.ravel()
            for start in range(0, values.size, _PIECE):
                piece = values[start : start + _PIECE]
                self._widen(channel, int(cv2.sumElems(piece)[0]), round(cv2.norm(piece, cv2.NORM_L2SQR)))

    def _widen_all(self, counts: Histogram) -> None:
        """Take 8-bit values into ``wide``: v / 255 is 257·v / 65535."""
        for channel, row in enumerate(counts):
            self._widen(channel, 257 * int(row @ _VALUES), 257**2 * int(row @ _SQUARES))

    def _widen(self, channel: int, total: int, squares: int) -> None:
        while len(self.wide) <= channel:
            self.wide.append((0, 0))
        known = self.wide[channel]
        self.wide[channel] = (known[0] + total, known[1] + squares)

    def _grow(self, channels: int) -> None:
        if len(self.histogram) < channels:
            rows = np.zeros((channels - len(self.histogram), 256), np.int64)
            self.histogram = np.concatenate([self.histogram, rows])

    def _tally(self, shape: tuple[int, ...], size: int, pictures: int = 1) -> None:
        self.count += pictures
        self.bytes += size
        self.shapes[(shape[0], shape[1], shape[2] if len(shape) > 2 else 1)] += pictures


def histogram(pixels: Pixels) -> Histogram:
    """(channels, 256) counts of (H, W) or (H, W, C) uint8."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    return np.array([_counts(pixels, channel) for channel in range(channels)])


def _counts(pixels: Pixels, channel: int) -> Histogram:
    counts: Histogram = np.zeros(256, np.int64)
    # In float32, which is exact up to 2^24 pixels of one value; OpenCV 4 gives a column, 5 a row.
    rows = max(_EXACT // pixels.shape[1], 1)
    for start in range(0, len(pixels), rows):
        part = cv2.calcHist([pixels[start : start + rows]], [channel], None, [256], [0, 256])
        counts += part.ravel().astype(np.int64)
    return counts


def merged(parts: Iterable[dict[str, KindStatistics]]) -> dict[str, KindStatistics]:
    """Statistics by kind of several parts as one."""
    whole: dict[str, KindStatistics] = {}
    for part in parts:
        for kind, statistics in part.items():
            whole.setdefault(kind, KindStatistics()).merge(statistics)
    return whole


def to_json(kinds: dict[str, KindStatistics]) -> dict[str, Any]:
    """Statistics by kind for a marker."""
    return {kind: part.to_dict() for kind, part in kinds.items()}


def from_json(data: dict[str, Any]) -> dict[str, KindStatistics]:
    """What `to_json` wrote."""
    return {kind: KindStatistics.from_dict(part) for kind, part in data.items()}


class CompositeHistogram:
    """The histogram of many composites on few backgrounds, without counting every pixel.

    A composite equals its background outside the foreground's box. So each background's pixels are counted
    once, each with the number of composites that left it uncovered (boxes are summed as corners of a
    difference array); and of each composite only the box is counted, many boxes at a time.
    """

    _ROOM = 1 << 17

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        channels = shape[2] if len(shape) > 2 else 1
        self._counts: Histogram = np.zeros((channels, 256), np.int64)
        self._room = max(self._ROOM, shape[0] * shape[1])  # for a box as large as the frame at least
        self._boxes = np.empty((self._room, channels), np.uint8)
        self._filled = 0
        self._background: Pixels | None = None
        self._corners = np.zeros((shape[0] + 1, shape[1] + 1), np.int32)
        self._laid = 0

    def add(self, background: Pixels, image: Pixels, x: int, y: int, width: int, height: int) -> None:
        """Count one composite that differs from ``background`` only inside the box."""
        if background is not self._background:
            self._settle()
            self._background = background
        corners = self._corners
        right, below = x + width, y + height
        corners[y, x] += 1
        corners[y, right] -= 1
        corners[below, x] -= 1
        corners[below, right] += 1
        self._laid += 1
        number = width * height
        if self._filled + number > self._room:
            self._flush()
        place = self._boxes[self._filled : self._filled + number]
        place.reshape(height, width, -1)[:] = image[y:below, x:right].reshape(height, width, -1)
        self._filled += number

    def counts(self) -> Histogram:
        """(channels, 256) int64 of all composites so far."""
        self._settle()
        self._flush()
        return self._counts

    def _flush(self) -> None:
        if self._filled:
            self._counts += histogram(self._boxes[: self._filled, None])
            self._filled = 0

    def _settle(self) -> None:
        if self._background is None:
            return
        covered = self._corners.cumsum(0).cumsum(1)[:-1, :-1]
        seen = (self._laid - covered).ravel()
        planes = self._background.reshape(seen.size, -1)
        for channel in range(planes.shape[1]):
            # float64 weights: exact, as every count is far below 2^53.
            self._counts[channel] += np.bincount(planes[:, channel], seen, 256).astype(np.int64)
        self._corners[:] = 0
        self._laid, self._background = 0, None


class InsertionHistogram:
    """The statistics of many depth maps that equal their background's outside the foreground's solid pixels.

    As `CompositeHistogram`: each background's values count as often as they were left uncovered, and the
    object's one value as often as it has pixels. All of it is whole numbers.
    """

    def __init__(self) -> None:
        self._values: Counter[int] = Counter()
        self._base: AnyPixels | None = None
        self._covered: NDArray[np.int32] = np.zeros((0, 0), np.int32)
        self._laid = 0
        self._counted = KindStatistics()

    def add(self, base: AnyPixels, solid: NDArray[np.bool_], solids: int, x: int, y: int, value: int) -> None:
        """Count a map that is ``base``, (H, W) uint8 or uint16, but for ``solid`` at (x, y), where it is ``value``."""
        if base is not self._base:
            self._settle()
            self._base, self._covered = base, np.zeros(base.shape, np.int32)
        height, width = solid.shape
        self._covered[y : y + height, x : x + width] += solid
        self._values[value] += solids
        self._laid += 1

    def statistics(self, size: int) -> KindStatistics:
        """Of all maps so far, whose files have ``size`` bytes together."""
        self._settle()
        made = KindStatistics()
        made.merge(self._counted)
        made.bytes = size
        return made

    def _settle(self) -> None:
        base = self._base
        if base is None:
            return
        seen = self._laid - self._covered
        values = base.astype(np.int64)
        counted, wide = self._counted, base.dtype == np.uint16
        high = values >> 8 if wide else values
        # float64 weights: exact, as every count is far below 2^53.
        counts = np.bincount(high.ravel(), seen.ravel(), 256).astype(np.int64)
        # By rows, whose sums of squares fit into 63 bits; Python's whole numbers have no limit.
        total, squares = (sum(map(int, (part * seen).sum(1))) for part in (values, values * values))
        for value, number in self._values.items():
            counts[value >> 8 if wide else value] += number
            total, squares = total + value * number, squares + value * value * number
        part = KindStatistics()
        part.add_counted(counts[None], base.shape, 0, self._laid)
        part.wide = [(total, squares)] if wide else []
        counted.merge(part)
        self._values.clear()
        self._laid, self._base = 0, None
