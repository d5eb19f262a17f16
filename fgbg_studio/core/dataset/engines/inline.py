"""Shards in this process, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.interfaces.engine import Engine, Shard, Step


@dataclass(frozen=True)
class Inline(Engine):
    """No other process: for small runs and for measuring."""

    name: ClassVar[str] = "inline"
    summary: ClassVar[str] = "in this process"

    @override
    def run(self, store: Store, shards: Sequence[Shard], workers: int, control: Control) -> Iterator[Step | None]:
        maker = open_maker(store)
        for shard in shards:
            seconds = maker.make(shard, control, lambda _: None)
            if seconds is None:
                return
            yield Step(shard, shard.stop - shard.start, seconds)
