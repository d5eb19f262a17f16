"""What a trial says while it runs: how far it is, its curves, and what it makes of a few samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.trial.results import TrialResult
from fgbg_studio.core.trial.settings import Inputs


class CurvePoint(NamedTuple):
    """A place of the curves; NaN for what the network does not give or the dataset has no samples of.

    Attributes:
        step: after so many.
        mask_loss: mean since the point before, without its weight.
        depth_loss: likewise.
        seen_iou: of masks of samples that were not trained on, of pictures that were.
        new_iou: of samples whose background and foreground are both new.
        seen_delta1: of depth likewise.
        new_delta1: of depth likewise.
    """

    step: int
    mask_loss: float = math.nan
    depth_loss: float = math.nan
    seen_iou: float = math.nan
    new_iou: float = math.nan
    seen_delta1: float = math.nan
    new_delta1: float = math.nan


class Look(NamedTuple):
    """One of the fixed samples and what the network makes of it now.

    Attributes:
        name: of the sample.
        part: of the dataset that it is of: ``seen``, ``both-new``.
        composite: (side, side, 3) uint8.
        true_mask: (out, out) bool, None where the network gives none.
        mask: (out, out) float32, 0..1: how sure the network is, likewise.
        true_depth: (out, out) float32, NaN where it has no value, likewise.
        depth: (out, out) float32, likewise.
    """

    name: str
    part: str
    composite: Pixels
    true_mask: NDArray[np.bool_] | None
    mask: NDArray[np.float32] | None
    true_depth: DepthMap | None
    depth: DepthMap | None


@dataclass(frozen=True)
class TrialProgress(Progress):
    """One step of a trial. Each says all that there is to show: whoever misses some misses nothing.

    Attributes:
        run: the network that is trained or measured, None before and after.
        points: its curves so far.
        looks: the fixed samples as it last saw them; their order stays.
        result: of a trial that is ``finished``; None where it was stopped, and before.
    """

    run: Inputs | None = None
    points: tuple[CurvePoint, ...] = ()
    looks: tuple[Look, ...] = field(default=(), repr=False)
    result: TrialResult | None = field(default=None, repr=False)
