"""A hard brush on its way: it paints the alpha itself, and what was there before is known until it is lifted."""

from __future__ import annotations

from typing import Literal

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of, union
from fgbg_studio.core.cutting.raster import SOFTEST, painted_way, way_box
from fgbg_studio.core.cutting.seeds import Points
from fgbg_studio.core.cutting.step_file import Plane
from fgbg_studio.core.imaging.pixel_history import Before

Brush = Literal["add", "remove", "soften"]


class BrushStroke:
    """See the module.

    Attributes:
        box: of what it touched so far.

    Args:
        alpha: (H, W), which it paints.
        painted: (H, W), which becomes 255 where it did.
    """

    def __init__(self, alpha: Pixels, painted: Pixels) -> None:
        self._alpha, self._painted = alpha, painted
        self._before = Before(alpha, painted)
        self.box: Box = (0, 0, 0, 0)

    def move(self, points: Points, radius: float, brush: Brush) -> Box:
        """The next piece of its way; the box that it touched."""
        x, y, width, height = way_box(points, radius, self._alpha.shape)
        self._before.keep((x - SOFTEST, y - SOFTEST, width + 2 * SOFTEST, height + 2 * SOFTEST))
        box = painted_way(self._alpha, self._before.kept[0], self._painted, points, radius, brush)
        self.box = union(self.box, box)
        return box

    def before(self, plane: Plane) -> Pixels:
        """A plane (H, W) as it was; only inside `box` it is of use."""
        self._before.keep(self.box)
        return self._before.kept[0 if plane == "alpha" else 1]

    def take_out(self, plane: Plane, copied: Pixels) -> None:
        """Make a copy of a plane what it was before."""
        copied[part_of(self.box)] = self.before(plane)[part_of(self.box)]

    def put_back(self) -> None:
        """Make the planes themselves what they were before."""
        self._before.put_back(self.box)
