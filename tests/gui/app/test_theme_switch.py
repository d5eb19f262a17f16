"""Other colours while the program runs: every place looks as one that was made in them, those not shown too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.session.session import Session

PLACES = ["backgrounds", "foregrounds", "preview", "generate", "dataset"]


@pytest.fixture(autouse=True)
def light_again() -> Iterator[None]:
    yield
    theme.set_mode("light")


def seen(window: MainWindow, place: str, qtbot: QtBot) -> np.ndarray:
    """How a place looks, without what the bottom line says of the time."""
    window.workspace.show_place(place)
    qtbot.waitUntil(lambda: not window.session.jobs.busy)
    for _ in range(6):
        QApplication.processEvents()
    image = window.workspace.stack.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, : image.width(), :3].astype(int)


@pytest.mark.parametrize("shown", ["backgrounds", "dataset"])
def test_a_switch_looks_as_a_start(shown: str, open_window: MainWindow, qtbot: QtBot) -> None:
    for place in PLACES:  # all have been seen in the old colours
        seen(open_window, place, qtbot)
    open_window.workspace.show_place(shown)
    theme.set_mode("dark")
    switched = {place: seen(open_window, place, qtbot) for place in PLACES}
    folder = open_window.session.folder
    open_window.session.close()
    fresh = MainWindow(Session())
    qtbot.addWidget(fresh)
    try:
        fresh.resize(open_window.size())
        with qtbot.waitExposed(fresh):
            fresh.show()
        with qtbot.waitSignal(fresh.session.opened):
            fresh.session.open(folder)
        for place in PLACES:
            other = seen(fresh, place, qtbot)
            assert other.shape == switched[place].shape
            different = np.abs(other - switched[place]).max(axis=2) > 24
            assert different.mean() < 0.01, place
            light = (switched[place].min(axis=2) > 225).mean()
            assert light < 0.5, f"{place} is still light"
    finally:
        fresh.session.jobs.stop()
        fresh.session.close()
