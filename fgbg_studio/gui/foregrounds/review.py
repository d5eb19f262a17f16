"""What follows every change of a cutout, on a worker: its finished alpha, its edge's colours, its check."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.check import Finding, check_cutout, mend
from fgbg_studio.core.cutting.refine import Refinement, around, coloured, refined_alpha, refined_cutout
from fgbg_studio.core.imaging.matte import decontaminate
from fgbg_studio.core.imaging.regions import Box

Refined = tuple[int, "Pixels | EdgeColours | list[Finding]"]
_MARGIN = 8  # so that only the photo's own edge is taken for one that cuts the object


@dataclass(frozen=True)
class EdgeColours:
    """The finished cutout's colours (h, w, 3) inside ``box`` (x, y, w, h); nothing inside an empty box."""

    box: Box
    rgb: Pixels


def refine(photo: Pixels, alpha: Pixels, finish: Refinement, version: int) -> Generator[Refined]:
    """Yields, each with ``version``: the finished alpha, its `EdgeColours`, the findings of the check."""
    final = refined_alpha(alpha, finish)
    yield version, final
    part = around(final, _MARGIN)
    rgba = np.dstack([coloured(photo[part], final[part]), final[part]])
    if finish.clean:
        rgba = decontaminate(rgba)
    yield version, EdgeColours((part[1].start, part[0].start, rgba.shape[1], rgba.shape[0]), rgba[..., :3])
    yield version, [] if not final.any() else [_moved(f, part) for f in check_cutout(rgba)]


def mended(photo: Pixels, alpha: Pixels, finish: Refinement, code: str) -> Pixels:
    """``alpha`` (H, W), before it is finished, changed where mending the finished cutout changes it."""
    rgba, (x, y, width, height) = refined_cutout(photo, alpha, finish)
    after = mend(rgba, code)[..., 3]
    done = alpha.copy()
    part = done[y : y + height, x : x + width]
    part[:] = np.where(after != rgba[..., 3], after, part)
    return done


def _moved(finding: Finding, part: tuple[slice, slice]) -> Finding:
    if finding.box is None:
        return finding
    x, y, width, height = finding.box
    box = (x + part[1].start, y + part[0].start, width, height)
    return Finding(finding.code, finding.severity, finding.message, box, finding.mendable)
