"""People: build, pose, outfit and looks by chance, drawn from what is farthest to what is nearest."""

from __future__ import annotations

import numpy as np

from drawing import clothes, hands, tops
from drawing.canvas import Canvas
from drawing.clothes import Outfit, choose_outfit
from drawing.figure import Figure
from drawing.heads import Head, Look
from drawing.shading import Array, choose, darker, lighter, nth
from drawing.shapes import hull
from drawing.skeleton import HEAD, POSES, Build, mirrored

SKINS = "f3d4be e9be9c d6a27a b57d56 8a5a3d 64402c f0cbb0"
HAIRS = "2b2624 463026 6b4a32 9c6c3e cfa765 8d8a86 a85636 1f1c1e 5a3d2c"
ORDER = (
    "relaxed",
    "walking",
    "waving",
    "sitting",
    "hip",
    "phone",
    "strolling",
    "pockets",
    "cup",
    "lounging",
    "bag",
    "cheering",
)


def draw_person(rng: np.random.Generator, number: int, size: int) -> tuple[Canvas, float]:
    """A person on a transparent canvas, and the canvas's pixels a metre; ``size`` pixels are a stature.

    ``number`` goes through poses, skins and hair in turn, so that neighbours always differ.
    """
    pose = POSES[ORDER[number % len(ORDER)]]
    if rng.random() < 0.5:
        pose = mirrored(pose)
    feminine = bool((number * 7 // 3) % 2)
    child = number % 9 == 8
    build = _build(rng, feminine=feminine, child=child)
    scale = size / build.stature
    canvas = Canvas(int(1.5 * size), int(1.42 * size), None, 1)
    turn = float(rng.uniform(*pose.turns)) * (1 if pose.turn < 0 else -1)
    figure = Figure.posed(canvas, scale, build, pose, turn)
    look = _look(rng, number, feminine=feminine, child=child)
    _draw(figure, look, choose_outfit(rng, number, feminine=feminine), rng)
    return canvas, scale


def _build(rng: np.random.Generator, *, feminine: bool, child: bool) -> Build:
    if child:
        return Build(float(rng.uniform(1.12, 1.32)), 0.098, 0.048, 0.96, 0.92, 1.2)
    girth = float(rng.uniform(0.9, 1.14))
    if feminine:
        return Build(float(rng.uniform(1.56, 1.74)), 0.097, 0.053, girth * 0.93, 0.78, 1.02)
    return Build(float(rng.uniform(1.68, 1.88)), 0.109, 0.048, girth, 0.88)


def _look(rng: np.random.Generator, number: int, *, feminine: bool, child: bool) -> Look:
    skin = nth(SKINS, 3 * number + int(rng.integers(2)))
    dark = skin.mean() < 130
    hair = choose(rng, "1f1c1e 2b2624 3a2a22" if dark else HAIRS)
    styles = ["bob", "long", "bun", "pony", "long"] if feminine else ["short", "side", "short", "curly", "buzz", "bald"]
    styles += ["afro", "curly"] if dark else []
    style = styles[int(rng.integers(len(styles)))]
    grown = not feminine and not child
    if child and style == "bald":
        style = "short"
    beard = grown and rng.random() < (0.8 if style == "bald" else 0.35)
    cap = choose(rng, clothes.TOPS) if style in {"short", "buzz", "pony", "long"} and rng.random() < 0.2 else None
    return Look(skin, hair, style, bool(beard), bool(rng.random() < 0.22), cap, 0.38 if feminine else 0.12)


def _draw(figure: Figure, look: Look, outfit: Outfit, rng: np.random.Generator) -> None:
    skin, seated = look.skin, figure.pose.seated
    head = _head(figure, look)
    arms = sorted("LR", key=lambda s: figure.near(f"{s}shoulder") + 0.4 * figure.near(f"{s}wrist"))
    legs = sorted("LR", key=lambda s: figure.near(f"{s}knee") + figure.near(f"{s}ankle"))
    behind = [s for s in arms if figure.near(f"{s}shoulder") < -0.055 and figure.near(f"{s}wrist") < 0.12]
    if seated:
        _seat(figure, choose(rng, "b98a5e 8a6a4c 5f7f7a c9b79a b5694f 6a7480"))
    head.draw_back_hair()
    for side in behind:
        tops.draw_arm(figure, side, outfit, skin)
    if not seated:
        for side in legs:
            clothes.draw_leg(figure, side, outfit, skin)
    clothes.draw_pelvis(figure, outfit)
    tops.draw_top(figure, outfit, skin)
    if seated:
        for side in legs:
            clothes.draw_leg(figure, side, outfit, skin)
    if outfit.bag is not None and not seated:
        hands.shoulder_bag(figure, outfit.bag)
    head.draw()
    for side in arms:
        if side not in behind:
            tops.draw_arm(figure, side, outfit, skin)
            hands.hold(figure, side, skin, rng)


def _head(figure: Figure, look: Look) -> Head:
    pose = figure.pose
    yaw = float(np.clip(figure.yaw + pose.turn, -58, 58))
    radius = (
        0.5 * HEAD * figure.build.head * figure.build.stature * figure.camera.focal / float(figure.place["head"][2])
    )
    return Head(figure.canvas, figure.at("head"), radius, yaw, pose.nod, -0.8 * pose.tilt, look)


def _seat(figure: Figure, colour: Array) -> None:
    """A padded cube under a seated person."""
    thick = figure.build.stature / 1.72
    high = float(figure.place["Lhip"][1] + figure.place["Rhip"][1]) / 2 - 0.085 * thick
    ring = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * 0.23 * thick
    corners = np.array([[x, y, z + 0.02] for y in (0.0, high) for x, z in ring])
    seen, soft = figure.seen(corners), figure.px(0.02)
    figure.canvas.fill(hull(seen), darker(colour, 0.25))
    for first in range(4):
        second = (first + 1) % 4
        face = seen[[first, second, second + 4, first + 4]]
        along, up = face[1] - face[0], face[3] - face[0]
        if along[0] * up[1] < along[1] * up[0]:  # seen from within
            continue
        lit = face[:, 0].mean() < seen[:, 0].mean()
        figure.canvas.solid([face], darker(colour, 0.06 if lit else 0.26), soft, 0.12)
    figure.canvas.solid([seen[4:]], lighter(colour, 0.16), soft, 0.12)
