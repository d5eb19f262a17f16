"""Whether a picture of a dataset is the one that was to be there, up to what its codec changes."""

from __future__ import annotations

import cv2
import numpy as np

from fgbg_studio.core.images import AnyPixels, Codec, decode, encode

# Other builds of codec or resampling round otherwise: a value that was to be coded by one grey level, and so
# now and then a coefficient by one step, which moves a block of 8 × 8 by up to 17 levels at quality 30.
SAME = 2
_BLOCK, _BLOCK_LEVELS = 8, 20.0


def coded(pixels: AnyPixels, codec: Codec) -> AnyPixels:
    """``pixels`` as they come back from a file."""
    return pixels if codec.lossless else decode(encode(pixels, codec), "a picture coded on trial")


def alike(found: AnyPixels, wanted: AnyPixels, codec: Codec) -> bool:
    """Whether ``found`` is ``wanted``, both as read from a file: wholly where lossless, else block by block."""
    if found.shape != wanted.shape or found.dtype != wanted.dtype:
        return False
    if codec.lossless:
        return np.array_equal(found, wanted)
    difference = cv2.absdiff(found, wanted)
    return int(difference.max()) <= SAME or float(cv2.blur(difference, (_BLOCK, _BLOCK)).max()) <= _BLOCK_LEVELS
