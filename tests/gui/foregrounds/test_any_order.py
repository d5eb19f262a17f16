"""The cutting place in any order and any haste, on the real widgets, beside a plain model of what a person did.

Each rule is one thing that a person does; most are followed by the next at once, as by somebody in a hurry. What
must hold at any moment is compared after each of them; what holds once everything has arrived, after a rest, after
a reopening and after a crash.

Rules follow each other by chance (`FGBG_SEED`), weighed as in a day's work; in the long form hypothesis chooses too.

In the short form one window opens every project after the other, and photos are smaller: a window costs as much as
thirty steps. In the long form each reopening has a window of its own, as with a person.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.seeds import Rectangle, Seed, Stroke, newest_area
from fgbg_studio.core.cutting.work import load_work
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.session.session import Session
from tests.conftest import SOAK, draw_background, longer, write_picture

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
STEPS, EXAMPLES = (
    int(os.environ.get("FGBG_STEPS", longer("20", "25"))),
    int(os.environ.get("FGBG_EXAMPLES", longer("2", "60"))),
)
SEED = int(os.environ.get("FGBG_SEED", "1"))
PATIENCE = 120.0
ON_DISK = 2.0
"""Seconds after which a stroke is on the disk."""
PHOTOS = {
    "small": (480, 400), "middle": longer((1000, 750), (2000, 1500)), "large": longer((2000, 1500), (4000, 3000)),
}  # fmt: skip
if os.environ.get("FGBG_LARGEST"):
    PHOTOS["largest"] = (8000, 6000)


@dataclass(frozen=True)
class Step:
    """What holds after one step of undo."""

    drawn: tuple[Seed, ...] = ()
    kept: bool = False
    feather: float = 0.0
    text: str = ""


@dataclass
class Cutting:
    """One photo as the person left it."""

    steps: list[Step] = field(default_factory=lambda: [Step()])
    at: int = 0

    @property
    def now(self) -> Step:
        return self.steps[self.at]

    def add(self, step: Step) -> None:
        self.steps[self.at + 1 :] = [step]
        self.at += 1


def draw_photo(width: int, height: int, seed: int) -> Pixels:
    """A disc with a bar below it, on a noisy ground."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / min(width, height)
    middle = width / min(width, height) / 2
    photo = np.full((height, width, 3), (60, 130, 70), np.int16)
    photo[np.hypot(rows - 0.4, columns - middle) < 0.25] = (200, 50, 40)
    photo[(rows > 0.62) & (rows < 0.85) & (abs(columns - middle) < 0.2)] = (40, 60, 190)
    noise = np.random.default_rng(seed).integers(-8, 9, (height, width, 1), np.int16)
    return np.clip(photo + noise, 0, 255).astype(np.uint8)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Let the window go on until it holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what} within {PATIENCE:.0f} s"
        QTest.qWait(5)


def new_window() -> MainWindow:
    window = MainWindow(Session())
    window.resize(1100, 750)
    window.show()
    return window


def put_away(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, 52)
    QTest.qWait(1)


