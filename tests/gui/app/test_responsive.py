"""The interface answers while workers work."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.gui.app.main_window import MainWindow

LONGEST = 0.050
"""Seconds between two turns of the event loop."""


class Turns:
    """Measures the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._turn)

    def _turn(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def start(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        self._timer.stop()
        return self.longest


def computing() -> object:
    """A second of numpy and of plain Python, with progress after each step."""
    rng = np.random.default_rng(1)
    end = time.monotonic() + 1.0
    number = 0
    while time.monotonic() < end:
        pixels = rng.integers(0, 255, (500, 500, 3), dtype=np.uint8)
        np.sort(pixels.astype(np.float32) @ np.ones((3, 3), np.float32), axis=0)
        sum(value * value for value in range(20_000))
        number += 1
        yield Progress("computing", number % 100, 100)


@pytest.mark.timing
def test_the_window_answers_while_a_worker_computes(open_window: MainWindow, qtbot: QtBot) -> None:
    turns, tries = Turns(), []
    for _ in range(3):  # a machine that does other work may steal one, not three
        worker = open_window.session.jobs.run("computing", computing, visible=True)
        qtbot.waitUntil(lambda w=worker: w.newest is not None)
        turns.start()
        qtbot.waitUntil(lambda w=worker: not w.running)
        tries.append(turns.stop())
        if tries[-1] < LONGEST:
            break
    assert min(tries) < LONGEST, tries
