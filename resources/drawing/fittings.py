"""What is fixed to a room's walls and ceiling: windows with curtains, doors, pictures, hanging lamps."""

from __future__ import annotations

import numpy as np

from drawing.room import Room
from drawing.shading import Array, choose, darker, lighter, mix, rgb
from drawing.shapes import ellipse, parts
from drawing.solids import Face, Frame, Span, quad

TOWARDS = (0.0, 0.0, 1.0)


def decal(frame: Frame, u: Span, v: Span, w: float, colour: Array, *, glow: bool = False) -> Face:
    """A rectangle on a front, in one colour (3,) or one for each corner (4, 3)."""
    flat = colour.ndim == 1
    return Face(quad(frame, u, v, (w, w)), frame.normal(*TOWARDS), colour, flat=flat, glow=glow)


def figure(frame: Frame, outline: Array, w: float, colour: Array, *, glow: bool = False) -> Face:
    """A polygon (N, 2) of (u, v) on a front."""
    points = np.column_stack([outline, np.full(len(outline), w)])
    return Face(frame.world(points), frame.normal(*TOWARDS), colour, flat=True, glow=glow)


def window(room: Room, frame: Frame, u: Span, v: Span, panes: tuple[int, int] = (2, 2)) -> None:
    """A window in a wall, with the view through it, the light it gives and the sun it lets in."""
    trim = rgb(room.palette.trim)
    faces = [decal(frame, (u[0] - 0.07, u[1] + 0.07), (v[0] - 0.05, v[1] + 0.07), 0.004, trim)]
    faces += _view(room, frame, u, v)
    columns, rows = np.linspace(*u, panes[0] + 1), np.linspace(*v, panes[1] + 1)
    shade = darker(trim, 0.12)
    faces += [decal(frame, (x - 0.018, x + 0.018), v, 0.006, shade) for x in columns]
    faces += [decal(frame, u, (y - 0.018, y + 0.018), 0.007, trim) for y in rows]
    room.stage.panel(quad(frame, u, v, (0.004, 0.004)), faces)
    sill = (v[0] - 0.09, v[0] - 0.05)
    room.stage.box(frame, (u[0] - 0.1, u[1] + 0.1), sill, (0.0, 0.13), lighter(trim, 0.2))
    middle = frame.world(np.array([(u[0] + u[1]) / 2, (v[0] + v[1]) / 2, 0.0]))
    strength = rgb("3a4658") / 255 if room.evening else np.array([2.5, 2.55, 2.6])
    room.light.add_window(middle, frame.normal(*TOWARDS), (u[1] - u[0]) * (v[1] - v[0]), strength)
    if not room.evening:
        _sunbeams(room, frame, columns, rows)


def _view(room: Room, frame: Frame, u: Span, v: Span) -> list[Face]:
    rng = room.rng
    if room.evening:
        top, low, far, near = rgb("232f4a"), rgb("5d6a86"), rgb("2c3850"), rgb("222c40")
    else:
        top, low, far, near = rgb("a9cde6"), rgb("f3f5ee"), rgb("c2d3c6"), rgb("a3bd9d")
    faces = [decal(frame, u, v, 0.005, np.stack([low, low, top, top]), glow=True)]
    for colour, level, bumps in ((far, 0.36, 5), (near, 0.24, 7)):
        x = np.linspace(u[0], u[1], bumps * 3)
        swell = level + 0.07 * np.abs(np.sin(np.linspace(0, bumps * 1.7, len(x)) + rng.uniform(0, 6)))
        edge = np.column_stack([x, v[0] + (v[1] - v[0]) * swell])
        outline = np.concatenate([edge, [[u[1], v[0]], [u[0], v[0]]]])
        faces.append(figure(frame, outline, 0.0055, colour, glow=True))
    return faces


def _sunbeams(room: Room, frame: Frame, columns: Array, rows: Array) -> None:
    """Each pane's light on the floor, where the sun stands behind the window."""
    into = frame.normal(*TOWARDS)
    slope = np.array([0.28, -1.0, -0.72] if abs(into[2]) > 0.5 else [0.62 * into[0], -1.0, -0.3])
    for u in parts(columns, 0.03):
        for v in parts(rows, 0.03):
            pane = quad(frame, u, v, (0.0, 0.0))
            spot = pane + slope * pane[:, 1:2]
            spot[:, 0] = spot[:, 0].clip(room.left, room.right)
            room.beams.append(spot)


