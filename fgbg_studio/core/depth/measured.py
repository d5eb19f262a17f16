"""The depth that was measured with each background; the foreground is inserted at the depth of its ground contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from cachetools import LRUCache
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.sample import PlacedPatch, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.depth.inserted import contact_depth, stored_map
from fgbg_studio.core.imaging.numpy_file import bytes_of
from fgbg_studio.core.interfaces.depth import Depth, InsertingMaker, Insertion, Meaning, Scene

_CACHE = 64 << 20


@dataclass(frozen=True)
class Measured(Depth):
    """No network guesses: what a depth camera, a laser or a renderer said of each background."""

    name: ClassVar[str] = "measured"
    title: ClassVar[str] = "Measured with the backgrounds"
    needs_measured: ClassVar[bool] = True
    summary: ClassVar[str] = "the backgrounds' own depth maps; objects get the depth of the ground at their feet"

    @override
    def prepare(self, scene: Scene, cache: Store) -> Iterator[tuple[int, int]]:
        """Each background's map at the frame's size."""
        count = len(scene.backgrounds)
        for number in range(count):
            if not cache.exists(_name(number)):
                cache.put(_name(number), bytes_of(_of(scene, number)))
            yield number + 1, count

    @override
    def open(self, scene: Scene, cache: Store) -> MeasuredMaker:
        return MeasuredMaker(scene, cache)

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        how = "measured with each background; the foreground stands at the depth of its ground contact"
        return Meaning("metric", how)


def _name(number: int) -> str:
    return f"measured_{number:04}.npy"


def _of(scene: Scene, number: int) -> DepthMap:
    depth = scene.measured(number)
    if depth is None:
        raise PlanError(
            f"background {number + 1} has no measured depth",
            ["add it again with its depth", "reject it", "choose another way to depth"],
        )
    if np.isnan(depth).all():
        raise PlanError(
            f"nothing was measured in what is seen of background {number + 1}", ["move its square", "reject it"]
        )
    return depth


class MeasuredMaker(InsertingMaker):
    """Inserts foregrounds into the measured maps."""

    def __init__(self, scene: Scene, cache: Store) -> None:
        self._scene, self._cache = scene, cache
        self._bases: LRUCache[int, tuple[DepthMap, DepthMap]] = LRUCache(_CACHE, lambda maps: 2 * maps[0].nbytes)

    @override
    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        base, whole = self._maps(sample.background)
        return Insertion(base, patches, tuple([contact_depth(whole, one) for one in patches]), sample.named)

    @override
    def base(self, background: int) -> DepthMap:
        return self._maps(background)[0]

    def _maps(self, number: int) -> tuple[DepthMap, DepthMap]:
        """The map, and the same with its holes filled, in which feet find a depth wherever they stand."""
        maps = self._bases.get(number)
        if maps is None:
            if self._cache.exists(_name(number)):
                data, where = self._cache.read(_name(number)), self._cache.where(_name(number))
                base = stored_map(data, where, self._scene.size)
            else:
                base = _of(self._scene, number)  # for a preview, which prepares nothing
            maps = self._bases[number] = base, filled(base)
        return maps


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
