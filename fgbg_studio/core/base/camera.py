"""What a pinhole camera over a ground plane sees: how far away the ground is in each row, and how tall things are.

A ground point at depth z is seen by a level camera in the row y = y_h + f·H/z: f is the focal length in pixels, H the
camera's height and y_h the horizon's row (Hoiem, Efros and Hebert, 'Putting objects in perspective', IJCV 2008,
equation 1). A wall ends the ground; nothing is seen behind it.

A camera that looks down by θ, so that its axis is seen f·tan θ rows below the horizon, sees verticals meet in a point
1/κ rows below it: κ = sin 2θ / 2f, its *tilt*; 0 for a level one. What is h tall and stands d rows below the horizon is
p rows tall by h/H = p (1/κ) / (d (1/κ − d + p)) (Criminisi, Reid and Zisserman, 'Single view metrology', IJCV 2000,
equation 2), and the ground there is at z = f·H / (d cos θ) along the axis.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

import numpy as np

from fgbg_studio.core.base.arrays import Floats

Rows = TypeVar("Rows", float, Floats)

NEAR = 0.05
"""Two depths that differ by at most this part of the one behind cannot be told apart."""
CLEAR = 0.94
"""What is at most at this part of another's depth is clearly before it: who compares them asks for 5 %."""


def focal_length(size: int, field_of_view: float) -> float:
    """In pixels, of a camera that sees ``field_of_view`` degrees across a frame of ``size`` pixels."""
    return size / 2 / math.tan(math.radians(field_of_view) / 2)


def field_of_view(size: int, focal: float) -> float:
    """In degrees across a frame of ``size`` pixels, of a camera of that focal length."""
    return math.degrees(2 * math.atan(size / 2 / focal))


def rows_tall(ratio: Floats, below: Floats, tilt: Floats) -> Floats:
    """(n,) how tall things are seen that are ``ratio`` camera heights tall and stand ``below`` the horizon; in rows."""
    tall: Floats = ratio * below * (1 - tilt * below) / np.maximum(1 - tilt * ratio * below, 1e-9)
    return tall


def rows_below(ratio: Floats, tall: Floats, tilt: Floats) -> Floats:
    """(n,) how many rows below the horizon they stand where they are ``tall`` rows tall; `rows_tall`'s inverse."""
    half = ratio * (1 + tilt * tall)
    below: Floats = 2 * tall / (half + np.sqrt(np.maximum(half * half - 4 * ratio * tilt * tall, 0)))
    return below


def ratio_of(tall: Rows, below: Rows, tilt: Rows) -> Rows:
    """How many camera heights tall something is by its rows; see `rows_tall`."""
    return tall / (below * (1 - tilt * below + tilt * tall))


class GroundView(NamedTuple):
    """One background as its camera sees it.

    Attributes:
        frame: side of the square frame in pixels.
        focal: length in pixels.
        horizon: its row in pixels from the top; may lie outside the frame.
        camera_height: over the ground, in metres.
        wall: its distance in metres; infinite where there is none.
        real_height: in metres, of a foreground of which nothing else is known.
        axis: row in which the camera's axis is seen; None of a level camera, where it is the horizon.
    """

    frame: int
    focal: float
    horizon: float
    camera_height: float
    wall: float
    real_height: float
    axis: float | None = None

    @property
    def slope(self) -> float:
        """The tangent of the angle by which the camera looks down."""
        return 0.0 if self.axis is None else (self.axis - self.horizon) / self.focal

    @property
    def tilt(self) -> float:
        """κ in 1/rows, see the module."""
        return self.slope / (self.focal * (1 + self.slope**2))

    @property
    def wall_row(self) -> float:
        """The row in which the ground ends; the horizon where there is no wall."""
        return self.horizon + self.ground / self.wall

    @property
    def ground(self) -> float:
        """Depth in metres times rows below the horizon: the same for all of the ground."""
        return math.hypot(1, self.slope) * self.focal * self.camera_height

    def depth(self, row: float) -> float:
        """In metres, of the ground or the wall that is seen in ``row`` (from the top); more than 0."""
        return min(self.ground / max(row - self.horizon, 1e-6), self.wall)

    def depth_of(self, height: float, real_height: float) -> float:
        """Where something of ``real_height`` metres is ``height`` pixels tall."""
        return self.focal * real_height / height
