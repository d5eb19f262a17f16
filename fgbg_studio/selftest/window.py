"""The self-test of the window: opened without a screen, every place looked at, every icon painted."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from fgbg_studio.core.base.resources import guide
from fgbg_studio.core.dataset.run import Options
from fgbg_studio.core.project import presets
from fgbg_studio.selftest import engine
from fgbg_studio.selftest.outcome import expect

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from fgbg_studio.gui.app.main_window import MainWindow

PATIENCE = 20.0  # seconds for one place to have nothing more to do
COLOURS = 12  # fewer on a whole window are an empty window
NOT_OURS = ("This plugin does not support", "propagateSizeHints")  # what a screen that is none says of itself


def _application(folder: Path) -> QApplication:
    """Qt without a screen, its settings in ``folder``."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from fgbg_studio.gui.lib.theme import theme

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    app = QApplication(["fgbg-studio"])
    theme.start(app, "light")
    return app


def icons(folder: Path) -> str:
    """Every icon is a glyph of the font that ships, and paints something."""
    _application(folder)
    import qtawesome
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QFontMetrics

    from fgbg_studio.gui.lib.icons import Icon, app_icon

    known = QFontMetrics(qtawesome.font("mdi6", 16))
    for icon in Icon:
        expect(known.inFontUcs4(ord(icon.glyph)), f"{icon.value} is not in the font")
        expect(_colours(icon.icon().pixmap(QSize(24, 24)).toImage()) > 1, f"{icon.value} paints nothing")
    expect(_colours(app_icon().pixmap(64, 64).toImage()) > 1, "the program's own icon paints nothing")
    return f"{len(Icon)} painted"


def modules(folder: Path) -> str:
    """Every module of the window can be imported."""
    _application(folder)
    from fgbg_studio import gui

    return f"{engine.import_all(gui)} imported"


def window(folder: Path) -> str:
    """The window opens a tiny project, and each place paints itself; no job fails, and Qt warns of nothing."""
    app = _application(folder)
    from fgbg_studio.gui.app.main_window import MainWindow
    from fgbg_studio.gui.start import page

    engine.make(folder, presets.DEFAULT, Options(engine="inline"))
    made_in, page.projects_folder = page.projects_folder, lambda: folder / "projects"
    shown, troubles = MainWindow(), list[str]()
    places = len(shown.panels)
    shown.session.failed.connect(lambda error: troubles.append(str(error)))
    shown.session.jobs.failed.connect(lambda title, error: troubles.append(f"{title}: {error}"))
    with _listening(troubles):
        _look_at(app, shown, folder / f"project-{presets.DEFAULT}")
    page.projects_folder = made_in
    expect(not troubles, "; ".join(troubles[:3]))
    return f"the start page and {places} places painted"


def _look_at(app: QApplication, shown: MainWindow, project: Path) -> None:
    from PySide6.QtCore import QEvent

    try:
        shown.show()
        app.processEvents()
        expect(_colours(shown.grab().toImage()) >= COLOURS, "the start page is empty")
        shown.open_project(project)
        _settle(app, lambda: shown.session.is_open, "opening a project")
        for panel in shown.panels:
            shown.workspace.show_place(panel.place)
            _settle(app, lambda: not shown.session.jobs.busy, panel.title())
            expect(_colours(shown.grab().toImage()) >= COLOURS, f"{panel.title()} is empty")
    finally:
        shown.session.jobs.stop()
        shown.session.close()
        shown.close()
        shown.deleteLater()  # what it remembers is written now, and not after the folder has gone
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextlib.contextmanager
def _listening(troubles: list[str]) -> Iterator[None]:
    """Note what Qt warns of, and what the program's own log calls a warning or worse."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    def heard(kind: QtMsgType, _context: object, text: str) -> None:
        harmless = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if kind not in harmless and not any(words in text for words in NOT_OURS):
            troubles.append(f"Qt: {text}")

    class Log(logging.Handler):
        @override
        def emit(self, record: logging.LogRecord) -> None:
            troubles.append(record.getMessage())

    log, before = Log(logging.WARNING), qInstallMessageHandler(heard)
    logging.getLogger("fgbg_studio").addHandler(log)
    try:
        yield
    finally:
        logging.getLogger("fgbg_studio").removeHandler(log)
        qInstallMessageHandler(before)


def _settle(app: QApplication, ready: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        expect(time.monotonic() < end, f"{what} was not ready after {PATIENCE:.0f} s")
        app.processEvents()
        time.sleep(0.005)
    app.processEvents()


def _colours(image: QImage) -> int:
    """How many different colours a picture has, counted on a coarse grid of at most 200 × 200 points."""
    step_x, step_y = max(image.width() // 200, 1), max(image.height() // 200, 1)
    xs, ys = range(0, image.width(), step_x), range(0, image.height(), step_y)
    return len({image.pixel(x, y) for x in xs for y in ys})


def the_guide(_folder: Path) -> str:
    """The guide's pages ship, and can be read."""
    from fgbg_studio.gui.app.guide_pages import pages

    book = pages()
    expect(len(book) > 5 and all(page.html(guide()) for page in book), "pages of the guide are missing")
    return f"{len(book)} pages"


CHECKS = {"window's modules": modules, "icons": icons, "guide": the_guide, "window": window}
