"""What the program is: version, licence, where it keeps things, as text that can be copied into a report."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import cv2
import numpy as np
import PySide6
from PySide6.QtCore import Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

import fgbg_studio
from fgbg_studio.core.networks.model_cache import cache_folder
from fgbg_studio.gui.app.log_file import log_file
from fgbg_studio.gui.lib.basics import button, hbox, label, vbox
from fgbg_studio.gui.lib.icons import Icon, app_icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT
from fgbg_studio.gui.lib.window_settings import WindowSettings
from fgbg_studio.gui.start.page import projects_folder

LICENCE = "MIT"
_ICON = 48


class About(QDialog):
    """See the module; it stays open beside the work."""

    def __init__(self, settings: WindowSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About FGBG Studio"))
        self.lines = self._lines(settings)
        column = vbox(self, PAD, margins=(GROUP, GROUP, GROUP, GROUP))
        head = hbox(spacing=PAD)
        mark = QLabel()
        mark.setPixmap(app_icon().pixmap(_ICON, _ICON))
        head.addWidget(mark)
        head.addWidget(label("FGBG Studio", "title"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(
            label(self.tr("Training sets for depth and segmentation, from backgrounds and cutouts."), "quiet")
        )
        facts = QGridLayout()
        facts.setHorizontalSpacing(GROUP)
        facts.setVerticalSpacing(UNIT)
        for row, (name, value) in enumerate(self.lines):
            facts.addWidget(label(name, "quiet"), row, 0, Qt.AlignmentFlag.AlignTop)
            shown = label(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            facts.addWidget(shown, row, 1)
        facts.setColumnStretch(1, 1)
        column.addLayout(facts)
        foot = hbox(spacing=2 * UNIT)
        self.copy_all = button(self.tr("Copy"), Icon.COPY)
        self.copy_all.setToolTip(self.tr("Copy all of this for a report"))
        self.copy_all.clicked.connect(self._copy)
        close = button(self.tr("Close"))
        close.clicked.connect(self.close)
        foot.addWidget(self.copy_all)
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)

    def _lines(self, settings: WindowSettings) -> list[tuple[str, str]]:
        return [
            (self.tr("Version"), fgbg_studio.__version__),
            (self.tr("Licence"), LICENCE),
            ("Python", f"{platform.python_version()}, {platform.machine()}"),
            ("Qt", f"{qVersion()}, PySide {PySide6.__version__}"),
            ("OpenCV", cv2.__version__),
            ("NumPy", np.__version__),
            (self.tr("System"), platform.platform()),
            (self.tr("Program"), str(Path(sys.executable))),
            (self.tr("Settings"), settings.file),
            (self.tr("Projects"), str(projects_folder())),
            (self.tr("Networks"), str(cache_folder())),
            (self.tr("Log"), str(log_file())),
        ]

    @Slot()
    def _copy(self) -> None:
        words = "\n".join(f"{name}: {value}" for name, value in self.lines)
        QGuiApplication.clipboard().setText(f"FGBG Studio\n{words}")
