"""Near-duplicates among backgrounds: which belong together, and which of them is the better one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from fgbg_studio.core.imaging.perceptual_hash import alike
from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.framing import square_crop
from fgbg_studio.core.project.model import Background

Groups = tuple[tuple[str, ...], ...]
"""The hashes of pictures that look alike, group by group."""

_LARGER = 1.1
_BLURRED = 0.5
_ONE_SHAPE = 1.3  # crops that still look alike change an aspect by less


def similar_groups(backgrounds: Sequence[Background]) -> Groups:
    """The pictures that look alike, whatever was decided of them, in the order of the backgrounds."""
    known = [b for b in backgrounds if b.fingerprint]
    return tuple(tuple(known[i].sha256 for i in group) for group in alike([b.fingerprint for b in known]))


def open_groups(backgrounds: Sequence[Background], groups: Groups) -> list[list[Background]]:
    """Good backgrounds that look alike and between which nobody has decided yet, in groups of two and more.

    Two that were both kept on purpose are not alike any more.

    Args:
        backgrounds: as they are now.
        groups: of `similar_groups`, which holds as long as no picture is added.
    """
    good = {b.sha256: b for b in backgrounds if b.status == "good"}
    found = []
    for group in groups:
        members = [good[sha] for sha in group if sha in good]
        parts = alike([b.fingerprint for b in members], [b.kept for b in members])
        found += [[members[i] for i in part] for part in parts]
    return found


def better(group: Sequence[Background], metrics: Mapping[str, Metrics]) -> Background:
    """The one to keep: of those that have the group's shape and are not blurred the largest, of like ones the sharpest.

    Large is whose square has more pixels, as nothing else comes into the dataset. Sharpness is measured at one size,
    so that a picture that was enlarged does not win by its pixels: it has less than half the sharpness.
    """

    def sharpness(b: Background) -> float:
        return metrics[b.sha256].sharpness if b.sha256 in metrics else 0.0

    left = _of_one_shape(group)
    sharpest = max(map(sharpness, left))
    left = [b for b in left if sharpness(b) >= _BLURRED * sharpest]
    largest = max(map(_side, left))
    return max((b for b in left if _side(b) * _LARGER >= largest), key=sharpness)


def _side(b: Background) -> int:
    return square_crop(b.width, b.height, b.crop)[2]


def _of_one_shape(group: Sequence[Background]) -> list[Background]:
    """Those that no stretching has put out of shape: near-duplicates show the same, so that another aspect is squeezed.

    The aspect that most of them have is taken for the right one, of as many the least extreme.
    """

    def others(b: Background) -> list[Background]:
        return [other for other in group if abs(_shape(b) - _shape(other)) <= math.log(_ONE_SHAPE)]

    model = min(group, key=lambda b: (-len(others(b)), abs(_shape(b))))
    return others(model)


def _shape(b: Background) -> float:
    """The aspect such that twice as wide and twice as high are equally far from a square."""
    return math.log(b.width / b.height)
