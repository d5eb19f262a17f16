"""Where the picture files of a dataset of this program are read from: its folder, or one archive of all of it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.kept_file import KeptFile
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.own_members import OwnMembers
from fgbg_studio.core.dataset.places import Places
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.imaging.finding import read_file
from fgbg_studio.core.interfaces.engine import Shard

_OPEN = 200  # archives that stay open: a process may have some 1,000 files
_KEPT = 64_000  # members of archives whose places are kept: under 20 MB


class PictureSource(Protocol):
    """Where the files of a dataset are; of archives about ``kept`` members are kept in mind."""

    kept: int

    def read(self, kind: str, path: str, sample: int | None, name: str, shard: Shard | None = None) -> bytes:
        """The picture that the layout calls ``path``: of a sample, by its number and name, or a source."""

    def shards(self, numbers: Ints) -> Sequence[Shard | None]:
        """The shards of many samples, to be given to `read`; None where it needs none."""

    def beside(self, name: str) -> bytes | None:
        """See `Contents.beside`."""


class ArchivedPictures(PictureSource):
    """The files of a dataset that lies wholly in one archive."""

    kept = 0

    def __init__(self, archive: Archive, inside: str) -> None:
        self._inside, self._lock = inside, threading.Lock()
        self._open = archive, KeptFile(archive.path)

    @override
    def read(self, kind: str, path: str, sample: int | None, name: str, shard: Shard | None = None) -> bytes:
        data = self.beside(path)
        if data is None:
            raise PictureError(f"{path} is missing in {self._open[0].path}", "Copy the archive again")
        return data

    @override
    def shards(self, numbers: Ints) -> Sequence[Shard | None]:
        return [None] * len(numbers)

    @override
    def beside(self, name: str) -> bytes | None:
        with self._lock:
            archive, file = self._open
            if not file.is_current():
                archive, file = self._open = Archive(archive.path), KeptFile(archive.path)
            number = archive.find(self._inside + name)
        return None if number is None else archive.read(number, file)


class _MissingPictureError(PictureError):
    """It is not where it was looked for."""


class PicturesOnDisk(PictureSource):
    """The files of a dataset in its folder: plain, or in archives, of which the last ``kept`` members are known."""

    kept = _KEPT

    def __init__(self, dataset: Dataset) -> None:
        self._root, self._places = dataset.root, Places(dataset)
        self._in_place = dataset.recipe.settings.writer.in_place
        self._lock = threading.Lock()
        self._archives: OrderedDict[str, OwnMembers] = OrderedDict()
        self._listed: tuple[int, frozenset[str]] = -1, frozenset()

    @override
    def read(self, kind: str, path: str, sample: int | None, name: str, shard: Shard | None = None) -> bytes:
        if self._in_place:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                return read_file(f"{self._root}/{path}")
        try:
            return self._found(kind, path, sample, name, shard)
        except (_MissingPictureError, FileNotFoundError):  # where it was before: archives may have been joined since
            self._places.forget()
            with self._lock:
                self._archives.clear()
            return self._found(kind, path, sample, name, shard)

    @override
    def shards(self, numbers: Ints) -> Sequence[Shard | None]:
        return [None] * len(numbers) if self._in_place else self._places.shards(numbers)

    @override
    def beside(self, name: str) -> bytes | None:
        store = LocalStore(self._root)
        return store.read(name) if store.exists(name) else None

    def _found(self, kind: str, path: str, sample: int | None, name: str, shard: Shard | None) -> bytes:
        file, member = self._places.locate(kind, path, sample, name, shard)
        there = self._in_folder()
        for plain in dict.fromkeys([path, member or path]):  # also of a dataset whose archives somebody has unpacked
            if plain.partition("/")[0] in there:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    return read_file(self._root / plain)
        archive = self._open(file) if member else None
        if archive is None:
            problem = f"{self._root / path} is missing"
            raise _MissingPictureError(problem, "Make it again, or verify the dataset to see what else is wrong")
        where = self._places.where(file, sample, shard) if sample is not None else None
        data = archive.read((member, path), where)  # the second in tars of older versions
        if data is None:
            problem = f"{member} is missing in {archive.path}"
            raise _MissingPictureError(problem, "Verify the dataset to see what else is wrong")
        return data

    def _in_folder(self) -> frozenset[str]:
        """What lies in the dataset's folder itself, so that nothing is looked for in folders that there are not."""
        try:
            changed = os.stat(self._root).st_mtime_ns  # noqa: PTH116 - for each picture
        except FileNotFoundError:
            return frozenset()
        if self._listed[0] != changed:
            self._listed = changed, frozenset(os.listdir(self._root))  # noqa: PTH208 - names alone
        return self._listed[1]

    def _open(self, name: str) -> OwnMembers | None:
        with self._lock:
            archive = self._archives.get(name)
            if archive is None or not archive.is_current():
                self._archives.pop(name, None)
                if not (self._root / name).exists():
                    return None
                archive = self._archives[name] = OwnMembers(self._root / name)
                while len(self._archives) > 1 and (
                    len(self._archives) > _OPEN or sum(kept.members for kept in self._archives.values()) > self.kept
                ):
                    self._archives.popitem(last=False)
            self._archives.move_to_end(name)
            return archive
