"""Writes ONNX files of a node or two, byte by byte, so that tests need no package that writes them.

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


def _node(kind: str, sources: tuple[str, ...], target: str, name: str) -> bytes:
    ends = b"".join(_bytes(1, source) for source in sources) + _bytes(2, target)
    return _bytes(1, ends + _bytes(3, name) + _bytes(4, kind))


def _weights(weights: NDArray[np.float32]) -> bytes:
    """A constant w for a 1 × 1 convolution of three channels to one."""
    tensor = b"".join(_integer(1, side) for side in (1, 3, 1, 1))
    return _bytes(5, tensor + _integer(2, FLOAT) + _bytes(8, "w") + _bytes(9, weights.astype("<f4").tobytes()))


def _model(graph: bytes) -> bytes:
    return _integer(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _integer(2, 13))


def write(path: Path, weights: NDArray[np.float32], shape: tuple[int | str, ...], *, squeezed: bool = False) -> Path:
    """``path`` as a network: input x of ``shape`` (n, 3, h, w), output y the channels by ``weights``.

    ``squeezed`` leaves out the output's axes of one: (h, w).
    """
    graph = _node("Conv", ("x", "w"), "s" if squeezed else "y", "sum")
    graph += _node("Squeeze", ("s",), "y", "squeeze") if squeezed else b""
    graph += _bytes(2, "g") + _weights(weights)
    given = shape[2:] if squeezed else (shape[0], 1, *shape[2:])
    graph += _bytes(11, _value("x", shape)) + _bytes(12, _value("y", given))
    path.write_bytes(_model(graph))
    return path


def write_two(path: Path, weights: NDArray[np.float32], side: int) -> Path:
    """``path`` as a network of two inputs and two outputs, all of ``side`` × ``side``.

    picture (1, 3, h, w) and before (1, 1, h, w); sum, the channels by ``weights``, and both, sum + before.
    """
    graph = _node("Conv", ("picture", "w"), "sum", "first") + _node("Add", ("sum", "before"), "both", "second")
    graph += _bytes(2, "g") + _weights(weights)
    for field, names in ((11, ("picture", "before")), (12, ("both", "sum"))):
        for name in names:
            graph += _bytes(field, _value(name, (1, 3 if name == "picture" else 1, side, side)))
    path.write_bytes(_model(graph))
    return path
