"""What a trial is to be like, in the inspector: a few settings, the others folded away, begin and stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget

from fgbg_studio.core.base.declared import declared
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.trial.depth_losses import DepthLoss
from fgbg_studio.core.trial.mask_losses import MaskLoss
from fgbg_studio.core.trial.settings import STEP, TrialSettings, trial_settings
from fgbg_studio.gui.lib.basics import button, label, vbox
from fgbg_studio.gui.lib.fields import IntField, Setting
from fgbg_studio.gui.lib.form import Row
from fgbg_studio.gui.lib.formatting import broken
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.section import Section
from fgbg_studio.gui.lib.strategy_form import StrategyForm
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.window_settings import WindowSettings

_FIRST = ("inputs", "width", "epochs", "samples", "side", "background_noise")
_LOSSES = {"mask_loss": MaskLoss, "depth_loss": DepthLoss}


class TrialForm(QWidget):
    """See the module; the work is somebody else's.

    Signals:
        begun: with the `TrialSettings`.
        stopped: what runs is to be stopped.
    """

    begun = Signal(object)
    stopped = Signal()

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self.trial = TrialSettings()
        self.rows: dict[str, Row] = {}
        self.losses: dict[str, StrategyForm] = {}
        self.said = label("", "caption", wrap=True)
        self.begin, self.stop = button(self.tr("Try it"), Icon.START), button(self.tr("Stop"), Icon.STOP)
        self.settings = QWidget()
        column, inside = vbox(self, 2 * UNIT), vbox(self.settings, 2 * UNIT)
        column.addWidget(self.said)
        column.addWidget(self.settings)
        column.addWidget(self.begin)
        column.addWidget(self.stop)
        more = Section(self.tr("More"), "dataset/trial", settings, unfolded=False)
        known = declared(TrialSettings)
        for name in (*_FIRST, *(name for name in known if name not in _FIRST)):
            into = inside if name in _FIRST else more.column
            if name in _LOSSES:
                form = self.losses[name] = StrategyForm(_LOSSES[name])
                into.addWidget(label(Setting.of(name, known[name]).words, "quiet"))
                into.addWidget(form)
                form.show_strategy(getattr(self.trial, name))
                form.changed.connect(lambda value, name=name: self._take(name, value))
            else:
                row = self.rows[name] = Row(Setting.of(name, known[name]))
                row.show_value(getattr(self.trial, name))
                row.changed.connect(self._take)
                into.addWidget(row)
        for name, words in (("samples", self.tr("all")), ("side", self.tr("as stored"))):
            self._box(name).setSpecialValueText(words)
        self._box("side").setSingleStep(STEP)
        inside.addWidget(more)
        self.begin.clicked.connect(lambda: self.begun.emit(self.trial))
        self.stop.clicked.connect(self._stop)
        self.show_running(False)

    def show_out(self, out: Path | None, *, continued: bool) -> None:
        """Where it is written; ``continued`` where a trial was stopped there."""
        self.setEnabled(out is not None)
        self.begin.setText(self.tr("Continue") if continued else self.tr("Try it"))
        words = self.tr("Trains a small network on this dataset and shows what it learned. Written to {0}.")
        self.said.setText(words.format(broken(out)) if out else "")

    def show_settings(self, trial: TrialSettings) -> None:
        """Those of a trial that was stopped, say."""
        self.trial = trial
        for name, row in self.rows.items():
            row.show_value(getattr(trial, name))
        for name, form in self.losses.items():
            form.show_strategy(getattr(trial, name))

    def show_running(self, running: bool) -> None:
        """Whether one is running."""
        at_it = self.begin.hasFocus()
        self.settings.setEnabled(not running)
        self.begin.setHidden(running)
        self.stop.setVisible(running)
        self.stop.setEnabled(running)
        self.stop.setText(self.tr("Stop"))
        if running and at_it:
            self.stop.setFocus()

    def _box(self, name: str) -> QSpinBox:
        field = self.rows[name].field
        assert isinstance(field, IntField)
        return field.box

    def _stop(self) -> None:
        """It ends after the step at hand, which may take a while."""
        self.stop.setText(self.tr("Stopping …"))
        self.stop.setEnabled(False)
        self.stopped.emit()

    def _take(self, name: str, value: Any) -> None:
        data = self.trial.to_dict() | {name: value.to_dict() if name in self.losses else value}
        try:
            self.trial = trial_settings(data)
        except FgbgError as error:
            if name in self.rows:
                self.rows[name].refuse(error)
            else:
                self.losses[name].refuse(error)
