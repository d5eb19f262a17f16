"""Things that stand in a room or a street: boxes, turned bodies and flat panels, sorted, lit and painted.

A piece is put together in the local axes of a `Frame` (u to the right, v up, w towards whoever looks at its
front), so one sofa serves every wall. All solids are axis-parallel in the world, so which of two may cover
the other is known exactly from their bounding boxes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np

from drawing.camera import NEAR, Camera
from drawing.canvas import Canvas
from drawing.shading import Array
from drawing.shapes import hull, rounded

Span = tuple[float, float]
# The local axes u, v, w in the world, by quarter turns.
AXES = tuple(np.array([[z, 0, -x], [0, 1, 0], [-x, 0, -z]], np.float64) for x, z in ((0, 1), (-1, 0), (0, -1), (1, 0)))
# Corners of a box and the four of them that bound its front, back, left, right, top and bottom.
CORNERS = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], bool)
SIX = np.array([[1, 5, 7, 3], [0, 4, 6, 2], [0, 1, 3, 2], [4, 5, 7, 6], [2, 6, 7, 3], [0, 4, 5, 1]])
OUTWARD = np.array([[0, 0, 1], [0, 0, -1], [-1, 0, 0], [1, 0, 0], [0, 1, 0], [0, -1, 0]], np.float64)
# How a turned body is lit: seen from its left, its front and its right, and from above.
SIDES = np.array([[-1.0, 0, 0], [0, 0, -1], [1, 0, 0], [0, 1, 0]])


class Light(Protocol):
    """What falls on a surface."""

    def lit(self, colours: Array, points: Array, normals: Array) -> Array:
        """Surface ``colours`` (N, 3) at ``points`` (N, 3) facing ``normals`` (N, 3), as they are seen."""


@dataclass(frozen=True)
class Frame:
    """Where a piece stands and which way it faces.

    Attributes:
        x: world X of the local origin.
        z: world Z of it.
        turn: quarter turns: 0 faces the camera, 1 stands at a left wall, 3 at a right wall.
    """

    x: float
    z: float
    turn: int = 0

    def world(self, points: Array) -> Array:
        """Local points (..., 3) of u, v, w as world points (..., 3)."""
        return np.asarray(points @ AXES[self.turn] + np.array([self.x, 0.0, self.z]))

    def normal(self, u: float, v: float, w: float) -> Array:
        """A local direction as a world direction (3,)."""
        return np.array([u, v, w]) @ AXES[self.turn]


@dataclass
class Face:
    """A polygon (N, 3) that faces ``normal``, in one colour (3,) or one for each corner (N, 3).

    A ``glow`` gives its own light; what is ``flat`` needs no gradient, and may be several polygons (K, N, 3)
    in one plane that do not overlap.
    """

    points: Array
    normal: Array
    colour: Array
    flat: bool = False
    glow: bool = False


@dataclass(frozen=True)
class Tint:
    """How a body's colours are seen on its `SIDES`: multiplied by ``gain`` (4, 3), plus ``bias`` (4, 3)."""

    gain: Array
    bias: Array

    def on(self, colour: Array, side: int | None = None) -> Array:
        """``colour`` (3,) as it is seen on one of the sides or, without ``side``, on their average."""
        gain, bias = self._average if side is None else (self.gain[side], self.bias[side])
        return within_white(colour * gain + bias)

    @cached_property
    def _average(self) -> tuple[Array, Array]:
        return self.gain.mean(0), self.bias.mean(0)


def within_white(colours: Array) -> Array:
    """``colours`` (..., 3), those that are too bright darkened without changing their hue."""
    if colours.max() <= 255:
        return colours
    return np.asarray(colours * (255 / np.maximum(colours.max(-1, keepdims=True), 255)))


Painter = Callable[[Canvas, Camera, Tint], None]


@dataclass
class Solid:
    """A body within the box ``low``..``high`` (3,), painted by its faces or by ``paint``.

    ``paint`` is given the light at the middle of the body.
    ``soft`` is the radius in metres by which corners are rounded.
    """

    low: Array
    high: Array
    faces: list[Face] = field(default_factory=list)
    paint: Painter | None = None
    soft: float = 0.0


def quad(frame: Frame, u: Span, v: Span, w: Span) -> Array:
    """A rectangle (4, 3) in the plane of the one axis whose span is empty."""
    if u[0] == u[1]:
        local = [[u[0], v[0], w[0]], [u[0], v[0], w[1]], [u[0], v[1], w[1]], [u[0], v[1], w[0]]]
    elif v[0] == v[1]:
        local = [[u[0], v[0], w[0]], [u[1], v[0], w[0]], [u[1], v[0], w[1]], [u[0], v[0], w[1]]]
    else:
        local = [[u[0], v[0], w[0]], [u[1], v[0], w[0]], [u[1], v[1], w[0]], [u[0], v[1], w[0]]]
    return frame.world(np.array(local))


