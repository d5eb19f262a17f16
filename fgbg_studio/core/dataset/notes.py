"""What the program notes of a dataset for itself, as far as it is read back.

A seal says that nothing happened to a note since it was written, and not who wrote it.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, Field, TypeAdapter
from typing_extensions import TypedDict

from fgbg_studio.core.base.hashing_store import line_hash
from fgbg_studio.core.base.paths import OwnPath, astray
from fgbg_studio.core.dataset.statistics import COVERAGES

Count = Annotated[int, Field(strict=True, ge=0, lt=1 << 53)]
"""What is read is used as it stands: a text that looks like a number is none."""
Value = Annotated[float, Field(strict=True, ge=-1e30, le=1e30)]
"""A sum or what is worked out of one: far more than any there is, and still to be squared."""


def _own_line(line: str) -> str:
    reason = astray(line_hash(line)[0])
    if reason:
        raise ValueError(reason)
    return line


class _Counted(TypedDict):
    """`KindStatistics.to_dict`."""

    count: Count
    bytes: Count
    top: Literal[1, 255, 65535]
    shapes: list[tuple[Count, Count, Count, Count]]
    sums: list[tuple[Count, Value, Value]]
    histogram: Annotated[list[Count], Field(min_length=256, max_length=256)]
    zeros: NotRequired[Count]
    flat: NotRequired[Count]
    blank: NotRequired[Count]


class _Note(TypedDict):
    """What was made of the sources."""

    archives: list[OwnPath]
    statistics: dict[str, _Counted]
    files: NotRequired[list[Annotated[str, AfterValidator(_own_line)]]]


class _Marker(_Note):
    """A shard's."""

    start: Count
    stop: Count
    coverage: Annotated[list[Count], Field(min_length=COVERAGES, max_length=COVERAGES)]
    rows: str | list[str]
    counts: NotRequired[dict[str, Count]]
    objects: NotRequired[list[str]]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Made when the first note is read: the workers of a run read none.
    return TypeAdapter(kind)


def checked(note: Any, *, marker: bool, files: bool) -> dict[str, Any]:
    """A note as it was written.

    Args:
        note: the value.
        marker: whether it is a shard's.
        files: whether it must say which files it speaks of.

    Raises:
        ValueError: it is none; what it says of lies outside of the dataset, or is no number where one must be.
    """
    _adapter(_Marker if marker else _Note).validate_python(note)
    found: dict[str, Any] = note
    if files and "files" not in found:
        raise ValueError("it does not say of which files it is")
    return found
