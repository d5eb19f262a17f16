"""What scores without learning: that a network must beat before its figures say anything of the dataset."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Ints
from fgbg_studio.core.trial.feeding import TrainFigures
from fgbg_studio.core.trial.metrics import Mask, Scores, mask_iou, mean_scores
from fgbg_studio.core.trial.pictures import TrialBatch, TrialPictures
from fgbg_studio.core.trial.scoring import figures_of
from fgbg_studio.core.trial.settings import Noise

_AT_ONCE = 100
_TRIED = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 80, 100)
_FOR_A_BACKGROUND = 12  # samples by which its depth is known


def difference(batch: TrialBatch, out: int) -> NDArray[np.float32]:
    """(n, out, out) float32, 0..255: |composite − background|, of the channel that differs most."""
    assert batch.backgrounds is not None
    apart = np.abs(batch.composites.astype(np.int16) - batch.backgrounds).max(axis=-1).astype(np.float32)
    return np.stack([cv2.resize(one, (out, out), interpolation=cv2.INTER_AREA) for one in apart])


def best_threshold(pictures: TrialPictures, numbers: Ints, noise: Noise) -> float:
    """From which difference on a mask is best, over samples that are trained on."""
    scores: dict[float, list[float]] = defaultdict(list)
    for start in range(0, len(numbers), _AT_ONCE):
        batch = pictures.batch(numbers[start : start + _AT_ONCE], noise=noise)
        assert batch.masks is not None
        for apart, truth in zip(difference(batch, pictures.shape.out), batch.masks, strict=True):
            for threshold in _TRIED:
                scores[threshold].append(mask_iou(apart >= threshold, truth))
    return float(max(scores, key=lambda threshold: np.mean(scores[threshold])))


@dataclass(frozen=True)
class DifferenceMask:
    """|composite − background| from a threshold on."""

    threshold: float

    def scores(self, pictures: TrialPictures, numbers: Ints, noise: Noise) -> Scores:
        """How good it is on these samples."""
        found = []
        for start in range(0, len(numbers), _AT_ONCE):
            batch = pictures.batch(numbers[start : start + _AT_ONCE], noise=noise)
            found += figures_of(batch, difference(batch, pictures.shape.out) >= self.threshold, None, 1.0)
        return mean_scores(found)


def mean_depth(pictures: TrialPictures, numbers: Ints, figures: TrainFigures) -> Scores:
    """How good it is to say the training part's mean depth everywhere."""
    found = []
    for start in range(0, len(numbers), _AT_ONCE):
        batch = pictures.batch(numbers[start : start + _AT_ONCE])
        assert batch.depths is not None
        found += figures_of(batch, None, np.full_like(batch.depths, figures.depth), figures.span)
    return mean_scores(found)


class BackgroundDepths:
    """The depth of each background without anybody on it, from samples whose objects stand elsewhere.

    A network that knew it and saw no object would score as this does.

    Args:
        pictures: of the dataset.
        everybody: numbers of all samples.
        standing_on: (n,) of each its background.
        figures: of the training part.
    """

    def __init__(self, pictures: TrialPictures, everybody: Ints, standing_on: Ints, figures: TrainFigures) -> None:
        self._pictures, self._figures = pictures, figures
        order = np.argsort(standing_on, kind="stable")
        self._numbers = everybody[order]
        self._sorted = standing_on[order]
        self._maps: dict[int, DepthMap] = {}

    def of(self, background: int) -> DepthMap:
        """(out, out) float32: the mean over samples of what is seen of it, the mean depth where nothing is."""
        if background not in self._maps:
            low, high = np.searchsorted(self._sorted, [background, background + 1])
            places = np.unique(np.linspace(low, high - 1, _FOR_A_BACKGROUND).round().astype(np.int64))
            batch = self._pictures.batch(self._numbers[places])
            assert batch.depths is not None
            hidden: Mask | np.bool_ = np.bool_(False) if batch.masks is None else _around(batch.masks)
            free = np.where(hidden, np.nan, batch.depths)
            known = np.isfinite(free)
            count = known.sum(axis=0)
            total = np.where(known, free, 0).sum(axis=0)
            mean = np.where(count > 0, total / np.maximum(count, 1), self._figures.depth)
            self._maps[background] = mean.astype(np.float32)
        return self._maps[background]

    def scores(self, numbers: Ints) -> Scores:
        """How good it is to say the background's depth of these samples."""
        found = []
        for start in range(0, len(numbers), _AT_ONCE):
            batch = self._pictures.batch(numbers[start : start + _AT_ONCE])
            depths = np.stack([self.of(int(background)) for background in batch.standing_on])
            found += figures_of(batch, None, depths, self._figures.span)
        return mean_scores(found)


def _around(masks: Mask) -> Mask:
    """Masks with a pixel more all around, where depth is of the object in part."""
    kernel = np.ones((3, 3), np.uint8)
    grown = [cv2.dilate(mask.astype(np.uint8), kernel) > 0 for mask in masks]
    return np.stack(grown)
