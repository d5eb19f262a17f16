"""How fast a person gets on in the cutting place: the next photo, strokes, and the memory that stays behind.

    python benchmarks/cutting_place.py [--megapixels 12] [--photos 200] [--json]

So many photos (drawn: an object with a soft border on textured ground, noise as of a camera; JPEG) are put into a
project in a temporary folder, and the window is worked in by key and mouse events. Rows:

- next, rested: milliseconds from the key D to the next photo painted on the canvas, a second after the photo before was
  ready. Median and the longest of twenty. The goal is 400.
- next, in haste: likewise, pressed as soon as the photo before is ready.
- stroke to mask: milliseconds from the button's release to the new cut, the first in a photo and the median of the
  others.
- strokes a second: of the hard brush, each of twenty moves of the mouse, while what was drawn is written to the disk;
  and the milliseconds that the window's own thread computes for one, whatever else has the machine.
- longest turn: milliseconds that the window's own thread computes before it takes the next event, at the most, while a
  person does something and what follows from it: it counts no waiting, so a busy machine changes it little.
- memory: megabytes that the program holds after 20 photos were opened, stroked and left, and after all.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fgbg_studio.core.cutting.seeds import Rectangle, Stroke
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.app.start_window import take_down
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.lib.garbage import GarbageCollector
from fgbg_studio.gui.lib.memory import keep_less
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.session.session import Session

_FEW = 20
_PATTERNS = 5


def draw_photo(megapixels: float, seed: int) -> bytes:
    """A JPEG of 4 : 3."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width, rng = height * 4 // 3, np.random.default_rng(seed)
    ground = cv2.resize(rng.uniform(60, 160, (12, 16, 3)).astype(np.float32), (width, height))
    fine = cv2.resize(rng.normal(0, 14, (height // 4, width // 4, 3)).astype(np.float32), (width, height))
    way = np.linspace(0, 2 * np.pi, 90)
    radius = height * (0.25 + 0.03 * np.sin(5 * way + seed))
    line = np.stack([width / 2 + radius * np.cos(way), height / 2 + radius * np.sin(way)], 1).round().astype(np.int32)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [line], 255)
    share = cv2.GaussianBlur(mask, (0, 0), 2).astype(np.float32)[..., None] / 255
    colour = np.array([190, 60, 50] if seed % 2 else [40, 70, 180], np.float32)
    photo = np.clip(ground * (1 - share) + colour * share + fine, 0, 255).astype(np.uint8)
    return encode(photo, Codec("jpeg", quality=92))


def resident() -> float:
    """Megabytes that the system counts as the program's."""
    gc.collect()
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6


class Turns:
    """The longest turn of the window's thread, in milliseconds of a processor."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._turn)
        self._longest = self._last = 0.0

    def _turn(self) -> None:
        now = time.thread_time()
        self._longest, self._last = max(self._longest, now - self._last), now

    def during(self, person: Person, act: Callable[[], object]) -> float:
        """While something is done, and until all that follows from it has come."""
        self._longest, self._last = 0.0, time.thread_time()
        self._timer.start()
        act()
        person.look_on(1.0)
        person.rest()
        self._timer.stop()
        return self._longest * 1000


class Person:
    """Works in the window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.panel = next(panel for panel in window.panels if isinstance(panel, ForegroundsPanel))

    def wait(self, until: Callable[[], bool]) -> None:
        """Look on until something is so."""
        while not until():
            QApplication.processEvents()
            time.sleep(0.0005)

    def look_on(self, seconds: float) -> None:
        """Do nothing for a while."""
        end = time.perf_counter() + seconds
        self.wait(lambda: time.perf_counter() > end)

    def rest(self) -> None:
        """Look on until nothing runs."""
        document = self.panel.document
        assert document is not None
        self.wait(lambda: not document.at_work and not document.refining and not self.window.session.jobs.busy)

    def next(self, key: Qt.Key = Qt.Key.Key_D) -> float:
        """Go on; milliseconds until the photo is on the canvas."""
        panel, start = self.panel, time.perf_counter()
        before = panel.controller.wanted
        QTest.keyClick(self.window, key)
        self.wait(lambda: panel.controller.wanted != before and panel.document is not None)
        panel.canvas.repaint()
        return (time.perf_counter() - start) * 1000

    def outline(self) -> None:
        """Draw a rectangle around the object, and wait for the cut."""
        document = self.panel.document
        assert document is not None
        side = document.height * 2 // 3
        box = ((document.width - side) // 2, (document.height - side) // 2, side, side)
        document.add_seed(Rectangle(box=box), "rectangle")
        self.wait(lambda: not document.cutting)

    def stroke(self, number: int) -> float:
        """Mark a piece of the object; milliseconds until it is cut by it."""
        document = self.panel.document
        assert document is not None
        x, y = document.width / 2 + 40 * number, document.height / 2
        start = time.perf_counter()
        document.add_seed(Stroke(points=((x, y), (x + 60, y + 90)), radius=20, object=True), "stroke")
        self.wait(lambda: not document.cutting)
        return (time.perf_counter() - start) * 1000

    def paint(self, right: int = 4, down: int = 3) -> None:
        """One stroke of the hard brush, by the mouse, in steps of so many pixels of the screen."""
        canvas, left, none = self.panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        middle = canvas.rect().center()
        QTest.mousePress(canvas, left, none, middle)
        for move in range(20):
            QTest.mouseMove(canvas, middle + QPoint(right * move, down * move))
        QTest.mouseRelease(canvas, left, none, middle + QPoint(20 * right, 20 * down))


def turns(person: Person) -> dict[str, float]:
    """The rows of the longest turns, on a photo that nothing was done to."""
    counted, rows = Turns(), dict[str, float]()

    def row(what: str, act: Callable[[], object]) -> None:
        rows[f"longest turn, {what}, ms"] = counted.during(person, act)

    row("next", person.next)
    row("rectangle", person.outline)
    for number in range(3):
        row(f"stroke {number + 1}", lambda number=number: person.stroke(number))  # type: ignore[misc]
    QTest.keyClick(person.window, Qt.Key.Key_I)
    row("hard stroke", person.paint)
    row("wide hard stroke", lambda: person.paint(20, 15))
    document = person.panel.document
    assert document is not None
    for number in range(3):
        row(f"undo {number + 1}", document.undo_stack.undo)
    for number in range(3):
        row(f"redo {number + 1}", document.undo_stack.redo)
    QTest.keyClick(person.window, Qt.Key.Key_2)
    row("stroke on a checkerboard", person.paint)
    QTest.keyClick(person.window, Qt.Key.Key_1)
    row("back", lambda: person.next(Qt.Key.Key_A))
    return rows


def measure(person: Person, photos: int) -> dict[str, float]:
    """All rows."""
    rows: dict[str, float] = {}
    person.rest()
    rested = [(person.look_on(1.0), person.next())[1] for _ in range(_FEW)]
    rows["next rested, median ms"], rows["next rested, longest ms"] = statistics.median(rested), max(rested)
    hasty = [person.next(Qt.Key.Key_A) for _ in range(_FEW)]
    rows["next in haste, median ms"], rows["next in haste, longest ms"] = statistics.median(hasty), max(hasty)
    person.outline()
    strokes = [person.stroke(number) for number in range(6)]
    rows["stroke to mask, first ms"], rows["stroke to mask, median ms"] = strokes[0], statistics.median(strokes[1:])
    person.rest()
    QTest.keyClick(person.window, Qt.Key.Key_I)
    start, computed, count = time.perf_counter(), time.thread_time(), 0
    while time.perf_counter() - start < 4:
        person.paint()
        QApplication.processEvents()
        count += 1
    rows["strokes a second"] = count / (time.perf_counter() - start)
    rows["stroke, computing ms"] = (time.thread_time() - computed) / count * 1000
    rows |= turns(person)
    for number in range(1, photos):
        person.next()
        person.paint()
        if number in {_FEW, photos - 1}:
            person.rest()
            rows[f"memory after {number if number == _FEW else photos} photos, MB"] = resident()
    return rows


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fgbg-cutting-") as place:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, place)
        folder = Path(place) / "project"
        storage.create(folder, "studio-256")
        (folder / "photos").mkdir()
        drawn = [draw_photo(options.megapixels, seed) for seed in range(_PATTERNS)]
        for number in range(options.photos):
            (folder / "photos" / f"{number:03d}.jpg").write_bytes(drawn[number % _PATTERNS])
        keep_less()
        app = QApplication([])
        collector = GarbageCollector(app)
        theme.start(app, "light")
        window = MainWindow(Session())
        window.resize(1600, 1000)
        window.show()
        person = Person(window)
        window.open_project(folder)
        person.wait(lambda: window.session.is_open)
        window.workspace.show_place("foregrounds")
        person.wait(lambda: person.panel.document is not None)
        rows = measure(person, options.photos)
        window.session.jobs.stop()
        window.session.close()
        collector.stop()
        take_down(app, window)
    if options.json:
        print(json.dumps(rows))
    else:
        for what, value in rows.items():
            print(f"{what:36}{value:10.1f}")


if __name__ == "__main__":
    main()
