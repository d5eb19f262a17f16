"""One photo being cut by GrabCut: rectangle or trimap, strokes, soft alpha.

GrabCut works on a reduced copy of the part of the photo that matters, in L*a*b* and with noise smoothed away:
its Gaussians then see colours and not grain. The first answer starts from `probable_object`; later ones go on
from the last with the colour models it learnt, which is fast. The border is found anew on the photo's own pixels
by `soft_border`. What the user marked stands as marked.

What a network saw in the area joins in after the first answer: where it is sure, it is believed, and elsewhere the
colours decide. Colours and networks err on different photos, and neither's answer is as good as this.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, union, widened
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.cutting.raster import BACKGROUND, NOTHING, OBJECT, Points, draw_way, rectangle_trimap
from fgbg_studio.core.cutting.seeds import SURE_BACKGROUND, SURE_OBJECT, Seed, Seen
from fgbg_studio.core.cutting.segmenters.grabcut.candidates import GRAIN, best_candidate, ellipse_in, figures_of
from fgbg_studio.core.cutting.segmenters.grabcut.start import (
    COLLAPSED,
    SPREAD,
    carried_on,
    grab_cut,
    nearest_seed,
    probable_object,
)
from fgbg_studio.core.cutting.soft_border import soft_border
from fgbg_studio.core.imaging.regions import Openings, Region, extent, small_parts

WORK_PIXELS = 250_000
MARGIN = 0.2  # of the region's longer side: the surroundings that show the background's colours
FIRST, AGAIN = 3, 1  # iterations
NOWHERE, SURELY = 0.15, 0.85  # of what a network saw: up to the one no object, from the other on the object
PART, HOLE = 0.05, 0.002  # of the object: smaller parts are dropped, smaller holes filled


@dataclass
class _Work:
    """The reduced copy of the photo's part ``box``, what the area says of it, and what GrabCut knows of it."""

    box: Box
    rgb: Pixels
    lab: Pixels
    background: Region
    object_: Region
    labels: Pixels | None = None
    learnt: bool = False
    background_model: NDArray[np.float64] = field(default_factory=lambda: np.zeros((1, 65)))
    object_model: NDArray[np.float64] = field(default_factory=lambda: np.zeros((1, 65)))

    @property
    def size(self) -> tuple[int, int]:
        return self.lab.shape[1], self.lab.shape[0]

    @property
    def found(self) -> Region:
        """(h, w): the object; nothing before the first cut."""
        labels = np.zeros(self.lab.shape[:2], np.uint8) if self.labels is None else self.labels
        return np.asarray(labels & 1, np.bool_)


@dataclass(frozen=True, eq=False)
class _Area:
    """A trimap (H, W), the box around all of it that is not background, and whether any of it is surely object."""

    trimap: Pixels
    box: Box
    sure: bool


