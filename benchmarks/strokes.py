"""What a stroke costs the window's own thread: press, every move of the mouse, and release.

    python benchmarks/strokes.py [--megapixels 12 48] [--json]

A canvas as large as in a window of 1280 × 800, and of 2560 × 1440, shows a drawn photo with a rectangle and
a cutout, whole and at its own pixels. Each brush, 24 and 200 pixels wide, goes on a winding way of 120 moves.
A move's time is the handling of the event and the painting that it leads to, in milliseconds of the thread: the median,
the 95th percentile and the longest; 60 a second leave 16.7. Press and release stand beside it. What workers do
meanwhile is another measurement (`responsiveness.py`). Without a screen Qt's offscreen platform draws.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fgbg_studio.core.cutting.seeds import Rectangle
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.gui.foregrounds.canvas import MaskCanvas
from fgbg_studio.gui.foregrounds.canvas_render import Pyramid
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.lib.worker import Jobs

SIZES = {"1280 × 800": (800, 640), "2560 × 1440": (2080, 1280)}
MOVES = 120
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@dataclass(frozen=True)
class Row:
    """One stroke; milliseconds of the window's thread."""

    megapixels: int
    window: str
    zoom: str
    tool: str
    brush: int
    press: float
    median: float
    percentile_95: float
    longest: float
    release: float


def make_document(jobs: Jobs, megapixels: int) -> CutDocument:
    """A drawn photo, 4 : 3, that is cut already; its strokes start no cut."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = height * 4 // 3
    small = np.random.default_rng(1).integers(40, 120, (height // 16, width // 16, 3), dtype=np.uint8)
    photo = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    cv2.circle(alpha, (width // 2, height // 2), height // 4, 255, -1, cv2.LINE_AA)
    work = Work(seeds=(Rectangle(box=(width // 5, height // 5, width * 3 // 5, height * 3 // 5)),))
    document = CutDocument(jobs, Path("drawn.jpg"), photo, work, (alpha, np.zeros_like(alpha)))
    document.automatic = False
    return document


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of the thread, painting included."""
    start = time.thread_time()
    act()
    QApplication.processEvents()
    return (time.thread_time() - start) * 1000


def stroke(canvas: MaskCanvas) -> tuple[float, list[float], float]:
    """Press, moves and release, each in milliseconds."""
    middle = canvas.rect().center()
    wide = canvas.width() // 3
    way = [middle + QPoint(round(wide * np.sin(i / 11)), i - MOVES // 2) for i in range(MOVES)]
    press = timed(lambda: QTest.mousePress(canvas, LEFT, NONE, way[0]))
    moves = [timed(lambda place=place: QTest.mouseMove(canvas, place)) for place in way[1:]]  # type: ignore[misc]
    return press, moves, timed(lambda: QTest.mouseRelease(canvas, LEFT, NONE, way[-1]))


def measure(canvas: MaskCanvas, document: CutDocument, megapixels: int) -> list[Row]:
    """All strokes on one photo."""
    rows = []
    for window, size in SIZES.items():
        canvas.resize(*size)
        for zoom in ("fit", "1 : 1"):
            if zoom == "fit":
                canvas.fit()
            else:
                canvas.show_at(1.0, (0, 0, document.width, document.height))
            for tool in (Tool.MARK, Tool.ADD, Tool.SOFTEN):
                for brush in (24, 200):
                    canvas.set_tool(tool)
                    canvas.set_radius(brush / 2)
                    QApplication.processEvents()
                    press, moves, release = stroke(canvas)
                    middle, most = np.percentile(moves, [50, 95])
                    figures = press, float(middle), float(most), max(moves), release
                    rows.append(Row(megapixels, window, zoom, str(tool), brush, *(round(f, 2) for f in figures)))
                    document.undo_stack.undo()
                    QApplication.processEvents()
    return rows


cv2.setNumThreads(1)  # as in the program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=int, nargs="+", default=[12, 48])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    theme.start(QApplication(sys.argv[:1]), "dark")
    rows: list[Row] = []
    gc.collect()
    gc.freeze()  # this and the next line as `gui.app` does
    sys.setswitchinterval(0.001)
    for megapixels in options.megapixels:
        jobs = Jobs()
        document, canvas = make_document(jobs, megapixels), MaskCanvas()
        canvas.set_document(document, Pyramid.of(document.photo))
        canvas.show()
        QApplication.processEvents()
        rows += measure(canvas, document, megapixels)
        canvas.set_document(None)
        document.close()
        jobs.stop()
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    print(f"{'':38}{'press':>9}{'median':>9}{'95 %':>9}{'longest':>9}{'release':>9}")
    for r in rows:
        what = f"{r.megapixels} MP, {r.window}, {r.zoom}, {r.tool} {r.brush}"
        print(f"{what:38}{r.press:9}{r.median:9}{r.percentile_95:9}{r.longest:9}{r.release:9}")


if __name__ == "__main__":
    main()
