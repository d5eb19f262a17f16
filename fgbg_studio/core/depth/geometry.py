"""Depth from the horizon line: a ground plane, a back wall, the foreground upright where its placement puts it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.sample import PlacedPatch, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.depth import (
    Depth,
    InsertingMaker,
    Insertion,
    Meaning,
    Scene,
    view_of,
    wall_of,
)
from fgbg_studio.core.interfaces.placement import Placement

_CACHE = 64 << 20  # bytes of maps that are kept: backgrounds may be thousands, each with its own horizon


@dataclass(frozen=True)
class Geometry(Depth):
    """z = f·H/(y − y_h) below the horizon, the wall's distance above: needs nothing downloaded.

    Outdoors there is no wall: the ground goes on to the horizon, and what is above it, or farther than can be
    stored, has no value.

    A pinhole camera at height H over a plane, looking level, sees a ground point at depth z in the row
    y = y_h + f·H/z (Hoiem, Efros and Hebert, 'Putting objects in perspective', IJCV 2008, equation 1,
    solved for z). f is in pixels, from the field of view; where a background's own lens is known, its camera need not
    look level, see `core.base.camera`.
    """

    name: ClassVar[str] = "geometry"
    summary: ClassVar[str] = "computed from the camera and each horizon; needs no network"
    uses_camera: ClassVar[bool] = True

    @override
    def open(self, scene: Scene, cache: Store) -> GeometryMaker:
        return GeometryMaker(scene, self.placement(scene))

    def placement(self, scene: Scene) -> Placement:
        """What says how far away the objects are."""
        return scene.placement

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        walls = {wall_of(source, scene.camera) for source in scene.backgrounds}
        metres = sorted(filter(math.isfinite, walls))
        said = [f"a wall at {' to '.join(f'{end:g}' for end in sorted({metres[0], metres[-1]}))} m"] if metres else []
        said += ["no value (outdoors)"] if math.inf in walls else []
        how = f"ground plane below the horizon, {' or '.join(said)} above it, no network"
        return Meaning("metric", f"{how}; {self.placement(scene).depth_rule}")


class GeometryMaker(InsertingMaker):
    """Depth maps by the camera of each background."""

    def __init__(self, scene: Scene, placement: Placement) -> None:
        self._scene, self._reach, self._placement = scene, scene.reach, placement
        self._views = [view_of(source, scene.camera, scene.size, scene.real_height) for source in scene.backgrounds]
        map_bytes = 4 * scene.size**2
        self._ground_of = lru_cache(max(_CACHE // map_bytes, 1))(self._ground)

    @override
    def base(self, background: int) -> DepthMap:
        return self._ground_of(self._views[background])

    @override
    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        view = self._views[sample.background]
        depth, box_height = self._placement.depth, self._scene.box_height
        contacts = [
            depth(view, one.y + one.height, one.height, one.layer, box_height(one.foreground)) for one in sample.objects
        ]
        return Insertion(self.base(sample.background), patches, tuple(contacts), sample.named)

    def _ground(self, view: GroundView) -> DepthMap:
        rows = np.arange(view.frame) + 0.5  # a row is seen at its centre
        depth = np.array([view.depth(row) for row in rows.tolist()])
        if math.isinf(view.wall):
            depth[(rows <= view.horizon) | (depth > self._reach)] = math.nan
        return np.repeat(depth[:, None], view.frame, axis=1).astype(np.float32)
