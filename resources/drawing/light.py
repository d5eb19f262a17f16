"""How a room and a street are lit: a small analytic model, evaluated where something is painted."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from drawing.camera import Camera
from drawing.shading import Array, mix, rgb


@dataclass
class RoomLight:
    """Windows as small bright areas, lamps as points, and ambient light that corners get less of.

    Attributes:
        low: (3,) the least X, Y, Z of the room.
        high: (3,) the greatest.
        ambient: (3,) light from everywhere, 1 = white.
        exposure: what everything is multiplied by.
    """

    low: Array
    high: Array
    ambient: Array
    exposure: float = 1.0
    areas: list[tuple[Array, Array, float, Array]] = field(default_factory=list)
    lamps: list[tuple[Array, Array]] = field(default_factory=list)

    def add_window(self, centre: Array, normal: Array, area: float, colour: Array) -> None:
        """A window of ``area`` square metres that faces ``normal``; ``colour`` (3,) is its strength."""
        self.areas.append((centre, normal, area, colour))

    def add_lamp(self, place: Array, colour: Array) -> None:
        """A lamp at ``place``; ``colour`` (3,) is what it gives at one metre."""
        self.lamps.append((place, colour))

    def irradiance(self, points: Array, normals: Array) -> Array:
        """Light (3, ...) on ``points`` (3, ...) that face ``normals`` (3, ...).

        A window is a Lambertian patch: E = A cos(a) cos(b) / (pi r²), with r² kept from vanishing.
        """
        # What the floor throws back reaches whatever looks down, what the ceiling throws, what looks up.
        around = np.float32(0.93) + np.float32(0.09) * normals[1]
        total = [around * np.float32(value) for value in self.ambient]
        for centre, facing, area, colour in self.areas:
            way, square = _ways(centre, points, 0.25 * area)
            here = np.maximum(_dot(way, normals), 0)
            there = np.maximum(-_dot(way, facing.astype(np.float32)), 0)
            _add(total, here * there * np.float32(area / np.pi) / (square * square), colour)
        for place, colour in self.lamps:
            way, square = _ways(place, points, 0.35)
            here = np.maximum(_dot(way, normals), 0) / np.sqrt(square)
            _add(total, (np.float32(0.35) + np.float32(0.65) * here) / square, colour)
        kept = self.corners(points, normals) * np.float32(self.exposure)
        return np.stack([channel * kept for channel in total])

    def corners(self, points: Array, normals: Array) -> Array:
        """Ambient occlusion (...) by the planes of the room: 1 in the open, less where surfaces meet."""
        kept = np.ones(points.shape[1:], np.float32)
        for axis in range(3):
            across = np.float32(0.32) * (1 - np.abs(normals[axis]))
            for wall in (self.low[axis], self.high[axis]):
                if np.isfinite(wall):
                    distance = np.abs(points[axis] - np.float32(wall))
                    kept *= 1 - across / np.square(1 + distance * np.float32(2.6))
        return kept

    def lit(self, colours: Array, points: Array, normals: Array) -> Array:
        """See `solids.Light`."""
        light = self.irradiance(points.T.astype(np.float32), normals.T.astype(np.float32))
        return np.asarray(colours * light.T)


def _ways(place: Array, points: Array, softness: float) -> tuple[list[Array], Array]:
    """From ``points`` (3, ...) to ``place``: the components, and the squared length plus ``softness``."""
    way = [np.float32(place[axis]) - points[axis] for axis in range(3)]
    return way, way[0] * way[0] + way[1] * way[1] + way[2] * way[2] + np.float32(softness)


def _dot(way: list[Array], other: Array) -> Array:
    return np.asarray(way[0] * other[0] + way[1] * other[1] + way[2] * other[2])


def _add(total: list[Array], light: Array, colour: Array) -> None:
    for channel, strength in enumerate(colour):
        total[channel] = total[channel] + light * np.float32(strength)


@dataclass(frozen=True)
class StreetLight:
    """The sun, the sky, and air that whitens with distance.

    Attributes:
        sun: (3,) unit direction towards the sun.
        warm: (3,) strength of the sun.
        sky: (3,) strength of the sky.
        haze: (3,) colour of the far air.
        reach: metres after which 63 % of a colour has turned into haze.
    """

    sun: Array
    warm: Array
    sky: Array
    haze: Array = field(default_factory=lambda: rgb("d5e1e8"))
    reach: float = 110.0

    def lit(self, colours: Array, points: Array, normals: Array) -> Array:
        """See `solids.Light`."""
        facing = np.maximum(normals @ self.sun, 0)[..., None]
        light = self.sky * (0.9 + 0.1 * normals[..., 1:2]) + self.warm * facing
        # Next to the ground a wall sees less of the sky.
        upright = 1 - np.abs(normals[..., 1:2])
        light = light * (1 - 0.22 * upright * np.exp(-points[..., 1:2] / 0.9))
        return self.veil(colours * light, points[..., 2])

    def veil(self, colours: Array, depth: Array) -> Array:
        """``colours`` (..., 3) as seen through ``depth`` (...) metres of air."""
        share = 1 - np.exp(-np.maximum(depth, 0) / self.reach)
        return mix(np.asarray(colours, np.float64), self.haze, share[..., None])


def soft_mask(camera: Camera, polygons: list[Array], shape: tuple[int, ...], sigma: float) -> Array:
    """How far each pixel lies in the world ``polygons``, 0..1, blurred by ``sigma`` pixels; (H, W) float32."""
    mask = np.zeros(shape[:2], np.uint8)
    for polygon in polygons:
        outline = camera.outline(polygon)
        if len(outline) > 2:
            cv2.fillPoly(mask, [np.round((outline - 0.5) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    step = max(1, int(sigma / 3))
    small = cv2.resize(mask, (shape[1] // step, shape[0] // step), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), sigma / step)
    return cv2.resize(blurred, (shape[1], shape[0]))
