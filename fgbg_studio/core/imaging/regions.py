"""Shapes of boolean pictures, (H, W): where they lie, their separate parts and what they enclose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.boxes import Box

Region = NDArray[np.bool_]


def extent(inside: Region) -> Box:
    """The smallest box (x, y, width, height) in pixels around all that is True; all 0 where nothing is."""
    x, y, width, height = cv2.boundingRect(inside.astype(np.uint8))
    return int(x), int(y), int(width), int(height)


def count_parts(inside: Region) -> int:
    """How many separate parts there are; what touches diagonally is one."""
    return int(cv2.connectedComponents(inside.astype(np.uint8), connectivity=8)[0]) - 1


def small_parts(inside: Region, min_area: int) -> Region:
    """The separate parts of fewer than ``min_area`` pixels, the largest part excepted."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    small = areas < min_area
    small[0] = False
    if count > 1:
        small[1 + int(np.argmax(areas[1:]))] = False
    return np.asarray(small[labels], np.bool_)


@dataclass(frozen=True, eq=False)
class Openings:
    """The parts of what an object leaves open, joined over sides and not over corners.

    Attributes:
        labels: (H + 2, W + 2) int32 with a border of one pixel, which is open: 0 is the object, then the parts.
        areas: (number of labels,) pixels of each, the border's not counted.
        outside: the label of the part that the border belongs to.
    """

    labels: NDArray[np.int32]
    areas: NDArray[np.int64]
    outside: int

    @classmethod
    def of(cls, inside: Region) -> Self:
        """The openings of the object that lies where ``inside`` is True."""
        bordered = np.pad((~inside).astype(np.uint8), 1, constant_values=1)
        _, labels = cv2.connectedComponents(bordered, connectivity=4)
        areas = np.bincount(labels[1:-1, 1:-1].reshape(-1), minlength=int(labels.max()) + 1)
        return cls(np.asarray(labels, np.int32), areas, int(labels[0, 0]))

    def small(self, max_area: float) -> NDArray[np.bool_]:
        """For each label whether it is an enclosed opening of at most so many pixels."""
        small = self.areas <= max_area
        small[[0, self.outside]] = False
        return small

    def where(self, chosen: NDArray[np.bool_]) -> Region:
        """The pixels of the labels that are ``chosen``."""
        return chosen[self.labels[1:-1, 1:-1]]

    def depths(self, small: NDArray[np.bool_]) -> NDArray[np.float64]:
        """How many pixels each ``small`` opening lies away from the nearest other one; 0 for all the rest."""
        open_ = ~small
        open_[0] = False
        distance = cv2.distanceTransform((~open_[self.labels]).astype(np.uint8), cv2.DIST_L2, 5)
        places = np.flatnonzero(small[self.labels])
        least = np.where(small, np.inf, 0.0)
        np.minimum.at(least, self.labels.reshape(-1)[places], distance.reshape(-1)[places])
        return least


def with_rim(part: Region, within: Region) -> Region:
    """``part`` and those pixels of ``within`` that lie at most two from it, diagonally too."""
    wider = cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    return np.asarray(part | (wider & within), np.bool_)


def straight_cut(inside: Region, least: float) -> int:
    """How many pixels of the first row an object crosses, rather than touches.

    A round outline that only touches the row is more than twice as wide a little farther in; one that the row
    cuts is as wide there. Runs shorter than ``least`` times the object's width are passed over.
    """
    _, _, width, height = extent(inside)
    inner = inside[min(max(2, round(0.015 * max(width, height))), len(inside) - 1)]
    steps = np.flatnonzero(np.diff(np.pad(inside[0].astype(np.int8), 1))).tolist()
    before, after = [0, *steps[1::2]], [*steps[2::2], len(inside[0])]
    crossed = 0
    for start, end, left, right in zip(steps[::2], steps[1::2], before, after, strict=False):
        length = end - start
        around = inner[max(start - length, left) : min(end + length, right)]
        if length >= max(least * width, 3) and np.count_nonzero(around) <= 1.5 * length:
            crossed += length
    return crossed
