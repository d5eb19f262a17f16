"""A row of numbers: as many as the type says, or as many as a person wants."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QSpinBox, QToolButton
from typing_extensions import override

from fgbg_studio.gui.lib.basics import hbox, take_away
from fgbg_studio.gui.lib.fields import Field, Setting, fraction, whole_number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import TOOL_ICON, UNIT
from fgbg_studio.gui.lib.typed import keeping_typed

_COLUMNS = 4


class TupleField(Field):
    """Spin boxes beside each other; where the number of numbers is free, two buttons add and remove the last."""

    below = True

    def __init__(self, setting: Setting, kinds: tuple[Any, ...]) -> None:
        super().__init__(setting)
        self._make = whole_number if kinds[0] is int else fraction
        self.boxes: list[QSpinBox | QDoubleSpinBox] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(UNIT)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.row.addLayout(self._grid, 1)
        self.fewer = self._button(Icon.REMOVE, self.tr("Remove the last"))
        self.more = self._button(Icon.ADD, self.tr("Add one"))
        self.fewer.clicked.connect(self._drop_and_tell)
        self.more.clicked.connect(self._append_and_tell)
        buttons = hbox()
        for one in (self.fewer, self.more):
            buttons.addWidget(one)
            one.setVisible(Ellipsis in kinds)
        self.row.addLayout(buttons)

    @override
    def show_value(self, value: Any) -> None:
        while len(self.boxes) > len(value):
            self._drop()
        while len(self.boxes) < len(value):
            self._append()
        for box, number in zip(self.boxes, value, strict=True):
            with keeping_typed(box):
                box.setValue(number)
        self.fewer.setEnabled(len(self.boxes) > 1)

    def _button(self, icon: Icon, name: str) -> QToolButton:
        made = QToolButton()
        made.setIcon(icon.icon())
        made.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
        made.setFixedSize(TOOL_ICON + 2 * UNIT + 2, TOOL_ICON + 2 * UNIT + 2)  # never too small to be painted
        made.setAccessibleName(f"{name}: {self.setting.words}")
        made.setToolTip(name)
        return made

    def _append(self) -> None:
        box = self._make(self.setting)
        box.setButtonSymbols(box.ButtonSymbols.NoButtons)
        box.setSuffix("")  # four numbers in a row have no room for it: the title says the unit
        box.setMinimumWidth(40)
        box.setAccessibleName(f"{self.setting.words} {len(self.boxes) + 1}")
        if self.boxes:
            box.setValue(self.boxes[-1].value())  # type: ignore[arg-type]
        box.valueChanged.connect(self._tell)
        self._grid.addWidget(box, *divmod(len(self.boxes), _COLUMNS))
        self.boxes.append(box)

    def _drop(self) -> None:
        take_away(self.boxes.pop(), self._grid)

    def _append_and_tell(self) -> None:
        self._append()
        self._tell()

    def _drop_and_tell(self) -> None:
        self._drop()
        self._tell()

    def _tell(self) -> None:
        self.fewer.setEnabled(len(self.boxes) > 1)
        self.changed.emit([box.value() for box in self.boxes])
