"""Arrays as `numpy.save` writes them (NEP 1); numpy's own reader also runs pickles and makes room for any size."""

from __future__ import annotations

import io
import math

import numpy as np

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.foreign import foreign


def bytes_of(values: AnyPixels) -> bytes:
    """The ``.npy`` file of an array of numbers."""
    buffer = io.BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def array_of(data: bytes) -> AnyPixels:
    """The array in the bytes of a ``.npy`` file: of whole or floating-point numbers, with at least one.

    Raises:
        UnreadableError: it is no such file, or not as long as it says.
    """
    file = io.BytesIO(data)
    with foreign():
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("a newer version of the format")
        shape, by_columns, kind = np.lib.format.read_array_header_1_0(file)
        values = data[file.tell() :]
        whole = min(shape, default=1) >= 1 and math.prod(shape) * kind.itemsize == len(values)
        if kind.kind not in "fiu" or not whole:
            raise ValueError("not an array of numbers, or not whole")
        return np.frombuffer(values, kind).reshape(shape, order="F" if by_columns else "C")
