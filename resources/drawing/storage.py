"""Furniture that things are kept in: shelves with books, cupboards, a kitchen's row of units."""

from __future__ import annotations

import numpy as np

from drawing.fittings import decal
from drawing.room import Room
from drawing.shading import Array, choose, darker, lighter, mix, rgb, vary
from drawing.shapes import parts
from drawing.solids import Face, Frame, Span, quad

BOOKS = "b5523f 3f5a6b d9b26a 7c8f78 e6dccb 5b4a57 c98f73 8aa4ae 474f52 a9784f"


def bookshelf(room: Room, frame: Frame, width: float, height: float, colour: Array) -> None:
    """An open shelf with books and a few other things in it."""
    depth = 0.3
    faces = [
        decal(
            frame,
            (-width / 2 + 0.025, width / 2 - 0.025),
            (0.06, height - 0.025),
            depth + 0.001,
            darker(colour, 0.45),
        )
    ]
    boards = np.linspace(0.06, height - 0.025, max(3, round(height / 0.36)) + 1)
    for v in parts(boards):
        faces += _shelf(room, frame, (-width / 2 + 0.03, width / 2 - 0.03), v, depth + 0.002)
    for level in boards[1:-1]:
        faces.append(
            decal(
                frame,
                (-width / 2, width / 2),
                (level - 0.013, level + 0.013),
                depth + 0.004,
                lighter(colour, 0.05),
            )
        )
    room.stage.shadow(frame, (-width / 2, width / 2), (0.0, depth))
    room.stage.box(frame, (-width / 2, width / 2), (0.0, height), (0.0, depth), colour, decals=faces)


def _shelf(room: Room, frame: Frame, u: Span, v: Span, w: float) -> list[Face]:
    rng, faces = room.rng, []
    back = darker(rgb(room.palette.wood), 0.55)
    faces.append(decal(frame, u, (v[1] - 0.09, v[1]), w, darker(back, 0.25)))
    at = u[0]
    while at < u[1] - 0.06:
        if rng.random() < 0.16:
            at += float(rng.uniform(0.05, 0.2))
            continue
        thick = float(rng.uniform(0.022, 0.05))
        tall = (v[1] - v[0]) * float(rng.uniform(0.55, 0.84))
        book = vary(rng, choose(rng, BOOKS), 0.1)
        end = min(at + thick, u[1])
        faces.append(decal(frame, (at, end), (v[0] + 0.013, v[0] + tall), w + 0.001, book))
        if thick > 0.03:
            band = (v[0] + 0.7 * tall, v[0] + 0.78 * tall)
            faces.append(decal(frame, (at, end), band, w + 0.002, lighter(book, 0.4)))
        at = end + 0.002
    return faces


def cupboard(
    room: Room,
    frame: Frame,
    u: Span,
    height: float,
    depth: float,
    colour: Array,
    doors: int,
    *,
    base: float = 0.0,
) -> None:
    """A closed cupboard from ``base`` up to ``height`` with a row of doors."""
    if base == 0:
        room.stage.shadow(frame, u, (0.0, depth))
    edge = np.linspace(u[0], u[1], doors + 1)
    faces = []
    for number, (a, b) in enumerate(parts(edge, 0.006)):
        low = base + (0.07 if base == 0 else 0.01)
        faces.append(decal(frame, (a, b), (low, height - 0.012), depth + 0.001, lighter(colour, 0.06)))
        faces.append(
            decal(frame, (a + 0.05, b - 0.05), (low + 0.06, height - 0.07), depth + 0.002, darker(colour, 0.05))
        )
        faces.append(
            decal(
                frame,
                (a + 0.058, b - 0.05),
                (low + 0.06, height - 0.078),
                depth + 0.003,
                lighter(colour, 0.04),
            )
        )
        handle = b - 0.035 if number % 2 == 0 else a + 0.02
        level = (low + height) / 2 if base == 0 and height > 1.2 else (height - 0.2 if base == 0 else low + 0.06)
        faces.append(
            decal(frame, (handle, handle + 0.014), (level, level + 0.12), depth + 0.004, rgb(room.palette.metal))
        )
    room.stage.box(frame, u, (base, height), (0.0, depth), darker(colour, 0.06), decals=faces)


