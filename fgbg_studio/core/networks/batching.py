"""How many pictures at once a network likes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.networks.runtimes import Run

_GAIN = 0.95


def best_batch(run: Run, picture: NDArray[Any], most: int = 64, clock: Callable[[], float] = time.perf_counter) -> int:
    """The batch from which on a picture takes no less time, by doubling and measuring.

    Args:
        run: takes batches; answers out of memory by halving (`in_halves`), so that a size that does not fit
            is no quicker than the one that did.
        picture: (1, ...) prepared, as the network takes it.
        most: the largest that is tried.
        clock: in seconds.
    """
    best, size = _seconds(run, picture, clock), 1
    while 2 * size <= most:
        seconds = _seconds(run, np.repeat(picture, 2 * size, axis=0), clock)
        if seconds > _GAIN * best:
            break
        best, size = seconds, 2 * size
    return size


def _seconds(run: Run, batch: NDArray[Any], clock: Callable[[], float]) -> float:
    """For one picture of the batch, the second time: the first may compile."""
    run(batch)
    begun = clock()
    run(batch)
    return (clock() - begun) / len(batch)
