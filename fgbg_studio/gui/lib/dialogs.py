"""The system's dialogs for files, which begin where they were left, and its programs that open them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from fgbg_studio.gui.lib.window_settings import WindowSettings


def ask_folder(
    parent: QWidget, settings: WindowSettings, key: str, title: str, first: Path | None = None
) -> Path | None:  # fmt: skip
    """A folder, or None where the person thought better of it; remembered under ``key``, ``first`` at first."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(settings.folder(key, first)))
    if chosen:
        settings.set_folder(key, Path(chosen))
    return Path(chosen) if chosen else None


def ask_file(
    parent: QWidget, settings: WindowSettings, key: str, title: str, kinds: str, first: Path | None = None
) -> Path | None:  # fmt: skip
    """A file of these ``kinds`` (Qt's filter) likewise; its folder is remembered."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(settings.folder(key, first)), kinds)
    if chosen:
        settings.set_folder(key, Path(chosen).parent)
    return Path(chosen) if chosen else None


def ask_files(parent: QWidget, settings: WindowSettings, key: str, title: str, kinds: str = "") -> list[Path]:
    """Several files likewise, or none."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, title, str(settings.folder(key)), kinds)
    if chosen:
        settings.set_folder(key, Path(chosen[0]).parent)
    return [Path(file) for file in chosen]


def ask_new_file(
    parent: QWidget, settings: WindowSettings, key: str, title: str, name: str, kinds: str
) -> Path | None:  # fmt: skip
    """Where to write a file, called ``name`` unless the person says otherwise; its folder is remembered."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(settings.folder(key) / name), kinds)
    if chosen:
        settings.set_folder(key, Path(chosen).parent)
    return Path(chosen) if chosen else None


def open_outside(path: Path) -> bool:
    """Open a file or folder with the program that the system has for it; whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
