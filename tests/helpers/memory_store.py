"""A store that is no folder: what goes around the seam is not found in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import nan


class MemoryStore:
    """Files in memory, by their names; those of ``prefix`` where it is a folder's store."""

    def __init__(self, files: dict[str, bytes] | None = None, prefix: str = "", held: set[str] | None = None) -> None:
        self.files: dict[str, bytes] = {} if files is None else files
        self._prefix = prefix
        self._held: set[str] = set() if held is None else held

    def where(self, name: str = "") -> str:
        """A name that would be seen where somebody took it for a path."""
        return f"memory:{self._prefix}{name}"

    def inside(self, folder: str) -> MemoryStore:
        """See `Store.inside`."""
        return MemoryStore(self.files, f"{self._prefix}{folder}/" if folder else self._prefix, self._held)

    def names(self, folder: str = "") -> list[str]:
        """See `Store.names`."""
        start = f"{self._prefix}{folder}/" if folder else self._prefix
        return sorted({path.removeprefix(start).split("/")[0] for path in self.files if path.startswith(start)})

    def times(self, folder: str) -> dict[str, float]:
        """See `Store.times`, which it cannot say."""
        start = self._prefix + folder + "/"
        return {
            path[len(start) :]: nan for path in self.files if path.startswith(start) and "/" not in path[len(start) :]
        }

    def exists(self, name: str) -> bool:
        """See `Store.exists`."""
        return self._prefix + name in self.files or bool(self.names(name))

    def read(self, name: str) -> bytes:
        """See `Store.read`."""
        try:
            return self.files[self._prefix + name]
        except KeyError as error:
            raise FileNotFoundError(2, "No such file", self.where(name)) from error

    def size(self, name: str) -> int:
        """See `Store.size`."""
        return len(self.read(name))

    def part(self, name: str, start: int, size: int) -> bytes:
        """See `Store.part`."""
        return self.read(name)[start : start + size]

    def put(self, name: str, data: bytes | memoryview) -> None:
        """See `Store.put`."""
        self.files[self._prefix + name] = bytes(data)

    def write(self, name: str, data: bytes) -> None:
        """See `Store.write`."""
        self.put(name, data)

    def sync(self) -> None:
        """See `Store.sync`."""

    def create(self, name: str) -> MemoryFile:
        """See `Store.create`."""
        return MemoryFile(self, name)

    def remove(self, name: str) -> None:
        """See `Store.remove`."""
        whole = self._prefix + name
        for path in [path for path in self.files if path == whole or path.startswith(f"{whole}/")]:
            del self.files[path]

    def tidy(self) -> None:
        """See `Store.tidy`: nothing is ever half written."""

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """See `Store.lock`."""
        whole = self._prefix + name
        if whole in self._held:
            raise TimeoutError(f"{self.where(name)} is held")
        self._held.add(whole)
        try:
            yield
        finally:
            self._held.discard(whole)

    def claim(self, name: str) -> AbstractContextManager[bool]:
        """See `Store.claim`: files are put whole."""
        return nullcontext(True)

    def is_claimed(self, name: str) -> bool:
        """See `Store.is_claimed`."""
        return False


class MemoryFile:
    """A `LargeFile` of a `MemoryStore`."""

    def __init__(self, store: MemoryStore, name: str) -> None:
        self._store, self._name, self._data = store, name, bytearray()

    def write(self, data: bytes) -> None:
        """See `LargeFile.write`."""
        self._data += data

    def publish(self) -> None:
        """See `LargeFile.publish`."""
        self._store.put(self._name, bytes(self._data))

    def discard(self) -> None:
        """See `LargeFile.discard`."""
        self._data.clear()
