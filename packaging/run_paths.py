"""Takes out of programs and libraries where the machine that built them looked for libraries.

A Python that was compiled into a folder of its own (pyenv's, a build service's) writes that folder into each of its
modules as RUNPATH. On the user's machine the loader would look there before it looks in the system. The frozen program
needs no such folder: what it brings along is found beside it.
"""

from __future__ import annotations

import struct
from pathlib import Path

DYNAMIC, NULL, STRINGS, RPATH, RUNPATH = 2, 0, 5, 15, 29  # a segment's type; tags of its entries (System V gABI)
ENTRY = struct.Struct("<qQ")


def drop_foreign(path: Path) -> list[str]:
    """Remove each run path of the 64-bit ELF file at ``path`` that is a folder of the building machine.

    Paths relative to the file itself (``$ORIGIN``) stay. The file is changed in place, its length stays.

    Returns:
        What was removed; nothing for any other kind of file.
    """
    data = bytearray(path.read_bytes())
    if data[:6] != b"\x7fELF\x02\x01":  # 64 bits, little-endian
        return []
    segments = _segments(data)
    removed = []
    for kind, offset, _, size in segments:
        if kind != DYNAMIC:
            continue
        entries = list(ENTRY.iter_unpack(data[offset : offset + size - size % ENTRY.size]))
        strings = next((value for tag, value in entries if tag == STRINGS), 0)
        kept = []
        for tag, value in entries:
            text = _text(data, segments, strings + value) if tag in {RPATH, RUNPATH} else "$ORIGIN"
            if text.startswith("$ORIGIN"):
                kept.append((tag, value))
            else:
                removed.append(text)
        kept += [(NULL, 0)] * (len(entries) - len(kept))
        data[offset : offset + len(kept) * ENTRY.size] = b"".join(ENTRY.pack(*entry) for entry in kept)
    if removed:
        path.write_bytes(data)
    return removed


def _segments(data: bytes | bytearray) -> list[tuple[int, int, int, int]]:
    """Type, place in the file, address and length of every segment."""
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    found = []
    for index in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, table + index * size)
        found.append((kind, offset, address, length))
    return found


def _text(data: bytes | bytearray, segments: list[tuple[int, int, int, int]], address: int) -> str:
    """The string at an address of the loaded file."""
    for kind, offset, start, length in segments:
        if kind == 1 and start <= address < start + length:
            place = address - start + offset
            return data[place : data.index(b"\0", place)].decode()
    raise ValueError(f"no segment has the address {address:#x}")
