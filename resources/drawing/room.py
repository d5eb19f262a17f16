"""A room: its box, its camera, what is painted on its surfaces, what stands in it, and how it is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from drawing.camera import Camera
from drawing.canvas import Canvas
from drawing.light import RoomLight, soft_mask
from drawing.shading import Array, finish, rgb
from drawing.solids import Frame, Stage
from fgbg_studio.core.images import Pixels

Paintwork = list[tuple[Array, Array]]  # polygons (K, N, 3) of one colour (3,)


@dataclass(frozen=True)
class Palette:
    """The colours of one room, as hexadecimal codes; ``fabrics`` are for what is soft."""

    wall: str
    accent: str
    floor: str
    ceiling: str
    trim: str
    wood: str
    fabrics: tuple[str, str, str]
    metal: str = "4a4c50"

    def fabric(self, number: int) -> Array:
        """Fabric colour ``number``, counted round."""
        return rgb(self.fabrics[number % len(self.fabrics)])


@dataclass
class Room:
    """A box-shaped room that the camera looks into along Z.

    Attributes:
        rng: source of the room's variety.
        camera: how it is seen.
        left: X of the left wall in metres (negative).
        right: X of the right wall.
        depth: Z of the back wall.
        ceiling: its height.
        palette: its colours.
        light: what lights it.
        stage: what stands in it.
        paintwork: polygons (K, N, 3) with their colour, painted on floor and walls in this order.
        beams: polygons (N, 3) on the floor that the sun lights.
        halos: (world point, radius in metres, (3,) strength) of lamps that shine into the air.
        evening: whether it is dark outside.
    """

    rng: np.random.Generator
    camera: Camera
    left: float
    right: float
    depth: float
    ceiling: float
    palette: Palette
    light: RoomLight
    stage: Stage
    paintwork: Paintwork = field(default_factory=list)
    beams: list[Array] = field(default_factory=list)
    halos: list[tuple[Array, float, Array]] = field(default_factory=list)
    evening: bool = False

    def back_wall(self, x: float = 0.0, away: float = 0.0) -> Frame:
        """A frame at the back wall, ``away`` metres from it."""
        return Frame(x, self.depth - away, 0)

    def left_wall(self, z: float, away: float = 0.0) -> Frame:
        """A frame at the left wall, at depth ``z``."""
        return Frame(self.left + away, z, 1)

    def right_wall(self, z: float, away: float = 0.0) -> Frame:
        """A frame at the right wall, at depth ``z``."""
        return Frame(self.right - away, z, 3)

    def render(self, width: int, height: int) -> Pixels:
        """The room as (height, width, 3) uint8."""
        shell = Canvas(width, height, rgb(self.palette.wall))
        for polygons, colour in self.paintwork:
            shell.fill(self.camera.project(polygons), colour)
        points, normals = self._surfaces(width, height)
        fallen = np.ascontiguousarray(np.moveaxis(self.light.irradiance(points, normals), 0, 2))
        self.light.exposure = (0.7 if self.evening else 0.9) / float(fallen.mean())
        fallen *= np.float32(self.light.exposure)
        picture = shell.reduced() * self._shaded(fallen)
        things = Canvas(width, height)
        self.stage.render(things, self.light)
        layer = things.reduced()
        picture = picture * (1 - layer[..., 3:] / 255) + layer[..., :3]
        return finish(self._glow(picture), self.rng)

    def _surfaces(self, width: int, height: int) -> tuple[Array, Array]:
        """The world point (3, H, W) that each pixel sees on the empty room, and the normal there."""
        camera = self.camera
        x = ((np.arange(width, dtype=np.float32) + 0.5 - camera.centre) / camera.focal)[None]
        y = ((camera.horizon - np.arange(height, dtype=np.float32) - 0.5) / camera.focal)[:, None]
        # A ray through the vanishing point itself would divide by zero; it ends at the back wall anyhow.
        x, y = np.where(x == 0, np.float32(1e-6), x), np.where(y == 0, np.float32(1e-6), y)
        side = (np.where(x < 0, self.left, self.right) / x).astype(np.float32)
        level = (np.where(y < 0, -camera.height, self.ceiling - camera.height) / y).astype(np.float32)
        z = np.minimum(np.minimum(side, level), np.float32(self.depth))
        on_side, on_level = z == side, (z == level) & (z != side)
        points = np.stack([x * z, y * z + np.float32(camera.height), z])
        normals = np.zeros_like(points)
        normals[0] = np.where(on_side, -np.sign(x), 0)
        normals[1] = np.where(on_level, -np.sign(y), 0)
        normals[2] = np.where(on_side | on_level, 0, -1)
        return points, normals

    def _shaded(self, fallen: Array) -> Array:
        """The light on the empty room with the shadows of what stands in it and the sun on its floor."""
        width = fallen.shape[1]
        near = soft_mask(self.camera, self.stage.shadows, fallen.shape, width / 150)
        wide = soft_mask(self.camera, self.stage.shadows, fallen.shape, width / 32)
        shaded = fallen * ((1 - 0.42 * near) * (1 - 0.42 * wide))[..., None]
        if self.beams:
            sun = soft_mask(self.camera, self.beams, fallen.shape, width / 320)
            shaded += (sun * (1 - 0.6 * near))[..., None] * np.array([0.42, 0.36, 0.24], np.float32)
        return np.asarray(shaded)

    def _glow(self, picture: Array) -> Array:
        rows = np.arange(picture.shape[0], dtype=np.float32)[:, None]
        columns = np.arange(picture.shape[1], dtype=np.float32)[None]
        for place, radius, strength in self.halos:
            column, row = self.camera.project(place)
            reach = radius * self.camera.focal / place[2]
            across = np.exp(-(((columns - column) / reach) ** 2))
            down = np.exp(-(((rows - row) / reach) ** 2))
            picture += (across * down)[..., None] * strength.astype(np.float32)
        return picture
