"""Rooms whose camera is known: what a depth camera sees in them, ray by ray."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.placement.ground import Lens

Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
"""(left, right), (bottom, top), (near, far) in metres over the floor, from under the camera."""
TABLE: Box = ((-0.9, 0.9), (0.70, 0.74), (1.3, 2.6))
SHELF: Box = ((0.9, 1.5), (0.0, 1.8), (2.2, 2.8))
BED: Box = ((-1.9, -0.6), (0.0, 0.5), (1.5, 3.4))


@dataclass(frozen=True)
class Room:
    """What is seen of a room by a camera; ``depth`` has the noise of a depth camera.

    ``horizon`` is the row at the middle column, ``floor`` where the floor itself is seen.
    """

    depth: DepthMap
    floor: Region
    lens: Lens
    horizon: float
    height: float
    pitch: float


def room(
    height: float = 1.5, pitch: float = 20.0, roll: float = 0.0, boxes: tuple[Box, ...] = (TABLE, SHELF),
    wall: float = 4.0, noise: float = 1.0, seed: int = 0, size: tuple[int, int] = (320, 240), focal: float = 262.0,
) -> Room:  # fmt: skip
    """A room with walls at the back and the sides, a ceiling, and boxes; angles in degrees, lengths in metres."""
    width, rows = size
    lens = Lens(focal, focal, (width - 1) / 2, (rows - 1) / 2)
    v, u = np.mgrid[0:rows, 0:width].astype(np.float64)
    rays = np.dstack([(u - lens.cx) / focal, (v - lens.cy) / focal, np.ones_like(u)])
    p, r = np.radians([pitch, roll])
    down = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    aside = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1]])
    world = rays @ (down @ aside).T  # x right, y down, z level and forward
    near = np.full(u.shape, np.inf)
    floor = np.zeros(u.shape, bool)
    for axis, at in ((1, height), (1, height - 2.6), (2, wall), (0, -2.5), (0, 2.5)):
        with np.errstate(divide="ignore"):
            t = at / world[..., axis]
        closer = (t > 0) & (t < near)
        near[closer] = t[closer]
        floor = np.where(closer, (axis, at) == (1, height), floor)
    for (left, right), (bottom, top), (front, back) in boxes:
        low = np.array([left, height - top, front])
        high = np.array([right, height - bottom, back])
        with np.errstate(divide="ignore"):
            first, second = low / world, high / world
        enter, leave = np.minimum(first, second).max(-1), np.maximum(first, second).min(-1)
        hit = (enter < leave) & (enter > 0) & (enter < near)
        near[hit] = enter[hit]
        floor &= ~hit
    depth = near * rays[..., 2]
    sigma = noise * (0.0012 + 0.0019 * (depth - 0.4) ** 2)
    rng = np.random.default_rng(seed)
    seen = (depth + sigma * rng.standard_normal(depth.shape)).astype(np.float32)
    seen[rng.random(seen.shape) < 0.03 * noise] = np.nan
    up = (down @ aside).T @ np.array([0.0, -1.0, 0.0])
    return Room(seen, floor, lens, lens.cy - focal * up[2] / up[1], height, pitch)
