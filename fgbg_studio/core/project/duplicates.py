"""Near-duplicates among backgrounds: which belong together, and which of them is the better one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fgbg_studio.core.imaging.perceptual_hash import near_duplicates
from fgbg_studio.core.imaging.thumbnails import Metrics
from fgbg_studio.core.project.model import Background

Pairs = tuple[tuple[str, str], ...]

_LARGER = 1.1
_BLURRED = 0.5


def similar_pairs(backgrounds: Sequence[Background]) -> Pairs:
    """The hashes of pictures that look alike, each pair in the order of the backgrounds."""
    known = [b for b in backgrounds if b.fingerprint]
    pairs = near_duplicates([b.fingerprint for b in known])
    return tuple((known[i].sha256, known[j].sha256) for i, j, _ in pairs)


def open_groups(backgrounds: Sequence[Background], pairs: Pairs) -> list[list[Background]]:
    """Good backgrounds that look alike and between which nobody has decided yet, in groups of two and more.

    Two that were both kept on purpose are no pair any more.
    """
    good = {b.sha256: b for b in backgrounds if b.status == "good"}
    first: dict[str, str] = {}

    def root(sha: str) -> str:
        while first.setdefault(sha, sha) != sha:
            first[sha] = first[first[sha]]
            sha = first[sha]
        return sha

    for one, other in pairs:
        if one in good and other in good and not (good[one].kept and good[other].kept):
            first[root(other)] = root(one)
    groups: dict[str, list[Background]] = {}
    for sha, background in good.items():
        if sha in first:
            groups.setdefault(root(sha), []).append(background)
    return list(groups.values())


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
