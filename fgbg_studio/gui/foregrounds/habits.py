"""How somebody likes to cut, always: with hints, cuts that come by themselves, going on after keeping."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox

from fgbg_studio.gui.lib.window_settings import WindowSettings

_FIRST = {"hints": True, "automatic": True, "go-on": False, "guess-arrivals": True}


class Habits(QObject):
    """Actions that are switches, remembered in the settings.

    Attributes:
        box: of cutting by itself, for the inspector.

    Signals:
        changed: one was switched.
    """

    changed = Signal()

    def __init__(self, act: Mapping[str, QAction], settings: WindowSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._act, self._settings = act, settings
        self.box = QCheckBox(self.tr("automatic"))
        for name, first in _FIRST.items():
            action = act[f"foregrounds.{name}"]
            action.setChecked(settings.value(f"foregrounds/{name}", str(int(first))) == "1")
            action.toggled.connect(partial(self._note, name))
        automatic = act["foregrounds.automatic"]
        self.box.setToolTip(automatic.toolTip())
        self.box.setChecked(automatic.isChecked())
        automatic.toggled.connect(self.box.setChecked)
        self.box.toggled.connect(automatic.setChecked)

    @property
    def hints(self) -> bool:
        """Whether the next useful action is said."""
        return self._act["foregrounds.hints"].isChecked()

    @property
    def automatic(self) -> bool:
        """Whether every stroke is followed by a cut."""
        return self._act["foregrounds.automatic"].isChecked()

    def _note(self, name: str, on: bool) -> None:
        self._settings.set_value(f"foregrounds/{name}", str(int(on)))
        self.changed.emit()
