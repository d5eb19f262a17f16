"""A dataset as tables, for exports: its samples, its backgrounds and its foregrounds, a row each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.boxes import clipped
from fgbg_studio.core.dataset.export_splits import TRAIN, ExportedSplit
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.interfaces.layout import file_name, stem
from fgbg_studio.core.plan.recipe import Recipe

Columns = dict[str, Any]
"""Name → 'image', a type of Arrow's by its name, or a list of one struct of such."""
Places = Sequence[int] | Ints
Row = dict[str, Any]
"""A cell is a text, a picture as (its file's name, its bytes) or None, or a list of objects."""

_OBJECT = {
    "foreground": "string", "category": "string", "mirrored": "bool",
    "x": "int32", "y": "int32", "width": "int32", "height": "int32", "layer": "int32",
    "index": "int32",
}  # fmt: skip
"""What is said of an object: its picture, its class, and its box in pixels of the composite, also of what something
hides, but not beyond the frame; layer -1 is none.
``index`` is its value in the index map, where there is one."""


class ExportTable:
    """Rows of one sort.

    Attributes:
        name: of the table.
        split: of its rows.
        columns: the first is ``name``, in which no two rows are alike.
        count: how many rows there are.
    """

    name: str
    split: str = TRAIN
    columns: Columns
    count: int

    def rows(self, places: Places) -> Iterator[Row]:
        """The rows at these places, from 0, in this order."""
        raise NotImplementedError


class TableOfSamples(ExportTable):
    """Of each sample of a split its pictures, and who stands where as far as that is known."""

    def __init__(self, contents: Contents, split: ExportedSplit) -> None:
        self._contents, self._kinds = contents, contents.sample_kinds
        self.split, self._numbers = split.name, _compact(split.numbers)
        self._recipe = contents.dataset.recipe if contents.dataset else None
        self.name, self.count = "samples", len(self._numbers)
        self.columns = {"name": "string", **dict.fromkeys(self._kinds, "image")}
        if contents.backgrounds:
            self.columns |= {"background": "string", "foreground": "string"}
        if self._recipe:
            self.columns["objects"] = [_OBJECT]

    @override
    def rows(self, places: Places) -> Iterator[Row]:
        contents = self._contents
        for sample in contents.stored(_Chosen(self._numbers, places), self._kinds):
            row: Row = {"name": _text(sample.name)}
            for kind in self._kinds:
                row[kind] = _picture(*sample.files[kind]) if kind in sample.files else None
            if contents.backgrounds:
                row["background"] = _text(contents.backgrounds[sample.background])
                row["foreground"] = _text(contents.foregrounds[sample.foreground])
            if self._recipe:
                row["objects"] = self._objects(sample, self._recipe)
            yield row

    def _objects(self, sample: StoredFiles, recipe: Recipe) -> list[Row]:
        found, frame = [], (recipe.settings.size, recipe.settings.size)
        for one, index in zip(sample.placed, sample.indices, strict=True):
            who = self._contents.foregrounds[one.foreground], recipe.foregrounds[one.foreground].category
            found.append(
                dict(zip(_OBJECT, (*who, one.mirrored, *clipped(one.box, frame), one.layer, index), strict=True))
            )
        return found


class TableOfSources(ExportTable):
    """Pictures that are no samples; ``kinds`` are by the names of their columns, the first one names the rows."""

    def __init__(self, contents: Contents, name: str, kinds: dict[str, str]) -> None:
        self._contents, self._kinds = contents, kinds
        self._first = next(iter(kinds.values()))
        self.name, self.count = name, contents.length(self._first)
        self.columns = {"name": "string", **dict.fromkeys(kinds, "image")}

    @override
    def rows(self, places: Places) -> Iterator[Row]:
        for number in places:
            row: Row = {"name": _text(stem(self._contents.name(self._first, number)))}
            for column, kind in self._kinds.items():
                row[column] = _picture(self._contents.name(kind, number), self._contents.read(kind, number))
            yield row


def source_tables(contents: Contents) -> list[ExportTable]:
    """Those of backgrounds and foregrounds that there are."""
    tables: list[ExportTable] = []
    if contents.length("bg"):
        tables.append(TableOfSources(contents, "backgrounds", {"image": "bg"}))
    if contents.length("fg"):
        # By hand masks may be fewer, or called otherwise, and then nobody knows whose they are.
        masks = {"mask": "fg_mask"} if contents.dataset else {}
        tables.append(TableOfSources(contents, "foregrounds", {"image": "fg", **masks}))
    return tables


def row_bytes(row: Row) -> int:
    """Bytes of the pictures of a row."""
    return sum([len(cell[1]) for cell in row.values() if isinstance(cell, tuple)])


def safe_name(name: str) -> str:
    """A sample's name as the name of a file on any system and in any archive; another one where it cannot be that."""
    return name if _SAFE.fullmatch(name) else hashlib.sha256(_text(name).encode()).hexdigest()


_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,69}")


class _Chosen(Sequence[int]):
    """Numbers at places, without a list of them."""

    def __init__(self, numbers: Ints | range, places: Places) -> None:
        self._numbers, self._places = numbers, places

    @override
    def __len__(self) -> int:
        return len(self._places)

    @override
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [int(self._numbers[place]) for place in self._places[index]]
        return int(self._numbers[self._places[index]])


def _compact(numbers: Sequence[int]) -> Ints | range:
    return numbers if isinstance(numbers, range) else np.asarray(numbers, np.int64)


def _picture(name: str, data: bytes) -> tuple[str, bytes]:
    return _text(file_name(name)), data


def _text(name: str) -> str:
    """A name as it can be written everywhere: on a disk it may have half a letter."""
    return name if name.isascii() else name.encode("utf-8", "replace").decode()
