"""YOLO's segments: composites in ``images``, and beside each in ``labels`` a line with the outline of each object.

An outline is one closed line of corners, 0..1 of width and height. Parts that lie apart, and holes, are joined to it by
lines there and back (as Ultralytics' ``merge_multi_segment`` does): filled, these have no inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.words import one_line
from fgbg_studio.core.dataset.export_folder import ExportFolder, export_folder, opening
from fgbg_studio.core.dataset.export_lines import drop_lines, lines_of, write_lines
from fgbg_studio.core.dataset.export_objects import ObjectReader, SeenObject
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
                    yield from write_lines(folder, contents, objects, split, partial(_label, folder))
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


def _label(folder: ExportFolder, _: int, image: str, size: tuple[int, int], seen: list[SeenObject]) -> str:
    """Write the label file of a sample; its line in the list."""
    lines = []
    for one in seen:
        values = ((outline(one.seen) + 0.5) / size).ravel().tolist()
        lines.append(f"{one.category}{' %.6f' * len(values) % tuple(values)}\n")
    folder.write(f"labels/{image.partition('/')[2].rpartition('.')[0]}.txt", "".join(lines).encode())
    return f"./{image}\n"


def outline(solid: NDArray[np.bool_]) -> Ints:
    """(n, 2) corners, x and y of pixels, of one closed line around all that is True in (H, W), holes left out."""
    found, _ = cv2.findContours(solid.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parts = sorted((np.asarray(one, np.int64).reshape(-1, 2) for one in found), key=len, reverse=True)
    whole = parts[0]
    for part in parts[1:]:
        apart = ((whole[:, None] - part[None]) ** 2).sum(axis=2)
        at, nearest = divmod(int(apart.argmin()), len(part))
        around = np.roll(part, -nearest, axis=0)
        whole = np.concatenate([whole[: at + 1], around, around[:1], whole[at:]])
    if len(whole) < 3:  # a point or a line of pixels: readers want an area
        whole = np.concatenate([whole, np.repeat(whole[-1:], 3 - len(whole), axis=0)])
    return whole
