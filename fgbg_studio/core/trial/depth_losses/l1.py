"""The absolute difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.trial.depth_losses import DepthLoss, mean_of


@dataclass(frozen=True)
class Absolute(DepthLoss):
    """The mean of |truth − depth|."""

    name: ClassVar[str] = "l1"
    title: ClassVar[str] = "L1"
    summary: ClassVar[str] = "the absolute difference"

    @override
    def __call__(self, ops: Any, truth: Any, depth: Any, valid: Any) -> Any:
        return mean_of(ops, ops.abs(truth - depth), valid)
