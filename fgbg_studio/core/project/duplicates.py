"""Near-duplicates among backgrounds: which belong together, and which of them is the better one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fgbg_studio.core.imaging.perceptual_hash import alike
from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.model import Background

Groups = tuple[tuple[str, ...], ...]
"""The hashes of pictures that look alike, group by group."""

_LARGER = 1.1
_BLURRED = 0.5


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
    """The one to keep: clearly more pixels in the square, unless they are blurred; else the sharper one.

    Sharpness is measured at one size, so that a picture that was enlarged does not win by its pixels: with
    less than half the sharpness it was.
    """

    def sharpness(b: Background) -> float:
        return metrics[b.sha256].sharpness if b.sha256 in metrics else 0.0

    best = group[0]
    for other in group[1:]:
        ratio = min(other.width, other.height) / min(best.width, best.height)
        if ratio > _LARGER and sharpness(other) >= _BLURRED * sharpness(best):
            best = other
        elif 1 / ratio > _LARGER and sharpness(best) >= _BLURRED * sharpness(other):
            continue
        elif sharpness(other) > sharpness(best):
            best = other
    return best
