"""Which pictures are nearly the same, by hashes that survive scaling and compression."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.quality import luma

_HASH_SIDE = 32
_HASH_BAND = 8


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


def alike(hashes: Sequence[int], decided: Sequence[bool] = (), distance: int = 12) -> list[list[int]]:
    """Groups of pictures that are nearly the same: within one, each is like another by at most ``distance`` bits.

    The members of a group are found from each other, so that one of n like pictures costs about one comparison with
    those that are left, and 10,000 that are all different 0.2 s; nothing is kept of the pairs.

    Args:
        hashes: of `perceptual_hash`.
        decided: for each hash whether a person has kept it on purpose: two of these are not taken for alike.
        distance: 0..64. Copies that were encoded or scaled anew, brightened or cropped by up to 3% on each side
            differed in 0 to 12 bits, the most alike of different scenes in 18.

    Returns:
        The numbers of each group of two and more, ascending; groups by their first.
    """
    words, kept = np.array(hashes, np.uint64), np.array(decided or np.zeros(len(hashes)), np.bool_)
    left, groups = np.arange(len(words)), []
    while len(left):
        group, left = [int(left[0])], left[1:]
        for one in group:  # grows while it is walked
            near = np.bitwise_count(words[left] ^ words[one]) <= distance
            near &= ~(kept[left] & kept[one])
            group += left[near].tolist()
            left = left[~near]
            if not len(left):
                break
        if len(group) > 1:
            groups.append(sorted(group))
    return groups
