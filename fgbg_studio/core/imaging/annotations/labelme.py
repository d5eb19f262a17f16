"""labelme's files and X-AnyLabeling's, which are alike: one beside each photo, an object a shape or a group of them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.annotations import (
    AnnotatedObject,
    AnnotatedPhoto,
    Foreign,
    Number,
    Plane,
    Points,
    Polygons,
    Shape,
    Side,
    Size,
)

_CIRCLE = 72  # corners


class _Shape(Foreign):
    label: str
    points: tuple[tuple[Number, Number], ...]
    shape_type: str = "polygon"
    group_id: int | str | None = None
    mask: str | None = None


class _File(Foreign):
    shapes: tuple[_Shape, ...]
    imagePath: str  # noqa: N815 - its name in the file
    imageWidth: Side  # noqa: N815
    imageHeight: Side  # noqa: N815


def fits(value: Any) -> bool:
    """Whether JSON is of this format."""
    return isinstance(value, dict) and isinstance(value.get("shapes"), list) and "imagePath" in value


def read(source: Path, value: Any) -> Iterator[AnnotatedPhoto]:
    """The photo of a file.

    Raises:
        ValidationError: the file does not say what it must.
    """
    file = _File.model_validate(value)
    size = (file.imageWidth, file.imageHeight)
    groups: dict[tuple[str, object], list[Points]] = {}
    objects: list[AnnotatedObject] = []
    boxes = 0
    for number, shape in enumerate(file.shapes):
        if shape.shape_type == "mask" and shape.mask:
            objects.append(AnnotatedObject(shape.label, _plane(shape, size)))
        elif outline := _outline(shape):
            group = (shape.label, ("alone", number) if shape.group_id is None else shape.group_id)
            groups.setdefault(group, []).append(outline)
        else:
            boxes += 1
    objects += [AnnotatedObject(label, Polygons(tuple(parts), size)) for (label, _), parts in groups.items()]
    name = file.imagePath.replace("\\", "/")
    yield AnnotatedPhoto(source, name, tuple(objects), boxes, size)


def _outline(shape: _Shape) -> Points:
    """The corners; none of what is no outline: boxes, points and lines."""
    if shape.shape_type == "circle" and len(shape.points) == 2:
        centre, rim = np.array(shape.points)
        turns = np.linspace(0, 2 * np.pi, _CIRCLE, endpoint=False)
        ring = centre + np.hypot(*(rim - centre)) * np.stack([np.cos(turns), np.sin(turns)], 1)
        return [(float(x), float(y)) for x, y in ring]
    return shape.points if shape.shape_type == "polygon" and len(shape.points) >= 3 else ()


def _plane(shape: _Shape, size: Size) -> Shape:
    try:
        data = base64.b64decode(shape.mask or "", validate=True)
    except ValueError as error:
        raise PictureError("a mask of it is no picture", "Export it again") from error
    left, top = np.rint(np.array(shape.points, np.float64).min(0)).astype(int) if shape.points else (0, 0)
    return Plane(data, int(left), int(top), size)
