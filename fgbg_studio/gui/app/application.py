"""The application: what the system says to the program rather than to a window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from fgbg_studio.core.project.storage import folder_of


class Application(QApplication):
    """``project_opened`` tells the folder of a project that the system asks to open.

    On macOS a double click on a project's file comes as an event; elsewhere it is the program's argument.
    """

    project_opened = Signal(Path)

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.setApplicationName("fgbg-studio")
        self.setApplicationDisplayName("FGBG Studio")
        self.setDesktopFileName("fgbg-studio")

    @override
    def event(self, event: QEvent) -> bool:
        """Take the file that is to be opened; all else is Qt's."""
        if isinstance(event, QFileOpenEvent):
            folder = folder_of(Path(event.file()))
            if folder is not None:
                self.project_opened.emit(folder)
                return True
        return super().event(event)
