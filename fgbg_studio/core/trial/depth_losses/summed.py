"""The sum of all losses for depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.trial.depth_losses import DepthLoss
from fgbg_studio.core.trial.depth_losses.gradient import Gradient
from fgbg_studio.core.trial.depth_losses.l1 import Absolute
from fgbg_studio.core.trial.depth_losses.scale_invariant import ScaleInvariant
from fgbg_studio.core.trial.depth_losses.ssim import Similarity


@dataclass(frozen=True)
class Summed(DepthLoss):
    """L1, SSIM, gradient and scale-invariant logarithm, each with its weight."""

    name: ClassVar[str] = "sum"
    title: ClassVar[str] = "Sum of all"
    summary: ClassVar[str] = "L1, SSIM, gradient and scale-invariant logarithm, weighted"

    l1: Annotated[float, about("weight of L1", ge=0, le=100)] = 1.0
    ssim: Annotated[float, about("weight of SSIM", ge=0, le=100)] = 0.5
    gradient: Annotated[float, about("weight of the gradient", ge=0, le=100)] = 0.5
    scale_invariant: Annotated[float, about("weight of the logarithm", ge=0, le=100)] = 0.5

    @override
    def __call__(self, ops: Any, truth: Any, depth: Any, valid: Any) -> Any:
        parts = (Absolute(), self.l1), (Similarity(), self.ssim), (Gradient(), self.gradient)
        losses = (*parts, (ScaleInvariant(), self.scale_invariant))
        return sum(weight * loss(ops, truth, depth, valid) for loss, weight in losses if weight)
