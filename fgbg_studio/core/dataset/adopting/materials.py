"""What an adopted dataset's composites were made of: backgrounds, and foregrounds as they were pasted."""

from __future__ import annotations

import re

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.project import presets

_CACHE = 64 << 20  # bytes of each sort that are kept decoded
_HALF = 128


class Materials:
    """Reads the pictures of a dataset's backgrounds and foregrounds; a missing or damaged one is None."""

    def __init__(self, contents: AdoptedContents) -> None:
        self._contents = contents
        placement = presets.get(contents.adoption.preset).settings.placement
        self._sizes = placement.sizes if isinstance(placement, Layers) else ()
        self._backgrounds: LRUCache[int, Pixels | None] = LRUCache(_CACHE, _bytes)
        self._foregrounds: LRUCache[int, Pixels | None] = LRUCache(_CACHE, _bytes)
        self._masks = {
            int(found[0]): place
            for place in reversed(range(contents.length("fg_mask")))
            if (found := re.search(r"\d+", stem(contents.name("fg_mask", place))))
        }

    @property
    def resized(self) -> bool:
        """Whether foregrounds are stored in another size than they were pasted in."""
        return bool(self._sizes)

    def background(self, number: int) -> Pixels | None:
        """(H, W, 3) of the background of that number in the contents' list."""
        if number not in self._backgrounds:
            self._backgrounds[number] = self._read("bg", self._contents.picture_of("bg", number))
        return self._backgrounds[number]

    def foreground(self, number: int, placement: str, *, mirrored: bool) -> Pixels | None:
        """(h, w, 4) of the foreground of that number in the contents' list, as it was pasted at a placement."""
        if number not in self._foregrounds:
            self._foregrounds[number] = self._cutout(number)
        rgba = self._foregrounds[number]
        if rgba is None:
            return None
        if self._sizes:
            side = self._sizes[min(int(placement.partition("_")[0]), len(self._sizes) - 1)]
            rgba = np.asarray(cv2.resize(rgba, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
        return np.ascontiguousarray(rgba[:, ::-1]) if mirrored else rgba

    def composite(self, number: int) -> Pixels:
        """(H, W, 3) of a sample.

        Raises:
            PictureError: it is missing or damaged.
            OSError: the disk refuses.
        """
        return _rgb(self._contents.pixels("fg_bg", number))

    def _cutout(self, number: int) -> Pixels | None:
        """With its own alpha, else with that of its mask's picture, as where cutouts are stored as JPEG."""
        place = self._contents.picture_of("fg", number)
        pixels = self._pixels("fg", place)
        if pixels is None:
            return None
        if pixels.ndim == 3 and pixels.shape[2] == 4:
            return _eight_bits(pixels)
        written = re.search(r"\d+", stem(self._contents.name("fg", place))) if place is not None else None
        mask = self._pixels("fg_mask", self._masks.get(int(written[0]))) if written else None
        if mask is None or mask.shape[:2] != pixels.shape[:2]:
            return None
        plane = _eight_bits(mask if mask.ndim == 2 else mask[..., 0])
        return np.dstack([_rgb(pixels), np.where(plane >= _HALF, 255, 0).astype(np.uint8)])

    def _read(self, kind: str, place: int | None) -> Pixels | None:
        pixels = self._pixels(kind, place)
        return None if pixels is None else _rgb(pixels)

    def _pixels(self, kind: str, place: int | None) -> AnyPixels | None:
        if place is None:
            return None
        try:
            return self._contents.pixels(kind, place)
        except (PictureError, OSError):
            return None


def _bytes(pixels: Pixels | None) -> int:
    return pixels.nbytes if pixels is not None else 1


def _eight_bits(pixels: AnyPixels) -> Pixels:
    return np.asarray(pixels >> 8 if pixels.dtype == np.uint16 else pixels, np.uint8)


def _rgb(pixels: AnyPixels) -> Pixels:
    eight = _eight_bits(pixels)
    if eight.ndim == 2:
        return np.asarray(cv2.cvtColor(eight, cv2.COLOR_GRAY2RGB), np.uint8)
    return np.ascontiguousarray(eight[..., :3])
