"""The sizing rules: one a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.interfaces.sizing import Sizing


def _scaled(width: Ints, height: Ints, factor: Floats) -> tuple[Ints, Ints]:
    wide = np.rint(width * factor).astype(np.int64)
    high = np.rint(height * factor).astype(np.int64)
    return np.maximum(wide, 1), np.maximum(high, 1)


MOST = 2048
"""Pixels of a side: twice the largest frame. A recipe may be a stranger's, and each takes room before it is refused."""


@dataclass(frozen=True)
class Height(Sizing):
    """Every foreground the same height, its aspect kept."""

    name: ClassVar[str] = "height"
    summary: ClassVar[str] = "every foreground the same height"
    pixels: Annotated[int, about("height", "px", ge=1, le=MOST)] = 105

    @override
    def sizes(self, width: Ints, height: Ints, draw: Floats) -> tuple[Ints, Ints]:
        return _scaled(width, height, self.pixels / height)


@dataclass(frozen=True)
class LongestSide(Sizing):
    """The longest side uniform in a range, drawn for each sample, the aspect kept."""

    name: ClassVar[str] = "longest-side"
    summary: ClassVar[str] = "the longest side drawn from a range for each sample"
    low: Annotated[int, about("shortest longest side", "px", ge=1, le=MOST)] = 80
    high: Annotated[int, about("longest longest side", "px", ge=1, le=MOST)] = 110

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise UsageError(f"sizing {self.name!r}: low {self.low} is over high {self.high}", "Swap them")

    @override
    def sizes(self, width: Ints, height: Ints, draw: Floats) -> tuple[Ints, Ints]:
        side = self.low + np.floor(draw * (self.high - self.low + 1))
        return _scaled(width, height, side / np.maximum(width, height))


@dataclass(frozen=True)
class LongestSideEach(LongestSide):
    """The longest side uniform in a range, drawn once for each foreground: one size wherever it stands."""

    name: ClassVar[str] = "longest-side-each"
    summary: ClassVar[str] = "the longest side drawn from a range once for each foreground"
    once: ClassVar[bool] = True
    high: Annotated[int, about("longest longest side", "px", ge=1, le=MOST)] = 109


@dataclass(frozen=True)
class IntegerFactor(Sizing):
    """Shrunk by the whole number ``max(height // high, width // wide)``, never enlarged."""

    name: ClassVar[str] = "integer-factor"
    summary: ClassVar[str] = "shrunk by a whole number"
    high: Annotated[int, about("height divisor", "px", ge=1, le=MOST)] = 96
    wide: Annotated[int, about("width divisor", "px", ge=1, le=MOST)] = 64

    @override
    def sizes(self, width: Ints, height: Ints, draw: Floats) -> tuple[Ints, Ints]:
        factor = np.maximum(np.maximum(height // self.high, width // self.wide), 1)
        return np.maximum(width // factor, 1), np.maximum(height // factor, 1)


@dataclass(frozen=True)
class FixedSquare(Sizing):
    """Every foreground a square of one side: padded, not stretched, so that people keep their shape."""

    name: ClassVar[str] = "fixed-square"
    summary: ClassVar[str] = "every foreground on a square of the same side"
    square: ClassVar[bool] = True
    side: Annotated[int, about("side", "px", ge=1, le=MOST)] = 150

    @override
    def sizes(self, width: Ints, height: Ints, draw: Floats) -> tuple[Ints, Ints]:
        return np.full_like(width, self.side), np.full_like(height, self.side)


@dataclass(frozen=True)
class StretchedSquare(FixedSquare):
    """Every foreground a square of one side, stretched to it, so that its box is the whole square."""

    name: ClassVar[str] = "stretched-square"
    summary: ClassVar[str] = "every foreground stretched to a square of the same side"
    square: ClassVar[bool] = False
