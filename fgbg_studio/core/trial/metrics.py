"""How good a predicted mask or depth map is, each of one sample, in NumPy.

A figure that a sample cannot have is NaN, and means leave it out: depth where no pixel has a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap

Mask = NDArray[np.bool_]
Known = NDArray[np.bool_] | None
"""Which pixels of a truth say something; None for all."""

_CLOSE = 1.25  # Eigen et al. 2014: a depth is right within this factor
_WINDOW, _SIGMA = 11, 1.5  # Wang et al. 2004
_TOLERANCE = 0.0075  # of the diagonal, as the DAVIS benchmark has it


def mask_iou(mask: Mask, truth: Mask, known: Known = None) -> float:
    """The common area over the joint one, 0..1; 1 where both are empty."""
    mask, truth = _of_known(mask, truth, known)
    joint = int((mask | truth).sum())
    return int((mask & truth).sum()) / joint if joint else 1.0


def dice(mask: Mask, truth: Mask, known: Known = None) -> float:
    """Twice the common area over the sum of both, 0..1; 1 where both are empty."""
    mask, truth = _of_known(mask, truth, known)
    total = int(mask.sum()) + int(truth.sum())
    return 2 * int((mask & truth).sum()) / total if total else 1.0


def boundary_f(mask: Mask, truth: Mask, tolerance: int | None = None) -> float:
    """The harmonic mean of two shares: of the mask's outline near the truth's, and the other way round; 0..1.

    An outline is the object's pixels that have a neighbour outside, above, below or beside; the frame is no outside.

    Args:
        mask: (H, W) bool.
        truth: likewise.
        tolerance: pixels within which an outline is near; by default 0.75 % of the diagonal, at least 1.
    """
    if tolerance is None:
        tolerance = max(round(_TOLERANCE * math.hypot(*truth.shape)), 1)
    ours, theirs = outline(mask), outline(truth)
    if not ours.any() or not theirs.any():
        return float(ours.any() == theirs.any())
    precision = float((_distance(theirs)[ours] <= tolerance).mean())
    recall = float((_distance(ours)[theirs] <= tolerance).mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def outline(mask: Mask) -> Mask:
    """(H, W) bool: the pixels of a mask that have a neighbour which is none, above, below or beside."""
    padded = np.pad(mask, 1, constant_values=True)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    edge: Mask = mask & ~inner
    return edge


def _distance(edge: Mask) -> NDArray[np.float32]:
    """To the next pixel of an outline, in pixels."""
    distances = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distances, np.float32)


def _of_known(mask: Mask, truth: Mask, known: Known) -> tuple[Mask, Mask]:
    return (mask, truth) if known is None else (mask[known], truth[known])


def delta1(depth: DepthMap, truth: DepthMap) -> float:
    """The share of pixels whose depth is within a factor of 1.25 of the truth, 0..1."""
    ours, theirs = _valued(depth, truth)
    if not theirs.size:
        return math.nan
    return float((np.maximum(ours / theirs, theirs / ours) < _CLOSE).mean())


def abs_rel(depth: DepthMap, truth: DepthMap) -> float:
    """The mean of |depth − truth| / truth."""
    ours, theirs = _valued(depth, truth)
    return float((np.abs(ours - theirs) / theirs).mean()) if theirs.size else math.nan


def rmse(depth: DepthMap, truth: DepthMap) -> float:
    """The root of the mean square of depth − truth, in the truth's unit."""
    ours, theirs = _valued(depth, truth)
    return float(np.sqrt(np.square(ours - theirs).mean())) if theirs.size else math.nan


def _valued(depth: DepthMap, truth: DepthMap) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both where the truth has a value; a depth that is none is next to nothing."""
    valid = np.isfinite(truth)
    return np.maximum(depth[valid].astype(np.float64), 1e-6), truth[valid].astype(np.float64)


def ssim(depth: DepthMap, truth: DepthMap, span: float) -> float:
    """The mean structural similarity over the pixels that have a value, at most 1 (Wang et al. 2004).

    Gaussian windows of 11 pixels (σ 1.5), C1 = (0.01 span)² and C2 = (0.03 span)². Where the truth has no value both
    are taken as its mean.

    Args:
        depth: (H, W) float32.
        truth: likewise, NaN for no value.
        span: the difference between the farthest and the nearest depth that there are.
    """
    valid = np.isfinite(truth)
    if not valid.any():
        return math.nan
    middle = float(truth[valid].mean())
    a, b = (np.where(valid, one, middle).astype(np.float64) for one in (depth, truth))
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    mean_a, mean_b = _blurred(a), _blurred(b)
    var_a, var_b = _blurred(a * a) - mean_a**2, _blurred(b * b) - mean_b**2
    common = _blurred(a * b) - mean_a * mean_b
    alike = (2 * mean_a * mean_b + c1) * (2 * common + c2) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    return float(alike[valid].mean())


def _blurred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SIGMA, borderType=cv2.BORDER_REFLECT), np.float64)


class Scores(NamedTuple):
    """Means over samples; NaN for what is not there.

    Attributes:
        samples: how many were measured.
        iou: of masks, likewise ``dice`` and ``boundary_f``.
        delta1: of depth over the whole picture, likewise ``abs_rel``, ``rmse`` and ``ssim``.
        object_abs_rel: the same over the object's pixels alone: a background's depth says nothing of it.
    """

    samples: int = 0
    iou: float = math.nan
    dice: float = math.nan
    boundary_f: float = math.nan
    delta1: float = math.nan
    abs_rel: float = math.nan
    rmse: float = math.nan
    ssim: float = math.nan
    object_abs_rel: float = math.nan

    def to_dict(self) -> dict[str, float | None]:
        """JSON-ready: None for what is not there."""
        return {name: None if math.isnan(value) else value for name, value in self._asdict().items()}


def scores_from(data: dict[str, float | None]) -> Scores:
    """What `Scores.to_dict` gave."""
    return Scores(**{name: math.nan if value is None else value for name, value in data.items()})  # type: ignore[arg-type]


MASK_FIGURES = ("iou", "dice", "boundary_f")
DEPTH_FIGURES = ("delta1", "abs_rel", "rmse", "ssim", "object_abs_rel")


def mask_figures(mask: Mask, truth: Mask) -> dict[str, float]:
    """Of one sample, by the names of `Scores`."""
    return {"iou": mask_iou(mask, truth), "dice": dice(mask, truth), "boundary_f": boundary_f(mask, truth)}


def depth_figures(depth: DepthMap, truth: DepthMap, span: float, objects: Mask | None) -> dict[str, float]:
    """Of one sample likewise; ``objects`` is where they are, None where nobody says."""
    found = {
        "delta1": delta1(depth, truth), "abs_rel": abs_rel(depth, truth), "rmse": rmse(depth, truth),
        "ssim": ssim(depth, truth, span),
    }  # fmt: skip
    if objects is not None:
        found["object_abs_rel"] = abs_rel(depth[objects], truth[objects])
    return found


def mean_scores(figures: Iterable[dict[str, float]]) -> Scores:
    """The means of samples' figures, each over those samples that have it."""
    rows = list(figures)
    names = {name for row in rows for name in row}
    means = {name: _mean([row[name] for row in rows if name in row]) for name in names}
    return Scores(len(rows), **means)


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else math.nan
