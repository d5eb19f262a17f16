"""What the window's tests share: an application without a screen, sessions on drawn projects, Qt's warnings."""

from __future__ import annotations

import gc
import io
import itertools
import logging
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYTEST_QT_API"] = "pyside6"

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, QtMsgType
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.garbage import GarbageCollector
from fgbg_studio.gui.lib.memory import keep_less, trim
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.start import page

WARNINGS = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)

PATIENCE = 120_000
"""Milliseconds that a test waits for what must come; never longer than it takes, and a busy machine is no fault."""

OURS = "fgbg_studio"  # the loggers that are the program's

_WHOLE = 20  # tests from one whole collection of garbage to the next: each looks at all objects there are
_tests = itertools.count(1)

NOT_OURS = ("This plugin does not support",)  # what the platform without a screen says of itself


class PatientBot(QtBot):
    """Waits as long as `PATIENCE` unless it is told otherwise."""

    @override
    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    @override
    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **rest: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **rest)

    @override
    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE, **rest: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **rest)

    @override
    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> None:
    keep_less()
    theme.start(qapp, "light")


@pytest.fixture(autouse=True)
def collector(qapp: QApplication) -> Iterator[None]:
    """As in the program; it begins anew with each test, too soon to come to what is old, as windows are."""
    made = GarbageCollector()
    yield
    made.stop()
    if next(_tests) % _WHOLE == 0:
        gc.collect()
        trim()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, caches and projects of a test are its own."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.setattr(page, "projects_folder", lambda: tmp_path / "projects")


@pytest.fixture(autouse=True)
def no_qt_warnings(qtlog: object) -> Iterator[None]:
    """A warning of Qt in the log fails the test."""
    yield
    records = [record for record in qtlog.records if record.type in WARNINGS]  # type: ignore[attr-defined]
    found = [record.message for record in records if not record.message.startswith(NOT_OURS)]
    assert found == []


@pytest.fixture(autouse=True)
def nothing_in_the_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning or an error in the program's own log fails the test, unless it is marked ``logs``: it wants one."""
    yield
    if request.node.get_closest_marker("logs") is None:
        records = [*caplog.get_records("setup"), *caplog.get_records("call")]
        found = [one.getMessage() for one in records if one.levelno >= logging.WARNING and one.name.startswith(OURS)]
        assert found == []


@pytest.fixture(autouse=True)
def nothing_on_stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """So does whatever Python or a library writes there: a traceback in a slot, above all."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    yield
    assert written.getvalue() == ""


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """Nothing is open."""
    made = Session()
    yield made
    made.jobs.stop()
    made.close()
    made.deleteLater()


@pytest.fixture
def project_folder(tmp_path: Path, make_project: Callable[..., Path]) -> Path:
    """A project with three drawn backgrounds and two foregrounds."""
    return make_project(tmp_path, n_bg=3, n_fg=2)


@pytest.fixture
def open_session(session: Session, project_folder: Path, qtbot: QtBot) -> Session:
    """`project_folder` is open."""
    with qtbot.waitSignal(session.opened):
        session.open(project_folder)
    return session


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> MainWindow:
    """The window at its start page."""
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=_give_up)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def open_window(window: MainWindow, project_folder: Path, qtbot: QtBot) -> MainWindow:
    """The window with `project_folder` open."""
    with qtbot.waitSignal(window.session.opened):
        window.open_project(project_folder)
    return window


def _give_up(window: MainWindow) -> None:
    """A test's unsaved changes ask no question at its end."""
    window.session.jobs.stop()
    window.session.close()
