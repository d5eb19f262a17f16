"""A monkey at the window: clicks, keys, drags, drops, switches and waits by chance, with a seed.

It watches what must never be: an exception, a warning of Qt, a warning in the log, a turn of the event loop that takes
long, and work that is lost. For that it keeps beside the window a plain model (`Belief`) of what must be on the disk
when a project is opened the next time. Every step is a value that can be written down, and done again from there.

It stays in its folder: files and folders that it is asked for are those of its kit, nothing is opened by another
program, nothing is downloaded. As a program it plays alone, which is how it comes to a real display, and how a trail
is done again: ``python -m tests.helpers.monkey FOLDER --seed 1 --steps 2000``, ``--repeat STEPS``.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import logging
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from PySide6.QtCore import (
    QEventLoop,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    QSettings,
    Qt,
    QThread,
    QTimer,
    QtMsgType,
    QUrl,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenuBar,
    QWidget,
)

from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.lib.garbage import GarbageCollector
from fgbg_studio.gui.lib.image_grid import ImageGrid
from fgbg_studio.gui.lib.keys import Keys
from fgbg_studio.gui.lib.question import Question
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.start import page
from tests.conftest import draw_background, draw_cutout, write_picture
from tests.helpers.belief import Belief, FoundError
from tests.helpers.hands import DisplayHand, QtHand, Target, path_of, shown_windows, widget_at, window_of

FREEZE = 2.0
"""Seconds of processor time that a turn of the event loop may take; wall clocks say nothing on busy machines."""
LAST = 30
"""Steps that are told of when something went wrong."""
PLACES = ("backgrounds", "foregrounds", "preview", "generate", "dataset")
TEXTS = ("a", "12", "-0.5", "1e9", "<b>", "ä€😀", "../x", " ", "studio", "0")
SIZES = ((960, 600), (1280, 800), (1500, 940), (700, 500))
WARNINGS = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
NOT_OURS = ("This plugin does not support", "QXcb", "qt.qpa", "Mouse event at")  # of platforms and of Qt's own tests
STAYS = 12  # steps in a dialog until the monkey has had enough of it

Step = dict[str, Any]
"""What is done, and where: JSON's own kinds of values alone."""


