"""The family of blends: how the border of a foreground meets the background that it is laid on.

A blend changes pixels of the composite only. Which pixels are the object's, the mask says, and it is the same for
every blend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.strategy import Strategy


class Layer(NamedTuple):
    """A foreground in the part of the frame where it is laid down.

    ``colour`` is (h, w[, 3]) uint8, not multiplied by alpha, and without meaning where that is 0; ``alpha`` (h, w)
    uint8; ``mask`` (h, w) 0 or 255.
    """

    colour: Pixels
    alpha: Pixels
    mask: Pixels


@dataclass(frozen=True)
class Blend(Strategy, family="blend", members="fgbg_studio.core.compose.blends"):
    """Base of the blends."""

    hard: ClassVar[bool] = False
    """Whether a pixel is the foreground's or the background's, as the mask says."""

    plain: ClassVar[bool] = False
    """Whether the composer itself lays foregrounds so, in the quickest way; `lay` gives the same bytes."""

    @property
    def times(self) -> int:
        """How often each placement is made: once, or the same scene with each of so many blends."""
        return 1

    def chosen(self, draw: float, k: int) -> Blend:  # noqa: ARG002
        """The blend of one sample, itself by default.

        Args:
            draw: uniform in [0, 1), the sample's own.
            k: the number of its placement, of which `times` that follow one another are of one scene.
        """
        return self

    def reach(self, draw: float) -> int:  # noqa: ARG002
        """By how many pixels it may change the composite beyond the foreground's own box."""
        return 0

    def lay(self, place: Pixels, layer: Layer, draw: float) -> None:
        """Lay a foreground down.

        Args:
            place: (h, w[, 3]) uint8, the part of the composite; written to.
            layer: of the same size: the foreground's box and `reach` around it, as far as the frame goes.
            draw: uniform in [0, 1), the object's own, for blends that vary.
        """
        raise NotImplementedError
