"""A table written as files of about one size, each of them finished by itself, so that an export can be stopped."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.progress import Rate
from fgbg_studio.core.dataset.export_folder import ExportFolder, PartFile, reading
from fgbg_studio.core.dataset.export_tables import ExportTable, Places, Row, TableOfSamples, row_bytes
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export, ExportProgress
from fgbg_studio.core.plan.keyed import mix

_GROUP_ROWS = 100
_GROUP_BYTES = 64 << 20
_GROUPS = 16  # in a streamed file at least: how near it comes to its size


class ExportShard(Protocol):
    """One file of a table on its way."""

    def takes(self, group: Sequence[Row]) -> bool:
        """Write some rows, unless the file would be too large with them; the first are always taken."""

    def close(self) -> None:
        """Write what comes at its end."""


def write_shards(
    folder: ExportFolder,
    contents: Contents,
    table: ExportTable,
    name: Callable[[int], str],
    begin: Callable[[PartFile], ExportShard],
    places: Places | None = None,
    group_bytes: int = _GROUP_BYTES,
) -> Generator[ExportProgress, None, list[int]]:
    """Write a table, but for those of its files that are finished; yields progress, returns the bytes of each file.

    Args:
        folder: where to.
        contents: of the dataset that is read.
        table: of it.
        name: what the file of a number, from 0, is called.
        begin: makes a file.
        places: the order of the rows; the table's own by default.
        group_bytes: about how much is read before it is written.
    """
    places = range(table.count) if places is None else places
    phase, done, rate, sizes = f"exporting {table.name}, {table.split}", 0, Rate(0), list[int]()
    for number in itertools.count():
        part = folder.finished(name(number))
        if part is None:
            with folder.part(name(number)) as file, reading(contents):
                shard = begin(file)
                for group in _groups(table.rows(places[done:]), group_bytes):
                    if not shard.takes(group):
                        break
                    done += len(group)
                    yield ExportProgress(phase, done, len(places), *rate.update(done, len(places)))
                shard.close()
                file.stop = done
            sizes.append(file.tell())
        else:
            done, rate = part.stop, Rate(part.stop)
            sizes.append(part.bytes)
            yield ExportProgress(phase, done, len(places))
        if done >= len(places):
            return sizes
    raise AssertionError  # there is no last number


@dataclass(frozen=True)
class StreamedExport(Export):
    """Base of exports as files that are streamed front to back, so that the order of the samples is drawn once."""

    shard_megabytes: Annotated[int, about("largest file", "MB", ge=1, le=100_000)] = 1000
    shuffle: Annotated[bool, about("draw the order of the samples")] = True
    seed: Annotated[int, about("of the order", ge=0, le=2**63 - 1)] = 0

    @property
    def most(self) -> int:
        """Bytes of a file."""
        return self.shard_megabytes * 1_000_000

    def stream(
        self, folder: ExportFolder, contents: Contents, table: ExportTable, ending: str,
        begin: Callable[[PartFile], ExportShard],
    ) -> Generator[ExportProgress, None, list[int]]:  # fmt: skip
        """Write a table as `write_shards` does; ``ending`` is of its files, with a place for their numbers."""
        drawn = self.shuffle and isinstance(table, TableOfSamples)
        name = table.split if isinstance(table, TableOfSamples) else table.name
        return write_shards(
            folder, contents, table, lambda number: f"{name}{ending.format(number)}", begin,
            drawn_order(table.count, self.seed) if drawn else None,
            min(self.most // _GROUPS, _GROUP_BYTES),
        )  # fmt: skip


def drawn_order(count: int, seed: int) -> Ints:
    """(count,) int64: the numbers below ``count`` in an order that only ``seed`` and ``count`` decide."""
    keys = mix(np.arange(count, dtype=np.uint64) + mix(np.array([seed], np.uint64)))
    return np.argsort(keys, kind="stable")


def _groups(rows: Iterable[Row], most: int) -> Iterator[list[Row]]:
    """Rows some at a time: few enough for a viewer, and small enough for the memory."""
    group: list[Row] = []
    held = 0
    for row in rows:
        group.append(row)
        held += row_bytes(row)
        if len(group) == _GROUP_ROWS or held >= most:
            yield group
            group, held = [], 0
    if group:
        yield group
