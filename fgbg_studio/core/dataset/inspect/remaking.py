"""The store through which a dataset's files are made again: nothing gets in that is not what it must be."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager, nullcontext

from typing_extensions import override

from fgbg_studio.core.base.store import LargeFile, Store
from fgbg_studio.core.dataset.record import REPAIRS


class RemakingStore(Store):
    """A dataset's store in which a wrong file is not there, until it was written as it must be.

    Whoever makes files writes all of his into it: what is not wanted is dropped, what is wanted replaces the old file
    once its hash is right, and else is dropped too. Archives that others are joined of are kept apart meanwhile.

    Attributes:
        wanted: SHA-256 by path of what is to be made again.
        parts: archives that are only needed in between.
        made: what was made again.
        others: what was wanted, but came out as another file.
    """

    def __init__(self, store: Store, wanted: dict[str, str]) -> None:
        self._store, self._prefix = store, ""
        self.wanted, self.parts = wanted, set[str]()
        self.made: list[str] = []
        self.others: set[str] = set()

    @override
    def where(self, name: str = "") -> str:
        return self._store.where(self._prefix + name)

    @override
    def inside(self, folder: str) -> RemakingStore:
        made = RemakingStore(self._store, self.wanted)
        made.__dict__ |= {**self.__dict__, "_prefix": f"{self._prefix}{folder}/"}
        return made

    @override
    def names(self, folder: str = "") -> list[str]:
        return self._store.names(f"{self._prefix}{folder}")

    @override
    def times(self, folder: str) -> dict[str, float]:
        return self._store.times(f"{self._prefix}{folder}")

    @override
    def exists(self, name: str) -> bool:
        return self._prefix + name not in self.wanted and self._store.exists(self._place(name))

    @override
    def read(self, name: str) -> bytes:
        return self._store.read(self._right(name))

    @override
    def size(self, name: str) -> int:
        return self._store.size(self._right(name))

    @override
    def part(self, name: str, start: int, size: int) -> bytes:
        return self._store.part(self._right(name), start, size)

    @override
    def put(self, name: str, data: bytes | memoryview) -> None:
        name = self._prefix + name
        if name in self.wanted and self._take(name, hashlib.sha256(data).hexdigest()):
            self._store.put(name, data)
            self._note(name)

    @override
    def write(self, name: str, data: bytes) -> None:
        self.put(name, data)

    @override
    def sync(self) -> None:
        """What is wanted is safe already."""

    @override
    def create(self, name: str) -> LargeFile:
        name = self._prefix + name
        if name in self.wanted:
            return _Trial(self, name, self._store.create(name))
        return self._store.create(f"{REPAIRS}/{name}") if name in self.parts else _Sink()

    @override
    def remove(self, name: str) -> None:
        """Nothing is removed by those who make files again."""

    @override
    def tidy(self) -> None:
        """See `remove`."""

    @override
    def lock(self, name: str) -> AbstractContextManager[None]:
        return self._store.lock(self._prefix + name)

    @override
    def claim(self, name: str) -> AbstractContextManager[bool]:
        """See `Store.claim`: a repair holds the whole dataset."""
        return nullcontext(True)

    @override
    def is_claimed(self, name: str) -> bool:
        return False

    def _place(self, name: str) -> str:
        name = self._prefix + name
        return f"{REPAIRS}/{name}" if name in self.parts else name

    def _right(self, name: str) -> str:
        if self._prefix + name in self.wanted:
            raise FileNotFoundError(2, "Not made again yet", self.where(name))
        return self._place(name)

    def _take(self, name: str, sha256: str) -> bool:
        """Whether a file is what it must be."""
        if sha256 != self.wanted[name]:
            self.others.add(name)
        return sha256 == self.wanted[name]

    def _note(self, name: str) -> None:
        del self.wanted[name]
        self.made.append(name)


class _Trial(LargeFile):
    """Replaces the old file when it is whole and right."""

    def __init__(self, store: RemakingStore, name: str, file: LargeFile) -> None:
        self._store, self._name, self._file = store, name, file
        self._hash = hashlib.sha256()

    @override
    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)

    @override
    def publish(self) -> None:
        if self._store._take(self._name, self._hash.hexdigest()):  # noqa: SLF001 - two halves of one thing
            self._file.publish()
            self._store._note(self._name)  # noqa: SLF001
        else:
            self._file.discard()

    @override
    def discard(self) -> None:
        self._file.discard()


class _Sink(LargeFile):
    """Keeps nothing."""

    @override
    def write(self, data: bytes) -> None:
        pass

    @override
    def publish(self) -> None:
        pass

    @override
    def discard(self) -> None:
        pass
