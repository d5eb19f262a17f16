"""ISAT's files: one beside each photo; objects lie in layers, and what is higher covers what is lower."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from fgbg_studio.core.imaging.annotations import (
    AnnotatedObject,
    AnnotatedPhoto,
    Foreign,
    Number,
    Points,
    Polygons,
    Side,
)

BACKGROUND = "__background__"
"""The class of holes: what lies under it is no object."""


class _Info(Foreign):
    name: str
    width: Side
    height: Side
    description: str = ""


class _Object(Foreign):
    category: str
    group: int | str = 0
    segmentation: Annotated[tuple[tuple[Number, Number], ...], Field(min_length=1)]
    layer: float = 0
    iscrowd: bool = False


class _File(Foreign):
    info: _Info
    objects: tuple[_Object, ...]


def fits(value: Any) -> bool:
    """Whether JSON is of this format."""
    return isinstance(value, dict) and isinstance(value.get("info"), dict) and isinstance(value.get("objects"), list)


def read(source: Path, value: Any) -> Iterator[AnnotatedPhoto]:
    """The photo of a file.

    Raises:
        ValidationError: the file does not say what it must.
    """
    file = _File.model_validate(value)
    size = (file.info.width, file.info.height)
    drawn = sorted((one for one in file.objects if len(one.segmentation) >= 3), key=lambda one: one.layer)
    parts: dict[tuple[str, int | str], list[int]] = {}
    for number, one in enumerate(drawn):
        if one.category != BACKGROUND:
            parts.setdefault((one.category, one.group), []).append(number)
    layers = [Polygons((one.segmentation,), size) for one in drawn]
    objects = []
    for (category, _), numbers in parts.items():
        outlines: list[Points] = [drawn[number].segmentation for number in numbers]
        crowd = any(drawn[number].iscrowd for number in numbers)
        shape = Polygons(tuple(outlines), size)
        objects.append(AnnotatedObject(category, shape, crowd, layers, max(numbers) + 1))
    yield AnnotatedPhoto(
        source, file.info.name.replace("\\", "/"), tuple(objects), len(file.objects) - len(drawn), size
    )
