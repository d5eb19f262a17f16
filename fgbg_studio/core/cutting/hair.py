"""A band that a person painted over hair or fur: its alpha is matted from what is sure beside it."""

from __future__ import annotations

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import part_of, widened
from fgbg_studio.core.cutting.matting import solved
from fgbg_studio.core.imaging.matte import HALF, SOLID
from fgbg_studio.core.imaging.regions import Region, extent, small_parts

CLEAR = 15
"""Up to here alpha counts as background."""
_CRUMB = 12  # pixels: a part of fewer that nothing joins to the rest is grain of the photo


def hair_matted(photo: Pixels, alpha: Pixels, band: Region) -> Pixels:
    """``alpha`` with what lies in the band made anew, from the colours and from the alpha beside the band.

    A part of the band beside which nothing is surely object, or nothing surely background, takes what lies deepest in
    it on either side of the cut for sure, as where all of a small object was painted over. Where there is no cut in
    it either, it stays as it is.

    Args:
        photo: (H, W, 3) RGB, or more channels, of which the first three count.
        alpha: (H, W) as it was cut.
        band: (H, W) bool.

    Returns:
        (H, W) uint8, a new array.
    """
    done = alpha.copy()
    x, y, width, height = extent(band)
    if not width:
        return done
    # On the coarsest level of the solver, too, some pixels beside the band are to be seen.
    part = part_of(widened((x, y, width, height), 8 + max(width, height) // 16, alpha.shape))
    unknown = _undecided(alpha[part], band[part])
    if unknown.any():
        found = solved(np.ascontiguousarray(photo[part][..., :3]), alpha[part], unknown)
        found[small_parts(found > 0, _CRUMB) & unknown] = 0
        done[part] = found
    return done


def _undecided(alpha: Pixels, band: Region) -> Region:
    """What of the band can be solved for."""
    count, labels = cv2.connectedComponents(band.astype(np.uint8), connectivity=8)
    unknown = band.copy()
    for inside, sure in ((alpha >= HALF, alpha >= SOLID), (alpha < HALF, alpha <= CLEAR)):
        without = ~_touched(labels, sure & ~band, count)
        if without.any():
            unknown &= ~_deepest(labels, inside & band, without)
    return unknown


def _touched(labels: cv2.typing.MatLike, sure: Region, count: int) -> Region:
    """(count,): for each part of the band whether it lies beside what is sure; what is no part counts as such."""
    beside = cv2.dilate(sure.astype(np.uint8), np.ones((5, 5), np.uint8))
    touched = np.zeros(count, np.bool_)
    touched[labels[beside > 0]] = True
    touched[0] = True
    return touched


def _deepest(labels: cv2.typing.MatLike, inside: Region, without: Region) -> Region:
    """Of the parts of the band that are ``without`` sure pixels what is taken for sure: all where it has no depth."""
    depth = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 5)
    most = np.zeros(len(without), np.float32)
    np.maximum.at(most, np.asarray(labels, np.intp).reshape(-1), depth.reshape(-1))
    found = without[labels] & (depth >= most[labels] / 3)
    return np.asarray(found & (labels > 0), np.bool_)
