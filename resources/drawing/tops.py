"""What is worn on the trunk, the arms that come out of it, and what hangs on them."""

from __future__ import annotations

import numpy as np

from drawing.clothes import Outfit, skirt
from drawing.figure import Decor, Figure
from drawing.hands import draw_hand
from drawing.shading import Array, darker, lighter, mix
from drawing.shapes import ellipse, leaf, sweep, xy

ARMS: dict[str, tuple[float, ...]] = {
    "bare": (0.048, 0.044, 0.038, 0.037, 0.026),
    "tee": (0.05, 0.055, 0.058, 0.05, 0.04),
    "sleeve": (0.05, 0.05, 0.046, 0.043, 0.036),
    "coat": (0.051, 0.055, 0.052, 0.05, 0.046),
}
# Of a top: hem below the hip joints, ease, flare (metres), and how little it follows the waist.
CUTS = {
    "tee": (0.1, 0.008, 0.0, 0.6),
    "sweater": (0.11, 0.016, -0.006, 0.7),
    "shirt": (0.12, 0.012, 0.004, 0.6),
    "jacket": (0.12, 0.022, 0.004, 0.7),
    "coat": (0.46, 0.026, 0.04, 0.55),
    "dress": (0.08, 0.004, 0.0, 0.0),
}


def draw_top(figure: Figure, outfit: Outfit, skin: Array) -> None:
    """What covers the trunk, with the neck that comes out of it."""
    cloth = outfit.colours[0]
    neck, head = figure.at("neck"), figure.at("head")
    throat = sweep(
        np.array([neck + xy(0, figure.px(0.04)), neck * 0.55 + head * 0.45]),
        figure.px(0.05, "neck") * np.array([1.12, 0.98]) * figure.build.girth**0.5,
    )
    hem, ease, flare, loose = CUTS[outfit.top]
    seated = figure.pose.seated
    if seated:
        hem, flare = min(hem, 0.06), 0.0
    figure.canvas.solid(throat, darker(skin, 0.1), figure.px(0.03), 0.2)
    shapes = [figure.trunk(hem, ease, flare, loose * (0.6 if figure.build.waist < 0.82 else 1.0))]
    folds = _trunk_folds(figure)
    if outfit.top == "dress" and not seated:
        below, pleats = skirt(figure, 0.42, 0.14)
        shapes, folds = [*shapes, below], folds + pleats
    # The shoulders belong to the trunk, so that an arm goes over into it without a seam.
    for side in "LR":
        names = (f"{side}shoulder", f"{side}elbow", f"{side}wrist")
        shapes += figure.limb(names, ARMS[sleeve_of(outfit)], 0.2)
    figure.canvas.solid(shapes, cloth, figure.px(0.05), 0.24, _top_decor(figure, outfit, hem), folds)


def sleeve_of(outfit: Outfit) -> str:
    """Which of `ARMS` the outfit's sleeves are."""
    return {"tee": "tee", "dress": "tee", "coat": "coat", "jacket": "coat"}.get(outfit.top, "sleeve")


def _top_decor(figure: Figure, outfit: Outfit, hem: float) -> Decor:
    decor = _stripes(figure, outfit) if outfit.striped else []
    low = figure.at("pelvis") + xy(0.0, figure.px(hem + 0.05))
    if outfit.top == "jacket":
        return decor + _open_front(figure, outfit, low)
    if outfit.top in {"coat", "shirt"}:
        return decor + _buttoned_front(figure, outfit, low)
    if outfit.top in {"tee", "sweater"}:
        neck, dark = figure.at("neck"), darker(outfit.colours[0], 0.14)
        for drop, wide, tone in ((0.006, 0.07, dark), (-0.01, 0.064, darker(dark, 0.2))):
            decor.append((ellipse(neck + xy(0.0, figure.px(drop)), figure.px(wide), figure.px(0.046)), tone))
    return decor


def _stripes(figure: Figure, outfit: Outfit) -> Decor:
    chest, pelvis = figure.at("chest"), figure.at("pelvis")
    reach, bow = figure.px(0.4), figure.px(0.014)
    ink = mix(outfit.colours[0], outfit.colours[3], 0.8)
    decor: Decor = []
    for y in np.arange(chest[1] - figure.px(0.08), pelvis[1] + figure.px(0.2), figure.px(0.075)):
        line = np.array([[chest[0] - reach, y], [chest[0], y + bow], [chest[0] + reach, y]])
        decor.append((np.concatenate([line, line[::-1] + xy(0.0, figure.px(0.03))]), ink))
    return decor


def _fronts(figure: Figure) -> tuple[Array, Array, Array]:
    """Where the middle of the front is seen at neck, chest and waist; it moves with the body's turn."""
    ahead = np.array([figure.px(0.1) * np.sin(np.radians(figure.yaw)), 0.0])
    return figure.at("neck") + 0.45 * ahead, figure.at("chest") + ahead, figure.at("waist") + ahead


def _open_front(figure: Figure, outfit: Outfit, low: Array) -> Decor:
    """A jacket that shows what is worn under it, with lapels and pockets."""
    cloth, wide = outfit.colours[0], figure.px(0.05)
    neck, chest, waist = _fronts(figure)
    bottom = low + (waist - figure.at("waist"))
    right = np.array(
        [neck + xy(0.9 * wide, -4.0), chest + xy(wide, 0.0), waist + xy(0.8 * wide, 0.0), bottom + xy(1.3 * wide, 0.0)]
    )
    left = np.array(
        [neck - xy(0.9 * wide, 4.0), chest - xy(wide, 0.0), waist - xy(0.8 * wide, 0.0), bottom - xy(1.3 * wide, 0.0)]
    )
    decor: Decor = [(np.concatenate([right, left[::-1]]), outfit.colours[3])]
    for sign in (-1.0, 1.0):
        lapel = np.array(
            [
                neck + xy(0.9 * sign * wide, -5.0),
                chest + xy(2.0 * sign * wide, -figure.px(0.02)),
                chest + xy(0.9 * sign * wide, figure.px(0.1)),
            ]
        )
        decor.append((lapel, darker(cloth, 0.13)))
        pocket = waist + xy(sign * figure.px(0.1), figure.px(0.1))
        half = np.array([figure.px(0.034), figure.px(0.006)])
        decor.append((pocket + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]), darker(cloth, 0.25)))
    return decor