def curtains(room: Room, frame: Frame, u: Span, v: Span, colour: Array) -> None:
    """A rail with a curtain on either side of the window ``u``, from ``v[0]`` up to ``v[1]``."""
    metal = rgb(room.palette.metal)
    room.stage.box(frame, (u[0] - 0.45, u[1] + 0.45), (v[1], v[1] + 0.03), (0.1, 0.13), metal)
    for start, end in ((u[0] - 0.4, u[0] + 0.03), (u[1] - 0.03, u[1] + 0.4)):
        faces = []
        for number, (a, b) in enumerate(parts(np.linspace(start, end, 9))):
            valley, ridge = darker(colour, 0.26), lighter(colour, 0.08)
            first, second = (valley, ridge) if number % 2 else (ridge, valley)
            paint = np.stack([first, second, second, first])
            faces.append(decal(frame, (a, b), v, 0.08, paint))
        room.stage.panel(quad(frame, (start, end), v, (0.08, 0.08)), faces)
        room.stage.shadows.append(quad(frame, (start, end + 0.08), v, (0.0, 0.0)))


def blind(room: Room, frame: Frame, u: Span, v: Span, colour: Array) -> None:
    """A roller blind let down over the upper part of a window."""
    end = v[1] - (v[1] - v[0]) * float(room.rng.uniform(0.3, 0.45))
    room.stage.box(frame, (u[0] - 0.03, u[1] + 0.03), (v[1] - 0.03, v[1] + 0.07), (0.01, 0.09), lighter(colour, 0.4))
    lit = np.stack([lighter(colour, 0.5), lighter(colour, 0.5), lighter(colour, 0.25), lighter(colour, 0.25)])
    faces = [decal(frame, (u[0] - 0.01, u[1] + 0.01), (end, v[1]), 0.03, lit, glow=not room.evening)]
    faces.append(decal(frame, (u[0] - 0.01, u[1] + 0.01), (end, end + 0.03), 0.031, darker(colour, 0.05)))
    room.stage.panel(faces[0].points, faces)


def door(room: Room, frame: Frame, u: float, colour: Array, width: float = 0.86, height: float = 2.06) -> None:
    """A panelled door in its casing."""
    span = (u - width / 2, u + width / 2)
    trim = rgb(room.palette.trim)
    faces = [
        decal(frame, (span[0] - 0.09, span[1] + 0.09), (0.0, height + 0.09), 0.01, trim),
        decal(frame, (span[0] - 0.012, span[1] + 0.012), (0.0, height + 0.012), 0.011, darker(trim, 0.35)),
        decal(frame, span, (0.008, height), 0.012, np.repeat(colour[None], 4, 0)),
    ]
    for low, high in ((0.2, 0.95), (1.12, height - 0.2)):
        for a, b in ((span[0] + 0.12, u - 0.05), (u + 0.05, span[1] - 0.12)):
            faces.append(decal(frame, (a, b), (low, high), 0.013, darker(colour, 0.16)))
            faces.append(decal(frame, (a + 0.014, b), (low, high - 0.014), 0.014, lighter(colour, 0.07)))
            faces.append(decal(frame, (a + 0.014, b - 0.014), (low + 0.014, high - 0.014), 0.015, darker(colour, 0.03)))
    knob = ellipse(np.array([span[1] - 0.07, 1.02]), 0.028, 0.028, steps=14)
    faces.append(figure(frame, knob + np.array([0.008, -0.012]), 0.016, darker(colour, 0.3)))
    faces.append(figure(frame, knob, 0.017, rgb("c2a878")))
    room.stage.panel(faces[0].points, faces)


def picture(room: Room, frame: Frame, middle: tuple[float, float], size: tuple[float, float]) -> None:
    """A framed picture with its middle at (u, v); what it shows is drawn by chance."""
    rng = room.rng
    u = (middle[0] - size[0] / 2, middle[0] + size[0] / 2)
    v = (middle[1] - size[1] / 2, middle[1] + size[1] / 2)
    rim = choose(rng, f"2f3033 {room.palette.wood} f3efe6")
    inset = 0.025
    paper = rgb("f4f0e6")
    decals = [decal(frame, (u[0] + inset, u[1] - inset), (v[0] + inset, v[1] - inset), 0.031, paper)]
    border = inset + 0.08 * min(size)
    inner = ((u[0] + border, u[1] - border), (v[0] + border, v[1] - border))
    decals += _art(room, frame, inner[0], inner[1])
    room.stage.box(frame, u, v, (0.0, 0.03), rim, decals=decals)
    room.stage.shadows.append(quad(frame, (u[0] + 0.02, u[1] + 0.04), (v[0] - 0.05, v[1] - 0.02), (0.0, 0.0)))


