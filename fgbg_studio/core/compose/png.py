"""PNG files of masks, made by deflating only the rows that the object touches; and the parts of any PNG.

A mask is an object in a frame of zeros. The rest of the frame is deflated once and joined to each file. It
rests on these facts:

- A zlib stream is two bytes of header, deflate blocks, and the Adler-32 of the data (RFC 1950, 2.2). After a
  flush the next block begins at a whole byte (RFC 1951, 3.2.4), and run-length matching refers to nothing but
  the byte before, which a full flush forgets: pieces deflated apart can be joined.
- Adler-32 is a pair of sums modulo 65521 (RFC 1950, 9), to which zeros add little that is not known.
- A PNG is a signature and chunks with a CRC-32 each; a row begins with its filter's number (PNG, third
  edition, 5.3 and 9.2).

Run-length matching is chosen for speed and because it uses no hash table: the bytes depend on the data alone,
not on which build of zlib is at work.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

from fgbg_studio.core.base.arrays import Pixels

MODULUS = 65521
_LAST_BLOCK = b"\x03\x00"  # an empty final block with fixed codes


class MaskPng:
    """8-bit PNGs of binary masks of one frame size; one a thread, as it keeps a buffer.

    Args:
        width: of the frame in pixels.
        height: likewise.
    """

    def __init__(self, width: int, height: int) -> None:
        self._stride, self._height = width + 1, height
        self._head = head(width, height, 8)
        self._rows = np.zeros((height, width + 1), np.uint8)  # column 0: filter 'none'
        self._above = [self._zeros(rows, zlib.Z_SYNC_FLUSH) for rows in range(height + 1)]
        self._below = [self._zeros(rows, zlib.Z_FINISH) for rows in range(height + 1)]

    def encode(self, patch: Pixels, x: int, y: int) -> bytes:
        """The picture that is ``patch`` (h, w) uint8 at (x, y), wholly inside a frame of zeros.

        Masks are of 0 and 255; index maps have few values, too, in long runs.
        """
        height, width = patch.shape
        inside = self._rows[y : y + height, x + 1 : x + 1 + width]
        inside[:] = patch
        raw = self._rows[y : y + height].tobytes()
        inside[:] = 0
        packer = zlib.compressobj(1, zlib.DEFLATED, -15, 5, zlib.Z_RLE)
        packed = packer.compress(raw) + packer.flush(zlib.Z_SYNC_FLUSH)
        below = self._height - y - height
        # A zero adds nothing to Adler's first sum and that sum once more to its second.
        adler = zlib.adler32(raw, y * self._stride % MODULUS << 16 | 1)
        low = adler & 0xFFFF
        adler = ((adler >> 16) + below * self._stride * low) % MODULUS << 16 | low
        return file(self._head, self._above[y], packed, self._below[below], adler=adler)

    def _zeros(self, rows: int, flush: int) -> bytes:
        if not rows:
            return _LAST_BLOCK if flush == zlib.Z_FINISH else b""
        packer = zlib.compressobj(1, zlib.DEFLATED, -15, 8, zlib.Z_RLE)
        return packer.compress(bytes(rows * self._stride)) + packer.flush(flush)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(data, zlib.crc32(kind)).to_bytes(4, "big")


_END = _chunk(b"IEND", b"")


def head(width: int, height: int, bits: int) -> bytes:
    """A grey PNG's signature and first chunk; ``bits`` a pixel."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))


def file(head: bytes, *deflated: bytes, adler: int) -> bytes:
    """A PNG from its `head`, the pieces of its deflate stream in a row, and the Adler-32 of the filtered rows."""
    data = b"".join((b"IDAT\x78\x01", *deflated, adler.to_bytes(4, "big")))
    size, crc = (len(data) - 4).to_bytes(4, "big"), zlib.crc32(data).to_bytes(4, "big")
    return b"".join((head, size, data, crc, _END))
