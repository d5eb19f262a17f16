"""Buildings: fronts with windows, doors and shops, roofs, and the houses of a suburb."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.shading import Array, choose, darker, lighter, mix, rgb
from drawing.shapes import xy
from drawing.solids import Face, Frame, Solid, Span, quad
from drawing.street import Street

WALLS = "e2cfb0 d9a98a c9806a e8e0d2 b9c4c4 d8c08a a9b59c c7b4a4 e6c7b2 9fb0ba cfa27c ded5c6"
ROOFS = "6b6462 7d5a4e 5a6470 8a5d4b 616763"
SHOPS = "3f6660 8f4a41 3d5670 7a6a4f 5c4a63 b0713f"
GLASS = rgb("6f8796")
LIT = rgb("ffdf9c")


@dataclass(frozen=True)
class Front:
    """How a front is divided.

    Attributes:
        u: its span along the street, in local metres.
        floors: how many above the ground floor.
        base: height of the ground floor.
        storey: height of the others.
        wall: its colour.
    """

    u: Span
    floors: int
    base: float
    storey: float
    wall: Array

    @property
    def height(self) -> float:
        """Up to the eaves."""
        return self.base + self.floors * self.storey


def rectangles(frame: Frame, middles: Array, half: tuple[float, float], w: float) -> Array:
    """Rectangles (K, 4, 3) on a front about ``middles`` (K, 2) of (u, v)."""
    corner = np.array([[-half[0], -half[1]], [half[0], -half[1]], [half[0], half[1]], [-half[0], half[1]]])
    flat = middles[:, None] + corner[None]
    return frame.world(np.concatenate([flat, np.full((*flat.shape[:2], 1), w)], 2))


def sheet(
    frame: Frame, middles: Array, half: tuple[float, float], w: float, colour: Array, *, glow: bool = False
) -> Face:
    """Equal rectangles on a front as one face."""
    return Face(rectangles(frame, middles, half, w), frame.normal(0, 0, 1), colour, flat=True, glow=glow)


def band(frame: Frame, u: Span, v: Span, w: float, colour: Array) -> Face:
    """A rectangle on a front."""
    return Face(quad(frame, u, v, (w, w)), frame.normal(0, 0, 1), colour, flat=colour.ndim == 1)


def windows(
    street: Street, frame: Frame, middles: Array, half: tuple[float, float], trim: Array, *, fine: bool
) -> list[Face]:
    """Windows about ``middles`` (K, 2): casing, glass with the sky in it, bars, sill; some lit at dusk."""
    rng = street.rng
    faces = [sheet(frame, middles, (half[0] + 0.13, half[1] + 0.13), 0.02, trim)]
    lit = rng.random(len(middles)) < (0.45 if street.mood.dusk else 0.0)
    glass = mix(GLASS, rgb(street.mood.top), 0.25)
    for some, colour, glow in ((middles[~lit], glass, False), (middles[lit], LIT, True)):
        if len(some):
            faces.append(sheet(frame, some, half, 0.03, colour, glow=glow))
    dark = middles[~lit]
    if fine and len(dark):
        faces.append(
            sheet(frame, dark + np.array([0, half[1] * 0.5]), (half[0], half[1] * 0.5), 0.032, lighter(glass, 0.13))
        )
        faces.append(sheet(frame, dark + np.array([0, half[1] - 0.06]), (half[0], 0.06), 0.034, darker(glass, 0.35)))
    if fine:
        faces.append(sheet(frame, middles, (0.035, half[1]), 0.036, trim))
        faces.append(sheet(frame, middles + xy(0, 0.2 * half[1]), (half[0], 0.03), 0.037, trim))
        faces.append(sheet(frame, middles - xy(0, half[1] + 0.17), (half[0] + 0.2, 0.06), 0.038, lighter(trim, 0.25)))
        faces.append(sheet(frame, middles - xy(0, half[1] + 0.27), (half[0] + 0.17, 0.04), 0.038, darker(trim, 0.28)))
    return faces


def block(street: Street, frame: Frame, width: float, floors: int, *, shop: bool, depth: float = 9.0) -> None:
    """A town building of ``floors`` above a shop or a plain ground floor, its front at w = 0."""
    rng = street.rng
    front = Front(
        (-width / 2, width / 2), floors, 3.9 if shop else 3.4, float(rng.uniform(2.95, 3.3)), choose(rng, WALLS)
    )
    far = float(frame.world(np.array([0.0, 0.0, 0.0]))[2])
    trim = lighter(front.wall, 0.55) if rng.random() < 0.75 else darker(front.wall, 0.4)
    faces = _plain(frame, front)
    columns = max(2, round(width / float(rng.uniform(2.2, 2.9))))
    u = np.linspace(-width / 2, width / 2, columns + 1)
    v = front.base + (np.arange(floors) + 0.5) * front.storey
    middles = np.stack(np.meshgrid((u[:-1] + u[1:]) / 2, v), -1).reshape(-1, 2)
    half = (float(rng.uniform(0.42, 0.6)), float(rng.uniform(0.72, 0.88)))
    if floors:
        faces += windows(street, frame, middles, half, trim, fine=far < 55)
        if far < 45 and rng.random() < 0.3:
            faces += _shutters(frame, middles, half, choose(rng, SHOPS))
    ground = _shop(street, frame, front) if shop else _doorway(street, frame, front, trim, far < 55)
    top = (front.height - 0.25, front.height)
    faces += [*ground, band(frame, front.u, top, 0.03, lighter(front.wall, 0.3))]
    street.stage.box(frame, front.u, (0.0, front.height), (-depth, 0.0), front.wall, decals=faces)
    _roof(street, frame, front, depth)
    street.stage.shadow(frame, front.u, (-depth, 0.0), 0.25)
    street.shade(quad(frame, front.u, (0.0, 0.0), (-depth, 0.0)), front.height)
    if shop:
        _awning(street, frame, front)
    elif floors > 1 and far < 50 and rng.random() < 0.5:
        _balconies(street, frame, middles[columns::2][:6], half)


def _plain(frame: Frame, front: Front) -> list[Face]:
    stone = mix(front.wall, rgb("a79f94"), 0.4)
    return [
        band(frame, front.u, (0.0, 0.55), 0.01, darker(stone, 0.12)),
        band(frame, front.u, (front.base - 0.12, front.base + 0.08), 0.02, lighter(front.wall, 0.32)),
        band(frame, front.u, (front.base - 0.18, front.base - 0.12), 0.02, darker(front.wall, 0.22)),
    ]


def _doorway(street: Street, frame: Frame, front: Front, trim: Array, fine: bool) -> list[Face]:
    width = front.u[1] - front.u[0]
    count = max(2, round(width / 2.6))
    edge = np.linspace(*front.u, count + 1)
    middles = np.column_stack([(edge[:-1] + edge[1:]) / 2, np.full(count, 1.85)])
    at = int(street.rng.integers(count))
    entry = middles[at : at + 1] - np.array([0, 0.62])
    faces = windows(street, frame, np.delete(middles, at, 0), (0.55, 0.8), trim, fine=fine)
    colour = choose(street.rng, SHOPS)
    faces.append(sheet(frame, entry, (0.68, 1.3), 0.02, trim))
    faces.append(sheet(frame, entry - np.array([0, 0.06]), (0.52, 1.2), 0.03, colour))
    faces.append(
        sheet(
            frame,
            entry + np.array([0, 0.86]),
            (0.44, 0.2),
            0.032,
            LIT if street.mood.dusk else GLASS,
            glow=street.mood.dusk,
        )
    )
    for side in (-0.24, 0.24):
        faces.append(sheet(frame, entry + np.array([side, -0.35]), (0.17, 0.66), 0.034, lighter(colour, 0.1)))
    return faces


def _shop(street: Street, frame: Frame, front: Front) -> list[Face]:
    rng, dusk = street.rng, street.mood.dusk
    colour = choose(rng, SHOPS)
    u = (front.u[0] + 0.25, front.u[1] - 0.25)
    glass = rgb("f2c17c") if dusk else rgb("5d6f78")
    deep = np.stack([darker(glass, 0.38), darker(glass, 0.38), lighter(glass, 0.12), lighter(glass, 0.12)])
    shade = Face(
        quad(frame, (u[0] + 0.15, u[1] - 0.15), (0.5, 2.75), (0.03, 0.03)), frame.normal(0, 0, 1), deep, glow=dusk
    )
    faces = [band(frame, u, (0.0, 3.55), 0.02, colour), shade]
    goods = np.column_stack([rng.uniform(u[0] + 0.4, u[1] - 0.4, 9), rng.uniform(0.65, 0.95, 9)])
    for part, tone in ((goods[:3], "8c5f4c"), (goods[3:6], "c8a66d"), (goods[6:], "5f6f6a")):
        faces.append(sheet(frame, part, (0.17, 0.3), 0.035, mix(rgb(tone), glass, 0.3), glow=dusk))
    count = max(2, round((u[1] - u[0]) / 1.5))
    posts = np.column_stack([np.linspace(u[0] + 0.15, u[1] - 0.15, count + 1), np.full(count + 1, 1.55)])
    faces.append(sheet(frame, posts, (0.05, 1.25), 0.04, lighter(colour, 0.12)))
    door = posts[count // 2 : count // 2 + 1] + np.array([0.75, -0.3])
    faces.append(sheet(frame, door, (0.5, 1.25), 0.045, lighter(colour, 0.1)))
    faces.append(sheet(frame, door + np.array([0, 0.25]), (0.36, 0.85), 0.047, lighter(glass, 0.2), glow=dusk))
    faces.append(band(frame, u, (2.85, 3.5), 0.05, lighter(colour, 0.07)))
    middle = (u[0] + u[1]) / 2
    strokes = np.column_stack([middle + np.linspace(-0.9, 0.9, 7), np.full(7, 3.18)])
    faces.append(sheet(frame, strokes, (0.09, 0.11), 0.06, rgb("f1e6cd")))
    return faces


def _awning(street: Street, frame: Frame, front: Front) -> None:
    u = (front.u[0] + 0.35, front.u[1] - 0.35)
    first = choose(street.rng, "b5523f 3f6660 c99a4a 4b6584 d9cfbd")
    edge = np.linspace(u[0], u[1], max(4, round((u[1] - u[0]) / 0.55)) + 1)
    a, b = edge[:-1], edge[1:]
    faces = []
    # Each strip hangs from (2.95, 0.08) to (2.45, 1.2) in (v, w), with a hem below; seen from under it, it is
    # in its own shade.
    for (v0, w0), (v1, w1), normal in (
        ((2.45, 1.2), (2.95, 0.08), (0.0, 0.9, 0.4)),
        ((2.25, 1.2), (2.45, 1.2), (0.0, 0.0, 1.0)),
    ):
        sides = [
            np.stack([x, np.full_like(x, v), np.full_like(x, w)], -1)
            for x, v, w in ((a, v0, w0), (b, v0, w0), (b, v1, w1), (a, v1, w1))
        ]
        strips = frame.world(np.stack(sides, 1))
        for number, colour in enumerate((first, rgb("f0e9dc"))):
            faces.append(Face(strips[number::2], frame.normal(*normal), colour, flat=True))
            faces.append(Face(strips[number::2], -frame.normal(*normal), darker(colour, 0.25), flat=True))
    street.stage.panel(np.concatenate([face.points.reshape(-1, 3) for face in faces]), faces)
    street.stage.shadow(frame, u, (0.0, 1.1), 0.0)


def _shutters(frame: Frame, middles: Array, half: tuple[float, float], colour: Array) -> list[Face]:
    colour = lighter(colour, 0.2)
    return [
        sheet(frame, middles + np.array([side * (half[0] + 0.33), 0.0]), (0.22, half[1] + 0.08), 0.04, colour)
        for side in (-1, 1)
    ]


def _balconies(street: Street, frame: Frame, middles: Array, half: tuple[float, float]) -> None:
    iron = rgb("47494c")
    for u, v in middles:
        span, low = (u - half[0] - 0.35, u + half[0] + 0.35), v - half[1] - 0.35
        street.stage.box(frame, span, (low, low + 0.12), (0.0, 0.75), rgb("c9c2b6"))
        rails = np.column_stack([np.linspace(span[0], span[1], 12), np.full(12, low + 0.6)])
        faces = [
            sheet(frame, rails, (0.018, 0.45), 0.74, iron),
            band(frame, span, (low + 1.02, low + 1.08), 0.745, iron),
        ]
        street.stage.panel(np.concatenate([face.points.reshape(-1, 3) for face in faces]), faces)


def _roof(street: Street, frame: Frame, front: Front, depth: float) -> None:
    rng, h = street.rng, front.height
    slate = choose(rng, ROOFS)
    street.stage.box(
        frame, (front.u[0] - 0.1, front.u[1] + 0.1), (h, h + 0.3), (-depth, 0.3), lighter(front.wall, 0.22)
    )
    if rng.random() < 0.55:
        return
    low, high, back = h + 0.3, h + 2.5, -1.9
    a, b = front.u
    slope = np.array([[a, low, 0.1], [b, low, 0.1], [b, high, back], [a, high, back]])
    ends = [np.array([[x, low, 0.1], [x, high, back], [x, high, -depth], [x, low, -depth]]) for x in (a, b)]
    faces = [
        Face(frame.world(slope), frame.normal(0, 0.65, 0.75), slate),
        Face(frame.world(ends[0]), frame.normal(-1, 0, 0), darker(front.wall, 0.08)),
        Face(frame.world(ends[1]), frame.normal(1, 0, 0), darker(front.wall, 0.08)),
    ]
    street.stage.panel(np.concatenate([face.points for face in faces]), faces)


def house(street: Street, frame: Frame, width: float, *, tall: bool) -> None:
    """A house with a ridge along the street, its front at w = 0."""
    rng = street.rng
    wall, slate = choose(rng, "ece4d4 d9c3a5 c9d0cc e5d5c8 b9c3b4 cdb9a8 e9dcc0"), choose(rng, ROOFS)
    height, depth, u = (5.4 if tall else 3.0), 7.5, (-width / 2, width / 2)
    trim = rgb("f6f2e8")
    rows = [1.55, 4.2] if tall else [1.55]
    across = np.linspace(u[0] + 1.3, u[1] - 1.3, max(3, round(width / 3)))
    middles = np.stack(np.meshgrid(across, rows), -1).reshape(-1, 2)
    entry = len(across) // 2
    faces = [band(frame, u, (0.0, 0.4), 0.01, darker(wall, 0.3))]
    faces += windows(street, frame, np.delete(middles, entry, 0), (0.62, 0.68), trim, fine=True)
    door = middles[entry : entry + 1] - np.array([0, 0.45])
    colour = choose(rng, SHOPS)
    faces += [
        sheet(frame, door, (0.62, 1.1), 0.02, trim),
        sheet(frame, door - np.array([0, 0.05]), (0.48, 1.02), 0.03, colour),
    ]
    faces.append(
        sheet(
            frame,
            door + np.array([0, 0.5]),
            (0.3, 0.28),
            0.035,
            LIT if street.mood.dusk else GLASS,
            glow=street.mood.dusk,
        )
    )
    faces += _gable_windows(frame, u, depth, trim, rows)
    street.stage.box(frame, u, (0.0, height), (-depth, 0.0), wall, decals=faces)
    _gable(street, frame, u, (height, height + 2.9), depth, wall, slate)
    street.stage.shadow(frame, u, (-depth, 0.0), 0.3)
    street.shade(quad(frame, u, (0.0, 0.0), (-depth, 0.0)), height + 1.4)
    chimney = float(rng.uniform(u[0] + 1.5, u[1] - 1.5))
    street.stage.box(
        frame,
        (chimney - 0.4, chimney + 0.4),
        (height + 2.9, height + 3.9),
        (-depth / 2 - 0.35, -depth / 2 + 0.35),
        rgb("a9705a"),
    )


def _gable_windows(frame: Frame, u: Span, depth: float, trim: Array, rows: list[float]) -> list[Face]:
    """Windows in both side walls, of which the camera sees the nearer."""
    faces = []
    for x, out in ((u[0], -1.0), (u[1], 1.0)):
        for level in rows:
            for w in (-depth * 0.3, -depth * 0.7):
                for grow, tone in ((0.13, trim), (0.0, GLASS)):
                    span = (w - 0.5 - grow, w + 0.5 + grow)
                    points = quad(frame, (x, x), (level - 0.65 - grow, level + 0.65 + grow), span)
                    faces.append(Face(points, frame.normal(out, 0, 0), tone, flat=True))
    return faces


def _gable(street: Street, frame: Frame, u: Span, v: Span, depth: float, wall: Array, slate: Array) -> None:
    low, high = v
    over, ridge = 0.45, -depth / 2
    a, b = u[0] - over, u[1] + over
    eave = low - 0.2
    front = np.array([[a, eave, over], [b, eave, over], [b, high, ridge], [a, high, ridge]])
    back = np.array([[a, eave, -depth - over], [b, eave, -depth - over], [b, high, ridge], [a, high, ridge]])
    faces = []
    for x, out in ((u[0], -1.0), (u[1], 1.0)):
        triangle = np.array([[x, low, 0.0], [x, low, -depth], [x, high - 0.15, ridge]])
        faces.append(Face(frame.world(triangle), frame.normal(out, 0, 0), wall))
    faces.append(Face(frame.world(front), frame.normal(0, 0.8, 0.6), slate))
    faces.append(Face(frame.world(back), frame.normal(0, 0.8, -0.6), slate))
    for x, out in ((a, -1.0), (b, 1.0)):
        for edge in (over, -depth - over):
            rim = np.array([[x, eave, edge], [x, high, ridge], [x, high - 0.25, ridge], [x, eave - 0.25, edge]])
            faces.append(Face(frame.world(rim), frame.normal(out, 0, 0), rgb("f1ece1"), flat=True))
    rim = np.array([[a, eave, over], [b, eave, over], [b, eave - 0.2, over], [a, eave - 0.2, over]])
    faces.append(Face(frame.world(rim), frame.normal(0, 0, 1), rgb("ebe5d8"), flat=True))
    low_point, high_point = frame.world(np.array([a, low, over])), frame.world(np.array([b, high, -depth - over]))
    street.stage.solids.append(Solid(np.minimum(low_point, high_point), np.maximum(low_point, high_point), faces))
