"""Furniture that people sit, lie and eat at, built of boxes and turned bodies in a local frame.

Every function puts one piece on the stage with its back at w = 0 of the frame and its middle at u = 0, all
in metres.
"""

from __future__ import annotations

import numpy as np

from drawing.fittings import decal
from drawing.room import Room
from drawing.shading import Array, darker, lighter, rgb
from drawing.shapes import ellipse, parts
from drawing.solids import Face, Frame, Span, Stage, quad


def legs(stage: Stage, frame: Frame, u: Span, w: Span, height: float, thick: float, colour: Array) -> None:
    """Four legs in the corners of a footprint."""
    for a in (u[0], u[1] - thick):
        for c in (w[0], w[1] - thick):
            stage.box(frame, (a, a + thick), (0.0, height), (c, c + thick), colour)


def sofa(room: Room, frame: Frame, width: float, colour: Array, pillow: Array) -> None:
    """A sofa (or, where it is narrow, an armchair) with loose cushions."""
    stage, arm, half = room.stage, 0.17, width / 2
    stage.shadow(frame, (-half, half), (0.0, 0.9), 0.06)
    legs(stage, frame, (-half + 0.05, half - 0.05), (0.06, 0.86), 0.11, 0.05, rgb(room.palette.wood))
    stage.box(frame, (-half, half), (0.11, 0.27), (0.0, 0.86), darker(colour, 0.07), soft=0.03)
    for start in (-half, half - arm):
        stage.box(frame, (start, start + arm), (0.27, 0.6), (0.0, 0.86), colour, soft=0.06)
    inner = width - 2 * arm
    count = max(1, round(inner / 0.75))
    for u in parts(np.linspace(-inner / 2, inner / 2, count + 1), 0.004):
        stage.box(frame, u, (0.27, 0.44), (0.2, 0.88), lighter(colour, 0.05), soft=0.05)
        stage.box(frame, u, (0.27, 0.82), (0.0, 0.2), lighter(colour, 0.02), soft=0.07)
    places = (-inner / 2 + 0.02, inner / 2 - 0.42) if count > 1 else (-0.19,)
    for number, start in enumerate(places):
        shade = pillow if number == 0 else lighter(pillow, 0.3)
        stage.box(frame, (start, start + 0.4), (0.44, 0.79), (0.2, 0.34), shade, soft=0.12)


def bed(room: Room, frame: Frame, width: float, cover: Array, throw: Array) -> None:
    """A bed with its head at the wall."""
    stage, half = room.stage, width / 2
    wood, linen = rgb(room.palette.wood), rgb("f1ede4")
    stage.shadow(frame, (-half, half), (0.0, 2.1), 0.08)
    head = room.palette.fabric(2)
    stage.box(frame, (-half - 0.08, half + 0.08), (0.0, 1.08), (0.0, 0.09), head, soft=0.05)
    stage.box(frame, (-half, half), (0.06, 0.26), (0.09, 2.08), wood)
    stage.box(frame, (-half + 0.02, half - 0.02), (0.26, 0.5), (0.09, 0.66), linen, soft=0.05)
    drop = 0.14
    faces: list[Face] = []
    for u in (-half - 0.03, half + 0.03):
        side = -1.0 if u < 0 else 1.0
        faces.append(Face(quad(frame, (u, u), (drop + 0.02, 0.56), (1.4, 1.86)), frame.normal(side, 0, 0), throw))
    top = quad(frame, (-half - 0.02, half + 0.02), (0.57, 0.57), (1.4, 1.86))
    faces.append(Face(top, frame.normal(0, 1, 0), throw))
    turned = quad(frame, (-half, half), (0.571, 0.571), (0.66, 0.92))
    faces.append(Face(turned, frame.normal(0, 1, 0), lighter(cover, 0.45)))
    stage.box(frame, (-half - 0.03, half + 0.03), (drop, 0.57), (0.66, 2.12), cover, soft=0.06, decals=faces)
    for a in (-half + 0.06, 0.03):
        b = a + half - 0.09
        stage.box(frame, (a, b), (0.5, 0.82), (0.1, 0.24), lighter(cover, 0.3), soft=0.1)
        stage.box(frame, (a + 0.03, b - 0.03), (0.5, 0.7), (0.25, 0.44), linen, soft=0.1)


