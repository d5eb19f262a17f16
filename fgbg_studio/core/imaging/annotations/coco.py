"""COCO's instances: one file of many photos, objects as polygons or as runs of pixels down the columns.

The runs' text is that of the COCO API: six bits a character from '0' on, five of a number, the sixth says that more
follow; from the third on, each run is the difference to the last but one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.annotations import (
    AnnotatedObject,
    AnnotatedPhoto,
    Foreign,
    Number,
    Polygons,
    Shape,
    Side,
    Size,
)


class _Image(Foreign):
    id: int | str
    file_name: str
    width: Side
    height: Side


class _Runs(Foreign):
    counts: str | tuple[Annotated[int, Field(ge=0, le=1 << 40)], ...]
    size: tuple[Side, Side]


class _Object(Foreign):
    image_id: int | str
    category_id: int | str | None = None
    segmentation: tuple[tuple[Number, ...], ...] | _Runs | None = None
    iscrowd: int = 0


class _Category(Foreign):
    id: int | str
    name: str


class _File(Foreign):
    images: tuple[_Image, ...]
    annotations: tuple[_Object, ...]
    categories: tuple[_Category, ...] = ()


def fits(value: Any) -> bool:
    """Whether JSON is of this format."""
    return isinstance(value, dict) and isinstance(value.get("images"), list) and "annotations" in value


def read(source: Path, value: Any) -> Iterator[AnnotatedPhoto]:
    """All photos of a file.

    Raises:
        ValidationError: the file does not say what it must.
    """
    file = _File.model_validate(value)
    names = {category.id: category.name for category in file.categories}
    objects: dict[int | str, list[_Object]] = defaultdict(list)
    for one in file.annotations:
        objects[one.image_id].append(one)
    for image in file.images:
        size, shapes, boxes = (image.width, image.height), [], 0
        for one in objects.pop(image.id, ()):  # of two images with one number the first has them
            shape = _shape(one, size)
            if shape:
                shapes.append(
                    AnnotatedObject(
                        "" if one.category_id is None else names.get(one.category_id, ""),
                        shape,
                        crowd=bool(one.iscrowd),
                    )
                )
            boxes += shape is None
        yield AnnotatedPhoto(source, image.file_name.replace("\\", "/"), tuple(shapes), boxes, size)


def _shape(one: _Object, size: Size) -> Shape | None:
    if isinstance(one.segmentation, _Runs):
        return RunLengths(one.segmentation.counts, one.segmentation.size)
    polygons = [list(zip(flat[::2], flat[1::2], strict=False)) for flat in one.segmentation or () if len(flat) >= 6]
    return Polygons(tuple(polygons), size) if polygons else None


@dataclass(frozen=True)
class RunLengths(Shape):
    """Runs of pixels down the columns, from the left: the first is background, then object and background in turns.

    Attributes:
        counts: the runs, or their text.
        of: (height, width) of the mask, in COCO's order.
    """

    counts: str | tuple[int, ...]
    of: Size

    @override
    def drawn(self, size: Size) -> Pixels:
        height, width = self.of
        if (width, height) != size:
            raise PictureError(
                f"a mask is {width} × {height} pixels, and its photo {size[0]} × {size[1]}", "Export it again"
            )
        counts = _numbers(self.counts) if isinstance(self.counts, str) else list(self.counts)
        if min(counts, default=0) < 0 or sum(counts) != width * height:
            raise PictureError("the runs of a mask are not as many pixels as its photo has", "Export it again")
        values = np.arange(len(counts)) % 2 * 255
        flat = np.repeat(values.astype(np.uint8), counts)
        return np.ascontiguousarray(flat.reshape(width, height).T)


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    value = bits = 0
    for letter in text:  # whatever it is: JSON has halves of letters, which cannot be encoded
        part = ord(letter) - 48
        if not 0 <= part < 64 or bits > 40:
            raise PictureError("the runs of a mask are no text of COCO's", "Export it again")
        value |= (part & 31) << bits
        bits += 5
        if not part & 32:
            if part & 16:
                value -= 1 << bits
            found.append(value + (found[-2] if len(found) > 2 else 0))
            value = bits = 0
    return found
