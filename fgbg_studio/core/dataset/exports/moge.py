"""A folder a sample as trainers of monocular geometry read them: MoGe's training data (its ``docs/train.md``).

``image.jpg``; ``depth.png`` with 16 bits, the logarithm of the distance from ``near`` (1) to ``far`` (65534), both in
the PNG's texts, 0 where it is not known; ``meta.json`` with the camera's matrix in shares of width and height. A list
of the folders stands in ``.index.txt``, and for what is not to train with in a list of the split's name.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap, Floats
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.cameras import cameras_of
from fgbg_studio.core.dataset.export_folder import ExportFolder, export_folder, opening
from fgbg_studio.core.dataset.export_lines import drop_lines, lines_of, write_lines
from fgbg_studio.core.dataset.export_splits import TRAIN, ExportedSplit, exported_splits
from fgbg_studio.core.dataset.export_tables import safe_name
from fgbg_studio.core.dataset.inspect.contents import Contents, StoredFiles
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.interfaces.export import Export, ExportProgress

_KINDS = ("fg_bg", "mask", "depth")
_NEAREST, _RANGE = 1e-5, 1e5  # metres, and how many times farther the farthest is at most
_STEPS = 65533
_JPEG = Codec("jpeg", quality=95)


@dataclass(frozen=True)
class MogeFolder(Export):
    """Images, metric depth and cameras, a folder a sample, and a list a split."""

    name: ClassVar[str] = "moge"
    title: ClassVar[str] = "MoGe folders"
    summary: ClassVar[str] = "image, logarithmic depth and camera a folder, as MoGe trains with"
    takes_any: ClassVar[bool] = True

    field_of_view: Annotated[
        float, about("field of view", "°", "of the width, where the dataset knows no camera; 0 for none", ge=0, le=170)
    ] = 0.0

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        contents = yield from opening(root)
        if contents.reading.unit != "m" or "fg_bg" not in contents.sample_kinds:
            raise DatasetError(f"{contents.path} has no composites with depth in metres", "Export it as hf-parquet")
        cameras = cameras_of(contents)
        if not cameras and not self.field_of_view:
            problem = f"no camera belongs to the depth of {contents.path}"
            raise DatasetError(problem, "Say what it was taken with: field_of_view=60")
        splits = exported_splits(contents)
        sample = partial(_write_sample, contents, cameras, self.field_of_view)
        with export_folder(contents, out, self, splits) as folder:
            for split in splits.parts:
                if folder.finished(_list_of(split)) is None:
                    read = partial(_complete, contents)
                    yield from write_lines(folder, contents, split, read, partial(sample, folder))
                    with folder.part(_list_of(split)) as file:
                        for line in lines_of(folder, split):
                            file.write(line.encode())
                        file.stop = len(split.numbers)
            drop_lines(folder, splits)
            folder.finish()
        yield ExportProgress("writing the list", 1, 1, finished=True, files=folder.paths(), notes=splits.notes)


def _list_of(split: ExportedSplit) -> str:
    return ".index.txt" if split.name == TRAIN else f".{split.name}.txt"


def _complete(contents: Contents, numbers: Sequence[int]) -> Iterator[StoredFiles]:
    return (one for one in contents.stored(numbers, _KINDS) if {"fg_bg", "depth"} <= one.files.keys())


def _write_sample(
    contents: Contents, cameras: list[Floats], field_of_view: float, folder: ExportFolder, sample: StoredFiles
) -> str:
    """Write the files of a sample; its line in the list."""
    background = contents.backgrounds[sample.background] if contents.backgrounds else "samples"
    name = f"{safe_name(background)}/{safe_name(sample.name)}"
    path, image = sample.files["fg_bg"]
    pixels = decode(image, path)
    height, width = pixels.shape[:2]
    is_jpeg = image[:2] == b"\xff\xd8"
    folder.write(f"{name}/image.jpg", image if is_jpeg else encode(pixels, _JPEG))
    stored = sample.files["depth"]
    folder.write(f"{name}/depth.png", depth_file(contents.reading.depth(decode(stored[1], stored[0]))))
    if "mask" in sample.files and sample.files["mask"][0].lower().endswith(".png"):
        folder.write(f"{name}/mask.png", sample.files["mask"][1])
    if cameras:
        matrix = cameras[sample.background] / [[width], [height], [1]]
    else:
        focal = 0.5 / math.tan(math.radians(field_of_view) / 2)
        matrix = np.array([[focal, 0, 0.5], [0, focal * width / height, 0.5], [0, 0, 1]])
    folder.write(f"{name}/meta.json", f"{json.dumps({'intrinsics': matrix.tolist()})}\n".encode())
    return f"{name}\n"


def depth_file(depth: DepthMap) -> bytes:
    """``depth.png`` of (H, W) float32 in metres, NaN where there is none."""
    known = np.isfinite(depth)
    near = max(float(depth[known].min()), _NEAREST) if known.any() else 1.0
    far = max(near * 1.1, min(float(depth[known].max()), near * _RANGE)) if known.any() else 2.0
    share = np.log(np.clip(np.where(known, depth, near), near, far) / near) / math.log(far / near)
    stored = np.where(known, 1 + np.rint(np.clip(share, 0, 1) * _STEPS), 0).astype(np.uint16)
    said, file = PngInfo(), io.BytesIO()
    said.add_text("near", repr(near))
    said.add_text("far", repr(far))
    Image.fromarray(stored).save(file, "png", pnginfo=said, compress_level=3)
    return file.getvalue()
