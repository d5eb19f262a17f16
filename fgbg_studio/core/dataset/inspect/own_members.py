"""Pictures in archives that this program's writers made, found without reading through a whole archive.

The writers put samples one after another in the dataset's order, so that about where one lies follows from its number.
Of a ZIP the directory is read at once, and its entry looked for there; of a tar, which has none, a stretch around that
place, and after a few pictures all headers. Whatever is not as these writers leave it is left to `Archive`, which reads
archives of anybody and says what is wrong.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from pathlib import Path
from threading import Lock

from fgbg_studio.core.base.kept_file import KeptFile
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.writers.tar import header
from fgbg_studio.core.imaging.finding import MAX_BYTES

# PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; POSIX.1-1988, section 10.1.1.
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL, _UTF8, _LONG = 30, 0x800, 0xFFFF_FFFF
_MOST_DIRECTORY = 64 << 20
_BLOCK, _NAME, _SIZE = 512, 100, slice(124, 135)
_REGULAR = b"0000644\0"  # what stands behind a name
_AROUND = (64 << 10, 1 << 20)  # bytes of a tar before and after a place
_LOOKS = 12  # pictures of a tar that are looked for before all of its headers are read


class OwnMembers:
    """One archive; several threads may read.

    Attributes:
        path: of the archive.

    Raises:
        UnfitFileError: it is no regular file.
        OSError: it is missing, or may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file, self._lock = KeptFile(path), Lock()
        self._is_zip, self._looks = path.suffix.lower() == ".zip", 0
        self._places: dict[bytes, int] | None = None  # of a tar's headers, once they are read
        self._archive: Archive | None = None
        self._directory = b""
        if self._is_zip:
            with contextlib.suppress(struct.error):
                self._directory = self._read_directory()

    @property
    def members(self) -> int:
        """About of how many members something is kept in memory."""
        if self._archive:
            return len(self._archive.names)
        return len(self._places or ()) + len(self._directory) // 100

    def is_current(self) -> bool:
        """Whether the archive of that path is still the one that was opened."""
        return self._file.is_current()

    def read(self, names: tuple[str, ...], where: float | None = None) -> bytes | None:
        """The bytes of a member that has one of ``names``, None where there is none.

        Args:
            names: what it may be called.
            where: how far from the archive's begin to its end it lies, about, from 0 to 1; None where nobody knows.

        Raises:
            PictureError: it is damaged.
            DatasetError: the archive is.
            OSError: the disk refuses.
        """
        if where is not None and self._archive is None:
            found = self._in_zip(names[0].encode(), where) if self._is_zip else self._in_tar(names[0], where)
            if found is not None:
                return found
        with self._lock:
            archive = self._archive = self._archive or Archive(self.path)
            number = next((one for one in map(archive.find, names) if one is not None), None)
        return None if number is None else archive.read(number, self._file)

    def _read_directory(self) -> bytes:
        """The central directory of a ZIP without a comment; empty of one that is larger than the first ZIPs can be."""
        end = self._file.part(max(self._file.size - _END.size, 0), _END.size)
        mark, _, _, _, _, size, begin, _ = _END.unpack(end)
        simple = mark == b"PK\x05\x06" and size <= _MOST_DIRECTORY and begin + size + _END.size == self._file.size
        return self._file.part(begin, size) if simple else b""

    def _in_zip(self, name: bytes, where: float) -> bytes | None:
        about = int(where * len(self._directory))
        at = self._entry(name, max(about - len(self._directory) // 50 - 1000, 0))
        if at < 0 and (at := self._entry(name, 0)) < 0:
            return None
        _, _, _, flags, method, _, _, check, packed, size, long, _, _, _, _, _, offset = _CENTRAL.unpack_from(
            self._directory, at
        )
        if flags != _UTF8 or method or packed != size or long != len(name) or size > MAX_BYTES or offset == _LONG:
            return None
        head = _LOCAL + len(name)
        data = self._file.part(offset, head + size)
        as_written = data[:4] == b"PK\x03\x04" and data[8:10] == b"\0\0" and data[26:30] == struct.pack("<HH", long, 0)
        if not as_written or data[_LOCAL:head] != name or len(data) != head + size:
            return None
        data = data[head:]
        return data if zlib.crc32(data) == check else None

    def _entry(self, name: bytes, start: int) -> int:
        """Where the entry of that name begins, from a byte of the directory on; -1 where it is not found."""
        found = self._directory.find(name, start)
        while found >= 0:
            at = found - _CENTRAL.size
            if at >= 0 and self._directory.startswith(b"PK\x01\x02", at):
                return at
            found = self._directory.find(name, found + 1)
        return -1

    def _in_tar(self, name: str, where: float) -> bytes | None:
        if self._places is None:
            self._looks += 1
            if self._looks <= _LOOKS:
                return self._around(name, where)
            with self._lock:
                self._places = self._places or self._headers()
        place = self._places.get(name.encode())
        if place is None:
            return None
        head = self._file.part(place, _BLOCK)
        size = _size(head)
        data = self._file.part(place + _BLOCK, size) if 0 <= size <= MAX_BYTES and head == header(name, size) else b""
        return data if data and len(data) == size else None

    def _around(self, name: str, where: float) -> bytes | None:
        """A member near to a place, looked for in a stretch and then in a longer one."""
        wanted, about = name.encode().ljust(_NAME, b"\0") + _REGULAR, int(where * self._file.size)
        for reach in _AROUND:
            start = max(about - reach, 0) // _BLOCK * _BLOCK
            part = self._file.part(start, 2 * reach)
            at = part.find(wanted)
            if at < 0 or at % _BLOCK:
                continue
            size = _size(part[at : at + _BLOCK])
            if not 0 <= size <= MAX_BYTES or part[at : at + _BLOCK] != header(name, size):
                return None
            data = part[at + _BLOCK : at + _BLOCK + size]
            data = data if len(data) == size else self._file.part(start + at + _BLOCK, size)
            return data if len(data) == size else None
        return None

    def _headers(self) -> dict[bytes, int]:
        """Where each member's header is, up to the first that these writers would not have made."""
        found: dict[bytes, int] = {}
        at = 0
        while len(head := self._file.part(at, _BLOCK)) == _BLOCK:
            size = _size(head)
            if size < 0 or head[_NAME : _NAME + len(_REGULAR)] != _REGULAR:
                break
            found[head[:_NAME].rstrip(b"\0")] = at
            at += _BLOCK - -size // _BLOCK * _BLOCK
        return found


def _size(head: bytes) -> int:
    """Bytes of the file behind a tar's header; -1 where it does not say."""
    digits = head[_SIZE]
    return int(digits, 8) if digits.isdigit() and not digits.strip(b"01234567") else -1
