"""ZIP files of others beyond what Python's `zipfile` does: opened within limits, names, links, what cannot be read."""

from __future__ import annotations

import os
import stat
import zipfile
from typing import BinaryIO

_READ = {
    zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA,
    getattr(zipfile, "ZIP_ZSTANDARD", zipfile.ZIP_STORED),  # since Python 3.14
}  # fmt: skip
# PKWARE APPNOTE 6.3.10, section 4.4.5.
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 97: "WavPack", 98: "PPMd"}
_LOCKED = 1  # bit of the flags
_UNIX = 3  # the system whose permissions stand in a member's attributes

MOST_MEMBERS = 2_000_000
"""Files of an archive: `zipfile` takes some 600 bytes of memory for each while the directory is read."""
_ENTRY, _TAIL = 46, 22 + 0xFFFF  # bytes: the least of a directory's entry, and the most of its end with a comment
_LOCAL = 30  # bytes before a file's name


def opened_zip(file: BinaryIO) -> zipfile.ZipFile:
    """A ZIP file of others once its directory is known to be no larger than one of `MOST_MEMBERS` members.

    Raises:
        BadZipFile: it is damaged, or has more.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _TAIL, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    listed = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if listed == 0xFFFF_FFFF:  # the size stands in the larger record before it, of which zipfile knows the place
        listed = _long_directory(file, size, tail, at)
    if listed > MOST_MEMBERS * 2 * _ENTRY:
        raise zipfile.BadZipFile(f"its directory has {listed:,} bytes, more than of {MOST_MEMBERS:,} files")
    file.seek(0)
    archive = zipfile.ZipFile(file)
    _refuse_overlapping(archive.infolist())
    return archive


def _refuse_overlapping(members: list[zipfile.ZipInfo]) -> None:
    """Files that share their bytes make a huge folder of a small archive (D. Fifield, 'A better zip bomb', 2019)."""
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise zipfile.BadZipFile("files in it share their bytes")
        end = member.header_offset + _LOCAL + len(member.orig_filename) + member.compress_size


def _long_directory(file: BinaryIO, size: int, tail: bytes, at: int) -> int:
    """Bytes of the directory by the record of ZIP64 (PKWARE APPNOTE 6.3.10, sections 4.3.14 and 4.3.15)."""
    locator = tail[max(at - 20, 0) : at]
    if locator[:4] != b"PK\x06\x07":
        return size
    file.seek(min(int.from_bytes(locator[8:16], "little"), size))
    record = file.read(56)
    return int.from_bytes(record[40:48], "little") if record[:4] == b"PK\x06\x06" else size


def clean_name(name: str) -> str:
    """A member's path with ``/`` between its parts, none of them empty or a dot: ``./a//b`` → ``a/b``."""
    if "\\" not in name and "./" not in name and "//" not in name and not name.startswith("/"):
        return name
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})


def is_link(member: zipfile.ZipInfo) -> bool:
    """Whether it holds no file but where one is."""
    return member.create_system == _UNIX and stat.S_ISLNK(member.external_attr >> 16)


def why_unreadable(member: zipfile.ZipInfo) -> str:
    """Why its bytes cannot be read here, as what is said of the archive; empty where they can."""
    if member.flag_bits & _LOCKED:
        return "is locked with a password"
    if member.compress_type not in _READ:
        method = _METHODS.get(member.compress_type, f"method {member.compress_type}")
        return f"is packed by {method}, which is not read here"
    return ""
