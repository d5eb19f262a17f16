"""Depth layers: rows of the picture, each farther and smaller than the one below it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.camera import CLEAR, GroundView
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.interfaces.placement import Grid, Guide, Placed, Placement, Request, stand
from fgbg_studio.core.placement.guides import percent_guide
from fgbg_studio.core.placement.sizing import MOST

_SIZES, _BELOW = "longest side in each layer, nearest first", "from the frame's lower edge, of its height"


@dataclass(frozen=True)
class Layers(Placement):
    """R rows × C columns; the placement's number k is row k // C (0 the nearest, lowest) and column k % C.

    All in a row stand on one line and share one depth, by the row's size. The nearest row stands on the frame's lower
    edge less ``margin``; each further row stands ``step`` higher. The columns divide the room that the
    foreground has to move in, so that no two places of a row are the same, however large it is; in a background
    with a region where objects may stand they divide what of the row lies in it.
    """

    name: ClassVar[str] = "layers"
    summary: ClassVar[str] = "rows of depth: higher in the picture is farther and smaller"
    fixed_rows: ClassVar[bool] = True
    columns: Annotated[int, about("columns", tip="places in each layer", ge=1, le=1000)] = 5
    sizes: Annotated[tuple[Annotated[int, about(ge=1, le=MOST)], ...], about(_SIZES, "px")] = (
        90, 80, 70, 60,
    )  # fmt: skip
    step: Annotated[float, about("rise from layer to layer", "%", "of the frame's height", ge=0, le=1)] = 0.12
    margin: Annotated[float, about("below the nearest layer", "%", _BELOW, ge=0, le=1)] = 0.0
    jitter: Annotated[float, about("sideways shift", "%", "at random, of a column's width", ge=0, le=1)] = 0.0

    def __post_init__(self) -> None:
        if not self.sizes:
            raise UsageError("placement 'layers': sizes are missing", Set({"placement.sizes": [90, 80, 70, 60]}))

    @property
    @override
    def grid(self) -> Grid:
        return Grid(len(self.sizes), self.columns)

    @override
    def count(self, placements: int) -> int:
        """Rows × columns, whatever was asked for: each place of the grid once."""
        return len(self.sizes) * self.columns

    @property
    @override
    def depth_rule(self) -> str:
        return (
            "all objects of a row share one depth, as far away as the row's size says (focal length × real height"
            " / size); where a row would be behind the ground at its feet, all rows are nearer by the same factor"
        )

    @override
    def depth(self, view: GroundView, foot: int, height: int, layer: int, real_height: float) -> float:
        return _row_depths(self, view)[layer]

    def feet(self, frame: int) -> list[int]:
        """Row of the picture on which each depth layer stands, nearest first, in pixels."""
        return [round(frame * (1 - self.margin - self.step * row)) for row in range(len(self.sizes))]

    @override
    def across(self, request: Request) -> Floats:
        """See `Placement.across`: the middle of the column, or near it."""
        column = request.k % self.columns
        along: Floats = (column + 0.5 + self.jitter * (request.draws[:, 0] - 0.5)) / self.columns
        return along

    @override
    def place(self, request: Request) -> Placed:
        row = np.minimum(request.k // self.columns, len(self.sizes) - 1)
        width, height = self._sized(request, row)
        room = request.frame - width
        x = np.rint(np.maximum(room, 0) * self.across(request)).astype(np.int64)
        y = np.asarray(self.feet(request.frame))[row] - height
        return Placed(x=x, y=y, width=width, height=height, layer=row, fits=(room >= 0) & (y >= 0))

    @override
    def at(self, request: Request, x: float, foot: float) -> Placed:
        """On the nearest row that holds the whole foreground; of rows that are as near, the sample's own."""
        own = np.minimum(request.k // self.columns, len(self.sizes) - 1)
        best, nearest = own, np.full(own.shape, np.inf)
        for number, line in enumerate(self.feet(request.frame)):
            row = np.full_like(own, number)
            width, height = self._sized(request, row)
            fits = (width <= request.frame) & (height <= line) & (line <= request.frame)
            distance = np.where(fits, np.abs(line - foot) + 1e-6 * (row != own), np.inf)
            best, nearest = np.where(distance < nearest, row, best), np.minimum(distance, nearest)
        width, height = self._sized(request, best)
        lines = np.asarray(self.feet(request.frame))[best]
        free = stand(request, width, height, x, foot)
        return replace(free, y=lines - height, layer=best, fits=np.isfinite(nearest))

    def _sized(self, request: Request, row: Ints) -> tuple[Ints, Ints]:
        factor = np.asarray(self.sizes)[row] / np.maximum(request.width, request.height)
        width = np.maximum(np.rint(request.width * factor).astype(np.int64), 1)
        return width, np.maximum(np.rint(request.height * factor).astype(np.int64), 1)

    @override
    def guides(self, request: Request, figure: float) -> tuple[Guide, ...]:
        """The rows' lines and sizes, and how many rows and columns there are."""
        frame = request.frame
        lines = [self._line(row, frame) for row in range(len(self.sizes))]
        sizes = [self._size(row, frame) for row in range(len(self.sizes))]
        rows = Guide(
            "rows", "placement.sizes", len(self.sizes), 1, 12, self._with_rows, label="Depth layers", help="how many"
        )
        columns = Guide("columns", "placement.columns", self.columns, 1, 50, round)
        jitter = percent_guide("jitter", "placement.jitter", self.jitter)
        return (rows, columns, *sizes, *lines, jitter)

    def _line(self, row: int, frame: int) -> Guide:
        y = frame * (1 - self.margin - self.step * row)
        if row == 0:
            return percent_guide(
                "margin", "placement.margin", self.margin, row=y, pulled=lambda to: (1 - to / frame) * 100,
            )  # fmt: skip
        return percent_guide(
            f"step {row}", "placement.step", self.step, row=y,
            pulled=lambda to: (1 - self.margin - to / frame) / row * 100, listed=row == 1,
        )  # fmt: skip

    def _size(self, row: int, frame: int) -> Guide:
        y = frame * (1 - self.margin - self.step * row)

        def with_size(size: float) -> tuple[int, ...]:
            return (*self.sizes[:row], round(size), *self.sizes[row + 1 :])

        last, own = len(self.sizes) - 1, self.sizes[row]
        end = " (nearest)" if row == 0 else " (farthest)" if row == last else ""
        # What is farther is no larger; a project that has it otherwise keeps it.
        most = max(frame, *self.sizes) if row == 0 else max(own, self.sizes[row - 1])
        least = 1 if row == last else min(own, self.sizes[row + 1])
        return Guide(
            f"size {row}", "placement.sizes", own, least, most, stored=with_size, unit=" px",
            label=f"Layer {row + 1}{end}", look="size",
            help="longest side of a foreground in this layer, between those of its neighbours",
            row=y - self.sizes[row], foot=y, pulled=lambda to: y - to, tag=f"{own} px",
        )  # fmt: skip

    def _with_rows(self, count: float) -> tuple[int, ...]:
        """Fewer rows leave the farthest out, more go on as the last two do."""
        sizes = list(self.sizes)[: round(count)]
        while len(sizes) < round(count):
            fall = sizes[-2] - sizes[-1] if len(sizes) > 1 else sizes[-1] // 8
            sizes.append(max(sizes[-1] - max(fall, 0), 1))
        return tuple(sizes)


@lru_cache(4096)
def _row_depths(layers: Layers, view: GroundView) -> tuple[float, ...]:
    """Depth of each row in metres, nearest first: in the proportions of the sizes, none behind what it covers."""
    wanted = [view.depth_of(size, view.real_height) for size in layers.sizes]
    rows = zip(layers.feet(view.frame), layers.sizes, strict=True)
    most = [min(view.depth(foot), CLEAR * view.depth(foot - size / 2)) for foot, size in rows]
    nearer = min(1.0, *(there / here for there, here in zip(most, wanted, strict=True)))
    return tuple(depth * nearer for depth in wanted)
