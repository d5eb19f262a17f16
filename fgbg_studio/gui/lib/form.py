"""Rows of settings: title, control, and under it the sentence that says why a value was refused."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.gui.lib.basics import label
from fgbg_studio.gui.lib.field_maker import make_field
from fgbg_studio.gui.lib.fields import Field, Setting
from fgbg_studio.gui.lib.theme import UNIT


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
        self.trouble.setText(str(error))
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
