"""The dataset as Parquet files with its pictures inside, as the Hugging Face Hub shows it and `datasets` loads it.

A picture is a struct of its file's bytes and its name, and the schema says in the metadata ``huggingface`` that this
is an ``Image`` (https://huggingface.co/docs/datasets/image_dataset). Groups of rows are small, so that the Hub's
viewer and a stream need not read much for one picture; files are smaller than what the Hub takes without ado.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import MissingPackageError
from fgbg_studio.core.dataset.export_folder import PartFile, export_folder, opening
from fgbg_studio.core.dataset.export_shards import ExportShard, write_shards
from fgbg_studio.core.dataset.export_splits import exported_splits
from fgbg_studio.core.dataset.export_tables import Columns, ExportTable, Row, TableOfSamples, row_bytes, source_tables
from fgbg_studio.core.dataset.hub_page import Config, ConfigSplit, hub_page, hub_split
from fgbg_studio.core.interfaces.export import Export, ExportProgress


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
        most = self.shard_megabytes * 1_000_000
        splits = exported_splits(contents)
        samples = [TableOfSamples(contents, split) for split in splits.parts]
        with export_folder(contents, out, self, splits) as folder:
            configs = dict[str, Config]()
            for table in (*samples, *source_tables(contents)):
                sizes = yield from write_shards(
                    folder, contents, table, partial(_shard_name, table), partial(_ParquetShard, table.columns, most)
                )
                config = configs.setdefault(table.name, Config(table.name, _folder(table), table.columns))
                config.splits.append(ConfigSplit(hub_split(table.split), table.count, sum(sizes)))
            readme = folder.put("README.md", hub_page(contents, list(configs.values())).encode())
            folder.finish()
        files = (readme, *folder.paths())
        yield ExportProgress("writing the page", 1, 1, finished=True, files=files, notes=splits.notes)


def _folder(table: ExportTable) -> str:
    return "data" if isinstance(table, TableOfSamples) else table.name


def _shard_name(table: ExportTable, number: int) -> str:
    return f"{_folder(table)}/{hub_split(table.split)}-{number:05}.parquet"


class _ParquetShard(ExportShard):
    """One Parquet file, group by group."""

    def __init__(self, columns: Columns, most: int, file: PartFile) -> None:
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

    @override
    def takes(self, group: Sequence[Row]) -> bool:
        size = sum(map(row_bytes, group))
        if self._written and self._written + size > self._most:
            return False
        columns = [self._column(name, [row[name] for row in group]) for name in self._columns]
        table = self._arrow.Table.from_arrays(columns, schema=self._schema)
        self._writer.write_table(table, row_group_size=len(group))
        self._written += size
        return True

    @override
    def close(self) -> None:
        self._writer.close()

    def _column(self, name: str, cells: list[Any]) -> Any:
        arrow, kind = self._arrow, self._columns[name]
        if kind != "image":
            return arrow.array(cells, _type(arrow, kind))
        names = arrow.array([cell and cell[0] for cell in cells], arrow.string())
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
