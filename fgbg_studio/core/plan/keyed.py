"""Random numbers that are computed from keys, not drawn from a stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Floats

Keys = NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(keys: Keys) -> Keys:
    """SplitMix64's finaliser: (n,) uint64 to (n,) uint64, a bijection whose output looks random."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def uniform(bits: Keys) -> Floats:
    """Uniform in [0, 1), 53 bits each: the spacing of float64 below 1."""
    drawn: Floats = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return drawn


def draws_of(keys: Keys, count: int, again: int = 0) -> Floats:
    """(n, count) uniform in [0, 1) from (n,) keys; others for each ``again``."""
    steps = np.arange(1, count + 1, dtype=np.uint64) + np.uint64(again * count) << np.uint64(48)
    return uniform(mix(keys[:, None] + steps))
