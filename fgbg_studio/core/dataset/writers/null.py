"""Nothing is written: for measuring what everything else costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import Location, ShardWriter, Writer


@dataclass(frozen=True)
class Null(Writer):
    """Takes everything, keeps nothing."""

    name: ClassVar[str] = "null"
    summary: ClassVar[str] = "writes nothing; for measuring"
    keeps: ClassVar[bool] = False
    offered: ClassVar[bool] = False

    @override
    def open(self, store: Store, shard: str, layout: Layout) -> NullShard:
        return NullShard()

    @override
    def locate(self, kind: str, path: str, shard: str, layout: Layout, sample: str = "") -> Location:
        """Where it would be."""
        return Location(path)


class NullShard(ShardWriter):
    """Forgets what it is given."""

    @override
    def add(self, kind: str, path: str, data: bytes, sample: str = "") -> None:
        pass

    @override
    def finish(self) -> list[str]:
        return []

    @override
    def discard(self) -> None:
        pass
