"""The object's own colours in a wide soft border, hair or fur, where each pixel is a mixture of it and what is behind.

Each pixel's object and background colours are first the means of those around it, weighted by how much of each is in
them, and then changed by what the mixture of both still lacks of the pixel itself (Forte, 'Approximate fast foreground
colour estimation', ICIP 2021): once over a wide reach, on a reduced copy, and once over a close one.
"""

from __future__ import annotations

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of, widened
from fgbg_studio.core.imaging.planes import Planes, resampled
from fgbg_studio.core.imaging.regions import Region, extent

_COPY = 250_000  # pixels of the copy
_WIDE, _CLOSE = 45, 6  # pixels to each side: of the copy, and of the picture
_MARGIN = 64  # pixels around what is wanted
_TILE = 256
_LEAST = np.float32(1e-3)


def unmixed(rgb: Pixels, alpha: Pixels, wanted: Region) -> Pixels:
    """``rgb`` (H, W, 3) with the object's own colours where they are ``wanted`` and something else shows through.

    Args:
        rgb: (H, W, 3).
        alpha: (H, W) uint8.
        wanted: (H, W) bool.
    """
    done = rgb.copy()
    colours, (x, y, width, height) = unmixed_part(rgb, alpha, wanted)
    done[y : y + height, x : x + width] = colours
    return done


def unmixed_part(rgb: Pixels, alpha: Pixels, wanted: Region) -> tuple[Pixels, Box]:
    """What `unmixed` changes: the colours (h, w, 3) inside a box (x, y, w, h), outside of which it changes nothing."""
    soft = wanted & (alpha > 0) & (alpha < 255)
    if not soft.any():
        return np.zeros((0, 0, 3), np.uint8), (0, 0, 0, 0)
    box = widened(extent(soft), _MARGIN, rgb.shape)
    part = part_of(box)
    done = rgb[part].copy()
    _unmix(done, rgb[part], alpha[part], soft[part])
    return done, box


def _unmix(done: Pixels, rgb: Pixels, alpha: Pixels, soft: Region) -> None:
    height, width = alpha.shape
    scale = min(1.0, (_COPY / alpha.size) ** 0.5)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    picture, level = (cv2.resize(one, size, interpolation=cv2.INTER_AREA).astype(np.float32) for one in (rgb, alpha))
    level = np.asarray(level / 255, np.float32)
    object_, behind = _means(np.asarray(picture, np.float32), np.asarray(picture, np.float32), level, _WIDE)
    scales = size[0] / width, size[1] / height
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            inner = np.s_[top : top + _TILE, left : left + _TILE]
            if not soft[inner].any():
                continue
            y, x = max(top - _CLOSE, 0), max(left - _CLOSE, 0)
            outer = np.s_[y : top + _TILE + _CLOSE, x : left + _TILE + _CLOSE]
            own = np.asarray(alpha[outer], np.float32) / np.float32(255)
            mixture = rgb[outer].astype(np.float32)
            there = np.array([
                [scales[0], 0, (x + 0.5) * scales[0] - 0.5], [0, scales[1], (y + 0.5) * scales[1] - 0.5]
            ])  # fmt: skip
            colours = [resampled(one, there, (own.shape[1], own.shape[0])) for one in (object_, behind)]
            fore, back = _corrected(mixture, own, *colours)
            fore, _ = _corrected(mixture, own, *_means(fore, back, own, _CLOSE))
            fore = fore[top - y : top - y + _TILE, left - x : left - x + _TILE]
            here = soft[inner]
            done[inner][here] = np.rint(fore[here])


def _means(fore: Planes, back: Planes, alpha: Planes, reach: int) -> tuple[Planes, Planes]:
    """The mean colours of object and background about each pixel, (h, w, 3) each."""
    found = []
    for colours, share in ((fore, alpha), (back, 1 - alpha)):
        weight = np.maximum(share, _LEAST)
        side = 2 * reach + 1
        total, most = (
            cv2.boxFilter(one, cv2.CV_32F, (side, side), normalize=False, borderType=cv2.BORDER_REPLICATE)
            for one in (colours * weight[..., None], weight)
        )
        found.append(np.asarray(total / most[..., None], np.float32))
    return found[0], found[1]


def _corrected(mixture: Planes, alpha: Planes, fore: Planes, back: Planes) -> tuple[Planes, Planes]:
    """Both changed by what their mixture lacks of the pixel."""
    share = alpha[..., None]
    lacks = mixture - share * fore - (1 - share) * back
    return np.clip(fore + share * lacks, 0, 255), np.clip(back + (1 - share) * lacks, 0, 255)
