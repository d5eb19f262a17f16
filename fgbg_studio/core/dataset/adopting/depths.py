"""Depth maps of composites that have none: a network sees each composite, or each background once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import cv2
import numpy as np
from cachetools import LRUCache

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.dataset.adopting.materials import Materials
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.dataset.inspect.adoption import CompletedPicture
from fgbg_studio.core.depth.flaws import refuse_misfit
from fgbg_studio.core.depth.inserted import depth_at_feet
from fgbg_studio.core.depth.network_record import normalised, open_model
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.interfaces.depth import Meaning
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.project.settings import Settings

_CACHE = 64 << 20  # bytes of backgrounds' depth
_SOLID = 128  # a mask that was stored as JPEG has values between, too
_WAYS = {
    "network": "{0} saw every composite",
    "inserted": "{0} saw each background; the object stands at the depth at its feet, where its mask is",
}


_BY_BACKGROUNDS = {"inserted"}  # ways by which the network sees backgrounds, not composites


class DepthCompleter:
    """Makes depth maps of a few samples at once.

    Attributes:
        how: in which way, with which network, as a clause.

    Raises:
        UsageError: no network is named, it gives no depth, or what it gives cannot be stored so.
        NetworkError: its file cannot be used.
    """

    kind = "depth"

    def __init__(
        self, contents: AdoptedContents, settings: Settings, codec: Codec, way: Literal["network", "inserted"]
    ) -> None:
        self._contents, self._settings, self._codec = contents, settings, codec
        self._materials, self._inserts = Materials(contents), way in _BY_BACKGROUNDS
        self._network = open_model(settings.depth, settings.size, threads=0)
        kind: Literal["metric", "relative"] = "metric" if self._network.kind == "metric" else "relative"
        refuse_misfit(Meaning(kind, "", self._network.name), settings)
        self.how = _WAYS[way].format(f"the network {self._network.name} (sha256 {self._network.sha256[:12]})")
        self._bases: LRUCache[int, DepthMap] = LRUCache(_CACHE, lambda depth: depth.nbytes)

    @property
    def batch(self) -> int:
        """How many it likes at once."""
        return 1 if self._inserts else self._network.at_once

    def name(self, number: int) -> str:
        """Of the sample's composite."""
        return stem(self._contents.name("fg_bg", number))

    def __call__(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes, CompletedPicture, str]]:
        """See `complete._made`.

        Raises:
            PictureError: a picture that is needed is missing or damaged.
            OSError: it cannot be read.
        """
        composites = [self._materials.composite(number) for number in numbers]
        if self._inserts:
            maps = [self._inserted(number, one) for number, one in zip(numbers, composites, strict=True)]
        else:
            maps = self._seen(composites)
        for number, composite, depth in zip(numbers, composites, maps, strict=True):
            data = encode(self._stored(depth, composite), self._codec)
            yield number, data, CompletedPicture("depth", self.name(number), self.how, "sure"), ""

    def _seen(self, pictures: Sequence[Pixels]) -> list[DepthMap]:
        """What the network says of each; pictures of one size together."""
        if len({one.shape for one in pictures}) > 1:
            return [depth for one in pictures for depth in self._seen([one])]
        maps = self._network(np.stack(pictures))
        return list(normalised(maps) if self._network.kind == "relative" else maps)

    def _inserted(self, number: int, composite: Pixels) -> DepthMap:
        """(H, W): the background's depth, and the object at that of its feet."""
        about = self._contents.triple(number)
        if about.background not in self._bases:
            background = self._materials.background(about.background) if about.background >= 0 else None
            if background is None:
                raise PictureError(f"the background of {about.name} is not there", "Let the network see composites")
            self._bases[about.background] = self._seen([background])[0]
        high, wide = composite.shape[:2]
        base = np.asarray(cv2.resize(self._bases[about.background], (wide, high)), np.float32)
        mask = self._contents.pixels("mask", number)
        solid = (mask if mask.ndim == 2 else mask[..., 0]) >= _SOLID
        if solid.shape != (high, wide):
            raise PictureError(f"composite and mask of {about.name} differ in size", "Scale one of them")
        x, y, width, height = cv2.boundingRect(solid.astype(np.uint8))
        if not width:
            return base
        feet = depth_at_feet(base, solid[y : y + height, x : x + width], x, y)
        return np.where(solid, np.float32(feet), base)

    def _stored(self, depth: DepthMap, composite: Pixels) -> AnyPixels:
        """In the size and the encoding in which it is stored."""
        own, (high, wide) = self._settings.depth.size, composite.shape[:2]
        size = (own, own) if own else (wide, high)
        if depth.shape != size[::-1]:
            smooth = cv2.INTER_AREA if depth.shape[0] > size[1] else cv2.INTER_LINEAR
            how = cv2.INTER_NEAREST_EXACT if self._inserts else smooth
            depth = np.asarray(cv2.resize(depth, size, interpolation=how), np.float32)
        return self._settings.depth.encoding.encode(depth)
