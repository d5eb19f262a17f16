"""Grey PNGs as `png.py` and `depth_png.py` make them, read back in a fraction of what a decoder of any PNG takes.

All rows have the same filter, 'none' or 'sub' (PNG, third edition, 9.2), and all of them are one deflate stream in one
chunk. Whatever is made in another way, or is damaged, is left to such a decoder, which says what is wrong.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import AnyPixels

_deflate: Any
_DamageError: type[Exception]
try:
    import deflate

    _deflate, _DamageError = deflate, deflate.DeflateError
except ImportError:  # it takes a fifth of zlib's time where most bytes repeat the one before; none is needed
    _deflate, _DamageError = None, zlib.error

_HEAD = struct.Struct(">8s8sIIBBBBBII6s")
_BEGINS, _DATA, _END = (b"\x89PNG\r\n\x1a\n", b"\0\0\0\rIHDR"), b"IDAT\x78\x01", b"\0\0\0\0IEND\xaeB`\x82"
_NONE, _SUB = 0, 1
_MOST = 1 << 24  # bytes of pixels: what is larger may say so in a file of few bytes


def decoded(data: bytes) -> AnyPixels | None:
    """(H, W) uint8 or uint16; None of a file that was made in another way, or is damaged."""
    if len(data) < _HEAD.size + len(_END) or not data.endswith(_END):
        return None
    *begins, width, height, bits, colour, method, filters, lace, check, size, starts = _HEAD.unpack_from(data)
    start, stop = _HEAD.size - len(_DATA), len(data) - len(_END) - 4
    if tuple(begins) != _BEGINS or (colour, method, filters, lace) != (0, 0, 0, 0) or bits not in (8, 16):
        return None
    stride = width * bits // 8 + 1
    if starts != _DATA or start + 4 + size != stop or not 0 < height * stride <= _MOST or stride == 1:
        return None
    whole = (
        zlib.crc32(data[12:29]) == check and zlib.crc32(data[start:stop]).to_bytes(4, "big") == data[stop : stop + 4]
    )
    raw = _inflated(data[start + 4 : stop], height * stride) if whole else None
    return None if raw is None else _pixels(np.frombuffer(raw, np.uint8).reshape(height, stride), bits)


def _pixels(rows: NDArray[np.uint8], bits: int) -> AnyPixels | None:
    kind, stored = rows[0, 0], rows[:, 1:]
    if kind not in (_NONE, _SUB) or (rows[:, 0] != kind).any():
        return None
    stored = stored.reshape(len(rows), -1, bits // 8)
    stored = np.cumsum(stored, axis=1, dtype=np.uint8) if kind == _SUB else np.ascontiguousarray(stored)
    return stored[..., 0] if bits == 8 else stored.view(">u2")[..., 0].astype(np.uint16)


def _inflated(data: bytes, size: int) -> bytes | bytearray | None:
    """The ``size`` bytes of a zlib stream; None of one that has not as many, or is damaged."""
    try:
        if _deflate is not None:
            raw: bytes | bytearray = _deflate.zlib_decompress(data, size)
            return raw if len(raw) == size else None
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(data, size + 1)
    except (zlib.error, _DamageError):
        return None
    return raw if unpacker.eof and len(raw) == size else None
