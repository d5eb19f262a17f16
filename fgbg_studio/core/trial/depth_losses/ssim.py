"""Structural similarity as a loss (Godard et al. 2017, 'Unsupervised monocular depth …', equation 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.trial.depth_losses import DepthLoss, mean_of

_C1, _C2 = 0.01**2, 0.03**2  # for values of about 1: depth comes in units of the mean


@dataclass(frozen=True)
class Similarity(DepthLoss):
    """The mean of (1 − SSIM) / 2 over windows of 3 × 3."""

    name: ClassVar[str] = "ssim"
    title: ClassVar[str] = "SSIM"
    summary: ClassVar[str] = "structure in small windows"

    @override
    def __call__(self, ops: Any, truth: Any, depth: Any, valid: Any) -> Any:
        depth = valid * depth + (1 - valid) * truth  # where there is no value it is alike

        def mean(values: Any) -> Any:
            return ops.average_pool(values, 3, 1, "valid", data_format="channels_last")

        mean_t, mean_d = mean(truth), mean(depth)
        var_t, var_d = mean(truth * truth) - mean_t**2, mean(depth * depth) - mean_d**2
        common = mean(truth * depth) - mean_t * mean_d
        alike = (2 * mean_t * mean_d + _C1) * (2 * common + _C2)
        alike = alike / ((mean_t**2 + mean_d**2 + _C1) * (var_t + var_d + _C2))
        return mean_of(ops, ops.clip((1 - alike) / 2, 0, 1), valid[:, 1:-1, 1:-1])
