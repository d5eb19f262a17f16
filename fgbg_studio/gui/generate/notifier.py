"""Tells a person who works in another window that a run has ended."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

_SHOWN = 8000  # milliseconds


class Notifier:
    """Says it through the desktop's tray where there is one, else the window asks for attention in the task bar."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._tray: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> bool:
        """Say it unless the window is active; whether it was said."""
        window = self._parent.window()
        if window.isActiveWindow():
            return False
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._show(title, text)
        QApplication.alert(window)
        return True

    def _show(self, title: str, text: str) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._parent.window().windowIcon(), self._parent)
            self._tray.messageClicked.connect(self._come)
        # An icon must be shown for its message to be; it goes again when the person comes.
        self._tray.show()
        self._tray.showMessage(title, text, QSystemTrayIcon.MessageIcon.Information, _SHOWN)

    def _come(self) -> None:
        window = self._parent.window()
        window.raise_()
        window.activateWindow()
        self.hide()

    def hide(self) -> None:
        """The person has seen it."""
        if self._tray:
            self._tray.hide()