def _buttoned_front(figure: Figure, outfit: Outfit, low: Array) -> Decor:
    """A shirt or a closed coat: a seam with buttons, and a collar over what is worn under it."""
    cloth, coat = outfit.colours[0], outfit.top == "coat"
    neck, chest, waist = _fronts(figure)
    line, bottom = np.array([figure.px(0.005), 0.0]), low + (waist - figure.at("waist"))
    decor: Decor = [
        (
            np.array([neck - line, neck + line, chest + line, bottom + line, bottom - line, chest - line]),
            darker(cloth, 0.2),
        )
    ]
    size = figure.px(0.014 if coat else 0.008)
    for share in np.linspace(0.0, 1.0, 5):
        place = chest * (1 - share) + (waist + xy(0.0, figure.px(0.16))) * share
        offset = figure.px(0.03) if coat else 0.0
        decor.append(
            (
                ellipse(place + xy(offset, 0.0), size, size, steps=12),
                darker(cloth, 0.35) if coat else lighter(cloth, 0.6),
            )
        )
    deep, wide = (0.16, 0.085) if coat else (0.07, 0.066)
    if coat:
        scarf = np.array(
            [neck - xy(figure.px(0.06), 5.0), neck + xy(figure.px(0.06), -5.0), neck + xy(0.0, figure.px(deep))]
        )
        decor.append((scarf, outfit.colours[3]))
    for sign in (-1.0, 1.0):
        collar = neck + np.array(
            [
                [sign * figure.px(wide), -figure.px(0.02)],
                [0.0, figure.px(deep if coat else 0.03)],
                [sign * figure.px(0.8 * wide), figure.px(deep * 0.95)],
            ]
        )
        decor.append((collar, darker(cloth, 0.12) if coat else lighter(cloth, 0.22)))
    return decor


def _trunk_folds(figure: Figure) -> list[Array]:
    waist, pelvis = figure.at("waist"), figure.at("pelvis")
    half = figure.half(0.16, 0.12, "waist")
    folds = []
    for sign, drop in ((-1, 0.0), (1, 0.02), (-1, 0.08), (1, 0.095)):
        start = waist + xy(sign * half, figure.px(drop - 0.02))
        end = 0.7 * waist + 0.3 * pelvis + xy(sign * half * 0.25, figure.px(drop - 0.035))
        folds.append(leaf(start, end, 0.2, -0.12 * sign))
    return folds


def draw_arm(figure: Figure, side: str, outfit: Outfit, skin: Array) -> None:
    """An arm with its hand and sleeve."""
    names = (f"{side}shoulder", f"{side}elbow", f"{side}wrist")
    arm = figure.pose.arms[0 if side == "L" else 1]
    round_px = figure.px(0.026, f"{side}elbow")
    cloth, kind = outfit.colours[0], sleeve_of(outfit)
    calm = (figure.at(names[0]), figure.px(0.125, names[0]))
    if arm.hand != "none":
        draw_hand(figure, side, skin)
    bands = _sleeve_stripes(figure, names, outfit) if outfit.striped else []
    if kind == "tee":
        figure.canvas.solid(
            figure.limb(names, ARMS["bare"], since=0.26), skin, round_px, 0.2, calm=(calm[0], 1.44 * calm[1])
        )
        figure.canvas.solid(figure.limb(names, ARMS["tee"], 0.3), cloth, round_px, 0.2, bands, calm=calm)
        return
    elbow, wrist = figure.at(names[1]), figure.at(names[2])
    along = (wrist - elbow) / max(1.0, float(np.hypot(*(wrist - elbow))))
    across, wide = np.array([-along[1], along[0]]), figure.px(0.045)
    folds = [
        leaf(elbow + across * wide, elbow + (0.4 * along - 0.4 * across) * wide, 0.3, 0.15),
        leaf(elbow + (0.2 * along - across) * wide, elbow + (0.9 * along + 0.3 * across) * wide, 0.26, 0.15),
    ]
    edge, end = wrist - along * figure.px(0.014), wrist + along * wide
    cuff = np.array([edge + across * wide, edge - across * wide, end - across * wide, end + across * wide])
    figure.canvas.solid(
        figure.limb(names, ARMS[kind]), cloth, round_px, 0.24, [*bands, (cuff, darker(cloth, 0.1))], folds, calm
    )


def _sleeve_stripes(figure: Figure, names: tuple[str, ...], outfit: Outfit) -> Decor:
    """The stripes of a top, across both parts of a sleeve."""
    ink, half = mix(outfit.colours[0], outfit.colours[3], 0.8), figure.px(0.07)
    decor: Decor = []
    for start, end in ((figure.at(names[0]), figure.at(names[1])), (figure.at(names[1]), figure.at(names[2]))):
        length = max(1.0, float(np.hypot(*(end - start))))
        along = (end - start) / length
        across = np.array([-along[1], along[0]]) * half
        for place in np.arange(figure.px(0.06), length - figure.px(0.02), figure.px(0.075)):
            near, far = start + along * place, start + along * (place + figure.px(0.03))
            decor.append((np.stack([near + across, far + across, far - across, near - across]), ink))
    return decor
