"""The depth that was measured with each background; the foreground is inserted at the depth of its ground contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.sample import PlacedPatch
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.depth.holed import HoledMaker
from fgbg_studio.core.depth.inserted import pixels_at_feet, stored_map
from fgbg_studio.core.imaging.numpy_file import bytes_of
from fgbg_studio.core.interfaces.depth import Depth, Meaning, Scene, view_of

_GROUND = 0.1  # how far the depth may be from the ground's, in parts of it: it is the ground
_ENOUGH = 8  # pixels of it that say how far away it is


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


class MeasuredMaker(HoledMaker):
    """Inserts foregrounds into the measured maps."""

    def __init__(self, scene: Scene, cache: Store) -> None:
        super().__init__()
        self._scene, self._cache = scene, cache

    @override
    def made(self, background: int) -> DepthMap:
        name = _name(background)
        if self._cache.exists(name):
            return stored_map(self._cache.read(name), self._cache.where(name), self._scene.size)
        return _of(self._scene, background)  # for a preview, which prepares nothing

    @override
    def contact(self, background: int, whole: DepthMap, placed: PlacedPatch) -> float:
        """As everywhere; where a camera was found in the depth, of the ground alone and in the row of the foot."""
        source, scene = self._scene.backgrounds[background], self._scene
        if source.lens is None:
            return super().contact(background, whole, placed)
        view = view_of(source, scene.camera, scene.size, scene.real_height)
        found = ground_at_feet(self.base(background), placed, view)
        return super().contact(background, whole, placed) if found is None else found


def ground_at_feet(base: DepthMap, placed: PlacedPatch, view: GroundView) -> float | None:
    """How far away the ground is on which an object stands, of what was measured of that ground near its feet.

    A chair's legs, or a table's edge before the feet, are often more of the pixels there than the floor is. On the
    ground, depth times rows below the horizon is the same everywhere, which tells its pixels from others, and brings
    each to the row of the foot.

    Returns:
        In metres; None where hardly any of the ground was measured there.
    """
    solid, foot = placed.patch.solid, placed.y + len(placed.patch.solid)
    rows, columns = pixels_at_feet(len(base), solid, placed.x, placed.y)
    part = base[rows][:, columns] * np.maximum(np.arange(len(base))[rows, None] + 0.5 - view.horizon, 0)
    ground = part[np.abs(part / view.ground - 1) < _GROUND]  # NaN is not near to anything
    return float(np.median(ground) / (foot - view.horizon)) if ground.size >= _ENOUGH and foot > view.horizon else None
