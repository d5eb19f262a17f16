"""Stores that know what their files must be: one notes the hashes of all that is written, one checks what is read."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager

from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import LargeFile, Store


def hash_line(name: str, sha256: str) -> str:
    """A file and its hash as the program sha256sum says it, without the end of the line."""
    return f"{sha256}  {name}"


def line_hash(line: str) -> tuple[str, str]:
    """(name, SHA-256) of a `hash_line`.

    Raises:
        ValueError: it is none.
    """
    sha256, _, name = line.rstrip("\n").partition("  ")
    if len(sha256) != 64 or not name:
        raise ValueError(f"{line!r} is no line of hashes")
    return name, sha256


class HashingStore(Store):
    """A store that notes what is written into it, while it is written.

    Attributes:
        hashes: SHA-256 in hexadecimal digits by the file's name, with the ``prefix`` before it.
    """

    def __init__(self, store: Store, hashes: dict[str, str] | None = None, prefix: str = "") -> None:
        self._store, self._prefix = store, prefix
        self.hashes = {} if hashes is None else hashes

    @override
    def where(self, name: str = "") -> str:
        return self._store.where(name)

    @override
    def inside(self, folder: str) -> Store:
        return type(self)(self._store.inside(folder), self.hashes, f"{self._prefix}{folder}/")

    @override
    def names(self, folder: str = "") -> list[str]:
        return self._store.names(folder)

    @override
    def times(self, folder: str) -> dict[str, float]:
        return self._store.times(folder)

    @override
    def exists(self, name: str) -> bool:
        return self._store.exists(name)

    @override
    def read(self, name: str) -> bytes:
        return self._store.read(name)

    @override
    def size(self, name: str) -> int:
        return self._store.size(name)

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        return self._store.part(name, start, size)

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        self._store.put(name, data)
        self.note(name, hashlib.sha256(data).hexdigest())

    @override
    def write(self, name: str, data: bytes) -> None:
        self._store.write(name, data)
        self.note(name, hashlib.sha256(data).hexdigest())

    @override
    def sync(self) -> None:
        self._store.sync()

    @override
    def create(self, name: str) -> LargeFile:
        return _HashingFile(self, name, self._store.create(name))

    @override
    def remove(self, name: str) -> None:
        self._store.remove(name)
        self.hashes.pop(self._prefix + name, None)

    @override
    def tidy(self) -> None:
        self._store.tidy()

    @override
    def lock(self, name: str) -> AbstractContextManager[None]:
        return self._store.lock(name)

    @override
    def claim(self, name: str) -> AbstractContextManager[bool]:
        return self._store.claim(name)

    @override
    def is_claimed(self, name: str) -> bool:
        return self._store.is_claimed(name)

    def note(self, name: str, sha256: str) -> None:
        """A file was written."""
        self.hashes[self._prefix + name] = sha256

    def lines(self) -> list[str]:
        """What was written, by names: see `hash_line`."""
        return [hash_line(name, sha256) for name, sha256 in sorted(self.hashes.items())]


class _HashingFile(LargeFile):
    def __init__(self, store: HashingStore, name: str, file: LargeFile) -> None:
        self._store, self._name, self._file = store, name, file
        self._hash = hashlib.sha256()

    @override
    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)

    @override
    def publish(self) -> None:
        self._file.publish()
        self._store.note(self._name, self._hash.hexdigest())

    @override
    def discard(self) -> None:
        self._file.discard()


class CheckedStore(HashingStore):
    """A store of files by which others are made and judged: only what was noted is there, and read only as it was."""

    @override
    def exists(self, name: str) -> bool:
        return self._prefix + name in self.hashes and self._store.exists(name)

    @override
    def read(self, name: str) -> bytes:
        """See `Store.read`.

        Raises:
            DatasetError: it is not the file that was written.
        """
        data = self._store.read(name)
        if hashlib.sha256(data).hexdigest() != self.hashes.get(self._prefix + name):
            problem = f"{self._store.where(name)} is damaged: it is not the file that was written"
            raise DatasetError(problem, GenerateAgain(then="it will be made again"))
        return data
