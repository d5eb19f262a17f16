"""The pictures of a sample as the bytes of their files, each in the fastest way that its codec has."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.compose import Composer, Composite
from fgbg_studio.core.depth import DepthMaker, DepthSample
from fgbg_studio.core.encodings import DepthMap
from fgbg_studio.core.images import encode
from fgbg_studio.core.plan import Sample
from fgbg_studio.core.png import DepthPng, MaskPng
from fgbg_studio.core.splice import SplicedJpeg

_KEPT = 128 << 16  # pixels of backgrounds that are kept in pieces: 128 of 256 × 256, at one to two bytes each


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
        self._depth_pngs: LRUCache[int, DepthPng | None] = LRUCache(kept)

    def composite(self, sample: Sample, composite: Composite) -> bytes:
        """The composite's file."""
        codec = self._codecs.fg_bg
        if codec.format != "jpeg" or codec.optimise or not codec.splice:
            return encode(composite.image, codec)
        spliced = self._spliced.get(sample.background)
        if spliced is None:
            background = self._composer.background(sample.background)
            spliced = self._spliced[sample.background] = SplicedJpeg(background, codec.quality)
        return spliced.encode(composite.image, (sample.x, sample.y, sample.width, sample.height))

    def mask(self, sample: Sample, composite: Composite) -> bytes:
        """The mask's file."""
        if self._mask_png is not None:
            return self._mask_png.encode(composite.patch.mask, sample.x, sample.y)
        return encode(composite.mask, self._codecs.mask)

    def depth(self, sample: Sample, depth: DepthSample) -> tuple[NDArray[Any], bytes]:
        """The depth map as it is stored, (D, D) uint8 or uint16, and its file."""
        pixels = self.stored_depth(depth.map)
        png = self._depth_png(sample.background)
        return pixels, png.encode(pixels, sample.y, sample.height) if png else encode(pixels, self._codecs.depth)

    def stored_depth(self, depth: DepthMap) -> NDArray[Any]:
        """A map of any size in the size and the encoding in which it is stored."""
        size = self._settings.depth_size
        if depth.shape != (size, size):
            smooth = cv2.INTER_AREA if depth.shape[0] > size else cv2.INTER_LINEAR
            crisp = self._maker is not None and self._maker.base(0) is not None
            how = cv2.INTER_NEAREST_EXACT if crisp else smooth
            depth = np.asarray(cv2.resize(depth, (size, size), interpolation=how), np.float32)
        return self._settings.depth.encoding.encode(depth)

    def _depth_png(self, background: int) -> DepthPng | None:
        """What joins depth maps to their background's, where size and encoding keep the rest the same."""
        if background not in self._depth_pngs:
            settings = self._settings
            joined = settings.depth.encoding.bits == 16 and self._codecs.depth.lossless
            base = self._maker.base(background) if self._maker and joined else None
            same = base is not None and base.shape == (settings.depth_size,) * 2
            png = DepthPng(settings.depth.encoding.encode(base)) if base is not None and same else None
            self._depth_pngs[background] = png
        return self._depth_pngs[background]
