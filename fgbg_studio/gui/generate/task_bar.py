"""How far a run is, on the program's icon in the desktop's task bar.

Linux alone: the docks of Ubuntu's GNOME, KDE, Cinnamon and others listen to a signal on the session's bus, which came
with Unity. Qt 6 has no such thing for Windows and macOS any more; there the window's title says it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject

_APPLICATION = "application://fgbg-studio.desktop"
_INTERFACE = "com.canonical.Unity.LauncherEntry"


class TaskBar(QObject):
    """Tells each percent once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told: int | None = None

    def show_progress(self, done: int, total: int) -> None:
        """So many of ``total`` are made."""
        self._tell(100 * done // total if total else None)

    def hide_progress(self) -> None:
        """Nothing runs."""
        self._tell(None)

    def _tell(self, percent: int | None) -> None:
        if percent != self._told:
            self._told = percent
            if _has_bus():
                _send({"progress": (percent or 0) / 100, "progress-visible": percent is not None})


def _has_bus() -> bool:
    """Whether the session has a bus: asking for one that is not there would start one."""
    if sys.platform != "linux":
        return False
    usual = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / "bus"
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or usual.exists()


def _send(properties: dict[str, object]) -> None:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage  # not at import: other systems have no use for it

    path = f"/{_INTERFACE.replace('.', '/')}/fgbg_studio"
    message = QDBusMessage.createSignal(path, _INTERFACE, "Update")
    message.setArguments([_APPLICATION, properties])
    QDBusConnection.sessionBus().send(message)