class Monkey:
    """Plays with a window until it has done its steps, or something is found.

    Args:
        home: a folder with a project in ``project`` and with ``files`` to be dropped (`lay_out`).
        seed: of what it does.
        hand: that does it.
    """

    def __init__(self, home: Path, seed: int, hand: QtHand | None = None) -> None:
        self.home, self.seed, self.hand = home, seed, hand or QtHand()
        self.random = random.Random(seed)
        self.files = [*sorted(str(path) for path in (home / "files").iterdir()), str(home / "files" / "missing.png")]
        self.trail: list[Step] = []
        self._written = (home / "steps.jsonl").open("w", buffering=1)  # whatever becomes of the process
        self.troubles: list[str] = []
        self.done = self.in_dialog = 0
        self.longest = 0.0
        self.kinds: dict[str, int] = {}
        self.opened: dict[str, int] = {}
        self._began: tuple[float, float] | None = None
        self._level = -1  # of event loops within each other, while a step is done
        self._loop = QEventLoop()
        self.show_window()

    # The window

    def show_window(self) -> None:
        """Start the program, so to speak."""
        session = Session()
        self.belief = Belief(session)
        self.window = MainWindow(session)
        self.belief.panel = next(panel for panel in self.window.panels if isinstance(panel, ForegroundsPanel))
        self.window.resize(1280, 800)
        self.window.show()
        self.window.open_project(self.home / "project")

    def start_again(self) -> None:
        """The window was closed: a new one opens what was open."""
        before, old = self.belief, self.window
        old.session.deleteLater()
        old.deleteLater()
        self.show_window()
        now = self.belief
        now.folder, now.project, now.seeds, now.contents = before.folder, before.project, before.seeds, before.contents

    @property
    def session(self) -> Session:
        """Of the window that there is."""
        return self.window.session

    # Playing

    def play(self, steps: int) -> None:
        """Do so many steps by chance.

        Raises:
            FoundError: something must not be.
        """
        self._play(steps, self.choose)

    def repeat(self, steps: list[Step]) -> None:
        """Do these."""
        rest = iter(steps)
        self._play(len(steps), lambda: next(rest))

    def _play(self, steps: int, choose: Callable[[], Step]) -> None:
        self.steps, self._choose, self._rests = steps, choose, 0
        with watched(self.troubles, self.home / "files", self.random):
            QTimer.singleShot(0, self._turn)
            self._loop.exec()
        if self.troubles:
            raise FoundError(self._told())

    def _told(self) -> str:
        """What was found, after which steps; all of them are written down, for ``--repeat``."""
        last = "\n".join(map(json.dumps, self.trail[-LAST:]))
        return f"seed {self.seed}, step {self.done}, all in {self._written.name}; the last:\n{last}\n{self.troubles[0]}"

    def _turn(self) -> None:
        if self._level == QThread.currentThread().loopLevel():  # within a step that lets events come, not in a dialog
            QTimer.singleShot(1, self._turn)
            return
        self._measure()
        pause = 0
        if self.troubles or (self.done >= self.steps and self._left()):
            self._loop.quit()
            return
        if self.done < self.steps:
            step = self._choose()
            self.done += 1
            self.trail.append(step)
            self._written.write(json.dumps(step) + "\n")
            self.kinds[step["do"]] = self.kinds.get(step["do"], 0) + 1
            pause = step.get("ms", 0)
        else:
            step = {"do": "keys", "keys": "Escape"}
            pause = 20
        QTimer.singleShot(pause, self._turn)  # first: a dialog that this step opens has a loop of its own
        outer, self._level = self._level, QThread.currentThread().loopLevel()
        try:
            self.do(step)
        except Exception:  # noqa: BLE001 (whatever it is)
            self.troubles.append(traceback.format_exc())
        self._level = outer
        self._began = time.monotonic() + pause / 1000, time.thread_time()

    def _measure(self) -> None:
        if self._began is not None:
            turn, processor = time.monotonic() - self._began[0], time.thread_time() - self._began[1]
            self._began = None
            self.longest = max(self.longest, processor)
            if processor > FREEZE:
                self.troubles.append(f"a turn of the event loop took {processor:.1f} s ({turn:.1f} s by the clock)")

    def _left(self) -> bool:
        """Whether no dialog is open any more; then the project is closed, opened and compared."""
        self._rests += 1
        open_ones = [one for one in (QApplication.activeModalWidget(), QApplication.activePopupWidget()) if one]
        if self._rests > 500:
            self.troubles.append(f"{[(one, one.isVisible(), one.window()) for one in open_ones]} stay open")
            return True
        if self._rests % 50 == 0:  # a menu of a window that is behind another takes no keys without a window system
            for one in open_ones:
                one.close()
        return not open_ones

    def end(self) -> None:
        """Save, close, open, compare, close."""
        with watched(self.troubles, self.home / "files", self.random):
            for _ in range(2):
                if not self.window.isVisible():
                    self.start_again()
                if not self.session.is_open:
                    self.window.open_project(self.belief.folder or self.home / "project")
                self._wait(lambda: self.session.is_open, "the project is open")
                self._wait(lambda: not self.session.jobs.busy, "all work has ended", stop=True)
                self.belief.saved_by_hand = self.session.save_now()
                self.belief.check()
                begun = time.monotonic()
                self.session.close()
                self.window.close()
                if time.monotonic() - begun > 5:
                    self.troubles.append("closing took longer than five seconds")
        self.window.session.deleteLater()
        self.window.deleteLater()
        self._written.close()
        if self.troubles:
            raise FoundError(self._told())

    def _wait(self, holds: Callable[[], bool], what: str, *, stop: bool = False) -> None:
        end = time.monotonic() + 120
        while not holds() and not self.troubles:
            if stop:
                for worker in list(self.session.jobs.visible):
                    worker.cancel()
            if time.monotonic() > end:
                raise FoundError(f"never: {what}; there are {[w.title for w in self.session.jobs._workers]}")
            QTest.qWait(10)

    # Choosing a step

    def choose(self) -> Step:
        """What comes next, by chance."""
        modal = QApplication.activeModalWidget()
        self.in_dialog = self.in_dialog + 1 if modal is not None else 0
        if self.in_dialog > STAYS:
            return {"do": "keys", "keys": "Escape"}
        if not self.window.isVisible():
            return {"do": "start"}
        if not self.session.is_open and modal is None and self.random.random() < 0.3:
            return {"do": "open"}
        kind = self.random.choices(list(CHOICES), list(CHOICES.values()))[0]
        return getattr(self, f"_choose_{kind}")() or {"do": "wait", "ms": 1}

    def _choose_click(self) -> Step | None:
        button = self.random.choices(["left", "right", "middle"], [8, 2, 0.2])[0]
        held = self.random.choices(["", "Ctrl", "Shift"], [8, 1, 1])[0]
        return self._somewhere({"do": "click", "button": button, "held": held})

    def _choose_double(self) -> Step | None:
        return self._somewhere({"do": "double"})

    def _choose_keys(self) -> Step:
        means = self.random.choice(list(Keys))
        if means in {Keys.QUIT, Keys.CLOSE, Keys.NEW} and self.random.random() < 0.8:
            means = Keys.NEXT  # else it would be at the start page half of the time
        words = ["Tab", "Shift+Tab", "Space", "Up", "Down", "Left", "Right", "Backspace", "PgDown", "Escape"]
        odd = self.random.random() < 0.25
        return {"do": "keys", "keys": self.random.choice(words) if odd else self.random.choice(means.value)}

    def _choose_text(self) -> Step:
        return {"do": "text", "text": self.random.choice(TEXTS)}

    def _choose_drag(self) -> Step | None:
        way = [[round(self.random.uniform(-0.1, 1.1), 3) for _ in range(2)] for _ in range(self.random.randint(2, 6))]
        step = {"do": "drag", "button": self.random.choice(["left", "left", "right"]), "way": way}
        canvas = self.belief.panel.canvas
        if canvas.isVisible() and canvas.isEnabled() and self.random.random() < 0.6:
            return {**step, "at": path_of(canvas)}
        return self._somewhere(step)

    def _choose_wheel(self) -> Step | None:
        notches, held = self.random.choice([-3, -1, 1, 3]), self.random.choice(["", "", "Ctrl"])
        return self._somewhere({"do": "wheel", "notches": notches, "held": held})

    def _choose_drop(self) -> Step:
        return {"do": "drop", "files": self.random.sample(self.files, self.random.choice([1, 1, 2, 4]))}

    def _choose_wait(self) -> Step:
        return {"do": "wait", "ms": self.random.choice([0, 5, 20, 100, 400])}

    def _choose_place(self) -> Step:
        return {"do": "place", "place": self.random.choice(PLACES)}

    def _choose_theme(self) -> Step:
        return {"do": "theme", "mode": self.random.choice(["light", "dark", "system"])}

    def _choose_size(self) -> Step:
        return {"do": "size", "size": list(self.random.choice(SIZES))}

    def _choose_leave(self) -> Step:
        return {"do": "leave", "quit": self.random.random() < 0.5}

    def _choose_look(self) -> Step:
        return {"do": "look"}

    def _somewhere(self, step: Step) -> Step | None:
        top = self.random.choice(shown_windows() or [self.window])
        inner = [one for one in top.findChildren(QWidget) if one.isVisible() and one.isEnabled() and not one.isWindow()]
        seen = [one for one in inner if not one.visibleRegion().isEmpty()]
        if not seen:
            seen = [top]  # a menu
        x, y = (round(self.random.uniform(0.05, 0.95), 3) for _ in range(2))
        liked = [one for one in seen if isinstance(one, ANSWERS)]
        if liked and self.random.random() < 0.7:
            seen = liked
        return {**step, "at": path_of(self.random.choice(seen)), "x": x, "y": y}

    # Doing a step

    def do(self, step: Step) -> None:
        """Do it, as far as it can be done now."""
        getattr(self, f"_do_{step['do']}")(step)

    def _do_click(self, step: Step) -> None:
        widget = widget_at(step["at"])
        if widget is None:
            return
        self.remember(widget)
        held = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Shift": Qt.KeyboardModifier.ShiftModifier}
        keys = held.get(step["held"], Qt.KeyboardModifier.NoModifier)
        buttons = {"left": Qt.MouseButton.LeftButton, "right": Qt.MouseButton.RightButton}
        window, at = self._spot(widget, step["x"], step["y"])
        self.hand.click(window, at, buttons.get(step["button"], Qt.MouseButton.MiddleButton), keys)

    def remember(self, widget: QWidget) -> None:
        """What a person who clicks there believes from then on."""
        dialog = widget.window()
        saves = isinstance(dialog, Question) and dialog.buttons.get("save") is widget
        self.belief.saved_by_hand = saves and isinstance(self.hand, QtHand) and type(self.hand) is QtHand

    def _do_double(self, step: Step) -> None:
        widget = widget_at(step["at"])
        if widget is not None:
            self.hand.double_click(*self._spot(widget, step["x"], step["y"]))

    def _do_keys(self, step: Step) -> None:
        self.hand.keys(self._focus_window(), step["keys"])

    def _do_text(self, step: Step) -> None:
        self.hand.text(self._focus_window(), step["text"])

    def _do_drag(self, step: Step) -> None:
        widget = widget_at(step["at"])
        if widget is None:
            return
        window = self._spot(widget, 0, 0)[0]
        points = [self._spot(widget, x, y)[1] for x, y in step["way"]]
        button = Qt.MouseButton.RightButton if step["button"] == "right" else Qt.MouseButton.LeftButton
        self.hand.drag(window, points, button)

    def _do_wheel(self, step: Step) -> None:
        widget = widget_at(step["at"])
        if widget is not None:
            keys = Qt.KeyboardModifier.ControlModifier if step["held"] else Qt.KeyboardModifier.NoModifier
            self.hand.wheel(*self._spot(widget, step["x"], step["y"]), step["notches"], keys)

    def _do_drop(self, step: Step) -> None:
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return
        data, at = QMimeData(), QPoint(self.window.width() // 2, self.window.height() // 2)
        data.setUrls([QUrl.fromLocalFile(file) for file in step["files"]])
        ways = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(at, ways, data, left, none)
        enter.ignore()
        QApplication.sendEvent(self.window, enter)
        if enter.isAccepted():
            QApplication.sendEvent(self.window, QDragMoveEvent(at, ways, data, left, none))
            QApplication.sendEvent(self.window, QDropEvent(QPointF(at), ways, data, left, none))

    def _do_wait(self, step: Step) -> None:
        """The next step comes later."""

    def _do_place(self, step: Step) -> None:
        if self.session.is_open and QApplication.activeModalWidget() is None:
            self.window.workspace.show_place(step["place"])

    def _do_theme(self, step: Step) -> None:
        self.window.set_mode(step["mode"])

    def _do_size(self, step: Step) -> None:
        self.window.resize(*step["size"])

    def _do_open(self, step: Step) -> None:
        self.window.open_project(self.belief.folder or self.home / "project")

    def _do_start(self, step: Step) -> None:
        self.start_again()

    def _do_leave(self, step: Step) -> None:
        if QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
            self.window.close() if step["quit"] else self.window.close_project()

    def _do_look(self, step: Step) -> None:
        if self.session.is_open and not self.session.jobs.busy:
            self.belief.check()

    def _spot(self, widget: QWidget, x: float, y: float) -> tuple[Target, QPoint]:
        """A place in what is seen of a widget (shares of its sides), in its window."""
        seen = widget.visibleRegion().boundingRect()
        at = QPoint(seen.x() + round(x * (seen.width() - 1)), seen.y() + round(y * (seen.height() - 1)))
        top = widget.window()
        inside = widget.mapTo(top, at)
        inside = QPoint(min(max(inside.x(), 0), top.width() - 1), min(max(inside.y(), 0), top.height() - 1))
        return window_of(top), inside

    def _focus_window(self) -> Target:
        return window_of(QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window)


ANSWERS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QMenuBar, ImageGrid)
"""What a hand goes to more often than to words and empty space."""
CHOICES = {
    "click": 40, "double": 3, "keys": 22, "text": 4, "drag": 12, "wheel": 5, "drop": 1.5, "wait": 10, "place": 4,
    "theme": 0.3, "size": 0.5, "leave": 0.4, "look": 1,
}  # fmt: skip


