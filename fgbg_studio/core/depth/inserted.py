"""The network sees each background once; the foreground is inserted at the depth of its ground contact."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap, Ints
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.foreign import UnreadableError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.sample import PlacedPatch, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.depth.network_record import as_rgb, network_meaning, normalised, open_first, recall
from fgbg_studio.core.imaging.numpy_file import array_of, bytes_of
from fgbg_studio.core.interfaces.depth import Depth, InsertingMaker, Insertion, Meaning, Scene

_CACHE = 64 << 20


@dataclass(frozen=True)
class Inserted(Depth):
    """One inference a background, crisp borders, and a depth for every foreground that was pasted."""

    name: ClassVar[str] = "inserted"
    title: ClassVar[str] = "Network, once per background"
    summary: ClassVar[str] = "objects get the depth of the ground at their feet; sharp outlines, quick"
    needs_network: ClassVar[bool] = True

    @override
    def prepare(self, scene: Scene, cache: Store) -> Iterator[tuple[int, int]]:
        """Depth of every background, kept by the contents of picture and network."""
        network = open_first(scene, cache)
        count = len(scene.backgrounds)
        for number in range(count):
            name = _name(scene, number, network.sha256)
            if not cache.exists(name):
                maps = network(as_rgb(scene.background(number))[None])
                if network.kind == "relative":
                    maps = normalised(maps)
                cache.put(name, bytes_of(maps[0]))
            yield number + 1, count

    @override
    def open(self, scene: Scene, cache: Store) -> InsertingMaker:
        return InsertedMaker(scene, cache)

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        return network_meaning(
            cache, "the network saw each background; the foreground stands at the depth of its ground contact"
        )


def _name(scene: Scene, number: int, network_sha256: str) -> str:
    content = hashlib.sha256(scene.background(number).tobytes()).hexdigest()
    return f"{content[:20]}-{network_sha256[:20]}.npy"


_LONGEST = 32_000  # rows or columns: OpenCV counts them in 16 bits


def stored_map(data: bytes, where: str, side: int | None = None) -> DepthMap:
    """A map of depth as `numpy.save` wrote it: (H, W), of sides as OpenCV resizes them.

    Raises:
        DatasetError: it is none, or has another ``side`` where one is given; ``where`` is named.
    """
    try:
        values = array_of(data)
    except UnreadableError as error:
        raise _damaged(where) from error
    if values.dtype != np.dtype("<f4") or values.ndim != 2 or not values.flags.c_contiguous:
        raise _damaged(where)
    if max(values.shape) > _LONGEST or (side and values.shape != (side, side)):
        raise _damaged(where)
    return values.astype(np.float32, copy=False)


def _damaged(where: str) -> DatasetError:
    return DatasetError(f"{where} is damaged", GenerateAgain(then="it will be made again"))


class InsertedMaker(InsertingMaker):
    """Inserts foregrounds into the prepared maps."""

    def __init__(self, scene: Scene, cache: Store) -> None:
        self._scene, self._cache = scene, cache
        network = recall(cache)
        self._network, self.metric = network.get("sha256", ""), network.get("kind") != "relative"
        self._bases: LRUCache[int, DepthMap] = LRUCache(_CACHE, lambda depth: depth.nbytes)

    @override
    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        base = self.base(sample.background)
        return Insertion(base, patches, tuple([contact_depth(base, one) for one in patches]), sample.named)

    @override
    def base(self, background: int) -> DepthMap:
        base = self._bases.get(background)
        if base is None:
            name = _name(self._scene, background, self._network)
            if not self._cache.exists(name):
                raise DatasetError(f"{self._cache.where(name)} is missing", GenerateAgain(then="it will be made again"))
            size = self._scene.size
            stored = stored_map(self._cache.read(name), self._cache.where(name))
            base = np.asarray(cv2.resize(stored, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
            self._bases[background] = base
        return base


def contact_depth(base: DepthMap, placed: PlacedPatch) -> float:
    """The background's depth where a foreground stands; see `depth_at_feet`."""
    return depth_at_feet(base, placed.patch.solid, placed.x, placed.y)


def depth_at_feet(base: DepthMap, solid: NDArray[np.bool_], x: int, y: int) -> float:
    """The background's depth where an object stands, whose pixels ``solid`` begin at (x, y).

    The median over the columns of the object's lowest part and a band of rows about the foot: one noisy pixel
    does not count, nor a table's edge that only part of the feet meets; feet cut by the frame's lower edge
    take the last rows there are.
    """
    rows, columns = pixels_at_feet(len(base), solid, x, y)
    # By hand, because numpy's median takes longer than all the rest of an insertion.
    values = np.sort(base[rows][:, columns], axis=None)
    middle = len(values) // 2
    return float((values[middle] + values[-1 - middle]) / np.float32(2))


def pixels_at_feet(size: int, solid: NDArray[np.bool_], x: int, y: int) -> tuple[slice, Ints]:
    """Rows and columns, in a frame of ``size`` pixels, about the foot of an object; see `depth_at_feet`."""
    height, width = solid.shape
    band = max(size // 50, 2)
    sole = solid[-max(height // 12, 2) :].any(axis=0)
    columns = x + (np.flatnonzero(sole) if sole.any() else np.arange(width))
    top = max(min(y + height - band, size - 2 * band), 0)
    return slice(top, top + 2 * band), columns
