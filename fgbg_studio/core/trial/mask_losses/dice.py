"""The Dice loss (Milletari et al. 2016, 'V-Net', arXiv:1606.04797)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.trial.mask_losses import MaskLoss

_SMOOTH = 1.0  # pixels: an empty mask that is found empty loses nothing


@dataclass(frozen=True)
class Dice(MaskLoss):
    """One minus twice the common area over the sum of both."""

    name: ClassVar[str] = "dice"
    title: ClassVar[str] = "Dice"
    summary: ClassVar[str] = "the object as a whole: a small one counts as much as a large one"

    @override
    def __call__(self, ops: Any, truth: Any, mask: Any) -> Any:
        axes = (1, 2, 3)
        both = ops.sum(truth * mask, axis=axes)
        return 1 - (2 * both + _SMOOTH) / (ops.sum(truth, axis=axes) + ops.sum(mask, axis=axes) + _SMOOTH)
