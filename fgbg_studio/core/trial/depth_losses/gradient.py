"""The difference of slopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.trial.depth_losses import DepthLoss, mean_of


@dataclass(frozen=True)
class Gradient(DepthLoss):
    """The mean of |∂x (truth − depth)| + |∂y (truth − depth)|: steps stand where they are, and only there."""

    name: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Gradient"
    summary: ClassVar[str] = "the difference of slopes: edges; says nothing of how far all of it is"

    @override
    def __call__(self, ops: Any, truth: Any, depth: Any, valid: Any) -> Any:
        off = truth - depth
        across = ops.abs(off[:, :, 1:] - off[:, :, :-1]), valid[:, :, 1:] * valid[:, :, :-1]
        down = ops.abs(off[:, 1:] - off[:, :-1]), valid[:, 1:] * valid[:, :-1]
        return mean_of(ops, *across) + mean_of(ops, *down)
