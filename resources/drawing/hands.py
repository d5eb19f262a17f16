"""Hands, what they hold, and the bag on a shoulder."""

from __future__ import annotations

import numpy as np

from drawing.figure import Figure
from drawing.shading import Array, choose, darker, rgb
from drawing.shapes import closed_curve, sweep, xy


def draw_hand(figure: Figure, side: str, skin: Array) -> None:
    """A hand as its pose wants it: hanging, open or closed."""
    arm = figure.pose.arms[0 if side == "L" else 1]
    wrist, palm = figure.at(f"{side}wrist"), figure.at(f"{side}hand")
    along = (palm - wrist) / max(1.0, float(np.hypot(*(palm - wrist))))
    size = figure.px(0.94, f"{side}wrist")
    # Hands seen from behind the wrist are foreshortened; they keep enough length to be read.
    reach = max(float(np.hypot(*(palm - wrist))), 0.045 * size)
    across = np.array([-along[1], along[0]])
    inward = 1.0 if figure.at("chest")[0] > wrist[0] else -1.0
    if across[0] * inward < 0:
        across = -across
    base = wrist + along * reach * 0.55
    if arm.hand == "open":
        shapes = sweep(np.stack([wrist, base, wrist + along * reach * 1.05]), size * np.array([0.025, 0.038, 0.036]), 3)
        for spread, length in ((-27, 0.072), (-9, 0.085), (8, 0.082), (24, 0.066)):
            way = along * np.cos(np.radians(spread)) + across * np.sin(np.radians(spread))
            root = wrist + along * reach * 1.0 + across * np.sin(np.radians(spread)) * 0.06 * size
            shapes += sweep(np.stack([root, root + way * length * size]), size * np.array([0.0115, 0.0085]), 1)
        thumb = across * 0.8 + along * 0.6
        shapes += sweep(np.stack([base, base + thumb * 0.07 * size]), size * np.array([0.016, 0.01]), 1)
    elif arm.hand == "fist":
        shapes = sweep(np.stack([wrist, base, wrist + along * reach * 1.25]), size * np.array([0.026, 0.037, 0.034]), 3)
        shapes += sweep(
            np.stack([base + across * 0.02 * size, base + across * 0.035 * size + along * 0.03 * size]),
            size * np.array([0.014, 0.011]),
            1,
        )
    else:
        curl = across * 0.012 * size
        path = np.stack([wrist, base, wrist + along * reach * 1.3 + curl, wrist + along * reach * 1.9 + 2 * curl])
        shapes = sweep(path, size * np.array([0.026, 0.034, 0.029, 0.017]), 4)
        thumb = base + across * 0.024 * size
        shapes += sweep(
            np.stack([thumb, thumb + along * 0.05 * size + across * 0.008 * size]), size * np.array([0.014, 0.009]), 1
        )
    figure.canvas.solid(shapes, skin, 0.02 * size, 0.2)


def shoulder_bag(figure: Figure, colour: Array) -> None:
    """A bag at the hip on a strap across the chest."""
    shoulder, hip = figure.at("Rshoulder"), figure.at("pelvis")
    place = hip + np.array([figure.half(0.16, 0.12, "pelvis"), figure.px(0.02)])
    start = shoulder * 0.75 + figure.at("neck") * 0.25 - xy(0, figure.px(0.03))
    figure.canvas.stroke(np.stack([start, place - xy(0, figure.px(0.08))]), figure.px(0.02), darker(colour, 0.2))
    wide, high = figure.px(0.11), figure.px(0.09)
    body = closed_curve(
        place
        + np.array(
            [
                [-wide, -high],
                [0, -high * 1.1],
                [wide, -high],
                [wide * 1.05, 0],
                [wide, high],
                [0, high * 1.08],
                [-wide, high],
                [-wide * 1.05, 0],
            ]
        ),
        4,
    )
    flap = place + np.array([[-wide, -high * 1.1], [wide, -high * 1.1], [wide, 0.0], [0, high * 0.25], [-wide, 0.0]])
    figure.canvas.solid([body], colour, figure.px(0.03), 0.24, [(flap, darker(colour, 0.13))])


def hold(figure: Figure, side: str, skin: Array, rng: np.random.Generator) -> None:
    """A telephone, a cup or a shopping bag in a closed hand, where the pose is made for it."""
    arm = figure.pose.arms[0 if side == "L" else 1]
    swing, spread = arm.fore
    if arm.hand != "fist":
        return
    place, size = figure.at(f"{side}hand"), figure.px(1.0, f"{side}hand")
    if swing > 105:
        case = np.array([[-0.036, -0.085], [0.036, -0.085], [0.036, 0.055], [-0.036, 0.055]])
        figure.canvas.solid([place + case * size], rgb("2c3036"), 0.012 * size, 0.2)
        draw_hand(figure, side, skin)
    elif swing > 80:
        cup = np.array([[-0.036, -0.08], [0.036, -0.08], [0.027, 0.045], [-0.027, 0.045]])
        lid = np.array([[-0.039, -0.095], [0.039, -0.095], [0.039, -0.075], [-0.039, -0.075]])
        colour = choose(rng, "efe6d4 b5694f 5f7f7a")
        figure.canvas.solid([place + cup * size], colour, 0.02 * size)
        figure.canvas.fill(place + lid * size, darker(colour, 0.5))
    elif swing < 20 and spread > 0:
        _shopping_bag(figure, place, size, choose(rng, "c9a56a 8a5f40 b5523f 5f7f7a d9d0bc"))


def _shopping_bag(figure: Figure, hand: Array, size: float, colour: Array) -> None:
    top = hand + xy(0.0, 0.1 * size)
    for shift in (-0.07 * size, 0.07 * size):
        handle = np.stack([top + xy(shift, 0.01 * size), hand + xy(0.2 * shift, 0.0)])
        figure.canvas.stroke(handle, 0.012 * size, darker(colour, 0.3))
    body = np.array([[-0.15, 0.0], [0.15, 0.0], [0.17, 0.32], [-0.17, 0.32]])
    figure.canvas.solid([top + body * size], colour, 0.05 * size)
