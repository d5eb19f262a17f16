"""The family of placements: where a foreground stands in the frame and how large it is there.

A placement also says which of its settings can be seen in the frame, as guides: lines to take hold of, and
numbers to type. A window draws them, a form lists them, and neither knows which placement it is.

It works on whole arrays of samples at once and draws nothing itself: its random numbers come with the request,
keyed by the sample's identity (`plan/plan.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.camera import CLEAR, GroundView
from fgbg_studio.core.base.remedies import Adjust, Remedy
from fgbg_studio.core.base.strategy import Strategy

GuideLook = Literal["line", "size", "horizon", "figure", "limit", "height"]


@dataclass(frozen=True)
class Guide:
    """One value of the settings as one sample sees it.

    Attributes:
        name: unique among the guides of a sample.
        setting: the dotted path that it changes, as `settings.replaced` knows it.
        value: as it is, in ``unit``.
        least: the smallest that may be set.
        most: the largest.
        stored: the setting's new value from one in ``unit``.
        unit: written after the number, with its space.
        decimals: digits after the point.
        label: what a form calls it; empty for what the setting is called, as `WhatIf.guides` puts it in.
        help: one clause for a tooltip; likewise.
        look: how it is drawn: as a line across the frame, as a length that stands on ``foot``, at the object's top, …
        row: where its line lies, in pixels of the frame from the top; None for a number without a line.
        foot: the row on which what it measures stands, where it measures something.
        pulled: the value that takes the line to a row.
        tag: what is written at the line.
        listed: whether a form has a field for it; of several guides of one setting one is enough.
    """

    name: str
    setting: str
    value: float
    least: float
    most: float
    stored: Callable[[float], Any]
    unit: str = ""
    decimals: int = 0
    label: str = ""
    help: str = ""
    look: GuideLook = "line"
    row: float | None = None
    foot: float | None = None
    pulled: Callable[[float], float] | None = None
    tag: str = ""
    listed: bool = True

    def value_at(self, row: float) -> float:
        """The value nearest to what would take the line to ``row``; as it is for a number without a line."""
        return self.value if self.pulled is None else self.nearest(self.pulled(row))

    def nearest(self, value: float) -> float:
        """``value`` within the limits, with as many digits as the guide has."""
        return round(min(max(value, self.least), self.most), self.decimals)

    def change(self, value: float) -> tuple[str, Any]:
        """The setting and what it becomes by a value in ``unit``, for `settings.replaced`."""
        return self.setting, self.stored(self.nearest(value))


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
        real_height: (n,) height of the foreground's box in metres.
        wall: (n,) row in which the ground ends at the background's wall; the horizon where there is no wall.
        tilt: (n,) of the camera, see `core.base.camera`; 0 for a level one.
    """

    frame: int
    width: Ints
    height: Ints
    k: Ints
    draws: Floats
    horizon: Floats
    camera_height: Floats
    real_height: Floats
    wall: Floats
    tilt: Floats

    def repeated(self, times: int) -> Request:
        """Its samples so many times: of one that is one after the other."""
        return Request(
            frame=self.frame,
            width=self.width.repeat(times),
            height=self.height.repeat(times),
            k=self.k.repeat(times),
            draws=self.draws.repeat(times, axis=0),
            horizon=self.horizon.repeat(times),
            camera_height=self.camera_height.repeat(times),
            real_height=self.real_height.repeat(times),
            wall=self.wall.repeat(times),
            tilt=self.tilt.repeat(times),
        )


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


class Grid(NamedTuple):
    """Places in rows of depth: the placement's number k is row k // columns, 0 the nearest, and column k % columns."""

    rows: int
    columns: int


