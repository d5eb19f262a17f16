"""Files that others wrote: opened where they are regular and of a sensible size, and read as JSON within limits."""

from __future__ import annotations

import errno
import io
import json
import math
import os
import re
import stat
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.mirrored_file import MirroredFile
from fgbg_studio.core.base.mirrors import is_mirrored
from fgbg_studio.core.base.words import about_bytes

MOST_JSON = 512 << 20
"""Bytes of a file of the program's own kinds: a project of 20,000 pictures has about 12 MB."""
_AT_ONCE = 64 << 20
_BUFFER = 1 << 16  # bytes of what is at an address that are taken at once by one who reads little
MOST_LINE = 1 << 16
"""Letters that are read at once of a table's line."""
MOST_DEEP = 64
"""Lists and objects within each other in JSON: what the program writes has under ten."""
MOST_DIGITS = 30
"""Of a whole number in JSON: a sum of squares of 16 bits over 10 million megapixels has 23."""


class UnfitFileError(OSError):
    """A file that is not opened: no regular one, or too large; ``strerror`` says which."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(errno.EINVAL, reason, str(path))


def open_file(path: Path, most: int | None = None) -> io.BufferedReader:
    """Open a file of somebody else's for reading.

    A named pipe without a writer would be waited for, a device may never end, a sparse file may say any size.

    Args:
        path: of the file.
        most: bytes that it may have; any number where it is None.

    Raises:
        UnfitFileError: it is no regular file, or larger.
        OSError: it is missing, or may not be read.
    """
    _refuse(path, path.stat(), most)  # before it is opened, which alone does something to some devices
    if is_mirrored(path):
        return io.BufferedReader(MirroredFile(path), _BUFFER)
    handle = os.open(path, _READING)
    try:
        _refuse(path, os.fstat(handle), most)  # it may be another one by now
    except BaseException:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def _refuse(path: Path | str, about: os.stat_result, most: int | None) -> None:
    reason = unfit(about, most)
    if reason:
        raise UnfitFileError(path, reason)


def reason_of(error: Exception) -> str:
    """What is wrong with a file, to stand behind its name in parentheses."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def unfit(about: os.stat_result, most: int | None) -> str:
    """Why a file of which this is known is not opened; empty where it is."""
    if stat.S_ISDIR(about.st_mode):
        return "is a folder"
    if not stat.S_ISREG(about.st_mode):
        return "is no regular file but a pipe, a socket or a device"
    if most is not None and about.st_size > most:
        return f"has {about_bytes(about.st_size)}, more than the {about_bytes(most)} that such a file may have"
    return ""


def read_file(path: Path | str, most: int = MOST_JSON, about: os.stat_result | None = None) -> bytes:
    """All bytes of a file of somebody else's, in few system calls; see `open_file`.

    Args:
        path: of the file.
        most: bytes that it may have.
        about: what is known of it, where somebody has just looked.

    Raises:
        UnfitFileError: it is no regular file, or has more than ``most`` bytes.
        OSError: it is missing, or may not be read.
    """
    if is_mirrored(path):
        with open_file(Path(path), most) as file:
            return file.read()
    _refuse(path, about or os.stat(path), most)  # noqa: PTH116 - a path of text costs less, and there are millions
    handle = os.open(path, _READING)
    try:
        about = os.fstat(handle)
        _refuse(path, about, most)
        data = os.read(handle, about.st_size + 1)  # room is made for what is asked, before anything is read
        if len(data) != about.st_size:  # it grew, or the system gives less than all at once
            parts = [data]
            while (left := most + 1 - sum(map(len, parts))) > 0 and (more := os.read(handle, min(left, _AT_ONCE))):
                parts.append(more)
            data = b"".join(parts)
    finally:
        os.close(handle)
    if len(data) > most:  # it grew while it was read
        raise UnfitFileError(path, "grows while it is read")
    return data


def lines_of(path: Path) -> Generator[str, None, None]:
    """The lines of a text of somebody else's, with their ends; one of more than `MOST_LINE` letters comes in parts.

    Raises:
        UnfitFileError: it is no regular file.
        OSError: it is missing, or may not be read.
    """
    with io.TextIOWrapper(open_file(path), encoding="utf-8", errors="replace", newline="") as file:
        while line := file.readline(MOST_LINE):
            yield line


def parsed(data: bytes | str) -> Any:
    """What JSON of somebody else's says.

    Raises:
        ValueError: it is none, or nested deeper than `MOST_DEEP`, or a key stands in it twice, or a number is none
            (NaN, infinite, 1e999) or has more than `MOST_DIGITS`, or a text has half a letter (a surrogate by itself),
            which can be written nowhere. The message fits behind a file's name, in parentheses.
    """
    try:
        text = data if isinstance(data, str) else data.decode(json.detect_encoding(data))  # json lets halves through
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite, parse_int=_whole
        )
    except RecursionError:
        raise ValueError(_DEEP) from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error}") from None
    except UnicodeError:
        raise ValueError("it is no text") from None
    _refuse_deep(value)
    if not (text.isascii() and "\\u" not in text) and _HALF.search(text):
        _refuse_halves(value)
    return value


_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def _refuse_halves(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("a text in it has half a letter") from None


_DEEP = f"lists or objects stand within each other more than {MOST_DEEP} deep"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"{twice[:40]!r} stands in it twice")
    return found


def _constant(word: str) -> Any:
    raise ValueError(f"{word} stands in it where a number must be")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS and len(digits.lstrip("-")) > MOST_DIGITS:
        raise ValueError(f"a number in it has more than {MOST_DIGITS} digits")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:20]} stands in it, which is more than a number can be")
    return value


_NESTING = frozenset((dict, list))  # json makes no others


def _refuse_deep(value: Any) -> None:
    level = [value] if type(value) in _NESTING else []
    for _ in range(MOST_DEEP):
        below: list[Any] = []
        for one in level:
            inner = one.values() if isinstance(one, dict) else one
            if not _NESTING.isdisjoint(map(type, inner)):  # first so: most lists are long, and of numbers or texts
                below += [found for found in inner if type(found) in _NESTING]
        if not below:
            return
        level = below
    raise ValueError(_DEEP)
