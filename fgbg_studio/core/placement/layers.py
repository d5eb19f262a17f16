"""Depth layers: rows of the picture, each farther and smaller than the one below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from fgbg_studio.core.errors import UsageError
from fgbg_studio.core.placement import Placed, Placement, Request


@dataclass(frozen=True)
class Layers(Placement):
    """R rows × C columns; the placement's number k is row k // C (0 the nearest, lowest) and column k % C.

    All in a row stand on one line, so that they share one depth. The nearest row stands on the frame's lower
    edge less ``margin``; each further row stands ``step`` higher. The columns divide the room that the
    foreground has to move in, so that no two places of a row are the same, however large it is.
    """

    name: ClassVar[str] = "layers"
    summary: ClassVar[str] = "rows of depth: higher in the picture is farther and smaller"
    columns: int = field(default=5, metadata={"help": "columns", "minimum": 1})
    sizes: tuple[int, ...] = field(
        default=(90, 80, 70, 60),
        metadata={"help": "longest side a row, nearest first", "unit": "px", "minimum": 1},
    )
    step: float = field(
        default=0.12, metadata={"help": "rise from row to row, of the frame", "minimum": 0, "maximum": 1}
    )
    margin: float = field(
        default=0.0, metadata={"help": "below the nearest row, of the frame", "minimum": 0, "maximum": 1}
    )
    jitter: float = field(
        default=0.0, metadata={"help": "sideways shift, of a column's width", "minimum": 0, "maximum": 1}
    )

    def __post_init__(self) -> None:
        if not self.sizes:
            raise UsageError("placement 'layers': sizes are missing", "Set placement.sizes=[90,80,70,60]")

    def count(self, placements: int) -> int:  # noqa: ARG002
        """Rows × columns, whatever was asked for: each place of the grid once."""
        return len(self.sizes) * self.columns

    def feet(self, frame: int) -> list[int]:
        """Row of the picture on which each depth layer stands, nearest first, in pixels."""
        return [round(frame * (1 - self.margin - self.step * row)) for row in range(len(self.sizes))]

    def place(self, request: Request) -> Placed:
        """See `Placement.place`."""
        row, column = np.divmod(request.k, self.columns)
        row = np.minimum(row, len(self.sizes) - 1)
        side = np.asarray(self.sizes)[row]
        factor = side / np.maximum(request.width, request.height)
        width = np.maximum(np.rint(request.width * factor).astype(np.int64), 1)
        height = np.maximum(np.rint(request.height * factor).astype(np.int64), 1)
        room = request.frame - width
        place = (column + 0.5 + self.jitter * (request.draws[:, 0] - 0.5)) / self.columns
        x = np.rint(np.maximum(room, 0) * place).astype(np.int64)
        y = np.asarray(self.feet(request.frame))[row] - height
        return Placed(x=x, y=y, width=width, height=height, layer=row, fits=(room >= 0) & (y >= 0))
