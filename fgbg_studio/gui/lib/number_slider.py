"""A slider with its name and its value, for lengths in pixels."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QSlider, QWidget

from fgbg_studio.gui.lib.basics import label
from fgbg_studio.gui.lib.theme import UNIT, tabular

_NAME_WIDTH = 52


class NumberSlider(QWidget):
    """A name, a slider and a field on one line.

    The slider is linear, or ``curved``: fine where values are small. ``changed`` brings the value, while the
    slider is dragged too; not for `set_value`. Where it is not ``titled``, the name is only told to those who
    cannot see it.
    """

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        least: float,
        most: float,
        *,
        decimals: int = 0,
        curved: bool = False,
        tip: str = "",
        suffix: str = " px",
        titled: bool = True,
    ) -> None:
        super().__init__()
        self._least, self._most, self._curved = least, most, curved
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 1000 if curved else round((most - least) * 10**decimals))
        self.slider.setPageStep(max(self.slider.maximum() // 10, 1))
        self.field = QDoubleSpinBox()
        self.field.setDecimals(decimals)
        self.field.setRange(least, most)
        self.field.setSuffix(suffix)
        self.field.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(60)
        self.field.setFont(tabular(self.field.font()))
        self.field.setKeyboardTracking(False)
        self._step = 10.0**-decimals
        for part in (self.slider, self.field):
            part.setAccessibleName(name)
            part.setToolTip(tip)
        title = label(name, "quiet")
        title.setToolTip(tip)
        title.setFixedWidth(_NAME_WIDTH)
        title.setVisible(titled)
        self.slider.setMinimumWidth(64)
        row = QGridLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(2 * UNIT)
        row.addWidget(title, 0, 0)
        row.addWidget(self.slider, 0, 1)
        row.addWidget(self.field, 0, 2)
        row.setColumnStretch(1, 1)
        self.slider.valueChanged.connect(lambda place: self._take(self._from_slider(place)))
        self.field.valueChanged.connect(self._take)

    @property
    def value(self) -> float:
        """What the field shows."""
        return float(self.field.value())

    def _take(self, value: float) -> None:
        self.set_value(value)
        self.changed.emit(self.value)

    def set_value(self, value: float) -> None:
        """Show a value without telling of it."""
        for part, shown in ((self.field, value), (self.slider, self._to_slider(value))):
            with QSignalBlocker(part):
                part.setValue(shown)  # type: ignore[arg-type]

    def _from_slider(self, place: int) -> float:
        share = place / self.slider.maximum()
        if not self._curved:
            return self._least + share * (self._most - self._least)
        value = self._least * math.exp(share * math.log(self._most / self._least))
        return round(value / self._step) * self._step

    def _to_slider(self, value: float) -> int:
        if not self._curved:
            share = (value - self._least) / (self._most - self._least)
        else:
            share = math.log(max(value, self._least) / self._least) / math.log(self._most / self._least)
        return round(share * self.slider.maximum())
