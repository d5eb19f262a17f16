"""Starts the window."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

_NO_SCREEN = "The window needs a screen, and there is none (DISPLAY and WAYLAND_DISPLAY are not set)."
_NO_LIBRARY = "The window cannot start, because a library of the system is missing: {0}"
_OTHERWISE = "Every job works without a window: fgbg-studio --help"


def run_window(path: Path | None) -> int:
    """Open the window, with the project in ``path`` where one is given; the exit code."""
    if sys.platform.startswith("linux") and not _has_screen():
        sys.stderr.write(f"{_NO_SCREEN}\n{_OTHERWISE}\n")
        return 1
    try:
        from fgbg_studio.gui.app.application import Application
    except ImportError as error:
        sys.stderr.write(f"{_NO_LIBRARY.format(error)}\n{_OTHERWISE}\n")
        return 1
    from fgbg_studio.gui.app.log_file import start_log
    from fgbg_studio.gui.app.main_window import MainWindow
    from fgbg_studio.gui.lib.garbage import GarbageCollector
    from fgbg_studio.gui.lib.icons import app_icon
    from fgbg_studio.gui.lib.memory import keep_less
    from fgbg_studio.gui.lib.theme import theme
    from fgbg_studio.gui.session.session import Session

    start_log()
    keep_less()
    app = Application(sys.argv[:1])
    app.setWindowIcon(app_icon())
    session = Session()
    theme.start(app, session.settings.mode)
    # Workers hand the interpreter over after a millisecond instead of five when the window wants to answer.
    sys.setswitchinterval(0.001)
    window = MainWindow(session)
    app.project_opened.connect(window.open_project)
    window.place_on_screen()
    window.show()
    collector = GarbageCollector(app)
    # A collection stops every thread while it looks at all objects there are: what stays for good is taken from its
    # sight, which shortens the longest stop by two thirds (see also `Session`).
    gc.collect()
    gc.freeze()
    if path is not None:
        window.open_project(path)
    code = app.exec()
    collector.stop()
    take_down(app, window)
    return code


def take_down(app: QApplication, window: QWidget) -> None:
    """End the window while there is an interpreter: what Qt would call in Python at its own end has none any more."""
    import shiboken6

    shiboken6.delete(window)
    app.setStyle("Fusion")


def _has_screen() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
