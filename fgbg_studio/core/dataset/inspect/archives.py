"""Where the files of a ZIP or tar lie: its directory is read once and kept small.

Python's own modules keep over 600 bytes of every member; a hand-made archive may have 400,000. Reading opens the
file anew each time, as a dataset may have more archives than a process may hold open.
"""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
import zlib
from array import array
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.kept_file import KeptFile
from fgbg_studio.core.base.outside import open_file, reason_of
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.zip_members import MOST_MEMBERS, clean_name, is_link, opened_zip, why_unreadable
from fgbg_studio.core.imaging.finding import MAX_BYTES

SUFFIXES = (".zip", ".tar")
_LOCAL_HEADER, _END_RECORD = 30, 22  # bytes, before name and comment
_UTF8 = 0x800  # bit of a member's flags
_COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def is_archive(path: Path) -> bool:
    """Whether the file's name is that of a ZIP or tar."""
    return path.suffix.lower() in SUFFIXES and path.is_file()


class Archive:
    """The files of one archive, in its order.

    Attributes:
        path: of the archive.
        names: of its files, with folders and ``/`` between them.
        odd: names of what are no files: links, pipes.
        extra: bytes before its first file or after its end, which belong to nothing.

    Raises:
        DatasetError: it is damaged, locked, or packed in a way that is not read here.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: list[str] = []
        self.odd: list[str] = []
        self.extra = 0
        self._offsets, self._stored, self._sizes = array("Q"), array("Q"), array("Q")
        self._checks, self._methods, self._flags = array("L"), bytearray(), array("H")
        self._written: dict[int, str] = {}  # names as they stand in the file, where that is another way
        self._numbers: dict[str, int] | None = None
        self._is_zip = path.suffix.lower() == ".zip"
        try:
            with foreign():
                self._read_zip() if self._is_zip else self._read_tar()
        except (UnreadableError, OSError) as error:
            raise DatasetError(
                f"{path} is damaged ({reason_of(error)})",
                ["copy it again", GenerateAgain("if this program made it, remove it")],
            ) from error

    @override
    def __reduce__(self) -> tuple[Callable[[Path], Archive], tuple[Path]]:
        """To another process goes the path alone: its directory is read there once."""
        return _opened, (self.path,)

    def size(self, number: int) -> int:
        """Bytes of a file."""
        return self._sizes[number]

    def find(self, name: str) -> int | None:
        """The number of the file of that name, or None."""
        if self._numbers is None:
            self._numbers = {known: number for number, known in enumerate(self.names)}
        return self._numbers.get(name)

    def read(self, number: int, kept: KeptFile | None = None) -> bytes:
        """The bytes of a file; ``kept`` is the archive where somebody has it open.

        Raises:
            PictureError: they are not those that were put in.
            OSError: the archive cannot be read any more.
        """
        if max(self._sizes[number], self._stored[number]) > MAX_BYTES:
            raise PictureError(f"{self.names[number]} in {self.path} is too large for a picture", "Make it smaller")
        file = kept or KeptFile(self.path)
        if self._is_zip:
            return self._unpacked(number, self._behind_its_header(file, number))
        data = file.part(self._offsets[number], self._stored[number])
        if len(data) != self._sizes[number]:
            raise self._damage(number)
        return data

    def _behind_its_header(self, file: KeptFile, number: int) -> bytes:
        """A member's bytes as they lie there, by hand, as ZipFile would read the whole directory again.

        Other programs believe a member's own header and not the directory, so both must say the same (PKWARE APPNOTE
        6.3.10, sections 4.3.7 and 4.4).
        """
        written = self._written.get(number, self.names[number])
        known = written.encode("utf-8" if self._flags[number] & _UTF8 else "cp437", "surrogateescape")
        start, size = self._offsets[number], self._stored[number]
        begin = _LOCAL_HEADER + len(known)
        data = file.part(start, begin + size)
        method = int.from_bytes(data[8:10], "little")
        length, extra = int.from_bytes(data[26:28], "little"), int.from_bytes(data[28:30], "little")
        head = data[:4] == b"PK\x03\x04" and length == len(known) and data[_LOCAL_HEADER:begin] == known
        if not head or method != self._methods[number]:
            raise self._damage(number)
        return file.part(start + begin + extra, size) if extra else data[begin:]

    def _unpacked(self, number: int, data: bytes) -> bytes:
        size, method = self._sizes[number], self._methods[number]
        try:
            with foreign():
                if method == zipfile.ZIP_DEFLATED:
                    data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)
                elif method != zipfile.ZIP_STORED:
                    data = self._by_zipfile(number, data)
        except (UnreadableError, OSError) as error:
            raise self._damage(number) from error
        if len(data) != size or zlib.crc32(data) != self._checks[number]:
            raise self._damage(number)
        return data

    def _by_zipfile(self, number: int, data: bytes) -> bytes:
        member = zipfile.ZipInfo(self.names[number])
        member.compress_type, member.flag_bits = self._methods[number], self._flags[number]
        member.compress_size, member.file_size = len(data), self._sizes[number]
        member.CRC = self._checks[number]
        with zipfile.ZipExtFile(io.BytesIO(data), "r", member) as file:
            return file.read(member.file_size + 1)

    def _damage(self, number: int) -> PictureError:
        return PictureError(f"{self.names[number]} is damaged inside {self.path}", "Copy the archive again")

    def _read_zip(self) -> None:
        with open_file(self.path) as file, opened_zip(file) as archive:
            first = self.path.stat().st_size
            for info in archive.infolist():
                name = clean_name(info.filename)
                first = min(first, info.header_offset)
                if is_link(info):
                    self.odd.append(name)
                elif not info.is_dir():
                    self._refuse(why_unreadable(info))
                    if info.orig_filename != name:
                        self._written[len(self.names)] = info.orig_filename
                    self._add(name, info.header_offset, info.compress_size, info.file_size)
                    self._checks.append(info.CRC)
                    self._methods.append(info.compress_type)
                    self._flags.append(info.flag_bits)
        self.extra = (first if self.names else 0) + _behind_zip(self.path)

    def _read_tar(self) -> None:
        with open_file(self.path) as file:
            head = file.read(8)
        packed = next((name for magic, name in _COMPRESSED.items() if head.startswith(magic)), "")
        self._refuse(f"is compressed as a whole by {packed}" if packed else "")
        hard: list[tarfile.TarInfo] = []
        with open_file(self.path) as file, tarfile.open(fileobj=_Headers(file), mode="r:") as archive:
            last = -1
            for before, member in enumerate(archive):
                if member.offset <= last or member.size < 0 or before >= MOST_MEMBERS:
                    raise tarfile.ReadError("its members lie over each other, or are too many")
                last = member.offset
                archive.members = []  # type: ignore[attr-defined] # which has some 1,500 bytes of each
                if member.isfile() and not member.issparse():
                    self._add(clean_name(member.name), member.offset_data, member.size, member.size)
                elif member.islnk():
                    hard.append(member)
                elif not member.isdir():
                    self.odd.append(clean_name(member.name))
            self.extra = _behind_tar(self.path, archive.offset)
        for member in hard:  # the same file under a second name
            number = self.find(clean_name(member.linkname))
            if number is None:
                self.odd.append(clean_name(member.name))
            else:
                self._add(clean_name(member.name), self._offsets[number], self._stored[number], self._sizes[number])
        self._numbers = None

    def _refuse(self, reason: str) -> None:
        if reason:
            raise DatasetError(f"{self.path} {reason}", "Unpack it, and give the folder that it was unpacked into")

    def _add(self, name: str, offset: int, stored: int, size: int) -> None:
        self.names.append(name)
        self._offsets.append(offset)
        self._stored.append(stored)
        self._sizes.append(size)


class _Headers(io.RawIOBase):
    """A tar of which headers alone are read, none of which is long: names, lists of holes, what pax says of a file."""

    _MOST = 1 << 20

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    @override
    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._MOST:
            raise tarfile.ReadError(f"a header in it says that it has {size:,} bytes")
        return self._file.read(size)

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    @override
    def tell(self) -> int:
        return self._file.tell()


@lru_cache(maxsize=8)
def _opened(path: Path) -> Archive:
    return Archive(path)


def _behind_zip(path: Path) -> int:
    """Bytes after the end record and its comment, where zipfile looks for it (sections 4.3.16)."""
    with open_file(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _END_RECORD - 0xFFFF, 0))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    comment = int.from_bytes(tail[at + 20 : at + _END_RECORD], "little")
    return max(len(tail) - at - _END_RECORD - comment, 0) if at >= 0 else 0


def _behind_tar(path: Path, end: int) -> int:
    """Bytes after the end of a tar, where all should be 0: how many lie behind the first that is not."""
    with open_file(path) as file:
        file.seek(end)
        while block := file.read(1 << 20):
            rest = block.lstrip(b"\0")
            if rest:
                return len(rest) + path.stat().st_size - file.tell()
    return 0