def rug(room: Room, u: Span, z: Span, colour: Array) -> None:
    """A bordered rug on the floor between two X and two Z."""
    frame = Frame(0.0, 0.0)
    inks = (darker(colour, 0.1), lighter(colour, 0.35), colour)
    for inset, ink in zip((0.0, 0.09, 0.15), inks, strict=True):
        place = _on_floor(frame, (u[0] + inset, u[1] - inset), (z[0] + inset, z[1] - inset))
        room.paintwork.append((place[None], ink))
    for share in np.arange(0.2, 0.85, 0.15):
        line = z[0] + share * (z[1] - z[0])
        strip = _on_floor(frame, (u[0] + 0.15, u[1] - 0.15), (line, line + 0.04))
        room.paintwork.append((strip[None], lighter(colour, 0.16)))


def round_rug(room: Room, x: float, z: float, radius: float, colour: Array) -> None:
    """A round rug with two rings."""
    for share, ink in (
        (1.0, darker(colour, 0.08)),
        (0.88, lighter(colour, 0.3)),
        (0.8, colour),
        (0.45, lighter(colour, 0.12)),
    ):
        disc = ellipse(np.array([x, z]), radius * share, radius * share, steps=48)
        room.paintwork.append((np.column_stack([disc[:, 0], 0 * disc[:, 0], disc[:, 1]])[None], ink))


def _on_floor(frame: Frame, u: Span, z: Span) -> Array:
    return quad(frame, u, (0.0, 0.0), (-z[1], -z[0]))


def table(room: Room, frame: Frame, width: float, depth: float, height: float, colour: Array) -> None:
    """A table on four legs, its middle at w = 0."""
    u, w = (-width / 2, width / 2), (-depth / 2, depth / 2)
    room.stage.shadow(frame, u, w, -0.04)
    legs(
        room.stage,
        frame,
        (u[0] + 0.05, u[1] - 0.05),
        (w[0] + 0.05, w[1] - 0.05),
        height - 0.04,
        0.055,
        darker(colour, 0.12),
    )
    room.stage.box(frame, u, (height - 0.04, height), w, colour, top=lighter(colour, 0.08))


def round_table(room: Room, x: float, z: float, radius: float, height: float, colour: Array) -> None:
    """A table with one foot."""
    stage = room.stage
    disc = ellipse(np.array([x, z]), 0.75 * radius, 0.75 * radius)
    stage.shadows.append(np.column_stack([disc[:, 0], 0 * disc[:, 0], disc[:, 1]]))
    dark = darker(colour, 0.15)
    stage.turned(x, z, [(0.0, 0.55 * radius), (0.03, 0.5 * radius), (0.05, 0.06)], dark)
    stage.turned(x, z, [(0.05, 0.04), (height - 0.03, 0.04)], dark)
    stage.turned(x, z, [(height - 0.03, radius), (height, radius)], colour, lighter(colour, 0.12))


def chair(room: Room, frame: Frame, colour: Array, seat: Array) -> None:
    """A plain chair, its middle at w = 0, looking along its frame."""
    stage, half = room.stage, 0.21
    stage.shadow(frame, (-half, half), (-half, half), -0.01)
    dark = darker(colour, 0.06)
    for u in (-half, half - 0.035):
        stage.box(frame, (u, u + 0.035), (0.0, 0.43), (half - 0.035, half), dark)
        stage.box(frame, (u, u + 0.035), (0.0, 0.43), (-half, -half + 0.035), dark)
        stage.box(frame, (u, u + 0.035), (0.47, 0.88), (-half, -half + 0.03), dark)
    stage.box(frame, (-half - 0.01, half + 0.01), (0.43, 0.47), (-half, half + 0.01), seat, soft=0.02)
    stage.box(frame, (-half + 0.035, half - 0.035), (0.64, 0.86), (-half + 0.003, -half + 0.025), colour)


def bench(room: Room, frame: Frame, width: float, colour: Array) -> None:
    """An upholstered bench without a back, its middle at w = 0."""
    u, w = (-width / 2, width / 2), (-0.22, 0.22)
    room.stage.shadow(frame, u, w)
    legs(
        room.stage,
        frame,
        (u[0] + 0.06, u[1] - 0.06),
        (w[0] + 0.03, w[1] - 0.03),
        0.36,
        0.04,
        rgb(room.palette.metal),
    )
    room.stage.box(frame, u, (0.36, 0.46), w, colour, soft=0.04)


