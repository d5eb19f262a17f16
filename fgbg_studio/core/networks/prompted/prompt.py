"""What a network is asked about a photo, what it answers, and the frame in which it sees the photo."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.networks.description import FloatMaps
from fgbg_studio.core.networks.network import fit
from fgbg_studio.core.networks.runtimes import Arrays

SURE = 10.0
"""The logarithm of the odds that stands for certainty."""


@dataclass(frozen=True, eq=False)
class Prompt:
    """What is asked; places are (x, y) in the photo's pixels, a pixel's middle at half a pixel.

    Attributes:
        points: of the object, and not of it: (x, y, whether it is the object).
        box: left, top, right and bottom of a box around the object; None for none.
        before: (h, w) the answer that this one goes on from, as `Proposal.odds`; None for none.
    """

    points: tuple[tuple[float, float, bool], ...] = ()
    box: tuple[float, float, float, float] | None = None
    before: FloatMaps | None = None


@dataclass(frozen=True, eq=False)
class Proposal:
    """One thing that may be meant.

    Attributes:
        odds: (h, w) float32 over the whole photo, in a size of the network's: the logarithm of the odds that it is the
            object, so that 0 is its border.
        score: how good the network takes it to be, 0..1.
    """

    odds: FloatMaps
    score: float


@dataclass(frozen=True)
class Frame:
    """The picture that goes into a file, and the part of it that the photo fills from the upper left corner on.

    Attributes:
        photo: (width, height) of the photo.
        filled: of the part.
        whole: of the picture.
    """

    photo: tuple[int, int]
    filled: tuple[int, int]
    whole: tuple[int, int]

    @classmethod
    def padded(cls, photo: tuple[int, int], side: int) -> Frame:
        """The photo with its longer side as long as the square's, the rest of the square empty (as SAM wants it)."""
        scale = side / max(photo)
        wide, high = (min(max(int(length * scale + 0.5), 1), side) for length in photo)
        return cls(photo, (wide, high), (side, side))

    @classmethod
    def stretched(cls, photo: tuple[int, int], whole: tuple[int, int]) -> Frame:
        """The photo without regard to its shape."""
        return cls(photo, whole, whole)

    def scaled(self, rgb: Pixels) -> Pixels:
        """(h, w, 3): the photo as it fills its part."""
        return fit(rgb, self.filled)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A place of the photo in the picture, where a pixel's middle lies at a whole number."""
        return x * self.filled[0] / self.photo[0] - 0.5, y * self.filled[1] / self.photo[1] - 0.5

    def out_of(self, odds: FloatMaps) -> FloatMaps:
        """What of a map over the picture, in any size, lies on the photo."""
        high, wide = odds.shape
        across, down = self.filled[0] / self.whole[0] * wide, self.filled[1] / self.whole[1] * high
        size = max(round(across), 1), max(round(down), 1)
        if size == (wide, high):
            return odds
        # What is filled may end inside a pixel of the map: the cut is exact, not by whole pixels.
        right, below = across / size[0], down / size[1]
        there = np.array([[right, 0, right / 2 - 0.5], [0, below, below / 2 - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(odds, there, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)

    def into(self, odds: FloatMaps, size: tuple[int, int]) -> FloatMaps:
        """A map over the photo as one of ``size`` (w, h) over the picture: surely nothing where that is empty."""
        across, down = self.filled[0] / self.whole[0] * size[0], self.filled[1] / self.whole[1] * size[1]
        filled = max(round(across), 1), max(round(down), 1)
        over = np.full((size[1], size[0]), -SURE, np.float32)
        over[: filled[1], : filled[0]] = cv2.resize(odds, filled, interpolation=cv2.INTER_AREA)
        return over


class PromptedNetwork(ABC):
    """A network that is ready to be asked.

    Attributes:
        name: of the catalogue, or the file's own.
        sha256: of its files' bytes.
        remembers: whether it goes on from the answer before.
        keeps: whether what it makes of a photo before it is asked takes long, and is worth being kept.
    """

    name: str
    sha256: str
    remembers: bool
    keeps: bool

    @abstractmethod
    def encode(self, rgb: Pixels) -> Arrays:
        """What it makes of a photo (H, W, 3) before it is asked anything.

        Raises:
            NetworkError: the network fails.
        """

    @abstractmethod
    def ask(self, encoded: Arrays, photo: tuple[int, int], prompt: Prompt) -> list[Proposal]:
        """What it answers about the photo, of size ``photo`` (width, height), that `encode` made ``encoded`` of.

        Raises:
            NetworkError: the network fails.
        """

    @abstractmethod
    def key(self, rgb: Pixels) -> bytes:
        """All that decides what `encode` gives, as far as the photo does: the picture that goes into the file."""


def numbers_of(shape: tuple[int | str | None, ...], at: int) -> int:
    """A side of a tensor that the file settles; 0 where it leaves it free."""
    side = shape[at] if -len(shape) <= at < len(shape) else None
    return side if isinstance(side, int) and side > 0 else 0


def as_odds(shares: NDArray[np.float32]) -> FloatMaps:
    """Shares 0..1 as logarithms of odds, from -`SURE` to `SURE`."""
    least = float(1 / (1 + np.exp(SURE)))
    inside = np.clip(shares, least, 1 - least)
    return np.asarray(np.log(inside / (1 - inside)), np.float32)
