"""The rooms: which furniture goes where, in which light, by kind of room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drawing import fittings, furniture, plants, storage, surfaces
from drawing.camera import Camera
from drawing.light import RoomLight
from drawing.room import Palette, Room
from drawing.shading import Array, choose, darker, lighter, mix, rgb
from drawing.solids import Frame, Stage
from fgbg_studio.core.images import Pixels

PALETTES = (
    Palette("e8dfd0", "b9c2ae", "b58a5f", "f5f1e8", "f7f3ea", "a5764a", ("7f9079", "c8775c", "ddbd80")),
    Palette("c9d3d8", "8ea4b0", "a5815f", "f1f3f2", "f5f5f1", "8a6444", ("44606f", "d7ad93", "e6dece")),
    Palette("c3ccb8", "93a58b", "c19c70", "f3f2e8", "f6f3e8", "9c7148", ("e3d6bd", "b9694b", "5f7a68")),
    Palette("e6d0c2", "c99a84", "ab8264", "f7efe8", "faf4ee", "8d5f45", ("a75d4e", "e8d9c6", "6d7f86")),
    Palette("d9d1c5", "a89c8b", "8d6b4e", "f2eee7", "f4f0e8", "6f4f38", ("c69a4c", "5c6b70", "b8aa97")),
    Palette("6f8796", "546c7b", "b08d68", "eceff0", "efeee8", "9d724b", ("d7a04e", "e9e0d0", "b4624a")),
    Palette("eadfbf", "d5b878", "a67c55", "f8f3e4", "fbf6e9", "946a43", ("587b7f", "d58a4e", "8e9a6b")),
    Palette("dcd9dd", "a9a3b6", "c2a98c", "f4f3f5", "f6f4f4", "a3845f", ("7a7392", "dbb2a4", "98a89d")),
    Palette("758a78", "5d7362", "b48c62", "eef0e8", "f0ecdf", "8c6340", ("dcc59e", "ad5f44", "e9e3d4")),
)
LINEN = rgb("f3e7cf")


def draw_room(rng: np.random.Generator, kind: int, palette: int, width: int, height: int) -> tuple[Pixels, Camera]:
    """A room of one kind (counted round) in one palette (counted round), with the camera that sees it."""
    build = KINDS[kind % len(KINDS)]
    room = _empty(rng, PALETTES[palette % len(PALETTES)], width, height, long=build is _corridor)
    room.evening = build in {_living, _bedroom, _study} and (kind // len(KINDS)) % 2 == 1
    if room.evening:
        room.light.ambient = np.array([0.3, 0.31, 0.38])
    build(room)
    return room.render(width, height), room.camera


def _empty(rng: np.random.Generator, palette: Palette, width: int, height: int, *, long: bool) -> Room:
    camera = Camera(
        focal=width * float(rng.uniform(0.78, 0.92)),
        centre=width * float(rng.uniform(0.42, 0.58)),
        horizon=height * float(rng.uniform(0.37, 0.45)),
        height=float(rng.uniform(1.38, 1.6)),
    )
    span, depth = float(rng.uniform(4.8, 5.5)), float(rng.uniform(6.2, 7.0))
    if long:
        span, depth = 0.52 * span, 11.0
    # The wider side of the picture shows the wider side of the room.
    right = span * (0.5 - 0.8 * (camera.centre / width - 0.5))
    left, ceiling = right - span, float(rng.uniform(2.6, 2.95))
    low, high = np.array([left, 0, -np.inf]), np.array([right, ceiling, depth])
    light = RoomLight(low, high, np.array([0.62, 0.62, 0.64]))
    return Room(rng, camera, left, right, depth, ceiling, palette, light, Stage(camera))


def _floor(room: Room) -> None:
    kind = int(room.rng.integers(4))
    if kind == 3:
        surfaces.herringbone(room)
    else:
        surfaces.boards(room, across=kind == 2)


def _side_window(room: Room, side: int, z: float, *, curtained: bool = True) -> None:
    """A window in the left (-1) or the right (1) wall."""
    frame = _side_wall(room, side, z)
    half = float(room.rng.uniform(0.5, 0.7))
    fittings.window(room, frame, (-half, half), (0.85, 2.2), (2, 2))
    if curtained:
        fittings.curtains(room, frame, (-half, half), (0.04, 2.38), _pale(room, 2, 0.4))
    else:
        fittings.blind(room, frame, (-half, half), (0.85, 2.2), _pale(room, 1, 0.5))


def _side_wall(room: Room, side: int, z: float, away: float = 0.0) -> Frame:
    return room.left_wall(z, away) if side < 0 else room.right_wall(z, away)


def _pale(room: Room, fabric: int, share: float) -> Array:
    """A fabric's colour with some linen in it."""
    return mix(room.palette.fabric(fabric), LINEN, share)


