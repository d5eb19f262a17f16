"""Asks for the files and folders that become backgrounds."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from fgbg_studio.gui.settings import WindowSettings

_KEY = "backgrounds"
translate = QCoreApplication.translate


def ask_files(parent: QWidget, settings: WindowSettings) -> list[Path]:
    """The pictures and ZIP files that the person chose; their folder is remembered."""
    title = translate("backgrounds", "Add backgrounds")
    kinds = translate(
        "backgrounds",
        "Pictures and ZIP files (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.jp2 *.zip);;All files (*)",
    )
    files, _ = QFileDialog.getOpenFileNames(parent, title, str(settings.folder(_KEY)), kinds)
    if files:
        settings.set_folder(_KEY, Path(files[0]).parent)
    return [Path(file) for file in files]


def ask_folder(parent: QWidget, settings: WindowSettings) -> list[Path]:
    """The folder that the person chose, or none; it is remembered."""
    title = translate("backgrounds", "Add a folder of backgrounds")
    chosen = QFileDialog.getExistingDirectory(parent, title, str(settings.folder(_KEY)))
    if chosen:
        settings.set_folder(_KEY, Path(chosen))
    return [Path(chosen)] if chosen else []
