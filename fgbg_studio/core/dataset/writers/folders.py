"""Plain files in the layout's folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import Location, ShardWriter, Writer


@dataclass(frozen=True)
class Folders(Writer):
    """One file a picture."""

    name: ClassVar[str] = "folders"
    summary: ClassVar[str] = "ordinary files in folders"
    in_place: ClassVar[bool] = True

    @override
    def open(self, store: Store, shard: str, layout: Layout) -> FolderShard:
        return FolderShard(store)

    @override
    def locate(self, kind: str, path: str, shard: str, layout: Layout, sample: str = "") -> Location:
        return Location(path)


class FolderShard(ShardWriter):
    """Writes each file at once."""

    def __init__(self, store: Store) -> None:
        self._store, self._written = store, False

    @override
    def add(self, kind: str, path: str, data: bytes, sample: str = "") -> None:
        self._store.write(path, data)
        self._written = True

    @override
    def finish(self) -> list[str]:
        """See `ShardWriter.finish`; one sync for the whole shard instead of one for each small file."""
        if self._written:
            self._store.sync()
        return []

    @override
    def discard(self) -> None:
        """See `ShardWriter.discard`: every file is closed; the shard is made again over what is there."""
