"""A pinhole camera over a ground plane: size follows from where the feet stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.camera import CLEAR, rows_below, rows_tall
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.remedies import Adjust, Remedy
from fgbg_studio.core.interfaces.placement import Guide, Placed, Placement, Request, below_edge, scatter, stand
from fgbg_studio.core.placement.guides import camera_guide, horizon_guide, percent_guide

_HEIGHT = "of the foreground, of the frame's height"
_FLOOR = "of the frame's height from its top: where a wall begins"
_ROUNDS = 12  # of finding a row below the frame in which what stands there reaches so far into it
_BEYOND = 16.0  # frames: no feet are so far below
_FAR = 1e9  # rows: farther out of the frame than any other bound


@dataclass(frozen=True)
class Perspective(Placement):
    """An object of real height h whose foot is at row y is h·(y − y_h)/H pixels tall.

    y_h is the horizon's row and H the camera's height: a ground point at depth z projects to row
    y = y_h + f·H/z, and h spans f·h/z pixels there, so f and z cancel; where it is known how far the camera looks
    down, see `core.base.camera`. The foot is uniform over the rows at
    which the whole foreground is inside the frame and no shorter than ``smallest``; in a shallow room ``floor``
    keeps feet off the wall. No foot is at or above the row in which the camera's own wall begins; where that is what
    bounds them, feet are clearly before the wall, so that the object's depth differs from it.
    """

    name: ClassVar[str] = "perspective"
    uses_camera: ClassVar[bool] = True
    summary: ClassVar[str] = "standing on the ground, sized by a pinhole camera"
    smallest: Annotated[float, about("smallest height", "%", _HEIGHT, ge=0.01, le=1)] = 0.15
    largest: Annotated[float, about("largest height", "%", _HEIGHT, ge=0.01, le=1)] = 0.8
    floor: Annotated[float, about("feet no higher than", "%", _FLOOR, ge=0, le=1)] = 0.0

    @override
    def place(self, request: Request) -> Placed:
        lowest, highest = self.feet(request)
        foot = lowest + scatter(highest - lowest, request.draws[:, 1])
        width, height = _sized(request, foot)
        return Placed(
            x=scatter(request.frame - width, request.draws[:, 0]),
            y=foot - height,
            width=width,
            height=height,
            layer=np.full_like(foot, -1),
            fits=highest >= lowest,
        )

    @override
    def at(self, request: Request, x: float, foot: float) -> Placed:
        """With the feet in the nearest row that `place` would draw."""
        lowest, highest = self.feet(request)
        row = np.clip(np.full_like(lowest, round(foot)), lowest, np.maximum(highest, lowest))
        width, height = _sized(request, row)
        return replace(stand(request, width, height, x, foot), y=row - height, fits=highest >= lowest)

    @override
    def feet_beyond(self, request: Request, height: Ints, share: Floats) -> Ints:
        ratio, frame = request.real_height / request.camera_height, request.frame
        foot = np.full(len(height), float(frame))
        for _ in range(_ROUNDS):  # ends far below the frame where no row is right: such boxes rise above it
            tall = np.maximum(rows_tall(ratio, foot - request.horizon, request.tilt), 1)
            foot = np.minimum(frame + share * tall, _BEYOND * frame)
        rows: Ints = np.rint(foot).astype(np.int64)
        return rows

    @override
    def lowered(self, request: Request, height: Ints, foot: Ints) -> Placed:
        """As tall as who stands there: nearer, and so taller than ``height``."""
        ratio = request.real_height / request.camera_height
        tall = np.maximum(rows_tall(ratio, foot - request.horizon, request.tilt), 1)
        rows = np.rint(np.minimum(tall, _BEYOND * request.frame)).astype(np.int64)
        width = np.maximum(np.rint(request.width * rows / request.height), 1).astype(np.int64)
        return below_edge(request, width, rows, foot)

    def feet(self, request: Request) -> tuple[Ints, Ints]:
        """The uppermost and the lowest row for feet; the first is greater where there is none."""
        frame, horizon = request.frame, request.horizon
        ratio = request.real_height / request.camera_height
        # The tallest that the frame allows, in rows below the horizon: by setting, by width, by the lower edge.
        tallest = np.minimum(self.largest * frame, frame * request.height / request.width)
        reach = np.minimum(rows_below(ratio, tallest, request.tilt), frame - horizon)
        # A foreground taller than the camera rises above the horizon: its head meets the upper edge first.
        rising = ratio - 1 + request.tilt * ratio * horizon
        above = np.where(rising > 0, horizon / np.maximum(rising, 1e-9), np.inf)
        reach = np.minimum(reach, np.maximum(above, 0))
        # A shorter one under a horizon above the frame is below the upper edge only from some way down.
        below = np.where(rising <= 0, -horizon / np.maximum(-rising, 1e-9), 0)
        least = np.maximum(rows_below(ratio, np.full_like(ratio, self.smallest * frame), request.tilt), below)
        lowest = np.maximum(np.ceil(horizon + least), 1).astype(np.int64)
        lowest = np.maximum(lowest, np.ceil(self.floor * frame).astype(np.int64))
        before_wall = np.ceil(horizon + np.minimum((request.wall - horizon) / CLEAR, _FAR)).astype(np.int64)
        lowest = np.where(lowest > request.wall, lowest, before_wall)
        return lowest, np.floor(horizon + reach).astype(np.int64)

    @override
    def ways_out(self, request: Request) -> tuple[str | Remedy, ...]:
        lowest, highest = self.feet(replace(request, wall=request.horizon))
        if lowest[0] <= highest[0]:  # it is the wall that leaves no ground to stand on
            return Adjust("camera.wall", "set a wall farther away"), "correct the background's horizon"
        return ("correct the background's horizon",)

    @property
    @override
    def looser(self) -> tuple[tuple[Placement, Remedy], ...]:
        return (
            (replace(self, smallest=0.01), Adjust("placement.smallest", "let it be smaller")),
            (replace(self, largest=1.0), Adjust("placement.largest", "let it be larger")),
            (replace(self, floor=0.0), Adjust("placement.floor", "let feet be higher")),
        )

    @override
    def guides(self, request: Request, figure: float) -> tuple[Guide, ...]:
        """The camera, and the rows at which the foreground is as small and as tall as it may be."""
        frame, horizon = request.frame, float(request.horizon[0])
        ratio, tilt = request.real_height[:1] / request.camera_height[:1], request.tilt[:1]

        def limit(name: str, value: float) -> Guide:
            row = horizon + float(rows_below(ratio, np.array([value * frame]), tilt)[0])
            return percent_guide(
                name, f"placement.{name}", value, least=1, look="limit", row=row,
                pulled=lambda row: float(rows_tall(ratio, np.array([row - horizon]), tilt)[0]) / frame * 100, tag=name,
            )  # fmt: skip

        floor = percent_guide(
            "floor", "placement.floor", self.floor, look="limit", row=self.floor * frame,
            pulled=lambda row: row / frame * 100, tag="no higher",
        )  # fmt: skip
        return (
            horizon_guide(request),
            camera_guide(request, figure),
            limit("smallest", self.smallest),
            limit("largest", self.largest),
            floor,
        )


def _sized(request: Request, foot: Ints) -> tuple[Ints, Ints]:
    """(n,) widths and heights by the camera's formula, for feet at the (n,) rows ``foot``."""
    ratio = request.real_height / request.camera_height
    height = np.maximum(np.rint(rows_tall(ratio, foot - request.horizon, request.tilt)), 1).astype(np.int64)
    height = np.minimum(height, np.maximum(foot, 1))
    width = np.maximum(np.rint(request.width * height / request.height), 1).astype(np.int64)
    return np.minimum(width, request.frame), height  # `tallest` allows for the width, but for its rounding
