"""What follows every change of a cutout: its alpha is refined, its edge's colours are made, it is checked."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.check import check_cutout, mend
from fgbg_studio.core.cutting.refine import Refinement, around, in_own_colours, refined_alpha, refined_cutout
from fgbg_studio.core.imaging.regions import Region

_MARGIN = 8  # so that only the photo's own edge is taken for one that cuts the object


@dataclass(frozen=True)
class EdgeColours:
    """The finished cutout's colours (h, w, 3) inside ``box`` (x, y, w, h); nothing inside an empty box."""

    box: Box
    rgb: Pixels


def refine_and_check(
    photo: Pixels, alpha: Pixels, finish: Refinement, hair: Region | None = None
) -> Generator[Pixels | EdgeColours | list[Issue]]:
    """Yields, each as soon as it is known: the finished alpha, its `EdgeColours`, the issues of the check.

    Args:
        photo: (H, W, 3) RGB, or (H, W, 4) where it was a cutout before.
        alpha: (H, W) as it was cut.
        finish: how it is finished.
        hair: (H, W) bool, where it was matted; None for nowhere.
    """
    final = refined_alpha(alpha, finish)
    yield final
    part = around(final, _MARGIN)
    rgba = in_own_colours(photo, final, part, finish, hair)
    yield EdgeColours((part[1].start, part[0].start, rgba.shape[1], rgba.shape[0]), np.ascontiguousarray(rgba[..., :3]))
    yield [] if not final.any() else [_moved(f, part) for f in check_cutout(rgba)]


def mend_finished(photo: Pixels, alpha: Pixels, finish: Refinement, code: str, place: Box | None = None) -> Pixels:
    """``alpha`` (H, W), before it is finished, changed where mending the finished cutout changes it.

    Only at ``place`` of the photo, if one is given.
    """
    rgba, (x, y, width, height) = refined_cutout(photo, alpha, finish)
    here = (place[0] - x, place[1] - y, *place[2:]) if place else None
    after = mend(rgba, code, here)[..., 3]
    done = alpha.copy()
    part = done[y : y + height, x : x + width]
    part[:] = np.where(after != rgba[..., 3], after, part)
    return done


def _moved(issue: Issue, part: tuple[slice, slice]) -> Issue:
    def moved(box: Box) -> Box:
        return box[0] + part[1].start, box[1] + part[0].start, box[2], box[3]

    box = moved(issue.box) if issue.box else None
    return replace(issue, box=box, places=tuple(moved(place) for place in issue.places))
