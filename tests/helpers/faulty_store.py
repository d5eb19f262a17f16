"""A folder whose disk fails at a chosen step, once or from then on."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from fgbg_studio.core.base.large_file import LocalFile
from fgbg_studio.core.base.store import LocalStore


@dataclass
class Trouble:
    """Which step of all that change something fails, counted from 1.

    Attributes:
        at: its number; 0 for none.
        code: what the system says.
        lasts: whether all after it fail too, as on a disk that is full.
        steps: what was done so far.
    """

    at: int = 0
    code: int = errno.EIO
    lasts: bool = False
    steps: list[str] = field(default_factory=list)

    def step(self, name: str, path: Path | str) -> None:
        """Count one, on a file or folder.

        Raises:
            OSError: it is the one that fails.
        """
        self.steps.append(name)
        if self.at and (len(self.steps) == self.at or (self.lasts and len(self.steps) > self.at)):
            raise OSError(self.code, os.strerror(self.code), str(path))


class FaultyStore(LocalStore):
    """See the module. What is written in place stays half written where it fails."""

    def __init__(self, root: Path, trouble: Trouble, whole: Path | None = None) -> None:
        super().__init__(root, whole)
        self._trouble = trouble

    @override
    def inside(self, folder: str) -> FaultyStore:
        return FaultyStore(self.root / folder, self._trouble, self._whole)

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        self._trouble.step(f"put {name}", self.where(name))
        super().put(name, data)

    @override
    def write(self, name: str, data: bytes) -> None:
        try:
            self._trouble.step(f"write {name}", self.where(name))
        except OSError:
            super().write(name, data[: len(data) // 2])
            raise
        super().write(name, data)

    @override
    def sync(self) -> None:
        self._trouble.step("sync", self.where())
        super().sync()

    @override
    def create(self, name: str) -> LocalFile:
        self._trouble.step(f"create {name}", self.where(name))
        return _FaultyFile(self._writable(name), self._trouble)

    @override
    def remove(self, name: str) -> None:
        self._trouble.step(f"remove {name}", self.where(name))
        super().remove(name)

    @override
    def tidy(self) -> None:
        self._trouble.step("tidy", self.where())
        super().tidy()

    @contextmanager
    @override
    def lock(self, name: str) -> Iterator[None]:
        self._trouble.step(f"lock {name}", self.where(name))
        with super().lock(name):
            yield


class _FaultyFile(LocalFile):
    def __init__(self, path: Path, trouble: Trouble) -> None:
        super().__init__(path)
        self._trouble = trouble

    @override
    def write(self, data: bytes) -> None:
        self._trouble.step(f"append to {self.path.name}", self.path)
        super().write(data)

    @override
    def publish(self) -> None:
        self._trouble.step(f"publish {self.path.name}", self.path)
        super().publish()
