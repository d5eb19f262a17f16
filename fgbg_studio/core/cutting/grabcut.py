"""Cutting an object out of a photo by GrabCut, without a window: rectangle or trimap, strokes, soft alpha.

GrabCut (Rother, Kolmogorov and Blake, 'GrabCut', SIGGRAPH 2004) works on a reduced copy of the part of the
photo that matters, in L*a*b* and with noise smoothed away: its Gaussians then see colours and not grain. The
first answer starts from `first_guess`; later ones go on from the last with the colour models it learnt, which
is fast. The border is found anew on the photo's own pixels by `border`. What the user marked stands as marked.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.cutting.candidates import GRAIN, chosen, ellipse_in, figures_of
from fgbg_studio.core.cutting.grabcut_start import COLLAPSED, carried_on, first_guess, grab_cut, nearest_seed
from fgbg_studio.core.cutting.soft_border import soft_border
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.matte import trim as trimmed
from fgbg_studio.core.imaging.reading import read_mask, read_rgb
from fgbg_studio.core.imaging.regions import Box, Openings, Region, extent, small_parts

WORK_PIXELS = 250_000
MARGIN = 0.2  # of the region's longer side: the surroundings that show the background's colours
FIRST, AGAIN = 3, 1  # iterations
SURE_BACKGROUND, SURE_OBJECT = 64, 192  # of a trimap
NONE, OBJECT, BACKGROUND = 0, 1, 2  # of the marks that strokes leave
PART, HOLE = 0.05, 0.002  # of the object: smaller parts are dropped, smaller holes filled


@dataclass
class _Work:
    """The reduced copy of the photo's part ``box``, and what GrabCut knows of it."""

    box: Box
    rgb: Pixels
    lab: Pixels
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