def _art(room: Room, frame: Frame, u: Span, v: Span) -> list[Face]:
    rng = room.rng
    inks = [room.palette.fabric(i) for i in rng.permutation(3)]
    wide, high = u[1] - u[0], v[1] - v[0]
    corner = np.array([u[0], v[0]])
    size = np.array([wide, high])
    ground = decal(frame, u, v, 0.032, lighter(inks[0], 0.72))
    kind = int(rng.integers(3))
    if kind == 0:  # hills under a sun
        sun = ellipse(corner + size * (rng.uniform(0.3, 0.7), 0.68), 0.15 * wide, 0.15 * wide)
        faces = [ground, figure(frame, sun, 0.033, lighter(inks[1], 0.25))]
        for number, ink in enumerate((mix(inks[0], inks[2], 0.5), inks[0], darker(inks[2], 0.1))):
            t = np.linspace(0, 1, 14)
            level = 0.5 - 0.15 * number + 0.1 * np.sin(t * rng.uniform(3, 6) + rng.uniform(0, 6))
            edge = np.column_stack([t, level])
            outline = np.concatenate([edge, [[1, 0], [0, 0]]]) * size + corner
            faces.append(figure(frame, outline, 0.034, ink))
        return faces
    if kind == 1:  # overlapping discs
        faces = [ground]
        for ink in inks:
            radius = rng.uniform(0.18, 0.3) * min(wide, high)
            place = np.clip(rng.uniform(0.2, 0.8, 2) * size, radius, size - radius)
            faces.append(figure(frame, ellipse(corner + place, radius, radius), 0.033, ink))
        return faces
    cuts = np.sort(rng.uniform(0.2, 0.8, 2))
    blocks = ((0, cuts[0], 0, 1), (cuts[0], 1, 0, cuts[1]), (cuts[0], 1, cuts[1], 1))
    return [
        decal(frame, (u[0] + a * wide, u[0] + b * wide), (v[0] + c * high, v[0] + d * high), 0.033, ink)
        for (a, b, c, d), ink in zip(blocks, inks, strict=True)
    ]


def pendant(room: Room, x: float, z: float, drop: float, colour: Array) -> None:
    """A lamp that hangs ``drop`` metres from the ceiling."""
    cord = Frame(x, z)
    low = room.ceiling - drop
    metal = rgb(room.palette.metal)
    room.stage.box(cord, (-0.006, 0.006), (low + 0.26, room.ceiling), (-0.006, 0.006), metal)
    room.stage.turned(x, z, [(low, 0.22), (low + 0.05, 0.21), (low + 0.16, 0.13), (low + 0.26, 0.03)], colour)
    place = np.array([x, low - 0.05, z])
    warm = np.array([1.0, 0.82, 0.55])
    room.light.add_lamp(place, warm * (1.5 if room.evening else 0.25))
    room.stage.turned(x, z, [(low - 0.02, 0.08), (low, 0.13)], rgb("fff3d0") * (1.6 if room.evening else 1.15))
    if room.evening:
        room.halos.append((place, 0.45, warm * 62))


def spotlights(room: Room, z: float, count: int) -> None:
    """A row of lamps under a rail on the ceiling, shining at the back wall."""
    metal = rgb("3a3b3d")
    top = room.ceiling
    room.stage.box(Frame(0.0, z), (room.left + 0.5, room.right - 0.5), (top - 0.05, top), (-0.03, 0.03), metal)
    for x in np.linspace(room.left + 0.8, room.right - 0.8, count).tolist():
        room.stage.turned(
            x, z, [(top - 0.28, 0.06), (top - 0.14, 0.06), (top - 0.12, 0.012), (top - 0.05, 0.012)], metal
        )
        room.light.add_lamp(np.array([x, top - 0.4, z + 0.2]), np.array([0.33, 0.31, 0.26]))
