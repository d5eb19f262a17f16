"""Animals, seen from the side: parts as discs swept along a path, painted from the far legs to the head."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drawing.canvas import Canvas
from drawing.shading import Array, choose, darker, lighter, rgb
from drawing.shapes import ellipse, rounded, smooth, sweep, xy

Drawn = tuple[Canvas, float]  # a transparent canvas and its pixels a metre


def dog(rng: np.random.Generator, size: int) -> Drawn:
    """A standing dog, seen from the side, looking at the viewer's side."""
    coat = choose(rng, "b98a5a 7a5238 d9c4a0 4a423e c79a62")
    belly = lighter(coat, 0.35)
    return _animal(rng, size, 0.62, coat, belly, DOG)


def cat(rng: np.random.Generator, size: int) -> Drawn:
    """A walking cat with its tail up."""
    coat = choose(rng, "c98a4e 7d7a78 3d3a3c e0d3bf a5764a")
    return _animal(rng, size, 0.42, coat, lighter(coat, 0.3), CAT)


Body = dict[str, list[tuple[float, float, float]]]
# Side views in units of the height at the head's top: (x, y, radius) along each part; forwards is +x.
DOG: Body = {
    "far fore": [(0.3, 0.46, 0.075), (0.34, 0.24, 0.044), (0.32, 0.05, 0.034), (0.36, 0.03, 0.032)],
    "far hind": [
        (-0.24, 0.5, 0.12),
        (-0.17, 0.3, 0.06),
        (-0.29, 0.16, 0.038),
        (-0.25, 0.035, 0.034),
        (-0.21, 0.03, 0.03),
    ],
    "tail": [(-0.3, 0.64, 0.045), (-0.44, 0.76, 0.034), (-0.5, 0.92, 0.022)],
    "trunk": [(-0.25, 0.58, 0.135), (-0.06, 0.57, 0.135), (0.14, 0.54, 0.165), (0.28, 0.57, 0.165)],
    "neck": [(0.3, 0.62, 0.135), (0.4, 0.74, 0.105), (0.45, 0.84, 0.095)],
    "near hind": [
        (-0.24, 0.53, 0.14),
        (-0.13, 0.32, 0.068),
        (-0.23, 0.16, 0.04),
        (-0.19, 0.04, 0.036),
        (-0.145, 0.032, 0.032),
    ],
    "near fore": [(0.23, 0.48, 0.09), (0.22, 0.25, 0.047), (0.19, 0.06, 0.037), (0.23, 0.032, 0.035)],
    "head": [(0.45, 0.87, 0.125), (0.52, 0.85, 0.1), (0.64, 0.8, 0.064), (0.71, 0.79, 0.054)],
    "ear": [(0.39, 0.95, 0.035), (0.34, 0.87, 0.055), (0.34, 0.78, 0.04)],
}
CAT: Body = {
    "far fore": [(0.24, 0.42, 0.07), (0.33, 0.22, 0.042), (0.35, 0.05, 0.034), (0.385, 0.034, 0.034)],
    "far hind": [
        (-0.3, 0.45, 0.11),
        (-0.2, 0.27, 0.058),
        (-0.33, 0.14, 0.036),
        (-0.3, 0.036, 0.034),
        (-0.26, 0.034, 0.03),
    ],
    "tail": [(-0.36, 0.57, 0.045), (-0.53, 0.68, 0.042), (-0.53, 0.9, 0.038), (-0.47, 1.04, 0.032)],
    "trunk": [(-0.3, 0.52, 0.13), (-0.08, 0.5, 0.14), (0.12, 0.49, 0.14), (0.27, 0.53, 0.13)],
    "neck": [(0.27, 0.57, 0.115), (0.37, 0.68, 0.1), (0.41, 0.74, 0.1)],
    "near hind": [
        (-0.3, 0.47, 0.13),
        (-0.25, 0.28, 0.066),
        (-0.39, 0.15, 0.038),
        (-0.37, 0.04, 0.036),
        (-0.325, 0.036, 0.032),
    ],
    "near fore": [(0.22, 0.43, 0.08), (0.16, 0.23, 0.047), (0.1, 0.06, 0.037), (0.14, 0.037, 0.036)],
    "head": [(0.43, 0.78, 0.145), (0.48, 0.77, 0.135), (0.53, 0.745, 0.09)],
    "ear": [],
}


