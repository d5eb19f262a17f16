"""The pictures of a sample as the bytes of their files, each in the fastest way that its codec has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap
from fgbg_studio.core.base.sample import Composite, Sample, visible
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.depth_png import BYTES_A_PIXEL, DepthPng, Object
from fgbg_studio.core.compose.png import MaskPng
from fgbg_studio.core.compose.splice import SplicedJpeg
from fgbg_studio.core.imaging.codecs import encode
from fgbg_studio.core.interfaces.depth import DepthMaker, DepthSample, Insertion

_KEPT = 128 << 16  # pixels of backgrounds that are kept in pieces: 128 of 256 × 256, at one to two bytes each
_DEPTH_BYTES = 64 << 20  # bytes of backgrounds' depth maps that are kept ready to be joined to


class SampleEncoder:
    """Composites, masks and depth maps as files; one a worker.

    Args:
        composer: makes the composites.
        maker: makes the depth, or None where there is none.
    """

    def __init__(self, composer: Composer, maker: DepthMaker | None) -> None:
        self._composer, self._maker = composer, maker
        self._settings = composer.settings
        self._codecs = composer.settings.codecs
        side = composer.settings.size
        self._mask_png = MaskPng(side, side) if self._codecs.mask.lossless else None
        kept = max(_KEPT // side**2, 1)
        self._spliced: LRUCache[int, SplicedJpeg] = LRUCache(kept)
        self._bases: LRUCache[int, StoredBase | None] = LRUCache(max(_DEPTH_BYTES // BYTES_A_PIXEL // side**2, 1))

    def composite(self, sample: Sample, composite: Composite) -> bytes:
        """The composite's file."""
        codec = self._codecs.fg_bg
        if codec.format != "jpeg" or codec.optimise or not codec.splice:
            return encode(composite.image, codec)
        spliced = self._spliced.get(sample.background)
        if spliced is None:
            background = self._composer.background(sample.background)
            spliced = self._spliced[sample.background] = SplicedJpeg(background, codec.quality)
        return spliced.encode(composite.image, sample.box)

    def mask(self, composite: Composite) -> bytes:
        """The mask's file."""
        if self._mask_png is not None:
            return self._mask_png.encode(*composite.cropped_mask)
        return encode(composite.mask, self._codecs.mask)

    def depths(
        self, samples: Sequence[Sample], depths: Sequence[DepthSample | Insertion]
    ) -> list[tuple[AnyPixels | StoredInsertion, bytes]]:
        """Each depth map as it is stored, (D, D) uint8 or uint16 or what such a map is made of, and its file."""
        stored = [self._stored(sample, depth) for sample, depth in zip(samples, depths, strict=True)]
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

    def _stored(self, sample: Sample, depth: DepthSample | Insertion) -> AnyPixels | StoredInsertion:
        base = self._base(sample.background) if isinstance(depth, Insertion) else None
        if base is None or not isinstance(depth, Insertion):
            return self.stored_depth(depth.map)
        (values,) = self._settings.depth.encoding.encode(np.array([depth.contacts], np.float32)).tolist()
        parts = zip(visible(depth.patches), depth.patches, values, strict=True)
        return StoredInsertion(base, tuple([Object(solid, one.x, one.y, value) for solid, one, value in parts]))

    def stored_depth(self, depth: DepthMap) -> AnyPixels:
        """A map of any size in the size and the encoding in which it is stored."""
        size = self._settings.depth_size
        if depth.shape != (size, size):
            smooth = cv2.INTER_AREA if depth.shape[0] > size else cv2.INTER_LINEAR
            crisp = self._maker is not None and self._maker.base(0) is not None
            how = cv2.INTER_NEAREST_EXACT if crisp else smooth
            depth = np.asarray(cv2.resize(depth, (size, size), interpolation=how), np.float32)
        return self._settings.depth.encoding.encode(depth)

    def _base(self, background: int) -> StoredBase | None:
        """A background's map as it is stored, where encoding and size leave it as it is around an object."""
        if background not in self._bases:
            settings = self._settings
            encoding = settings.depth.encoding
            base = self._maker.base(background) if self._maker and encoding.pointwise else None
            kept = None
            if base is not None and base.shape == (settings.depth_size,) * 2:
                pixels = encoding.encode(base)
                joined = encoding.bits == 16 and self._codecs.depth.lossless
                kept = StoredBase(pixels, DepthPng(pixels) if joined else None)
            self._bases[background] = kept
        return self._bases[background]


class StoredBase(NamedTuple):
    """A background's stored map, and what joins 16-bit maps to its file."""

    pixels: AnyPixels
    png: DepthPng | None


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
