"""The contents of a dataset that somebody made by hand: its files are listed once and grouped by their names."""

from __future__ import annotations

import re
from array import array
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.contents import Contents, Triple, WhoStandsWhere
from fgbg_studio.core.dataset.inspect.essence import essence
from fgbg_studio.core.dataset.inspect.files import entries, in_archive
from fgbg_studio.core.dataset.record import HIDDEN
from fgbg_studio.core.imaging.finding import PassedOver, read_file
from fgbg_studio.core.interfaces.layout import ALL_KINDS, PER_SAMPLE, stem

_STEP = 5000
_NUMBER = {axis: re.compile(rf"(?<![a-z]){axis}_?(\d+)") for axis in ("bg", "fg")}
Numbers = NDArray[np.int32]


class _NamedPictures:
    """The names of one kind, each with the archive that it lies in (-1 for a plain file) and its place there.

    Plain files are in one of ``roots``: what was completed may lie elsewhere than what it was completed of.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.archives, self.members, self.roots = array("h"), array("L"), array("B")

    def add(self, name: str, archive: int = -1, member: int = 0, root: int = 0) -> None:
        self.names.append(name)
        self.archives.append(archive)
        self.members.append(member)
        self.roots.append(root)


class FoundContents(Contents):
    """See the module; made by `found_contents`."""

    takes_odd_names: ClassVar[bool] = False
    """Whether names that say no numbers are none of any background; else no name's numbers are believed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, path.stem if path.is_file() else path.resolve().name)
        self._pictures: dict[str, _NamedPictures] = {}
        self._opened: list[Archive] = []
        self._folders: list[Path] = []
        self._names: list[str] = []
        self._rows: dict[str, Numbers] = {}
        self._axes: dict[str, Numbers] = {}
        self._shown_by: dict[str, dict[int, int]] = {}

    @override
    def name(self, kind: str, number: int) -> str:
        place = self._place(kind, number)
        return self._pictures[kind].names[place] if place >= 0 else ""

    @override
    def read(self, kind: str, number: int) -> bytes:
        place = self._place(kind, number)
        if place < 0:
            raise PictureError(f"{self._title(number)} has no {kind}", "Verify the dataset to see what else is missing")
        pictures = self._pictures[kind]
        archive = pictures.archives[place]
        if archive >= 0:
            return self._opened[archive].read(pictures.members[place])
        file = self._folders[pictures.roots[place]] / pictures.names[place]
        try:
            return read_file(file)
        except FileNotFoundError as error:
            raise PictureError(f"{file} is missing", "It was there when the dataset was opened") from error

    @override
    def numbers(self, background: int | None = None, foreground: int | None = None) -> Sequence[int]:
        wanted = {"bg": background, "fg": foreground}
        if background is None and foreground is None:
            return range(self.samples)
        fits = [self._axes[axis] == number for axis, number in wanted.items() if number is not None]
        found: list[int] = np.flatnonzero(np.logical_and.reduce(fits)).tolist()
        return found

    @override
    def triple(self, number: int) -> Triple:
        background, foreground = self._stands_on(number)
        facts = [("Background", self.backgrounds[background])] if background >= 0 else []
        facts += [("Foreground", self.foregrounds[foreground])] if foreground >= 0 else []
        missing = [kind for kind in self.sample_kinds if self._place(kind, number) < 0]
        facts += [("Missing", ", ".join(missing))] if missing else []
        return Triple(number, self._title(number), background, foreground, tuple(facts))

    @override
    def standing(self, numbers: Ints) -> WhoStandsWhere:
        background, first = (self._axes[axis][numbers].astype(np.int64) for axis in ("bg", "fg"))
        return WhoStandsWhere(background, first)

    @override
    def names(self, numbers: Sequence[int] | Ints) -> Iterator[str]:
        return (self._title(int(number)) for number in numbers)

    @override
    def beside(self, name: str) -> bytes | None:
        if self.path.is_dir():
            return super().beside(name)
        archive = self._opened[0] if self._opened else None
        number = archive.find(name) if archive else None
        return archive.read(number) if archive and number is not None else None

    def _stands_on(self, number: int) -> tuple[int, int]:
        background, foreground = (int(self._axes[axis][number]) if self._axes else -1 for axis in ("bg", "fg"))
        return background, foreground

    def _title(self, number: int) -> str:
        """The file's own name, so that it is found on the disk: of the first kind that the sample has."""
        return next(stem(name) for kind in self.sample_kinds if (name := self.name(kind, number)))

    @override
    def picture_of(self, axis: str, number: int) -> int | None:
        return self._shown_by.get(axis, {}).get(number)

    @override
    def incomplete(self) -> dict[str, list[str]]:
        rows = {kind: np.flatnonzero(self._rows[kind][: self.samples] < 0).tolist() for kind in self.sample_kinds}
        return {kind: [self._title(number) for number in numbers] for kind, numbers in rows.items() if numbers}

    @override
    def matching(self, text: str) -> Ints:
        words = text.lower().split()
        found = []
        for number in range(self.samples):
            parts = [self.name(kind, number) for kind in self.sample_kinds]
            background, foreground = self._stands_on(number)
            parts += [self.backgrounds[background]] if background >= 0 else []
            parts += [self.foregrounds[foreground]] if foreground >= 0 else []
            said = " ".join(parts).lower()
            if all(word in said or word == str(number) for word in words):
                found.append(number)
        return np.array(found, np.int64)

    @override
    def find(self, text: str) -> int | None:
        text = text.strip()
        if text.isdecimal():
            return int(text) if int(text) < self.samples else None
        wanted = {stem(text), essence(text)} - {""}
        for number, name in enumerate(self._names):
            if name in wanted:
                return number
        rows = (n for kind in self.sample_kinds for n in range(self.samples) if stem(text) in self.name(kind, n))
        return next(rows, None) if wanted else None

    def archive_of(self, kind: str, number: int) -> Archive | None:
        """The archive that a picture lies in; None for a plain file."""
        place = self._place(kind, number)
        archive = self._pictures[kind].archives[place] if place >= 0 else -1
        return self._opened[archive] if archive >= 0 else None

    def _place(self, kind: str, number: int) -> int:
        if kind not in PER_SAMPLE:
            return number
        return int(self._rows[kind][number]) if kind in self._rows else -1

    # Made once

    def list_files(self, archive: Archive | None) -> Iterator[Progress]:
        """Take in every picture of the dataset, or of the one archive."""
        damaged, passed = list[DatasetError](), PassedOver()
        files = in_archive(archive, passed) if archive else entries(self.path, damaged, passed)
        for listed, entry in enumerate(files, 1):
            if entry.archive and entry.archive not in self._opened[-1:]:
                self._opened.append(entry.archive)
            if entry.root not in self._folders:
                self._folders.append(entry.root)
            where, root = len(self._opened) - 1 if entry.archive else -1, self._folders.index(entry.root)
            self._pictures.setdefault(entry.kind, _NamedPictures()).add(entry.name, where, entry.member, root)
            if listed % _STEP == 0:
                yield Progress("listing pictures", listed, 0)
        order = [*ALL_KINDS, *sorted(set(self._pictures) - set(ALL_KINDS))]
        self.counts = {kind: len(self._pictures[kind].names) for kind in order if kind in self._pictures}
        self.notes += [*map(str, damaged), *filter(None, [passed.said()])]

    def fill(self, archive: Archive | None = None) -> Iterator[Progress]:
        """Take everything in, of the folder or of the one archive.

        Raises:
            DatasetError: there is no picture, or the archive is damaged.
        """
        yield from self.list_files(archive)
        if not self.counts:
            said = "; ".join(note.removesuffix(".") for note in self.notes)
            raise DatasetError(
                f"{self.path} contains no pictures of a dataset" + (f": {said}" if said else ""),
                "Open the dataset's folder, or one of its archives",
            )
        if (self.path / HIDDEN).is_dir():
            self.notes.append("dataset.json is missing: what there is is shown, and nobody knows how it was made")
        yield from self.group()

    def group(self) -> Iterator[Progress]:
        """Find which composite, mask and depth map belong together, and who stands on what."""
        total = sum(self.counts.get(kind, 0) for kind in PER_SAMPLE)
        numbers: dict[str, int] = {}
        places: dict[str, list[tuple[int, int]]] = {}
        done = 0
        for kind in self.sample_kinds:
            places[kind] = []
            for place, name in enumerate(self._pictures[kind].names):
                places[kind].append((numbers.setdefault(essence(name), len(numbers)), place))
                done += 1
                if done % _STEP == 0:
                    yield Progress("grouping samples", done, total)
        names = list(numbers)
        del numbers
        order = sorted(range(len(names)), key=names.__getitem__)
        rank = np.empty(len(names), np.int32)
        rank[order] = np.arange(len(names), dtype=np.int32)
        self._names, self.samples = [names[number] for number in order], len(names)
        for kind, found in places.items():
            rows = np.full(len(names), -1, np.int32)
            if found:
                pairs = np.array(found, np.int64)
                rows[rank[pairs[:, 0]]] = pairs[:, 1]
            self._rows[kind] = rows
        self._find_axes()

    def numbers_of(self, number: int) -> tuple[int, int] | None:
        """The numbers of a sample's background and foreground as they are written in its name; None where in none."""
        found = [pattern.search(self._names[number]) for pattern in _NUMBER.values()]
        return (int(found[0][1]), int(found[1][1])) if found[0] and found[1] else None

    def _find_axes(self) -> None:
        """Backgrounds and foregrounds by their numbers in the samples' names, where every name has both."""
        said = [self.numbers_of(number) for number in range(self.samples)]
        if not any(said):
            return
        if None in said and not self.takes_odd_names:
            self.unsaid = [self._title(number) for number, numbers in enumerate(said) if numbers is None]
            self.notes.append(
                f"{len(self.unsaid):,} of {self.samples:,} names do not say which background and foreground they are "
                f"of ({self.unsaid[0]}): rename them, or have the dataset described"
            )
            return
        both = np.array([one or (-1, -1) for one in said], np.int64)
        for axis, values in zip(_NUMBER, both.T, strict=True):
            known = np.unique(values[values >= 0])
            numbers = np.where(values >= 0, np.searchsorted(known, values), -1)
            self._axes[axis] = numbers.astype(np.int32)
            rank = {int(value): number for number, value in enumerate(known)}
            shown = self._shown_by.setdefault(axis, {})
            pictures = self._pictures.get(axis)
            for place, name in enumerate(pictures.names if pictures else ()):
                match = re.search(r"\d+", stem(name))
                if match and int(match[0]) in rank:
                    shown.setdefault(rank[int(match[0])], place)
            own = {number: stem(pictures.names[place]) for number, place in shown.items()} if pictures else {}
            titles = tuple(own.get(number, f"{axis} {value}") for number, value in enumerate(known.tolist()))
            if axis == "bg":
                self.backgrounds = titles
            else:
                self.foregrounds = titles


def found_contents(path: Path, archive: Archive | None = None) -> Generator[Progress, None, FoundContents]:
    """The contents of a dataset of other hands at ``path``, a folder or the ``archive``; yields progress.

    Raises:
        DatasetError: there is no picture, or the archive is damaged.
    """
    contents = FoundContents(path)
    yield from contents.fill(archive)
    return contents
