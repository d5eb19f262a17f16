"""Controls for one setting each, chosen by the setting's type: what forms are made of."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_origin

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget
from typing_extensions import override

from fgbg_studio.core.base.declared import Declared
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.gui.lib.basics import hbox
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.number_slider import NumberSlider
from fgbg_studio.gui.lib.theme import UNIT, tabular
from fgbg_studio.gui.lib.typed import keeping_typed

_MOST = 1_000_000
_LARGEST = 2**31 - 1
"""Qt's boxes hold no larger numbers."""
_ABOVE = 0.01
"""How far from a bound that a number must be over it begins."""
_WIDTH = 76


@dataclass(frozen=True)
class Setting:
    """What a form knows of one setting.

    Attributes:
        name: of the field.
        kind: its type, without what is annotated.
        title: before the control; empty for the name in words.
        unit: behind a number.
        minimum: least number, None for no bound.
        maximum: greatest number likewise.
        tip: one sentence more.
        times: what a person sees is so many times the value: 100 where that is a fraction and the unit is percent.
    """

    name: str
    kind: Any
    title: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    tip: str = ""
    times: float = 1.0

    @classmethod
    def of(cls, name: str, known: Declared, title: str = "", tip: str = "") -> Setting:
        """A setting as it is declared; a tuple's unit is said in its title, as its boxes have no room for it."""
        title = title or known.help
        if known.unit and get_origin(known.kind) is tuple:
            title = f"{title or in_words(name)} ({known.unit})"
        least = known.least if known.above is None else known.above + _ABOVE
        tip = tip or capital(known.tip)
        return cls(name, known.kind, title, known.unit, least, known.most, tip, 100.0 if known.unit == "%" else 1.0)

    @property
    def suffix(self) -> str:
        """The unit as it stands behind a number: '5 px', but '5%'."""
        return self.unit if self.unit in {"%", "°", ""} else f" {self.unit}"

    @property
    def words(self) -> str:
        """The title, or the name in words, with a capital."""
        return capital(self.title or self.name.replace("_", " "))


class Field(QWidget):
    """One control; ``below`` says that it wants a line of its own under its title.

    Signals:
        changed: what a person set, JSON-ready; never what `show_value` shows.
        refused: a `UsageError`: what was typed is no value at all.
    """

    changed = Signal(object)
    refused = Signal(object)
    below = False

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.row = hbox(self, UNIT)

    @property
    def control(self) -> QWidget:
        """What of it takes the keyboard."""
        inner = self.findChildren(QWidget)
        return next((one for one in inner if one.focusPolicy() & Qt.FocusPolicy.TabFocus), self)

    def show_value(self, value: Any) -> None:
        """Show a value without telling of it."""
        raise NotImplementedError


def prepare(control: QWidget, setting: Setting) -> None:
    """Name a control for those who cannot see it."""
    control.setAccessibleName(setting.words)
    control.setToolTip(setting.tip)


def whole_number(setting: Setting) -> QSpinBox:
    """A spin box in the bounds of a setting."""
    box = QSpinBox()
    least = -_MOST if setting.minimum is None else math.ceil(setting.minimum)
    most = _MOST if setting.maximum is None else math.floor(setting.maximum)
    box.setRange(max(least, -_LARGEST), min(most, _LARGEST))
    box.setGroupSeparatorShown(True)
    _dress(box, setting)
    return box


def fraction(setting: Setting) -> QDoubleSpinBox:
    """A spin box for a number with a fraction, in the bounds of a setting."""
    box = QDoubleSpinBox()
    box.setDecimals(2)
    box.setSingleStep(0.1)
    box.setRange(
        -_MOST if setting.minimum is None else setting.minimum, _MOST if setting.maximum is None else setting.maximum
    )
    _dress(box, setting)
    return box


def _dress(box: QSpinBox | QDoubleSpinBox, setting: Setting) -> None:
    box.setSuffix(setting.suffix)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setKeyboardTracking(False)
    box.setFont(tabular(box.font()))
    prepare(box, setting)


