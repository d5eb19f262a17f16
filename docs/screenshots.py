"""Makes the guide's pictures from the running program, and its table of shortcuts from the program's own.

    python docs/screenshots.py             # docs/pictures/*.png and docs/shortcuts.md
    python docs/screenshots.py --table     # the table alone

Nothing needs a screen. A person's hand is played on the real widgets, on pictures that ship with the program.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import cv2  # noqa: E402 - after the path
import numpy as np  # noqa: E402
import shiboken6  # noqa: E402
from PySide6.QtCore import QPoint, QSettings, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel  # noqa: E402

from fgbg_studio.core.base.arrays import Pixels  # noqa: E402
from fgbg_studio.core.imaging.codecs import Codec, encode  # noqa: E402
from fgbg_studio.core.project import samples, storage  # noqa: E402
from fgbg_studio.core.project.demo import make_demo  # noqa: E402
from fgbg_studio.gui.app.main_window import MainWindow  # noqa: E402
from fgbg_studio.gui.dataset.panel import DatasetPanel  # noqa: E402
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel  # noqa: E402
from fgbg_studio.gui.generate.panel import GeneratePanel  # noqa: E402
from fgbg_studio.gui.generate.run import RunState  # noqa: E402
from fgbg_studio.gui.lib.theme import theme  # noqa: E402
from fgbg_studio.gui.preview.panel import PreviewPanel  # noqa: E402
from fgbg_studio.gui.start import page  # noqa: E402

PICTURES, TABLE = HERE / "pictures", HERE / "shortcuts.md"
ICON = HERE.parent / "resources" / "icons" / "icon.svg"
SIZE = (1280, 800)
HOME = "/home/anna/FGBG Studio"  # shown instead of folders of the machine that makes the pictures
LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
Point = tuple[float, float]
Stroke = tuple[Qt.MouseButton, list[Point]]
CUT: list[Stroke] = [
    (LEFT, [(405, 258), (560, 460), (655, 686)]),  # the rectangle
    (LEFT, [(530, 380), (526, 430), (520, 475)]),  # on the object
    (RIGHT, [(528, 590), (530, 615), (534, 645)]),  # on the ground between its legs
]


class Person:
    """Somebody who uses the window, and takes a picture now and then."""

    def __init__(self, folder: Path) -> None:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
        self.folder = folder
        page.projects_folder = lambda: Path(HOME)
        self.app = QApplication.instance() or QApplication(sys.argv[:1])
        theme.start(self.app, "light")  # type: ignore[arg-type]
        self.window = MainWindow()
        self.window.resize(*SIZE)
        self.window.show()

    def wait(self, ready: Callable[[], bool], most: float = 120) -> None:
        """Let the window work until ``ready``."""
        end = time.monotonic() + most
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError("the window was not ready: see where this was called")
            self.app.processEvents()
            time.sleep(0.005)

    def rest(self) -> None:
        """Wait until nothing runs any more."""
        quiet = time.monotonic()

        def still() -> bool:
            nonlocal quiet
            if self.window.session.jobs.busy:
                quiet = time.monotonic()
            return time.monotonic() - quiet > 0.5

        self.wait(still)

    def shoot(self, name: str) -> None:
        """The window as it is now."""
        PICTURES.mkdir(exist_ok=True)
        for said in self.window.findChildren(QLabel):
            plain = said.text().replace("\u200b", "")
            if str(self.folder) in plain:
                said.setText(plain.replace(str(self.folder), HOME))
        self.app.processEvents()
        if not self.window.grab().save(str(PICTURES / f"{name}.png")):
            raise OSError(f"{PICTURES / name}.png cannot be written")
        sys.stdout.write(f"{name}\n")

    def show(self, place: str) -> None:
        """Go to a place, and wait until it is painted."""
        self.window.workspace.show_place(place)
        self.rest()

    def close(self) -> None:
        """Stop everything."""
        self.window.session.jobs.stop()
        self.window.session.close()
        self.window.close()
        shiboken6.delete(self.window)  # as the program does: what Qt calls in Python at its end needs an interpreter
        self.app.setStyle("Fusion")


def draw_photo(path: Path) -> Path:
    """A photo to be cut: a drawn person who stands in a drawn room, 960 × 720 px."""
    room = cv2.resize(np.array(samples.backgrounds()[1].pixels()), (960, 720), interpolation=cv2.INTER_CUBIC)
    person = samples.foregrounds()[18].pixels()  # nobody of the demo
    high, wide = person.shape[:2]
    part = room[270 : 270 + high, 420 : 420 + wide]
    alpha = person[..., 3:].astype(np.float32) / 255
    part[:] = np.rint(person[..., :3] * alpha + part * (1 - alpha)).astype(np.uint8)
    pixels: Pixels = room.astype(np.uint8)
    path.write_bytes(encode(pixels, Codec("png")))
    return path


def cut(person: Person, photo: Path) -> None:
    """Add a photo, draw the rectangle and two strokes, and keep the cutout."""
    panel = next(panel for panel in person.window.panels if isinstance(panel, ForegroundsPanel))
    person.show("foregrounds")
    panel.drop([photo])
    person.wait(lambda: panel.document is not None and panel.document.path.stem == photo.stem)
    person.rest()
    for button, way in CUT:
        _drag(panel, button, way)
        person.wait(lambda: panel.document is not None and not panel.document.cutting)
        person.rest()  # what finishes the edge begins a quarter of a second later
    person.shoot("foregrounds")
    panel.act["foregrounds.checker"].trigger()
    person.rest()
    person.shoot("foregrounds-checkerboard")
    panel.act["foregrounds.keep"].trigger()
    person.rest()
    person.wait(lambda: len(person.window.session.project.good_foregrounds()) == 13)
    person.window.session.save_now()


def _drag(panel: ForegroundsPanel, button: Qt.MouseButton, way: Sequence[Point]) -> None:
    ratio = panel.canvas.devicePixelRatioF()

    def at(place: Point) -> QPoint:
        x, y = panel.canvas.camera.to_screen(*place)
        return QPoint(round(x / ratio), round(y / ratio))

    QTest.mousePress(panel.canvas, button, NONE, at(way[0]))
    for place in way[1:]:
        QTest.mouseMove(panel.canvas, at(place))
    QTest.mouseRelease(panel.canvas, button, NONE, at(way[-1]))


def preview(person: Person) -> None:
    """Samples in a grid, then one large."""
    person.show("preview")
    person.shoot("preview")
    panel = next(panel for panel in person.window.panels if isinstance(panel, PreviewPanel))
    view = panel.grid if isinstance(panel.grid, QAbstractItemView) else panel.grid.findChild(QAbstractItemView)
    QTest.mouseClick(view.viewport(), LEFT, NONE, view.visualRect(view.model().index(1, 0)).center())
    person.rest()
    person.shoot("preview-large")
    panel.act["preview.back"].trigger()


def generate(person: Person) -> None:
    """The forecast, the run when a good part is made, and its end."""
    panel = next(panel for panel in person.window.panels if isinstance(panel, GeneratePanel))
    person.show("generate")
    person.wait(lambda: panel.checks.forecast is not None and panel.act["generate.start"].isEnabled())
    person.rest()  # the check of every picture may last longer
    person.shoot("generate")
    panel.act["generate.start"].trigger()
    person.wait(lambda: _made(panel) > 0.6 or panel.run.state is RunState.FINISHED, 600)
    person.shoot("generate-running")
    person.wait(lambda: panel.run.state is RunState.FINISHED, 600)
    person.rest()


def _made(panel: GeneratePanel) -> float:
    step = panel.run.newest
    return step.done / step.total if step and step.phase == "making samples" and step.total else 0.0


def dataset(person: Person) -> None:
    """The finished dataset, verified, and one of its samples."""
    panel = next(panel for panel in person.window.panels if isinstance(panel, DatasetPanel))
    person.show("dataset")
    person.wait(lambda: panel.contents is not None)
    panel.act["dataset.verify"].trigger()
    person.rest()
    person.shoot("dataset")
    panel.act["dataset.large"].trigger()
    person.rest()
    person.shoot("dataset-sample")


def table() -> str:
    """Every shortcut, place by place, out of the tables that the window itself is made of."""
    folder = Path(tempfile.mkdtemp())
    person = Person(folder)
    lines = ["# Shortcuts", "", "The same table is in the program: press F1.", ""]
    for title, keys in person.window.shortcut_sections():
        rows = [f"| `{shown}` | {what} |" for shown, what in keys]
        lines += [f"## {title}", "", "| keys | what they do |", "|---|---|", *rows, ""]
    person.close()
    shutil.rmtree(folder, ignore_errors=True)
    return "\n".join(lines)


def main() -> None:
    """Make the pictures and the table."""
    if "--table" not in sys.argv:
        folder = Path(tempfile.gettempdir()) / "fgbg-guide"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        list(make_demo(folder / "rooms"))
        changes = {"name": "Rooms", "goal.foregrounds": 13, "placements": 20, "shard": 240}
        storage.save(folder / "rooms", storage.changed(storage.load(folder / "rooms"), changes))
        person = Person(folder)
        person.rest()
        person.shoot("start")
        person.window.open_project(folder / "rooms")
        person.wait(lambda: person.window.session.is_open)
        person.show("backgrounds")
        person.shoot("backgrounds")
        cut(person, draw_photo(folder / "ben.png"))
        preview(person)
        generate(person)
        dataset(person)
        person.close()
        shutil.rmtree(folder, ignore_errors=True)
    PICTURES.mkdir(exist_ok=True)
    shutil.copy(ICON, PICTURES)
    TABLE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
