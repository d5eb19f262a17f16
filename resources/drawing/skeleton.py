"""An articulated human figure: proportions, poses as joint angles, and where the joints come to lie.

Body axes: x to the person's left, y up, z forwards, in metres. A bone's direction is two angles in degrees:
``swing`` forwards from hanging (0 down, 90 ahead, 180 up) and ``spread`` away from the body's middle plane.
Segment lengths are fractions of the stature after Drillis and Contini, Body Segment Parameters (1966).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drawing.shading import Array

Angles = tuple[float, float]  # swing, spread

THIGH, SHANK, ANKLE = 0.245, 0.246, 0.039
UPPER_ARM, FOREARM = 0.178, 0.146
HIP, SHOULDER, NECK, HEAD = 0.53, 0.78, 0.838, 0.136  # heights of joints; height of the head
FOOT = 0.15


@dataclass(frozen=True)
class Build:
    """A person's proportions.

    Attributes:
        stature: height in metres.
        shoulders: half the distance between the shoulder joints, as a fraction of the stature.
        hips: half the distance between the hip joints, likewise.
        girth: thickness of body and limbs, 1 = average.
        waist: width of the waist as a fraction of the chest's.
        head: size of the head, 1 = an adult's.
    """

    stature: float
    shoulders: float = 0.106
    hips: float = 0.05
    girth: float = 1.0
    waist: float = 0.84
    head: float = 1.0


@dataclass(frozen=True)
class Arm:
    """Directions of upper arm and forearm, and what the hand does: hang, open, fist or none (in a pocket)."""

    upper: Angles
    fore: Angles
    hand: str = "hang"


@dataclass(frozen=True)
class Leg:
    """Directions of thigh and shank, and how far the toes point down."""

    thigh: Angles
    shank: Angles
    pitch: float = 0.0
    turnout: float = 12.0


@dataclass(frozen=True)
class Pose:
    """Joint angles of the whole body; in each pair the person's left comes first.

    Attributes:
        arms: left, right.
        legs: left, right.
        lean: of the trunk forwards, in degrees.
        tilt: of the shoulders, the left one up.
        sway: of the hips to the left, as a fraction of the stature.
        nod: of the head, downwards.
        turn: of the head against the body, to the person's left.
        turns: range of the body's turn away from the viewer that shows the pose well.
        seated: whether there is a seat.
    """

    arms: tuple[Arm, Arm]
    legs: tuple[Leg, Leg]
    lean: float = 0.0
    tilt: float = 0.0
    sway: float = 0.0
    nod: float = 0.0
    turn: float = 0.0
    turns: Angles = (0.0, 35.0)
    seated: bool = False


HANG = Arm((4, 9), (13, 5))
STAND = (Leg((0, 3), (-2, 3)), Leg((9, 6), (-9, 4), 0, 18))
HIP_HAND = Arm((-16, 44), (24, -56), "fist")
POCKET = Arm((-14, 17), (14, -11), "none")

POSES: dict[str, Pose] = {
    "relaxed": Pose((HANG, Arm((2, 8), (16, 4))), STAND, tilt=-2, sway=0.012, turn=-8),
    "waving": Pose((HANG, Arm((8, 72), (5, 158), "open")), STAND, tilt=-3, sway=0.01, turn=4, turns=(0, 25)),
    "hip": Pose((HIP_HAND, HANG), STAND, tilt=3, sway=0.018, turn=6, turns=(0, 25)),
    "pockets": Pose((POCKET, POCKET), STAND, tilt=-1, sway=0.01, turn=12, turns=(0, 30)),
    "walking": Pose(
        (Arm((-24, 7), (-6, 4)), Arm((24, 6), (44, 0))),
        (Leg((25, 1), (17, 1), -14, 4), Leg((-14, 1), (-40, 1), 36, 4)),
        lean=3,
        turn=-18,
        turns=(35, 68),
    ),
    "strolling": Pose(
        (Arm((17, 6), (30, 0)), Arm((-15, 8), (-2, 4))),
        (Leg((-9, 1), (-27, 1), 24, 6), Leg((16, 1), (9, 1), -8, 6)),
        lean=2,
        turn=-20,
        turns=(25, 60),
    ),
    "phone": Pose((HANG, Arm((22, 8), (122, -24), "fist")), STAND, tilt=1, sway=0.012, nod=12, turn=-10, turns=(5, 35)),
    "cup": Pose((Arm((10, 10), (92, -14), "fist"), POCKET), STAND, tilt=2, sway=-0.01, turn=8, turns=(5, 35)),
    "bag": Pose((Arm((2, 8), (8, 5), "fist"), HANG), STAND, tilt=-2, sway=0.01, turn=5, turns=(0, 35)),
    "cheering": Pose(
        (Arm((10, 138), (10, 168), "open"), Arm((8, 132), (10, 160), "open")),
        (Leg((4, 9), (-2, 7)), Leg((4, 9), (-2, 7))),
        turns=(0, 15),
    ),
    "sitting": Pose(
        (Arm((14, 8), (58, -8)), Arm((16, 8), (56, -8))),
        (Leg((86, 6), (6, 2), 0, 8), Leg((84, 7), (-4, 3), 0, 8)),
        lean=-4,
        turn=-10,
        turns=(25, 55),
        seated=True,
    ),
    "lounging": Pose(
        (Arm((10, 12), (66, -14)), Arm((-8, 14), (36, 2))),
        (Leg((86, 4), (22, 0), -4, 8), Leg((84, 9), (-14, 4), 12, 8)),
        lean=-6,
        turn=-14,
        turns=(25, 50),
        seated=True,
    ),
}


def direction(angles: Angles, side: int) -> Array:
    """The unit direction (3,) of a bone on the left (``side`` 1) or on the right (-1)."""
    swing, spread = np.radians(angles)
    return np.array([side * np.sin(spread), -np.cos(spread) * np.cos(swing), np.cos(spread) * np.sin(swing)])


def mirrored(pose: Pose) -> Pose:
    """The pose with left and right exchanged."""
    return replace(pose, arms=pose.arms[::-1], legs=pose.legs[::-1], tilt=-pose.tilt, sway=-pose.sway, turn=-pose.turn)


def joints(build: Build, pose: Pose) -> dict[str, Array]:
    """Where the joints are, (3,) each, with the lowest sole at y = 0 and the pelvis about x = z = 0.

    Names: pelvis, waist, chest, neck, head (its middle), and for the sides L and R: shoulder, elbow, wrist,
    hand, hip, knee, ankle, heel, toe.
    """
    tall = build.stature
    lean, tilt = np.radians([pose.lean, pose.tilt])
    up = np.array([0.0, np.cos(lean), np.sin(lean)])
    place = {"pelvis": np.array([pose.sway * tall, HIP * tall, 0.0])}
    trunk = (SHOULDER - HIP) * tall
    place["waist"] = place["pelvis"] + 0.36 * trunk * up - np.array([0.35 * pose.sway * tall, 0, 0])
    place["chest"] = place["waist"] + 0.42 * trunk * up - np.array([0.35 * pose.sway * tall, 0, 0])
    place["neck"] = place["chest"] + (0.22 * trunk + (NECK - SHOULDER) * tall) * up
    nod = np.radians(pose.nod + 0.5 * pose.lean)
    rise = (1 - NECK - 0.5 * HEAD * build.head) * tall
    place["head"] = place["neck"] + rise * np.array([0.0, np.cos(0.5 * nod), np.sin(0.5 * nod) + 0.1])
    across = np.array([np.cos(tilt), np.sin(tilt), 0.0])
    drop = np.array([np.cos(tilt), -0.8 * np.sin(tilt), 0.0])
    for name, side, arm, leg in (("L", 1, pose.arms[0], pose.legs[0]), ("R", -1, pose.arms[1], pose.legs[1])):
        shoulder = place["chest"] + 0.22 * trunk * up + side * build.shoulders * tall * across
        # A raised arm takes the shoulder along, upwards and inwards.
        raised = 0.5 + 0.5 * float(direction(arm.upper, side)[1])
        shoulder = shoulder + raised * tall * np.array([-0.014 * side, 0.04, 0.0])
        place[f"{name}shoulder"] = shoulder
        place[f"{name}elbow"] = shoulder + UPPER_ARM * tall * direction(arm.upper, side)
        place[f"{name}wrist"] = place[f"{name}elbow"] + FOREARM * tall * direction(arm.fore, side)
        place[f"{name}hand"] = place[f"{name}wrist"] + 0.052 * tall * direction(arm.fore, side)
        place |= _leg(name, side, build, leg, place["pelvis"] + side * build.hips * tall * drop)
    ground = min(place[f"{s}{part}"][1] for s in "LR" for part in ("heel", "toe"))
    return {joint: point - np.array([0.0, ground, 0.0]) for joint, point in place.items()}


def _leg(name: str, side: int, build: Build, leg: Leg, hip: Array) -> dict[str, Array]:
    tall = build.stature
    knee = hip + THIGH * tall * direction(leg.thigh, side)
    ankle = knee + SHANK * tall * direction(leg.shank, side)
    pitch, out = np.radians([leg.pitch, leg.turnout])
    ahead = np.array([side * np.sin(out) * np.cos(pitch), -np.sin(pitch), np.cos(out) * np.cos(pitch)])
    # The sole lies under the ankle at right angles to the foot.
    below = np.array([-side * np.sin(out) * np.sin(pitch), -np.cos(pitch), -np.cos(out) * np.sin(pitch)])
    sole = ankle + ANKLE * tall * below
    return {
        f"{name}hip": hip,
        f"{name}knee": knee,
        f"{name}ankle": ankle,
        f"{name}heel": sole - 0.028 * tall * ahead,
        f"{name}toe": sole + (FOOT - 0.028) * tall * ahead,
    }
