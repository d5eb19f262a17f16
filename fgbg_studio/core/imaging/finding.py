"""Finding pictures: one walk, with one set of rules, for adding, verifying, statistics and archives.

Linked folders are followed, but not in a circle. What systems leave behind and what is hidden is passed over, as is
what is no picture by its name; nothing is opened to find that out. What was passed over is counted with the reason.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from fgbg_studio.core.base import outside
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import natural_key
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.imaging.formats import OTHERS, SUFFIXES

MAX_BYTES = 1 << 30
"""Of a file that is read as a picture: 100 megapixels of four channels in 16 bits are less."""
_SYSTEM = frozenset({
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin", "system volume information",
    "icon\r", "__macosx", "network trash folder", "temporary items", "lost+found", "lost.dir", "__pycache__",
    "@eadir", "@synoresource", "@sharebin", "@recycle", "@__thumb", "@recently-snapshot", "#recycle", "#snapshot",
})  # fmt: skip
_ARCHIVES = frozenset({
    ".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar",
})  # fmt: skip
_WAYS = 8  # that links may lead to one folder
_ENDINGS = 5  # that are named
_NAMES = 1000  # of files that are passed over, which are kept for those who list them


class Reason(StrEnum):
    """Why a file is passed over, as words that follow their number."""

    NAME = "no picture by name"
    KIND = "of a kind that is not read here"
    ARCHIVE = "an archive to be unpacked first"
    HIDDEN = "hidden"
    SYSTEM = "left behind by a system"
    LINK = "a link that leads nowhere or in a circle"
    MEMBER_LINK = "a link inside an archive"
    MEMBER_DAMAGED = "damaged inside an archive"
    SPECIAL = "no regular file"


_MANY = {
    Reason.KIND: "of kinds that are not read here",
    Reason.ARCHIVE: "archives to be unpacked first",
    Reason.LINK: "links that lead nowhere or in a circle",
    Reason.MEMBER_LINK: "links inside archives",
    Reason.SPECIAL: "no regular files",
}


class PassedOver:
    """What a walk passed over: how many files, and what is typical of them, by reason."""

    def __init__(self) -> None:
        self._endings: dict[Reason, Counter[str]] = {}
        self._ignored: set[Reason] = set()
        self.inside = ""
        """What is put before every name: the folder that is walked, with its slash."""
        self.names: list[tuple[str, Reason]] = []
        """The first thousand files, or folders of such, by their paths."""

    def ignore(self, reason: Reason) -> None:
        """Count nothing for this reason from here on."""
        self._ignored.add(reason)

    def add(self, reason: Reason, name: str, count: int = 1) -> None:
        """Count ``count`` files of that name or path, or inside a folder of that name."""
        if reason in self._ignored:
            return
        typical = ending(name) if reason in {Reason.NAME, Reason.KIND, Reason.ARCHIVE} else ""
        if reason is Reason.ARCHIVE and name.lower().endswith(f".tar{typical}"):
            typical = f".tar{typical}"
        if reason is Reason.SYSTEM:
            typical = next(part for part in name.split("/") if part.lower() in _SYSTEM)
        if len(self.names) < _NAMES:
            self.names.append((self.inside + name, reason))
        self._endings.setdefault(reason, Counter())[typical] += count

    @property
    def total(self) -> int:
        """How many files."""
        return sum(counts.total() for counts in self._endings.values())

    def said(self) -> str:
        """'5 files passed over: 3 no picture by name (.txt, .mp4), 2 hidden'; empty where there are none.

        One reason has no number of its own.
        """
        if not self.total:
            return ""
        parts = [(f"{counts.total():,} ", self._part(reason, counts)) for reason, counts in self._by_number()]
        said = ", ".join(number + part for number, part in parts) if len(parts) > 1 else parts[0][1]
        return f"{self.total:,} file{'s' if self.total > 1 else ''} passed over: {said}"

    def report(self) -> dict[str, Any]:
        """The same for JSON: ``count``, and under ``reasons`` each with its own."""
        reasons = [
            {
                "reason": reason.name.lower().replace("_", "-"),
                "words": str(reason),
                "count": counts.total(),
                "endings": dict(counts.most_common()) if any(counts) else {},
            }
            for reason, counts in self._by_number()
        ]
        return {"count": self.total, "reasons": reasons, "files": [name for name, _ in self.names]}

    def _by_number(self) -> list[tuple[Reason, Counter[str]]]:
        there = [(reason, counts) for reason, counts in self._endings.items() if counts.total()]
        return sorted(there, key=lambda one: (-one[1].total(), one[0]))

    @staticmethod
    def _part(reason: Reason, counts: Counter[str]) -> str:
        bare = "without an ending" if reason is Reason.NAME else ""
        typical = [text or bare for text, _ in counts.most_common() if text or bare]
        more = ", …" if len(typical) > _ENDINGS else ""
        named = f" ({', '.join(typical[:_ENDINGS])}{more})" if typical else ""
        return f"{_MANY.get(reason, reason) if counts.total() > 1 else reason}{named}"


def ending(name: str) -> str:
    """The suffix of a file's name in lower case with its dot; empty where it has none."""
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - half a million of them


def why_not(name: str) -> Reason | None:
    """Why the file of this name, or path with ``/`` between its parts, is passed over; None for a picture's name."""
    folder, _, file = name.rpartition("/")
    return why_not_folder(folder) or _odd(file) or _by_ending(file)


