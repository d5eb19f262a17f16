"""The dataset as tars of samples in a drawn order, as WebDataset streams them.

The files of a sample lie beside each other, and their names are the same up to the first dot: ``KEY.fg_bg.jpg``,
``KEY.mask.png``, ``KEY.depth.png`` and, with what is known of it, ``KEY.json``. As a stream is read front to back,
the samples of one background must not follow each other: their order is drawn once, over all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.dataset.card import plain
from fgbg_studio.core.dataset.export_folder import PartFile, export_folder, opening
from fgbg_studio.core.dataset.export_shards import ExportShard, StreamedExport
from fgbg_studio.core.dataset.export_splits import exported_splits
from fgbg_studio.core.dataset.export_tables import Row, TableOfSamples, safe_name, source_tables
from fgbg_studio.core.dataset.hub_page import about_columns, credits_of
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.writers.tar import header
from fgbg_studio.core.interfaces.export import ExportProgress

_BLOCK = 512


@dataclass(frozen=True)
class WebDatasetTars(StreamedExport):
    """Tars of about one size; backgrounds and foregrounds, which are no samples, have tars of their own."""

    name: ClassVar[str] = "webdataset"
    title: ClassVar[str] = "WebDataset"
    summary: ClassVar[str] = "shuffled tars that WebDataset streams"
    takes_any: ClassVar[bool] = True

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        contents = yield from opening(root)
        splits = exported_splits(contents)
        samples = [TableOfSamples(contents, split) for split in splits.parts]
        with export_folder(contents, out, self, splits) as folder:
            for table in (*samples, *source_tables(contents)):
                yield from self.stream(folder, contents, table, "-{:06}.tar", partial(_TarShard, self.most))
            readme = folder.put("README.md", _page(contents, samples).encode())
            folder.finish()
        files = (readme, *folder.paths())
        yield ExportProgress("writing the page", 1, 1, finished=True, files=files, notes=splits.notes)


class _TarShard(ExportShard):
    """One tar."""

    def __init__(self, most: int, file: PartFile) -> None:
        self._file, self._most = file, most

    @override
    def takes(self, group: Sequence[Row]) -> bool:
        data = b"".join(part for row in group for part in _members(row))
        if self._file.tell() and self._file.tell() + len(data) + 2 * _BLOCK > self._most:
            return False
        self._file.write(data)
        return True

    @override
    def close(self) -> None:
        self._file.write(bytes(2 * _BLOCK))


def _members(row: Row) -> Iterator[bytes]:
    """The files of one row with their headers, each filled up to whole blocks."""
    key, said = safe_name(row["name"]), {}
    for column, cell in row.items():
        if isinstance(cell, tuple):
            yield from _member(f"{key}.{column}.{cell[0].rpartition('.')[2].lower()}", cell[1])
        elif cell is not None:
            said[column] = cell
    yield from _member(f"{key}.json", json.dumps(said, ensure_ascii=False).encode())


def _member(name: str, data: bytes) -> tuple[bytes, bytes, bytes]:
    return header(name, len(data)), data, bytes(-len(data) % _BLOCK)


def _page(contents: Contents, samples: Sequence[TableOfSamples]) -> str:
    count = sum(table.count for table in samples)
    lines = [
        f"# {plain(contents.title)}", "",
        f"{count:,} composites of foregrounds on backgrounds, exported by FGBG Studio for WebDataset.", "",
        *(f"- `{table.split}-*.tar`: {table.count:,}" for table in samples), "",
        "What has no file of its own in a sample stands in its `json`.", "",
        *about_columns(contents, samples[0].columns), *credits_of(contents),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
