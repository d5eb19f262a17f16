"""What JPEG leaves of a composite, at the cost of what differs from its background.

A pixel of a decoded JPEG depends on its own minimum coded unit (16 × 16 pixels in colour) and, as halved colour planes
are interpolated, on the nearest pixel of the units beside it. So the background is coded and decoded once, and of
each composite the units that its box touches, with one more on every side to interpolate from. That is
what decoding the whole file gives, pixel for pixel, however it is coded: spliced, plain or with tables of its own.
"""

from __future__ import annotations

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.imaging.codecs import decode

_UNIT = 16
_INTERPOLATED = 8  # pixels beyond the touched units that are taken, too: one would do


class LossyPixels:
    """Composites on one background as JPEG leaves them.

    Args:
        background: (H, W, 3) RGB or (H, W) grey, uint8.
        quality: of JPEG, 1..100.
    """

    def __init__(self, background: Pixels, quality: int) -> None:
        self._flags = [cv2.IMWRITE_JPEG_QUALITY, quality]
        self._whole = self._through(background)

    def __call__(self, composite: Pixels, box: Box) -> Pixels:
        """The composite, which equals the background outside ``box`` (x, y, width, height), as its JPEG decodes."""
        made = self._whole.copy()
        x, y, width, height = box
        if width <= 0 or height <= 0:
            return made
        high, wide = composite.shape[:2]
        left, right = x // _UNIT * _UNIT, min(-(-(x + width) // _UNIT) * _UNIT, wide)
        top, bottom = y // _UNIT * _UNIT, min(-(-(y + height) // _UNIT) * _UNIT, high)
        first, above = max(left - _UNIT, 0), max(top - _UNIT, 0)
        crop = self._through(composite[above : min(bottom + _UNIT, high), first : min(right + _UNIT, wide)])
        left, right = max(left - _INTERPOLATED, 0), min(right + _INTERPOLATED, wide)
        top, bottom = max(top - _INTERPOLATED, 0), min(bottom + _INTERPOLATED, high)
        made[top:bottom, left:right] = crop[top - above : bottom - above, left - first : right - first]
        return made

    def _through(self, pixels: Pixels) -> Pixels:
        """``pixels`` coded and decoded."""
        ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else np.ascontiguousarray(pixels)
        _, data = cv2.imencode(".jpg", ordered, self._flags)
        return np.asarray(decode(data.data, "a composite"), np.uint8)
