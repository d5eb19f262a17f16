"""What the members of a ZIP file are, beyond what Python's `zipfile` says: names, links, and what cannot be read."""

from __future__ import annotations

import stat
import zipfile

_READ = {
    zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA,
    getattr(zipfile, "ZIP_ZSTANDARD", zipfile.ZIP_STORED),  # since Python 3.14
}  # fmt: skip
# PKWARE APPNOTE 6.3.10, section 4.4.5.
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 97: "WavPack", 98: "PPMd"}
_LOCKED = 1  # bit of the flags
_UNIX = 3  # the system whose permissions stand in a member's attributes


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
