"""A slider with its name and its value, for lengths in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QStylePainter,
    QWidget,
)
from typing_extensions import override

from fgbg_studio.gui.lib.theme import UNIT, tabular
from fgbg_studio.gui.lib.typed import keeping_typed

_NAME_WIDTH = 52
_PLACES = 1000  # of a slider whose steps are not even
_GROOVE = 4  # pixels high
_UP, _DOWN = {Qt.Key.Key_Right, Qt.Key.Key_Up}, {Qt.Key.Key_Left, Qt.Key.Key_Down}


class NumberSlider(QWidget):
    """A name, a slider and a field on one line; a double click on the name brings the default back.

    The slider is linear, ``curved`` (logarithmic: fine where values are small), or ``fine`` about zero, which lies in
    its middle where values may be negative. Arrow keys change the value by the last decimal, with Shift by ten times as
    much. The field may take more than the slider shows: ``typed`` are its bounds. ``changed`` brings the value, while
    the slider is dragged too; not for `set_value`. Where it is not ``titled``, the name is only told to those who
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
        fine: bool = False,
        typed: tuple[float, float] | None = None,
        default: float | None = None,
        tip: str = "",
        suffix: str = " px",
        titled: bool = True,
    ) -> None:
        super().__init__()
        self._least, self._most, self._curved, self._fine = least, most, curved, fine
        self._step, self.default = 10.0**-decimals, default
        self.slider = _Slider(self._step_by)
        self.slider.setRange(0, _PLACES if curved or fine else round((most - least) * 10**decimals))
        self.slider.setPageStep(max(self.slider.maximum() // 10, 1))
        self.field: QDoubleSpinBox = _Field(self._step_by)
        self.field.setDecimals(decimals)
        self.field.setSingleStep(self._step)
        self.field.setRange(*(typed or (least, most)))
        self.field.setSuffix(suffix)
        self.field.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(60)
        self.field.setFont(tabular(self.field.font()))
        self.field.setKeyboardTracking(False)
        again = self.tr("Double click on the name: back to {0}").format(f"{default:g}") if default is not None else ""
        tip = "\n".join(filter(None, (tip, again)))
        for part in (self.slider, self.field):
            part.setAccessibleName(name)
            part.setToolTip(tip)
        self.title = _Name(name, self.reset)
        self.title.setToolTip(tip)
        self.title.setFixedWidth(_NAME_WIDTH)
        self.title.setVisible(titled)
        self.slider.setMinimumWidth(64)
        row = QGridLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(2 * UNIT)
        row.addWidget(self.title, 0, 0)
        row.addWidget(self.slider, 0, 1)
        row.addWidget(self.field, 0, 2)
        row.setColumnStretch(1, 1)
        if least < 0 < most:
            self.slider.start = self._to_slider(0)
        self.set_value(self.field.value() if default is None else default)
        self.slider.valueChanged.connect(lambda place: self._take(self._from_slider(place)))
        self.field.valueChanged.connect(self._take)

    @property
    def value(self) -> float:
        """What the field shows."""
        return float(self.field.value())

    def _take(self, value: float) -> None:
        self._show(value)
        self.changed.emit(self.value)

    def set_value(self, value: float) -> None:
        """Show a value without telling of it."""
        with keeping_typed(self.field):
            self._show(value)

    def _show(self, value: float) -> None:
        for part, shown in ((self.field, value), (self.slider, self._to_slider(value))):
            with QSignalBlocker(part):
                part.setValue(shown)  # type: ignore[arg-type]
        self.slider.update()

    def reset(self) -> None:
        """Bring the default back, if there is one."""
        if self.default is not None and self.default != self.value:
            self._take(self.default)

    def _step_by(self, steps: int) -> None:
        value = round(self.value / self._step + steps) * self._step
        value = min(max(value, self.field.minimum()), self.field.maximum())
        if abs(value - self.value) > self._step / 2:
            self._take(value)

    def _from_slider(self, place: int) -> float:
        share = place / self.slider.maximum()
        if self._fine:
            low = min(self._least, 0)
            middle = low / (low - self._most)
            part = (share - middle) / (1 - middle if share >= middle else middle or 1)
            value = part * abs(part) * (self._most if part >= 0 else -low)
        elif self._curved:
            value = self._least * math.exp(share * math.log(self._most / self._least))
        else:
            return self._least + share * (self._most - self._least)
        return round(value / self._step) * self._step

    def _to_slider(self, value: float) -> int:
        value = min(max(value, self._least), self._most)
        if self._fine:
            low = min(self._least, 0)
            middle = low / (low - self._most)
            share = middle + (
                math.sqrt(value / self._most) * (1 - middle) if value >= 0 else -math.sqrt(value / low) * middle
            )
        elif self._curved:
            share = math.log(value / self._least) / math.log(self._most / self._least)
        else:
            share = (value - self._least) / (self._most - self._least)
        return round(share * self.slider.maximum())


class _Slider(QSlider):
    """A slider that is filled from its ``start``, which a line marks where it is not the left end."""

    def __init__(self, step_by: Callable[[int], None]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._step_by = step_by
        self.start: int | None = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _stepped(event, self._step_by):
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.start is None:
            super().paintEvent(event)
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette, middle = self.palette(), self.rect().center().y() + 0.5
        groove = QRectF(0, middle - _GROOVE / 2, self.width(), _GROOVE)
        painter.setBrush(palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)
        zero, at = self._place_of(self.start, handle), handle.center().x() + 0.5
        painter.drawRect(QRectF(zero - 0.5, middle - _GROOVE - 2, 1, 2 * _GROOVE + 4))
        if self.value() != self.start and self.isEnabled():
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(QRectF(min(zero, at), groove.top(), abs(at - zero), _GROOVE))
        option.subControls = QStyle.SubControl.SC_SliderHandle
        painter.drawComplexControl(QStyle.ComplexControl.CC_Slider, option)

    def _place_of(self, value: int, handle: QRect) -> float:
        span = self.width() - handle.width()
        along = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), value, span)
        return along + handle.width() / 2


class _Field(QDoubleSpinBox):
    def __init__(self, step_by: Callable[[int], None]) -> None:
        super().__init__()
        self._step_by = step_by

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        sideways = event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}  # moves in the text
        if sideways or not _stepped(event, self._typed_step):
            super().keyPressEvent(event)

    def _typed_step(self, steps: int) -> None:
        self.interpretText()
        self._step_by(steps)
        self.selectAll()


class _Name(QLabel):
    """The name, which a double click resets by."""

    def __init__(self, text: str, reset: Callable[[], None]) -> None:
        super().__init__(text)
        self._reset = reset
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", "quiet")

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._reset()


def _stepped(event: QKeyEvent, step_by: Callable[[int], None]) -> bool:
    """Whether a key was an arrow; the number is then changed."""
    sign = 1 if event.key() in _UP else -1 if event.key() in _DOWN else 0
    others = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    if not sign or others:
        return False
    step_by(sign * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
    return True
