"""Outlines that the drawn pictures are made of: rounded corners, smooth curves, swept discs, leaves.

Every function returns points (N, k) float64, or a list of such polygons whose union is the shape.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from drawing.shading import Array


def xy(x: float, y: float) -> Array:
    """A point or a step (2,)."""
    return np.array([x, y], np.float64)


def parts(edges: Array, gap: float = 0.0) -> list[tuple[float, float]]:
    """The spans between neighbouring ``edges`` (N), each shortened by ``gap`` at both ends."""
    return [(first + gap, second - gap) for first, second in pairwise(edges.tolist())]


def rounded(polygon: Array, radius: float, steps: int = 4) -> Array:
    """A polygon (N, 2) with each corner replaced by a quadratic curve that starts ``radius`` before it."""
    before, after = np.roll(polygon, 1, 0) - polygon, np.roll(polygon, -1, 0) - polygon
    t = np.linspace(0, 1, steps)[None, :, None]
    length_in = np.maximum(np.hypot(*before.T), 1e-9)
    length_out = np.maximum(np.hypot(*after.T), 1e-9)
    start = polygon + before * np.minimum(radius / length_in, 0.5)[:, None]
    end = polygon + after * np.minimum(radius / length_out, 0.5)[:, None]
    curve = (1 - t) ** 2 * start[:, None] + 2 * t * (1 - t) * polygon[:, None] + t**2 * end[:, None]
    return np.asarray(curve.reshape(-1, 2))


def ellipse(centre: Array, across: float, down: float, turn: float = 0.0, steps: int = 28) -> Array:
    """An ellipse as a polygon; ``turn`` in degrees, clockwise in a picture."""
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    points = np.column_stack([across * np.cos(angle), down * np.sin(angle)])
    return points @ rotation(turn).T + centre


def rotation(degrees: float) -> Array:
    """The 2 x 2 matrix that turns clockwise in a picture, where rows count downwards."""
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def smooth(points: Array, steps: int = 6) -> Array:
    """A curve through ``points`` (N, k): Catmull and Rom's cubic (1974), ``steps`` points a span."""
    points = np.asarray(points, np.float64)
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    return np.concatenate([_spans(padded, steps).reshape(-1, points.shape[1]), points[-1:]])


def closed_curve(points: Array, steps: int = 4) -> Array:
    """The closed `smooth` curve through ``points`` (..., N, 2), as (..., N * steps, 2)."""
    around = np.concatenate([points[..., -1:, :], points, points[..., :2, :]], -2)
    return _spans(around, steps).reshape(*points.shape[:-2], -1, 2)


def _spans(padded: Array, steps: int) -> Array:
    """Points (..., N - 3, steps, k) on the spans between the inner ones of ``padded`` (..., N, k)."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    count = padded.shape[-2] - 3
    a, b, c, d = (padded[..., i : count + i, None, :] for i in range(4))
    return np.asarray(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))


def sweep(points: Array, radii: Array, steps: int = 5) -> list[Array]:
    """A disc moved along the smooth curve through ``points`` (N, 2) while its radius follows ``radii`` (N)."""
    path = smooth(np.column_stack([points, radii]), steps)
    return list(capsules(path[:-1], path[1:]))


def sleeve(points: Array, radii: Array, steps: int = 5, bow: float = 0.22) -> list[Array]:
    """Like `sweep`, but cut off at the end as a tube of cloth is; ``bow`` is how round the cut looks."""
    path = smooth(np.column_stack([points, radii]), steps)
    length = np.hypot(*np.diff(path[:, :2], axis=0).T)
    left = np.concatenate([np.cumsum(length[::-1])[::-1], [0.0]])
    whole = left[1:] > path[1:, 2]  # discs that do not reach over the cut
    tangent = np.gradient(path[:, :2], axis=0)
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-6)[:, None]
    out = np.column_stack([-tangent[:, 1], tangent[:, 0]]) * path[:, 2:]
    one, other = path[:, :2] + out, path[:, :2] - out
    quads = np.stack([one[:-1], one[1:], other[1:], other[:-1]], 1)[~whole]
    heading = float(np.degrees(np.arctan2(tangent[-1, 1], tangent[-1, 0])))
    cut = ellipse(path[-1, :2], bow * path[-1, 2], path[-1, 2], heading)
    return [*capsules(path[:-1][whole], path[1:][whole]), *quads, cut]


def capsules(start: Array, end: Array) -> Array:
    """The hulls (K, 16, 2) of pairs of discs (K, 3): column, row and radius of each."""
    along = end[:, :2] - start[:, :2]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-6)
    heading = np.arctan2(along[:, 1], along[:, 0])[:, None]
    lean = np.arccos(np.clip((start[:, 2] - end[:, 2]) / length, -1, 1))[:, None]
    back = heading + lean + np.linspace(0, 1, 9) * (2 * np.pi - 2 * lean)
    front = heading - lean + np.linspace(0, 1, 7) * 2 * lean
    near = start[:, None, :2] + start[:, 2, None, None] * np.stack([np.cos(back), np.sin(back)], -1)
    far = end[:, None, :2] + end[:, 2, None, None] * np.stack([np.cos(front), np.sin(front)], -1)
    return np.concatenate([near, far], 1)


def hull(points: Array) -> Array:
    """The convex hull of points (N, 2)."""
    return np.asarray(cv2.convexHull(points.astype(np.float32))[:, 0], np.float64)


def leaf(base: Array, tip: Array, width: float, bend: float = 0.0) -> Array:
    """A leaf from ``base`` to ``tip``, ``width`` of its length wide, bent sideways by ``bend`` of its length."""
    t = np.array([0.0, 0.12, 0.3, 0.5, 0.7, 0.88, 1.0])
    half = width * np.sin(np.pi * t**0.8) * 0.5
    along = tip - base
    across = np.array([-along[1], along[0]])
    spine = base + t[:, None] * along + (bend * np.sin(np.pi * t * 0.5) ** 2)[:, None] * across
    spine[-1] = tip + bend * across
    sides = [spine + half[:, None] * across, (spine - half[:, None] * across)[::-1]]
    return np.concatenate(sides)


def blobs(
    rng: np.random.Generator, centres: Array, radius: Array | float, bumps: int = 8, rough: float = 0.16
) -> Array:
    """Cloud-like closed curves (K, M, 2) about ``centres`` (K, 2).

    Args:
        rng: source of their shapes.
        centres: their middles.
        radius: their mean radius, one or K of them.
        bumps: how many each has.
        rough: how far bumps stand out of the radius, as a fraction of it.
    """
    count = len(centres)
    angle = np.linspace(0, 2 * np.pi, bumps, endpoint=False) + rng.uniform(0, 6, (count, 1))
    reach = np.broadcast_to(radius, count)[:, None] * (1 + rng.uniform(-rough, rough, (count, bumps)))
    return closed_curve(centres[:, None] + reach[..., None] * np.stack([np.cos(angle), np.sin(angle)], -1))


def ellipses(centres: Array, across: float, down: float, steps: int = 7) -> Array:
    """Equal upright ellipses (K, steps, 2) about ``centres`` (K, 2)."""
    return centres[:, None] + ellipse(np.zeros(2), across, down, steps=steps)[None]
