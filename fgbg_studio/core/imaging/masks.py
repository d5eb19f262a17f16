"""What a mask says: which pixels are the object, by the values that are in it and not by the container they came in.

Labelling tools write 0 and 1, indices of a palette, a label's colour on black, 0 and 255 in 16 or 32 bits; editors
write greys, 16 bits, an alpha channel. Two values are background and object in whatever numbers. More of them are an
alpha where those between are the object's soft edge, and labels else. Which labels are the object only a person knows,
who is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.base.remedies import NameObject
from fgbg_studio.core.imaging.matte import HALF, SOLID
from fgbg_studio.core.imaging.reading import bands, has_alpha, read_with
from fgbg_studio.core.imaging.regions import Region

_NAMED = 6  # values that are named one by one
_FEW = 20  # labels are seldom more; an edge that was smoothed or compressed has more levels than this
_RAMP = 5  # levels of the poorest soft edge: a mask reduced to half its size, 0, 64, 128, 191, 255
_RIPPLE = 1 / 16  # of the range, from either end: what compression leaves beside an edge
_LOSSY = frozenset({"JPEG", "MPO", "JPEG2000", "WEBP", "AVIF"})
_WHITES = {"u1": (255,), "u2": (65535, 255), "i": (65535, 255), "f": (1, 255, 65535)}


@dataclass(frozen=True)
class ObjectValues:
    """Which of a mask's values are the object, as a person says it.

    Attributes:
        ranges: values from .. to, both included.
        colours: as 0xRRGGBB.
        other: whether it is all but these.
        soft: the values are an alpha instead, from the smallest (background) to the largest (solid).
    """

    ranges: tuple[tuple[float, float], ...] = ()
    colours: tuple[int, ...] = ()
    other: bool = False
    soft: bool = False

    @classmethod
    def parse(cls, text: str) -> ObjectValues:
        """``15``, ``1,2``, ``128-255``, ``#c80000``, ``not 0,255`` or ``soft``.

        Raises:
            UsageError: it is none of these.
        """
        words = text.strip().lower()
        if words == "soft":
            return cls(soft=True)
        ranges: list[tuple[float, float]] = []
        colours: list[int] = []
        for part in words.removeprefix("not ").replace(" ", "").split(","):
            if re.fullmatch(r"#[0-9a-f]{6}", part):
                colours.append(int(part[1:], 16))
            elif found := re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", part):
                ranges.append((float(found[1]), float(found[2] or found[1])))
            else:
                raise UsageError(
                    f"{text!r} does not say which values of a mask are the object",
                    "Give values (15 or 1,2 or 128-255), colours (#c80000), 'not' before these, or 'soft'",
                )
        return cls(tuple(ranges), tuple(colours), words.startswith("not "))


def read_mask(path: Path, said: ObjectValues | None = None) -> Pixels:
    """A person's mask as an alpha: (H, W) uint8, 255 where the object is solid, 0 where there is none of it.

    Args:
        path: its file; of a picture with transparency, this is the mask.
        said: which values are the object; by default what the values themselves say.

    Raises:
        PictureError: it cannot be read, shows no object or nothing else, or does not say by itself what is the object.
    """
    mask = read_with(path, _Mask)
    try:
        alpha = mask.by(said) if said else mask.by_itself()
    except _UnclearError as error:
        raise PictureError(f"{path.name} {error.args[0]} ({mask.said()})", NameObject(mask.example())) from None
    if not alpha.any() or alpha.min() == 255:
        all_or_none = "all" if alpha.any() else "nothing"
        raise PictureError(f"{path.name}: {all_or_none} of it is the object ({mask.said()})", "Make the mask again")
    if not said and _surrounds(alpha):
        raise PictureError(
            f"{path.name} seems to be inverted: what would be the object lies along every edge ({mask.said()})",
            NameObject(mask.example(brightest=False)),
        )
    return alpha


class _UnclearError(Exception):
    """What is unclear about a mask."""


class _Mask:
    """A mask's values, and how often there is each.

    Attributes:
        values: (H, W): grey levels where ``light``, else labels.
        colours: (H, W) as 0xRRGGBB where the labels have or are colours, -1 where they are transparent.
        light: whether more and less of a value mean anything.
        lossy: whether compression has changed them.
    """

    def __init__(self, image: Image.Image) -> None:
        self.lossy = image.format in _LOSSY
        self.values, self.colours, self.light = _layers(image)
        self.levels, self._ranks, self.counts = _levels(self.values)

    def said(self) -> str:
        """Its values with their shares: 'values: 0 in 80%, 15 in 18%, 255 in 2%'."""
        more = len(self.levels) - _NAMED
        named = sorted(self._by_frequency()[:_NAMED]) if more > 1 else range(len(self.levels))
        shares = [f"{self._name(self.levels[i])} in {self.counts[i] / self.values.size:.0%}" for i in named]
        return f"values: {', '.join([*shares, f'{more:,} others'] if more > 1 else shares)}"

    def example(self, *, brightest: bool = True) -> str:
        """How its commonest value that is not the background's may be named."""
        order = self._by_frequency()
        others = order[~self._background[order]]
        return self._name(self.levels[others[0] if others.size and brightest else 0])

    def _by_frequency(self) -> NDArray[np.intp]:
        return np.argsort(-self.counts, kind="stable")

    def by(self, said: ObjectValues) -> Pixels:
        """The alpha by what a person says."""
        if said.soft:
            if not self.light:
                raise _UnclearError("holds labels and no alpha")
            return self._scaled(self.levels[0], self.levels[-1])
        own = self.colours is self.values  # they are nothing but colours
        if (said.colours and self.colours is None) or (said.ranges and own):
            raise _UnclearError(f"holds {'colours and no numbers' if own else 'numbers and no colours'}")
        found = np.zeros(self.values.shape, np.bool_)
        for low, high in said.ranges:
            found |= (self.values >= low) & (self.values <= high)
        if self.colours is not None and said.colours:
            found |= np.isin(self.colours, said.colours)
        return np.where(found != said.other, np.uint8(255), np.uint8(0))

    def by_itself(self) -> Pixels:
        """The alpha by what the values say.

        Raises:
            _UnclearError: they do not.
        """
        if len(self.levels) == 1:
            return np.full(self.values.shape, 255 if self.levels[0] > 0 else 0, np.uint8)
        if not self.light:
            return self._labelled()
        if not np.isfinite(self.levels).all():
            raise _UnclearError("holds values that are no numbers")
        if len(self.levels) > 2 and self._has_labels():
            raise _UnclearError("has more than two values that are no soft edge, and does not say which are the object")
        return self._as_light()

    def _labelled(self) -> Pixels:
        background = self.levels[self._background]
        if len(self.levels) > _FEW and self.colours is self.values:
            raise _UnclearError("is a picture in colours and no mask")
        if len(self.levels) > 2 or len(background) != 1:
            raise _UnclearError("has several labels, and does not say which are the object")
        return np.where(self.values == background[0], np.uint8(0), np.uint8(255))

    @cached_property
    def _background(self) -> Region:
        """(levels,): which labels are black or transparent; index 0 of a palette where none of two is."""
        if self.colours is not None:
            _, first = np.unique(self._ranks, return_index=True)
            dark = self.colours.reshape(-1)[first] <= 0
            if dark.any():
                return np.asarray(dark, np.bool_)
        return np.asarray(self.levels == 0, np.bool_)

    def _as_light(self) -> Pixels:
        low, high = self.levels[0], self.levels[-1]
        middle, kind = (low + high) / 2, self.values.dtype.kind
        whites = _WHITES.get(f"u{self.values.dtype.itemsize}" if kind == "u" else kind, _WHITES["i"])
        two_sided = 2 * self.counts[-1] >= self.counts[self.levels > middle].sum()
        even = 2 * self.counts[0] >= self.counts[self.levels <= middle].sum()
        if two_sided and even and (low == 0 or any(low < white / 2 <= high <= white for white in whites)):
            return self._scaled(low, high)
        white = next((white for white in whites if white * SOLID / 255 <= high <= white), None)
        if white is None or low < 0:
            raise _UnclearError("does not say which value is background and which is solid")
        return self._scaled(0, white)

    def _scaled(self, low: float, high: float) -> Pixels:
        made = np.empty(self.values.shape, np.uint8)
        for band in bands(self.values):
            values = self.values[band].astype(np.float64)
            made[band] = np.rint((values - low) * (255 / (high - low))).clip(0, 255)
        return made

    def _has_labels(self) -> bool:
        """Whether values between the smallest and the largest fill areas instead of the line of an edge.

        The pixels of a soft edge differ from one to the next across it, so that no square of them is even, and take on
        many values; the pixels of a label, or of a trimap's band, are even. A wide, slow ramp is even in small squares
        too, but each of its levels adjoins the next ones and is as frequent.
        """
        many = self.lossy or len(self.levels) > _FEW
        share = (self.levels - self.levels[0]) / (self.levels[-1] - self.levels[0])
        inner = (share > _RIPPLE) & (share < 1 - _RIPPLE)
        between = inner if many else np.arange(len(self.levels)) % (len(self.levels) - 1) > 0
        pixels = int(self.counts[between].sum())
        if len(self.levels) < _RAMP and int(self.counts[inner].sum()) >= 16:
            return True
        even = self._even(4 if many else 2)
        evenly = np.zeros(len(self.levels), np.int64)
        for band in bands(even):
            evenly += np.bincount(self._ranks[band][even[band]].astype(np.intp), minlength=len(evenly))
        areas = between & (2 * evenly >= self.counts)
        if many:
            areas &= self._set_off()
        return int(self.counts[areas].sum()) >= max(16, pixels / 10)

    def _even(self, side: int) -> Region:
        """Pixels that lie in a square of ``side`` × ``side`` pixels of one value."""
        square = np.ones((side, side), np.uint8)
        first, last = (0, 0), (side - 1, side - 1)
        same = cv2.erode(self._ranks, square, anchor=first) == cv2.dilate(self._ranks, square, anchor=first)
        same[max(same.shape[0] - side + 1, 0) :] = False
        same[:, max(same.shape[1] - side + 1, 0) :] = False
        return np.asarray(cv2.dilate(same.astype(np.uint8), square, anchor=last), np.bool_)

    def _set_off(self) -> Region:
        """Levels that mostly adjoin others which are far from them, or are twice as frequent as the next ones."""
        step = max((self.levels[-1] - self.levels[0]) / 64, 1 if self.values.dtype.kind in "iu" else 0)
        changes, jumps = np.zeros(len(self.levels)), np.zeros(len(self.levels))
        for band in bands(self._ranks):
            ranks = self._ranks[band.start : band.stop + 1].astype(np.intp)  # with what lies below
            own = ranks[: band.stop - band.start]
            for one, other in ((own[:, 1:], own[:, :-1]), (ranks[1:], ranks[:-1])):
                differ = one != other
                far = np.abs(self.levels[one[differ]] - self.levels[other[differ]]) > step
                for side in (one[differ], other[differ]):
                    changes += np.bincount(side, minlength=len(changes))
                    jumps += np.bincount(side[far], minlength=len(changes))
        padded = np.pad(self.counts, 1)
        return np.asarray((2 * jumps >= np.maximum(changes, 1)) | (self.counts >= padded[:-2] + padded[2:]), np.bool_)

    def _name(self, level: float) -> str:
        if self.colours is self.values and self.colours is not None:
            return f"#{int(level):06x}" if level >= 0 else "transparent"
        return f"{level:g}"


