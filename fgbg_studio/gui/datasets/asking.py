"""File dialogs of the place Dataset, which begin where they were left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from fgbg_studio.gui.settings import WindowSettings


def ask_folder(parent: QWidget, settings: WindowSettings, key: str, title: str) -> Path | None:
    """A folder, or None where the person thought better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(settings.folder(key)))
    if chosen:
        settings.set_folder(key, Path(chosen))
    return Path(chosen) if chosen else None


def ask_archive(parent: QWidget, settings: WindowSettings, key: str, title: str) -> Path | None:
    """A ZIP or tar, or None."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(settings.folder(key)), "*.zip *.tar;;*")
    if chosen:
        settings.set_folder(key, Path(chosen).parent)
    return Path(chosen) if chosen else None


def open_outside(path: Path) -> None:
    """Open a file or folder with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
