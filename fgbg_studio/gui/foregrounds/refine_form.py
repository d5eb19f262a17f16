"""How the cutout is finished: islands, holes, edge, colours."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.gui.lib.basics import vbox
from fgbg_studio.gui.lib.number_slider import NumberSlider
from fgbg_studio.gui.lib.theme import UNIT


class RefineForm(QWidget):
    """``changed`` brings the `Refinement`, while a slider is dragged too."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        default = Refinement()
        self.feather = NumberSlider(
            self.tr("Feather"), 0, 5, decimals=1, fine=True, typed=(0, 20), default=default.feather,
            tip=self.tr("Softens the edge over so much to either side"),
        )  # fmt: skip
        self.grow = NumberSlider(
            self.tr("Grow"), -5, 5, decimals=1, fine=True, typed=(-20, 20), default=default.grow,
            tip=self.tr("Moves the edge outwards; below zero, inwards"),
        )  # fmt: skip
        self.islands = NumberSlider(
            self.tr("Islands"), 0, 50, fine=True, typed=(0, 200), default=default.islands,
            tip=self.tr("Drops separate parts smaller than a square of this side; the largest stays"),
        )  # fmt: skip
        self.holes = NumberSlider(
            self.tr("Holes"), 0, 50, fine=True, typed=(0, 200), default=default.holes,
            tip=self.tr("Fills enclosed openings up to a square of this side"),
        )  # fmt: skip
        self.clean = QCheckBox(self.tr("Clean edge colours"))
        self.clean.setToolTip(
            self.tr("Takes the old background's colour out of the soft edge, so that no halo is left")
        )
        self.clean.setChecked(Refinement().clean)
        column = vbox(self, UNIT)
        for part in (self.feather, self.grow, self.islands, self.holes):
            column.addWidget(part)
            part.changed.connect(self._tell)
        column.addSpacing(UNIT)
        column.addWidget(self.clean)
        self.clean.toggled.connect(self._tell)

    def finish(self) -> Refinement:
        """What the controls say."""
        return Refinement(
            islands=round(self.islands.value), holes=round(self.holes.value), grow=self.grow.value,
            feather=self.feather.value, clean=self.clean.isChecked(),
        )  # fmt: skip

    def show_finish(self, finish: Refinement) -> None:
        """Show it, without telling of a change."""
        for part, value in (
            (self.feather, finish.feather), (self.grow, finish.grow), (self.islands, finish.islands),
            (self.holes, finish.holes),
        ):  # fmt: skip
            part.set_value(value)
        with QSignalBlocker(self.clean):
            self.clean.setChecked(finish.clean)

    def _tell(self) -> None:
        self.changed.emit(self.finish())
