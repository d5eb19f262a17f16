"""What ends the ground of the chosen backgrounds: the settings' wall, one at a distance of their own, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from fgbg_studio.core.project.model import Background, Wall
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.lib.basics import hbox, label, vbox
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.typed import keeping_typed

_SETTINGS, _OWN, _NONE = range(3)
_METRES = 88  # pixels


class WallChoice(QWidget):
    """A list of the three, and the distance.

    Signals:
        chosen: metres, ``none`` or None, as `Background.wall`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.kind, self.metres = QComboBox(), QDoubleSpinBox()
        self.kind.addItems([self.tr("The settings' wall"), self.tr("A wall at"), self.tr("No wall: outdoors")])
        self.kind.setAccessibleName(self.tr("What ends the ground"))
        self.kind.setToolTip(
            self.tr("Of depth by geometry. Outdoors the ground goes on to the horizon, and the sky has no value")
        )
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(8)
        self.metres.setFixedWidth(_METRES)
        self.metres.setRange(0.1, 1000)
        self.metres.setDecimals(1)
        self.metres.setSuffix(" m")
        self.metres.setKeyboardTracking(False)
        self.metres.setAccessibleName(self.tr("Distance of the wall"))
        column = vbox(self, UNIT)
        column.addWidget(label(self.tr("What ends the ground"), "quiet"))
        row = hbox(spacing=UNIT)
        row.addWidget(self.kind, 1)
        row.addWidget(self.metres)
        column.addLayout(row)
        self.kind.activated.connect(self._choose)
        self.metres.valueChanged.connect(self._tell_metres)

    def show_chosen(self, chosen: Sequence[Background], settings: Settings) -> None:
        """What all of these have; nothing is marked where they differ."""
        walls = {background.wall for background in chosen}
        wall: Wall = walls.pop() if len(walls) == 1 else None
        own = isinstance(wall, float)
        with QSignalBlocker(self.kind), keeping_typed(self.metres):
            self.kind.setItemText(_SETTINGS, self.tr("The settings' wall, {0} m").format(f"{settings.camera.wall:g}"))
            self.kind.setPlaceholderText(self.tr("multiple values"))
            self.kind.setCurrentIndex(-1 if walls else _OWN if own else _NONE if wall == "none" else _SETTINGS)
            self.metres.setVisible(own)
            self.metres.setValue(wall if isinstance(wall, float) else settings.camera.wall)
        self.setEnabled(bool(chosen))

    @Slot(int)
    def _choose(self, kind: int) -> None:
        self.chosen.emit({_SETTINGS: None, _OWN: self.metres.value(), _NONE: "none"}[kind])

    @Slot(float)
    def _tell_metres(self, metres: float) -> None:
        self.chosen.emit(metres)
