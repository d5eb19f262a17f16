"""The form of completing: masks or depth or both, how, with which network, how far it is, stop and continue."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QProgressBar, QWidget

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.adopting.complete import KINDS as COMPLETED_KINDS
from fgbg_studio.core.dataset.adopting.complete import CompletionOptions, Kind
from fgbg_studio.gui.lib.basics import button, label, vbox
from fgbg_studio.gui.lib.formatting import number, time_left
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.session.network_choice import NetworkChoice
from fgbg_studio.gui.session.session import Session


class CompletionForm(QWidget):
    """See the module; the work is somebody else's.

    Signals:
        begun: `CompletionOptions` to complete by.
        stopped: it is to be stopped.
    """

    begun = Signal(object)
    stopped = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._missing: dict[str, int] = {}
        self._running, self._model = False, ""
        self.masks, self.maps = QCheckBox(self.tr("Masks")), QCheckBox(self.tr("Depth"))
        self.rough = QCheckBox(self.tr("Rough masks too"))
        self.rough.setToolTip(self.tr("From what differs from the background, where the foreground is not found"))
        self.way = QComboBox()
        self.way.setAccessibleName(self.tr("Way to depth"))
        self.way.addItem(self.tr("Network, every composite"), "network")
        self.way.addItem(self.tr("Network, once per background"), "inserted")
        self.network = NetworkChoice(session)
        self.begin, self.stop = button(self.tr("Complete")), button(self.tr("Stop"), Icon.STOP)
        self.bar, self.said = QProgressBar(), label("", "caption", wrap=True)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(2 * UNIT)
        self.bar.setAccessibleName(self.tr("Progress of completing"))
        column = vbox(self, 2 * UNIT)
        what = (self.masks, self.rough, self.maps, self.way, self.network)
        for part in (*what, self.begin, self.stop, self.bar, self.said):
            column.addWidget(part)
        for box in (self.masks, self.maps):
            box.toggled.connect(self._show)
        self.network.chosen.connect(self._take_model)
        self.network.fetched.connect(self._show)
        self.begin.clicked.connect(self._begin)
        self.stop.clicked.connect(self.stopped)
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

    def show_progress(self, step: Progress) -> None:
        """How far it is."""
        self.bar.setRange(0, step.total)
        self.bar.setValue(step.done)
        left = f" · {time_left(step.seconds_left)}" if step.seconds_left else ""
        of = self.tr("{0} of {1}").format(number(step.done), number(step.total)) if step.total else number(step.done)
        self.said.setText(f"{step.phase[:1].upper()}{step.phase[1:]}: {of}{left}")

    def show_begun(self) -> None:
        """It is being completed."""
        at_it = self.begin.hasFocus()
        self._running = True
        self.bar.setRange(0, 0)
        self.said.setText("")
        for part in (self.bar, self.said):
            part.show()
        self._show()
        if at_it:  # the keyboard stays where it was
            self.stop.setFocus()

    def show_ended(self, text: str) -> None:
        """It is not completed any more, and this is to be said of it."""
        self._running = False
        self.bar.hide()
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self._show()

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

    def _show(self) -> None:
        kinds, idle = self.options().kinds, not self._running
        self.masks.setEnabled(idle and bool(self._missing.get("mask")))
        self.maps.setEnabled(idle and bool(self._missing.get("depth")))
        self.rough.setEnabled(idle and "mask" in kinds)
        for part in (self.way, self.network):
            part.setVisible("depth" in kinds)
            part.setEnabled(idle)
        self.begin.setEnabled(bool(kinds) and ("depth" not in kinds or bool(self._model)))
        self.begin.setHidden(self._running)
        self.stop.setVisible(self._running)
