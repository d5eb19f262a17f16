"""Which control a setting gets, by its type."""

from __future__ import annotations

import types
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from fgbg_studio.gui.lib.fields import (
    BoolField,
    ChoiceField,
    Field,
    FloatField,
    IntField,
    JsonField,
    Setting,
    TextField,
)
from fgbg_studio.gui.lib.tuple_field import TupleField

_PLAIN: dict[Any, type[Field]] = {bool: BoolField, int: IntField, float: FloatField}


def make_field(setting: Setting) -> Field:
    """The control for a setting's type."""
    kind, optional = _without_none(setting.kind)
    if kind is str:
        return TextField(setting, optional=optional)
    members = _members(kind)
    if members and not optional:
        return ChoiceField(setting, members)
    if _numbers(kind) and not optional:
        return TupleField(setting, get_args(kind))
    return JsonField(setting) if optional else _PLAIN.get(kind, JsonField)(setting)


def _without_none(kind: Any) -> tuple[Any, bool]:
    if get_origin(kind) in {Union, types.UnionType}:
        rest = [one for one in get_args(kind) if one is not type(None)]
        if len(rest) == 1 and len(rest) < len(get_args(kind)):
            return rest[0], True
    return kind, False


def _members(kind: Any) -> list[Any]:
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [member.value for member in kind]
    return []


def _numbers(kind: Any) -> bool:
    return get_origin(kind) is tuple and set(get_args(kind)) - {Ellipsis} in ({int}, {float})