def _animal(rng: np.random.Generator, size: int, height: float, coat: Array, belly: Array, body: Body) -> Drawn:
    scale = size / height
    canvas = Canvas(int(2.1 * size), int(1.3 * size), None, 1)
    flip = 1.0 if rng.random() < 0.5 else -1.0
    foot = np.array([canvas.width / 2, 1.2 * size])

    def at(points: Array) -> Array:
        return np.asarray(points[..., :2] * np.array([flip * size, -size]) + foot)

    for name, parts in body.items():
        if not parts:
            continue
        path = np.array(parts)
        tone = darker(coat, 0.22) if name.startswith("far") else coat
        if name in {"trunk", "neck"}:
            shapes = sweep(at(np.array(body["trunk"])), np.array(body["trunk"])[:, 2] * size, 6)
            shapes += sweep(at(np.array(body["neck"])), np.array(body["neck"])[:, 2] * size, 6)
            if name == "neck":
                continue
        else:
            shapes = sweep(at(path), path[:, 2] * size, 5)
        if name == "head":
            _pointed_ears(canvas, at, coat, size, cat=not body["ear"])
        calm = (at(path[0] + [0.0, 0.07, 0.0]), 0.17 * size) if name in {"near hind", "near fore"} else None
        tone = darker(coat, 0.18) if name == "ear" else tone
        canvas.solid(shapes, tone, 0.05 * size, 0.24, _chest(at, name, belly, size), calm=calm)
        if name.endswith(("fore", "hind")):
            paw = sweep(at(path[-2:] - [0, 0.004, 0]), path[-2:, 2] * size * 0.95, 2)
            canvas.solid(paw, belly if not name.startswith("far") else darker(belly, 0.2), 0.02 * size, 0.16)
    _snout(canvas, at, size, belly, cat=not body["ear"])
    return canvas, scale


def _chest(at: Callable[[Array], Array], name: str, belly: Array, size: int) -> list[tuple[Array, Array]]:
    if name != "trunk":
        return []
    return [(ellipse(at(np.array([0.47, 0.56])), 0.09 * size, 0.17 * size), belly)]


def _pointed_ears(canvas: Canvas, at: Callable[[Array], Array], coat: Array, size: int, *, cat: bool) -> None:
    if not cat:
        return
    for shift, tone in ((0.1, darker(coat, 0.16)), (0.0, coat)):
        ear = np.array([[0.33 + shift, 0.86], [0.35 + shift * 0.9, 1.03], [0.47 + shift, 0.9]])
        canvas.solid([rounded(at(ear), 0.03 * size)], tone, 0.02 * size, 0.2)


def _snout(canvas: Canvas, at: Callable[[Array], Array], size: int, belly: Array, *, cat: bool) -> None:
    ink = rgb("2b2523")
    if cat:
        canvas.solid([ellipse(at(np.array([0.565, 0.715])), 0.06 * size, 0.045 * size)], belly, 0.02 * size, 0.14)
        canvas.fill(ellipse(at(np.array([0.61, 0.735])), 0.018 * size, 0.014 * size), rgb("b5706a"))
        eye = at(np.array([0.525, 0.8]))
        canvas.fill(ellipse(eye, 0.026 * size, 0.03 * size), rgb("cfc65e"))
        canvas.fill(ellipse(eye, 0.011 * size, 0.026 * size), ink)
        for lift in (-0.02, 0.0, 0.02):
            hair = smooth(at(np.array([[0.58, 0.71], [0.65, 0.71 + lift], [0.71, 0.7 + 1.6 * lift]])), 4)
            canvas.stroke(hair, 0.004 * size, lighter(belly, 0.3))
        return
    canvas.fill(ellipse(at(np.array([0.748, 0.81])), 0.03 * size, 0.025 * size), ink)
    mouth = smooth(at(np.array([[0.74, 0.765], [0.68, 0.745], [0.61, 0.755]])), 4)
    canvas.stroke(mouth, 0.008 * size, ink)
    eye = at(np.array([0.54, 0.895]))
    canvas.fill(ellipse(eye, 0.021 * size, 0.023 * size), ink)
    canvas.fill(ellipse(eye - xy(0.006 * size, 0.008 * size), 0.006 * size, 0.006 * size), rgb("ffffff"))
    collar = np.array([[0.29, 0.735], [0.36, 0.68], [0.49, 0.7], [0.5, 0.755], [0.39, 0.735], [0.31, 0.79]])
    canvas.solid([at(collar)], rgb("b5523f"), 0.02 * size, 0.2)
