"""One ZIP a kind and shard: stored, finished before the next begins."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.base.store import LargeFile, Store
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, Layout
from fgbg_studio.core.interfaces.writer import Location, ShardWriter, Writer

# PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; every date is 1980-01-01, so that the same
# pictures make the same archive.
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _DATE, _UTF8 = 20, 0x21, 0x800
_MOST_FILES, _MOST_BYTES = 0xFFFE, 0xFFFF_FFFE


@dataclass(frozen=True)
class Zip(Writer):
    """ZIPs that every unpacker reads; pictures are compressed already, so they are stored as they are."""

    name: ClassVar[str] = "zip"
    summary: ClassVar[str] = "one ZIP a kind and shard, stored"

    @override
    def open(self, store: Store, shard: str, layout: Layout) -> ZipShard:
        return ZipShard(store, shard, layout)

    @override
    def locate(self, kind: str, path: str, shard: str, layout: Layout) -> Location:
        return Location(_archive(layout, kind, shard), layout.member(path))


def _archive(layout: Layout, kind: str, shard: str) -> str:
    return f"{layout.archive(kind)}-{shard}.zip" if shard else f"{layout.archive(kind)}.zip"


class ZipShard(ShardWriter):
    """The ZIPs of one shard, opened as their kinds turn up."""

    def __init__(self, store: Store, shard: str, layout: Layout) -> None:
        self._store, self._shard, self._layout = store, shard, layout
        self._archives: dict[str, StoredZip] = {}

    @override
    def add(self, kind: str, path: str, data: bytes) -> None:
        archive = self._archives.get(kind)
        if archive is None:
            name = _archive(self._layout, kind, self._shard)
            archive = self._archives[kind] = StoredZip(name, self._store.create(name))
        archive.add(self._layout.member(path), data)

    @override
    def finish(self) -> list[str]:
        # The disk takes them together in little more time than one alone.
        with ThreadPoolExecutor(len(SAMPLE_KINDS)) as pool:
            list(pool.map(StoredZip.finish, self._archives.values()))
        return [archive.name for archive in self._archives.values()]

    @override
    def discard(self) -> None:
        for archive in self._archives.values():
            archive.file.discard()


class StoredZip:
    """A ZIP of stored files, written front to back (Python's own zipfile takes several times as long).

    Attributes:
        name: it is called, in messages too.
        file: on its way into the store.
    """

    def __init__(self, name: str, file: LargeFile) -> None:
        self.name, self.file = name, file
        self._central: list[bytes] = []
        self._offset = 0

    def add(self, name: str, data: bytes) -> None:
        """Append one file.

        Raises:
            DatasetError: more files or bytes than a ZIP without extensions can hold.
        """
        if len(self._central) >= _MOST_FILES or self._offset + len(data) > _MOST_BYTES:
            raise DatasetError(
                f"{self.name} would be too large for a ZIP",
                Set({"shard": 2000}, "set a smaller shard"),
            )
        member, size, check = name.encode(), len(data), zlib.crc32(data)
        shared = (_VERSION, _UTF8, 0, 0, _DATE, check, size, size, len(member), 0)
        self.file.write(_LOCAL.pack(b"PK\x03\x04", *shared) + member)
        self.file.write(data)
        self._central.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *shared, 0, 0, 0, 0, self._offset) + member)
        self._offset += _LOCAL.size + len(member) + size

    def finish(self) -> None:
        """Write the central directory; the archive appears under its name."""
        directory = b"".join(self._central)
        count = len(self._central)
        self.file.write(directory)
        self.file.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), self._offset, 0))
        self.file.publish()
