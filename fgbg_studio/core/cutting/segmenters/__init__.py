"""What cuts an object out of a photo by what a person drew: one segmenter a file or folder of this package.

A segmenter prepares a photo once, which may take long, and then answers to every stroke.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Self

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.cutting.seeds import Seed
from fgbg_studio.core.imaging.regions import Region


class PreparedPhoto(ABC):
    """A photo that a segmenter has prepared."""

    @abstractmethod
    def cut(self, seeds: tuple[Seed, ...], previous: Pixels | None = None) -> Pixels:
        """Cut by what was drawn.

        Args:
            seeds: all of it, in order, also what earlier cuts were made by. What a segmenter cannot use it
                passes over.
            previous: (H, W) the alpha that the last of these seeds' cuts gave, for a segmenter that goes on
                from it; None where there is none.

        Returns:
            The alpha, (H, W), a new array: 255 under strokes of the object, 0 under those of the background.

        Raises:
            FgbgError: they do not say enough to cut by.
        """

    def get_ready(self, seeds: tuple[Seed, ...]) -> None:  # noqa: B027 - most have nothing to do
        """Do beforehand what a cut by ``seeds`` would have to wait for.

        Raises:
            FgbgError: it cannot be done.
        """

    def preview(self, seeds: tuple[Seed, ...]) -> Region | None:  # noqa: ARG002
        """Roughly what a cut by ``seeds`` would be, (h, w) over the whole photo; None where that takes as long."""
        return None


@dataclass(frozen=True)
class Segmenter(Strategy, family="segmenter"):
    """Base of the segmenters."""

    def prepare(self, photo: Pixels) -> PreparedPhoto:
        """Get ready to cut a photo (H, W, 3) uint8 RGB, which is not copied and must not change.

        Raises:
            FgbgError: it cannot be cut.
        """
        raise NotImplementedError

    @classmethod
    def default(cls) -> Self:
        """The one that cuts where nobody chose another."""
        return cls.get("clicks")()