# What it watches


@contextmanager
def watched(troubles: list[str], files: Path, chance: random.Random) -> Iterator[None]:
    """Put into ``troubles`` what must never be; the system's dialogs for files are answered by chance."""

    def choice(*_: object, **__: object) -> str:
        return "" if chance.random() < 0.3 else str(chance.choice(sorted(files.iterdir())))

    def folder(*_: object, **__: object) -> str:
        return chance.choice(["", str(files / "folder"), str(files.parent / "project"), str(files.parent / "outputs")])

    def target(*_: object, **__: object) -> tuple[str, str]:
        return chance.choice(["", str(files.parent / "written" / "log.txt"), str(files.parent / "log.txt")]), ""

    def hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        troubles.append("".join(traceback.format_exception(kind, error, trace)))

    def message(kind: QtMsgType, _: object, text: str) -> None:
        if kind in WARNINGS and not text.startswith(NOT_OURS):
            troubles.append(f"Qt: {text}\n{''.join(traceback.format_stack(limit=12))}")

    class Log(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            troubles.append(f"the log: {self.format(record)}")

    told = Log(logging.WARNING)
    logger = logging.getLogger("fgbg_studio")
    before, sys.excepthook = sys.excepthook, hook
    qt = qInstallMessageHandler(message)
    logger.addHandler(told)
    outside = _Outside()
    for scheme in ("file", "http", "https", "mailto"):
        QDesktopServices.setUrlHandler(scheme, outside, "open")
    answers: Mapping[str, object] = {
        "getExistingDirectory": folder, "getOpenFileName": lambda *a, **k: (choice(), ""), "getSaveFileName": target,
        "getOpenFileNames": lambda *a, **k: ([one] if (one := choice()) else [], ""),
    }  # fmt: skip
    closed = {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}  # nothing is downloaded
    try:
        with mock.patch.multiple(QFileDialog, **answers), mock.patch.dict(os.environ, closed):
            yield
    finally:
        for scheme in ("file", "http", "https", "mailto"):
            QDesktopServices.unsetUrlHandler(scheme)
        logger.removeHandler(told)
        qInstallMessageHandler(qt)
        sys.excepthook = before


class _Outside(QObject):
    """Takes what would be opened by another program."""

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """Nothing."""


def lay_out(home: Path) -> None:
    """Make the project and the files of a `Monkey`."""
    project, files = home / "project", home / "files"
    storage.create(project, "studio-256", {"goal.backgrounds": 4})
    backgrounds = [write_picture(files / f"b{n}.png", draw_background(n, 300 + n, 260)) for n in range(5)]
    cutouts = [write_picture(files / f"cut{n}.png", draw_cutout(n, 56 + 4 * n)) for n in range(4)]
    add_backgrounds(project, backgrounds[:3])
    add_foregrounds(project, cutouts[:2])
    for n, (width, height) in enumerate([(480, 400), (700, 500), (1200, 900)]):
        write_picture(files / f"photo{n}.png", draw_background(20 + n, width, height))
        write_picture(project / "photos" / f"p{n}.png", draw_background(10 + n, width, height))
    write_picture(files / "folder" / "within" / "b9.png", draw_background(9))
    (files / "empty.png").touch()
    (files / "broken.jpg").write_bytes((files / "b0.png").read_bytes()[:2000])
    (files / "words.txt").write_text("no picture")
    write_picture(files / "<b>ä 😀'\".png", draw_background(40))
    (home / "outputs").mkdir()
    (home / "written").mkdir()


def main(arguments: list[str] | None = None) -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--repeat", type=Path, help="a file of steps, one a line")
    asked = parser.parse_args(arguments)
    faulthandler.enable()
    if not (asked.home / "project").exists():
        lay_out(asked.home)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(asked.home / "settings"))
    page.projects_folder = lambda: asked.home / "projects"
    app = QApplication.instance() or QApplication([])
    theme.start(app, "light")
    collector = GarbageCollector(app)
    hand = DisplayHand() if QApplication.platformName() == "xcb" else QtHand()
    monkey = Monkey(asked.home, asked.seed, hand)
    if asked.repeat:
        monkey.repeat([json.loads(line) for line in asked.repeat.read_text().splitlines()])
    else:
        monkey.play(asked.steps)
    monkey.end()
    collector.stop()
    print(f"seed {asked.seed}: {monkey.done} steps, {monkey.kinds}, longest turn {monkey.longest:.2f} s")  # noqa: T201


if __name__ == "__main__":
    try:
        main()
    except FoundError as found:
        print(found, flush=True)  # noqa: T201
        os._exit(1)  # whatever is open
