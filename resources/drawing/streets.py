"""The streets: what is built along them and how their ground is made, by kind of place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drawing import buildings, streetside
from drawing.camera import Camera
from drawing.shading import Array, choose, darker, lighter, mix, rgb, vary
from drawing.solids import Frame, Stage
from drawing.street import FAR, MOODS, NEAR_GROUND, Street
from drawing.surfaces import courses, floor_plane
from fgbg_studio.core.images import Pixels

GREENS = "6f9158 7d9a5a 5f8660 8a9a52 d2a54c c98746 779a72"
LEAVES = "6c8a55 5f7f58 7a9560"
BLOOMS = "e0a4ac e9d38a d98c7a f1ebdd b79cc4"


def draw_street(rng: np.random.Generator, kind: int, mood: int, width: int, height: int) -> tuple[Pixels, Camera]:
    """A street of one kind (counted round) in one mood (counted round), with the camera that sees it."""
    camera = Camera(
        focal=width * float(rng.uniform(0.8, 0.95)),
        centre=width * float(rng.uniform(0.4, 0.6)),
        horizon=height * float(rng.uniform(0.44, 0.53)),
        height=float(rng.uniform(1.5, 1.7)),
    )
    weather = MOODS[mood % len(MOODS)]
    street = Street(rng, camera, weather, weather.light(), Stage(camera), rgb("8d8c88"))
    KINDS[kind % len(KINDS)](street)
    return street.render(width, height), camera


def _road(street: Street, half: float, walk: float) -> None:
    """A road about x = 0 with its markings, kerbs and pavements ``walk`` metres wide."""
    rng = street.rng
    asphalt = choose(rng, "77777a 807d7a 6f7276")
    street.paint((-half, half), (NEAR_GROUND, FAR), asphalt)
    for x in (-half * 0.5, half * 0.5):
        street.paint((x - 0.5, x + 0.5), (NEAR_GROUND, FAR), darker(asphalt, 0.035))
    white = rgb("e4e0d4")
    dashes = np.arange(1.5, 150, 6.0)
    corners = [floor_plane(np.array([-0.07, 0.07, 0.07, -0.07]), z + np.array([0, 0, 3.0, 3.0])) for z in dashes]
    street.paintwork.append((np.stack(corners), mix(asphalt, white, 0.8)))
    for x in (-half + 0.35, half - 0.35):
        street.paint((x - 0.05, x + 0.05), (NEAR_GROUND, FAR), mix(asphalt, white, 0.6))
    if rng.random() < 0.6:
        start = float(rng.uniform(7, 12))
        stripes = np.arange(-half + 0.5, half - 0.6, 1.0)
        street.paint((-half, half), (start - 0.3, start + 3.3), asphalt)
        bars = [floor_plane(x + np.array([0, 0.5, 0.5, 0]), start + np.array([0, 0, 3.0, 3.0])) for x in stripes]
        street.paintwork.append((np.stack(bars), mix(asphalt, white, 0.85)))
    for side in (-1, 1):
        _pavement(street, sorted((side * half, side * (half + walk))), side)


def _pavement(street: Street, x: list[float], side: int, colour: Array | None = None) -> None:
    rng = street.rng
    stone = choose(rng, "b9b4ab c2b8a8 adadab") if colour is None else colour
    street.paint((x[0], x[1]), (NEAR_GROUND, FAR), stone)
    _slabs(street, (x[0], x[1]), (NEAR_GROUND, 32.0), (0.8, 0.8), stone)
    kerb = x[1] if side < 0 else x[0]
    street.paint((kerb - 0.13, kerb + 0.13), (NEAR_GROUND, FAR), lighter(stone, 0.28))
    gutter = kerb - side * 0.19
    street.paint((gutter - 0.07, gutter + 0.07), (NEAR_GROUND, FAR), darker(stone, 0.45))


def _slabs(
    street: Street, x: tuple[float, float], z: tuple[float, float], size: tuple[float, float], stone: Array
) -> None:
    street.paint(x, z, darker(stone, 0.14))
    pieces = courses(street.rng, x, z, size, 0.012, 0.5)
    world = floor_plane(pieces[:, [0, 1, 1, 0]], pieces[:, [2, 2, 3, 3]])
    kind = street.rng.integers(4, size=len(world))
    for number in range(4):
        street.paintwork.append((world[kind == number], vary(street.rng, stone, 0.035)))


def _row(street: Street, x: float, floors: tuple[int, int], *, shops: float) -> None:
    """Buildings along the line at ``x``, to the left or to the right of the camera."""
    rng, z = street.rng, 5.0
    turn = 1 if x < 0 else 3
    while z < 150:
        width = float(rng.uniform(8, 14)) * (1 if z < 45 else 2)
        levels = int(rng.integers(floors[0], floors[1] + 1))
        buildings.block(street, Frame(x, z + width / 2, turn), width, levels, shop=bool(rng.random() < shops))
        z += width


def _trees(street: Street, build: str, green: Array) -> list[streetside.Tree]:
    sun = -1.0 if street.light.sun[0] < 0 else 1.0
    makers = {"broadleaf": streetside.broadleaf, "conifer": streetside.conifer, "palm": streetside.palm}
    return [makers[build](street.rng, vary(street.rng, green, 0.06), sun) for _ in range(3)]


def _along(street: Street, trees: list[streetside.Tree], x: float, start: float, step: float, height: float) -> None:
    """A row of trees at ``x``; past ninety metres the haze has them."""
    rng = street.rng
    for number, z in enumerate(np.arange(start, 90, step)):
        place = (x + float(rng.normal(0, 0.15)), float(z + rng.normal(0, 0.3)))
        streetside.plant(
            street, trees[number % 3], place, height * float(rng.uniform(0.85, 1.12)), mirrored=number % 2 == 1
        )


def _skyline(street: Street, height: float, *, hills: bool) -> None:
    """Two far ranges, of hills or of roofs, at the horizon; ``height`` is a fraction of the sky."""
    rng, horizon = street.rng, street.camera.horizon
    width = 3 * street.camera.focal
    low, body = rgb(street.mood.low), rgb("7f99a5") if hills else rgb("93a0a8")
    for share, tall in ((0.22, height), (0.4, 0.6 * height)):
        x = np.linspace(-0.3 * width, 0.7 * width, 60)
        if hills:
            wave = sum(np.sin(x / width * k + rng.uniform(0, 6)) / k for k in (9, 17, 41)) * 4
            top = 0.65 + 0.35 * np.clip(wave, -1, 1)
        else:
            top = np.repeat(rng.uniform(0.35, 1, 30), 2)
            x = np.repeat(np.linspace(-0.3 * width, 0.7 * width, 31), 2)[1:-1]
        edge = np.column_stack([x, horizon - horizon * tall * top])
        outline = np.concatenate([edge, [[x[-1], horizon + 1], [x[0], horizon + 1]]])
        street.far.append((outline, mix(low, body, share)))


def _city(street: Street) -> None:
    rng = street.rng
    half, walk = float(rng.uniform(3.4, 4.2)), float(rng.uniform(2.6, 3.4))
    _road(street, half, walk)
    _skyline(street, 0.22, hills=False)
    edge = half + walk
    _row(street, -edge, (2, 5), shops=0.35)
    _row(street, edge, (2, 5), shops=0.35)
    trees = _trees(street, "broadleaf", choose(rng, GREENS))
    side = -1 if rng.random() < 0.5 else 1
    _along(street, trees, side * (half + 0.8), 13, 9.5, 5.4)
    for z in (14.0, 29.0, 44.0, 59.0):
        streetside.lamp_post(street, -side * (half + 0.5), z, side * 1.2)
    for z in (15.0, 22.5, 38.0):
        streetside.car(street, -side * (half - 1.15), z + float(rng.uniform(-1, 1)))


def _suburb(street: Street) -> None:
    rng = street.rng
    grass = choose(rng, "8fa86b 9aac70 86a070")
    street.ground = grass
    half, walk = 3.1, 1.7
    _skyline(street, 0.3, hills=True)
    _road(street, half, walk)
    trees = _trees(street, "broadleaf", choose(rng, GREENS))
    for side in (-1, 1):
        start, x = (9.0 if side < 0 else 12.0), side * (half + walk + 3.8)
        for number, z in enumerate(np.arange(start, 110, 17.0)):
            frame = Frame(x, float(z) + 5, 1 if side < 0 else 3)
            buildings.house(street, frame, float(rng.uniform(9, 11)), tall=bool(rng.random() < 0.5))
            drive = sorted((side * (half + walk), x))
            street.paint((drive[0], drive[1]), (float(z) + 3.6, float(z) + 6.2), rgb("bdb5a8"))
            if number < 4:
                inner = side * (half + walk + 0.5)
                span = (inner - 0.3, inner + 0.3)
                streetside.hedge(street, span, (float(z) - 4.0, float(z) + 2.6), 0.8, choose(rng, "6c8a55 5f7f58"))
                streetside.bush(street, (x - side * 1.0, float(z) + 9.0), 1.1, choose(rng, LEAVES), choose(rng, BLOOMS))
        _along(street, trees, side * (half + walk + 1.4), start + 14.6, 17.0, 5.0)
        streetside.lamp_post(street, side * (half + 0.4), 21.0 + 5 * side, -side * 1.0)
    streetside.car(street, (half - 1.1) * (-1 if rng.random() < 0.5 else 1), 14.0)


def _park(street: Street) -> None:
    rng = street.rng
    grass = choose(rng, "8fab68 97ac6c a3b072")
    street.ground = grass
    for z in np.arange(1.0, 60, 3.0):
        street.paint((-60, 60), (float(z), float(z) + 1.5), lighter(grass, 0.035))
    half = float(rng.uniform(1.8, 2.4))
    gravel = choose(rng, "d3c3a4 cdbfae c9b899")
    street.paint((-half - 0.12, half + 0.12), (NEAR_GROUND, FAR), darker(gravel, 0.22))
    street.paint((-half, half), (NEAR_GROUND, FAR), gravel)
    _skyline(street, 0.34, hills=True)
    build = "conifer" if rng.random() < 0.3 else "broadleaf"
    green = choose(rng, GREENS)
    trees, others = _trees(street, build, green), _trees(street, "broadleaf", choose(rng, GREENS))
    for side in (-1, 1):
        _along(street, trees, side * (half + 2.2), 11.5 + side, 8.5, 6.0)
        for _ in range(5):
            place = (side * float(rng.uniform(9, 24)), float(rng.uniform(16, 60)))
            streetside.plant(street, others[int(rng.integers(3))], place, float(rng.uniform(6, 9)), mirrored=side < 0)
        for z in (7.5, 11.5, 16.0, 21.0):
            place = (side * (half + float(rng.uniform(3.2, 5.0))), z + float(rng.uniform(-1, 1)))
            streetside.bush(street, place, float(rng.uniform(0.7, 1.2)), choose(rng, LEAVES), choose(rng, BLOOMS))
    side = -1 if rng.random() < 0.5 else 1
    for z in (8.6, 17.0, 27.0):
        frame = Frame(side * (half + 0.95), z, 1 if side < 0 else 3)
        streetside.bench(street, frame)
        streetside.lamp_post(street, -side * (half + 0.5), z + 4.5, side * 0.7)


def _shops(street: Street) -> None:
    rng = street.rng
    half = float(rng.uniform(4.2, 5.2))
    stone = choose(rng, "c4b7a4 b8b0a6 c9b7a0 b3aeb0")
    street.ground = stone
    _slabs(street, (-half - 1, half + 1), (NEAR_GROUND, 40.0), (0.7, 0.7), stone)
    for x in (-half * 0.42, half * 0.42):
        street.paint((x - 0.16, x + 0.16), (NEAR_GROUND, FAR), darker(stone, 0.2))
    _skyline(street, 0.25, hills=False)
    _row(street, -half, (1, 3), shops=1.0)
    _row(street, half, (1, 3), shops=1.0)
    green = choose(rng, "6f9158 5f8660 7d9a5a")
    side = -1 if rng.random() < 0.5 else 1
    for z in (9.0, 13.5, 18.0):
        streetside.parasol(street, side * (half - 1.9), z, choose(rng, "d8c6a2 b8604c 5f7f7a e3d9c4"))
    for z in np.arange(8.5, 50, 6.5):
        streetside.planter(street, -side * (half - 1.3), float(z), green, choose(rng, BLOOMS))
    for z in (14.0, 29.0, 44.0):
        streetside.lamp_post(street, -side * (half - 2.0), z, side * 0.6)


def _square(street: Street) -> None:
    rng = street.rng
    stone = choose(rng, "c9bda9 bdb4aa c6b49c")
    street.ground = stone
    back = float(rng.uniform(24, 29))
    _slabs(street, (-24, 24), (NEAR_GROUND, back), (1.2, 1.2), stone)
    for step in np.arange(-21.0, 22.0, 6.0):
        street.paint((step - 0.2, step + 0.2), (NEAR_GROUND, back), darker(stone, 0.17))
    for step in np.arange(4.0, back, 6.0):
        street.paint((-24, 24), (float(step) - 0.2, float(step) + 0.2), darker(stone, 0.17))
    x = -26.0
    while x < 26:
        width = float(rng.uniform(7, 10))
        buildings.block(
            street, Frame(x + width / 2, back + 2.5), width, int(rng.integers(1, 4)), shop=bool(rng.random() < 0.55)
        )
        x += width
    green = choose(rng, GREENS)
    trees = _trees(street, "broadleaf", green)
    for number, place in enumerate(((-6.8, 15.0), (7.2, 16.5), (-10.5, 20.0), (11.0, 20.5))):
        streetside.plant(street, trees[number % 3], place, float(rng.uniform(5, 6)), mirrored=number % 2 == 0)
        ring = floor_plane(place[0] + np.array([-0.9, 0.9, 0.9, -0.9]), place[1] + np.array([-0.9, -0.9, 0.9, 0.9]))
        street.paintwork.append((ring[None], rgb("8a7a62")))
    side = -1 if rng.random() < 0.5 else 1
    streetside.bench(street, Frame(side * -6.4, 13.2, 0))
    for number in range(3):
        streetside.parasol(
            street, side * (3.2 + 2.9 * number), 20.5 - 0.8 * number, choose(rng, "d8c6a2 b8604c 5f7f7a e3d9c4")
        )
    for x in (-3.2, 3.4):
        streetside.lamp_post(street, x, 17.5, 0.5 if x < 0 else -0.5)
    _fountain(street, side * -2.2, 20.5)


def _fountain(street: Street, x: float, z: float) -> None:
    stage, stone, water = street.stage, rgb("cfc7ba"), rgb("9fc0c9")
    stage.turned(x, z, [(0.0, 2.0), (0.45, 2.0), (0.5, 2.05)], stone, water)
    stage.turned(x, z, [(0.5, 0.3), (1.1, 0.18)], stone)
    stage.turned(x, z, [(1.1, 0.25), (1.35, 0.85), (1.4, 0.88)], stone, water)
    stage.turned(x, z, [(1.4, 0.12), (1.9, 0.1), (2.05, 0.2)], stone)
    base = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    stage.shadows.append(np.column_stack([x + 2.15 * np.cos(base), 0 * base, z + 2.15 * np.sin(base)]))


def _seaside(street: Street) -> None:
    rng = street.rng
    side = -1 if rng.random() < 0.5 else 1  # where the water is
    half = float(rng.uniform(3.4, 4.2))
    sea = mix(rgb("5f97a6"), rgb(street.mood.top), 0.3)
    street.ground = sea
    far = sorted((side * 1.0, -side * 60.0))
    street.paint((far[0], far[1]), (NEAR_GROUND, FAR), rgb("b9b1a4"))
    _water(street, side, half, sea)
    walk = sorted((side * half, -side * half))
    stone = choose(rng, "d2c4ae cbbfb0 d6c7b4")
    _pavement(street, walk, side, stone)
    for x in np.linspace(-half + 1.2, half - 1.2, 3):
        street.paint((float(x) - 0.1, float(x) + 0.1), (NEAR_GROUND, FAR), darker(stone, 0.13))
    _skyline(street, 0.16, hills=True)
    _railing(street, side * (half - 0.15))
    _row(street, -side * (half + 3.2), (2, 4), shops=0.5)
    build = "palm" if rng.random() < 0.75 else "broadleaf"
    trees = _trees(street, build, choose(rng, "7a9a5e 6f9068"))
    _along(street, trees, -side * (half + 0.9), 9.0, 8.0, 6.2)
    for number in range(3):
        streetside.sailboat(street, side * float(rng.uniform(14, 60)), float(rng.uniform(70, 90) + 30 * number))
    for z in (13.5, 24.0, 35.0, 48.0):
        streetside.lamp_post(street, side * (half - 0.6), z, -side * 0.7)
    for z in (13.0, 24.0):
        streetside.bench(street, Frame(-side * (half - 0.4), z, 3 if side < 0 else 1))


def _water(street: Street, side: int, half: float, sea: Array) -> None:
    """Bands and glints on the sea, narrower towards the horizon."""
    rng = street.rng
    x = sorted((side * half, side * 400.0))
    street.paint((x[0], x[1]), (NEAR_GROUND, FAR), sea)
    depth = 4.0
    while depth < 300:
        step = depth * float(rng.uniform(0.05, 0.12))
        start = side * (half + float(rng.uniform(0, depth * 0.5)))
        span = sorted((start, start + side * depth * float(rng.uniform(0.2, 0.8))))
        tone = lighter(sea, 0.13) if rng.random() < 0.5 else darker(sea, 0.07)
        street.paint((span[0], span[1]), (depth, depth + 0.3 * step), tone)
        depth += step
    street.paint((side * half - 0.25, side * half + 0.25), (NEAR_GROUND, FAR), rgb("a79c8c"))


def _railing(street: Street, x: float) -> None:
    iron = rgb("e9e6de")
    for z in np.arange(4.5, 60, 2.0):
        street.stage.box(Frame(x, float(z)), (-0.035, 0.035), (0.0, 1.02), (-0.035, 0.035), iron)
        if z < 40:
            for level in (0.35, 0.68):
                street.stage.box(Frame(x, float(z) + 1), (-0.015, 0.015), (level, level + 0.03), (-0.965, 0.965), iron)
        street.stage.box(Frame(x, float(z) + 1), (-0.04, 0.04), (1.02, 1.08), (-1.0, 1.0), iron)


KINDS: tuple[Callable[[Street], None], ...] = (_city, _park, _suburb, _shops, _seaside, _square)