def drawers(
    room: Room, frame: Frame, u: Span, height: float, depth: float, colour: Array, rows: int, columns: int = 1
) -> None:
    """A chest or sideboard on short legs."""
    room.stage.shadow(frame, u, (0.0, depth))
    wood = darker(colour, 0.15)
    for a in (u[0] + 0.04, u[1] - 0.08):
        room.stage.box(frame, (a, a + 0.04), (0.0, 0.12), (depth - 0.08, depth - 0.04), wood)
        room.stage.box(frame, (a, a + 0.04), (0.0, 0.12), (0.04, 0.08), wood)
    across, up = (
        np.linspace(u[0] + 0.02, u[1] - 0.02, columns + 1),
        np.linspace(0.14, height - 0.03, rows + 1),
    )
    faces = []
    for a, b in parts(across, 0.008):
        for low, high in parts(up, 0.008):
            faces.append(decal(frame, (a, b), (low, high), depth + 0.001, lighter(colour, 0.1)))
            middle, level = (a + b) / 2, (low + high) / 2
            faces.append(
                decal(
                    frame,
                    (middle - 0.05, middle + 0.05),
                    (level - 0.008, level + 0.008),
                    depth + 0.002,
                    darker(colour, 0.5),
                )
            )
    room.stage.box(frame, u, (0.12, height), (0.0, depth), colour, top=lighter(colour, 0.12), decals=faces)


def television(room: Room, frame: Frame, width: float, base: float) -> None:
    """A television that stands at height ``base`` at w = 0.2."""
    high = width * 0.56
    dark = rgb("26282b")
    glass = np.stack([rgb("3a4147"), rgb("2d3236"), rgb("4a535b"), rgb("3f474e")])
    face = [
        decal(
            frame,
            (-width / 2 + 0.012, width / 2 - 0.012),
            (base + 0.06, base + 0.04 + high),
            0.225,
            glass,
            glow=True,
        )
    ]
    room.stage.box(frame, (-0.2, 0.2), (base, base + 0.012), (0.12, 0.3), dark)
    room.stage.box(frame, (-width / 2, width / 2), (base + 0.04, base + 0.05 + high), (0.19, 0.224), dark, decals=face)


def kitchen_row(room: Room, frame: Frame, u: Span, colour: Array, worktop: Array) -> None:
    """Base units with a worktop, an oven with its hood, wall units and things standing about."""
    rng, stage = room.rng, room.stage
    stage.shadow(frame, u, (0.0, 0.6))
    count = max(3, round((u[1] - u[0]) / 0.6))
    edge = np.linspace(u[0], u[1], count + 1)
    stage.box(frame, (u[0] + 0.02, u[1] - 0.02), (0.0, 0.1), (0.0, 0.54), rgb("3d3a38"))
    stove = int(rng.integers(1, count - 1))
    faces: list[Face] = []
    for number, (a, b) in enumerate(parts(edge, 0.006)):
        faces += _oven(frame, (a, b)) if number == stove else _unit(room, frame, (a, b), colour)
    stage.box(frame, u, (0.1, 0.87), (0.0, 0.6), darker(colour, 0.1), decals=faces)
    plate = quad(frame, (edge[stove] + 0.06, edge[stove + 1] - 0.06), (0.911, 0.911), (0.1, 0.52))
    hob = [Face(plate, frame.normal(0, 1, 0), rgb("33363a"), flat=True)]
    stage.box(frame, (u[0] - 0.01, u[1] + 0.01), (0.87, 0.91), (0.0, 0.63), worktop, decals=hob)
    hood = (float(edge[stove]), float(edge[stove + 1]))
    middle = (hood[0] + hood[1]) / 2
    steel = rgb("a9adb0")
    stage.box(frame, hood, (1.5, 1.58), (0.0, 0.45), steel)
    stage.box(frame, (middle - 0.14, middle + 0.14), (1.58, room.ceiling), (0.0, 0.28), lighter(steel, 0.1))
    if stove > 1:
        cupboard(room, frame, (float(edge[0]), hood[0]), 2.15, 0.34, colour, stove, base=1.48)
    _worktop_things(room, frame, edge, stove)


