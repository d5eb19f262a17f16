"""House plants: leaves as outlines in metres above the pot, for rooms and for foregrounds alike."""

from __future__ import annotations

import numpy as np

from drawing.camera import Camera
from drawing.canvas import Canvas
from drawing.shading import Array, choose, darker, lighter, mix, rgb
from drawing.shapes import leaf, smooth
from drawing.solids import Stage, Tint

Leaves = list[tuple[Array, Array]]
KINDS = ("rubber", "blades", "palm", "fern")
GREENS = "4f7a53 5d8a5a 6b9460 44705a 7d9c5c"


def foliage(rng: np.random.Generator, kind: str, size: float) -> Leaves:
    """Leaves of a plant ``size`` metres tall, in the order in which they are painted.

    Each is a polygon (N, 2), metres to the right of and above the rim of its pot, with its colour (3,).
    """
    green = choose(rng, GREENS)
    return {"rubber": _rubber, "blades": _blades, "palm": _palm, "fern": _fern}[kind](rng, size, green)


def _two_sided(base: Array, tip: Array, width: float, bend: float, colour: Array) -> Leaves:
    """A leaf whose one half lies in the light."""
    outline = leaf(base, tip, width, bend)
    half = len(outline) // 2
    upper, lower = outline[:half], outline[half:]
    spine = (upper + lower[::-1]) / 2
    bright = upper if upper[:, 1].mean() > lower[:, 1].mean() else lower[::-1]
    return [(outline, colour), (np.concatenate([bright, spine[::-1]]), lighter(colour, 0.14))]


def _stem(points: Array, width: float, colour: Array) -> Leaves:
    curve = smooth(points, 5)
    step = np.gradient(curve, axis=0)
    across = np.column_stack([-step[:, 1], step[:, 0]]) / np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    half = across * width * np.linspace(0.5, 0.25, len(curve))[:, None]
    return [(np.concatenate([curve + half, (curve - half)[::-1]]), colour)]


def _rubber(rng: np.random.Generator, size: float, green: Array) -> Leaves:
    leaves: Leaves = []
    for lean in rng.permutation([-0.13, 0.02, 0.15]):
        top = np.array([lean * size, size * rng.uniform(0.78, 0.9)])
        stem = np.array([[0.1 * lean * size, -0.03], [0.5 * lean * size, 0.45 * size], top])
        leaves += _stem(stem, 0.022 * size + 0.006, mix(green, rgb("6b5338"), 0.55))
        curve = smooth(stem, 8)
        for number, share in enumerate(np.linspace(0.3, 1, 7)):
            start = curve[int(share * (len(curve) - 1))]
            side = 1 if number % 2 else -1
            angle = np.radians(rng.uniform(18, 62) if share < 0.97 else rng.uniform(60, 100))
            reach = size * rng.uniform(0.24, 0.32) * (1.15 - 0.4 * share)
            tip = start + reach * np.array([side * np.cos(angle), np.sin(angle)])
            tone = mix(darker(green, 0.22), lighter(green, 0.1), share * rng.uniform(0.5, 1))
            leaves += _two_sided(start, tip, rng.uniform(0.42, 0.54), -0.12 * side, tone)
    return leaves


def _blades(rng: np.random.Generator, size: float, green: Array) -> Leaves:
    leaves: Leaves = []
    for number, lean in enumerate(rng.permutation(np.linspace(-1, 1, 9))):
        height = size * rng.uniform(0.55, 1.0) * (1 - 0.25 * abs(lean))
        base = np.array([0.07 * lean * size, -0.02])
        tip = np.array([0.24 * lean * size, height])
        tone = mix(darker(green, 0.25), lighter(green, 0.12), number / 8)
        leaves.append((leaf(base, tip, 0.2, 0.05 * lean), mix(tone, rgb("d8cf8a"), 0.42)))
        leaves.append((leaf(base, tip - np.array([0, 0.02 * size]), 0.13, 0.05 * lean), tone))
    return leaves


def _palm(rng: np.random.Generator, size: float, green: Array) -> Leaves:
    leaves: Leaves = []
    for number, spread in enumerate(rng.permutation(np.linspace(-1, 1, 9))):
        reach, rise = 0.52 * spread * size, size * (1 - 0.42 * spread**2)
        spine = np.array([[0, 0], [0.25 * reach, 0.62 * rise], [0.7 * reach, 0.94 * rise], [reach * 1.05, 0.8 * rise]])
        tone = mix(darker(green, 0.2), lighter(green, 0.14), number / 8)
        leaves += _stem(spine, 0.014 * size + 0.004, tone)
        curve = smooth(spine, 9)
        step = np.gradient(curve, axis=0)
        for index in range(8, len(curve), 1):
            share = (index - 8) / (len(curve) - 8)
            length = size * 0.24 * np.sin(np.pi * (0.15 + 0.8 * share))
            along = step[index] / np.hypot(*step[index])
            for side in (-1, 1):
                out = along * 0.75 + side * 0.66 * np.array([-along[1], along[0]]) - np.array([0, 0.25])
                leaves.append((leaf(curve[index], curve[index] + length * out, 0.17), lighter(tone, 0.06 * (side > 0))))
    return leaves


def _fern(rng: np.random.Generator, size: float, green: Array) -> Leaves:
    leaves: Leaves = []
    for number, angle in enumerate(rng.permutation(np.linspace(12, 168, 26))):
        way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        length = size * rng.uniform(0.62, 1.0) * (0.62 + 0.38 * way[1])
        tone = mix(darker(green, 0.26), lighter(green, 0.16), number / 25)
        leaves += _two_sided(np.array([0.05 * way[0] * size, -0.02]), length * way, 0.26, -0.22 * way[0], tone)
    return leaves


def potted(stage: Stage, rng: np.random.Generator, place: tuple[float, float], size: float, pot: Array) -> None:
    """A plant in a pot on the floor at (x, z), ``size`` metres tall with its pot."""
    x, z = place
    rim = min(0.36, 0.3 * size)
    radius = rim * float(rng.uniform(0.42, 0.55))
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    foot = np.column_stack([x + radius * np.cos(angle), 0 * angle, z + radius * np.sin(angle)])
    stage.shadows.append(foot)
    stage.turned(x, z, [(0.0, 0.72 * radius), (rim * 0.9, radius), (rim, radius * 1.06)], pot, rgb("4d3c30"))
    grow(stage, rng, (x, rim - 0.01, z), size - rim)


def grow(stage: Stage, rng: np.random.Generator, place: tuple[float, float, float], size: float) -> None:
    """The leaves of a plant that grows from ``place`` upwards."""
    leaves = foliage(rng, KINDS[int(rng.integers(len(KINDS)))], size)

    def paint(canvas: Canvas, camera: Camera, tint: Tint) -> None:
        root = camera.project(np.array(place))
        scale = camera.focal / place[2]
        for outline, colour in leaves:
            canvas.fill(root + outline * np.array([scale, -scale]), tint.on(colour))

    stage.standing(np.array(place), 0.1, size, paint)
