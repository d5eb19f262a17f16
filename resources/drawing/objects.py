"""Things that are no people: a chair, a plant, luggage, a ball, a lamp, an armchair, drawn as foregrounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drawing.animals import Drawn, cat, dog
from drawing.camera import Camera
from drawing.canvas import Canvas
from drawing.plants import foliage
from drawing.shading import Array, choose, darker, lighter, mix, rgb
from drawing.shapes import ellipse, hull, rounded, xy
from drawing.solids import Tint, turned_painter

DISTANCE = 4.0
EYE = 1.35
# How much light a foreground gets on its left, its front, its right and its top.
STUDIO = Tint(np.array([[1.1], [1.0], [0.68], [1.12]]) * np.array([[1.0, 0.99, 0.97]]), np.zeros((4, 3)))


class View:
    """A canvas with a camera before it, for a body about `DISTANCE` metres away that stands on the ground.

    Args:
        size: canvas pixels that ``height`` metres take.
        height: of the body in metres.
        wide: width of the canvas as a multiple of its height.
    """

    def __init__(self, size: int, height: float, wide: float = 1.3) -> None:
        self.scale = size / height
        self.canvas = Canvas(int(wide * size), int(1.45 * size), None, 1)
        foot = self.canvas.height - 0.3 * size
        self.camera = Camera(self.scale * DISTANCE, self.canvas.width / 2, foot - self.scale * EYE, EYE)

    def at(self, points: Array) -> Array:
        """Points (..., 3) about the body's foot, x right, y up, z towards the viewer, on the canvas."""
        return self.camera.project(np.asarray(points, np.float64) * [1, 1, -1] + [0.0, 0.0, DISTANCE])

    def block(self, low: Array, high: Array, yaw: float, colour: Array, soft: float = 0.012) -> None:
        """A box between two corners (3,), turned by ``yaw`` degrees about the upright axis."""
        angle = np.radians(yaw)
        turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
        corners = (
            np.array(
                [
                    [x, y, z]
                    for y in (low[1], high[1])
                    for x, z in ((low[0], low[2]), (high[0], low[2]), (high[0], high[2]), (low[0], high[2]))
                ]
            )
            @ turn
        )
        seen = self.at(corners)
        radius = soft * self.scale
        self.canvas.solid([rounded(hull(seen), radius)], darker(colour, 0.1), max(1.0, 1.2 * radius), 0.16)
        eye = np.array([0.0, EYE, DISTANCE])
        for ring in ((0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7)):
            face = corners[list(ring)]
            normal = face.mean(0) - corners.mean(0)
            if normal @ (eye - face.mean(0)) <= 0:
                continue
            normal = normal / np.linalg.norm(normal)
            light = float(np.clip(0.5 - 0.42 * normal[0] + 0.5 * normal[1], 0, 1))
            tone = mix(darker(colour, 0.34), lighter(colour, 0.14), light)
            # Towards the ground, and away from the light, a side is a little darker.
            fall = 1 - 0.1 * (face[:, 1:2] < face[:, 1].mean()) - 0.05 * (face[:, :1] > face[:, 0].mean())
            self.canvas.ramp(rounded(seen[list(ring)], 1.2 * radius, 4), np.repeat(tone * fall, 4, 0))

    def turned(self, profile: list[tuple[float, float]], colour: Array) -> None:
        """A body turned on an upright axis; ``profile`` gives (height, radius) from below."""
        turned_painter(0.0, DISTANCE, np.array(profile), colour, colour)(self.canvas, self.camera, STUDIO)

    def disc(self, y: float, radius: float, colour: Array) -> None:
        """A level disc, seen from above where it lies below the eye."""
        angle = np.linspace(0, 2 * np.pi, 36, endpoint=False)
        self.canvas.fill(
            self.at(np.column_stack([radius * np.cos(angle), np.full(36, y), radius * np.sin(angle)])), colour
        )


def chair(rng: np.random.Generator, size: int) -> Drawn:
    """A wooden chair with a padded seat."""
    view, yaw = View(size, 0.95), float(rng.uniform(20, 50) * rng.choice([-1, 1]))
    wood, pad = choose(rng, "a5764a 8a5f40 c29a6b 5d4a3d"), choose(rng, "c8694f 5f7f7a d9b26a 44607a")
    half = 0.2
    order = sorted(((x, z) for x in (-1, 1) for z in (-1, 1)), key=lambda p: _depth(p[0], p[1], yaw))
    back = _depth(0, -1, yaw) < _depth(0, 1, yaw)

    def rear() -> None:
        for x in (-half, half - 0.035):
            view.block(np.array([x, 0.47, -half]), np.array([x + 0.035, 0.92, -half + 0.035]), yaw, wood)
        for low in (0.58, 0.7, 0.82):
            view.block(
                np.array([-half + 0.035, low, -half + 0.006]),
                np.array([half - 0.035, low + 0.06, -half + 0.028]),
                yaw,
                wood,
            )

    for x, z in order:
        a, b = (x * half if x < 0 else half - 0.035), (z * half if z < 0 else half - 0.035)
        view.block(np.array([a, 0.0, b]), np.array([a + 0.035, 0.43, b + 0.035]), yaw, wood)
    if back:
        rear()
    view.block(np.array([-half - 0.01, 0.42, -half - 0.005]), np.array([half + 0.01, 0.45, half + 0.01]), yaw, wood)
    view.block(np.array([-half + 0.01, 0.45, -half + 0.035]), np.array([half - 0.01, 0.485, half]), yaw, pad, 0.025)
    if not back:
        rear()
    return view.canvas, view.scale