def _unit(room: Room, frame: Frame, u: Span, colour: Array) -> list[Face]:
    metal = rgb(room.palette.metal)
    faces = [
        decal(frame, u, (0.11, 0.68), 0.601, lighter(colour, 0.05)),
        decal(frame, u, (0.695, 0.86), 0.601, lighter(colour, 0.07)),
    ]
    middle = (u[0] + u[1]) / 2
    faces.append(decal(frame, (middle - 0.08, middle + 0.08), (0.77, 0.785), 0.602, metal))
    faces.append(decal(frame, (u[1] - 0.07, u[1] - 0.055), (0.48, 0.62), 0.602, metal))
    return faces


def _oven(frame: Frame, u: Span) -> list[Face]:
    steel = rgb("8f9498")
    faces = [
        decal(frame, u, (0.11, 0.86), 0.601, steel),
        decal(frame, (u[0] + 0.05, u[1] - 0.05), (0.22, 0.64), 0.602, rgb("2e3237")),
    ]
    faces.append(decal(frame, (u[0] + 0.06, u[1] - 0.06), (0.67, 0.69), 0.602, lighter(steel, 0.4)))
    knobs = np.linspace(u[0] + 0.1, u[1] - 0.1, 4)
    return faces + [decal(frame, (k - 0.015, k + 0.015), (0.76, 0.79), 0.602, rgb("3a3d40")) for k in knobs]


def _worktop_things(room: Room, frame: Frame, edge: Array, stove: int) -> None:
    rng, stage = room.rng, room.stage

    def put(u: float, w: float, profile: list[Span], colour: Array) -> None:
        x, _, z = frame.world(np.array([u, 0.0, w]))
        stage.turned(float(x), float(z), [(0.91 + y, r) for y, r in profile], colour)

    steel = rgb("b4b8ba")
    middle = float(edge[stove] + edge[stove + 1]) / 2
    put(middle - 0.13, 0.3, [(0.002, 0.1), (0.13, 0.1)], room.palette.fabric(int(rng.integers(3))))
    for number in range(3):
        u = float(edge[-1]) - 0.16 - 0.17 * number
        tall = float(rng.uniform(0.12, 0.24))
        tone = mix(room.palette.fabric(number), rgb("efe9dc"), 0.35)
        put(u, 0.18, [(0.0, 0.055), (tall, 0.06), (tall + 0.02, 0.045)], tone)
    put(float(edge[0]) + 0.25, 0.3, [(0.0, 0.06), (0.05, 0.15), (0.09, 0.18)], lighter(steel, 0.2))


def fridge(room: Room, frame: Frame, u: Span, colour: Array) -> None:
    """A tall refrigerator with two doors."""
    room.stage.shadow(frame, u, (0.0, 0.66))
    faces = [
        decal(frame, (u[0] + 0.006, u[1] - 0.006), (0.05, 0.68), 0.661, lighter(colour, 0.08)),
        decal(frame, (u[0] + 0.006, u[1] - 0.006), (0.69, 1.83), 0.661, lighter(colour, 0.1)),
        decal(frame, (u[0] + 0.05, u[0] + 0.07), (0.76, 1.15), 0.662, rgb(room.palette.metal)),
        decal(frame, (u[0] + 0.05, u[0] + 0.07), (0.42, 0.62), 0.662, rgb(room.palette.metal)),
    ]
    room.stage.box(frame, u, (0.0, 1.84), (0.0, 0.66), colour, decals=faces)