class CuttingPlace(RuleBasedStateMachine):
    """See the module."""

    template: Path
    folder: Path
    shared: MainWindow | None

    @override
    def __init__(self) -> None:
        super().__init__()
        self.names = list(PHOTOS)
        self.model: dict[str, Cutting] = {name: Cutting() for name in self.names}
        self.keeping: set[str] = set()
        self.homes = 0
        self.session: Session | None = None

    # The window

    @initialize()
    def begin(self) -> None:
        self.home = self.folder / f"run-{time.monotonic_ns()}"
        shutil.copytree(self.template, self.home / "project")
        self.project = self.home / "project"
        self.start()

    def start(self) -> None:
        self.window = self.shared or new_window()
        self.session = self.window.session
        self.session.open(self.project)
        wait_until(lambda: self.session is not None and self.session.is_open, "the project is open")
        self.window.workspace.show_place("foregrounds")
        self.panel = next(panel for panel in self.window.panels if isinstance(panel, ForegroundsPanel))
        wait_until(lambda: self.listed() >= set(self.names), "the photos are listed")

    def stop(self) -> None:
        """As a program that dies: nothing is asked, nothing is saved on the way out."""
        assert self.session is not None
        if not self.shared:
            self.session.jobs.stop()
        self.session.close()
        if self.shared:
            wait_until(lambda: not self.window.session.jobs.busy, "all work ends")
        else:
            put_away(self.window)

    @override
    def teardown(self) -> None:
        if self.session is not None:
            self.rest()
            self.all_is_there()
            self.come_back_another_day()
            self.stop()
            shutil.rmtree(self.home, ignore_errors=True)

    # What is seen

    def listed(self) -> set[str]:
        """The names in the strip."""
        return {Path(key).stem for key in self.panel.strip.view.grid.keys}

    @property
    def open_name(self) -> str:
        """The photo that is shown and takes what is done; empty while there is none."""
        document = self.panel.document
        return document.path.stem if document else ""

    @property
    def at(self) -> Cutting:
        return self.model[self.open_name]

    @property
    def drawn(self) -> tuple[Seed, ...]:
        """What is drawn on the open photo."""
        assert self.panel.document is not None
        return self.panel.document.work.seeds

    def rest(self) -> None:
        """Wait until nothing runs any more."""
        wait_until(self.resting, "all work ends")
        self.keeping.clear()

    def resting(self) -> bool:
        assert self.session is not None
        document = self.panel.document
        waits = document is not None and (document.cutting or document.refining)
        return not waits and not self.session.jobs.busy

    def place(self, x: float, y: float) -> QPoint:
        """A place of the photo, as shares of its sides, on the canvas."""
        canvas = self.panel.canvas
        width, height = canvas.photo_size
        ratio = canvas.devicePixelRatioF()
        right, down = canvas.camera.to_screen(x * width, y * height)
        return QPoint(round(right / ratio), round(down / ratio))

    def drag(self, places: list[tuple[float, float]], button: Qt.MouseButton = LEFT) -> None:
        canvas = self.panel.canvas
        points = [self.place(*place) for place in places]
        QTest.mousePress(canvas, button, NONE, points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, button, NONE, points[-1])

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.window, key, modifier)

    def take(self, name: str) -> bool:
        """Take a tool into the hand; whether it can be."""
        action = self.panel.act[f"foregrounds.{name}"]
        if action.isEnabled():
            action.trigger()
        return action.isEnabled()

    def can(self, name: str) -> bool:
        return self.panel.act[f"foregrounds.{name}"].isEnabled()

    def settle_keeping(self) -> None:
        """A step drawn beside a keep that runs could come before or after it: wait for that one."""
        if self.open_name in self.keeping:
            self.rest()

    # What a person does

    @rule(name=st.sampled_from(list(PHOTOS)))
    def choose(self, name: str) -> None:
        view = self.panel.strip.view
        row = next(row for row, key in enumerate(view.grid.keys) if Path(key).stem == name)
        index = view.grid.index(row)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, NONE, view.visualRect(index).center())

    @rule(key=st.sampled_from([Qt.Key.Key_A, Qt.Key.Key_D]))
    def go_on(self, key: Qt.Key) -> None:
        self.key(key)

    @rule(left=st.floats(0.05, 0.3), top=st.floats(0.02, 0.12))
    def draw_rectangle(self, left: float, top: float) -> None:
        self.settle_keeping()
        if self.open_name and self.take("rectangle"):
            self.drag([(left, top), (1 - left, 0.95)])
            drawn = self.drawn  # which strokes a new rectangle leaves in force is its own matter
            assert isinstance(newest_area(drawn), Rectangle)
            if drawn != self.at.now.drawn:
                self.at.add(replace(self.at.now, drawn=drawn, text="rectangle"))

    @rule(
        x=st.floats(0.2, 0.8), y=st.floats(0.2, 0.8), length=st.floats(0.02, 0.15),
        button=st.sampled_from([LEFT, RIGHT]),
    )  # fmt: skip
    def draw_stroke(self, x: float, y: float, length: float, button: Qt.MouseButton) -> None:
        self.settle_keeping()
        if self.open_name and self.take("mark"):
            self.panel.control.set_meaning(True)
            self.drag([(x, y), (x + length / 2, y), (x + length, y + length / 2)], button)
            *before, stroke = self.drawn
            assert tuple(before) == self.at.now.drawn
            assert isinstance(stroke, Stroke)
            assert stroke.object == (button is LEFT)
            self.at.add(replace(self.at.now, drawn=self.drawn, text="stroke"))

    @rule(x=st.floats(0.3, 0.6), y=st.floats(0.3, 0.6))
    def paint(self, x: float, y: float) -> None:
        self.settle_keeping()
        if self.open_name and self.take("add-alpha"):
            document = self.panel.document
            assert document is not None
            before = document.alpha.copy(), document.painted.copy()
            self.drag([(x, y), (x + 0.05, y)])
            if any(map(np.any, (before[0] != document.alpha, before[1] != document.painted))):
                self.at.add(replace(self.at.now, text="paint in"))

    @rule(feather=st.sampled_from([0.0, 0.5, 1.5, 3.0]))
    def set_feather(self, feather: float) -> None:
        self.settle_keeping()
        if self.open_name and self.at.now.feather != feather:
            assert self.panel.document is not None
            top = self.panel.document.undo_stack.undoText()  # "cut", where the stroke's cut came after the finish
            self.panel.form.feather.field.setValue(feather)
            step = replace(self.at.now, feather=feather, text="finish")
            if self.at.now.text == top == "finish" and self.at.at == len(self.at.steps) - 1:
                self.at.steps[-1] = step
            else:
                self.at.add(step)

    @rule(goes_on=st.booleans())
    def keep(self, goes_on: bool) -> None:
        self.settle_keeping()
        if self.open_name and self.can("keep") and self.means_something():
            name = self.open_name
            self.key(Qt.Key.Key_Return, CTRL | SHIFT if goes_on else CTRL)
            kept = self.model[name]
            if not kept.now.kept:
                kept.add(replace(kept.now, kept=True, text="keep"))
                self.keeping.add(name)
            else:
                self.keep_again(name)

    def means_something(self) -> bool:
        """Whether a cut by what is drawn has anything in it."""
        return any(isinstance(seed, Rectangle) or (isinstance(seed, Stroke) and seed.object) for seed in self.drawn)

    def keep_again(self, name: str) -> None:
        """Whether the cutout is another one by now, so that it is a step, is seen once it has come."""
        self.rest()
        self.open(name)
        if self.steps() > len(self.at.steps) - 1 or self.steps(done=True) > self.at.at:
            self.at.add(replace(self.at.now, text="keep"))

    @rule(forward=st.booleans())
    def undo_or_redo(self, forward: bool) -> None:
        self.settle_keeping()
        if self.open_name:
            document = self.panel.document
            assert document is not None
            stack = document.undo_stack
            text, could = (stack.redoText(), stack.canRedo()) if forward else (stack.undoText(), stack.canUndo())
            self.key(Qt.Key.Key_Z, CTRL | SHIFT if forward else CTRL)
            if could and text != "cut":
                self.at.at += 1 if forward else -1

    @rule()
    def look_elsewhere(self) -> None:
        self.key(Qt.Key.Key_1, CTRL)
        self.key(Qt.Key.Key_2, CTRL)

    @rule()
    def save(self) -> None:
        self.key(Qt.Key.Key_S, CTRL)

    @rule()
    def save_and_close_and_open(self) -> None:
        assert self.session is not None
        self.panel.unfinished()
        assert self.session.save_now()
        self.session.close()
        self.stop()
        self.start()
        self.rest()

    @rule()
    def come_back_another_day(self) -> None:
        """Nothing is known of the photos but what lies on the disk: each can be undone to its first step, and redone.

        What undo and redo lead to is drawn, kept and finished as it was then; redo leads to the very pixels that were
        there before undo, and of the photo that was open these are those of the day before.
        """
        assert self.session is not None
        self.rest()
        name, document = self.open_name, self.panel.document
        alpha = document.alpha.copy() if document else None
        self.panel.unfinished()
        assert self.session.save_now()
        self.stop()
        self.start()
        for other in self.names:
            if len(self.model[other].steps) > 1:
                self.open(other)
                assert self.panel.document is not None
                if other == name and alpha is not None:
                    assert np.array_equal(self.panel.document.alpha, alpha)
                self.undo_and_redo_all()

    def open(self, name: str) -> None:
        """Open a photo, and wait for it and all that it waits for."""
        self.choose(name)
        wait_until(lambda: self.open_name == name, "the photo is open")
        self.rest()

    def steps(self, *, done: bool = False) -> int:
        """How many steps the open photo has, or how many are done; cuts that came by themselves are none."""
        assert self.panel.document is not None
        stack = self.panel.document.undo_stack
        return sum(stack.text(number) != "cut" for number in range(stack.index() if done else stack.count()))

    def undo_and_redo_all(self) -> None:
        """From where the open photo stands to its first step, to its last, and back."""
        document, at = self.panel.document, self.at.at
        assert document is not None
        stack, start = document.undo_stack, document.undo_stack.index()
        seen: dict[int, Pixels] = {}
        for number in (*range(start, -1, -1), *range(1, stack.count() + 1), *range(stack.count() - 1, start - 1, -1)):
            while stack.index() != number:
                self.key(Qt.Key.Key_Z, CTRL | SHIFT if number > stack.index() else CTRL)
            wait_until(lambda: not document.at_work, "the cut has come")
            self.at.at = self.steps(done=True)
            assert document.work.seeds == self.at.now.drawn
            assert np.array_equal(seen.setdefault(number, document.alpha.copy()), document.alpha), number
            self.all_is_there()
        assert self.at.at == at

    @rule()
    def wait(self) -> None:
        self.rest()

    @rule()
    def wait_and_look_at_the_disk(self) -> None:
        QTest.qWait(round(ON_DISK * 1000))
        for name, cutting in self.model.items():
            file = next((self.project / "photos").glob(f"{name}.jpg"))
            assert load_work(file).seeds == cutting.now.drawn, name

    @rule()
    def crash(self) -> None:
        """The folder as it is two seconds after the last stroke, opened by another program."""
        self.rest()
        QTest.qWait(round(ON_DISK * 1000) + 300)  # the project's own recovery file is written as late as that
        self.rest()  # a folder cannot be copied at one moment, so not while something is written
        self.homes += 1
        other = self.home / f"after-crash-{self.homes}"
        shutil.copytree(self.project, other, ignore=shutil.ignore_patterns(".lock", "*.lock"))
        self.stop()
        self.project = other
        self.start()
        self.rest()

    # What holds at any moment

    @invariant()
    def one_photo(self) -> None:
        """What is selected, what is shown and what is acted on are the same."""
        if self.session is None or not self.open_name:
            return
        document, canvas, strip = self.panel.document, self.panel.canvas, self.panel.strip
        assert document is not None
        assert canvas.document is document
        assert strip.view.chosen() == [str(document.path)]
        assert document.path == self.panel.controller.state.path
        assert document.work.seeds == self.at.now.drawn

    @precondition(lambda self: self.session is not None and self.resting())
    @invariant()
    def all_is_there(self) -> None:
        """Once all has arrived: strips, steps, cutouts."""
        assert self.session is not None
        kept = {name for name, cutting in self.model.items() if cutting.now.kept}
        assert {Path(f.file).stem for f in self.session.project.foregrounds if f.status == "good"} == kept
        document = self.panel.document
        if document is not None:
            assert self.steps(done=True) == self.at.at
            assert self.steps() == len(self.at.steps) - 1
            assert document.work.finish.feather == self.at.now.feather


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two backgrounds and photos of all sizes, none of them cut."""
    folder = tmp_path_factory.mktemp("any-order") / "template"
    storage.create(folder, "studio-256")
    for number in range(2):
        write_picture(folder / "backgrounds" / f"b{number}.png", draw_background(number, 300, 260))
    for number, (name, (width, height)) in enumerate(PHOTOS.items()):
        write_picture(folder / "photos" / f"{name}.jpg", draw_photo(width, height, number))
    return folder


def at_random(place: CuttingPlace, chance: random.Random) -> None:
    """One of the rules, the likelier the more of it a day at the cutting place has."""
    if not place.open_name and chance.random() < 0.8:
        wait_until(lambda: bool(place.open_name), "the photo is open")  # mostly one waits for what one cuts
    between = chance.uniform
    (act,) = chance.choices(
        [
            lambda: place.choose(name=chance.choice(place.names)),
            lambda: place.go_on(key=chance.choice([Qt.Key.Key_A, Qt.Key.Key_D])),
            lambda: place.draw_rectangle(left=between(0.05, 0.3), top=between(0.02, 0.12)),
            lambda: place.draw_stroke(
                x=between(0.2, 0.8), y=between(0.2, 0.8), length=between(0.02, 0.15),
                button=chance.choice([LEFT, RIGHT]),
            ),
            lambda: place.paint(x=between(0.3, 0.6), y=between(0.3, 0.6)),
            lambda: place.set_feather(feather=chance.choice([0.0, 0.5, 1.5, 3.0])),
            lambda: place.keep(goes_on=chance.random() < 0.5),
            lambda: place.undo_or_redo(forward=chance.random() < 0.3),
            place.look_elsewhere, place.save, place.save_and_close_and_open, place.wait,
            place.wait_and_look_at_the_disk, place.crash,
        ],
        [4, 2, 6, 6, 2, 2, 4, 6, 1, 1, 1, 2, 0.5, 0.3],
    )  # fmt: skip
    act()


def test_any_order_and_any_haste(qapp: QApplication, template: Path, tmp_path: Path) -> None:
    shared = None if SOAK else new_window()
    CuttingPlace.template, CuttingPlace.folder, CuttingPlace.shared = template, tmp_path, shared
    for example in range(EXAMPLES):
        chance, place = random.Random(SEED + example), CuttingPlace()
        place.begin()
        for _ in range(STEPS):
            at_random(place, chance)
            place.one_photo()
            if place.resting():
                place.all_is_there()
        place.teardown()
    if shared:
        shared.session.jobs.stop()
        put_away(shared)


@pytest.mark.skipif(not SOAK, reason="what breaks is made shorter by it, which takes long")
def test_any_order_and_any_haste_made_short(qapp: QApplication, template: Path, tmp_path: Path) -> None:
    CuttingPlace.template, CuttingPlace.folder, CuttingPlace.shared = template, tmp_path, None
    run_state_machine_as_test(
        CuttingPlace,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=True, phases=[Phase.generate],
        ),
    )  # fmt: skip
