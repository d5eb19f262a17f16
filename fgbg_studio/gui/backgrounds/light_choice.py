"""From where light falls in the chosen backgrounds: as it is drawn for each of them, or as somebody says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from fgbg_studio.core.project.appearance import LIGHT
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.lib.basics import hbox, label, vbox
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.typed import keeping_typed

_DRAWN, _OWN = range(2)


class LightChoice(QWidget):
    """A list of the two, and the direction, height and softness; hidden where the settings have no shadows.

    Signals:
        chosen: {name: value}, as `Background` has them: degrees, degrees and 0..1; each None for what is drawn.
        own_wanted: the light that is drawn is to be the backgrounds' own.
    """

    chosen = Signal(dict)
    own_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind = QComboBox()
        self.kind.addItems([self.tr("Drawn for each background"), self.tr("Of its own")])
        self.kind.setAccessibleName(self.tr("Light"))
        self.kind.setPlaceholderText(self.tr("multiple values"))
        self.kind.setToolTip(self.tr("From where shadows fall; in Preview the end of a shadow is dragged, too"))
        bounds = (-180, 180, "°"), (10, 80, "°"), (0, 100, "%")
        names = self.tr("Direction of the light"), self.tr("Height of the light"), self.tr("Softness of shadows")
        tips = (
            self.tr("0 from behind the camera, 90 from the right, 180 from ahead, -90 from the left"),
            self.tr("How high the light stands: shadows are the longer the lower it is"),
            self.tr("0 as by the sun, 100 as by an overcast sky"),
        )
        self.values: dict[str, QDoubleSpinBox] = {}
        column, row = vbox(self, UNIT), hbox(spacing=UNIT)
        column.addWidget(label(self.tr("Light"), "quiet"))
        column.addWidget(self.kind)
        self._own = QWidget()
        self._own.setLayout(row)
        for field, (least, most, unit), name, tip in zip(LIGHT, bounds, names, tips, strict=True):
            box = self.values[field] = QDoubleSpinBox()
            box.setRange(least, most)
            box.setDecimals(0)
            box.setSuffix(unit)
            box.setWrapping(field == LIGHT[0])
            box.setKeyboardTracking(False)
            box.setAccessibleName(name)
            box.setToolTip(f"{name}: {tip}")
            box.valueChanged.connect(partial(self._tell, field))
            row.addWidget(box, 1)
        column.addWidget(self._own)
        self.kind.activated.connect(self._choose)

    def show_chosen(self, chosen: Sequence[Background], settings: Settings) -> None:
        """What all of these have; nothing is marked where they differ."""
        self.setVisible(settings.appearance.shadows and bool(chosen))
        lights = {tuple(getattr(one, name) for name in LIGHT) for one in chosen}
        light = lights.pop() if len(lights) == 1 else (None,) * len(LIGHT)
        own = any(value is not None for value in light)
        self.kind.setCurrentIndex(-1 if lights else _OWN if own else _DRAWN)
        self._own.setVisible(own)
        for name, value in zip(LIGHT, light, strict=True):
            low, high = getattr(settings.appearance, name)
            with keeping_typed(self.values[name]):
                self.values[name].setValue(self._shown(name, (low + high) / 2 if value is None else value))

    @staticmethod
    def _shown(name: str, value: float) -> float:
        return value * 100 if name == LIGHT[2] else value

    @Slot(int)
    def _choose(self, kind: int) -> None:
        if kind == _OWN:
            self.own_wanted.emit()
        else:
            self.chosen.emit(dict.fromkeys(LIGHT))

    def _tell(self, name: str, value: float) -> None:
        self.chosen.emit({name: value / 100 if name == LIGHT[2] else value})
