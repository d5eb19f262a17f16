"""The scale-invariant error of logarithms (Eigen et al. 2014, 'Depth map prediction …', equation 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.trial.depth_losses import DepthLoss, mean_of

_LEAST = 1e-3  # of the mean depth
_SCALE = "1: a factor common to a whole map costs nothing; 0: it costs as any other error"


@dataclass(frozen=True)
class ScaleInvariant(DepthLoss):
    """mean(d²) − share × mean(d)², where d = log depth − log truth."""

    name: ClassVar[str] = "scale-invariant"
    title: ClassVar[str] = "Scale-invariant logarithm"
    summary: ClassVar[str] = "the ratio of depths; a factor common to a whole map costs less"

    share: Annotated[float, about("share of the common factor", tip=_SCALE, ge=0, le=1)] = 0.5

    @override
    def __call__(self, ops: Any, truth: Any, depth: Any, valid: Any) -> Any:
        off = ops.log(ops.maximum(depth, _LEAST)) - ops.log(ops.maximum(truth, _LEAST))
        return mean_of(ops, ops.square(off), valid) - self.share * ops.square(mean_of(ops, off, valid))
