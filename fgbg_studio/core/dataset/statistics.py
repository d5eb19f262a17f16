"""Exact statistics that merge: integers in, mean and standard deviation out.

A mean of means, or a mean of standard deviations, is wrong wherever batches differ; so only counts, sums and
sums of squares are kept, as whole numbers, and the division comes last. Values are reported on 0..1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import AnyPixels, Histogram, Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.compose.depth_png import Object
from fgbg_studio.core.compose.encoder import StoredBase
from fgbg_studio.core.interfaces.encoding import ONE_DEPTH

COVERAGES = 100
"""Bins of the histogram of mask coverage, each a hundredth of the frame."""

_VALUES = np.arange(256)
_SQUARES = _VALUES**2
_COUNTED = (np.dtype(np.uint8), np.dtype(np.uint16))
_EXACT = 1 << 24
_MANY_BOXES = 100  # on one background: fewer are sooner counted one by one than laid over its pixels
_PIECE = 1 << 17  # 16-bit values whose squares add up to less than 2^49


class Sum(NamedTuple):
    """Of one channel: how many values, their sum, the sum of their squares; exact whole numbers but for floats."""

    number: int = 0
    total: int | float = 0
    squares: int | float = 0

    @override
    def __add__(self, other: object) -> Sum:
        if not isinstance(other, Sum):
            return NotImplemented
        return Sum(self.number + other.number, self.total + other.total, self.squares + other.squares)

    def widened(self) -> Sum:
        """On the scale of 16 bits: v / 255 is 257·v / 65535."""
        return Sum(self.number, 257 * self.total, 257**2 * self.squares)


class InMetres(NamedTuple):
    """Mean and standard deviation over the pixels with a value, and the share of those without, 0..1."""

    mean: float
    deviation: float
    no_value: float


class KindStatistics:
    """Count, bytes, shapes and values of one kind of picture.

    Of pictures with an alpha channel the colours are counted where alpha is not 0: what is under a transparent pixel
    nobody sees. Their alpha channel itself is counted whole.

    Attributes:
        count: pictures.
        bytes: of their files.
        shapes: (height, width, channels) → pictures.
        top: the largest value there can be: 255, or 65535 once there was a 16-bit picture; 1 beside a ``stored_as``.
        sums: of each channel, on the scale of ``top``.
        histogram: (256,) int64 of the pictures with one channel: of their values, or of 16-bit values' high bytes.
        zeros: pixels of value 0, of the pictures with one channel.
        flat: pictures with one channel that have one value everywhere.
        blank: those of them whose value is 0.
        stored_as: the type of the pictures' numbers where it is neither uint8 nor uint16 (TIFF has others): their
            values have no largest one, and are counted as they are, in float64; the values that are no
            numbers (NaN, infinite) are left out. No others may be added or merged.
    """

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
        self.shapes: Counter[tuple[int, int, int]] = Counter()
        self.top = 255
        self.sums: list[Sum] = []
        self.histogram: Histogram = np.zeros(256, np.int64)
        self.zeros = self.flat = self.blank = 0
        self.stored_as = ""

    def add(self, pixels: AnyPixels, size: int) -> None:
        """Take in one picture, (H, W) or (H, W, C), whose file has ``size`` bytes."""
        if stored_as(pixels):
            self._add_as_stored(pixels, size)
        elif pixels.ndim == 3 and pixels.shape[2] > 1:
            self.add_sums(seen_sums(pixels), pixels.shape, size, top=int(np.iinfo(pixels.dtype).max))
        elif pixels.dtype == np.uint16:
            plane = np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
            self.histogram += _counts(plane.astype("<u2", copy=False).view(np.uint8).reshape(*plane.shape, 2), 1)
            self.zeros += plane.size - cv2.countNonZero(plane)
            low, high, _, _ = cv2.minMaxLoc(plane)
            self._add_flat(low == high, high == 0)
            self.add_sums([_wide_sum(plane)], pixels.shape, size, top=65535)
        else:
            counts = histogram(pixels)
            self._add_flat(counts.max() == pixels.size, counts[0] == pixels.size)
            self.add_counted(counts, pixels.shape, size)

    def _add_as_stored(self, pixels: AnyPixels, size: int) -> None:
        self.stored_as, channels = stored_as(pixels), pixels.reshape(*pixels.shape[:2], -1)
        found = []
        for number in range(channels.shape[2]):
            values = channels[..., number].astype(np.float64)
            values = values[np.isfinite(values)]
            found.append(Sum(values.size, float(values.sum()), float((values * values).sum())))
            if channels.shape[2] == 1:
                self.zeros += values.size - int(np.count_nonzero(values))
                self._add_flat(not values.size or values.min() == values.max(), not values.any())
        self.top = 1
        self.add_sums(found, pixels.shape, size, top=1)

    def _add_flat(self, flat: bool, blank: bool) -> None:
        self.flat += bool(flat)
        self.blank += bool(blank)

    def add_counted(self, counts: Histogram, shape: tuple[int, ...], size: int, pictures: int = 1) -> None:
        """Take in 8-bit pictures of one channel whose (256,) histogram is known already; not ``flat`` and ``blank``."""
        self.histogram += counts
        self.zeros += int(counts[0])
        self.add_sums([Sum(int(counts.sum()), int(counts @ _VALUES), int(counts @ _SQUARES))], shape, size, pictures)

    def add_sums(
        self, channels: Sequence[Sum], shape: tuple[int, ...], size: int, pictures: int = 1, top: int = 255
    ) -> None:
        """Take in pictures of one shape whose sums by channel, on the scale of ``top``, are known already."""
        self._take(channels, top)
        self.count += pictures
        self.bytes += size
        self.shapes[(shape[0], shape[1], shape[2] if len(shape) > 2 else 1)] += pictures

    def merge(self, other: KindStatistics) -> None:
        """Take in what another has counted."""
        self._take(other.sums, other.top)
        self.histogram += other.histogram
        self.count += other.count
        self.bytes += other.bytes
        self.shapes.update(other.shapes)
        self.zeros += other.zeros
        self.flat += other.flat
        self.blank += other.blank
        self.stored_as = self.stored_as or other.stored_as

    @property
    def between(self) -> int:
        """Pixels of pictures with one channel that are neither 0 nor 255, by their 8 high bits."""
        return int(self.histogram[1:255].sum())

    def times(self, often: int) -> KindStatistics:
        """Of the same pictures, each so often."""
        made = KindStatistics()
        made.count, made.bytes, made.top = often * self.count, often * self.bytes, self.top
        made.shapes = Counter({shape: often * number for shape, number in self.shapes.items()})
        made.sums = [Sum(often * one.number, often * one.total, often * one.squares) for one in self.sums]
        made.histogram, made.stored_as = often * self.histogram, self.stored_as
        made.zeros, made.flat, made.blank = often * self.zeros, often * self.flat, often * self.blank
        return made

    def moments(self) -> tuple[list[float], list[float]]:
        """Mean and standard deviation of each channel on 0..1 (over all pixels; the population's σ)."""
        means, deviations = [], []
        for number, total, squares in self.sums:
            # Whole numbers up to here: n·Σv² − (Σv)² loses nothing to rounding.
            mean, deviation = _moments(number, total, squares)
            means.append(mean / self.top)
            deviations.append(deviation / self.top)
        return means, deviations

    def in_metres(self, value: float) -> InMetres | None:
        """Depth where a stored 1 is ``value`` metres and 0 is no value; None where there is not one channel."""
        if len(self.sums) != 1:
            return None
        number, total, squares = self.sums[0]
        mean, deviation = _moments(number - self.zeros, total, squares)
        return InMetres(mean * value, deviation * value, self.zeros / number if number else 0.0)

    @property
    def shape(self) -> list[int] | None:
        """[height, width, channels] where all pictures have the same, else None."""
        return list(next(iter(self.shapes))) if len(self.shapes) == 1 else None

    def report(self) -> dict[str, Any]:
        """What ``stats --json`` says of the kind."""
        mean, deviation = self.moments()
        said = {"count": self.count, "bytes": self.bytes, "shape": self.shape, "mean": mean, "std": deviation}
        return said | ({"values": self.stored_as} if self.stored_as else {})

    def to_dict(self) -> dict[str, Any]:
        """All of it, for a shard's marker."""
        return {
            "count": self.count,
            "bytes": self.bytes,
            "shapes": [[*shape, number] for shape, number in sorted(self.shapes.items())],
            "top": self.top,
            "sums": self.sums,
            "histogram": self.histogram.tolist(),
            "zeros": self.zeros,
            "flat": self.flat,
            "blank": self.blank,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> KindStatistics:
        """What `to_dict` wrote."""
        made = cls()
        made.count, made.bytes, made.top = data["count"], data["bytes"], data["top"]
        made.shapes = Counter({(high, wide, channels): number for high, wide, channels, number in data["shapes"]})
        made.sums = [Sum(*channel) for channel in data["sums"]]
        made.histogram = np.array(data["histogram"], np.int64)
        # Markers of older versions have none of them.
        made.zeros, made.flat, made.blank = (data.get(name, 0) for name in ("zeros", "flat", "blank"))
        return made

    def _take(self, channels: Sequence[Sum], top: int) -> None:
        if not self.sums:
            self.top = top
        if top > self.top:
            self.sums, self.top = [channel.widened() for channel in self.sums], top
        if top < self.top:
            channels = [channel.widened() for channel in channels]
        self.sums = [one + two for one, two in zip_longest(self.sums, channels, fillvalue=Sum())]


def stored_as(pixels: AnyPixels) -> str:
    """The type of a picture's numbers; empty for those that nearly all pictures have, uint8 and uint16."""
    return "" if pixels.dtype in _COUNTED else str(pixels.dtype)


def _moments(number: int, total: float, squares: float) -> tuple[float, float]:
    """Mean and standard deviation of so many values with such a sum and sum of squares."""
    if not number:
        return 0.0, 0.0
    # Whole numbers up to here: n·Σv² − (Σv)² loses nothing to rounding (floats may lose so much that it is under 0).
    return total / number, math.sqrt(max((number * squares - total * total) / number**2, 0.0))


def seen_sums(pixels: AnyPixels) -> list[Sum]:
    """As `sums`, but the colours of RGBA over the pixels alone that are not wholly transparent."""
    if pixels.shape[2] < 4:
        return sums(pixels)
    alpha, seen = pixels[..., 3], pixels[..., 3] > 0
    colours = sums(pixels[seen].reshape(-1, 1, 4))[:3] if seen.any() else [Sum()] * 3
    return [*colours, sums(np.dstack([alpha, alpha]))[0]]


def sums(pixels: AnyPixels) -> list[Sum]:
    """Of each channel of (H, W, C) uint8 or uint16, C of 2 to 4."""
    if pixels.dtype == np.uint16:
        return [_wide_sum(np.ascontiguousarray(pixels[..., channel])) for channel in range(pixels.shape[2])]
    channels = pixels.shape[2]
    if channels == 3:  # OpenCV adds up four channels seven times as fast as three
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
    return _byte_sums(pixels)[:channels]


def _byte_sums(pixels: AnyPixels) -> list[Sum]:
    """Of (H, W, C) uint8."""
    made, rows = [Sum()] * pixels.shape[2], max(_EXACT // pixels.shape[1], 1)
    for start in range(0, len(pixels), rows):
        part = np.ascontiguousarray(pixels[start : start + rows])
        number = part.shape[0] * part.shape[1]
        mean, deviation = (values.ravel().tolist() for values in cv2.meanStdDev(part))
        # Whole numbers came in, so rounding gives them back: n·(σ² + μ²) is off by some 2^-51 of itself, far
        # under a half for 2^24 values.
        both = zip(mean, deviation, strict=True)
        parts = [Sum(number, round(m * number), round((d * d + m * m) * number)) for m, d in both]
        made = [one + two for one, two in zip(made, parts, strict=True)]
    return made


def _wide_sum(plane: AnyPixels) -> Sum:
    """Of (H, W) uint16, contiguous."""
    made, values = Sum(), plane.ravel()
    for start in range(0, values.size, _PIECE):
        piece = values[start : start + _PIECE]
        # OpenCV adds in float64, which is exact for whole numbers below 2^53, but squares its own square
        # root: that is off by at most 3·2^-53 of the sum, under a half where the sum is under 2^50.
        made += Sum(piece.size, int(cv2.sumElems(piece)[0]), round(cv2.norm(piece, cv2.NORM_L2SQR)))
    return made


def histogram(pixels: Pixels) -> Histogram:
    """(256,) counts of (H, W) or (H, W, 1) uint8."""
    return _counts(pixels, 0)


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


class CompositeSums:
    """The sums of many colour composites on few backgrounds, without reading every pixel.

    A composite equals its background outside the box around its objects. So each background's pixels are counted
    once, each with the number of composites that left it uncovered (boxes are summed as corners of a
    difference array); and of each composite only the box is counted.

    Args:
        shape: (H, W, 3) of the composites, at most 2^24 pixels.
        background: gives a background's pixels by its number.
    """

    def __init__(self, shape: tuple[int, ...], background: Callable[[int], Pixels]) -> None:
        self._shape, self._background = shape, background
        # OpenCV adds up four channels seven times as fast as three; in the same memory, which stays in the cache.
        self._room = np.empty((shape[0] * shape[1], 1, 4), np.uint8)
        self._moments: list[Any] = []  # of each box: mean and deviation, both (4, 1) float64
        self._laid: Counter[int] = Counter()
        self._backgrounds: list[int] = []
        self._boxes: list[Box] = []

    def add(self, image: Pixels, background: int, *boxes: Box) -> None:
        """Count one (H, W, 3) composite that differs from its background, given by number, only inside ``boxes``.

        No two of them have a pixel in common.
        """
        self._laid[background] += 1
        for box in boxes:
            self._moments.append(self._measured(image, box))
            self._backgrounds.append(background)
            self._boxes.append(box)

    def _measured(self, image: Pixels, box: Sequence[int]) -> Any:
        """Mean and deviation of the pixels in ``box``, both (4, 1) float64."""
        x, y, width, height = box
        room = self._room[: width * height].reshape(height, width, 4)
        return cv2.meanStdDev(cv2.cvtColor(image[y : y + height, x : x + width], cv2.COLOR_RGB2RGBA, dst=room))

    def sums(self) -> list[Sum]:
        """Of the three channels of all composites that were added."""
        if not self._moments:
            return [Sum()] * 3
        backgrounds, boxes = np.array(self._backgrounds), np.array(self._boxes)
        found = _added_up(self._moments, boxes)
        for background, laid in sorted(self._laid.items()):
            own, pixels = boxes[backgrounds == background], self._background(background)
            if len(own) > _MANY_BOXES:
                seen = self._uncovered(own, laid)
                values = pixels.reshape(seen.size, 3).astype(np.float64)
                found += seen @ values, seen @ (values * values)
            else:  # a spread run has few on each: all of it as often, without what is below the boxes
                whole = np.array([[0, 0, self._shape[1], self._shape[0]]])
                found += laid * _added_up([self._measured(pixels, whole[0])], whole)
                found -= _added_up([self._measured(pixels, box) for box in own.tolist()], own)
        totals, squares = found
        number = self._laid.total() * self._shape[0] * self._shape[1]
        return [Sum(number, int(total), int(square)) for total, square in zip(totals, squares, strict=True)]

    def _uncovered(self, boxes: NDArray[np.integer[Any]], laid: int) -> NDArray[np.float64]:
        """(H·W,) how many of ``laid`` pictures leave each pixel alone with all their boxes, (n, 4)."""
        left, top, width, height = boxes.T
        right, below = left + width, top + height
        corners: NDArray[np.int64] = np.zeros((self._shape[0] + 1, self._shape[1] + 1), np.int64)
        for row, column, sign in ((top, left, 1), (top, right, -1), (below, left, -1), (below, right, 1)):
            np.add.at(corners, (row, column), sign)
        covered = corners.cumsum(0).cumsum(1)[:-1, :-1]
        return (laid - covered).ravel().astype(np.float64)


def _added_up(moments: Sequence[Any], boxes: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """(2, 3): the sums and the sums of squares of three channels in all of the boxes, (n, 4), by their `moments`."""
    means, deviations = np.array(moments)[..., :3, 0].swapaxes(0, 1)
    pixels = (boxes[:, 2] * boxes[:, 3]).astype(np.float64)[:, None]
    # In float64, which is exact: rounded to the whole numbers that they are, as in `sums`; and added up they stay far
    # below 2^53.
    return np.stack([np.rint(part * pixels).sum(0) for part in (means, deviations**2 + means**2)])


class InsertionHistogram:
    """The statistics of many depth maps that equal their background's outside their objects' pixels.

    As `CompositeSums`: each background's values count as often as they were left uncovered, and an
    object's one value as often as it has pixels. All of it is whole numbers.
    """

    def __init__(self) -> None:
        self._values: Counter[int] = Counter()
        self._base: StoredBase | None = None
        self._covered: NDArray[np.int32] = np.zeros((0, 0), np.int32)
        self._laid = 0
        self._level: int | None = None  # the base's one value, where it has no other
        self._counted = KindStatistics()
        self._flaws: Counter[str] = Counter()

    def add(self, base: StoredBase, objects: Sequence[Object]) -> None:
        """Count a map that is ``base``, (H, W) uint8 or uint16, but for ``objects``, of which no two share a pixel."""
        if base is not self._base:
            self._settle()
            self._base, self._covered = base, np.zeros(base.pixels.shape, np.int32)
            low, high, _, _ = cv2.minMaxLoc(base.pixels)
            self._level = int(low) if low == high else None
        for solid, x, y, value in objects:
            height, width = solid.shape
            self._covered[y : y + height, x : x + width] += solid
            self._values[value] += int(np.count_nonzero(solid))
        self._laid += 1
        if self._level is not None and all(one.value == self._level for one in objects):
            self._counted.flat += 1
            self._counted.blank += self._level == 0

    def statistics(self) -> KindStatistics:
        """Of all maps so far; of files it knows nothing."""
        self._settle()
        return self._counted

    def flaws(self) -> Counter[str]:
        """How many of the backgrounds' pixels in all maps so far, and of the maps, are not stored as they are."""
        self._settle()
        return self._flaws

    def _settle(self) -> None:
        if self._base is None:
            return
        base, seen = self._base.pixels, self._laid - self._covered
        for name, where in self._base.flaws:
            self._flaws[name] += int((seen * where).sum())
        if self._base.flat:
            self._flaws[ONE_DEPTH] += self._laid
        values = base.astype(np.int64)
        counted, wide = self._counted, base.dtype == np.uint16
        high = values >> 8 if wide else values
        # float64 weights: exact, as every count is far below 2^53.
        counts = np.bincount(high.ravel(), seen.ravel(), 256).astype(np.int64)
        # By rows, whose sums of squares fit into 63 bits; Python's whole numbers have no limit.
        total, squares = (sum(map(int, (part * seen).sum(1))) for part in (values, values * values))
        zeros = int(seen[base == 0].sum()) + self._values[0]
        for value, number in self._values.items():
            counts[value >> 8 if wide else value] += number
            total, squares = total + value * number, squares + value * value * number
        top = 65535 if wide else 255
        counted.histogram += counts
        counted.zeros += zeros
        counted.add_sums([Sum(base.size * self._laid, total, squares)], base.shape, 0, self._laid, top)
        self._values.clear()
        self._laid, self._base = 0, None