@dataclass
class Stage:
    """What stands on the ground, and the shadows that it throws.

    Attributes:
        camera: how it is seen.
        solids: the bodies, in any order.
        shadows: world polygons (N, 3) on floor or walls, to be darkened softly.
    """

    camera: Camera
    solids: list[Solid] = field(default_factory=list)
    shadows: list[Array] = field(default_factory=list)

    def box(
        self,
        frame: Frame,
        u: Span,
        v: Span,
        w: Span,
        colour: Array,
        *,
        top: Array | None = None,
        soft: float = 0.0,
        decals: Sequence[Face] = (),
    ) -> None:
        """A box; ``decals`` are painted on it after its faces."""
        spans = np.array([u, v, w])
        corners = frame.world(np.where(CORNERS, spans[:, 1], spans[:, 0]))
        normals = OUTWARD @ AXES[frame.turn]
        paints = [colour] * 4 + [colour if top is None else top, colour]
        sides = [Face(corners[SIX[i]], normals[i], paints[i]) for i in range(6)]
        self.solids.append(Solid(corners.min(0), corners.max(0), [*sides, *decals], soft=soft))

    def panel(self, points: Array, faces: list[Face]) -> None:
        """Flat faces that are sorted as one body, spanning ``points`` (N, 3)."""
        self.solids.append(Solid(points.min(0), points.max(0), faces))

    def shadow(self, frame: Frame, u: Span, w: Span, grow: float = 0.03) -> None:
        """The shadow of a footprint on the floor, ``grow`` metres larger than it."""
        wide, deep = (u[0] - grow, u[1] + grow), (w[0] - grow, w[1] + grow)
        self.shadows.append(quad(frame, wide, (0.0, 0.0), deep))

    def turned(self, x: float, z: float, profile: Sequence[Span], colour: Array, lid: Array | None = None) -> None:
        """A body turned on an upright axis: ``profile`` gives (height, radius) from the lowest upwards."""
        rings = np.array(profile, np.float64)
        widest = rings[:, 1].max()
        low = np.array([x - widest, rings[0, 0], z - widest])
        high = np.array([x + widest, rings[-1, 0], z + widest])
        painter = turned_painter(x, z, rings, colour, colour if lid is None else lid)
        self.solids.append(Solid(low, high, paint=painter))

    def standing(self, place: Array, reach: float, size: float, paint: Painter) -> None:
        """A body painted upright at ``place`` (3,), ``size`` metres tall, sorted by its stem of ``reach``."""
        low = place - np.array([reach, 0.0, reach])
        self.solids.append(Solid(low, place + np.array([reach, size, reach]), paint=paint))

    def render(self, canvas: Canvas, light: Light) -> None:
        """Paint every solid, the farthest first."""
        solids = [self.solids[i] for i in paint_order(self.solids, np.array([0.0, self.camera.height, 0.0]))]
        views = _see_faces(solids, canvas, self.camera, light)
        painted = [solid for solid in solids if solid.paint is not None]
        tints = iter(_tints(painted, light))
        for solid in solids:
            if solid.paint is not None:
                solid.paint(canvas, self.camera, next(tints))
            else:
                _paint_faces(canvas, self.camera, solid, views)


def paint_order(solids: Sequence[Solid], eye: Array) -> list[int]:
    """Indices of ``solids`` such that none is painted before one that it may cover.

    Where a plane parallel to two axes separates two boxes, the one on the far side of it from the eye cannot
    cover the other. Boxes that no plane separates are left to their distance.
    """
    if not solids:
        return []
    low, high = np.array([s.low for s in solids]), np.array([s.high for s in solids])
    slack = 1e-6
    below = (high[:, None] <= low[None] + slack) & (eye >= high[:, None] - slack)
    above = (low[:, None] >= high[None] - slack) & (eye <= low[:, None] + slack)
    harmless = np.any(below | above, axis=2)  # [i, j]: i cannot cover j
    first = harmless & ~harmless.T
    distance = np.linalg.norm((low + high) / 2 - eye, axis=1)
    waiting, left, order = first.sum(0), np.ones(len(solids), bool), []
    for _ in solids:
        ready = left & (waiting == 0)
        among = ready if ready.any() else left
        chosen = int(np.argmax(np.where(among, distance, -1.0)))
        order.append(chosen)
        left[chosen] = False
        waiting -= first[chosen]
    return order


@dataclass
class View:
    """A face as it is seen: outline (N, 2) or (K, N, 2), the same as `Canvas.fixed`, lit corners (N, 3), mean."""

    outline: Array
    fixed: Array
    colours: Array
    mean: list[float]