class CutoutSession:
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
        self._rectangle: Box | None = None
        self._trimap: Pixels | None = None
        self._work: _Work | None = None

    def set_rectangle(self, box: Box) -> None:
        """The object lies inside ``box`` (x, y, width, height), in pixels; what hangs over the photo is cut off.

        Takes the place of a trimap; strokes stay.

        Raises:
            UsageError: nothing of it lies on the photo.
        """
        x, y, width, height = box
        left, top = max(0, x), max(0, y)
        right, bottom = min(self.rgb.shape[1], x + width), min(self.rgb.shape[0], y + height)
        if right <= left or bottom <= top:
            size = f"{self.rgb.shape[1]} × {self.rgb.shape[0]}"
            raise UsageError(
                f"the rectangle {x},{y},{width},{height} lies outside the photo of {size} pixels",
                "Give one around the object",
            )
        self._rectangle, self._trimap = (left, top, right - left, bottom - top), None
        self._work = None

    def set_trimap(self, trimap: Pixels) -> None:
        """(H, W): up to 64 is surely background, from 192 on surely object, the rest to be decided.

        Takes the place of a rectangle; strokes stay.

        Raises:
            UsageError: it has another size than the photo, or is background everywhere.
        """
        if trimap.shape != self.rgb.shape[:2]:
            (height, width), (own_height, own_width) = trimap.shape[:2], self.rgb.shape[:2]
            raise UsageError(
                f"the trimap has {width} × {height} pixels and the photo {own_width} × {own_height}",
                "Draw it on the photo itself",
            )
        if int(trimap.max()) <= SURE_BACKGROUND:
            raise UsageError(
                "the trimap is background everywhere", "Mark the object with 255, or where it may be with 128"
            )
        self._rectangle, self._trimap = None, trimap.copy()
        self._work = None

    def add_stroke(self, points: Sequence[tuple[float, float]] | Region, radius: float = 1, *, object: bool) -> None:  # noqa: A002 - the word for it
        """Mark what is ``object``, or background; a later stroke covers an earlier one.

        Args:
            points: (x, y) in pixels along a brush's way, or (H, W) bool of all that is meant.
            radius: of the brush, in pixels.
            object: which of both.
        """
        self._mark(points, radius, OBJECT if object else BACKGROUND)

    def erase_strokes(self, points: Sequence[tuple[float, float]] | Region | None = None, radius: float = 1) -> None:
        """Take strokes back: under a brush's way, in a region (as in `add_stroke`), or all of them."""
        if points is None:
            self.marks[:] = NONE
        else:
            self._mark(points, radius, NONE)

    def _mark(self, points: Sequence[tuple[float, float]] | Region, radius: float, value: int) -> None:
        if isinstance(points, np.ndarray) and points.dtype == np.bool_:
            self.marks[points] = value
            return
        # Four fractional bits: a brush that moves by less than a pixel is drawn where it is.
        way = np.round(np.asarray(points, np.float64).reshape(-1, 2) * 16).astype(np.int32)
        for start, end in itertools.pairwise(way):
            thickness = max(1, round(2 * radius))
            cv2.line(self.marks, start.tolist(), end.tolist(), value, thickness, cv2.LINE_8, 4)
        for centre in way:
            cv2.circle(self.marks, centre.tolist(), round(radius * 16), value, cv2.FILLED, cv2.LINE_8, 4)

    def run(self, iterations: int | None = None) -> Pixels:
        """Cut, and return the new `alpha`.

        Args:
            iterations: of GrabCut, at least 1; by default three the first time and one after strokes.

        Raises:
            UsageError: nothing says where the object is.
        """
        if self._rectangle is None and self._trimap is None and not (self.marks == OBJECT).any():
            raise UsageError("nothing says where the object is", "Draw a rectangle around it first")
        work = self._working_copy()
        background, object_ = self._seeds(work)
        if work.labels is None:
            work = self._work = self._first(work, background, object_, iterations)
        else:
            work = self._work = _cut(work, work.found, background, object_, iterations, self.seed)
        found = _cleaned(work.found, background, object_)
        self.alpha = self._full_size(work, found)
        return self.alpha

    @property
    def mask(self) -> Pixels:
        """(H, W): 255 where `alpha` is at least 128, else 0."""
        return np.where(self.alpha >= 128, np.uint8(255), np.uint8(0))

    def cutout(self, *, trim: bool = False) -> Pixels:
        """(H, W, 4) RGBA, the photo's colours wherever `alpha` is over 0, black elsewhere.

        Args:
            trim: whether to cut it down to the object.
        """
        rgba = np.dstack([cv2.bitwise_and(self.rgb, self.rgb, mask=self.alpha), self.alpha])
        return np.ascontiguousarray(trimmed(rgba)[0]) if trim else rgba

    def _working_copy(self) -> _Work:
        inner = self._region()
        if self._work is not None and _within(inner, self._work.box):
            return self._work
        x, y, width, height = box = _widened(inner, self.rgb.shape[:2])
        part = self.rgb[y : y + height, x : x + width]
        scale = min(1.0, (self.work_pixels / (width * height)) ** 0.5)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        rgb = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        lab = cv2.cvtColor(cv2.bilateralFilter(rgb, 7, 25, 5), cv2.COLOR_RGB2LAB)
        self._work = _Work(box, rgb, np.asarray(lab, np.uint8))
        return self._work

    def _region(self) -> Box:
        """The box around all that may be the object."""
        painted = extent(self.marks == OBJECT)
        if self._rectangle is not None:
            first = self._rectangle
        elif self._trimap is not None:
            first = extent(self._trimap > SURE_BACKGROUND)
        else:
            return 0, 0, self.rgb.shape[1], self.rgb.shape[0]
        return _union(first, painted) if painted[2] else first

    def _seeds(self, work: _Work) -> tuple[Region, Region]:
        """What is surely background and surely object, on the reduced copy."""
        x, y, width, height = work.box
        part = np.s_[y : y + height, x : x + width]
        background = _share(self._outside(part), work.size) >= 0.5
        object_ = np.zeros_like(background)
        if self._trimap is not None:
            object_ = _share(self._trimap[part] >= SURE_OBJECT, work.size) >= 0.5
        for_, against = (_share(self.marks[part] == value, work.size) for value in (OBJECT, BACKGROUND))
        # A thin stroke on a large photo covers a fraction of a pixel of the copy and still counts.
        painted_object = (for_ >= 0.15) & (for_ >= against)
        painted_background = (against >= 0.15) & (against > for_)
        background = (background | painted_background) & ~painted_object
        object_ = (object_ | painted_object) & ~background
        if not self.marks.any():
            return background, object_
        undecided = ~(background | object_)
        more_object, more_background = carried_on(work.lab, painted_object, painted_background)
        return background | (more_background & undecided), object_ | (more_object & undecided)

    def _outside(self, part: tuple[slice, slice]) -> Region:
        """Where, in a part of the photo, the rectangle or the trimap says background."""
        if self._trimap is not None:
            return np.asarray(self._trimap[part] <= SURE_BACKGROUND, np.bool_)
        outside = np.zeros(self.marks[part].shape, np.bool_)
        if self._rectangle is not None:
            outside[:] = True
            x, y, width, height = self._rectangle
            top, left = y - part[0].start, x - part[1].start
            outside[top : top + height, left : left + width] = False
        return outside

    def _first(self, work: _Work, background: Region, object_: Region, iterations: int | None) -> _Work:
        """The first answer, chosen from several where an area was marked around the object."""

        def from_start(guess: Region) -> _Work:
            return _cut(work, guess, background, object_, iterations, self.seed)

        if self._trimap is not None and background.any() and (self._trimap >= SURE_OBJECT).any() and object_.any():
            return from_start(nearest_seed(background, object_))
        if not background.any():
            return from_start(first_guess(work.lab, background, object_, self.seed))
        marked = ~background
        return chosen(
            lambda: from_start(first_guess(work.lab, background, object_, self.seed)),
            lambda: from_start(first_guess(work.lab, background, object_, self.seed, GRAIN)),
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
        if self._trimap is not None:
            inside[self._trimap[part] >= SURE_OBJECT] = 255
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
    return _Work(work.box, work.rgb, work.lab, labels if learnt else before, learnt, *models)


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


def _widened(box: Box, shape: tuple[int, ...]) -> Box:
    x, y, width, height = box
    more = round(MARGIN * max(width, height)) + 2
    left, top = max(0, x - more), max(0, y - more)
    return left, top, min(shape[1], x + width + more) - left, min(shape[0], y + height + more) - top


def _union(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right = max(one[0] + one[2], other[0] + other[2])
    return left, top, right - left, max(one[1] + one[3], other[1] + other[3]) - top


def _within(inner: Box, outer: Box) -> bool:
    return _union(inner, outer) == outer


def cut_photo(
    photo: Path, out: Path, *, rectangle: Box | None, trimap: Path | None, iterations: int | None, trim: bool
) -> float:
    """Cut by a rectangle or a trimap and write the RGBA cutout; the share of the photo that the object covers.

    Raises:
        UsageError: ``out`` is no PNG, or the rectangle or the trimap does not fit the photo.
        PictureError: a file cannot be read.
    """
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out} is not a PNG file", "Transparency needs one: --out CUT.png")
    session = CutoutSession(read_rgb(photo))
    if rectangle is not None:
        session.set_rectangle(rectangle)
    if trimap is not None:
        session.set_trimap(read_mask(trimap))
    session.run(iterations) if iterations else session.run()
    write_file(out, encode(session.cutout(trim=trim), Codec()))
    return float((session.mask > 0).mean())