def _plant(room: Room, x: float, z: float, size: float) -> None:
    plants.potted(room.stage, room.rng, (x, z), size, choose(room.rng, "e9e2d6 c27a58 5d6468 d9b48f 8a9a92"))


def _either(rng: np.random.Generator) -> int:
    """-1 (left) or 1 (right)."""
    return -1 if rng.random() < 0.5 else 1


def _living(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    _floor(room)
    surfaces.plaster(room, accent=bool(rng.integers(2)))
    surfaces.mouldings(room)
    light_side = _either(rng)
    _side_window(room, light_side, back - 1.7)
    middle = (room.left + room.right) / 2 + float(rng.uniform(-0.3, 0.3))
    wall = room.back_wall(middle)
    furniture.rug(room, (middle - 1.5, middle + 1.5), (back - 2.6, back - 0.7), _pale(room, 1, 0.35))
    furniture.sofa(room, room.back_wall(middle, 0.08), 2.05, pal.fabric(0), pal.fabric(1))
    fittings.picture(room, wall, (-0.48, 1.62), (0.62, 0.8))
    fittings.picture(room, wall, (0.36, 1.72), (0.5, 0.42))
    fittings.picture(room, wall, (0.36, 1.31), (0.4, 0.3))
    corner = room.left + 0.5 if light_side > 0 else room.right - 0.5
    _plant(room, corner, back - 0.45, 1.4)
    furniture.floor_lamp(room, middle + 1.4 * light_side, back - 0.4, LINEN)
    storage.bookshelf(room, _side_wall(room, -light_side, back - 1.9), 1.1, 1.85, rgb(pal.wood))
    furniture.round_table(room, middle + 0.15, back - 1.55, 0.42, 0.38, rgb(pal.wood))
    furniture.vase(room.stage, middle + 0.22, back - 1.57, 0.38, 0.2, pal.fabric(2))


def _bedroom(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    _floor(room)
    surfaces.plaster(room, accent=True)
    if rng.random() < 0.5:
        surfaces.stripes(room)
    surfaces.mouldings(room)
    light_side = _either(rng)
    _side_window(room, light_side, back - 1.9)
    middle = (room.left + room.right) / 2 + 0.35 * light_side
    furniture.rug(room, (middle - 1.5, middle + 1.5), (back - 2.8, back - 1.2), _pale(room, 2, 0.5))
    furniture.bed(room, room.back_wall(middle, 0.02), 1.6, _pale(room, 0, 0.25), pal.fabric(1))
    for side in (-1.2, 1.2):
        storage.drawers(room, room.back_wall(middle + side, 0.02), (-0.24, 0.24), 0.52, 0.4, rgb(pal.wood), 2)
    furniture.table_lamp(room, middle + 1.2 * light_side, back - 0.22, 0.52, LINEN)
    furniture.vase(room.stage, middle - 1.2 * light_side, back - 0.22, 0.52, 0.24, pal.fabric(1))
    for u in (-0.36, 0.36):
        fittings.picture(room, room.back_wall(middle), (u, 1.68), (0.5, 0.66))
    wardrobe = _side_wall(room, -light_side, back - 1.6)
    storage.cupboard(room, wardrobe, (-0.8, 0.8), 2.1, 0.58, lighter(rgb(pal.trim), 0.1), 3)


def _kitchen(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    surfaces.tiles(room, checked=bool(rng.integers(2)))
    surfaces.plaster(room)
    surfaces.splashback(room, (0.9, 1.5), mix(rgb(pal.trim), pal.fabric(0), 0.22))
    surfaces.mouldings(room)
    tall = 0.68
    fridge = room.back_wall(room.left + 0.05 + tall / 2)
    storage.fridge(room, fridge, (-tall / 2, tall / 2), choose(rng, "d8dad8 b9c5c4 e7e0d2"))
    half = (room.right - room.left - tall - 0.18) / 2
    row = room.back_wall(room.right - 0.1 - half)
    worktop = choose(rng, "e9e4da c8a47a 6b6966")
    storage.kitchen_row(room, row, (-half, half), pal.fabric(int(rng.integers(2))), worktop)
    _side_window(room, 1, back - 1.9, curtained=False)
    x, z, wood = room.left + 1.15, back - 2.1, rgb(pal.wood)
    furniture.round_table(room, x, z, 0.5, 0.74, wood)
    furniture.chair(room, Frame(x, z + 0.65, 0), wood, pal.fabric(1))
    furniture.chair(room, Frame(x - 0.7, z, 1), wood, pal.fabric(1))
    furniture.vase(room.stage, x, z, 0.74, 0.22, pal.fabric(2))
    fittings.pendant(room, x, z, 0.95, pal.fabric(1))


def _study(room: Room) -> None:
    pal, back = room.palette, room.depth
    _floor(room)
    surfaces.plaster(room)
    surfaces.wainscot(room)
    surfaces.mouldings(room)
    middle = (room.left + room.right) / 2
    wall = room.back_wall(middle)
    fittings.window(room, wall, (-0.75, 0.75), (1.05, 2.25), (3, 2))
    fittings.curtains(room, wall, (-0.75, 0.75), (0.04, 2.4), _pale(room, 2, 0.3))
    furniture.desk(room, room.back_wall(middle, 0.16), 1.5, rgb(pal.wood))
    furniture.chair(room, Frame(middle - 0.1, back - 1.25, 2), rgb(pal.metal), pal.fabric(1))
    for z in (back - 1.0, back - 2.45):
        storage.bookshelf(room, room.left_wall(z), 1.4, 2.0, rgb(pal.wood))
    furniture.sofa(room, room.right_wall(back - 1.9, 0.1), 0.95, pal.fabric(0), pal.fabric(1))
    furniture.floor_lamp(room, room.right - 0.45, back - 1.05, LINEN)
    _plant(room, room.right - 0.4, back - 0.4, 1.2)
    fittings.picture(room, room.right_wall(back - 2.0), (0.0, 1.62), (0.8, 0.6))
    furniture.round_rug(room, middle + 0.1, back - 1.9, 1.0, _pale(room, 1, 0.3))


def _gallery(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    _raise_ceiling(room, 0.5)
    _floor(room)
    surfaces.plaster(room)
    surfaces.mouldings(room)
    span, middle = room.right - room.left, (room.left + room.right) / 2
    for share, size in ((-0.24, (1.0, 1.3)), (0.02, (0.8, 0.8)), (0.27, (1.0, 1.3))):
        fittings.picture(room, room.back_wall(middle), (share * span, 1.6), size)
    for side in (-1, 1):
        fittings.picture(room, _side_wall(room, side, back - 1.6), (0.0, 1.6), (1.3, 1.0))
    fittings.spotlights(room, back - 1.0, 4)
    place = Frame(middle + float(rng.uniform(-0.6, 0.6)), back - 1.9)
    furniture.bench(room, place, 1.5, pal.fabric(0))
    side = _either(rng)
    x = (room.right if side > 0 else room.left) - 0.4 * side
    furniture.plinth(room, x, back - 0.5, pal.fabric(1))
    _plant(room, (room.left if side > 0 else room.right) + 0.4 * side, back - 0.45, 1.15)


def _corridor(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    surfaces.tiles(room, checked=bool(rng.integers(2)))
    surfaces.plaster(room)
    surfaces.wainscot(room, 0.9)
    surfaces.mouldings(room)
    middle = (room.left + room.right) / 2
    furniture.rug(room, (middle - 0.55, middle + 0.55), (3.0, back - 1.0), _pale(room, 1, 0.2))
    wall = room.back_wall(middle)
    fittings.window(room, wall, (-0.5, 0.5), (0.9, 2.2), (2, 3))
    fittings.curtains(room, wall, (-0.5, 0.5), (0.04, 2.36), _pale(room, 2, 0.4))
    wood = mix(rgb(pal.wood), rgb(pal.trim), float(rng.uniform(0.0, 0.8)))
    for number, z in enumerate((4.4, 7.2, 9.6)):
        fittings.door(room, room.left_wall(z), 0.0, wood)
        if number != 1:
            fittings.door(room, room.right_wall(z - 0.2), 0.0, wood)
        fittings.picture(room, room.left_wall(z + 1.25), (0.0, 1.6), (0.5, 0.6))
        fittings.pendant(room, middle, z + 0.4, 0.45, lighter(pal.fabric(2), 0.3))
    storage.drawers(room, room.right_wall(7.0, 0.02), (-0.5, 0.5), 0.82, 0.36, rgb(pal.wood), 2, 2)
    furniture.vase(room.stage, room.right - 0.2, 7.0, 0.82, 0.28, pal.fabric(0))
    fittings.picture(room, room.right_wall(7.0), (0.0, 1.6), (0.6, 0.75))
    _plant(room, room.left + 0.4, back - 0.5, 1.3)


def _dining(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    _floor(room)
    surfaces.plaster(room, accent=True)
    surfaces.wainscot(room, 0.8)
    surfaces.mouldings(room)
    light_side = _either(rng)
    _side_window(room, light_side, back - 1.8)
    middle, z, wood = (room.left + room.right) / 2, back - 1.65, rgb(pal.wood)
    furniture.rug(room, (middle - 1.5, middle + 1.5), (z - 1.1, z + 1.0), _pale(room, 2, 0.35))
    furniture.table(room, Frame(middle, z), 1.6, 0.85, 0.74, wood)
    for x in (middle - 0.42, middle + 0.42):
        furniture.chair(room, Frame(x, z + 0.65, 0), darker(wood, 0.1), pal.fabric(0))
        furniture.chair(room, Frame(x, z - 0.65, 2), darker(wood, 0.1), pal.fabric(0))
    furniture.vase(room.stage, middle + 0.1, z, 0.74, 0.26, pal.fabric(1))
    plants.grow(room.stage, rng, (middle + 0.1, 0.99, z), 0.34)
    fittings.pendant(room, middle, z, 0.95, pal.fabric(1))
    storage.drawers(room, room.back_wall(middle - 0.2, 0.02), (-0.8, 0.8), 0.86, 0.42, wood, 2, 3)
    fittings.picture(room, room.back_wall(middle - 0.2), (0.0, 1.62), (1.1, 0.7))
    _plant(room, room.left + 0.45 if light_side > 0 else room.right - 0.45, back - 0.45, 1.5)


def _loft(room: Room) -> None:
    rng, pal, back = room.rng, room.palette, room.depth
    _raise_ceiling(room, 0.45)
    surfaces.boards(room)
    surfaces.plaster(room)
    surfaces.bricks(room)
    surfaces.mouldings(room)
    middle = (room.left + room.right) / 2 + float(rng.uniform(-0.3, 0.3))
    for u in ((-1.95, -0.35), (0.35, 1.95)):
        fittings.window(room, room.back_wall(middle), u, (0.75, 2.65), (3, 4))
    furniture.sofa(room, room.left_wall(back - 1.7, 0.05), 1.75, pal.fabric(0), pal.fabric(1))
    fittings.picture(room, room.left_wall(back - 1.7), (0.0, 1.7), (1.1, 0.8))
    board = room.right_wall(back - 1.7, 0.02)
    storage.drawers(room, board, (-0.8, 0.8), 0.5, 0.42, rgb(pal.wood), 1, 3)
    storage.television(room, board, 1.1, 0.5)
    _plant(room, middle, back - 0.4, 1.35)
    _plant(room, room.right - 0.4, back - 0.4, 0.9)
    furniture.round_rug(room, middle, back - 1.7, 1.15, _pale(room, 1, 0.3))
    furniture.round_table(room, middle - 0.1, back - 1.6, 0.4, 0.4, rgb(pal.wood))
    for x in (-0.5, 0.5):
        fittings.pendant(room, middle + x, back - 1.5, 0.8, rgb(pal.metal))


def _raise_ceiling(room: Room, more: float) -> None:
    room.ceiling += more
    room.light.high[1] = room.ceiling


KINDS: tuple[Callable[[Room], None], ...] = (
    _living, _kitchen, _bedroom, _gallery, _study, _corridor, _dining, _loft,
)  # fmt: skip
