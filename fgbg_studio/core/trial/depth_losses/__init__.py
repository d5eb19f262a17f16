"""The family of losses for depth: how far a predicted map is from the true one, one a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fgbg_studio.core.base.strategy import Strategy


@dataclass(frozen=True)
class DepthLoss(Strategy, family="depth loss", members="fgbg_studio.core.trial.depth_losses"):
    """Base of the losses for depth. Maps come in units of the training part's mean depth."""

    def __call__(self, ops: Any, truth: Any, depth: Any, valid: Any) -> Any:
        """The loss of each sample, (n,): 0 where the map is right.

        Args:
            ops: ``keras.ops``.
            truth: (n, h, w, 1) float32, positive, larger = farther; where there is no value it is 1.
            depth: (n, h, w, 1) float32, positive, what the network says.
            valid: (n, h, w, 1) float32, 1 where the truth has a value, else 0: there nothing counts.
        """
        raise NotImplementedError


def mean_of(ops: Any, values: Any, valid: Any) -> Any:
    """The mean of each sample's values where they are valid; 0 where none is."""
    return ops.sum(values * valid, axis=(1, 2, 3)) / ops.maximum(ops.sum(valid, axis=(1, 2, 3)), 1.0)
