"""What stands along a street: trees, hedges, lamps, cars, benches, café tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.camera import Camera
from drawing.canvas import Canvas
from drawing.shading import Array, choose, darker, lighter, mix, rgb
from drawing.shapes import blobs, ellipse, ellipses, leaf, smooth
from drawing.solids import Face, Frame, Span, Tint, quad
from drawing.street import Street

BARK = rgb("7a6250")


@dataclass(frozen=True)
class Tree:
    """A tree of height 1: parts as (polygons (K, N, 2) of units to the right and up, colour), in order."""

    parts: list[tuple[Array, Array]]
    spread: float


def broadleaf(rng: np.random.Generator, green: Array, sun: float) -> Tree:
    """A round crown of clumps on a trunk; ``sun`` is -1 where it shines from the left, 1 from the right."""
    trunk = smooth(
        np.array([[-0.028, 0.0], [-0.018, 0.25], [-0.014, 0.55], [0.014, 0.55], [0.018, 0.25], [0.03, 0.0]]), 3
    )
    parts = [(trunk[None], BARK)]
    for side in (-1, 1):
        branch = np.array([[side * 0.008, 0.3], [side * 0.13, 0.52], [side * 0.15, 0.5], [side * 0.016, 0.26]])
        parts.append((branch[None], darker(BARK, 0.12)))
    clumps = _crown(rng)
    height = (clumps[:, 1] - 0.4) / 0.55
    light = np.clip(0.05 + 0.72 * height + 0.55 * sun * clumps[:, 0] / 0.28 + rng.normal(0, 0.07, len(clumps)), 0, 1)
    shapes = blobs(rng, clumps, rng.uniform(0.075, 0.125, len(clumps)), 8, 0.2)
    for index in np.argsort(light):
        tone = mix(darker(green, 0.34), lighter(green, 0.2), float(light[index]))
        parts.append((shapes[index : index + 1], tone))
        angle, reach = rng.uniform(0, 6.3, 9), 0.075 * np.sqrt(rng.random(9))
        dabs = clumps[index] + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
        dabs[:, 1] += 0.015
        parts.append((ellipses(dabs, 0.013, 0.009), lighter(tone, 0.12)))
    return Tree(parts, 0.36)


def _crown(rng: np.random.Generator) -> Array:
    """Middles (K, 2) of the clumps of a crown that is wider below its middle."""
    places = []
    for level, reach, count in ((0.45, 0.19, 5), (0.55, 0.28, 7), (0.66, 0.28, 7), (0.77, 0.21, 5), (0.87, 0.11, 3)):
        share = np.linspace(-1, 1, count)
        places.append(np.column_stack([reach * share, level - 0.04 * share**2]))
    grid = np.concatenate(places)
    return np.asarray(grid + rng.normal(0, 0.02, grid.shape))


def conifer(rng: np.random.Generator, green: Array, sun: float) -> Tree:
    """A slender tree of drooping tiers."""
    parts = [(np.array([[[-0.02, 0.0], [0.02, 0.0], [0.012, 0.2], [-0.012, 0.2]]]), BARK)]
    for share in np.linspace(0, 1, 8):
        low, half = 0.1 + 0.74 * share, 0.2 * (1 - share) + 0.035
        jag = np.linspace(-half, half, 9)
        hem = np.column_stack([jag, low + 0.022 * (np.arange(9) % 2) + rng.uniform(-0.008, 0.008, 9)])
        tone = mix(darker(green, 0.35), green, 0.3 + 0.6 * share)
        tip = np.array([[0.0, low + 0.25 - 0.05 * share]])
        parts.append((np.concatenate([hem, tip])[None], tone))
        bright = hem[hem[:, 0] * sun >= -0.02]
        parts.append((np.concatenate([bright, tip])[None], lighter(tone, 0.1)))
    return Tree(parts, 0.2)


def palm(rng: np.random.Generator, green: Array, sun: float) -> Tree:
    """A palm: a bent trunk and a head of fronds."""
    lean = float(rng.uniform(-0.07, 0.07))
    spine = smooth(np.array([[0.0, 0.0], [0.3 * lean, 0.3], [lean, 0.72]]), 6)
    half = np.linspace(0.028, 0.014, len(spine))[:, None] * np.array([[1.0, 0.0]])
    trunk = rgb("a08a6c")
    parts = [(np.concatenate([spine - half, (spine + half)[::-1]])[None], trunk)]
    lit = np.concatenate([spine + sun * half, (spine + 0.2 * sun * half)[::-1]])
    parts.append((lit[None], lighter(trunk, 0.18)))
    head = spine[-1]
    for number, angle in enumerate(rng.permutation(np.linspace(-35, 215, 15))):
        way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        tip = head + np.array([0.26, 0.2]) * way + np.array([0, -0.06])
        tone = mix(darker(green, 0.32), lighter(green, 0.1), number / 14)
        bend = -0.3 * np.sign(way[0])
        parts.append((leaf(head, tip, 0.2, bend)[None], tone))
        parts.append((leaf(head, tip, 0.07, bend)[None], lighter(tone, 0.14)))
    return Tree(parts, 0.26)


def plant(street: Street, tree: Tree, place: tuple[float, float], height: float, *, mirrored: bool) -> None:
    """A tree at (x, z) on the ground, ``height`` metres tall."""
    x, z = place
    flip = np.array([-height if mirrored else height, -height])

    def paint(canvas: Canvas, camera: Camera, tint: Tint) -> None:
        foot, scale = camera.project(np.array([x, 0.0, z])), camera.focal / z * flip
        fine = abs(float(scale[1])) > 90
        for number, (polygons, colour) in enumerate(tree.parts):
            if fine or len(polygons) == 1 or number < 3:
                canvas.fill(polygons * scale + foot, tint.on(colour))

    street.stage.standing(np.array([x, 0.0, z]), 0.25, height, paint)
    sun = street.light.sun
    shift = -sun[[0, 2]] / sun[1] * 0.62 * height
    crown = ellipse(np.array([x, z]) + shift, tree.spread * height, tree.spread * height)
    crown[:, 1] = np.maximum(crown[:, 1], 0.4)
    street.cast.append(np.column_stack([crown[:, 0], 0 * crown[:, 0], crown[:, 1]]))
    trunk = np.array([[x - 0.12, 0, z], [x + 0.12, 0, z]])
    street.shade(trunk, 0.4 * height)
    base = ellipse(np.array([x, z]), 0.4, 0.4, steps=12)
    street.stage.shadows.append(np.column_stack([base[:, 0], 0 * base[:, 0], base[:, 1]]))


def hedge(street: Street, x: Span, z: Span, height: float, green: Array) -> None:
    """A clipped hedge with leaves on it."""
    rng = street.rng
    frame = Frame((x[0] + x[1]) / 2, (z[0] + z[1]) / 2)
    half = ((x[1] - x[0]) / 2, (z[1] - z[0]) / 2)
    decals = []
    inside = -np.sign(frame.x)
    for tone in (lighter(green, 0.14), darker(green, 0.15)):
        count = 70
        w, v = rng.uniform(-half[1], half[1], count), rng.uniform(0.05, height - 0.08, count)
        size = 0.05
        corners = np.array([[-1.0, 0.0], [0.0, -0.7], [1.0, 0.0], [0.0, 0.7]]) * size
        local = np.stack(
            [np.full((count, 4), inside * (half[0] + 0.01)), v[:, None] + corners[:, 1], w[:, None] + corners[:, 0]], -1
        )
        decals.append(Face(frame.world(local), frame.normal(inside, 0, 0), tone, flat=True))
    street.stage.box(
        frame, (-half[0], half[0]), (0.0, height), (-half[1], half[1]), green, top=lighter(green, 0.15), decals=decals
    )
    street.stage.shadow(frame, (-half[0], half[0]), (-half[1], half[1]), 0.1)
    street.shade(quad(frame, (-half[0], half[0]), (0.0, 0.0), (-half[1], half[1])), height)


def _within(rng: np.random.Generator, clumps: Array, radius: float, count: int) -> Array:
    """Points (count, 2) inside discs of ``radius`` about some of the ``clumps``."""
    angle, reach = rng.uniform(0, 6.3, count), radius * np.sqrt(rng.random(count))
    chosen = clumps[rng.integers(len(clumps), size=count)]
    points = chosen + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    return np.asarray(points[points[:, 1] > 0.06])


def bush(street: Street, place: tuple[float, float], size: float, green: Array, bloom: Array | None = None) -> None:
    """A round bush, with blossoms where ``bloom`` gives their colour."""
    rng, (x, z) = street.rng, place
    clumps = np.column_stack([rng.uniform(-0.5, 0.5, 6), np.sort(rng.uniform(0.25, 0.65, 6))])
    shapes = blobs(rng, clumps, 0.34)
    shapes[..., 1] = np.maximum(shapes[..., 1], 0.0)
    petals = ellipses(_within(rng, clumps, 0.28, 28), 0.04, 0.04)

    def paint(canvas: Canvas, camera: Camera, tint: Tint) -> None:
        foot, scale = camera.project(np.array([x, 0.0, z])), camera.focal / z * size
        flip = np.array([scale, -scale])
        for number, shape in enumerate(shapes):
            canvas.fill(shape * flip + foot, tint.on(mix(darker(green, 0.25), lighter(green, 0.08), number / 5)))
        canvas.fill(petals * flip + foot, tint.on(lighter(green, 0.2) if bloom is None else bloom))

    street.stage.standing(np.array([x, 0.0, z]), 0.3 * size, size, paint)
    base = ellipse(np.array([x, z]), 0.6 * size, 0.4 * size, steps=14)
    street.stage.shadows.append(np.column_stack([base[:, 0], 0 * base[:, 0], base[:, 1]]))


def lamp_post(street: Street, x: float, z: float, inward: float) -> None:
    """A street lamp whose arm reaches ``inward`` metres (negative: to the left)."""
    stage, iron = street.stage, rgb("4b5054")
    frame = Frame(x, z)
    stage.turned(x, z, [(0.0, 0.13), (0.5, 0.1), (0.9, 0.06)], iron)
    stage.turned(x, z, [(0.9, 0.055), (4.9, 0.045)], iron)
    arm = (min(0.0, inward), max(0.0, inward))
    stage.box(frame, arm, (4.9, 4.97), (-0.03, 0.03), iron)
    head = (inward - 0.28, inward + 0.28)
    stage.box(frame, head, (4.97, 5.08), (-0.12, 0.12), iron)
    glow = rgb("ffe9b8") if street.mood.dusk else rgb("e9e9e0")
    pane = Face(quad(frame, head, (4.965, 4.965), (-0.1, 0.1)), np.array([0.0, -1.0, 0.0]), glow, flat=True, glow=True)
    stage.panel(pane.points, [pane])
    base = ellipse(np.array([x, z]), 0.22, 0.22, steps=12)
    stage.shadows.append(np.column_stack([base[:, 0], 0 * base[:, 0], base[:, 1]]))
    street.shade(np.array([[x - 0.06, 0, z], [x + 0.06, 0, z]]), 4.9)
    if street.mood.dusk:
        street.halos.append((np.array([x + inward, 4.9, z]), 0.55, np.array([150.0, 116.0, 62.0])))


def bench(street: Street, frame: Frame) -> None:
    """A park bench with its back at w = 0."""
    stage, wood, iron = street.stage, rgb("a47a52"), rgb("4b5054")
    for u in (-0.7, 0.64):
        stage.box(frame, (u, u + 0.06), (0.0, 0.42), (0.05, 0.47), iron)
        stage.box(frame, (u, u + 0.06), (0.5, 0.86), (0.0, 0.05), iron)
    for w in (0.05, 0.2, 0.35):
        stage.box(frame, (-0.85, 0.85), (0.42, 0.46), (w, w + 0.12), wood)
    for v in (0.56, 0.74):
        stage.box(frame, (-0.85, 0.85), (v, v + 0.12), (0.051, 0.08), wood)
    stage.shadow(frame, (-0.8, 0.8), (0.0, 0.5), 0.02)


def planter(street: Street, x: float, z: float, green: Array, bloom: Array) -> None:
    """A stone tub with a flowering bush."""
    street.stage.turned(x, z, [(0.0, 0.3), (0.5, 0.4), (0.56, 0.42)], rgb("b9b2a6"), rgb("5a4a3c"))
    rng = street.rng
    clumps = np.column_stack([rng.uniform(-0.28, 0.28, 6), rng.uniform(0.08, 0.32, 6)])
    shapes = blobs(rng, clumps, 0.22)
    petals = ellipses(_within(rng, clumps, 0.18, 22), 0.04, 0.04)

    def paint(canvas: Canvas, camera: Camera, tint: Tint) -> None:
        root = camera.project(np.array([x, 0.54, z]))
        flip = camera.focal / z * np.array([1.0, -1.0])
        for number, shape in enumerate(shapes):
            canvas.fill(shape * flip + root, tint.on(darker(green, 0.2 - 0.05 * number)))
        canvas.fill(petals * flip + root, tint.on(bloom))

    street.stage.standing(np.array([x, 0.56, z]), 0.3, 0.6, paint)
    base = ellipse(np.array([x, z]), 0.5, 0.5, steps=14)
    street.stage.shadows.append(np.column_stack([base[:, 0], 0 * base[:, 0], base[:, 1]]))


def parasol(street: Street, x: float, z: float, colour: Array) -> None:
    """A café table under a parasol, with two stools."""
    stage = street.stage
    stage.turned(x, z, [(0.0, 0.26), (0.05, 0.24), (0.06, 0.03)], rgb("55585b"))
    stage.turned(x, z, [(0.06, 0.025), (0.7, 0.025)], rgb("55585b"))
    stage.turned(x, z, [(0.7, 0.42), (0.74, 0.42)], rgb("d9cdb8"), rgb("efe6d4"))
    stage.turned(x, z, [(0.74, 0.025), (2.1, 0.025)], rgb("8a6d50"))
    stage.turned(x, z, [(2.1, 1.25), (2.28, 1.18), (2.42, 0.7), (2.62, 0.04)], colour, lighter(colour, 0.1))
    for side in (-0.75, 0.75):
        stage.turned(x + side, z, [(0.0, 0.17), (0.42, 0.15), (0.46, 0.19)], rgb("8f6f52"), rgb("c79a6c"))
    disc = ellipse(np.array([x, z]), 1.0, 0.8)
    stage.shadows.append(np.column_stack([disc[:, 0], 0 * disc[:, 0], disc[:, 1]]))


def car(street: Street, x: float, z: float) -> None:
    """A parked car, seen from behind."""
    stage, rng = street.stage, street.rng
    frame = Frame(x, z)
    paint = choose(rng, "b8534a 4f6f86 d8d5cc 3f4a50 c9a256 7f9a8b 8b97a1 e6e1d6")
    dark, glass = rgb("33363a"), rgb("56656f")
    for u in (-0.84, 0.6):
        for w in (-1.62, 1.0):
            stage.box(frame, (u, u + 0.24), (0.0, 0.27), (w, w + 0.62), dark, soft=0.05)
    rear = [
        band_on(frame, (-0.8, 0.8), (0.3, 0.46), 2.111, darker(paint, 0.28)),
        band_on(frame, (-0.24, 0.24), (0.5, 0.62), 2.112, rgb("ece8da")),
    ]
    for u in (-0.82, 0.56):
        lamp = rgb("e0604e") if street.mood.dusk else rgb("b8453c")
        rear.append(band_on(frame, (u, u + 0.26), (0.62, 0.78), 2.113, lamp))
    rear += _wheels(frame, dark)
    stage.box(frame, (-0.88, 0.88), (0.27, 0.9), (-2.1, 2.11), paint, top=lighter(paint, 0.12), soft=0.12, decals=rear)
    low = np.array([[-0.8, 0.9, 1.75], [0.8, 0.9, 1.75], [0.8, 0.9, -0.95], [-0.8, 0.9, -0.95]])
    high = np.array([[-0.64, 1.45, 1.15], [0.64, 1.45, 1.15], [0.64, 1.45, -0.35], [-0.64, 1.45, -0.35]])
    faces = []
    outward = ((0.0, 0.3, 1.0), (1.0, 0.3, 0.0), (0.0, 0.3, -1.0), (-1.0, 0.3, 0.0))
    for number, normal in enumerate(outward):
        after = (number + 1) % 4
        pane = np.stack([low[number], low[after], high[after], high[number]])
        faces.append(Face(frame.world(pane), frame.normal(*normal), paint))
        inner = pane.mean(0) + (pane - pane.mean(0)) * np.array([0.86, 0.78, 0.86])
        faces.append(
            Face(
                frame.world(inner),
                frame.normal(*normal),
                np.stack([darker(glass, 0.2)] * 2 + [lighter(glass, 0.2)] * 2),
            )
        )
    faces.append(Face(frame.world(high), frame.normal(0, 1, 0), lighter(paint, 0.1)))
    stage.panel(np.concatenate([face.points for face in faces]), faces)
    stage.shadow(frame, (-0.9, 0.9), (-2.1, 2.1), 0.02)
    street.shade(quad(frame, (-0.85, 0.85), (0.0, 0.0), (-2.0, 2.0)), 1.0)


def _wheels(frame: Frame, dark: Array) -> list[Face]:
    faces = []
    for side in (-1.0, 1.0):
        for w in (-1.31, 1.31):
            for radius, tone in ((0.37, darker(dark, 0.3)), (0.32, dark), (0.19, rgb("a9adb0")), (0.08, dark)):
                disc = ellipse(np.array([w, 0.33]), radius, radius, steps=22)
                points = np.column_stack([np.full(22, side * 0.885), np.maximum(disc[:, 1], 0.0), disc[:, 0]])
                faces.append(Face(frame.world(points), frame.normal(side, 0, 0), tone, flat=True))
    return faces


def band_on(frame: Frame, u: Span, v: Span, w: float, colour: Array) -> Face:
    """A rectangle in one colour on a front."""
    return Face(quad(frame, u, v, (w, w)), frame.normal(0, 0, 1), colour, flat=True)


def sailboat(street: Street, x: float, z: float) -> None:
    """A small boat under sail, far out."""
    hull = np.array([[-2.6, 0.5], [2.8, 0.5], [2.1, -0.1], [-2.2, -0.1]])
    sails = (np.array([[0.1, 0.8], [0.1, 7.4], [2.4, 0.8]]), np.array([[-0.1, 0.8], [-0.1, 6.6], [-2.0, 0.8]]))

    def paint(canvas: Canvas, camera: Camera, tint: Tint) -> None:
        foot, flip = camera.project(np.array([x, 0.0, z])), camera.focal / z * np.array([1.0, -1.0])
        canvas.fill(hull * flip + foot, tint.on(rgb("6d5a4e")))
        for sail, colour in zip(sails, ("fbf7ec", "e4ddcc"), strict=True):
            canvas.fill(sail * flip + foot, tint.on(rgb(colour)))

    street.stage.standing(np.array([x, 0.0, z]), 1.0, 7.5, paint)
