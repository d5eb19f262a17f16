"""Where a foreground stands in the frame and how large it is there: one strategy a file.

A placement works on whole arrays of samples at once and draws nothing itself: its random numbers come with
the request, keyed by the sample's identity (`core/plan.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.sizing import Floats, Ints
from fgbg_studio.core.strategy import Strategy


@dataclass(frozen=True)
class Request:
    """What a placement may know of n samples.

    Attributes:
        frame: side of the square frame in pixels.
        width: (n,) width of the foreground by the sizing rule, in pixels of the frame.
        height: (n,) height likewise.
        k: (n,) number of the placement within its background and foreground, from 0.
        draws: (n, 3) uniform in [0, 1).
        horizon: (n,) row of the background's horizon in pixels from the top; may lie outside the frame.
        camera_height: (n,) height of the camera over the ground in metres.
        real_height: (n,) height of the foreground in metres.
    """

    frame: int
    width: Ints
    height: Ints
    k: Ints
    draws: Floats
    horizon: Floats
    camera_height: Floats
    real_height: Floats


@dataclass(frozen=True)
class Placed:
    """Where n foregrounds stand: boxes in pixels, (x, y) the upper left corner; the foot is row y + height.

    ``layer`` is the depth layer, 0 the nearest, or -1 for placements that know none. ``fits`` is False where
    no place in the frame holds the whole foreground; the box is then meaningless.
    """

    x: Ints
    y: Ints
    width: Ints
    height: Ints
    layer: Ints
    fits: NDArray[np.bool_]


@dataclass(frozen=True)
class Placement(Strategy, family="placement"):
    """Base of the placements."""

    def place(self, request: Request) -> Placed:
        """Boxes that lie wholly inside the frame wherever ``fits`` says so."""
        raise NotImplementedError

    def count(self, placements: int) -> int:
        """How many placements a pair of background and foreground gets when ``placements`` are asked for."""
        return placements


def scatter(room: Ints, draw: Floats) -> Ints:
    """A whole number uniform in 0..room for each draw in [0, 1)."""
    drawn: Ints = np.floor(draw * (np.maximum(room, 0) + 1)).astype(np.int64)
    return drawn