class GrabCutSession:
    """One photo being cut: say where the object is, `run`, look at `alpha`, add strokes, `run` again.

    The same calls in the same order give the same alpha.

    Args:
        rgb: the photo, (H, W, 3); it is not copied and must not change.
        seed: of all random numbers.
        work_pixels: of the reduced copy that GrabCut works on.

    Raises:
        UsageError: the photo has no pixels.
    """

    def __init__(self, rgb: Pixels, seed: int = 0, work_pixels: int = WORK_PIXELS) -> None:
        if rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
            raise UsageError(f"a photo of shape {rgb.shape} cannot be cut", "Give a colour picture")
        self.rgb = rgb
        self.seed = seed
        self.work_pixels = work_pixels
        self.marks: Pixels = np.zeros(rgb.shape[:2], np.uint8)
        self.alpha: Pixels = np.zeros(rgb.shape[:2], np.uint8)
        self._area: _Area | None = None
        self._seen: Seen | None = None
        self._work: _Work | None = None

    def take(self, seed: Seed) -> None:
        """Take in what was drawn.

        Raises:
            FgbgError: it does not fit the photo.
        """
        trimap = seed.as_trimap(self.rgb.shape[:2])
        if trimap is not None:
            self.set_trimap(trimap)
        if isinstance(seed, Seen):
            self._seen = seed
        seed.draw(self.marks)

    def set_rectangle(self, box: Box) -> None:
        """The object lies inside ``box`` (x, y, width, height), in pixels; what hangs over the photo is cut off.

        Takes the place of a trimap; strokes stay.

        Raises:
            UsageError: nothing of it lies on the photo.
        """
        self.set_trimap(rectangle_trimap(box, self.rgb.shape[:2]))

    def set_trimap(self, trimap: Pixels) -> None:
        """(H, W): up to 64 is surely background, from 192 on surely object, the rest to be decided.

        Takes the place of the one before, and of what a network saw in that; strokes stay.

        Raises:
            UsageError: it has another size than the photo, or is background everywhere.
        """
        if trimap.shape != self.rgb.shape[:2]:
            (height, width), (own_height, own_width) = trimap.shape[:2], self.rgb.shape[:2]
            raise UsageError(
                f"the trimap has {width} × {height} pixels and the photo {own_width} × {own_height}",
                "Draw it on the photo itself",
            )
        most = int(trimap.max())
        if most <= SURE_BACKGROUND:
            raise UsageError(
                "the trimap is background everywhere", "Mark the object with 255, or where it may be with 128"
            )
        self._area = _Area(trimap.copy(), extent(trimap > SURE_BACKGROUND), most >= SURE_OBJECT)
        self._seen = None
        self._work = None

    def add_stroke(self, points: Points | Region, radius: float = 1, *, object: bool) -> None:  # noqa: A002 - the word for it
        """Mark what is ``object``, or background; a later stroke covers an earlier one.

        Args:
            points: (x, y) along a brush's way, a pixel's middle at half a pixel; or (H, W) bool of all that is meant.
            radius: of the brush, in pixels.
            object: which of both.
        """
        self._mark(points, radius, OBJECT if object else BACKGROUND)

    def erase_strokes(self, points: Points | Region | None = None, radius: float = 1) -> None:
        """Take strokes back: under a brush's way, in a region (as in `add_stroke`), or all of them."""
        if points is None:
            self.marks[:] = NOTHING
        else:
            self._mark(points, radius, NOTHING)

    def _mark(self, points: Points | Region, radius: float, value: int) -> None:
        if isinstance(points, np.ndarray):
            self.marks[points] = value
        else:
            draw_way(self.marks, points, radius, value)

    def run(self, iterations: int | None = None) -> Pixels:
        """Cut, and return the new `alpha`.

        Args:
            iterations: of GrabCut, at least 1; by default three the first time and one after strokes.

        Raises:
            UsageError: nothing says where the object is.
        """
        if self._area is None and not (self.marks == OBJECT).any():
            raise UsageError("nothing says where the object is", "Draw a rectangle around it first")
        work = self._working_copy()
        background, object_ = self._seeds(work)
        if work.labels is None:
            work = self._first(work, background, object_, iterations)
        elif self._seen is None:
            work = _cut(work, work.found, background, object_, iterations, self.seed)
        if self._seen is not None:
            nowhere, surely = self._with_seen(self._seen, work, background, object_)
            work = _cut(work, (work.found & ~nowhere) | surely, nowhere, surely, iterations, self.seed)
        self._work = work
        found = _cleaned(work.found, background, object_)
        self.alpha = self._full_size(work, found)
        return self.alpha

    @property
    def mask(self) -> Pixels:
        """(H, W): 255 where `alpha` is at least 128, else 0."""
        return np.where(self.alpha >= 128, np.uint8(255), np.uint8(0))

    def _working_copy(self) -> _Work:
        inner = self._region()
        if self._work is not None and _within(inner, self._work.box):
            return self._work
        more = round(MARGIN * max(inner[2:])) + 2
        x, y, width, height = box = widened(inner, more, self.rgb.shape)
        scale = min(1.0, (self.work_pixels / (width * height)) ** 0.5)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        part = np.s_[y : y + height, x : x + width]
        rgb = np.asarray(cv2.resize(self.rgb[part], size, interpolation=cv2.INTER_AREA), np.uint8)
        lab = cv2.cvtColor(cv2.bilateralFilter(rgb, 7, 25, 5), cv2.COLOR_RGB2LAB)
        background = _share(self._outside(part), size) >= 0.5
        object_ = np.zeros_like(background)
        if self._area is not None and self._area.sure:
            object_ = _share(self._area.trimap[part] >= SURE_OBJECT, size) >= 0.5
        self._work = _Work(box, rgb, np.asarray(lab, np.uint8), background, object_)
        return self._work

    def _region(self) -> Box:
        """The box around all that may be the object."""
        if self._area is None:
            return 0, 0, self.rgb.shape[1], self.rgb.shape[0]
        painted = extent(self.marks == OBJECT)
        return union(self._area.box, painted)

    def _seeds(self, work: _Work) -> tuple[Region, Region]:
        """What is surely background and surely object, on the reduced copy."""
        painted_object, painted_background = self._painted(work)
        background = (work.background | painted_background) & ~painted_object
        object_ = (work.object_ | painted_object) & ~background
        if not self.marks.any():
            return background, object_
        undecided = ~(background | object_)
        more_object, more_background = carried_on(work.lab, painted_object, painted_background)
        return background | (more_background & undecided), object_ | (more_object & undecided)

    def _painted(self, work: _Work) -> tuple[Region, Region]:
        """Where strokes of the object and of the background lie, on the reduced copy."""
        x, y, width, height = work.box
        part = np.s_[y : y + height, x : x + width]
        for_, against = (_share(self.marks[part] == value, work.size) for value in (OBJECT, BACKGROUND))
        # A thin stroke on a large photo covers a fraction of a pixel of the copy and still counts.
        return (for_ >= 0.15) & (for_ >= against), (against >= 0.15) & (against > for_)

    def _with_seen(self, seen: Seen, work: _Work, background: Region, object_: Region) -> tuple[Region, Region]:
        """What is surely background and surely object, and what a network saw as such besides.

        Where a stroke says otherwise the network was wrong, and likely around it too: there it is not heard.
        """
        map_ = seen.on(work.box, work.size)
        nowhere, surely = map_ < NOWHERE, map_ >= SURELY
        painted_object, painted_background = self._painted(work)
        wrong = (painted_object & nowhere) | (painted_background & surely)
        heard = ~(background | object_)
        if wrong.any():
            away = cv2.distanceTransform((~wrong).astype(np.uint8), cv2.DIST_L2, 5)
            heard &= np.asarray(away > SPREAD * max(work.size), np.bool_)
        return background | (heard & nowhere), object_ | (heard & surely)

    def _outside(self, part: tuple[slice, slice]) -> Region:
        """Where, in a part of the photo, the trimap says background."""
        if self._area is None:
            return np.zeros(self.marks[part].shape, np.bool_)
        return np.asarray(self._area.trimap[part] <= SURE_BACKGROUND, np.bool_)

    def _first(self, work: _Work, background: Region, object_: Region, iterations: int | None) -> _Work:
        """The first answer, chosen from several where an area was marked around the object."""

        def from_start(guess: Region) -> _Work:
            return _cut(work, guess, background, object_, iterations, self.seed)

        if self._area is not None and self._area.sure and background.any() and object_.any():
            return from_start(nearest_seed(background, object_))
        if not background.any():
            return from_start(probable_object(work.lab, background, object_, self.seed))
        marked = ~background
        return best_candidate(
            lambda: from_start(probable_object(work.lab, background, object_, self.seed)),
            lambda: from_start(probable_object(work.lab, background, object_, self.seed, GRAIN)),
            lambda: from_start(marked | object_),
            lambda: from_start((ellipse_in(marked) & marked) | object_),
            lambda answer: figures_of(work.lab, answer.found, marked),
        )

    def _full_size(self, work: _Work, found: Region) -> Pixels:
        x, y, width, height = work.box
        part = np.s_[y : y + height, x : x + width]
        alpha = np.zeros(self.marks.shape, np.uint8)
        alpha[part] = soft_border(found, work.rgb, self.rgb[part])
        inside = alpha[part]
        inside[self._outside(part)] = 0
        if self._area is not None and self._area.sure:
            inside[self._area.trimap[part] >= SURE_OBJECT] = 255
        inside[self.marks[part] == OBJECT] = 255
        inside[self.marks[part] == BACKGROUND] = 0
        return alpha


