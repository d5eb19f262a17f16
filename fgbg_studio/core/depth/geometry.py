"""Depth from the horizon line: a ground plane, a back wall, the foreground upright on its feet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.depth import (
    BATCH,
    BackgroundCamera,
    CameraSettings,
    Depth,
    DepthMaker,
    Insertion,
    Meaning,
    Scene,
    wall_of,
)

_CACHE = 64 << 20  # bytes of maps that are kept: backgrounds may be thousands, each with its own horizon


@dataclass(frozen=True)
class Geometry(Depth):
    """z = f·H/(y − y_h) below the horizon, the wall's distance above: needs nothing downloaded.

    Outdoors there is no wall: the ground goes on to the horizon, and what is above it, or farther than can be
    stored, has no value.

    A pinhole camera at height H over a plane, looking level, sees a ground point at depth z in the row
    y = y_h + f·H/z (Hoiem, Efros and Hebert, 'Putting objects in perspective', IJCV 2008, equation 1,
    solved for z). f is in pixels, from the field of view.
    """

    name: ClassVar[str] = "geometry"
    summary: ClassVar[str] = "ground plane from the horizon line; nothing to download"
    uses_camera: ClassVar[bool] = True

    @override
    def open(self, scene: Scene, cache: Store) -> GeometryMaker:
        return GeometryMaker(scene)

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        walls = {wall_of(source, scene.camera) for source in scene.backgrounds}
        metres = sorted(filter(math.isfinite, walls))
        said = [f"a wall at {' to '.join(f'{end:g}' for end in sorted({metres[0], metres[-1]}))} m"] if metres else []
        said += ["no value (outdoors)"] if math.inf in walls else []
        return Meaning("metric", f"ground plane below the horizon, {' or '.join(said)} above it, no network")


class GeometryMaker(DepthMaker):
    """Depth maps by the camera of each background."""

    batch = BATCH
    runs_ahead = False

    def __init__(self, scene: Scene) -> None:
        self._scene, self._reach = scene, scene.reach
        self._keys = [_key(source, scene.camera) for source in scene.backgrounds]
        map_bytes = 4 * scene.size**2
        self._ground_of = lru_cache(max(_CACHE // map_bytes, 1))(self._ground)

    @override
    def base(self, background: int) -> DepthMap:
        return self._ground_of(*self._keys[background])

    @override
    def __call__(self, samples: Sequence[Sample], composites: Sequence[Composite]) -> list[Insertion]:
        return [self._one(s, c) for s, c in zip(samples, composites, strict=True)]

    def _one(self, sample: Sample, composite: Composite) -> Insertion:
        scene, key = self._scene, self._keys[sample.background]
        feet = np.array([float(one.y + one.height) for one in sample.objects])
        contacts = ground_depth(feet, scene.size, scene.camera, *key).tolist()
        return Insertion(self.base(sample.background), composite.patches, tuple(contacts))

    def _ground(self, horizon: float, camera_height: float, wall: float) -> DepthMap:
        size = self._scene.size
        rows = np.arange(size) + 0.5  # a row is seen at its centre
        depth = ground_depth(rows, size, self._scene.camera, horizon, camera_height, wall)
        if math.isinf(wall):
            depth[(rows <= horizon * size) | (depth > self._reach)] = math.nan
        return np.repeat(depth[:, None], size, axis=1).astype(np.float32)


def _key(source: BackgroundCamera, camera: CameraSettings) -> tuple[float, float, float]:
    """What decides a background's map: its horizon, its camera's height and its wall's distance."""
    return source.horizon, source.camera_height, wall_of(source, camera)


def ground_depth(
    rows: np.ndarray,
    size: int,
    camera: CameraSettings,
    horizon: float,
    camera_height: float,
    wall: float | None = None,
) -> np.ndarray:
    """Depth in metres of what stands in ``rows`` (float, from the top), at most the wall's distance.

    ``wall`` is a background's own, infinite where it has none.
    """
    focal = size / 2 / math.tan(math.radians(camera.field_of_view) / 2)
    below = np.maximum(rows - horizon * size, 1e-6)
    return np.minimum(focal * camera_height / below, camera.wall if wall is None else wall)
