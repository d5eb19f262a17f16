"""The window fits the screen, at the first start and with what was remembered of another screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMargins, QRect, QSize

from fgbg_studio.gui.app.first_geometry import FRAME, placed
from tests.conftest import ROOT

SCREENS = [(800, 600), (1024, 768), (1280, 720), (1280, 800), (1366, 768), (1920, 1080), (2560, 1440)]
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton
from fgbg_studio.gui.app import main_window, start_window

def say(self):
    made = self.frameGeometry()
    foot = self.start_page.make
    low = foot.mapToGlobal(foot.rect().bottomRight())
    least = self.minimumSize()
    print(*made.getCoords(), *low.toTuple(), *least.toTuple(), flush=True)
    self.resize(*%r)
    self.close()

shown = main_window.MainWindow.showEvent
def show(self, event):
    shown(self, event)
    QTimer.singleShot(0, lambda: say(self))
main_window.MainWindow.showEvent = show
sys.exit(start_window.run_window(None))
"""


def start(tmp_path: Path, width: int, height: int, leave: tuple[int, int] = (960, 600)) -> list[int]:
    """Start the program on a screen of that size: edges of the frame, corner of the blue button, least size."""
    screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    config = tmp_path / "screen.json"
    config.write_text(json.dumps({"screens": [screen]}))
    own = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", WINDOW % (leave,)],
        env={**os.environ, **own, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return [int(number) for number in done.stdout.split()]


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_first_start_fits_the_screen(tmp_path: Path, width: int, height: int) -> None:
    left, top, right, bottom, button_x, button_y, *least = start(tmp_path, width, height)
    assert left >= 0
    assert top >= 0
    assert right < width
    assert bottom < height
    assert button_x < width
    assert button_y < height
    assert least[0] <= min(960, width)
    assert least[1] <= min(600, height)


def test_what_a_large_screen_remembered_fits_a_small_one(tmp_path: Path) -> None:
    start(tmp_path, 1600, 900, leave=(1500, 800))
    left, top, right, bottom, *_ = start(tmp_path, 1366, 768)
    assert 0 <= left < right < 1366
    assert 0 <= top < bottom < 768


def test_what_fits_another_screen_keeps_its_size(tmp_path: Path) -> None:
    start(tmp_path, 1920, 1080, leave=(1000, 700))
    left, top, right, bottom, *_ = start(tmp_path, 1600, 900)
    assert abs((right - left) - 1000) < 20
    assert abs((bottom - top) - 700) < 20


@pytest.mark.parametrize(
    ("wanted", "screens"),
    [
        (QRect(2000, 100, 1280, 800), [QRect(0, 0, 1366, 728)]),  # its screen was taken away
        (QRect(-900, -50, 1280, 800), [QRect(0, 27, 1920, 1053)]),  # behind a panel, and over an edge
        (QRect(1800, 900, 1280, 800), [QRect(0, 0, 1920, 1040), QRect(1920, 0, 2560, 1400)]),
        (QRect(40, 40, 3800, 2000), [QRect(0, 0, 1280, 770)]),
        (QRect(0, 0, 960, 600), [QRect(0, 0, 800, 560)]),
    ],
)
def test_a_frame_of_any_size_is_inside_the_free_part_of_a_screen(wanted: QRect, screens: list[QRect]) -> None:
    room, made = placed(wanted, screens)
    framed = made.marginsAdded(FRAME)
    assert any(screen.contains(framed) for screen in screens)
    assert room.contains(made)
    assert made.size() == wanted.size().boundedTo(room.size())


def test_a_window_stays_on_the_screen_that_it_is_most_of() -> None:
    screens = [QRect(0, 0, 1920, 1040), QRect(1920, 0, 2560, 1400)]
    _, made = placed(QRect(1800, 200, 1000, 700), screens)
    assert screens[1].contains(made.marginsAdded(QMargins(0, 0, 0, 0)))
    assert made.size() == QSize(1000, 700)
