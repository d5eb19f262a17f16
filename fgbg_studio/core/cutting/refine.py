"""From the alpha as it was cut to the cutout that is kept: islands, holes, edge, colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of, widened
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.imaging import matte
from fgbg_studio.core.imaging.regions import Region, extent
from fgbg_studio.core.imaging.unmixing import unmixed_part

_TILE = 256
_CLEAR = 1


class Refinement(FrozenModel):
    """How the alpha is finished, in this order; all lengths in the photo's pixels.

    Attributes:
        islands: separate parts of less than a square of this side become transparent.
        holes: enclosed openings of up to a square of this side become solid.
        grow: the edge is moved outwards by so much, by fractions too, inwards where negative.
        feather: the edge is softened over so much to either side.
        clean: the old surroundings' colour is taken out of the soft edge.
    """

    islands: Annotated[int, Field(ge=0, le=2000)] = 0
    holes: Annotated[int, Field(ge=0, le=2000)] = 0
    grow: Annotated[float, Field(ge=-100, le=100)] = 0
    feather: Annotated[float, Field(ge=0, le=100)] = 0
    clean: bool = True

    @property
    def reach(self) -> int:
        """How far from the object, in pixels, the alpha may change."""
        return int(np.ceil(max(self.grow, 0))) + int(np.ceil(1.5 * self.feather)) + 3

    @property
    def keeps_alpha(self) -> bool:
        """Whether the alpha stays as it is."""
        return not (self.islands or self.holes or self.grow or self.feather)


def refined_alpha(alpha: Pixels, finish: Refinement) -> Pixels:
    """``alpha`` (H, W) finished; another array, or the same one where nothing is to be done."""
    if finish.keeps_alpha or not alpha.any():
        return alpha
    part = around(alpha, finish.reach)
    done = np.zeros_like(alpha)
    done[part] = _finished(alpha[part], finish)
    return done


def _finished(alpha: Pixels, finish: Refinement) -> Pixels:
    if finish.islands:
        alpha = matte.drop_islands(alpha, finish.islands**2)
    if finish.holes:
        alpha = matte.fill_holes(alpha, finish.holes**2)
    if finish.grow:
        sees = int(np.ceil(abs(finish.grow))) + matte.GROWTH_SEES
        alpha = tiled(alpha, sees, lambda part: matte.grow(part, finish.grow))
    if finish.feather:
        alpha = tiled(alpha, int(np.ceil(1.5 * finish.feather)) + 1, lambda part: matte.feather(part, finish.feather))
    return alpha


def refined_cutout(photo: Pixels, alpha: Pixels, finish: Refinement, hair: Region | None = None) -> tuple[Pixels, Box]:
    """The cutout as it is kept, trimmed to its object and a clear pixel around it, but where the photo itself ends.

    That pixel tells an object with a straight side from one that its photo's edge has cut.

    Args:
        photo: (H, W, 3) RGB, or (H, W, 4) where it was a cutout before: its transparent pixels have no colour
            of their own and get their neighbours' where they become visible.
        alpha: (H, W) as it was cut.
        finish: how it is finished.
        hair: (H, W) bool, where it was matted; None for nowhere.

    Returns:
        (h, w, 4), and its box (x, y, w, h) in the photo; both empty where nothing is visible.
    """
    final = refined_alpha(alpha, finish)
    part = around(final, _CLEAR if final.any() else 0)
    height, width = final[part].shape
    rgba = in_own_colours(photo, final, part, finish, hair)
    return rgba, (part[1].start, part[0].start, width, height)


def in_own_colours(
    photo: Pixels, alpha: Pixels, part: tuple[slice, slice], finish: Refinement, hair: Region | None
) -> Pixels:
    """(h, w, 4): what lies in ``part`` of the photo, in the colours of the finished cutout.

    Args:
        photo: (H, W, 3) RGB, or (H, W, 4).
        alpha: (H, W), finished.
        part: rows and columns.
        finish: whether the old surroundings' colour is taken out.
        hair: (H, W) bool, where it was matted; None for nowhere.
    """
    rgba = np.dstack([coloured(photo[part], alpha[part]), alpha[part]])
    if not finish.clean or not rgba.size:
        return rgba
    rgba = matte.decontaminate(rgba)
    if hair is not None:
        # Of more than the part: the old surroundings are mostly outside of it.
        colours, (x, y, width, height) = unmixed_part(coloured(photo, alpha), alpha, hair)
        left, top = max(x, part[1].start), max(y, part[0].start)
        right, bottom = min(x + width, part[1].stop), min(y + height, part[0].stop)
        if right > left and bottom > top:
            here = np.s_[top - part[0].start : bottom - part[0].start, left - part[1].start : right - part[1].start]
            new = colours[top - y : bottom - y, left - x : right - x]
            np.copyto(rgba[here][..., :3], new, where=hair[top:bottom, left:right, None])
    return rgba


def coloured(photo: Pixels, alpha: Pixels) -> Pixels:
    """The colours (H, W, 3) of ``photo`` (H, W, 3 or 4) for this ``alpha``, also where it has none of its own."""
    rgb = photo[..., :3]
    if photo.shape[2] == 3 or not photo.size:
        return rgb
    known = photo[..., 3] >= matte.HALF
    wanted = (alpha > photo[..., 3]) & ~known
    if not (wanted.any() and known.any()):
        return rgb
    rgb = rgb.copy()
    rgb[wanted] = matte.nearest_colours(photo, known, wanted)
    return rgb


def around(alpha: Pixels, margin: int) -> tuple[slice, slice]:
    """The rows and columns about all that is not transparent, ``margin`` wider on each side."""
    return part_of(widened(extent(alpha > 0), margin, alpha.shape))


def tiled(alpha: Pixels, reach: int, change: Callable[[Pixels], Pixels]) -> Pixels:
    """``change`` of (H, W) made only where it can matter: near edges, which are little of a large picture.

    Args:
        alpha: (H, W).
        reach: how many pixels away a pixel of the result may look.
        change: leaves an even area even, but for the array's own edges; makes an array of the same shape.
    """
    height, width = alpha.shape
    done = alpha.copy()
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            y, x = max(top - reach, 0), max(left - reach, 0)
            bottom, right = min(top + _TILE, height), min(left + _TILE, width)
            part = alpha[y : bottom + reach, x : right + reach]
            at_edge = y == 0 or x == 0 or bottom + reach >= height or right + reach >= width
            if part.any() and (at_edge or part.min() != part.max()):
                changed = change(part)
                done[top:bottom, left:right] = changed[top - y : bottom - y, left - x : right - x]
    return done