class IntField(Field):
    """A whole number."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.box = whole_number(setting)
        self.box.setMinimumWidth(_WIDTH)
        self.row.addWidget(self.box)
        self.box.valueChanged.connect(self.changed.emit)

    @override
    def show_value(self, value: Any) -> None:
        with keeping_typed(self.box):
            self.box.setValue(int(value))


class FloatField(Field):
    """A number with a fraction: with a slider where it has both bounds."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        least, most, times = setting.minimum, setting.maximum, setting.times
        self.slider: NumberSlider | None = None
        if least is not None and most is not None and most - least <= 200:
            decimals = 1 if times > 1 or most - least >= 20 else 2
            self.below = True
            self.slider = NumberSlider(
                setting.words, least * times, most * times, decimals=decimals, suffix=setting.suffix, tip=setting.tip,
                titled=False,
            )  # fmt: skip
            self.row.addWidget(self.slider)
            self.slider.changed.connect(self._tell)
            self.box = self.slider.field
            return
        self.box = fraction(setting)
        self.box.setMinimumWidth(_WIDTH)
        self.row.addWidget(self.box)
        self.box.valueChanged.connect(self.changed.emit)

    @override
    def show_value(self, value: Any) -> None:
        if self.slider:
            self.slider.set_value(float(value) * self.setting.times)
            return
        with keeping_typed(self.box):
            self.box.setValue(float(value))

    def _tell(self, shown: float) -> None:
        self.changed.emit(round(shown / self.setting.times, 6))


class BoolField(Field):
    """A switch."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.box = QCheckBox()
        prepare(self.box, setting)
        self.row.addWidget(self.box)
        self.box.clicked.connect(lambda _=False: self.changed.emit(self.box.isChecked()))

    @override
    def show_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))


class ChoiceField(Field):
    """One of a few values, as they are or by their words."""

    def __init__(self, setting: Setting, values: Sequence[Any]) -> None:
        super().__init__(setting)
        self._values = list(values)
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(8)
        for value in values:
            self.box.addItem(in_words(str(value)))
        prepare(self.box, setting)
        self.row.addWidget(self.box)
        self.box.activated.connect(lambda row: self.changed.emit(self._values[row]))

    @override
    def show_value(self, value: Any) -> None:
        self.box.setCurrentIndex(self._values.index(value) if value in self._values else -1)


class TextField(Field):
    """A line of text; where None is allowed, an empty line is None."""

    below = True

    def __init__(self, setting: Setting, *, optional: bool = False) -> None:
        super().__init__(setting)
        self._optional = optional
        self.box = QLineEdit()
        prepare(self.box, setting)
        self.row.addWidget(self.box)
        self.box.editingFinished.connect(self._tell)

    @override
    def show_value(self, value: Any) -> None:
        with keeping_typed(self.box):
            self.box.setText(self._text(value))
            self.box.setCursorPosition(0)

    def _text(self, value: Any) -> str:
        return "" if value is None else str(value)

    def _tell(self) -> None:
        if self.box.isModified():
            self.box.setModified(False)
            self._take(self.box.text().strip())

    def _take(self, text: str) -> None:
        self.changed.emit(None if not text and self._optional else text)


class JsonField(TextField):
    """Whatever has no control of its own: written as JSON, such as [1, 2]; an empty line is none."""

    @override
    def _text(self, value: Any) -> str:
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    @override
    def _take(self, text: str) -> None:
        try:
            value = json.loads(text) if text else None
        except ValueError as error:
            way_out = self.tr('Write for example 3, "word" or [1, 2]')
            self.refused.emit(UsageError(self.tr("{0} cannot be read ({1})").format(text, error), way_out))
            return
        self.changed.emit(value)


def in_words(name: str) -> str:
    """'longest-side' → 'Longest side'."""
    return capital(name.replace("-", " ").replace("_", " "))
