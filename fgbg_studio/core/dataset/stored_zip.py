"""ZIPs of stored files: written front to back, put together of others' members, their directories read back.

Sizes and counts beyond those of the first ZIPs are written as ZIP64 has them, and only where they are needed.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import LargeFile, Store
from fgbg_studio.core.interfaces.writer import DAY

# PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.4.6 and 4.5.3.
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_OFFSET_64 = struct.Struct("<HHQ")
_END_64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<4sIQI")
_VERSION, _VERSION_64, _UTF8 = 20, 45, 0x800
_DATE = (DAY.year - 1980) << 9 | DAY.month << 5 | DAY.day
_MOST_FILES, _MOST_BYTES = 0xFFFF, 0xFFFF_FFFF
_PIECE = 1 << 20  # bytes that are copied at once


class StoredZip:
    """A ZIP of stored files, written front to back (Python's own zipfile takes several times as long).

    Attributes:
        name: it is called, in messages too.
        file: on its way into the store.
    """

    def __init__(self, name: str, file: LargeFile) -> None:
        self.name, self.file = name, file
        self._central = bytearray()
        self._count = self._offset = 0

    def add(self, name: str, data: bytes) -> None:
        """Append one file."""
        member, check, size = name.encode(), zlib.crc32(data), len(data)
        fields = (_VERSION, _UTF8, 0, 0, _DATE, check, size, size, len(member), 0)
        self.file.write(_LOCAL.pack(b"PK\x03\x04", *fields) + member)
        self.file.write(data)
        self._list(member, check, size)

    def copy(self, source: ZipDirectory, start: int, stop: int) -> Iterator[int]:
        """Append the members start..stop of another archive of this sort; yields how many each piece has.

        Raises:
            DatasetError: the other archive is damaged.
        """
        while start < stop:
            first, size = start, 0
            while start < stop and (not size or size + source.length(start) <= _PIECE):
                size += source.length(start)
                start += 1
            self.file.write(source.read(first, start))
            for number in range(first, start):
                self._list(source.names[number], source.checks[number], source.sizes[number])
            yield start - first

    def finish(self) -> None:
        """Write the central directory; the archive appears under its name."""
        begin, count, size = self._offset, self._count, len(self._central)
        self.file.write(bytes(self._central))
        if count >= _MOST_FILES or max(begin, size) >= _MOST_BYTES:
            versions, rest = (_VERSION_64, _VERSION_64, 0, 0), _END_64.size - 12
            self.file.write(_END_64.pack(b"PK\x06\x06", rest, *versions, count, count, size, begin))
            self.file.write(_LOCATOR_64.pack(b"PK\x06\x07", 0, begin + size, 1))
        files, at, long = min(count, _MOST_FILES), min(begin, _MOST_BYTES), min(size, _MOST_BYTES)
        self.file.write(_END.pack(b"PK\x05\x06", 0, 0, files, files, long, at, 0))
        self.file.publish()

    def _list(self, member: bytes, check: int, size: int) -> None:
        """Put the member that was just written into the directory."""
        fields = (_VERSION, _UTF8, 0, 0, _DATE, check, size, size, len(member))
        if self._offset < _MOST_BYTES:
            entry = _CENTRAL.pack(b"PK\x01\x02", _VERSION, *fields, 0, 0, 0, 0, 0, self._offset) + member
        else:
            extra = _OFFSET_64.pack(1, 8, self._offset)
            far = (_VERSION_64, *fields[1:], len(extra))
            entry = _CENTRAL.pack(b"PK\x01\x02", _VERSION_64, *far, 0, 0, 0, 0, _MOST_BYTES) + member + extra
        self._central += entry
        self._count += 1
        self._offset += _LOCAL.size + len(member) + size


class ZipDirectory:
    """What is in an archive that `StoredZip` wrote, its members one after another.

    Attributes:
        names: of its members, as bytes of UTF-8, in their order.
        checks: their CRC-32.
        sizes: their bytes.

    Raises:
        DatasetError: it is damaged.
        OSError: it cannot be read.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name
        self.names: list[bytes] = []
        self.checks, self.sizes, self._offsets = array("I"), array("I"), array("Q")
        self._numbers: dict[bytes, int] | None = None
        try:
            self._parse(*self._directory())
        except (struct.error, IndexError) as error:
            raise self._damaged() from error

    def length(self, number: int) -> int:
        """Bytes of a member with its header."""
        return _LOCAL.size + len(self.names[number]) + self.sizes[number]

    def find(self, name: bytes) -> int | None:
        """The number of the member of that name, or None."""
        if self._numbers is None:
            self._numbers = {known: number for number, known in enumerate(self.names)}
        return self._numbers.get(name)

    def read(self, start: int, stop: int) -> bytes:
        """The members start..stop with their headers, checked.

        Raises:
            DatasetError: they are not those that were put in.
        """
        begin = self._offsets[start]
        size = self._offsets[stop - 1] + self.length(stop - 1) - begin
        data = self._store.part(self._name, begin, size)
        inside = memoryview(data)
        for number in range(start, stop):
            end = self._offsets[number] - begin + self.length(number)
            if zlib.crc32(inside[end - self.sizes[number] : end]) != self.checks[number] or end > len(data):
                raise self._damaged()
        return data

    def _directory(self) -> tuple[bytes, int]:
        """The central directory, and how many members it lists."""
        whole = self._store.size(self._name)
        tail = self._store.part(self._name, max(whole - _END.size - _LOCATOR_64.size, 0), whole)
        mark, _, _, _, count, size, begin, _ = _END.unpack(tail[-_END.size :])
        if mark != b"PK\x05\x06":
            raise self._damaged()
        locator = tail[: -_END.size]
        if locator[:4] == b"PK\x06\x07":
            _, _, at, _ = _LOCATOR_64.unpack(locator)
            end = _END_64.unpack(self._store.part(self._name, at, _END_64.size))
            count, size, begin = end[7:]
        return self._store.part(self._name, begin, size), count

    def _parse(self, directory: bytes, count: int) -> None:
        at = 0
        for _ in range(count):
            fields = _CENTRAL.unpack_from(directory, at)
            check, size, long, extra, offset = fields[7], fields[8], fields[10], fields[11], fields[16]
            at += _CENTRAL.size + long + extra
            if extra:
                offset = _OFFSET_64.unpack_from(directory, at - extra)[2]
            self.names.append(directory[at - extra - long : at - extra])
            self.checks.append(check)
            self.sizes.append(size)
            self._offsets.append(offset)

    def _damaged(self) -> DatasetError:
        again = GenerateAgain("remove it", "its samples are made again")
        return DatasetError(f"{self._store.where(self._name)} is damaged", again)