def _tints(solids: Sequence[Solid], light: Light) -> list[Tint]:
    """The light on each of ``solids``; light and air change a colour linearly, so black and white tell all."""
    if not solids:
        return []
    middle = np.repeat([(solid.low + solid.high) / 2 for solid in solids], 4, 0)
    sides = np.tile(SIDES, (len(solids), 1))
    black = light.lit(np.zeros(middle.shape), middle, sides).reshape(-1, 4, 3)
    white = light.lit(np.full(middle.shape, 255.0), middle, sides).reshape(-1, 4, 3)
    return [Tint((bright - dark) / 255, dark) for bright, dark in zip(white, black, strict=True)]


def _see_faces(solids: Sequence[Solid], canvas: Canvas, camera: Camera, light: Light) -> dict[int, View]:
    """Every face that is turned towards the camera, by its id: projected and lit in one go."""
    faces = [face for solid in solids for face in solid.faces]
    if not faces:
        return {}
    toward = np.array([0.0, camera.height, 0.0]) - np.array([face.points.reshape(-1, 3)[0] for face in faces])
    facing = (np.array([face.normal for face in faces]) * toward).sum(1) > 0
    seen = [face for face, front in zip(faces, facing, strict=True) if front]
    counts = np.array([face.points.size // 3 for face in seen])
    starts = np.cumsum(counts) - counts
    points = np.concatenate([face.points.reshape(-1, 3) for face in seen])
    colours = np.concatenate([np.broadcast_to(face.colour, (face.points.size // 3, 3)) for face in seen])
    normals = np.repeat(np.array([face.normal for face in seen]), counts, 0)
    glows = np.repeat([face.glow for face in seen], counts)[:, None]
    colours = np.where(glows, colours, light.lit(colours, points, normals))
    means = np.clip(np.add.reduceat(colours, starts) / counts[:, None], 0, 255).tolist()
    flat = camera.project(np.maximum(points, [-np.inf, -np.inf, NEAR]))
    fixed = canvas.fixed(flat)
    views = {}
    for number, (face, start, count) in enumerate(zip(seen, starts.tolist(), counts.tolist(), strict=True)):
        part, shape = slice(start, start + count), (*face.points.shape[:-1], 2)
        view = View(flat[part].reshape(shape), fixed[part].reshape(shape), colours[part], means[number])
        if face.points.ndim == 2 and points[part, 2].min() < NEAR:
            view.outline = camera.outline(face.points)
            view.fixed = canvas.fixed(view.outline)
        views[id(face)] = view
    return views


def _paint_faces(canvas: Canvas, camera: Camera, solid: Solid, views: dict[int, View]) -> None:
    seen = [(face, views[id(face)]) for face in solid.faces if id(face) in views]
    body = [view for face, view in seen if not face.flat]
    scale = camera.focal / max(NEAR, float(solid.low[2] + solid.high[2]) / 2)
    if len(body) > 1 and solid.low[2] > NEAR:
        # Under the faces, so that no background shows through the seams between their soft edges.
        outline = hull(np.concatenate([view.outline for view in body]))
        canvas.fill(rounded(outline, solid.soft * scale) if solid.soft else outline, np.array(body[0].mean))
    for face, view in seen:
        if face.flat or len(view.outline) != len(view.colours) or _is_small(view.outline):
            canvas.fill_fixed(view.fixed, view.mean)
        elif solid.soft:
            canvas.ramp(rounded(view.outline, solid.soft * scale, 3), np.repeat(view.colours, 3, 0))
        else:
            canvas.ramp(view.outline, view.colours)


def _is_small(outline: Array) -> bool:
    """Whether a shape is too small for a gradient to show, in pixels."""
    (left, top), (right, bottom) = outline.min(0), outline.max(0)
    return bool((right - left) * (bottom - top) < 200)


def turned_painter(x: float, z: float, rings: Array, colour: Array, lid: Array) -> Painter:
    """Paints a body turned on the upright axis at (x, z); ``rings`` (N, 2) give height and radius from below."""
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    circles = np.stack(
        [np.column_stack([x + r * np.cos(angle), np.full(28, y), z + r * np.sin(angle)]) for y, r in rings]
    )

    def paint(canvas: Canvas, camera: Camera, tint: Tint) -> None:
        seen = camera.project(circles)
        patch = canvas.cover([hull(np.concatenate(pair)) for pair in pairwise(seen)])
        if patch is None:
            return
        middle = camera.centre + camera.focal * x / z
        reach = camera.focal * rings[:, 1].max() / z
        columns = (np.arange(patch.mask.shape[1]) + patch.left + 0.5) / canvas.scale
        across = np.clip((columns - middle) / reach, -1, 1)
        sides = within_white(colour * tint.gain[:3] + tint.bias[:3])
        shade = np.column_stack([np.interp(across, [-1, 0.1, 1], sides[:, c]) for c in range(3)])
        canvas.blend(patch, (shade * (1 - 0.16 * np.abs(across[:, None]) ** 3))[None])
        if rings[-1, 0] < camera.height:
            canvas.fill(seen[-1], tint.on(lid, 3))

    return paint