def _by_ending(file: str) -> Reason | None:
    suffix = ending(file)
    if suffix in SUFFIXES:
        return None
    if suffix in _ARCHIVES:
        return Reason.ARCHIVE
    return Reason.KIND if suffix in OTHERS else Reason.NAME


@lru_cache(maxsize=10_000)
def why_not_folder(path: str) -> Reason | None:
    """Why all that is in a folder of this name, or path, is passed over; None where it is not."""
    return next((reason for part in path.split("/") if (reason := _odd(part))), None)


def _odd(name: str) -> Reason | None:
    """Whether the name alone says that neither file nor folder is a person's; ``.`` and ``..`` are ways, not names."""
    if name.startswith(".") and name not in {".", ".."}:
        return Reason.HIDDEN
    return Reason.SYSTEM if name.lower() in _SYSTEM else None


def walk(folder: Path, passed: PassedOver | None = None) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The pictures in ``folder`` and below it: (path relative to it with ``/``, entry), the same order every time.

    Args:
        folder: is walked whatever it is called.
        passed: takes what is passed over.

    Raises:
        PictureError: a folder may not be read.
    """
    ways, ahead = Counter[Identity](), [(str(folder), "", _around(str(folder)))]
    while ahead:
        place, inside, above = ahead.pop()
        here = _identity(place)
        ways[here] += 1
        if here in above or ways[here] > _WAYS:
            _pass(passed, Reason.LINK, place)
            continue
        below = []
        for entry in _entries(place):
            reason, is_folder = _odd(entry.name), _is_folder(entry)
            if is_folder and reason is None:
                around = _around(entry.path) if entry.is_symlink() else set()
                below.append((entry.path, f"{inside}{entry.name}/", above | {here} | around))
            elif is_folder:
                _pass(passed, reason, inside + entry.name, entry.path)
            elif reason := reason or _by_ending(entry.name) or _irregular(entry):
                _pass(passed, reason, inside + entry.name)
            else:
                yield inside + entry.name, entry
        ahead += reversed(below)


Identity = tuple[int, int]


def _identity(folder: str) -> Identity:
    try:
        about = os.stat(folder)  # noqa: PTH116 - text, as scandir gives it
    except OSError as error:
        raise _unreadable(folder, error) from error
    # Some network drives on Windows number no file: there a folder is known by its path alone.
    return (about.st_dev, about.st_ino) if about.st_ino else (0, hash(os.path.realpath(folder)))


def _around(folder: str) -> frozenset[Identity]:
    """The folders that this one lies in, by the way it was given and by where it is: a link to one is a circle."""
    found: set[Identity] = set()
    for path in (Path(os.path.abspath(folder)), Path(os.path.realpath(folder))):  # noqa: PTH100 - text, quickly
        for parent in path.parents:
            with contextlib.suppress(PictureError):
                found.add(_identity(str(parent)))
    return frozenset(found)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: str, error: OSError) -> PictureError:
    return PictureError(f"{folder} cannot be read ({error.strerror})", "Change its permissions")


def _pass(passed: PassedOver | None, reason: Reason | None, name: str, folder: str = "") -> None:
    """Count a file, or all that are in a ``folder``."""
    if passed and reason:
        passed.add(reason, name, sum(len(files) for _, _, files in os.walk(folder)) if folder else 1)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _irregular(entry: os.DirEntry[str]) -> Reason | None:
    """Why what has a picture's name is none all the same; asks the system only where it is a link."""
    try:
        if entry.is_file():
            return None
        return Reason.LINK if entry.is_symlink() and not os.path.exists(entry.path) else Reason.SPECIAL  # noqa: PTH110
    except OSError:
        return Reason.LINK


def find_pictures(paths: Sequence[Path], passed: PassedOver | None = None) -> list[Path]:
    """The picture files among ``paths``: files as they are, folders walked, in natural order of names.

    A file given by name is returned whatever its suffix, so that it is judged and not passed over.

    Raises:
        PictureError: a folder may not be read.
    """
    found: list[Path] = []
    for path in paths:
        try:
            folder = path.is_dir()
        except OSError:
            folder = False  # reading it as a picture says what is wrong with it
        found += [path / name for name in sorted(_names(path, passed), key=natural_key)] if folder else [path]
    return found


def _names(folder: Path, passed: PassedOver | None) -> list[str]:
    return [name for name, _ in walk(folder, passed)]


def check_file(path: Path | str) -> os.stat_result:
    """See that ``path`` can be opened and read whole: reading a pipe or a device may never end. What is known of it.

    Raises:
        PictureError: it is a folder, no regular file, empty or too large.
        OSError: it is missing, or may not be looked at.
    """
    about = os.stat(path)  # noqa: PTH116 - a path of text costs less, and there are millions
    if stat.S_ISDIR(about.st_mode):
        raise PictureError(f"{path} is a folder, not a picture", "Give the pictures in it, or rename it")
    if not stat.S_ISREG(about.st_mode):
        raise PictureError(f"{path} is no regular file but a pipe, a socket or a device", "Give a picture's file")
    if about.st_size == 0:
        raise PictureError(f"{path} is empty (0 bytes)", "Copy it again from where it came from")
    if about.st_size > MAX_BYTES:
        size, most = about_bytes(about.st_size), about_bytes(MAX_BYTES)
        raise PictureError(f"{path} has {size}, more than the {most} that a picture may have", "Make it smaller first")
    return about


def read_file(path: Path | str) -> bytes:
    """All bytes of a picture's file.

    Raises:
        PictureError: it is no file to be read, see `check_file`.
        OSError: it is missing, or may not be read.
    """
    return outside.read_file(path, MAX_BYTES, check_file(path))
