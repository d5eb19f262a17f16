"""COCO's instances: composites in ``images``, and a file a split that says where which object is seen.

Masks are run lengths (RLE), which keep holes and parts that lie apart to the pixel; they are the compressed text
that pycocotools and everything built on it reads.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.dataset.export_folder import ExportFolder, PartFile, export_folder, opening
from fgbg_studio.core.dataset.export_lines import drop_lines, lines_of, write_composite, write_lines
from fgbg_studio.core.dataset.export_objects import ObjectReader, Objects, SeenObject
from fgbg_studio.core.dataset.export_splits import exported_splits
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export, ExportProgress

_MOST_OBJECTS = 1000  # of a sample: their numbers are its own times this, and theirs


@dataclass(frozen=True)
class Coco(Export):
    """``images`` and ``annotations/instances_SPLIT.json``, with a category for each class."""

    name: ClassVar[str] = "coco"
    title: ClassVar[str] = "COCO"
    summary: ClassVar[str] = "COCO instances with run-length masks"
    takes_any: ClassVar[bool] = True

    amodal: Annotated[bool, about("whole shapes", tip="what something in front hides of an object, too")] = False

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        contents = yield from opening(root)
        objects, splits = ObjectReader(contents, whole=self.amodal), exported_splits(contents)
        with export_folder(contents, out, self, splits) as folder:
            for split in splits.parts:
                name = f"annotations/instances_{split.name}.json"
                if folder.finished(name) is None:
                    yield from write_lines(folder, contents, split, objects.samples, partial(_line, folder))
                    yield ExportProgress("writing the annotations", 0, 1)
                    with folder.part(name) as file:
                        _write_whole(file, contents, objects, partial(lines_of, folder, split))
                        file.stop = len(split.numbers)
            drop_lines(folder, splits)
            folder.finish()
        files, notes = folder.paths(), splits.notes
        yield ExportProgress("writing the annotations", 1, 1, finished=True, files=files, notes=notes)


def _line(folder: ExportFolder, objects: Objects) -> str:
    """The sample's image, which is written, and its annotations, with a tab between; in JSON there is none."""
    sample, (width, height), seen = objects
    number, image = sample.number, write_composite(folder, sample)
    found = [
        f'{{"id":{(number + 1) * _MOST_OBJECTS + index},"image_id":{number + 1},"category_id":{one.category + 1},'
        f'"iscrowd":0,"area":{one.shape.area},"bbox":[{",".join(map(str, one.box))}],"segmentation":'
        f'{{"size":[{height},{width}],"counts":{_text(one.shape.run_lengths(*one.place))}}}'
        f"{_named(one.foreground)}{_whole(one, width, height)}}}"
        for index, one in enumerate(seen)
    ]
    about = f'"file_name":{_text(image.rpartition("/")[2])},"width":{width},"height":{height}'
    return f'{{"id":{number + 1},{about}}}\t{",".join(found)}\n'


def _whole(one: SeenObject, width: int, height: int) -> str:
    """The fields of an object's whole shape, where that was asked for."""
    if one.whole is None:
        return ""
    shape, place = one.whole
    return (
        f',"amodal_area":{shape.area},"amodal_bbox":[{",".join(map(str, one.whole.box))}],"amodal_segmentation":'
        f'{{"size":[{height},{width}],"counts":{_text(shape.run_lengths(*place))}}}'
    )


_text = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(maxsize=100_000)
def _named(foreground: str) -> str:
    return f',"foreground":{_text(foreground)}' if foreground else ""


def _write_whole(file: PartFile, contents: Contents, objects: ObjectReader, lines: Callable[[], Iterator[str]]) -> None:
    head = {
        "info": {"description": contents.title, "contributor": "exported by FGBG Studio"},
        "licenses": [],
        "categories": [{"id": n, "name": name} for n, name in enumerate(objects.categories, 1)],
    }
    file.write(_json(head)[:-1].encode())
    for column, name in enumerate(("images", "annotations")):
        cells = (line.rstrip("\n").split("\t")[column] for line in lines())
        commas = itertools.chain([f',"{name}":[\n'], itertools.repeat(",\n"))
        wrote = False
        for cell, before in zip(filter(None, cells), commas, strict=False):
            file.write(f"{before}{cell}".encode())
            wrote = True
        file.write(b"\n]" if wrote else f',"{name}":[]'.encode())
    file.write(b"}\n")


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
