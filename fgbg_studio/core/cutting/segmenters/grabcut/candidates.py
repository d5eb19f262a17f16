"""Which of several first answers is kept, when somebody has marked an area around an object.

Three things go wrong with GrabCut, and each has its guard. Grain adds up on a long way, so that ground between
an object's legs looks as hard to reach as the object: a second answer is made from ways on which grain costs
nothing, and believed where it parts the colours clearly better. What is easy to reach may be a part of the object as
well: so is a third answer, which starts from the whole area as plain GrabCut does. And GrabCut likes to shrink to
the most distinct colour, or to keep everything: but who marks an area marks it around the object, which so reaches
from side to side of it (Lempitsky et al., 'Image segmentation with a bounding box prior', ICCV 2009). An answer that
does not is replaced by what comes of the ellipse that fits the area, if that does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Region, extent, small_parts

GRAIN = 50  # percentile of the steps between neighbours up to which one is taken for grain
CLEARER = 0.1  # how much better, of 0..1, another answer must part the colours to be believed
KEPT_AREA, KEPT_BOX = 0.5, 0.85  # what it must keep besides: of the first one's area, and of the box around it
TIGHT = 0.4  # of the marked area's box: the least that the box around an object in it covers
DISTINCT = 0.95  # of 0..1: an answer that parts the colours so well is right, however loosely it was marked
EVERYTHING = 0.9  # of the marked area: more is no answer
CRUMB = 0.05  # of what was found: smaller parts say nothing of its extent
BINS = 10, 22, 22  # of L*, a* and b*, by which colours are compared

Answer = TypeVar("Answer")


class Figures(NamedTuple):
    """What tells a good answer from a bad one.

    Attributes:
        box: share of the marked area's box that the box around the object covers.
        area: share of the marked area that the object covers.
        parted: 0..1, how little the colours inside and outside of it have in common.
    """

    box: float
    area: float
    parted: float

    @property
    def fit(self) -> bool:
        """Whether an object that was marked from outside may have them."""
        return self.parted >= DISTINCT or (self.box >= TIGHT and self.area <= EVERYTHING)

    def clearer_than(self, other: Figures) -> bool:
        """Whether this answer is to be believed instead of the ``other`` one."""
        kept = self.area >= KEPT_AREA * other.area and self.box >= KEPT_BOX * other.box
        return self.fit and kept and self.parted > other.parted + CLEARER


def best_candidate(
    ordinary: Callable[[], Answer],
    unmoved: Callable[[], Answer],
    whole: Callable[[], Answer],
    rounded: Callable[[], Answer],
    figures: Callable[[Answer], Figures],
) -> Answer:
    """The best of up to three answers; each is made only when it is asked for.

    Args:
        ordinary: makes the first answer.
        unmoved: the one that grain does not move.
        whole: the one that starts from all of the area.
        rounded: the one that starts from an ellipse.
        figures: of an answer.
    """
    best = ordinary()
    known = figures(best)
    if not known.fit:
        other = rounded()
        return other if figures(other).fit else best
    for make in (unmoved, whole):
        if known.parted + CLEARER >= 1:
            break  # nothing is clearer
        other = make()
        found = figures(other)
        if found.clearer_than(known):
            best, known = other, found
    return best


def figures_of(lab: Pixels, found: Region, marked: Region) -> Figures:
    """The figures of an object that was ``found`` (H, W) in the area ``marked`` of a photo in L*a*b*."""
    whole = found & ~small_parts(found, round(CRUMB * np.count_nonzero(found)))
    _, _, width, height = extent(whole)
    _, _, marked_width, marked_height = extent(marked)
    box = width * height / max(marked_width * marked_height, 1)
    area = int(np.count_nonzero(whole)) / max(int(np.count_nonzero(marked)), 1)
    return Figures(box, area, _parted(lab, whole) if area else 0.0)


def ellipse_in(marked: Region) -> Region:
    """(H, W): the largest ellipse in the box around what is ``marked``."""
    x, y, width, height = extent(marked)
    rows, columns = np.ogrid[: marked.shape[0], : marked.shape[1]]
    across, down = 2 * (columns + 0.5 - x) / max(width, 1) - 1, 2 * (rows + 0.5 - y) / max(height, 1) - 1
    return np.asarray(across**2 + down**2 < 1, np.bool_)


def _parted(lab: Pixels, found: Region) -> float:
    """1 less the intersection of the colour histograms inside and outside (Swain and Ballard, IJCV 1991).

    Where nothing was found, nothing is parted: 0.
    """
    if not found.any():
        return 0.0
    bins = lab.astype(np.int32) * np.array(BINS) // 256
    places = np.ravel_multi_index((bins[..., 0], bins[..., 1], bins[..., 2]), BINS)
    inside, outside = _shares(places[found]), _shares(places[~found])
    return 1 - float(np.minimum(inside, outside).sum())


def _shares(places: NDArray[np.intp]) -> NDArray[np.float64]:
    counts = np.bincount(places, minlength=math.prod(BINS)).astype(np.float64)
    return counts / float(max(len(places), 1))
