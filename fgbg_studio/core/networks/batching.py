"""How many pictures at once a network likes, and what to do when they are too many for the memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks.description import FloatMaps, Run

_GAIN = 0.95
_ORDER, _MOST_IN_ORDER = 0.1, 16  # seconds; pictures


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


class Orders:
    """How many pictures a network is sent together where it takes them one by one.

    To another process and back costs about a millisecond each time, a fifth of what the quickest network takes for
    a picture. So as many go as it does in a tenth of a second: who waits for them, or stops them, notices no more.

    Attributes:
        pictures: so many.
    """

    def __init__(self) -> None:
        self.pictures = 1
        self._quickest = float("inf")

    def took(self, pictures: int, seconds: float) -> None:
        """So many took so long together."""
        self._quickest = min(self._quickest, seconds / pictures)
        self.pictures = max(min(int(_ORDER / max(self._quickest, 1e-6)), _MOST_IN_ORDER), 1)


def one_by_one(run: Run) -> Run:
    """``run`` with one picture at a time."""
    return lambda batch: np.concatenate([run(batch[i : i + 1]) for i in range(len(batch))])


_SIGNS = ("RESOURCE_EXHAUSTED", "ResourceExhausted", "OutOfMemory", "out of memory", "OOM")


def in_halves(run: Run) -> Run:
    """``run`` with a batch that is too much for the memory split in two, and that size kept from then on."""
    largest = [1 << 30]

    def careful(batch: NDArray[Any]) -> FloatMaps:
        size = largest[0]
        if len(batch) > size:
            return np.concatenate([careful(batch[i : i + size]) for i in range(0, len(batch), size)])
        try:
            return run(batch)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if len(batch) == 1:
                raise NetworkError(
                    "there is not enough memory for one picture in this network",
                    "Choose a smaller network or size, or fewer workers",
                ) from error
            largest[0] = (len(batch) + 1) // 2
        return careful(batch)

    return careful


def is_out_of_memory(error: Exception) -> bool:
    """Whether a library's error says that memory ran out: each has its own class for it, and some none."""
    return isinstance(error, MemoryError) or any(sign in f"{type(error).__name__} {error}" for sign in _SIGNS)
