"""Floors, walls and ceilings: boards, tiles, bricks and mouldings, laid as real pieces on a room's planes.

Pieces are laid with gaps over a darker ground; where a gap becomes finer than a pixel it closes by itself,
so nothing glitters in the distance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drawing.room import Room
from drawing.shading import Array, darker, lighter, mix, rgb, vary

Plane = Callable[[Array, Array], Array]
NEAR_FLOOR = 0.6


def floor_plane(a: Array, b: Array) -> Array:
    """(x, z) on the floor."""
    return np.stack([a, np.zeros_like(a), b], -1)


def back_plane(room: Room) -> Plane:
    """(x, y) on the back wall."""
    return lambda a, b: np.stack([a, b, np.full_like(a, room.depth)], -1)


def side_plane(x: float) -> Plane:
    """(z, y) on the wall at ``x``."""
    return lambda a, b: np.stack([np.full_like(a, x), b, a], -1)


def lay(room: Room, plane: Plane, pieces: Array, tones: list[Array]) -> None:
    """Lay rectangles ``pieces`` (N, 4: a0, a1, b0, b1) on a plane, each in one of the ``tones``."""
    a = pieces[:, [0, 1, 1, 0]]
    b = pieces[:, [2, 2, 3, 3]]
    world = plane(a, b)
    kind = room.rng.integers(len(tones), size=len(pieces))
    for number, tone in enumerate(tones):
        room.paintwork.append((world[kind == number], tone))


def cover(room: Room, plane: Plane, a: tuple[float, float], b: tuple[float, float], colour: Array) -> None:
    """One colour over a rectangle of a plane."""
    rectangle = plane(np.array([a[0], a[1], a[1], a[0]]), np.array([b[0], b[0], b[1], b[1]]))
    room.paintwork.append((rectangle[None], colour))


def courses(
    rng: np.random.Generator,
    a: tuple[float, float],
    b: tuple[float, float],
    size: tuple[float, float],
    gap: float,
    shift: float | None,
) -> Array:
    """Rectangles (N, 4) of ``size`` in courses along a; each course is moved by ``shift`` or at random."""
    rows = np.arange(b[0], b[1], size[1])
    pieces = []
    for number, start in enumerate(rows):
        move = rng.uniform(0, size[0]) if shift is None else (number * shift * size[0]) % size[0]
        first = np.arange(a[0] - move, a[1], size[0])
        low, high = np.maximum(first + gap, a[0]), np.minimum(first + size[0] - gap, a[1])
        end = min(start + size[1] - gap, b[1])
        kept = high > low
        count = int(kept.sum())
        pieces.append(np.column_stack([low[kept], high[kept], np.full(count, start + gap), np.full(count, end)]))
    return np.concatenate(pieces)


def tones_of(room: Room, colour: Array, spread: float, count: int = 5) -> list[Array]:
    """``count`` variations of a colour, as pieces of one material differ."""
    return [vary(room.rng, colour, spread) for _ in range(count)]


def boards(room: Room, *, across: bool = False) -> None:
    """Floor boards that run away from the camera, or across its view."""
    colour = rgb(room.palette.floor)
    cover(room, floor_plane, (room.left, room.right), (NEAR_FLOOR, room.depth), darker(colour, 0.3))
    width = float(room.rng.uniform(0.12, 0.19))
    if across:
        pieces = courses(room.rng, (room.left, room.right), (NEAR_FLOOR, room.depth), (1.5, width), 0.003, None)
    else:
        turned = courses(room.rng, (NEAR_FLOOR, room.depth), (room.left, room.right), (1.7, width), 0.003, None)
        pieces = turned[:, [2, 3, 0, 1]]
    lay(room, floor_plane, pieces, tones_of(room, colour, 0.075, 6))


def tiles(room: Room, *, checked: bool = False) -> None:
    """Square floor tiles, in one colour or as a chessboard."""
    colour, size = rgb(room.palette.floor), float(room.rng.uniform(0.4, 0.6))
    joint = darker(colour, 0.22)
    cover(room, floor_plane, (room.left, room.right), (NEAR_FLOOR, room.depth), joint)
    pieces = courses(room.rng, (room.left, room.right), (NEAR_FLOOR, room.depth), (size, size), 0.005, 0.0)
    if not checked:
        lay(room, floor_plane, pieces, tones_of(room, colour, 0.025))
        return
    column, row = np.floor((pieces[:, 0] - room.left) / size), np.floor((pieces[:, 2] - NEAR_FLOOR) / size)
    odd = (np.round(column) + np.round(row)) % 2 == 1
    lay(room, floor_plane, pieces[odd], tones_of(room, mix(colour, rgb(room.palette.accent), 0.75), 0.025))
    lay(room, floor_plane, pieces[~odd], tones_of(room, lighter(colour, 0.25), 0.025))


def herringbone(room: Room) -> None:
    """Parquet blocks at right angles to each other, at 45 degrees to the walls."""
    colour, length, width = rgb(room.palette.floor), 0.6, 0.12
    cover(room, floor_plane, (room.left, room.right), (NEAR_FLOOR, room.depth), darker(colour, 0.3))
    steps, rows = np.meshgrid(np.arange(-70, 90), np.arange(-14, 26))
    corner = np.stack([steps * width + rows * length, steps * width - rows * length], -1).reshape(-1, 2)
    gap = 0.004
    lying = np.array([[gap, gap], [length - gap, gap], [length - gap, width - gap], [gap, width - gap]])
    standing = lying[:, ::-1] + np.array([length, width - length])
    half = np.sqrt(0.5)
    turn = np.array([[half, half], [-half, half]])
    for number, block in enumerate((lying, standing)):
        plan = (corner[:, None] + block[None]) @ turn
        plan[..., 1] += (NEAR_FLOOR + room.depth) / 2
        inside = (
            (plan[..., 0].max(1) > room.left)
            & (plan[..., 0].min(1) < room.right)
            & (plan[..., 1].max(1) > NEAR_FLOOR + 1)
            & (plan[..., 1].min(1) < room.depth)
        )
        plan = plan[inside]
        plan[..., 0] = plan[..., 0].clip(room.left, room.right)
        plan[..., 1] = plan[..., 1].clip(NEAR_FLOOR, room.depth)
        world = floor_plane(plan[..., 0], plan[..., 1])
        tones = tones_of(room, darker(colour, 0.07 * number), 0.05)
        kind = room.rng.integers(len(tones), size=len(world))
        for index, tone in enumerate(tones):
            room.paintwork.append((world[kind == index], tone))


def plaster(room: Room, accent: bool = False) -> None:
    """Plain walls and ceiling; with ``accent`` the back wall in the second colour."""
    for x in (room.left, room.right):
        cover(room, side_plane(x), (NEAR_FLOOR, room.depth), (0, room.ceiling), rgb(room.palette.wall))
    colour = rgb(room.palette.accent if accent else room.palette.wall)
    cover(room, back_plane(room), (room.left, room.right), (0, room.ceiling), colour)
    corners = np.array(
        [[room.left, NEAR_FLOOR], [room.right, NEAR_FLOOR], [room.right, room.depth], [room.left, room.depth]]
    )
    top = np.column_stack([corners[:, 0], np.full(4, room.ceiling), corners[:, 1]])
    room.paintwork.append((top[None], rgb(room.palette.ceiling)))


def bricks(room: Room) -> None:
    """A brick back wall."""
    colour = rgb(room.palette.accent)
    plane = back_plane(room)
    cover(room, plane, (room.left, room.right), (0, room.ceiling), mix(colour, rgb("cfc4b8"), 0.55))
    pieces = courses(room.rng, (room.left, room.right), (0, room.ceiling), (0.25, 0.085), 0.008, 0.5)
    lay(room, plane, pieces, tones_of(room, colour, 0.1, 7))


def splashback(room: Room, v: tuple[float, float], colour: Array) -> None:
    """Small glazed tiles on the back wall between two heights."""
    plane, span = back_plane(room), (room.left, room.right)
    cover(room, plane, span, v, darker(rgb(room.palette.trim), 0.12))
    lay(room, plane, courses(room.rng, span, v, (0.2, 0.1), 0.004, 0.5), tones_of(room, colour, 0.03))


def stripes(room: Room) -> None:
    """Striped paper on the back wall."""
    start = np.arange(room.left, room.right, 0.3)
    pieces = np.column_stack([start, np.minimum(start + 0.15, room.right), 0 * start, 0 * start + room.ceiling])
    lay(room, back_plane(room), pieces, [mix(rgb(room.palette.wall), rgb(room.palette.accent), 0.3)])


def wainscot(room: Room, height: float = 0.95) -> None:
    """Panelling on the lower part of all walls."""
    trim = rgb(room.palette.trim)
    walls: list[tuple[Plane, float, float]] = [
        (back_plane(room), room.left, room.right),
        (side_plane(room.left), NEAR_FLOOR, room.depth),
        (side_plane(room.right), NEAR_FLOOR, room.depth),
    ]
    for plane, start, end in walls:
        cover(room, plane, (start, end), (0, height), trim)
        count = max(1, round((end - start) / 0.62))
        edge = np.linspace(start, end, count + 1)
        low, high = edge[:-1] + 0.08, edge[1:] - 0.08
        for inset, tone in ((0.0, darker(trim, 0.16)), (0.014, darker(trim, 0.035))):
            pieces = np.column_stack(
                [low + inset, high - inset, 0 * low + 0.24 + inset, 0 * low + height - 0.12 - inset]
            )
            lay(room, plane, pieces, [tone])
        cover(room, plane, (start, end), (height - 0.035, height + 0.02), lighter(trim, 0.3))
        cover(room, plane, (start, end), (height - 0.05, height - 0.035), darker(trim, 0.18))


def mouldings(room: Room) -> None:
    """Skirting boards and a small cornice."""
    trim = rgb(room.palette.trim)
    walls: list[tuple[Plane, float, float]] = [
        (side_plane(room.left), NEAR_FLOOR, room.depth),
        (side_plane(room.right), NEAR_FLOOR, room.depth),
        (back_plane(room), room.left, room.right),
    ]
    for plane, start, end in walls:
        cover(room, plane, (start, end), (0, 0.11), trim)
        cover(room, plane, (start, end), (0.095, 0.11), darker(trim, 0.1))
        cover(room, plane, (start, end), (room.ceiling - 0.07, room.ceiling), lighter(trim, 0.2))
        cover(room, plane, (start, end), (room.ceiling - 0.085, room.ceiling - 0.07), darker(trim, 0.14))