def _cut(work: _Work, guess: Region, background: Region, object_: Region, iterations: int | None, seed: int) -> _Work:
    """``work`` with GrabCut's labels (odd: object); with the guess where it cannot work or finds nothing."""
    labels = np.where(guess, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[background], labels[object_] = cv2.GC_BGD, cv2.GC_FGD
    before = labels.copy()
    mode = cv2.GC_EVAL if work.learnt else cv2.GC_INIT_WITH_MASK
    turns = iterations or (AGAIN if work.learnt else FIRST)
    models = work.background_model.copy(), work.object_model.copy()
    done = grab_cut(work.lab, labels, *models, turns, mode, seed)
    found, undecided = np.count_nonzero(labels & 1), np.count_nonzero(~(background | object_))
    learnt = done and bool(found > max(np.count_nonzero(object_), COLLAPSED * undecided))
    return replace(
        work,
        labels=labels if learnt else before,
        learnt=learnt,
        background_model=models[0],
        object_model=models[1],
    )


def _cleaned(found: Region, background: Region, object_: Region) -> Region:
    """Without crumbs and pinholes, except where the user marked them."""
    area = int(np.count_nonzero(found))
    crumbs = small_parts(found, max(2, round(PART * area)))
    whole = found & (~crumbs | _parts_with(crumbs, object_))
    openings = Openings.of(whole)
    holes = openings.where(openings.small(HOLE * area))
    return np.asarray(whole | (holes & ~_parts_with(holes, background)), np.bool_)


def _parts_with(parts: Region, seeds: Region) -> Region:
    """Those connected parts in which a seed lies."""
    count, labels = cv2.connectedComponents(parts.astype(np.uint8), connectivity=8)
    kept = np.zeros(count, np.bool_)
    kept[labels[parts & seeds]] = True
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _share(region: Region, size: tuple[int, int]) -> NDArray[np.float32]:
    """(h, w): the share 0..1 of each pixel of the smaller ``size`` that ``region`` covers."""
    share = cv2.resize(region.view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    return np.asarray(share, np.float32) / np.float32(255)


def _within(inner: Box, outer: Box) -> bool:
    return union(inner, outer) == outer