@dataclass(frozen=True)
class Placement(Strategy, family="placement", members="fgbg_studio.core.placement"):
    """Base of the placements.

    Sideways a foreground stands at `across` of its room; whatever else is drawn comes from the second draw. In a
    background with a region where objects may stand, `region_sampling` looks through both.
    """

    fixed_rows: ClassVar[bool] = False
    """Whether the row in which a foreground stands follows from the placement's number, and is not drawn."""

    uses_camera: ClassVar[bool] = False
    """Whether the horizon and the camera's height decide sizes; its guides then have them."""

    @property
    def grid(self) -> Grid:
        """What its numbers count through; all in a row are of one size. A single place where there are no rows."""
        return Grid(1, 1)

    def place(self, request: Request) -> Placed:
        """Boxes that lie wholly inside the frame wherever ``fits`` says so."""
        raise NotImplementedError

    def ways_out(self, request: Request) -> tuple[str | Remedy, ...]:  # noqa: ARG002
        """What to do where the request's one sample does not fit."""
        return "reject it", Adjust("foreground.sizing", "set a smaller size")

    @property
    def looser(self) -> tuple[tuple[Placement, Remedy], ...]:
        """The placement with each of its limits lifted, and how a person lifts it: tried where something has no place.

        None by default.
        """
        return ()

    @property
    def depth_rule(self) -> str:
        """How `depth` is found, as a clause for the card."""
        if self.uses_camera:
            return "objects are at the depth of the ground at their feet"
        return (
            "an object is as far away as its size says (focal length × real height / height in pixels), but no farther"
            " than the ground at its feet, and before what it covers"
        )

    def depth(self, view: GroundView, foot: int, height: int, layer: int, real_height: float) -> float:  # noqa: ARG002
        """How far away a placed object is, in metres, for ways to depth that go by the background's camera.

        Where the camera decides sizes, it is the depth of the ground at the feet, which the size fits. Elsewhere it is
        the depth that the size fits, brought before the ground at the feet and clearly before what the object's middle
        covers: feet may stand where the wall is seen, and the object would have the wall's depth.

        Args:
            view: of the background.
            foot: row of the box's lower edge.
            height: of its box in pixels.
            layer: as in `Placed`.
            real_height: of its box in metres.
        """
        ground = view.depth(foot)
        if self.uses_camera:
            return ground
        return min(view.depth_of(height, real_height), ground, CLEAR * view.depth(foot - height / 2))

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

    def feet_beyond(self, request: Request, height: Ints, share: Floats) -> Ints:
        """(n,) rows for feet below the frame where ``share`` of each box is beyond its lower edge.

        ``height`` is how tall they were in the frame, and are there unless the row of the feet decides sizes.
        """
        rows: Ints = request.frame + np.rint(share * height).astype(np.int64)
        return rows

    def lowered(self, request: Request, height: Ints, foot: Ints) -> Placed:
        """Boxes with their feet in the (n,) rows ``foot`` below the frame, as `feet_beyond`; their x is meaningless.

        They fit where no other edge cuts them.
        """
        width = np.maximum(np.rint(request.width * height / request.height), 1).astype(np.int64)
        return below_edge(request, width, height, foot)

    def guides(self, request: Request, figure: float) -> tuple[Guide, ...]:  # noqa: ARG002
        """What of the placement is seen in the frame of the request's one sample; nothing by default.

        ``figure`` is the row at which the feet of the figure of reference stand.
        """
        return ()


def scatter(room: Ints, draw: Floats) -> Ints:
    """A whole number uniform in 0..room for each draw in [0, 1)."""
    drawn: Ints = np.floor(draw * (np.maximum(room, 0) + 1)).astype(np.int64)
    return drawn


def below_edge(request: Request, width: Ints, height: Ints, foot: Ints) -> Placed:
    """Boxes of (n,) sizes whose feet are in rows below the frame: they fit if no other edge cuts them."""
    top = foot - height
    fits = (top >= 0) & (top < request.frame) & (width <= request.frame)
    return Placed(x=np.zeros_like(foot), y=top, width=width, height=height, layer=np.full_like(foot, -1), fits=fits)


def stand(request: Request, width: Ints, height: Ints, x: float, foot: float) -> Placed:
    """Boxes of (n,) sizes whose feet's middle is at (x, foot) or as near to it as the frame allows."""
    wide, high = request.frame - width, request.frame - height
    left = np.clip(np.rint(x - width / 2).astype(np.int64), 0, np.maximum(wide, 0))
    top = np.clip(np.rint(foot - height).astype(np.int64), 0, np.maximum(high, 0))
    fits = (wide >= 0) & (high >= 0)
    return Placed(x=left, y=top, width=width, height=height, layer=np.full_like(width, -1), fits=fits)
