"""What a level pinhole camera over a ground plane sees: how far away the ground is in each row of the frame.

A ground point at depth z is seen in the row y = y_h + f·H/z: f is the focal length in pixels, H the camera's height
and y_h the horizon's row (Hoiem, Efros and Hebert, 'Putting objects in perspective', IJCV 2008, equation 1). A wall
ends the ground; nothing is seen behind it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

NEAR = 0.05
"""Two depths that differ by at most this part of the one behind cannot be told apart."""
CLEAR = 0.94
"""What is at most at this part of another's depth is clearly before it: who compares them asks for 5 %."""


def focal_length(size: int, field_of_view: float) -> float:
    """In pixels, of a camera that sees ``field_of_view`` degrees across a frame of ``size`` pixels."""
    return size / 2 / math.tan(math.radians(field_of_view) / 2)


class GroundView(NamedTuple):
    """One background as its camera sees it.

    Attributes:
        frame: side of the square frame in pixels.
        focal: length in pixels.
        horizon: its row in pixels from the top; may lie outside the frame.
        camera_height: over the ground, in metres.
        wall: its distance in metres; infinite where there is none.
        real_height: in metres, of a foreground of which nothing else is known.
    """

    frame: int
    focal: float
    horizon: float
    camera_height: float
    wall: float
    real_height: float

    def depth(self, row: float) -> float:
        """In metres, of the ground or the wall that is seen in ``row`` (from the top); more than 0."""
        return min(self.focal * self.camera_height / max(row - self.horizon, 1e-6), self.wall)

    def depth_of(self, height: float, real_height: float) -> float:
        """Where something of ``real_height`` metres is ``height`` pixels tall."""
        return self.focal * real_height / height
