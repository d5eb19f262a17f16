"""Clothes: what a person wears, and how each garment is drawn on a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.figure import Figure
from drawing.shading import Array, choose, darker, lighter, nth
from drawing.shapes import ellipse, hull, leaf, smooth, sweep, xy

TOPS = "c8694f 5f7f7a e8dcc4 44607a d9a441 8f4d57 b7c4cc 7c8f5e 3f4f5f dda28a 6f5f86 efe9dd a9b79a"
BOTTOMS = "3d4d63 6b5a4a 2f3740 8a7a63 5a6470 4a5a4f c2b08f 75808a 39424a"
LEATHER = "4a3a30 2d2b2c 8a5f40 d9d3c6 7a3f35 ece9e2"
BAGS = "8a5f40 6b4636 b08457 7a3f35 3f4f5f"


@dataclass(frozen=True)
class Outfit:
    """What somebody wears.

    Attributes:
        top: tee, sweater, shirt, jacket, coat or dress.
        bottom: slim, straight, wide, shorts or skirt (under a dress: none is seen).
        colours: of the top, the bottom, the shoes, and what is worn under a jacket.
        striped: whether the top has stripes.
        bag: colour of a shoulder bag, or none.
    """

    top: str
    bottom: str
    colours: tuple[Array, Array, Array, Array]
    striped: bool = False
    bag: Array | None = None


def choose_outfit(rng: np.random.Generator, number: int, *, feminine: bool) -> Outfit:
    """An outfit by chance; ``number`` goes through the colours, so that neighbours differ."""
    tops = ["tee", "sweater", "shirt", "jacket", "coat"] + (["dress", "dress"] if feminine else ["tee"])
    bottoms = ["slim", "straight", "straight", "shorts"] + (["skirt", "wide", "wide"] if feminine else [])
    top = tops[int(rng.integers(len(tops)))]
    bottom = bottoms[int(rng.integers(len(bottoms)))]
    if top == "coat" and bottom in {"shorts", "skirt"}:
        bottom = "slim"
    colour, trousers = nth(TOPS, number), nth(BOTTOMS, 2 * number)
    under = choose(rng, "f1ece2 d9d2c4 c9d3d8 e6d9c0")
    striped = top in {"tee", "sweater"} and rng.random() < 0.35
    bag = choose(rng, BAGS) if rng.random() < 0.25 else None
    return Outfit(top, bottom, (colour, trousers, choose(rng, LEATHER), under), striped, bag)


LEGS: dict[str, tuple[float, ...]] = {
    "bare": (0.082, 0.075, 0.054, 0.054, 0.034),
    "slim": (0.085, 0.08, 0.061, 0.058, 0.044),
    "straight": (0.086, 0.083, 0.068, 0.065, 0.062),
    "wide": (0.088, 0.09, 0.086, 0.092, 0.1),
    "shorts": (0.088, 0.092, 0.092, 0.07, 0.05),
}


def draw_shoe(figure: Figure, side: str, colour: Array) -> None:
    """A shoe with its sole."""
    heel, toe, ankle = (figure.at(f"{side}{part}") for part in ("heel", "toe", "ankle"))
    girth = figure.px(0.043, f"{side}toe")
    up = ankle - (heel * 0.72 + toe * 0.28)
    up = up / max(1e-6, float(np.hypot(*up)))
    ball = heel * 0.35 + toe * 0.65
    flat = [
        (heel + up * girth * 0.92, girth * 0.9),
        (ball + up * girth, girth * 1.04),
        (toe - (toe - heel) * 0.12 + up * girth * 0.72, girth * 0.74),
    ]
    points, radii = np.array([p for p, _ in flat]), np.array([r for _, r in flat])
    sole = lighter(colour, 0.75) if colour.mean() > 60 and colour.mean() < 215 else darker(colour, 0.35)
    figure.canvas.solid(sweep(points, radii, 4), sole, 0.3 * girth, 0.16)
    upper = sweep(points + up * girth * 0.26, radii * 0.93, 4)
    collar = [
        hull(
            np.concatenate(
                [
                    ellipse(ankle, girth * 0.9, girth * 0.8),
                    ellipse(points[1] + up * girth * 0.3, girth * 0.7, girth * 0.5),
                ]
            )
        )
    ]
    figure.canvas.solid(upper + collar, colour, 0.55 * girth)


def draw_leg(figure: Figure, side: str, outfit: Outfit, skin: Array) -> None:
    """A leg with its shoe and what covers it."""
    names = (f"{side}hip", f"{side}knee", f"{side}ankle")
    bare = outfit.bottom in {"shorts", "skirt"} or outfit.top == "dress"
    round_px = figure.px(0.034, f"{side}knee")
    if bare:
        figure.canvas.solid(figure.limb(names, LEGS["bare"]), skin, round_px, 0.2)
    draw_shoe(figure, side, outfit.colours[2])
    cloth = outfit.colours[1]
    if outfit.bottom == "shorts" and outfit.top != "dress":
        figure.canvas.solid(figure.limb(names, LEGS["shorts"], 0.46), cloth, round_px)
    elif figure.pose.seated and (outfit.bottom == "skirt" or outfit.top == "dress"):
        lap = outfit.colours[0] if outfit.top == "dress" else cloth
        figure.canvas.solid(figure.limb(names, LEGS["shorts"], 0.45), lap, round_px)
    elif not bare:
        folds = [] if outfit.bottom == "slim" else _leg_folds(figure, side)
        figure.canvas.solid(figure.limb(names, LEGS[outfit.bottom], 0.97), cloth, round_px, 0.24, folds=folds)


def _leg_folds(figure: Figure, side: str) -> list[Array]:
    hip, knee, ankle = (figure.at(f"{side}{part}") for part in ("hip", "knee", "ankle"))
    wide = np.array([figure.px(0.07, f"{side}knee"), 0.0])
    down, up = ankle - knee, hip - knee
    return [
        leaf(knee - wide, knee + 0.5 * wide + 0.06 * down, 0.26, 0.15),
        leaf(knee + wide + 0.1 * down, knee - 0.2 * wide + 0.16 * down, 0.26, 0.15),
        leaf(ankle + wide - 0.13 * down, ankle - 0.5 * wide - 0.17 * down, 0.26, 0.15),
        leaf(hip + 1.3 * wide - 0.12 * up, hip - 0.2 * wide - 0.3 * up, 0.2, 0.12),
    ]


def draw_pelvis(figure: Figure, outfit: Outfit) -> None:
    """The seat of trousers, or a skirt."""
    cloth = outfit.colours[1]
    if outfit.top == "dress":
        return
    if outfit.bottom == "skirt" and not figure.pose.seated:
        outline, folds = skirt(figure, 0.36, 0.07)
        figure.canvas.solid([outline], cloth, figure.px(0.06), folds=folds)
        return
    waist = figure.at("waist")
    g = figure.build.girth
    half = figure.half((0.15 * figure.build.waist - 0.006) * g, 0.1 * g, "waist")
    thick = figure.px(0.084 * g**0.6)
    discs = [ellipse(figure.at(f"{side}hip"), thick, thick) for side in "LR"]
    rim = np.array([waist - xy(half, 0), waist + xy(half, 0)])
    figure.canvas.solid([hull(np.concatenate([*discs, rim]))], cloth, figure.px(0.05))


def skirt(figure: Figure, length: float, flare: float) -> tuple[Array, list[Array]]:
    """The outline (N, 2) of a skirt that ends ``length`` metres below the hip joints, and its folds."""
    waist, pelvis = figure.at("waist"), figure.at("pelvis")
    g = figure.build.girth
    half, hips = (
        figure.half(0.15 * figure.build.waist * g, 0.108 * g, "waist"),
        figure.half(0.178 * g, 0.13 * g, "pelvis"),
    )
    hem = pelvis[1] + figure.px(length)
    knees = np.array([figure.at(f"{side}knee")[0] for side in "LR"])
    pad = figure.px(0.075 + 0.5 * flare)
    left, right = min(knees.min() - pad, pelvis[0] - hips), max(knees.max() + pad, pelvis[0] + hips)
    drop = np.array([0.0, figure.px(0.02)])
    one = smooth(np.array([waist + xy(half, 0), pelvis + xy(hips, 0) - drop, [right, hem]]), 6)
    other = smooth(np.array([waist - xy(half, 0), pelvis - xy(hips, 0) - drop, [left, hem]]), 6)
    bottom = smooth(np.array([[right, hem], [(left + right) / 2, hem + figure.px(0.03)], [left, hem]]), 6)[1:-1]
    folds = [
        leaf(np.array([0.4 * x + 0.6 * pelvis[0], pelvis[1]]), np.array([x, 1.06 * hem - 0.06 * pelvis[1]]), 0.13, 0.02)
        for x in np.linspace(left, right, 6)[1:-1]
    ]
    return np.concatenate([one, bottom, other[::-1]]), folds
