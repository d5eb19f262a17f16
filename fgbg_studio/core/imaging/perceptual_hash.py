"""Which pictures are nearly the same, by hashes that survive scaling and compression."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.quality import luma

_HASH_SIDE = 32
_HASH_BAND = 8
_BLOCK = 1024


def perceptual_hash(rgb: Pixels) -> int:
    """A fingerprint of 64 bits that survives re-encoding, resizing and small changes of tone.

    The DCT hash (Zauner, 'Implementation and benchmarking of perceptual image hash functions', 2010):
    luma is reduced to 32 × 32 and transformed by a two-dimensional DCT-II. Of its coefficients 1..8 × 1..8, the
    lowest frequencies without the means of rows and columns, each gives one bit: whether it is over their
    median. Row by row, the first is the highest bit.

    Args:
        rgb: (H, W, 3).

    Returns:
        0..2⁶⁴ − 1.
    """
    small = cv2.resize(luma(rgb), (_HASH_SIDE, _HASH_SIDE), interpolation=cv2.INTER_AREA)
    lowest = cv2.dct(small.astype(np.float32))[1 : _HASH_BAND + 1, 1 : _HASH_BAND + 1].reshape(-1)
    bits = np.packbits(lowest > np.median(lowest))
    return int.from_bytes(bits.tobytes(), "big")


def near_duplicates(hashes: Sequence[int], distance: int = 12) -> list[tuple[int, int, int]]:
    """Pairs of pictures whose hashes differ in at most ``distance`` bits.

    Args:
        hashes: of `perceptual_hash`.
        distance: 0..64. Copies that were encoded or scaled anew, brightened or cropped by up to 3% on each side
            differed in 0 to 12 bits, the most alike of different scenes in 18.

    Returns:
        (first, second, bits) with first < second, both numbers in ``hashes``; sorted.
    """
    words = np.array(hashes, np.uint64)
    found: list[tuple[int, int, int]] = []
    for start in range(0, len(words), _BLOCK):
        bits = np.bitwise_count(words[start : start + _BLOCK, None] ^ words[None, start:])
        rows, columns = np.nonzero(bits <= distance)
        later = columns > rows
        rows, columns = rows[later], columns[later]
        counts = bits[rows, columns]
        found += zip((rows + start).tolist(), (columns + start).tolist(), counts.tolist(), strict=True)
    return found
