"""Where the files of a ZIP or tar lie: its directory is read once and kept small.

Python's own modules keep over 600 bytes of every member; a hand-made archive may have 400,000. Reading opens the
file anew each time, as a dataset may have more archives than a process may hold open.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from array import array
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.remedies import GenerateAgain

SUFFIXES = (".zip", ".tar")
_LOCAL_HEADER = 30  # bytes, before the name


class Archive:
    """The files of one archive, in its order.

    Attributes:
        path: of the archive.
        names: of its files, with folders.

    Raises:
        DatasetError: it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: list[str] = []
        self._offsets, self._stored, self._sizes = array("Q"), array("Q"), array("Q")
        self._checks, self._deflated = array("L"), bytearray()
        self._numbers: dict[str, int] | None = None
        self._is_zip = path.suffix.lower() == ".zip"
        try:
            self._read_zip() if self._is_zip else self._read_tar()
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
            raise DatasetError(
                f"{path} is damaged ({error})",
                ["copy it again", GenerateAgain("if this program made it, remove it")],
            ) from error

    def size(self, number: int) -> int:
        """Bytes of a file."""
        return self._sizes[number]

    def find(self, name: str) -> int | None:
        """The number of the file of that name, or None."""
        if self._numbers is None:
            self._numbers = {known: number for number, known in enumerate(self.names)}
        return self._numbers.get(name)

    def read(self, number: int) -> bytes:
        """The bytes of a file.

        Raises:
            PictureError: they are not those that were put in.
            OSError: the archive cannot be read any more.
        """
        with self.path.open("rb") as file:
            file.seek(self._offsets[number])
            if self._is_zip:
                # By hand, as ZipFile would read the whole directory again (PKWARE APPNOTE 6.3.10, sections 4.3.7
                # and 4.4).
                head = file.read(_LOCAL_HEADER)
                file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), os.SEEK_CUR)
            data = file.read(self._stored[number])
        return self._checked(number, data) if self._is_zip else data

    def _checked(self, number: int, data: bytes) -> bytes:
        try:
            data = zlib.decompress(data, -zlib.MAX_WBITS) if self._deflated[number] else data
        except zlib.error:
            data = b""
        if len(data) != self._sizes[number] or zlib.crc32(data) != self._checks[number]:
            raise PictureError(f"{self.names[number]} is damaged inside {self.path}", "Copy the archive again")
        return data

    def _read_zip(self) -> None:
        with zipfile.ZipFile(self.path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    self._add(info.filename, info.header_offset, info.compress_size, info.file_size)
                    self._checks.append(info.CRC)
                    self._deflated.append(info.compress_type == zipfile.ZIP_DEFLATED)

    def _read_tar(self) -> None:
        with tarfile.open(self.path, "r:") as archive:
            for member in archive:
                if member.isfile():
                    self._add(member.name, member.offset_data, member.size, member.size)

    def _add(self, name: str, offset: int, stored: int, size: int) -> None:
        self.names.append(name)
        self._offsets.append(offset)
        self._stored.append(stored)
        self._sizes.append(size)
