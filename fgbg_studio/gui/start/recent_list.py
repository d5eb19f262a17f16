"""The last projects, each opened by a click or Enter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QWidget

from fgbg_studio.gui.lib.basics import IconLabel, clear, hbox, label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import CAPTION, UNIT
from fgbg_studio.gui.lib.window_settings import WindowSettings

_PATH_WIDTH = 216


class RecentList(QWidget):
    """``chosen`` brings a project's folder."""

    chosen = Signal(object)

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self._settings = settings
        self._column = vbox(self)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.buttons: list[QPushButton] = []
        settings.recent_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the settings again."""
        clear(self._column)
        self.buttons = [self._line(folder) for folder in self._settings.recent]
        for line in self.buttons:
            self._column.addWidget(line)
        if not self.buttons:
            self._column.addWidget(label(self.tr("None yet."), "caption"))

    def _line(self, folder: Path) -> QPushButton:
        line = QPushButton()
        line.setProperty("look", "line")
        line.setFixedHeight(44)
        line.setToolTip(str(folder))
        line.setAccessibleName(self.tr("Open {0}").format(folder))
        line.clicked.connect(lambda: self.chosen.emit(folder))
        row = hbox(line, 2 * UNIT, margins=(2 * UNIT, 0, 2 * UNIT, 0))
        row.addWidget(IconLabel(Icon.FOLDER))
        words = vbox()
        words.addStretch(1)
        words.addWidget(label(folder.name))
        words.addWidget(label(self._shortened(folder.parent), "caption"))
        words.addStretch(1)
        row.addLayout(words, 1)
        return line

    def _shortened(self, folder: Path) -> str:
        text = str(folder)
        home = str(Path.home())
        if text.startswith(home):
            text = f"~{text[len(home) :]}"
        font = self.font()
        font.setPixelSize(CAPTION)
        return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, _PATH_WIDTH)
