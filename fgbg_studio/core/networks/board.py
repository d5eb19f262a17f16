"""Memory that two processes share: pictures and maps need not go through a pipe, where each is copied five times.

Linux alone has it as a file without a name or a place, whose size can be sealed: a process that makes it shorter while
the other reads would end that. Elsewhere there is none, and a pipe does.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Callable
from multiprocessing import reduction
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:  # numpy starts threads, and the process that is begun with a board is not shut in yet
    from numpy.typing import NDArray

_ROOM = 64 << 20
"""Bytes; only those that were written take memory. A larger batch goes through the pipe."""
_APART = 64  # bytes: where an array may begin


class SharedBoard:
    """Bytes that the process which made it shares with the one that it is given to as an argument, when that is begun.

    Args:
        handle: of the file, whose size is sealed. It can be closed once no other process will be given it.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._memory = mmap.mmap(handle, 0)

    def close_file(self) -> None:
        """Give it to no other process."""
        os.close(self._handle)

    def write(self, *values: NDArray[Any]) -> bool:
        """Lay numbers down, one array after the other; False where they have no room, and nothing is done."""
        places = starts([one.nbytes for one in values])
        if not self.has_room(places[-1]):
            return False
        for one, start in zip(values, places, strict=False):
            self.numbers(one.shape, one.dtype, start)[...] = one
        return True

    def has_room(self, size: int) -> bool:
        """Whether so many bytes fit."""
        return size <= len(self._memory)

    def numbers(self, shape: tuple[int, ...], dtype: Any, start: int = 0) -> NDArray[Any]:
        """The numbers that lie from byte ``start`` on, not copied: the other process may change them at any time."""
        import numpy as np

        return np.ndarray(shape, dtype, self._memory, start)

    @override
    def __reduce__(self) -> tuple[Callable[[Any], SharedBoard], tuple[Any]]:
        return _given, (reduction.DupFd(self._handle),)


def starts(sizes: list[int]) -> list[int]:
    """The bytes at which arrays of these sizes begin one after the other, and where the last one ends."""
    places = [0]
    for size in sizes:
        places.append(places[-1] + -(-size // _APART) * _APART)
    return places


def _given(handle: Any) -> SharedBoard:
    board = SharedBoard(handle.detach())
    board.close_file()
    return board


def new_board() -> SharedBoard | None:
    """One of zeros; None where the system has none."""
    if sys.platform != "linux":
        return None
    import fcntl

    try:
        handle = os.memfd_create("fgbg-network", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    except OSError:
        return None
    os.ftruncate(handle, _ROOM)
    fcntl.fcntl(handle, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return SharedBoard(handle)
