"""The dataset as TFRecord files of ``tf.train.Example``, as `tf.data` streams them.

A record is its length, and then its bytes, each with a masked CRC-32C
(https://www.tensorflow.org/tutorials/load_data/tfrecord); an example is a protocol buffer of features by name, each a
list of bytes or of whole numbers. TensorFlow, which is large, is not needed to write either.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import MissingPackageError
from fgbg_studio.core.dataset.export_folder import PartFile, export_folder, opening
from fgbg_studio.core.dataset.export_shards import ExportShard, StreamedExport
from fgbg_studio.core.dataset.export_splits import exported_splits
from fgbg_studio.core.dataset.export_tables import Columns, Row, TableOfSamples, row_bytes, source_tables
from fgbg_studio.core.interfaces.export import ExportProgress

_MASK = 0xA282EAD8  # of checks of data that has checks inside

Crc = Callable[[bytes], int]


@dataclass(frozen=True)
class TfRecords(StreamedExport):
    """TFRecord files of about one size, and ``features.json``, which says what is in an example."""

    name: ClassVar[str] = "tfrecord"
    title: ClassVar[str] = "TFRecord"
    summary: ClassVar[str] = "shuffled TFRecord files that tf.data streams"
    takes_any: ClassVar[bool] = True

    shard_megabytes: Annotated[int, about("largest file", "MB", ge=1, le=100_000)] = 150

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        crc = _crc32c()
        contents = yield from opening(root)
        splits = exported_splits(contents)
        tables = [*(TableOfSamples(contents, split) for split in splits.parts), *source_tables(contents)]
        with export_folder(contents, out, self, splits) as folder:
            for table in tables:
                begin = partial(_RecordFile, self.most, crc)
                yield from self.stream(folder, contents, table, "-{:05}.tfrecord", begin)
            features = {table.name: _features(table.columns) for table in tables}
            said = folder.put("features.json", f"{json.dumps(features, indent=1)}\n".encode())
            folder.finish()
        files = (said, *folder.paths())
        yield ExportProgress("writing the features", 1, 1, finished=True, files=files, notes=splits.notes)


def _features(columns: Columns) -> dict[str, dict[str, Any]]:
    """What is in an example, by name: its type, and whether it is one value or a list of any length."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in columns.items():
        if isinstance(kind, list):
            for inner, sort in kind[0].items():
                found[f"{name}/{inner}"] = {"dtype": "string" if sort == "string" else "int64", "list": True}
        else:
            found[name] = {"dtype": "string", "list": False, **({"picture": True} if kind == "image" else {})}
    return found


class _RecordFile(ExportShard):
    """One file."""

    def __init__(self, most: int, crc: Crc, file: PartFile) -> None:
        self._file, self._most, self._crc = file, most, crc

    @override
    def takes(self, group: Sequence[Row]) -> bool:
        if self._file.tell() and self._file.tell() + sum(map(row_bytes, group)) > self._most:
            return False
        self._file.write(b"".join([part for row in group for part in self._record(example(row))]))
        return True

    @override
    def close(self) -> None:
        """Nothing comes at its end."""

    def _record(self, data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
        length = struct.pack("<Q", len(data))
        return length, self._check(length), data, self._check(data)

    def _check(self, data: bytes) -> bytes:
        check = self._crc(data)
        return struct.pack("<I", ((check >> 15 | check << 17) + _MASK) & 0xFFFFFFFF)


def example(row: Row) -> bytes:
    """A row as ``tf.train.Example``: pictures are their files' bytes, of objects each of their columns is a list.

    Wire format: https://protobuf.dev/programming-guides/encoding; messages: ``tensorflow/core/example``. What is
    missing is a feature without a value.
    """
    features = dict[str, bytes]()
    for name, cell in row.items():
        if isinstance(cell, list):
            for inner in cell[0] if cell else ():
                features[f"{name}/{inner}"] = _list([one[inner] for one in cell])
        else:
            features[name] = _list([] if cell is None else [cell[1] if isinstance(cell, tuple) else cell])
    entries = [_field(1, _field(1, name.encode()) + _field(2, feature)) for name, feature in features.items()]
    return _field(1, b"".join(entries))


def _list(values: list[Any]) -> bytes:
    """A feature of these: bytes (1) or packed whole numbers (3)."""
    if values and isinstance(values[0], int):
        return _field(3, _field(1, b"".join([_varint(value & (1 << 64) - 1) for value in values])))
    return _field(1, b"".join([_field(1, one.encode() if isinstance(one, str) else one) for one in values]))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def _crc32c() -> Crc:
    try:
        import google_crc32c
    except ImportError as error:
        raise MissingPackageError("google-crc32c", "export", "TFRecord") from error
    return partial(_value_of, google_crc32c)


def _value_of(library: Any, data: bytes) -> int:
    return int(library.value(data))
