"""The form of completing: masks or depth or both, how, with which network, how far it is, stop and continue."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox
from typing_extensions import override

from fgbg_studio.core.dataset.adopting.complete import KINDS as COMPLETED_KINDS
from fgbg_studio.core.dataset.adopting.complete import CompletionOptions, Kind
from fgbg_studio.gui.dataset.job_form import JobForm
from fgbg_studio.gui.lib.basics import vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.session.network_choice import NetworkChoice
from fgbg_studio.gui.session.session import Session


class CompletionForm(JobForm):
    """See the module; the work is somebody else's.

    Signals:
        begun: `CompletionOptions` to complete by.
    """

    begun = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.begin.setText(self.tr("Complete"))
        self.bar.setAccessibleName(self.tr("Progress of completing"))
        self._missing: dict[str, int] = {}
        self._model = ""
        self.masks, self.maps = QCheckBox(self.tr("Masks")), QCheckBox(self.tr("Depth"))
        self.rough = QCheckBox(self.tr("Rough masks too"))
        self.rough.setToolTip(self.tr("From what differs from the background, where the foreground is not found"))
        self.way = QComboBox()
        self.way.setAccessibleName(self.tr("Way to depth"))
        self.way.addItem(self.tr("Network, every composite"), "network")
        self.way.addItem(self.tr("Network, once per background"), "inserted")
        self.network = NetworkChoice(session)
        column = vbox(self, 2 * UNIT)
        what = (self.masks, self.rough, self.maps, self.way, self.network)
        for part in (*what, *self.parts):
            column.addWidget(part)
        for box in (self.masks, self.maps):
            box.toggled.connect(self._show)
        self.network.chosen.connect(self._take_model)
        self.network.fetched.connect(self._show)
        self.begin.clicked.connect(self._begin)
        self.network.show_model(None)
        self.show_ended("")

    def open(self, missing: dict[str, int]) -> None:
        """Be about a dataset of whose samples so many have no picture, by kind."""
        self._missing = missing
        for box, kind, title in ((self.masks, "mask", self.tr("Masks")), (self.maps, "depth", self.tr("Depth"))):
            count = missing.get(kind, 0)
            box.setText(self.tr("{0}: {1} missing").format(title, number(count)) if count else title)
            box.setChecked(count > 0)
        self.show_ended("")

    def options(self) -> CompletionOptions:
        """What is chosen."""
        wanted = {"mask": self.masks.isChecked(), "depth": self.maps.isChecked()}
        kinds: tuple[Kind, ...] = tuple(kind for kind in COMPLETED_KINDS if wanted[kind])
        way: Literal["network", "inserted"] = "network" if self.way.currentData() == "network" else "inserted"
        settings = {"depth.model": self._model} if self._model else {}
        return CompletionOptions(kinds, "rough" if self.rough.isChecked() else "likely", way, settings)

    def _take_model(self, model: str) -> None:
        self._model = model
        self.network.show_model(model)
        self._show()

    def _begin(self) -> None:
        if not self._running:
            self.begun.emit(self.options())

    @override
    def _show(self) -> None:
        super()._show()
        kinds, idle = self.options().kinds, not self._running
        self.masks.setEnabled(idle and bool(self._missing.get("mask")))
        self.maps.setEnabled(idle and bool(self._missing.get("depth")))
        self.rough.setEnabled(idle and "mask" in kinds)
        for part in (self.way, self.network):
            part.setVisible("depth" in kinds)
            part.setEnabled(idle)
        self.begin.setEnabled(bool(kinds) and ("depth" not in kinds or bool(self._model)))
