"""A headed part of an inspector that can be folded away; whether it is, is remembered."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from fgbg_studio.gui.lib.basics import vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import TOOL_ICON, UNIT
from fgbg_studio.gui.lib.window_settings import WindowSettings


class Section(QWidget):
    """See the module; add to ``column``.

    Args:
        title: over the part.
        key: under which it is remembered, ``place/name``.
        settings: which remember it.
        unfolded: at first.
    """

    def __init__(self, title: str, key: str, settings: WindowSettings, *, unfolded: bool = True) -> None:
        super().__init__()
        self._key, self._settings = key, settings
        self.header = QPushButton(title)
        self.header.setProperty("look", "section")
        self.header.setCheckable(True)
        self.header.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
        self.body = QWidget()
        self.column = vbox(self.body, 2 * UNIT, margins=(0, 0, 0, 2 * UNIT))
        whole = vbox(self, UNIT)
        whole.addWidget(self.header)
        whole.addWidget(self.body)
        self.header.toggled.connect(self._fold)
        self.header.setChecked(settings.value(key, "true" if unfolded else "false") == "true")
        self._fold(self.header.isChecked())

    def _fold(self, unfolded: bool) -> None:
        self.body.setVisible(unfolded)
        self.header.setIcon((Icon.DOWN if unfolded else Icon.NEXT).icon("quiet"))
        words = self.tr("{0}, expanded") if unfolded else self.tr("{0}, collapsed")
        self.header.setAccessibleName(words.format(self.header.text()))
        self._settings.set_value(self._key, "true" if unfolded else "false")
