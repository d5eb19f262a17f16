"""The dataset as Parquet files with its pictures inside, as the Hugging Face Hub shows it and `datasets` loads it.

A picture is a struct of its file's bytes and its name, and the schema says in the metadata ``huggingface`` that this
is an ``Image`` (https://huggingface.co/docs/datasets/image_dataset). Groups of rows are small, so that the Hub's
viewer and a stream need not read much for one picture; files are smaller than what the Hub takes without ado.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import MissingPackageError
from fgbg_studio.core.base.progress import Rate
from fgbg_studio.core.dataset.export_folder import ExportFolder, PartFile, export_folder, opening, reading
from fgbg_studio.core.dataset.hub_page import Columns, Config, hub_page
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.interfaces.export import Export, ExportProgress
from fgbg_studio.core.interfaces.layout import file_name, stem
from fgbg_studio.core.plan.recipe import Recipe

_GROUP_ROWS = 100
_GROUP_BYTES = 64 << 20
_OBJECT = {
    "foreground": "string", "category": "string", "mirrored": "bool",
    "x": "int32", "y": "int32", "width": "int32", "height": "int32", "layer": "int32",
}  # fmt: skip
"""What is said of an object: its picture, its class, and its box in pixels of the composite; layer -1 is none."""

Row = dict[str, Any]
"""A cell is a text, (name, bytes) of a picture or None, or a list of objects."""


@dataclass(frozen=True)
class HfParquet(Export):
    """Parquet shards with embedded pictures, and a README.md whose head tells the Hub what is where."""

    name: ClassVar[str] = "hf-parquet"
    title: ClassVar[str] = "Hugging Face Parquet"
    summary: ClassVar[str] = "Parquet files for the Hugging Face Hub and datasets.load_dataset"
    takes_any: ClassVar[bool] = True

    shard_megabytes: Annotated[int, about("largest file", "MB", ge=1, le=4000)] = 450

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        _pyarrow()
        contents = yield from opening(root)
        tables = [_SampleTable(contents), *_source_tables(contents)]
        with export_folder(contents, out, self) as folder:
            for table in tables:
                yield from self._write(folder, table, contents)
            readme = folder.put("README.md", hub_page(contents, [table.config for table in tables]).encode())
            folder.finish()
        yield ExportProgress("writing the page", 1, 1, finished=True, files=(readme, *folder.paths()))

    def _write(self, folder: ExportFolder, table: _Table, contents: Contents) -> Iterator[ExportProgress]:
        config, phase = table.config, f"exporting {table.config.name}"
        done, rate = 0, Rate(0)
        for number in itertools.count():
            name = f"{config.folder}/train-{number:05}.parquet"
            part = folder.finished(name)
            if part is None:
                with folder.part(name) as file, reading(contents):
                    shard = _Shard(file, config.columns, self.shard_megabytes * 1_000_000)
                    for group in _groups(table.read(done)):
                        if not shard.takes(group):
                            break
                        done += len(group)
                        yield ExportProgress(phase, done, config.rows, *rate.update(done, config.rows))
                    shard.close()
                    file.stop = done
                config.bytes += file.tell()
            else:
                done, rate = part.stop, Rate(part.stop)
                config.bytes += part.bytes
                yield ExportProgress(phase, done, config.rows)
            if done >= config.rows:
                break


class _Table:
    """What becomes one table."""

    config: Config

    def read(self, start: int) -> Iterator[Row]:
        """The rows from ``start`` on."""
        raise NotImplementedError


class _SampleTable(_Table):
    def __init__(self, contents: Contents) -> None:
        self._contents, self._numbers, self._kinds = contents, contents.numbers(), contents.sample_kinds
        self._recipe = contents.dataset.recipe if contents.dataset else None
        columns: dict[str, Any] = {"name": "string", **dict.fromkeys(self._kinds, "image")}
        if contents.backgrounds:
            columns |= {"background": "string", "foreground": "string"}
        if self._recipe:
            columns["objects"] = [_OBJECT]
        self.config = Config("samples", "data", columns, len(self._numbers))

    @override
    def read(self, start: int) -> Iterator[Row]:
        for sample in self._contents.stored(self._numbers[start:], self._kinds):
            row: Row = {"name": sample.name, **{kind: sample.files.get(kind) for kind in self._kinds}}
            if self._contents.backgrounds:
                row["background"] = self._contents.backgrounds[sample.background]
                row["foreground"] = self._contents.foregrounds[sample.foreground]
            if self._recipe:
                row["objects"] = self._objects(sample, self._recipe)
            yield row

    def _objects(self, sample: StoredFiles, recipe: Recipe) -> list[Row]:
        found = []
        for one in sample.placed:
            who = self._contents.foregrounds[one.foreground], recipe.foregrounds[one.foreground].category
            found.append(dict(zip(_OBJECT, (*who, one.mirrored, *one.box, one.layer), strict=True)))
        return found


class _SourceTable(_Table):
    """Pictures that are no samples; ``kinds`` are by the names of their columns, the first one names the rows."""

    def __init__(self, contents: Contents, name: str, kinds: dict[str, str]) -> None:
        self._contents, self._kinds = contents, kinds
        self._first = next(iter(kinds.values()))
        self.config = Config(
            name, name, {"name": "string", **dict.fromkeys(kinds, "image")}, contents.length(self._first)
        )

    @override
    def read(self, start: int) -> Iterator[Row]:
        for number in range(start, self.config.rows):
            row: Row = {"name": stem(self._contents.name(self._first, number))}
            for column, kind in self._kinds.items():
                row[column] = self._contents.name(kind, number), self._contents.read(kind, number)
            yield row


def _source_tables(contents: Contents) -> Iterator[_Table]:
    if contents.length("bg"):
        yield _SourceTable(contents, "backgrounds", {"image": "bg"})
    if contents.length("fg"):
        # By hand masks may be fewer, or called otherwise, and then nobody knows whose they are.
        masks = {"mask": "fg_mask"} if contents.dataset else {}
        yield _SourceTable(contents, "foregrounds", {"image": "fg", **masks})


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows some at a time: few enough for a viewer, and small enough for the memory."""
    group: list[Row] = []
    held = 0
    for row in rows:
        group.append(row)
        held += _size(row)
        if len(group) == _GROUP_ROWS or held >= _GROUP_BYTES:
            yield group
            group, held = [], 0
    if group:
        yield group


