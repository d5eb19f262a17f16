"""A dataset that lies wholly in one archive as a store to be read: what its samples are made of is in it, too."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from typing_extensions import override

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.archives import Archive


class ArchiveStore(LocalStore):
    """The files of one folder of an archive; whatever writes raises `OSError`.

    Args:
        archive: that has them.
        prefix: the folder's path in it, with its slash; empty for all.
    """

    def __init__(self, archive: Archive, prefix: str = "") -> None:
        super().__init__(archive.path / prefix, archive.path)
        self._archive, self._inside = archive, prefix

    @override
    def where(self, name: str = "") -> str:
        return str(Path(self._archive.path, self._inside + name))

    @override
    def inside(self, folder: str) -> ArchiveStore:
        return ArchiveStore(self._archive, f"{self._inside}{folder}/")

    @override
    def names(self, folder: str = "") -> list[str]:
        start = self._inside + (f"{folder}/" if folder else "")
        return sorted({name[len(start) :].partition("/")[0] for name in self._archive.names if name.startswith(start)})

    @override
    def exists(self, name: str) -> bool:
        return self._archive.find(self._inside + name) is not None or bool(self.names(name))

    @override
    def read(self, name: str) -> bytes:
        try:
            return self._archive.read(self._number(name))
        except PictureError as error:
            raise OSError(errno.EIO, error.problem, self.where(name)) from error

    @override
    def size(self, name: str) -> int:
        return self._archive.size(self._number(name))

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        return self.read(name)[start : start + size]

    def _number(self, name: str) -> int:
        number = self._archive.find(self._inside + name)
        if number is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.where(name))
        return number