def _layers(image: Image.Image) -> tuple[NDArray[Any], NDArray[np.int32] | None, bool]:
    """``values``, ``colours`` and ``light`` of a `_Mask`."""
    if image.mode in {"L", "F"} or image.mode.startswith("I"):
        return np.asarray(image), None, True
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8) * np.uint8(255), None, True
    clear = has_alpha(image)
    pixels = np.asarray(image.convert("RGBA" if clear or image.mode == "P" else "RGB"))
    packed = pixels[..., 0].astype(np.int32)
    for channel in (1, 2):
        packed <<= 8
        packed |= pixels[..., channel]
    if clear and pixels[..., 3].min() < pixels[..., 3].max():  # an alpha that is the same everywhere says nothing
        alpha = pixels[..., 3]
        shown = np.where(alpha > 0, packed, -1)
        if len(np.unique(alpha)) == 2 and 2 < len(np.unique(shown)) <= _FEW:
            return shown, shown, False
        return alpha, None, True
    if (pixels[..., :3].max(2) - pixels[..., :3].min(2)).max(initial=0) <= 3:
        return np.ascontiguousarray(pixels[..., 1]), None, True
    return (np.asarray(image), packed, False) if image.mode == "P" else (packed, packed, False)


def _levels(values: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[Any], NDArray[np.int64]]:
    """(the distinct values ascending, for each pixel the number of its value as OpenCV takes it, how often each is).

    Whole numbers, which nearly all are, are counted in a table, as sorting 100 megapixels takes a minute and 4 GB.
    Floats of more values than 16 bits hold are taken in as many steps, and one that is no number is like the others.
    """
    if values.dtype != np.uint8 and values.size <= _QUICKLY_SORTED:
        return _sorted_levels(values)
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            wrong = ~np.isfinite(values)
            count = int(np.count_nonzero(wrong))
            levels = np.array([0, np.nan])
            return levels, wrong.astype(np.float32), np.array([values.size - count, count], np.int64)
        low, high = float(values.min(initial=0)), float(values.max(initial=0))
        if not (low >= -1 and high <= _TABLE and (values == np.rint(values)).all()):
            if len(np.unique(values.reshape(-1)[:: max(values.size >> 20, 1)])) <= _FINE:
                return _sorted_levels(values)
            steps = np.rint((values - low) * (_FINE / (high - low)))
            found, ranks, counts = _table_levels(steps.astype(np.int32))
            return low + found * ((high - low) / _FINE), ranks, counts
        values = values.astype(np.int32)
    if values.size and not (int(values.min()) >= -1 and int(values.max()) <= _TABLE):
        return _sorted_levels(values)
    return _table_levels(values)


