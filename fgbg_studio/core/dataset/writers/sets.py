"""ZIPs of so many samples each, in which every composite has its own copy of its background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.shards import shard_at
from fgbg_studio.core.dataset.writers.zip import ZipShard
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import JoinedArchive, JoinedPart, Location, Writer

_SOURCES = "sources"


@dataclass(frozen=True)
class Sets(Writer):
    """``set-001.zip`` and so on: backgrounds, composites, masks and depth maps of ``size`` samples, a folder a kind.

    A background stands beside each of its composites, so that the folders, sorted, go through a network together.
    Shards are written a ZIP a kind; once all are there they are joined to sets, in the order of the shards. The
    pictures that are no sample's are in ``sources.zip``, in a folder of their own, so that unpacked beside a set
    they do not come between its files.
    """

    name: ClassVar[str] = "sets"
    summary: ClassVar[str] = "ZIPs with a fixed number of samples, each composite with its background"
    repeats_backgrounds: ClassVar[bool] = True
    size: Annotated[int, about("samples per ZIP", ge=1)] = 50_000

    @override
    def open(self, store: Store, shard: str, layout: Layout) -> ZipShard:
        return ZipShard(store, lambda kind: _archive(kind, shard), lambda path: _member(path, shard))

    @override
    def locate(self, kind: str, path: str, shard: str, layout: Layout, sample: str = "") -> Location:
        return Location(_archive(kind, shard), _member(path, shard))

    @override
    def joined(self, layout: Layout, shards: Sequence[Shard], kinds: Sequence[str]) -> list[JoinedArchive]:
        samples = shards[-1].stop
        digits = max(len(str(-(-samples // self.size))), 3)
        return [
            JoinedArchive(
                f"set-{number:0{digits}}.zip", tuple(_parts(shards, kinds, start, min(start + self.size, samples)))
            )
            for number, start in enumerate(range(0, samples, self.size), 1)
        ]


def _archive(kind: str, shard: str) -> str:
    return f"{kind}-{shard}.zip" if shard else f"{_SOURCES}.zip"


def _member(path: str, shard: str) -> str:
    return path if shard else f"{_SOURCES}/{path}"


def _parts(shards: Sequence[Shard], kinds: Sequence[str], start: int, stop: int) -> Iterator[JoinedPart]:
    first, last = shard_at(shards, start), shard_at(shards, stop - 1)
    for kind in kinds:
        for shard in shards[first.number : last.number + 1]:
            yield JoinedPart(_archive(kind, shard.name), kind, shard, max(start, shard.start), min(stop, shard.stop))
