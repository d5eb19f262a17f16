"""Arrays by their names, on their way between the program and the process of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.networks.board import SharedBoard, starts

Head = tuple[str, tuple[int, ...], str]
"""An array's name, its shape and its dtype as numpy writes it."""


def laid_out(board: SharedBoard | None, arrays: Mapping[str, NDArray[Any]]) -> tuple[list[Head], bool]:
    """What is said of arrays before they come; and whether they lie on the board now, where they have room."""
    heads = [(name, values.shape, values.dtype.str) for name, values in arrays.items()]
    return heads, board is not None and board.write(*arrays.values())


def send_arrays(pipe: Connection, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Send contiguous arrays that do not lie on the board, one after the other."""
    for values in arrays.values():
        pipe.send_bytes(values.data.cast("B"))


def take_arrays(pipe: Connection, board: SharedBoard | None, heads: Sequence[Head], laid: bool) -> dict[str, Any]:
    """The arrays that follow what was said of them, or a copy of those that lie on the board.

    Raises:
        ValueError: there are fewer numbers than was said.
    """
    empty = {name: np.empty(shape, dtype) for name, shape, dtype in heads}
    places = starts([values.nbytes for values in empty.values()])
    for values, start in zip(empty.values(), places, strict=False):
        if laid and board is not None:
            values[...] = board.numbers(values.shape, values.dtype, start)
        elif pipe.recv_bytes_into(values.data.cast("B")) != values.nbytes:
            raise ValueError("fewer numbers than it says")
    return empty
