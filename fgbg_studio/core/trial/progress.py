"""What a trial says while it runs: how far it is, its curves, and what it makes of a few samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

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
        whole: how much of all its phases is done, 0..1, about as they last; it never falls.
    """

    run: Inputs | None = None
    points: tuple[CurvePoint, ...] = ()
    looks: tuple[Look, ...] = field(default=(), repr=False)
    result: TrialResult | None = field(default=None, repr=False)
    whole: float = 0.0

    @property
    @override
    def share(self) -> float:
        return self.whole


class WholeTrial:
    """How far a trial is as a whole, by what its phases say one after another.

    Training is nearly all of it. How many phases come before it depends on the dataset: each has half of what is left
    until then. Those after it have equal parts, of which there are as many as `after` says.
    """

    _BEGUN, _TRAINED = 0.03, 0.92

    def __init__(self) -> None:
        self.after = 1
        self._phase: tuple[str, str | None] = ("", None)
        self._low = self._high = self._reached = 0.0
        self._trained = False

    def told(self, step: TrialProgress) -> TrialProgress:
        """The same with its `TrialProgress.whole`."""
        training = step.phase.startswith("training")
        if training:
            self._trained, self._low, self._high = True, self._BEGUN, self._TRAINED
        elif self._phase != (step.phase, step.run):
            rest = (1 - self._TRAINED) / self.after if self._trained else (self._BEGUN - self._reached) / 2
            self._low, self._high = self._reached, min(self._reached + rest, 1.0)
        self._phase = "" if training else step.phase, step.run
        within = min(step.done / step.total, 1.0) if step.total else 0.0
        self._reached = max(self._reached, self._low + within * (self._high - self._low))
        return replace(step, whole=1.0 if step.finished else self._reached)