def floor_lamp(room: Room, x: float, z: float, shade: Array) -> None:
    """A lamp on a tall foot; it is lit in the evening."""
    stage, metal = room.stage, rgb(room.palette.metal)
    disc = ellipse(np.array([x, z]), 0.16, 0.16)
    stage.shadows.append(np.column_stack([disc[:, 0], 0 * disc[:, 0], disc[:, 1]]))
    stage.turned(x, z, [(0.0, 0.15), (0.025, 0.14)], metal)
    stage.turned(x, z, [(0.025, 0.012), (1.38, 0.012)], metal)
    lit = room.evening
    stage.turned(x, z, [(1.38, 0.2), (1.66, 0.14)], shade * (1.75 if lit else 1.0))
    if lit:
        place = np.array([x, 1.5, z])
        warm = np.array([1.0, 0.78, 0.48])
        room.light.add_lamp(place, warm * 1.7)
        room.halos.append((place, 0.42, warm * 70))


def desk(room: Room, frame: Frame, width: float, colour: Array) -> None:
    """A writing desk at the wall, with drawers, a screen and a lamp."""
    stage, half = room.stage, width / 2
    dark = darker(colour, 0.08)
    stage.shadow(frame, (-half, half), (0.0, 0.66), 0.0)
    stage.box(frame, (-half, half), (0.71, 0.745), (0.0, 0.68), colour, top=lighter(colour, 0.1))
    stage.box(frame, (-half + 0.03, -half + 0.07), (0.0, 0.71), (0.04, 0.64), dark)
    drawers = [
        decal(frame, (half - 0.4, half - 0.05), (low, low + 0.2), 0.641, lighter(colour, 0.08))
        for low in (0.05, 0.27, 0.49)
    ]
    knobs = [
        decal(frame, (half - 0.26, half - 0.19), (low + 0.1, low + 0.115), 0.642, rgb(room.palette.metal))
        for low in (0.05, 0.27, 0.49)
    ]
    stage.box(frame, (half - 0.42, half - 0.03), (0.0, 0.71), (0.04, 0.64), dark, decals=drawers + knobs)
    metal = rgb(room.palette.metal)
    stage.box(frame, (-0.12, 0.12), (0.745, 0.755), (0.16, 0.32), metal)
    stage.box(frame, (-0.025, 0.025), (0.755, 0.86), (0.2, 0.23), metal)
    glass = rgb("51606e") if room.evening else rgb("3c4650")
    shine = np.stack([glass, lighter(glass, 0.1), lighter(glass, 0.28), lighter(glass, 0.1)])
    face = [decal(frame, (-0.27, 0.27), (0.88, 1.18), 0.236, shine, glow=True)]
    stage.box(frame, (-0.29, 0.29), (0.86, 1.2), (0.2, 0.235), darker(metal, 0.2), decals=face)
    stage.box(frame, (-half + 0.14, -half + 0.36), (0.745, 0.79), (0.2, 0.5), room.palette.fabric(0))
    stage.box(frame, (-half + 0.15, -half + 0.34), (0.79, 0.82), (0.22, 0.49), room.palette.fabric(1))


def table_lamp(room: Room, x: float, z: float, height: float, shade: Array) -> None:
    """A small lamp that stands at ``height``."""
    stage = room.stage
    stage.turned(x, z, [(height, 0.06), (height + 0.1, 0.085), (height + 0.2, 0.02)], room.palette.fabric(0))
    stage.turned(x, z, [(height + 0.2, 0.14), (height + 0.38, 0.09)], shade * (1.75 if room.evening else 1.0))
    if room.evening:
        place = np.array([x, height + 0.3, z])
        warm = np.array([1.0, 0.78, 0.48])
        room.light.add_lamp(place, warm * 1.0)
        room.halos.append((place, 0.34, warm * 60))


def vase(stage: Stage, x: float, z: float, height: float, size: float, colour: Array) -> None:
    """A vase that stands at ``height`` and is ``size`` metres tall."""
    profile = [(0.0, 0.22), (0.25, 0.36), (0.5, 0.38), (0.78, 0.2), (0.9, 0.15), (1.0, 0.19)]
    stage.turned(x, z, [(height + y * size, r * size) for y, r in profile], colour, darker(colour, 0.5))


def plinth(room: Room, x: float, z: float, colour: Array) -> None:
    """A white plinth with a vase on it."""
    stand = Frame(x, z)
    room.stage.shadow(stand, (-0.2, 0.2), (-0.2, 0.2))
    room.stage.box(stand, (-0.2, 0.2), (0.0, 1.0), (-0.2, 0.2), rgb("f1eee8"))
    vase(room.stage, x, z, 1.0, 0.42, colour)
