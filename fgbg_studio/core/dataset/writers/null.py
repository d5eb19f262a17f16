"""Nothing is written: for measuring what everything else costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fgbg_studio.core.base.store import Store
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.writer import Location, Writer


@dataclass(frozen=True)
class Null(Writer):
    """Takes everything, keeps nothing."""

    name: ClassVar[str] = "null"
    summary: ClassVar[str] = "nothing is written; for measuring"
    keeps: ClassVar[bool] = False
    offered: ClassVar[bool] = False

    def open(self, store: Store, shard: str, layout: Layout) -> NullShard:  # noqa: ARG002
        """See `Writer.open`."""
        return NullShard()

    def locate(self, kind: str, path: str, shard: str, layout: Layout) -> Location:  # noqa: ARG002
        """Where it would be."""
        return Location(path)


class NullShard:
    """Forgets what it is given."""

    def add(self, kind: str, path: str, data: bytes) -> None:
        """See `ShardWriter.add`."""

    def finish(self) -> list[str]:
        """See `ShardWriter.finish`."""
        return []

    def discard(self) -> None:
        """See `ShardWriter.discard`."""
