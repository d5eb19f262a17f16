"""The last datasets that were opened, each opened again by a click."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.mirrors import address_of, is_mirrored
from fgbg_studio.gui.lib.basics import button, clear, label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.window_settings import WindowSettings

_KEY, _MOST = "dataset/recent", 6
_WIDTH = 320


def recent(settings: WindowSettings) -> list[Path]:
    """Those that are still there, the newest first."""
    paths = [Path(text) for text in settings.value(_KEY).split("\n") if text]
    return [path for path in paths if path.exists()]


def remember(settings: WindowSettings, path: Path) -> None:
    """Put this first."""
    others = [one for one in recent(settings) if one != path]
    settings.set_value(_KEY, "\n".join(str(one) for one in [path, *others][:_MOST]))


class RecentDatasets(QWidget):
    """``chosen`` brings the path of the one that was clicked."""

    chosen = Signal(object)

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self._settings = settings
        self._column = vbox(self)
        self.setFixedWidth(_WIDTH)
        self.refresh()

    def refresh(self) -> None:
        """Read the settings again."""
        clear(self._column)
        paths = recent(self._settings)
        if paths:
            self._column.addWidget(label(self.tr("Recent datasets"), "caption"))
        for path in paths:
            line = button(path.name, Icon.FOLDER if path.is_dir() else Icon.DATASET, "line")
            where = address_of(path) if is_mirrored(path) else str(path)
            line.setToolTip(where)
            line.setAccessibleName(self.tr("Open {0}").format(where))
            line.clicked.connect(lambda _=False, p=path: self.chosen.emit(p))
            self._column.addWidget(line)
