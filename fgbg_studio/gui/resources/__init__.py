"""What is no code: found beside this file, also in an installed or a frozen program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QIcon

FOLDER = Path(__file__).parent


def app_icon() -> QIcon:
    """The program's icon."""
    return QIcon(str(FOLDER / "icon.svg"))
