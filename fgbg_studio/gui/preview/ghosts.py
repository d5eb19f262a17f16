"""What of objects is hidden, by nearer ones or by things of the background: seen through, with a line around it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import part_of
from fgbg_studio.core.base.sample import Composite, PlacedPatch, visible

_THROUGH, _LINE = 96, 235
_COLOUR = (255, 255, 255)


def ghosts(whole: Sequence[PlacedPatch], composite: Composite, cutouts: Sequence[Pixels]) -> Pixels | None:
    """The hidden parts over the frame.

    Args:
        whole: the objects as if nothing hid them.
        composite: with the same objects as they are seen.
        cutouts: (h, w, 4) uint8 RGBA of each, also of what of it the frame cuts off.

    Returns:
        (S, S, 4) uint8 RGBA, straight alpha; None where nothing is hidden.
    """
    found: Pixels | None = None
    for one, seen, cutout in zip(whole, visible(composite.patches), cutouts, strict=True):
        hidden = one.patch.solid & ~seen
        if not hidden.any():
            continue
        if found is None:
            found = np.zeros((*composite.image.shape[:2], 4), np.uint8)
        place = found[part_of(one.box)]
        uncut = one.patch.uncut or one
        inside = cutout[part_of((one.x - uncut.x, one.y - uncut.y, *one.box[2:]))]
        place[hidden, :3], place[hidden, 3] = inside[hidden, :3], _THROUGH
        solid = one.patch.mask
        edge = hidden & (cv2.erode(solid, np.ones((3, 3), np.uint8), borderValue=0) == 0)
        place[edge] = (*_COLOUR, _LINE)
    return found
