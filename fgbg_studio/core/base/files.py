"""Files on the disk: written whole or not at all, known by the hash of their contents, sorted as people count."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from fgbg_studio.core.base.errors import HomelessError
from fgbg_studio.core.base.outside import open_file, read_file

_homes: Counter[Path] = Counter()


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """While files in ``folder`` are worked on: one that is moved away or deleted is not made anew by what is written.

    It would lie in the way of its own return, with a part of its files, and look as if all were well.
    """
    folder = folder.absolute()
    _homes[folder] += 1
    try:
        yield
    finally:
        _homes[folder] -= 1
        if not _homes[folder]:
            del _homes[folder]


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where they are missing.

    Raises:
        HomelessError: they belong to one that is gone, see `at_home`.
    """
    if not folder.is_dir():
        for home in list(_homes):
            if folder.absolute().is_relative_to(home) and not home.is_dir():
                raise HomelessError(home)
        folder.mkdir(parents=True, exist_ok=True)


def partial_of(path: Path) -> Path:
    """Where ``path`` is written until it is whole: hidden beside it, and short however long its own name is."""
    return path.with_name(f".{hashlib.blake2b(os.fsencode(path.name), digest_size=8).hexdigest()}.part")


NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""How a file is opened that is not there yet: what has its name is not written into, be it a link or a pipe."""


def created(path: Path, flags: int = 0) -> int:
    """A handle to a new empty file; what had its name before goes: no link is followed, no pipe waited for.

    Args:
        path: of the file, whose folder is there.
        flags: of `os.open` beside those for writing.
    """
    path.unlink(missing_ok=True)
    return os.open(path, NEW | flags, 0o666)


def append_to(path: Path) -> BinaryIO:
    """Open a file to append to it: a new one where there is none, or a link or a pipe, and one with this name alone."""
    make_folder(path.parent)
    with suppress(FileNotFoundError):
        if _is_shared(path) and path.is_file() and not path.is_symlink():
            write_file(path, read_file(path))  # what is in it is kept: somebody may have copied the folder by links
    take_name(path)
    return path.open("ab")


def take_name(path: Path) -> None:
    """Take a name from what is no file, or may be somebody's under another name: a link, a hard one too, or a pipe.

    What writes into a file in its place, and not to a new one that then gets its name, would write there.
    """
    with suppress(FileNotFoundError):
        if _is_shared(path):
            path.unlink()


def _is_shared(path: Path) -> bool:
    about = path.lstat()
    return not stat.S_ISREG(about.st_mode) or about.st_nlink > 1


def write_file(path: Path, data: bytes | memoryview) -> None:
    """Write ``data`` so that after any interruption there is the old file or the new one, never a half."""
    write_partial(path, data)
    try:
        partial_of(path).replace(path)
    except OSError as error:
        partial_of(path).unlink(missing_ok=True)
        error.filename = str(path)
        raise


def write_partial(path: Path, data: bytes | memoryview) -> None:
    """Write ``data`` to `partial_of` ``path``, down to the disk: it gets its own name by a rename later."""
    make_folder(path.parent)
    partial = partial_of(path)
    try:
        with os.fdopen(created(partial), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        partial.unlink(missing_ok=True)
        error.filename = str(path)  # a full disk does not say where
        raise


def move_all(pairs: Iterable[tuple[Path, Path]]) -> None:
    """Give files other names, (old, new) each, all or none; folders are made where they are missing.

    Raises:
        OSError: one cannot be moved, or another file has its new name; all are as they were.
    """
    done: list[tuple[Path, Path]] = []
    try:
        for old, new in pairs:
            if new.exists() and not _is_respelt(old, new):
                raise FileExistsError(errno.EEXIST, "there is another file of that name", str(new))
            make_folder(new.parent)
            old.rename(new)
            done.append((old, new))
    except OSError:
        for old, new in reversed(done):
            new.rename(old)
        raise


def _is_respelt(old: Path, new: Path) -> bool:
    """Whether a name is the same one in other letters: where the disk makes no difference, that is the file itself."""
    one, other = (composed(path.name).casefold() for path in (old, new))
    return old.parent == new.parent and one == other and new.samefile(old)


def composed(name: str) -> str:
    """A name with each accent in its letter (Unicode's NFC), as names are compared: a Mac may store them apart."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def natural_key(text: str) -> list[tuple[int, str]]:
    """Sorts ``bg_2`` before ``bg_10``: digits compare as numbers."""
    words = re.findall(r"[0-9]+|[^0-9]", text)
    return [(int(word), "") if word.isdecimal() else (-1, word.lower()) for word in words]


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes in hexadecimal digits.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_hash(path: Path) -> str:
    """The `file_hash` of a file; of a folder, SHA-256 of its files' names and hashes."""
    if path.is_file():
        return file_hash(path)
    whole = hashlib.sha256()
    for inner in sorted(p for p in path.rglob("*") if p.is_file()):
        whole.update(inner.relative_to(path).as_posix().encode() + b"\0" + bytes.fromhex(file_hash(inner)))
    return whole.hexdigest()
