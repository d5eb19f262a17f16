"""A pinhole camera over a ground plane: size follows from where the feet stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from fgbg_studio.core.placement import Placed, Placement, Request, scatter


@dataclass(frozen=True)
class Perspective(Placement):
    """An object of real height h whose foot is at row y is h·(y − y_h)/H pixels tall.

    y_h is the horizon's row and H the camera's height: a ground point at depth z projects to row
    y = y_h + f·H/z, and h spans f·h/z pixels there, so f and z cancel. The foot is uniform over the rows at
    which the whole foreground is inside the frame and no shorter than ``smallest``; in a shallow room ``floor``
    keeps feet off the wall.
    """

    name: ClassVar[str] = "perspective"
    summary: ClassVar[str] = "standing on the ground, sized by a pinhole camera"
    smallest: float = field(
        default=0.15, metadata={"help": "least height, of the frame", "minimum": 0.01, "maximum": 1}
    )
    largest: float = field(
        default=0.8, metadata={"help": "greatest height, of the frame", "minimum": 0.01, "maximum": 1}
    )

    floor: float = field(
        default=0.0,
        metadata={"help": "uppermost row for feet, of the frame: where a wall begins", "minimum": 0, "maximum": 1},
    )

    def place(self, request: Request) -> Placed:
        """See `Placement.place`."""
        frame, horizon = request.frame, request.horizon
        ratio = request.real_height / request.camera_height
        # The tallest that the frame allows, in rows below the horizon: by setting, by width, by the lower edge.
        tallest = np.minimum(self.largest * frame, frame * request.height / request.width)
        reach = np.minimum(tallest / ratio, frame - horizon)
        # A foreground taller than the camera rises above the horizon: its head meets the upper edge first.
        above = np.where(ratio > 1, horizon / np.maximum(ratio - 1, 1e-9), np.inf)
        reach = np.minimum(reach, np.maximum(above, 0))
        # A shorter one under a camera that looks down is below the upper edge only from some way down.
        below = np.where(ratio <= 1, -horizon / np.maximum(1 - ratio, 1e-9), 0)
        least = np.maximum(self.smallest * frame / ratio, below)
        lowest = np.maximum(np.ceil(horizon + least), 1).astype(np.int64)
        lowest = np.maximum(lowest, np.ceil(self.floor * frame).astype(np.int64))
        highest = np.floor(horizon + reach).astype(np.int64)
        foot = lowest + scatter(highest - lowest, request.draws[:, 1])
        height = np.maximum(np.rint(ratio * (foot - horizon)), 1).astype(np.int64)
        height = np.minimum(height, np.maximum(foot, 1))
        width = np.maximum(np.rint(request.width * height / request.height), 1).astype(np.int64)
        width = np.minimum(width, frame)  # `tallest` allows for the width, but for its rounding
        fits = highest >= lowest
        x = scatter(frame - width, request.draws[:, 0])
        return Placed(x=x, y=foot - height, width=width, height=height, layer=np.full_like(foot, -1), fits=fits)
