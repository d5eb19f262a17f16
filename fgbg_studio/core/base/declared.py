"""What the declaration of a setting says of it beside its type, the same for parts of the settings and strategies.

``columns: Annotated[int, about("columns", ge=1)] = 5``: pydantic keeps the bounds whenever it reads the value, and
forms take them, the help and the unit from `declared`. The bounds of a tuple's numbers stand at the number:
``tuple[Annotated[int, about(ge=1)], ...]``.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo


@dataclasses.dataclass(frozen=True)
class Declared:
    """What is known of one setting.

    Attributes:
        kind: its type, without what is annotated.
        help: what forms and guides call it, without capital and full stop; may be empty.
        unit: of a number; may be empty. A number in ``%`` is a fraction, which a person sees and types in percent.
        tip: a clause more, for whoever rests the pointer on it; may be empty.
        least: the smallest that it may be, None for no bound.
        above: what it must be greater than likewise.
        most: the greatest that it may be likewise.
    """

    kind: Any
    help: str = ""
    unit: str = ""
    tip: str = ""
    least: float | None = None
    above: float | None = None
    most: float | None = None


def about(
    help_: str = "", unit: str = "", tip: str = "",
    *, ge: float | None = None, gt: float | None = None, le: float | None = None,
) -> Any:  # fmt: skip
    """Pydantic's field for ``Annotated``, with what a form says and the bounds of a number."""
    return Field(description=help_ or None, json_schema_extra={"unit": unit, "tip": tip}, ge=ge, gt=gt, le=le)


def declared(owner: type[Any]) -> Mapping[str, Declared]:
    """Of each setting of a strategy or of a part of the settings, by its name."""
    return _read(cast("Hashable", owner))


@cache
def _read(owner: Any) -> Mapping[str, Declared]:
    names = owner.model_fields if issubclass(owner, BaseModel) else [field.name for field in dataclasses.fields(owner)]
    kinds, hints = get_type_hints(owner), get_type_hints(owner, include_extras=True)
    return {name: _declared(kinds[name], hints[name]) for name in names}


def _declared(kind: Any, hint: Any) -> Declared:
    info, bounds = FieldInfo.from_annotation(hint), dict(_bounds(hint))
    more = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    tip, unit = str(more.get("tip", "")), str(more.get("unit", ""))
    return Declared(kind, info.description or "", unit, tip, bounds.get("ge"), bounds.get("gt"), bounds.get("le"))


def _bounds(hint: Any) -> Iterator[tuple[str, float]]:
    """Name and value of each bound of a number, of a tuple's numbers, or of a number that may be None."""
    info = FieldInfo.from_annotation(hint)
    for constraint in info.metadata:
        yield from ((name, getattr(constraint, name)) for name in ("ge", "gt", "le") if hasattr(constraint, name))
    if get_origin(info.annotation) in {tuple, Union, types.UnionType}:
        for part in get_args(info.annotation):
            yield from _bounds(part) if part is not Ellipsis else ()
