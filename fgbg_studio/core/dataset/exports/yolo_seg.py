"""YOLO's segments: composites in ``images``, and beside each in ``labels`` a line with the outline of each object.

An outline is one closed line of corners, 0..1 of width and height; see `core.imaging.outlines`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import ClassVar

import yaml
from typing_extensions import override

from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.dataset.export_folder import ExportFolder, export_folder, opening
from fgbg_studio.core.dataset.export_lines import drop_lines, lines_of, write_composite, write_lines
from fgbg_studio.core.dataset.export_objects import ObjectReader, Objects
from fgbg_studio.core.dataset.export_splits import TRAIN, ExportedSplits, exported_splits
from fgbg_studio.core.dataset.split_files import list_of
from fgbg_studio.core.interfaces.export import Export, ExportProgress


@dataclass(frozen=True)
class YoloSegments(Export):
    """``images``, ``labels``, a list a split (``train.txt``) and ``data.yaml``."""

    name: ClassVar[str] = "yolo-seg"
    title: ClassVar[str] = "YOLO segments"
    summary: ClassVar[str] = "images with YOLO segmentation labels and data.yaml"
    takes_any: ClassVar[bool] = True

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        contents = yield from opening(root)
        objects, splits = ObjectReader(contents), exported_splits(contents)
        with export_folder(contents, out, self, splits) as folder:
            for split in splits.parts:
                name = list_of(split.name)
                if folder.finished(name) is None:
                    yield from write_lines(folder, contents, split, objects.samples, partial(_label, folder))
                    with folder.part(name) as file:
                        for line in lines_of(folder, split):
                            file.write(line.encode())
                        file.stop = len(split.numbers)
            drop_lines(folder, splits)
            data = folder.put("data.yaml", _data(objects.categories, splits).encode())
            folder.finish()
        files = (data, *folder.paths())
        yield ExportProgress("writing the list", 1, 1, finished=True, files=files, notes=splits.notes)


def _data(categories: list[str], splits: ExportedSplits) -> str:
    """``data.yaml``: what is held out first of `NAMES` validates while training goes on, the others test."""
    names = {number: one_line(name) for number, name in enumerate(categories)}
    lists = [list_of(split.name) for split in splits.parts]
    train, *held_out = lists if splits.parts[0].name == TRAIN else [list_of(TRAIN), *lists]
    said: dict[str, str | list[str]] = {"train": train, "val": held_out[0] if held_out else train}
    if held_out[1:]:
        said["test"] = held_out[1:]
    text: str = yaml.safe_dump({**said, "names": names}, sort_keys=False, allow_unicode=True)
    if held_out:
        return text
    return f"# The same samples are 'train' and 'val': name others in 'val' before a score is believed.\n{text}"


def _label(folder: ExportFolder, objects: Objects) -> str:
    """Write composite and label file of a sample; its line in the list."""
    sample, size, seen = objects
    image = write_composite(folder, sample)
    lines = []
    for one in seen:
        corners, (x, y) = one.shape.outline(), one.place
        across, down = _shares(size[0])[x:], _shares(size[1])[y:]
        lines.append(f"{one.category}{''.join([f' {across[a]} {down[b]}' for a, b in corners])}\n")
    folder.write(f"labels/{image.partition('/')[2].rpartition('.')[0]}.txt", "".join(lines).encode())
    return f"./{image}\n"


@lru_cache(maxsize=64)
def _shares(size: int) -> list[str]:
    """Where each pixel's middle is in a row or column of so many, 0..1."""
    return [f"{(place + 0.5) / size:.6f}" for place in range(size)]
