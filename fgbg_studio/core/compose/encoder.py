"""The pictures of a sample as the bytes of their files, each in the fastest way that its codec has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Ints
from fgbg_studio.core.base.sample import Composite, Sample, index_map, visible
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.depth_png import BYTES_A_PIXEL, DepthPng, Object
from fgbg_studio.core.compose.png import MaskPng
from fgbg_studio.core.compose.splice import SplicedJpeg
from fgbg_studio.core.imaging.codecs import encode
from fgbg_studio.core.interfaces.depth import DepthMaker, DepthSample, Insertion
from fgbg_studio.core.interfaces.encoding import ONE_DEPTH

_KEPT = 128 << 16  # pixels of backgrounds that are kept in pieces: 128 of 256 × 256, at one to two bytes each
_DEPTH_BYTES = 192 << 20  # bytes of backgrounds' depth maps that are kept ready to be joined to


class SampleEncoder:
    """Composites, masks and depth maps as files; one a worker.

    Args:
        composer: makes the composites.
        maker: makes the depth, or None where there is none.
        files: whether depth maps are wanted as files, and not only `stored`: what those are joined to takes a few
            milliseconds a background.

    Attributes:
        counts: what of the depth maps so far is not stored as it is, by the names in `interfaces/encoding.py`;
            without the backgrounds of `StoredInsertion`, which `InsertionHistogram` counts.
    """

    def __init__(self, composer: Composer, maker: DepthMaker | None, *, files: bool = True) -> None:
        self._composer, self._maker, self._files = composer, maker, files
        self._settings = composer.settings
        self._codecs = composer.settings.codecs
        side = composer.settings.size
        self._mask_png = MaskPng(side, side) if self._codecs.mask.lossless else None
        self._index_png = MaskPng(side, side)
        kept = max(_KEPT // side**2, 1)
        self._spliced: LRUCache[int, SplicedJpeg] = LRUCache(kept)
        self._bases: LRUCache[int, StoredBase | None] = LRUCache(max(_DEPTH_BYTES // BYTES_A_PIXEL // side**2, 1))
        self._flaws: dict[int, tuple[bool, bool]] = {}
        self.counts: Counter[str] = Counter()

    def composite(self, sample: Sample, composite: Composite) -> bytes:
        """The composite's file."""
        codec = self._codecs.fg_bg
        if codec.format != "jpeg" or codec.optimise or not codec.splice:
            return encode(composite.image, codec)
        spliced = self._spliced.get(sample.background)
        if spliced is None:
            background = self._composer.background(sample.background)
            spliced = self._spliced[sample.background] = SplicedJpeg(background, codec.quality)
        return spliced.encode(composite.image, *composite.boxes)

    def mask(self, composite: Composite) -> bytes:
        """The mask's file."""
        if self._mask_png is not None:
            return self._mask_png.encode(*composite.cropped_mask)
        return encode(composite.mask, self._codecs.mask)

    def instances(self, sample: Sample, composite: Composite) -> bytes:
        """The index map's file."""
        return self._index_png.encode(*index_map(composite.patches, sample.indices))

    def depths(
        self, samples: Sequence[Sample], depths: Sequence[DepthSample | Insertion]
    ) -> list[tuple[AnyPixels | StoredInsertion, bytes]]:
        """Each depth map as it is stored, (D, D) uint8 or uint16 or what such a map is made of, and its file."""
        stored = self.stored(samples, depths)
        files, joined = [b""] * len(stored), dict[int, list[int]]()
        for number, (sample, one) in enumerate(zip(samples, stored, strict=True)):
            if not isinstance(one, StoredInsertion):
                files[number] = encode(one, self._codecs.depth)
            elif one.base.png is None:
                files[number] = encode(one.pixels, self._codecs.depth)
            else:
                joined.setdefault(sample.background, []).append(number)
        for numbers in joined.values():
            ones = [one for number in numbers if isinstance(one := stored[number], StoredInsertion)]
            png = ones[0].base.png
            assert png is not None
            for number, data in zip(numbers, png.encode([one.objects for one in ones]), strict=True):
                files[number] = data
        return list(zip(stored, files, strict=True))

    def stored(
        self, samples: Sequence[Sample], depths: Sequence[DepthSample | Insertion]
    ) -> list[AnyPixels | StoredInsertion]:
        """Each depth map as it is stored, before it is a file."""
        contacts = self._contacts([depth for depth in depths if isinstance(depth, Insertion)])
        return [
            self._inserted(sample.background, depth, contacts)
            if isinstance(depth, Insertion)
            else self._whole(depth.map, counting=True, flat=_is_flat(depth.map))
            for sample, depth in zip(samples, depths, strict=True)
        ]

    def _contacts(self, insertions: Sequence[Insertion]) -> Iterator[_Contact]:
        """The objects' contacts, one after the other, as they are stored."""
        # All at once: numpy's calls, not its loops, are what costs time here.
        depths = np.array([[contact for one in insertions for contact in one.contacts]], np.float32)
        if not depths.size:
            return iter(())
        encoding = self._settings.depth.encoding
        values = encoding.encode(depths)[0].tolist() if encoding.pointwise else [0] * depths.size
        flaws = [""] * depths.size
        for name, where in encoding.unheld(depths):
            for number in np.flatnonzero(where).tolist():
                flaws[number] = name
        return iter(list(map(_Contact, values, flaws)))

    def _inserted(self, background: int, depth: Insertion, contacts: Iterator[_Contact]) -> AnyPixels | StoredInsertion:
        """As it is stored; takes the contacts of its objects."""
        base, own = self._base(background), list(islice(contacts, len(depth.contacts)))
        if base is None:
            flawed, flat = self._flaws_of(background)
            return self._whole(depth.map, counting=flawed or any(one.flaw for one in own), flat=flat)
        objects = []
        for solid, placed, (value, flaw) in zip(depth.seen or visible(depth.patches), depth.patches, own, strict=True):
            objects.append(Object(solid, placed.x, placed.y, value))
            if flaw:
                self.counts[flaw] += int(np.count_nonzero(solid))
        return StoredInsertion(base, tuple(objects))

    def _whole(self, depth: DepthMap, *, counting: bool, flat: bool) -> AnyPixels:
        """A whole map as it is stored; with ``counting`` the pixels are counted that are not stored as they are."""
        encoding, fitted = self._settings.depth.encoding, self._fitted(depth)
        if flat:
            self.counts[ONE_DEPTH] += 1
        if counting:
            for name, where in encoding.unheld(fitted):
                self.counts[name] += int(np.count_nonzero(where))
        return encoding.encode(fitted)

    def _flaws_of(self, background: int) -> tuple[bool, bool]:
        """Whether a background's own map has pixels to be counted, and whether it is the same everywhere."""
        if background not in self._flaws:
            base = self._maker.base(background) if self._maker else None
            unheld = base is not None and any(True for _ in self._settings.depth.encoding.unheld(base))
            self._flaws[background] = unheld, base is not None and _is_flat(base)
        return self._flaws[background]

    def stored_depth(self, depth: DepthMap) -> AnyPixels:
        """A map of any size in the size and the encoding in which it is stored."""
        return self._settings.depth.encoding.encode(self._fitted(depth))

    def _fitted(self, depth: DepthMap) -> DepthMap:
        size = self._settings.depth_size
        if depth.shape != (size, size):
            smooth = cv2.INTER_AREA if depth.shape[0] > size else cv2.INTER_LINEAR
            crisp = self._maker is not None and self._maker.base(0) is not None
            how = cv2.INTER_NEAREST_EXACT if crisp else smooth
            depth = np.asarray(cv2.resize(depth, (size, size), interpolation=how), np.float32)
        return depth

    def _base(self, background: int) -> StoredBase | None:
        """A background's map as it is stored, where encoding and size leave it as it is around an object."""
        if background not in self._bases:
            settings = self._settings
            encoding = settings.depth.encoding
            base = self._maker.base(background) if self._maker and encoding.pointwise else None
            kept = None
            if base is not None and base.shape == (settings.depth_size,) * 2:
                pixels = encoding.encode(base)
                joined = self._files and encoding.bits == 16 and self._codecs.depth.lossless
                flaws = tuple((name, where.astype(np.int64)) for name, where in encoding.unheld(base))
                kept = StoredBase(pixels, DepthPng(pixels) if joined else None, flaws, _is_flat(base))
            self._bases[background] = kept
        return self._bases[background]


class _Contact(NamedTuple):
    """A contact's stored value, and the name of what is wrong with it, empty where nothing is."""

    value: int
    flaw: str


def _is_flat(depth: DepthMap) -> bool:
    return bool(np.nanmin(depth, initial=np.inf) == np.nanmax(depth, initial=-np.inf))


class StoredBase(NamedTuple):
    """A background's stored map, and what joins 16-bit maps to its file.

    ``flaws`` are what of it is not stored as it is, each with its pixels (1 there, else 0); ``flat`` says that it is
    the same everywhere.
    """

    pixels: AnyPixels
    png: DepthPng | None
    flaws: tuple[tuple[str, Ints], ...] = ()
    flat: bool = False


class StoredInsertion(NamedTuple):
    """A stored depth map that is ``base`` but for the pixels of ``objects``, of which no two have the same."""

    base: StoredBase
    objects: tuple[Object, ...]

    @property
    def pixels(self) -> AnyPixels:
        """The whole map, made at each call."""
        pixels = self.base.pixels.copy()
        for solid, x, y, value in self.objects:
            height, width = solid.shape
            np.copyto(pixels[y : y + height, x : x + width], pixels.dtype.type(value), where=solid)
        return pixels
