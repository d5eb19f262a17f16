"""Choosing backgrounds: the square that is cut out, how sharp and bright a picture is, which are the same twice."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.images import Pixels

Square = tuple[int, int, int]

_STANDARD = 512  # pictures are measured at this longer side, so that resolution alone changes no figure
_HASH_SIDE = 32
_HASH_BAND = 8
_BLOCK = 1024


def square_crop(width: int, height: int, box: Square | None = None) -> Square:
    """The square of a picture that becomes a background.

    Args:
        width: of the picture in pixels, at least 1.
        height: likewise.
        box: a stored square (x, y, side); None takes the largest one from the centre.

    Returns:
        (x, y, side) in pixels, wholly inside the picture: a stored square is made smaller where it must be,
        then moved.
    """
    most = min(width, height)
    if box is None:
        return (width - most) // 2, (height - most) // 2, most
    side = min(max(box[2], 1), most)
    return min(max(box[0], 0), width - side), min(max(box[1], 0), height - side), side


def sharpness(rgb: Pixels) -> float:
    """The variance of the Laplacian of the luma (0..255) at a longer side of 512 px; larger is sharper.

    After Pech-Pacheco and others, 'Diatom autofocusing in brightfield microscopy', ICPR 2000. A picture
    smaller than that is measured as it is: enlarging it would call it blurred.

    Args:
        rgb: (H, W, 3).
    """
    luma = _luma(rgb)
    factor = _STANDARD / max(luma.shape)
    if factor < 1:
        luma = cv2.resize(luma, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return float(cv2.Laplacian(luma, cv2.CV_32F).var())


def brightness(rgb: Pixels) -> float:
    """The mean luma of a picture (H, W, 3), 0 (black) to 1 (white)."""
    return float(_luma(rgb).mean() / 255)


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
    small = cv2.resize(_luma(rgb), (_HASH_SIDE, _HASH_SIDE), interpolation=cv2.INTER_AREA)
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


def _luma(rgb: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
