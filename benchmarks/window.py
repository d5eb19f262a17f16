"""How quick the window answers while it generates.

    python benchmarks/window.py PROJECT [--samples 20000] [--writer zip] [--workers 2] [--size 1600 1000] [--page plots]

The project is copied, opened in a window (on the screen that DISPLAY names, without one where QT_QPA_PLATFORM is
offscreen) and generated from there. A timer of 5 ms stamps every turn of the event loop: the time between two
stamps is what a person would wait for the window. Redraws are the plots' own: what is computed for one, and what
is painted of it.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QEventLoop, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.generate.run import RunState
from fgbg_studio.gui.lib.garbage import GarbageCollector
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.session.session import Session

STEP = 5  # milliseconds of the timer


class Stamps:
    """Milliseconds between two turns of the event loop, while it is on."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._clock = QElapsedTimer()
        self._timer = QTimer(interval=STEP, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin anew."""
        self.gaps = []
        self._clock.start()
        self._timer.start()

    def stop(self) -> list[float]:
        """Of all turns since `start`."""
        self._timer.stop()
        return self.gaps

    def _turn(self) -> None:
        self.gaps.append(self._clock.nsecsElapsed() / 1e6)
        self._clock.start()


def timed(
    function: Callable[..., Any], into: list[float], clock: Callable[[], float] = time.perf_counter
) -> Callable[..., Any]:
    """``function``, whose milliseconds are appended to ``into``."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        begun = clock()
        try:
            return function(*arguments)
        finally:
            into.append((clock() - begun) * 1e3)

    return call


def watch_redraws() -> dict[str, list[float]]:
    """Milliseconds of each kind of plot's redraws and of all paintings, from now on."""
    from fgbg_studio.gui.generate import histogram_cards, moments_card, newest_card, place_card, plot, rate_card

    found: dict[str, list[float]] = {"painted": [], "painted, processor time": []}
    for member in (
        rate_card.RateCard, moments_card.MomentsCard, histogram_cards.HistogramCard, place_card.PlaceCard,
    ):  # fmt: skip
        found[member.__name__] = []
        member.redraw = timed(member.redraw, found[member.__name__])  # type: ignore[method-assign]
    for painter in (plot.Plot, newest_card.NewestThumbnails):
        used = timed(painter.paintEvent, found["painted, processor time"], time.thread_time)
        painter.paintEvent = timed(used, found["painted"])  # type: ignore[method-assign]
    return found


def wait(condition: Callable[[], bool], seconds: float = 3600) -> None:
    """Turn the event loop until ``condition`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def said(name: str, values: list[float]) -> str:
    """One line of a table."""
    if not values:
        return f"{name:<34}{'none':>8}"
    row = (len(values), np.median(values), np.percentile(values, 99), max(values), sum(v > 30 for v in values))
    return f"{name:<34}{row[0]:>8,}{row[1]:>9.1f}{row[2]:>9.1f}{row[3]:>9.1f}{row[4]:>8}"


def generate(window: MainWindow, arguments: argparse.Namespace) -> tuple[dict[str, list[float]], float]:
    """Gaps by what went on, and samples a second."""
    panel = next(panel for panel in window.panels if isinstance(panel, GeneratePanel))
    session, stamps = window.session, Stamps()
    gaps: dict[str, list[float]] = {}
    session.change("writer", lambda p: _with_writer(p, arguments.writer))
    panel.set_folder(session.folder.with_name("out"))
    stamps.start()
    window.workspace.show_place("generate")
    wait(lambda: panel.checks.target is not None and not panel.checks.busy)
    gaps["forecast and check"] = stamps.stop()
    panel.form.limit.setValue(arguments.samples)
    if arguments.workers:
        panel.form.workers.setValue(arguments.workers)
    wait(lambda: not panel.checks.busy)
    stamps.start()
    panel.start()
    panel.act[f"generate.{arguments.page}"].setChecked(True)
    wait(lambda: panel.run.newest is not None and panel.run.newest.phase == "making samples")
    gaps["preparing pictures"] = stamps.stop()
    stamps.start()
    begun = time.monotonic()
    wait(lambda: panel.run.newest is not None and panel.run.newest.phase != "making samples")
    rate = arguments.samples / (time.monotonic() - begun)
    gaps["making samples"] = stamps.stop()
    stamps.start()
    wait(lambda: not panel.run.state.alive)
    wait(lambda: not panel.checks.busy)
    gaps["finishing"] = stamps.stop()
    if panel.run.state is not RunState.FINISHED:
        raise SystemExit(str(panel.run.error))
    return gaps, rate


def _with_writer(project: Any, name: str) -> Any:
    settings = project.settings.model_copy(update={"writer": Writer.from_dict(name)})
    return project.model_copy(update={"settings": settings})


cv2.setNumThreads(1)  # as in the program


def main() -> None:
    """Generate from a window and print what was waited for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--writer", default="zip")
    parser.add_argument("--size", type=int, nargs=2, default=(1600, 1000))
    parser.add_argument("--page", default="plots", choices=("forecast", "plots", "log"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fgbg-window-") as temporary:
        work = Path(temporary)
        shutil.copytree(arguments.project, work / "project", ignore=shutil.ignore_patterns(".lock"))
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(work / "settings"))
        app = QApplication(sys.argv[:1])
        theme.start(app, "dark")
        window = MainWindow(Session())
        window.resize(*arguments.size)
        window.show()
        gc.collect()
        gc.freeze()  # this and the next two lines as `gui.app` does
        garbage = GarbageCollector(app)
        sys.setswitchinterval(0.001)
        window.open_project(work / "project")
        wait(lambda: window.session.is_open and not window.session.jobs.busy)
        redraws = watch_redraws()
        gaps, rate = generate(window, arguments)
        load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        print(f"{arguments.samples:,} samples, {rate:,.0f} a second; {load}")
        print(f"{'ms between two turns while':<34}{'turns':>8}{'median':>9}{'99 %':>9}{'longest':>9}{'> 30':>8}")
        for name, values in gaps.items():
            print(said(name, values))
        print(f"{'ms of a redraw':<34}{'times':>8}{'median':>9}{'99 %':>9}{'longest':>9}{'> 30':>8}")
        for name, values in redraws.items():
            print(said(name, values))
        window.session.jobs.stop()
        window.session.close()
        window.close()
        garbage.stop()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # settings are written before they go


if __name__ == "__main__":
    main()
