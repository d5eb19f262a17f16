"""How much of a dataset is held out from training."""

from __future__ import annotations

from typing import Annotated

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.model import FrozenModel

_END = "at the end of a run: lists of what to train with and what to judge by"


class SplitRule(FrozenModel):
    """Fractions of the pictures, and of the pairs of those that are trained with; the seed says which they are."""

    background: Annotated[float, about("new backgrounds", "%", "held out: none is trained with", ge=0, le=0.9)] = 0.2
    foreground: Annotated[float, about("new foregrounds", "%", "held out likewise", ge=0, le=0.9)] = 0.2
    pairs: Annotated[
        float, about("seen pictures in new pairs", "%", "of a background with a foreground", ge=0, le=0.9)
    ] = 0.1
    seed: Annotated[int, about("seed", ge=0, le=2**63 - 1)] = 0


class SplitsAtEnd(SplitRule):
    """Whether a run splits what it has made."""

    made: Annotated[bool, about("split the dataset", tip=_END)] = False
