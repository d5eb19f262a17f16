"""The family of sizing rules: how large a foreground is before a placement moves it nearer or farther."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.strategy import Strategy


@dataclass(frozen=True)
class Sizing(Strategy, family="sizing", members="fgbg_studio.core.placement.sizing"):
    """Base of the rules."""

    square: ClassVar[bool] = False
    """Whether the cutout is first set on a transparent square, centred, its feet on the lower edge."""
    once: ClassVar[bool] = False
    """Whether a foreground has one draw for all its samples, so that it is everywhere of the size it is stored in."""

    def sizes(self, width: Ints, height: Ints, draw: Floats) -> tuple[Ints, Ints]:
        """Sizes in pixels of the composite.

        Args:
            width: (n,) width of the trimmed cutouts in their own pixels.
            height: (n,) height likewise.
            draw: (n,) uniform in [0, 1), for rules that vary.

        Returns:
            (n,) widths and (n,) heights, each at least 1.
        """
        raise NotImplementedError