def _depth(x: float, z: float, yaw: float) -> float:
    """How near a place of a turned body is to the viewer."""
    angle = np.radians(yaw)
    return float(-x * np.sin(angle) + z * np.cos(angle))


def armchair(rng: np.random.Generator, size: int) -> Drawn:
    """An upholstered armchair."""
    view, yaw = View(size, 0.92), float(rng.uniform(18, 40) * rng.choice([-1, 1]))
    cloth, wood = choose(rng, "5f7f7a c8775c 44607a 8a9a72 d9a95c"), rgb("8a5f40")
    for x, z in sorted(((x, z) for x in (-0.33, 0.29) for z in (-0.33, 0.29)), key=lambda p: _depth(p[0], p[1], yaw)):
        view.block(np.array([x, 0.0, z]), np.array([x + 0.05, 0.16, z + 0.05]), yaw, wood)
    view.block(np.array([-0.37, 0.14, -0.36]), np.array([0.37, 0.3, 0.36]), yaw, darker(cloth, 0.08), 0.04)
    view.block(np.array([-0.27, 0.3, -0.38]), np.array([0.27, 0.92, -0.2]), yaw, cloth, 0.09)
    sides = sorted((-1, 1), key=lambda side: _depth(side, 0, yaw))

    def arm(side: int) -> None:
        a, b = sorted((side * 0.26, side * 0.39))
        view.block(np.array([a, 0.26, -0.36]), np.array([b, 0.58, 0.36]), yaw, lighter(cloth, 0.03), 0.07)

    arm(sides[0])
    view.block(np.array([-0.255, 0.3, -0.2]), np.array([0.255, 0.45, 0.38]), yaw, lighter(cloth, 0.07), 0.06)
    arm(sides[1])
    return view.canvas, view.scale


def potted_plant(rng: np.random.Generator, size: int) -> Drawn:
    """A plant in a pot."""
    view = View(size, 1.15, 1.7)
    kind = ("rubber", "palm", "fern", "blades")[int(rng.integers(4))]
    pot = choose(rng, "c27a58 e3dccf 5d6468 8fa39a d9b48f")
    profile = [(0.0, 0.11), (0.05, 0.12), (0.27, 0.155), (0.28, 0.165), (0.31, 0.168)]
    view.turned(profile, pot)
    view.disc(0.31, 0.168, darker(pot, 0.12))
    view.disc(0.308, 0.15, rgb("4d3b30"))
    root, scale = view.at(np.array([0.0, 0.305, 0.0])), view.scale
    for outline, colour in foliage(rng, kind, 0.84):
        view.canvas.fill(outline * np.array([scale, -scale]) + root, colour)
    return view.canvas, view.scale


def suitcase(rng: np.random.Generator, size: int) -> Drawn:
    """A trolley case with its handle drawn out."""
    view, yaw = View(size, 1.02), float(rng.uniform(15, 38) * rng.choice([-1, 1]))
    shell = choose(rng, "c8694f 44607a d9a441 5f7f7a 8f4d57 b7c4cc")
    steel = rgb("8d9296")
    for x in (-0.11, 0.09):
        view.block(np.array([x, 0.6, -0.05]), np.array([x + 0.02, 1.0, -0.03]), yaw, steel, 0.004)
    view.block(np.array([-0.12, 0.98, -0.055]), np.array([0.12, 1.01, -0.025]), yaw, rgb("3d4043"), 0.01)
    for x in (-0.17, 0.13):
        for z in (-0.1, 0.06):
            view.block(np.array([x, 0.0, z]), np.array([x + 0.04, 0.06, z + 0.04]), yaw, rgb("33363a"), 0.015)
    view.block(np.array([-0.2, 0.05, -0.12]), np.array([0.2, 0.64, 0.12]), yaw, shell, 0.05)
    for x in (-0.13, -0.065, 0.0, 0.065, 0.13):
        rib = _on_front(view, x, 0.1, 0.59, 0.121, yaw)
        view.canvas.stroke(rib, 0.008 * view.scale, darker(shell, 0.2))
        view.canvas.stroke(rib - xy(0.011 * view.scale, 0.0), 0.006 * view.scale, lighter(shell, 0.2))
    view.block(np.array([-0.06, 0.63, -0.03]), np.array([0.06, 0.665, 0.03]), yaw, rgb("3d4043"), 0.012)
    return view.canvas, view.scale


