"""A street: its sky, its ground to the horizon, what stands on it, and how it is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from drawing.camera import Camera
from drawing.canvas import Canvas
from drawing.light import StreetLight, soft_mask
from drawing.room import Paintwork
from drawing.shading import Array, finish, mix, rgb, smoothstep
from drawing.solids import Stage
from fgbg_studio.core.images import Pixels

FAR = 420.0
NEAR_GROUND = 0.8


@dataclass(frozen=True)
class Mood:
    """An hour and its weather; colours are hexadecimal codes, strengths (3,) factors.

    Attributes:
        top: the sky overhead.
        low: the sky at the horizon, and the far air.
        cloud: lit clouds.
        cover: 0..1, how much of the sky they fill.
        sun: direction towards the sun, of any length.
        warm: strength of the sun.
        sky: strength of the sky.
        reach: metres after which 63 % of a colour has turned into air.
        dusk: whether lamps and windows are lit.
    """

    top: str
    low: str
    cloud: str
    cover: float
    sun: tuple[float, float, float]
    warm: tuple[float, float, float]
    sky: tuple[float, float, float]
    reach: float = 130.0
    dusk: bool = False

    def light(self) -> StreetLight:
        """What this mood does to surfaces."""
        sun = np.array(self.sun)
        return StreetLight(
            sun / np.linalg.norm(sun), np.array(self.warm), np.array(self.sky), rgb(self.low), self.reach
        )


MOODS = (
    Mood("6fa8d6", "dce9ee", "fbfaf6", 0.42, (-0.62, 0.66, -0.45), (0.66, 0.6, 0.47), (0.66, 0.69, 0.74)),
    Mood("8fb0c9", "f3dfc4", "f9e8d0", 0.38, (0.66, 0.55, -0.5), (0.7, 0.56, 0.36), (0.68, 0.67, 0.68), 130.0),
    Mood("b4bfc6", "dfe3e2", "eceeec", 0.75, (-0.2, 0.95, -0.3), (0.16, 0.16, 0.15), (0.86, 0.88, 0.9), 85.0),
    Mood("4c6089", "e8b79b", "d99f94", 0.45, (0.5, 0.25, 0.8), (0.16, 0.1, 0.07), (0.58, 0.57, 0.67), 120.0, True),
    Mood("85bfd9", "eef0e2", "ffffff", 0.3, (0.6, 0.62, -0.48), (0.66, 0.6, 0.48), (0.66, 0.68, 0.71), 140.0),
    Mood("a9c4cf", "e6ece6", "f6f6f0", 0.55, (-0.5, 0.6, -0.5), (0.42, 0.39, 0.32), (0.76, 0.78, 0.78), 95.0),
)


@dataclass
class Street:
    """An open place that the camera looks along.

    Attributes:
        rng: source of its variety.
        camera: how it is seen.
        mood: hour and weather.
        light: the mood's light.
        stage: what stands there.
        ground: colour (3,) of the ground where nothing else is painted.
        paintwork: polygons (K, N, 3) on the ground with their colour, painted in this order.
        cast: world polygons (N, 3) on the ground that the sun does not reach.
        far: outlines (N, 2) in pixels along the horizon with their colour, behind everything.
        halos: (world point, radius in metres, (3,) strength) of lit lamps.
    """

    rng: np.random.Generator
    camera: Camera
    mood: Mood
    light: StreetLight
    stage: Stage
    ground: Array
    paintwork: Paintwork = field(default_factory=list)
    cast: list[Array] = field(default_factory=list)
    far: list[tuple[Array, Array]] = field(default_factory=list)
    halos: list[tuple[Array, float, Array]] = field(default_factory=list)

    def paint(self, x: tuple[float, float], z: tuple[float, float], colour: Array) -> None:
        """One colour on a rectangle of the ground."""
        corners = [[x[0], 0, z[0]], [x[1], 0, z[0]], [x[1], 0, z[1]], [x[0], 0, z[1]]]
        self.paintwork.append((np.array([corners], np.float64), colour))

    def shade(self, footprint: Array, height: float) -> None:
        """The shadow on the ground of an upright body with this ``footprint`` (N, 3)."""
        sun = self.light.sun
        away = footprint - sun * (height / sun[1])
        away[:, 1] = 0
        plan = np.concatenate([footprint, away])[:, [0, 2]]
        outline = cv2.convexHull(plan.astype(np.float32))[:, 0]
        self.cast.append(np.column_stack([outline[:, 0], 0 * outline[:, 0], np.maximum(outline[:, 1], 0.4)]))

    def render(self, width: int, height: int) -> Pixels:
        """The street as (height, width, 3) uint8."""
        base = Canvas(width, height, self.ground)
        for polygons, colour in self.paintwork:
            base.fill(self.camera.project(polygons), colour)
        things = Canvas(width, height)
        for outline, colour in self.far:
            things.fill(outline, colour)
        self.stage.render(things, self.light)
        edge = int(np.ceil(self.camera.horizon))
        picture: Array = np.empty((height, width, 3), np.float32)
        picture[:edge] = self._heaven(width, edge)
        picture[edge - 1 :] = self._lit_ground(base.reduced(), edge - 1)
        # The row that the horizon crosses is part sky, part ground.
        share = np.float32(edge - self.camera.horizon)
        picture[edge - 1] += (self.light.haze.astype(np.float32) - picture[edge - 1]) * (1 - share)
        layer = things.reduced()
        picture = picture * (1 - layer[..., 3:] / 255) + layer[..., :3]
        return finish(self._glow(picture), self.rng, 0.07)

    def _lit_ground(self, paint: Array, first: int) -> Array:
        """The ground as it is lit and seen through the air, from row ``first`` down."""
        height, width = paint.shape[:2]
        rows = np.maximum(np.arange(first, height)[:, None] + 0.5, self.camera.horizon + 0.25)
        depth = self.camera.ground_depth(rows).astype(np.float32)
        cast = soft_mask(self.camera, self.cast, paint.shape, width / 400)[first:]
        near = soft_mask(self.camera, self.stage.shadows, paint.shape, width / 170)[first:]
        level = (1 - 0.5 * near) * (1 + 0.05 * self._grain(width, depth) * np.exp(-depth / 14))
        seen = np.exp(-depth / np.float32(self.mood.reach))
        lit = np.empty((height - first, width, 3), np.float32)
        for channel in range(3):
            sun = np.float32(self.light.warm[channel] * self.light.sun[1])
            light = np.float32(self.light.sky[channel]) + sun * (1 - cast)
            haze = np.float32(self.light.haze[channel])
            lit[..., channel] = haze + (paint[first:, :, channel] * light * level - haze) * seen
        return lit

    def _grain(self, width: int, depth: Array) -> Array:
        """Unevenness of the ground (H, W), -1..1, in true perspective: a repeated square of noise."""
        noise = self.rng.standard_normal((128, 128)).astype(np.float32)
        square = cv2.GaussianBlur(np.tile(noise, (3, 3)), (0, 0), 1.1)[128:256, 128:256] * 2.2
        column = (np.arange(width, dtype=np.float32)[None] - self.camera.centre) / self.camera.focal
        across, along = column * depth * 40, np.broadcast_to(depth * 40, (len(depth), width))
        wrapped = [np.mod(part, 128).astype(np.float32) for part in (across, along)]
        return cv2.remap(square, wrapped[0], wrapped[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)

    def _heaven(self, width: int, height: int) -> Array:
        """The sky down to the horizon (H, W, 3) float32; its clouds thin out and flatten towards the horizon."""
        depth = 1 - np.linspace(0, 1, height, dtype=np.float32)[:, None]  # 1 overhead, 0 at the horizon
        low, top = rgb(self.mood.low), rgb(self.mood.top)
        sky = mix(low, top, (depth**0.8)[..., None]).astype(np.float32)
        field = clouds(self.rng, height, width)
        share = smoothstep(0.62 - 0.5 * self.mood.cover, 0.95 - 0.4 * self.mood.cover, field)
        share *= smoothstep(0.02, 0.45, depth) * np.float32(0.92)
        # The upper side of a cloud is lit: where there is more of it above, it is in its own shade.
        shade = np.clip((np.roll(field, 7, 0) - field) * np.float32(2.6) + np.float32(0.22), 0, 1)
        bright, dark = rgb(self.mood.cloud), mix(top, low, 0.55) * 0.94
        cloud = mix(bright.astype(np.float32), dark.astype(np.float32), shade[..., None])
        cloud -= sky
        cloud *= share[..., None]
        return np.asarray(sky + cloud)

    def _glow(self, picture: Array) -> Array:
        for place, radius, strength in self.halos:
            column, row = self.camera.project(place)
            reach = max(1.5, radius * self.camera.focal / place[2])
            top, left = max(0, int(row - 3 * reach)), max(0, int(column - 3 * reach))
            part = picture[top : max(0, int(row + 3 * reach)), left : max(0, int(column + 3 * reach))]
            rows = (np.arange(part.shape[0], dtype=np.float32) + top - row)[:, None]
            columns = (np.arange(part.shape[1], dtype=np.float32) + left - column)[None]
            fall = np.exp(-(rows * rows + columns * columns) / np.float32(reach * reach))
            part += fall[..., None] * strength.astype(np.float32)
        return picture


def clouds(rng: np.random.Generator, height: int, width: int) -> Array:
    """Smooth noise (height, width) on 0..1: five octaves of random grids, stretched sideways."""
    size = (width // 2, max(1, height // 2))
    total = np.zeros(size[::-1], np.float32)
    for octave in range(5):
        grid = rng.random((3 * 2**octave, 3 * 2**octave), np.float32)
        total += cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC) / np.float32(1.8**octave)
    total = (total - total.min()) / np.float32(max(1e-6, float(np.ptp(total))))
    return np.asarray(cv2.resize(total, (width, height)))
