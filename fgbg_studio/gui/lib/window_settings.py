"""What the window remembers of itself between two starts; nothing of it changes a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

RECENT = 8
Mode = Literal["system", "light", "dark"]


class WindowSettings(QObject):
    """The window's place and size, its colours, the inspector, recent projects.

    ``value`` and ``set_value`` are for the panels: thumbnail size, last folder of a file dialog.
    """

    recent_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        scope, form = QSettings.Scope.UserScope, QSettings.defaultFormat()
        self._store = QSettings(form, scope, "FGBG Studio", "fgbg-studio", self)

    @property
    def file(self) -> str:
        """Where all of it is stored: a file, or a place of the system's registry."""
        return self._store.fileName()

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size, empty before the first start's end."""
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def mode(self) -> Mode:
        """Which colours."""
        value = str(self._store.value("window/mode", "system"))
        return "light" if value == "light" else "dark" if value == "dark" else "system"

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._store.setValue("window/mode", value)

    @property
    def inspector(self) -> bool:
        """Whether the inspector is shown."""
        return self.value("window/inspector", "true") == "true"

    @inspector.setter
    def inspector(self, shown: bool) -> None:
        self.set_value("window/inspector", "true" if shown else "false")

    @property
    def inspector_width(self) -> int:
        """In pixels."""
        return self.number("window/inspector-width", 300)

    @inspector_width.setter
    def inspector_width(self, width: int) -> None:
        self.set_value("window/inspector-width", str(width))

    @property
    def recent(self) -> list[Path]:
        """Folders of the last projects, the newest first; some may be gone."""
        stored = self._store.value("projects/recent", [])
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(text) for text in texts]

    def remember(self, folder: Path) -> None:
        """Put a project first among the recent ones."""
        others = [path for path in self.recent if path != folder]
        self._store.setValue("projects/recent", [str(path) for path in [folder, *others][:RECENT]])
        self.recent_changed.emit()

    def forget(self, folder: Path) -> None:
        """Take a project off the recent ones."""
        self._store.setValue("projects/recent", [str(path) for path in self.recent if path != folder])
        self.recent_changed.emit()

    def value(self, key: str, default: str = "") -> str:
        """A remembered text."""
        return str(self._store.value(key, default))

    def number(self, key: str, default: int) -> int:
        """A remembered number that is not negative."""
        text = self.value(key)
        return int(text) if text.isdecimal() else default

    def set_value(self, key: str, value: str) -> None:
        """Remember a text under ``place/name``."""
        self._store.setValue(key, value)

    def folder(self, key: str, first: Path | None = None) -> Path:
        """Where a file dialog starts: the last folder used for ``key``, else ``first``, else the home folder."""
        remembered = self.value(f"folders/{key}")
        ways = (Path(remembered) if remembered else None, first)
        return next((path for path in ways if path and path.is_dir()), Path.home())

    def set_folder(self, key: str, folder: Path) -> None:
        """Remember where a file dialog was left."""
        self.set_value(f"folders/{key}", str(folder))