def _on_front(view: View, x: float, low: float, high: float, z: float, yaw: float) -> Array:
    """An upright line (2, 2) on the front of a turned body."""
    angle = np.radians(yaw)
    place = np.array([x * np.cos(angle) + z * np.sin(angle), 0.0, -x * np.sin(angle) + z * np.cos(angle)])
    return view.at(place + np.array([[0.0, low, 0.0], [0.0, high, 0.0]]))


def ball(rng: np.random.Generator, size: int) -> Drawn:
    """A ball of panels in two colours, large enough to sit on."""
    radius = float(rng.uniform(0.14, 0.32))
    view = View(size, 2 * radius, 1.4)
    first, second = choose(rng, "c8694f 44607a 5f7f7a 8f4d57"), choose(rng, "f1e6d0 e9c877 e6ddd2")
    middle, reach = view.at(np.array([0.0, radius, 0.0])), radius * view.scale
    tilt, spin = np.radians(rng.uniform(-35, 35)), rng.uniform(0, np.pi / 3)
    gores = [_gore(spin + panel * np.pi / 3, tilt) * reach + middle for panel in range(6)]
    decor = [(gore, second if panel % 2 else first) for panel, gore in enumerate(gores) if len(gore)]
    decor.append((_gore_cap(tilt) * reach + middle, darker(first, 0.2)))
    outline = ellipse(middle, reach, reach, steps=72)
    view.canvas.solid([outline], first, 0.42 * reach, 0.34, decor)
    shine = ellipse(middle + xy(-0.38 * reach, -0.45 * reach), 0.17 * reach, 0.1 * reach, -38)
    patch = view.canvas.cover([shine], 2)
    if patch is not None:
        view.canvas.blend(patch, rgb("ffffff"), 0.35)
    return view.canvas, view.scale


def _gore(start: float, tilt: float) -> Array:
    """The visible part of a sixth of the sphere between two meridians, as a polygon in units of the radius."""
    latitude = np.linspace(-np.pi / 2, np.pi / 2, 25)
    first, second = (_sphere(latitude, np.full(25, longitude), tilt) for longitude in (start, start + np.pi / 3))
    points = np.concatenate([first, second[::-1]])
    front = points[:, 2] > 0
    if not front.any():
        return np.zeros((0, 2))
    flat = points[:, :2].copy()
    length = np.maximum(np.hypot(flat[:, 0], flat[:, 1]), 1e-6)
    # What lies behind is pushed out to the outline, so that the polygon ends there.
    flat[~front] *= (1.05 / length[~front])[:, None]
    return flat * [1.0, -1.0]


def _sphere(latitude: Array, longitude: Array, tilt: float) -> Array:
    """Points (N, 3) of the unit sphere, its pole leant towards the viewer and turned by ``tilt`` in the picture."""
    x, y, z = np.cos(latitude) * np.sin(longitude), np.sin(latitude), np.cos(latitude) * np.cos(longitude)
    lean = 0.45
    up, ahead = y * np.cos(lean) - z * np.sin(lean), y * np.sin(lean) + z * np.cos(lean)
    return np.stack([x * np.cos(tilt) - up * np.sin(tilt), x * np.sin(tilt) + up * np.cos(tilt), ahead], -1)


def _gore_cap(tilt: float) -> Array:
    longitude = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    points = _sphere(np.full(24, 1.32), longitude, tilt)
    return points[:, :2] * [1.0, -1.0]


def lamp(rng: np.random.Generator, size: int) -> Drawn:
    """A floor lamp with a cloth shade."""
    view = View(size, 1.6, 0.7)
    metal, shade = choose(rng, "4a4c50 b08a55 e3ddd2"), choose(rng, "f0e2c4 e2c9a8 c8d2cc d9a58c")
    view.turned([(0.0, 0.15), (0.03, 0.145)], metal)
    view.disc(0.03, 0.145, lighter(metal, 0.12))
    view.turned([(0.03, 0.03), (0.06, 0.012), (1.3, 0.012)], metal)
    view.turned([(1.24, 0.2), (1.6, 0.13)], shade)
    return view.canvas, view.scale


OBJECTS: dict[str, Callable[[np.random.Generator, int], Drawn]] = {
    "dog": dog,
    "chair": chair,
    "plant": potted_plant,
    "suitcase": suitcase,
    "cat": cat,
    "armchair": armchair,
    "ball": ball,
    "lamp": lamp,
}
