"""A skeleton seen by a camera: joints as points of the canvas, limbs as shapes of their thickness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.camera import Camera
from drawing.canvas import Canvas
from drawing.shading import Array
from drawing.shapes import sleeve, smooth, sweep, xy
from drawing.skeleton import Build, Pose, joints

DISTANCE = 5.5  # metres from the camera: far enough that a face is not distorted
EYE = 1.4

Decor = list[tuple[Array, Array]]


@dataclass
class Figure:
    """A posed person in front of a canvas.

    Attributes:
        canvas: what is drawn on.
        camera: how it is seen.
        build: proportions.
        pose: joint angles.
        yaw: degrees by which the body is turned towards the picture's right.
        place: joints (3,) in camera space by name, see `skeleton.joints`.
    """

    canvas: Canvas
    camera: Camera
    build: Build
    pose: Pose
    yaw: float
    place: dict[str, Array]

    @classmethod
    def posed(cls, canvas: Canvas, scale: float, build: Build, pose: Pose, yaw: float) -> Figure:
        """A figure that stands in the lower middle of ``canvas``, ``scale`` pixels a metre."""
        foot = canvas.height - 0.3 * scale
        camera = Camera(scale * DISTANCE, canvas.width / 2, foot - scale * EYE, EYE)
        turned = {name: _into_view(point, yaw) for name, point in joints(build, pose).items()}
        return cls(canvas, camera, build, pose, yaw, turned)

    def at(self, name: str) -> Array:
        """A joint on the canvas (2,)."""
        return self.camera.project(self.place[name])

    def seen(self, points: Array) -> Array:
        """Body-space points (..., 3) on the canvas (..., 2)."""
        return self.camera.project(_into_view(points, self.yaw))

    def px(self, metres: float, name: str = "pelvis") -> float:
        """A length at a joint in pixels; lengths are an adult's of 1.72 m and scale with the stature."""
        return metres * self.build.stature / 1.72 * self.camera.focal / float(self.place[name][2])

    def near(self, name: str) -> float:
        """How much nearer than the pelvis a joint is, in metres."""
        return float(self.place["pelvis"][2] - self.place[name][2])

    def limb(
        self, names: tuple[str, ...], radii: tuple[float, ...], until: float = 1.0, since: float = 0.0
    ) -> list[Array]:
        """A limb through three joints; ``radii`` in metres at first joint, middle of the bone, and so on.

        Args:
            names: shoulder, elbow, wrist or hip, knee, ankle.
            radii: five, for the joints and the middles of the bones between them.
            until: where it ends, as a fraction of the limb: a short sleeve ends at 0.3, cut off straight.
            since: where it starts.
        """
        ends = np.array([self.at(name) for name in names])
        points = np.stack([ends[0], ends[:2].mean(0), ends[1], ends[1:].mean(0), ends[2]])
        stations = [names[0], names[0], names[1], names[1], names[2]]
        sizes = np.array([self.px(r, n) * self.build.girth**0.6 for r, n in zip(radii, stations, strict=True)])
        if until >= 1 and since <= 0:
            return sweep(points, sizes)
        share = np.linspace(since, until, 6) * 4
        cut = np.column_stack([np.interp(share, range(5), points[:, c]) for c in (0, 1)])
        return (sweep if until >= 1 else sleeve)(cut, np.interp(share, range(5), sizes), 4)

    def half(self, width: float, depth: float, name: str) -> float:
        """Half the seen width in pixels of a body section that is an ellipse of these half axes in metres."""
        angle = np.radians(self.yaw)
        return self.px(float(np.hypot(width * np.cos(angle), depth * np.sin(angle))), name)

    def trunk(self, hem: float, ease: float = 0.0, flare: float = 0.0, loose: float = 0.5) -> Array:
        """The outline (N, 2) of a garment on the trunk.

        Args:
            hem: how far it reaches below the hip joints, in metres.
            ease: how far it stands off the body, in metres.
            flare: how much wider the hem is than the hips, in metres.
            loose: 0..1, how little it follows the waist.
        """
        build, g = self.build, self.build.girth
        pelvis, waist, chest = (self.at(name) for name in ("pelvis", "waist", "chest"))
        chest_half = self.half(0.15 * g + ease, 0.115 * g + ease, "chest")
        hip_half = self.half((build.hips / 0.05) ** 0.6 * 0.18 * g + ease, 0.118 * g + ease, "pelvis")
        waist_half = self.half(0.15 * build.waist * g + ease, 0.108 * g + ease, "waist")
        waist_half += loose * max(0.0, 0.5 * (chest_half + hip_half) - waist_half)
        low = pelvis + xy(0.0, self.px(hem))
        low_half = hip_half + self.px(flare)
        sides = []
        for sign in (1.0, -1.0):
            out = np.array([sign, 0.0])
            side = [
                *self._shoulder_line(sign, chest_half),
                chest + out * chest_half + xy(0.0, self.px(0.015)),
                waist + out * waist_half,
                pelvis + out * (hip_half if hem > 0.03 else 0.97 * hip_half) - xy(0.0, self.px(0.03)),
                low + out * low_half,
            ]
            sides.append(smooth(np.array(side), 5))
        dip = self.at("neck") + xy(0.0, self.px(0.035, "neck"))
        hem_line = smooth(np.stack([sides[0][-1], low + xy(0.0, self.px(0.02)), sides[1][-1]]), 5)[1:-1]
        neck_line = smooth(np.stack([sides[1][0], dip, sides[0][0]]), 5)[1:-1]
        return np.concatenate([sides[0], hem_line, sides[1][::-1], neck_line])

    def _shoulder_line(self, sign: float, chest_half: float) -> list[Array]:
        """From the neck over the shoulder to the armpit, on the picture's right (1) or left (-1)."""
        neck, out = self.at("neck"), np.array([sign, 0.0])
        shoulder = max((self.at(f"{side}shoulder") for side in "LR"), key=lambda point: sign * float(point[0]))
        middle = self.at("chest")[0]
        reach = max(sign * (shoulder[0] - middle), chest_half * 0.8)
        tip = np.array([middle + sign * reach, shoulder[1]])
        base = neck + out * self.px(0.058, "neck") - xy(0.0, self.px(0.012))
        top = tip - xy(0.0, self.px(0.05) * self.build.girth**0.6)
        return [
            base,
            0.5 * (base + top) - xy(0.0, self.px(0.002)),
            top - out * self.px(0.01),
            tip + out * self.px(0.032) - xy(0.0, self.px(0.015)),
        ]


def _into_view(points: Array, yaw: float) -> Array:
    """Body space turned by ``yaw`` and put in front of the camera, which looks along Z."""
    angle = np.radians(yaw)
    x, y, z = np.moveaxis(np.asarray(points, np.float64), -1, 0)
    ahead = z * np.cos(angle) - x * np.sin(angle)
    return np.stack([x * np.cos(angle) + z * np.sin(angle), y, DISTANCE - ahead], -1)
