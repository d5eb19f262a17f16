"""Backgrounds' depth maps that have no value in places, as where nothing was measured, or where the sky is seen."""

from __future__ import annotations

import cv2
import numpy as np
from cachetools import LRUCache
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.sample import PlacedPatch, Sample
from fgbg_studio.core.depth.inserted import contact_depth
from fgbg_studio.core.interfaces.depth import InsertingMaker, Insertion

_CACHE = 64 << 20


class HoledMaker(InsertingMaker):
    """Inserts foregrounds into such maps: where feet stand in a hole, the nearest known depth is the ground's."""

    def __init__(self) -> None:
        self._maps: LRUCache[int, tuple[DepthMap, DepthMap]] = LRUCache(_CACHE, lambda maps: 2 * maps[0].nbytes)

    def made(self, background: int) -> DepthMap:
        """(S, S) float32: a background's map, NaN where there is no value, which is not everywhere."""
        raise NotImplementedError

    @override
    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        base, whole = self._both(sample.background)
        contacts = tuple([self.contact(sample.background, whole, one) for one in patches])
        return Insertion(base, patches, contacts, sample.named)

    def contact(self, background: int, whole: DepthMap, placed: PlacedPatch) -> float:  # noqa: ARG002 - who knows cameras
        """How far away a foreground stands in the background's map ``whole``, whose holes are filled."""
        return contact_depth(whole, placed)

    @override
    def base(self, background: int) -> DepthMap:
        return self._both(background)[0]

    def _both(self, number: int) -> tuple[DepthMap, DepthMap]:
        """The map, and the same with its holes filled."""
        both = self._maps.get(number)
        if both is None:
            made = self.made(number)
            both = self._maps[number] = made, filled(made)
        return both


def filled(depth: DepthMap) -> DepthMap:
    """The map with the nearest known value where it has none; it has at least one."""
    unknown = np.isnan(depth)
    if not unknown.any():
        return depth
    _, labels = cv2.distanceTransformWithLabels(
        unknown.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    values = np.zeros(int(labels.max()) + 1, np.float32)
    values[labels[~unknown]] = depth[~unknown]
    whole: DepthMap = values[labels]
    return whole
