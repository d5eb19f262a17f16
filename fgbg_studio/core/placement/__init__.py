"""Where a foreground stands in the frame and how large it is there: one strategy a file.

A placement works on whole arrays of samples at once and draws nothing itself: its random numbers come with
the request, keyed by the sample's identity (`core/plan.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.guides import Guide
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
    """Base of the placements.

    Sideways a foreground stands at `across` of its room; whatever else is drawn comes from the second draw. In a
    background with a region where objects may stand, `core.standing_places` looks through both.
    """

    fixed_rows: ClassVar[bool] = False
    """Whether the row in which a foreground stands follows from the placement's number, and is not drawn."""

    uses_camera: ClassVar[bool] = False
    """Whether the horizon and the camera's height decide sizes; its guides then have them."""

    def place(self, request: Request) -> Placed:
        """Boxes that lie wholly inside the frame wherever ``fits`` says so."""
        raise NotImplementedError

    def across(self, request: Request) -> Floats:
        """(n,) how far along its room from left to right each foreground stands, in [0, 1)."""
        return request.draws[:, 0]

    def count(self, placements: int) -> int:
        """How many placements a pair of background and foreground gets when ``placements`` are asked for."""
        return placements

    def at(self, request: Request, x: float, foot: float) -> Placed:
        """Boxes whose feet's middle a hand takes to column ``x`` and row ``foot``, as large as they are there.

        As near to that as the placement allows, wholly inside the frame wherever ``fits`` says so. A placed
        sample that is taken to where it stands keeps its box.
        """
        return stand(request, request.width, request.height, x, foot)

    def guides(self, request: Request, figure: float) -> tuple[Guide, ...]:  # noqa: ARG002
        """What of the placement is seen in the frame of the request's one sample; nothing by default.

        ``figure`` is the row at which the feet of the figure of reference stand.
        """
        return ()


def scatter(room: Ints, draw: Floats) -> Ints:
    """A whole number uniform in 0..room for each draw in [0, 1)."""
    drawn: Ints = np.floor(draw * (np.maximum(room, 0) + 1)).astype(np.int64)
    return drawn


def stand(request: Request, width: Ints, height: Ints, x: float, foot: float) -> Placed:
    """Boxes of (n,) sizes whose feet's middle is at (x, foot) or as near to it as the frame allows."""
    wide, high = request.frame - width, request.frame - height
    left = np.clip(np.rint(x - width / 2).astype(np.int64), 0, np.maximum(wide, 0))
    top = np.clip(np.rint(foot - height).astype(np.int64), 0, np.maximum(high, 0))
    fits = (wide >= 0) & (high >= 0)
    return Placed(x=left, y=top, width=width, height=height, layer=np.full_like(width, -1), fits=fits)
