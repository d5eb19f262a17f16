"""Heads: skull and jaw, a simple face, ears and hair, turned with the head.

Head coordinates: x to the picture's right and y up, in units of half the head's height, origin in its middle.
A place on the face is a longitude in degrees from the nose, positive to the picture's right, and a level y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.canvas import Canvas
from drawing.shading import Array, darker, lighter, mix, rgb
from drawing.shapes import closed_curve, ellipse, leaf, rotation, smooth, sweep, xy

LEVELS = np.array([-1.0, -0.96, -0.8, -0.45, -0.1, 0.2, 0.62, 0.88, 1.0])
WIDTHS = np.array([0.1, 0.24, 0.47, 0.66, 0.73, 0.76, 0.68, 0.42, 0.12])
SHIFTS = np.array([0.27, 0.26, 0.22, 0.12, 0.05, 0.0, -0.05, -0.08, -0.08])


@dataclass(frozen=True)
class Look:
    """What a head looks like.

    ``style`` is short, side, bob, long, bun, afro, buzz, curly, pony or bald; ``lips`` is how red they are, 0..1.
    """

    skin: Array
    hair: Array
    style: str
    beard: bool = False
    glasses: bool = False
    cap: Array | None = None
    lips: float = 0.25


@dataclass(frozen=True)
class Head:
    """A head on the canvas.

    Attributes:
        canvas: what is drawn on.
        centre: its middle (2,) in pixels.
        radius: half its height in pixels.
        yaw: degrees by which it is turned to the picture's right, within about 60.
        nod: degrees by which it looks down.
        roll: degrees by which it is tilted clockwise.
        look: its looks.
    """

    canvas: Canvas
    centre: Array
    radius: float
    yaw: float
    nod: float
    roll: float
    look: Look

    def to_canvas(self, points: Array) -> Array:
        """Head coordinates (..., 2) as pixels."""
        turned = points * np.array([1.0, -1.0]) @ rotation(self.roll).T
        return np.asarray(self.centre + self.radius * turned)

    def on_face(self, longitude: Array | float, level: Array | float, out: float = 1.0) -> Array:
        """A place on the face (..., 2); ``out`` is how far it stands off, 1 = on the skin."""
        angle = np.radians(np.asarray(longitude) + self.yaw)
        shift, half = self._section(np.asarray(level, np.float64))
        drop = np.asarray(level) - 0.012 * self.nod * np.cos(angle)
        return np.stack(np.broadcast_arrays(shift + out * half * np.sin(angle), drop), -1)

    def _section(self, level: Array) -> tuple[Array, Array]:
        """Middle and half width of the head at a level."""
        angle = np.radians(self.yaw)
        wide = float(np.hypot(np.cos(angle), 1.16 * np.sin(angle)))
        return np.interp(level, LEVELS, SHIFTS) * np.sin(angle), np.interp(level, LEVELS, WIDTHS) * wide

    def contour(self, grow: float = 1.0) -> Array:
        """The outline of the skull and jaw (N, 2), ``grow`` times as wide."""
        shift, half = self._section(LEVELS)
        right = np.column_stack([shift + grow * half, LEVELS])
        left = np.column_stack([shift - grow * half, LEVELS])[::-1]
        return closed_curve(np.concatenate([right, left]), 4)

    def draw(self) -> None:
        """Everything of the head that lies in front of the neck."""
        skin, canvas = self.look.skin, self.canvas
        if self.look.style in {"bun", "pony"} and self.look.cap is None:
            self._knot()
        self._ears()
        blush = mix(skin, rgb("d9705e"), 0.22)
        decor = [
            (self.to_canvas(ellipse(self.on_face(side * 36, -0.36), 0.17, 0.12)), mix(skin, blush, 0.75))
            for side in (-1, 1)
            if abs(side * 36 + self.yaw) < 70
        ]
        brow_shade = self.on_face(np.linspace(-60, 60, 9), 0.5)
        shade = np.concatenate([brow_shade, self.on_face(np.linspace(60, -60, 9), 0.36)])
        if self.look.style not in {"bald", "buzz"}:
            decor.append((self.to_canvas(shade), darker(skin, 0.09)))
        canvas.solid([self.to_canvas(self.contour())], skin, 0.3 * self.radius, 0.2, decor)
        self._face()
        if self.look.beard:
            self._beard()
        self._mouth()
        if self.look.style != "bald":
            self._hair()
        if self.look.cap is not None:
            self._cap(self.look.cap)
        if self.look.glasses:
            self._glasses()

    def _ears(self) -> None:
        for side in (-1, 1):
            angle = side * 90 + self.yaw
            if abs(angle) > 105:
                continue
            place = self.on_face(side * 90, -0.1, 1.02)
            shape = ellipse(place, 0.12 + 0.05 * np.cos(np.radians(angle)), 0.2, steps=18)
            self.canvas.solid([self.to_canvas(shape)], darker(self.look.skin, 0.05), 0.08 * self.radius)

    def _face(self) -> None:
        skin, hair, put = self.look.skin, self.look.hair, self.to_canvas
        ink = rgb("2e2522")
        for side in (-1, 1):
            narrow = max(0.0, float(np.cos(np.radians(side * 26 + self.yaw))))
            if narrow < 0.25:
                continue
            eye = self.on_face(side * 25, -0.04)
            self.canvas.fill(put(ellipse(eye, 0.135 * narrow, 0.075, steps=18)), mix(rgb("f7f1ea"), skin, 0.18))
            look = eye + np.array([0.02 * np.sin(np.radians(self.yaw)), -0.004 * self.nod / 5])
            self.canvas.fill(put(ellipse(look, 0.068 * narrow**0.5, 0.078, steps=16)), ink)
            lid = np.array([[-0.16, 0.0], [-0.05, 0.085], [0.07, 0.085], [0.165, 0.005]]) * [narrow, 1.0]
            self.canvas.stroke(put(smooth(eye + lid, 4)), 0.035 * self.radius, mix(ink, skin, 0.12))
            brow = self.on_face(side * np.array([11.0, 25.0, 41.0]), np.array([0.16, 0.21, 0.15]))
            colour = mix(darker(hair, 0.15), skin, 0.15)
            self.canvas.fill(put(_ribbon(brow, 0.075)), colour)
        self._nose()

    def _nose(self) -> None:
        skin, put = self.look.skin, self.to_canvas
        way = float(np.sin(np.radians(self.yaw)))
        side = 1.0 if way >= 0 else -1.0
        tip = self.on_face(0, -0.32) + xy(0.12 * way, 0.0)
        if abs(self.yaw) > 14:
            bridge = self.on_face(0, 0.08) + xy(0.02 * way, 0.0)
            ridge = smooth(
                np.array(
                    [
                        bridge,
                        0.5 * (bridge + tip) + xy(0.01 * side, 0.0),
                        tip + xy(0.03 * side, 0.0),
                        tip + xy(-0.02 * side, -0.06),
                    ]
                ),
                4,
            )
            self.canvas.stroke(put(ridge), 0.032 * self.radius, darker(skin, 0.17))
        self.canvas.fill(put(ellipse(tip + xy(-0.03 * way, -0.05), 0.09, 0.033, steps=14)), darker(skin, 0.2))

    def _mouth(self) -> None:
        skin, put = self.look.skin, self.to_canvas
        across = np.array([-19.0, -8.0, 0.0, 8.0, 19.0])
        lift = np.array([-0.565, -0.6, -0.61, -0.6, -0.565])
        lips = mix(skin, rgb("a8433f"), self.look.lips + 0.18)
        self.canvas.fill(put(_ribbon(self.on_face(across * 0.8, lift - 0.035), 0.075)), mix(lips, skin, 0.25))
        self.canvas.fill(put(_ribbon(self.on_face(across, lift), 0.045)), darker(lips, 0.3))

    def _beard(self) -> None:
        longitude = np.linspace(-100, 100, 25)
        upper = np.interp(np.abs(longitude), [0, 12, 24, 40, 75, 100], [-0.42, -0.42, -0.5, -0.46, -0.2, 0.05])
        edge = self.on_face(longitude, upper)[np.abs(longitude + self.yaw) < 88]
        outer = self.contour(1.03)
        low = outer[(outer[:, 1] < edge[[0, -1], 1].max())]
        chin = low[np.argsort(-low[:, 0])]
        chin = np.column_stack([chin[:, 0], chin[:, 1] - 0.05 * (chin[:, 1] < -0.7)])
        self.canvas.solid(
            [self.to_canvas(np.concatenate([edge, chin]))],
            mix(self.look.hair, self.look.skin, 0.12),
            0.12 * self.radius,
            0.16,
        )

    def hairline(self, longitude: Array) -> Array:
        """Level of the edge of the hair by longitude: forehead, temples, in front of and behind the ears."""
        style = self.look.style
        front = {"buzz": 0.6, "short": 0.55, "side": 0.5, "afro": 0.5}.get(style, 0.48)
        around = np.abs(longitude)
        places = [0, 42, 58, 72, 84, 98, 142, 180]
        level = np.interp(around, places, [front, front - 0.04, 0.3, 0.14, -0.06, -0.06, -0.55, -0.55])
        if style == "side":
            level = level + np.clip(longitude + 20, -40, 40) / 40 * 0.09 * (around < 55)
        if style in {"bob", "long", "pony"}:
            level = level + 0.14 * np.exp(-(((longitude - 12) / 16) ** 2)) - 0.06
        return np.asarray(level)

    def _hair(self) -> None:
        look = self.look
        seen = np.linspace(-89, 89, 41)
        edge = self.on_face(seen - self.yaw, self.hairline(seen - self.yaw), 1.03)
        thick = {"buzz": 1.025, "short": 1.1, "side": 1.13, "afro": 1.24, "curly": 1.12}.get(look.style, 1.1)
        outer = self.contour(thick)
        outer[:, 1] = np.where(outer[:, 1] > 0, outer[:, 1] * (1 + 0.75 * (thick - 1)), outer[:, 1])
        # On the far side of a turned head the forehead is the edge of the hair.
        floor = np.where(outer[:, 0] > edge[len(edge) // 2, 0], edge[-1, 1], edge[0, 1])
        high = outer[outer[:, 1] > np.maximum(floor, 0.0)]
        arc = high[np.argsort(np.arctan2(high[:, 1], high[:, 0]))]  # from the right over the top
        cap = np.concatenate([edge, edge[-1:] * [thick, 1.0], arc, edge[:1] * [thick, 1.0]])
        polygons = [self.to_canvas(cap)]
        if look.style in {"afro", "curly"}:
            polygons += self._curls(arc)
        polygons += self._locks()
        self.canvas.solid(polygons, look.hair, 0.2 * self.radius, 0.26, self._strands(edge, arc))

    def _locks(self) -> list[Array]:
        """Hair that falls over the ears and along the neck."""
        if self.look.style not in {"bob", "long"}:
            return []
        low = -1.02 if self.look.style == "bob" else -1.62
        shapes = []
        for side in (-1, 1):
            if np.cos(np.radians(side * 76 + self.yaw)) < -0.1:
                continue
            temple, ear = self.on_face(side * 58, 0.4), self.on_face(side * 80, -0.1, 1.06)
            path = np.array([temple, ear, [ear[0] * 1.02, -0.6], [ear[0] * 0.98, low]])
            shapes += sweep(self.to_canvas(path), np.array([0.1, 0.17, 0.19, 0.06]) * self.radius)
        return shapes

    def _curls(self, arc: Array) -> list[Array]:
        size, reach = (0.3, 1.14) if self.look.style == "afro" else (0.17, 1.0)
        picked = arc[np.linspace(1, len(arc) - 2, 13).astype(int)] * reach
        return [self.to_canvas(ellipse(place, size, size, steps=16)) for place in picked]

    def _strands(self, edge: Array, arc: Array) -> list[tuple[Array, Array]]:
        if self.look.style in {"buzz", "afro", "curly"}:
            return []
        crown = arc[len(arc) // 2] * 0.96
        strands = []
        for number, index in enumerate(np.linspace(2, len(edge) - 3, 7).astype(int)):
            end = edge[index]
            tone = lighter(self.look.hair, 0.1) if number % 2 else darker(self.look.hair, 0.16)
            strands.append((self.to_canvas(leaf(crown, end, 0.07, 0.12 * np.sign(end[0] + 1e-9))), tone))
        return strands

    def _knot(self) -> None:
        back = -np.sin(np.radians(self.yaw))
        hair = self.look.hair
        if self.look.style == "bun":
            place = np.array([0.45 * back, 1.08])
            self.canvas.solid([self.to_canvas(ellipse(place, 0.36, 0.32))], darker(hair, 0.05), 0.14 * self.radius)
            return
        if abs(back) < 0.3:  # the head hides it
            return
        side = float(np.sign(back)) * 0.55 + 0.45 * back
        points = np.array([[0.5 * side, 0.55], [1.0 * side, 0.35], [1.15 * side, -0.3], [0.95 * side, -0.95]])
        tail = sweep(self.to_canvas(points), np.array([0.14, 0.22, 0.2, 0.05]) * self.radius)
        self.canvas.solid(tail, darker(hair, 0.08), 0.12 * self.radius)

    def draw_back_hair(self) -> None:
        """Long hair that lies behind the neck and the shoulders."""
        style = self.look.style
        if style not in {"long", "bob"}:
            return
        low = -2.0 if style == "long" else -1.12
        back = -0.22 * np.sin(np.radians(self.yaw))
        points = np.array(
            [
                [0.8, 0.3],
                [0.88, -0.4],
                [0.8, 0.5 * low - 0.35],
                [0.55, low],
                [0.0, low - 0.06],
                [-0.55, low],
                [-0.8, 0.5 * low - 0.35],
                [-0.88, -0.4],
                [-0.8, 0.3],
                [0.0, 0.8],
            ]
        )
        shape = closed_curve(points + np.array([back, 0.0]), 5)
        strands = [
            (
                self.to_canvas(leaf(np.array([x + back, 0.2]), np.array([0.8 * x + back, low + 0.1]), 0.05)),
                darker(self.look.hair, 0.22),
            )
            for x in (-0.6, -0.25, 0.3, 0.62)
        ]
        self.canvas.solid([self.to_canvas(shape)], darker(self.look.hair, 0.1), 0.25 * self.radius, 0.22, strands)

    def _cap(self, colour: Array) -> None:
        seen = np.linspace(-89, 89, 31)
        edge = self.on_face(seen - self.yaw, 0.4 - 0.1 * np.cos(np.radians(seen - self.yaw)), 1.08)
        outer = self.contour(1.16)
        high = outer[outer[:, 1] > 0.34] * [1.0, 1.09]
        arc = high[np.argsort(np.arctan2(high[:, 1] - 0.3, high[:, 0]))]
        dome = self.to_canvas(np.concatenate([edge, arc]))
        self.canvas.solid([dome], colour, 0.22 * self.radius)
        brim = np.concatenate(
            [self.on_face(np.linspace(-48, 48, 9), 0.33, 1.1), self.on_face(np.linspace(48, -48, 9), 0.2, 1.3)]
        )
        self.canvas.solid([self.to_canvas(brim)], darker(colour, 0.16), 0.08 * self.radius)

    def _glasses(self) -> None:
        put, rim = self.to_canvas, rgb("38312f")
        for side in (-1, 1):
            narrow = max(0.0, float(np.cos(np.radians(side * 26 + self.yaw))))
            if narrow > 0.25:
                ring = ellipse(self.on_face(side * 26, -0.06, 1.02), 0.22 * narrow, 0.19, steps=22)
                self.canvas.stroke(put(np.concatenate([ring, ring[:1]])), 0.036 * self.radius, rim)
            temple = self.on_face(side * np.array([44.0, 86.0]), np.array([-0.02, 0.02]), 1.02)
            if abs(side * 66 + self.yaw) < 80:
                self.canvas.stroke(put(temple), 0.045 * self.radius, rim)
        self.canvas.stroke(
            put(self.on_face(np.array([-9.0, 9.0]), np.array([-0.01, -0.01]), 1.03)), 0.045 * self.radius, rim
        )


def _ribbon(points: Array, width: float) -> Array:
    """A tapered stroke through ``points`` (N, 2) as a polygon."""
    curve = smooth(points, 5)
    half = 0.5 * width * np.sin(np.pi * np.linspace(0.06, 0.94, len(curve)))[:, None] * np.array([[0.0, 1.0]])
    return np.concatenate([curve + half, (curve - half)[::-1]])
