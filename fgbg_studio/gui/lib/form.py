"""Rows of settings: title, the control for its type, and under it the sentence that says why a value was refused."""

from __future__ import annotations

import types
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.gui.lib.basics import label
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
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.tuple_field import TupleField

_PLAIN: dict[Any, type[Field]] = {bool: BoolField, int: IntField, float: FloatField}


class Row(QWidget):
    """One setting. Signals: as its `Field`'s, with the setting's name before the value."""

    changed = Signal(str, object)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.field: Field = make_field(setting)
        self.title = label(setting.words, "quiet", wrap=True)
        self.title.setToolTip(setting.tip)
        self.trouble = refusal()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(0 if self.field.below else UNIT)
        grid.setColumnStretch(0, 1)
        if self.field.below:
            grid.addWidget(self.title, 0, 0)
            grid.addWidget(self.field, 1, 0)
        else:
            grid.addWidget(self.title, 0, 0)
            grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.trouble, 2, 0, 1, -1)
        self.field.changed.connect(self._tell)
        self.field.refused.connect(self.refuse)

    def show_value(self, value: Any) -> None:
        """Show a value that is good."""
        self.field.show_value(value)
        self.trouble.hide()

    def refuse(self, error: FgbgError) -> None:
        """Say under the control why its value cannot be."""
        self.trouble.setText(said(error))
        self.trouble.show()

    def _tell(self, value: Any) -> None:
        self.trouble.hide()
        self.changed.emit(self.setting.name, value)


def refusal() -> QLabel:
    """A hidden line for the sentence of an error."""
    made = label("", "bad", wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.hide()
    return made


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
