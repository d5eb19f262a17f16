"""One ZIP a kind and shard: stored, finished before the next begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.stored_zip import StoredZip
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, Layout
from fgbg_studio.core.interfaces.writer import JoinedArchive, JoinedPart, Location, ShardWriter, Writer


@dataclass(frozen=True)
class Zip(Writer):
    """ZIPs that every unpacker reads; pictures are compressed already, so they are stored as they are.

    Of a layout with `Layout.flat_archives` those of a kind become one when all are there.
    """

    name: ClassVar[str] = "zip"
    summary: ClassVar[str] = "for each shard one uncompressed ZIP per kind of picture"

    @override
    def open(self, store: Store, shard: str, layout: Layout) -> ZipShard:
        return ZipShard(store, lambda kind: _archive(layout, kind, shard), layout.member)

    @override
    def locate(self, kind: str, path: str, shard: str, layout: Layout, sample: str = "") -> Location:
        return Location(_archive(layout, kind, shard), layout.member(path))

    @override
    def joined(self, layout: Layout, shards: Sequence[Shard], kinds: Sequence[str]) -> list[JoinedArchive]:
        if not layout.flat_archives:
            return []
        return [
            JoinedArchive(
                _archive(layout, kind, ""),
                tuple(JoinedPart(_archive(layout, kind, one.name), kind, one, one.start, one.stop) for one in shards),
            )
            for kind in kinds
        ]


def _archive(layout: Layout, kind: str, shard: str) -> str:
    return f"{layout.archive(kind)}-{shard}.zip" if shard else f"{layout.archive(kind)}.zip"


class ZipShard(ShardWriter):
    """The ZIPs of one shard, opened as their kinds turn up.

    Args:
        store: of the dataset.
        archive: what the ZIP of a kind is called; several kinds may have the same.
        member: what a file is called in it, by its path.
    """

    def __init__(self, store: Store, archive: Callable[[str], str], member: Callable[[str], str]) -> None:
        self._store, self._archive, self._member = store, archive, member
        self._archives: dict[str, StoredZip] = {}
        self._of_kind: dict[str, StoredZip] = {}

    @override
    def add(self, kind: str, path: str, data: bytes, sample: str = "") -> None:
        archive = self._of_kind.get(kind)
        if archive is None:
            name = self._archive(kind)
            if name not in self._archives:
                self._archives[name] = StoredZip(name, self._store.create(name))
            archive = self._of_kind[kind] = self._archives[name]
        archive.add(self._member(path), data)

    @override
    def finish(self) -> list[str]:
        # The disk takes them together in little more time than one alone.
        with ThreadPoolExecutor(len(SAMPLE_KINDS)) as pool:
            list(pool.map(StoredZip.finish, self._archives.values()))
        return list(self._archives)

    @override
    def discard(self) -> None:
        for archive in self._archives.values():
            archive.file.discard()
