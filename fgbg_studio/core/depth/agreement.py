"""Whether a network in less precise arithmetic says the same of the user's own pictures as in float32."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.networks.description import FloatMaps
from fgbg_studio.core.networks.network import Network

MOST_ABS_REL = 0.02
"""The largest mean of |d − d32| / d32 that passes: a seventh of what good networks are wrong by themselves."""
LEAST_CORRELATION = 0.99
"""The least correlation of all pixels' depths that passes; nearly flat pictures may have less."""
_FLAT = 0.02


@dataclass(frozen=True)
class Agreement:
    """How near a network comes to itself in float32.

    Attributes:
        abs_rel: mean over all pixels of |d − d32| / d32.
        correlation: Pearson's over all pixels, -1..1.
        pictures: how many were compared.
    """

    abs_rel: float
    correlation: float
    pictures: int


def agreement(depth: FloatMaps, reference: FloatMaps) -> Agreement:
    """Of (N, h, w) maps with those in float32, both positive."""
    d, r = depth.astype(np.float64), reference.astype(np.float64)
    abs_rel = float(np.mean(np.abs(d - r) / np.maximum(r, np.finfo(np.float32).tiny)))
    flat = r.std() < _FLAT * abs(r.mean()) or d.std() == 0
    # Where there is next to no depth to correlate with, the relative error alone decides.
    correlation = 1.0 if flat else float(np.corrcoef(d.ravel(), r.ravel())[0, 1])
    return Agreement(abs_rel, correlation, len(depth))


def checked(network: Network, reference: Network, pictures: NDArray[np.uint8]) -> Agreement:
    """The agreement of ``network`` with ``reference``, the same in float32, on (N, H, W, 3) pictures.

    Raises:
        NetworkError: they differ by more than this module's limits.
    """
    found = agreement(network(pictures), reference(pictures))
    if found.abs_rel > MOST_ABS_REL or found.correlation < LEAST_CORRELATION:
        raise NetworkError(
            f"{network.name} in {network.precision} differs too much from float32 on {found.pictures} of your"
            f" backgrounds (AbsRel {found.abs_rel:.3f}, at most {MOST_ABS_REL:g};"
            f" correlation {found.correlation:.3f}, at least {LEAST_CORRELATION:g})",
            Set({"depth.precision": "float32"}),
        )
    return found
