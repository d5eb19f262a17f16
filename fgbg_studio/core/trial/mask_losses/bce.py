"""Binary cross-entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.trial.mask_losses import MaskLoss

_LEAST = 1e-6


@dataclass(frozen=True)
class CrossEntropy(MaskLoss):
    """The mean over all pixels of −log of what the network gave the right answer."""

    name: ClassVar[str] = "bce"
    title: ClassVar[str] = "Cross-entropy"
    summary: ClassVar[str] = "each pixel by itself"

    @override
    def __call__(self, ops: Any, truth: Any, mask: Any) -> Any:
        mask = ops.clip(mask, _LEAST, 1 - _LEAST)
        return -ops.mean(truth * ops.log(mask) + (1 - truth) * ops.log(1 - mask), axis=(1, 2, 3))
