"""Cross-entropy and Dice together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.trial.mask_losses import MaskLoss
from fgbg_studio.core.trial.mask_losses.bce import CrossEntropy
from fgbg_studio.core.trial.mask_losses.dice import Dice


@dataclass(frozen=True)
class CrossEntropyDice(MaskLoss):
    """Their sum: the first is steady at the beginning, the second does not forget small objects."""

    name: ClassVar[str] = "bce-dice"
    title: ClassVar[str] = "Cross-entropy and Dice"
    summary: ClassVar[str] = "their sum"

    @override
    def __call__(self, ops: Any, truth: Any, mask: Any) -> Any:
        return CrossEntropy()(ops, truth, mask) + Dice()(ops, truth, mask)
