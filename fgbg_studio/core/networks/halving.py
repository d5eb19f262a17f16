"""Out of memory is answered by smaller batches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.errors import NetworkError
from fgbg_studio.core.networks.description import FloatMaps
from fgbg_studio.core.networks.runtimes import Run

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