_TABLE, _FINE, _QUICKLY_SORTED = (1 << 24) - 1, (1 << 16) - 1, 1 << 20


def _table_levels(values: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[Any], NDArray[np.int64]]:
    """`_levels` of whole numbers from -1 to 2^24."""
    shift = 0 if values.dtype.kind == "u" else 1
    table = np.zeros(int(values.max(initial=0)) + 1 + shift, np.int64)
    for band in bands(values):
        part = values[band].astype(np.int64) + shift
        table += np.bincount(part.reshape(-1), minlength=len(table))
    found = np.flatnonzero(table)
    kind = np.uint8 if values.dtype == np.uint8 else np.float32
    numbers = np.zeros(len(table), kind)
    numbers[found] = np.arange(len(found))
    ranks = numbers[values + shift] if shift else numbers[values]
    return (found - shift).astype(np.float64), ranks, table[found]


def _sorted_levels(values: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[Any], NDArray[np.int64]]:
    levels, ranks, counts = np.unique(values, return_inverse=True, return_counts=True)
    return levels.astype(np.float64), ranks.reshape(values.shape).astype(np.float32), counts


def _surrounds(alpha: Pixels) -> bool:
    """Whether the object lies along the whole of the picture's border, as the background of an inverted mask does."""
    edges: Sequence[Pixels] = (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1])
    return all(bool((edge >= HALF).all()) for edge in edges)