def _size(row: Row) -> int:
    return sum(len(cell[1]) for cell in row.values() if isinstance(cell, tuple))


class _Shard:
    """One Parquet file, group by group."""

    def __init__(self, file: PartFile, columns: Columns, most: int) -> None:
        arrow, parquet = _pyarrow()
        self._arrow, self._most, self._columns = arrow, most, columns
        metadata = {"huggingface": json.dumps({"info": {"features": _features(columns)}})}
        fields = [arrow.field(name, _type(arrow, kind)) for name, kind in columns.items()]
        self._schema = arrow.schema(fields, metadata=metadata)
        texts = [name for name, kind in columns.items() if kind == "string"]
        # Pictures are packed already: nothing is gained by packing, sorting or counting them.
        self._writer = parquet.ParquetWriter(
            file, self._schema, compression="none", use_dictionary=texts[1:], write_statistics=texts,
            write_page_index=True,
        )  # fmt: skip
        self._written = 0

    def takes(self, group: Sequence[Row]) -> bool:
        """Write a group, unless the file would be too large with it."""
        size = sum(map(_size, group))
        if self._written and self._written + size > self._most:
            return False
        columns = [self._column(name, [row[name] for row in group]) for name in self._columns]
        table = self._arrow.Table.from_arrays(columns, schema=self._schema)
        self._writer.write_table(table, row_group_size=len(group))
        self._written += size
        return True

    def close(self) -> None:
        """Write the end of the file."""
        self._writer.close()

    def _column(self, name: str, cells: list[Any]) -> Any:
        arrow, kind = self._arrow, self._columns[name]
        if kind != "image":
            return arrow.array(cells, _type(arrow, kind))
        names = arrow.array([cell and file_name(cell[0]) for cell in cells], arrow.string())
        files = arrow.array([cell and cell[1] for cell in cells], arrow.binary())
        missing = arrow.array([cell is None for cell in cells])
        return arrow.StructArray.from_arrays([files, names], ["bytes", "path"], mask=missing)


def _type(arrow: Any, kind: Any) -> Any:
    if kind == "image":
        return arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])
    if isinstance(kind, list):
        return arrow.list_(arrow.struct([(name, _type(arrow, one)) for name, one in kind[0].items()]))
    return {"bool": arrow.bool_, "int32": arrow.int32, "string": arrow.string}[kind]()


def _features(columns: Columns) -> dict[str, Any]:
    """The columns as `datasets` names them in the file's metadata."""
    found: dict[str, Any] = {}
    for name, kind in columns.items():
        if kind == "image":
            found[name] = {"_type": "Image"}
        elif isinstance(kind, list):
            found[name] = [_features(kind[0])]
        else:
            found[name] = {"dtype": kind, "_type": "Value"}
    return found


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingPackageError("pyarrow", "export", "Parquet") from error
    return pa, parquet
