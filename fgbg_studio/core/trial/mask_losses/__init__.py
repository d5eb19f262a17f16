"""The family of losses for masks: how far a predicted mask is from the true one, one a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fgbg_studio.core.base.strategy import Strategy


@dataclass(frozen=True)
class MaskLoss(Strategy, family="mask loss", members="fgbg_studio.core.trial.mask_losses"):
    """Base of the losses for masks."""

    def __call__(self, ops: Any, truth: Any, mask: Any) -> Any:
        """The loss of each sample, (n,): 0 where the mask is right.

        Args:
            ops: ``keras.ops``.
            truth: (n, h, w, 1) float32, 0 or 1.
            mask: (n, h, w, 1) float32, 0..1, what the network is sure of.
        """
        raise NotImplementedError
