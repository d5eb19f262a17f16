"""Writes ONNX files of one 1×1 convolution, byte by byte, so that tests need no package that writes them.

The numbers are field numbers of onnx.proto.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FLOAT = 1


def _number(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _integer(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _number(field << 3 | 2) + _number(len(data)) + data


def _value(name: str, shape: tuple[int | str, ...]) -> bytes:
    sides = b"".join(_bytes(1, _integer(1, side) if isinstance(side, int) else _bytes(2, side)) for side in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _integer(1, FLOAT) + _bytes(2, sides)))


def write(path: Path, weights: NDArray[np.float32], shape: tuple[int | str, ...]) -> Path:
    """``path`` as a network: input x of ``shape`` (n, 3, h, w), output y the channels by ``weights``."""
    tensor = b"".join(_integer(1, side) for side in (1, 3, 1, 1))
    tensor += _integer(2, FLOAT) + _bytes(8, "w") + _bytes(9, weights.astype("<f4").tobytes())
    node = _bytes(1, "x") + _bytes(1, "w") + _bytes(2, "y") + _bytes(3, "sum") + _bytes(4, "Conv")
    graph = _bytes(1, node) + _bytes(2, "g") + _bytes(5, tensor)
    graph += _bytes(11, _value("x", shape)) + _bytes(12, _value("y", (shape[0], 1, *shape[2:])))
    path.write_bytes(_integer(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _integer(2, 13)))
    return path
