"""What is selected, shown and acted on are one photo, and every result arrives at the photo that it is for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting import saliency
from fgbg_studio.core.cutting.seeds import Guess, Rectangle, Seed, packed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.work import ALPHA, beside, load, load_work
from fgbg_studio.gui.foregrounds import controller, open_photos
from fgbg_studio.gui.foregrounds.controller import Standing
from fgbg_studio.gui.foregrounds.open_photos import BUDGET
from fgbg_studio.gui.lib import memory
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import Hands, draw_photo, hands

__all__ = ["hands"]  # a fixture

CTRL = Qt.KeyboardModifier.ControlModifier
RECTANGLE = [(50.0, 20.0), (190.0, 185.0)]


class Gate:
    """Holds work on threads up until a test lets it go on."""

    def __init__(self) -> None:
        self.open, self.reached = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.reached.set()
        assert self.open.wait(120)


def guess_of_the_middle() -> Guess:
    """As a network may answer, whatever the photo."""
    trimap = np.zeros((20, 24), np.uint8)
    trimap[4:14, 8:16] = 255
    return Guess(trimap=packed(trimap))


@dataclass(frozen=True)
class Gated(Segmenter):
    """Cuts the newest rectangle out, when it may; not registered, for it has no name."""

    gate: Any = None

    def prepare(self, photo: Pixels) -> PreparedPhoto:
        return _Cutter(self.gate, photo.shape[:2])


class _Cutter(PreparedPhoto):
    def __init__(self, gate: Gate, shape: tuple[int, ...]) -> None:
        self._gate, self._shape = gate, shape

    def cut(self, seeds: tuple[Seed, ...], previous: Pixels | None = None) -> Pixels:
        self._gate.wait()
        alpha = np.zeros(self._shape, np.uint8)
        boxes: list[Box] = [seed.box for seed in seeds if isinstance(seed, Rectangle)]
        x, y, width, height = boxes[-1] if boxes else (5, 5, 20, 20)
        alpha[y + 10 : y + height - 10, x + 10 : x + width - 10] = 255
        return alpha


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Every cut waits for it."""
    made = Gate()
    monkeypatch.setattr(Segmenter, "default", staticmethod(lambda: Gated(made)))
    yield made
    made.open.set()


@pytest.fixture
def three(hands: Hands, tmp_path: Path) -> Hands:
    """Photos one, two and three are in the project; one is open."""
    photo = draw_photo()
    names = {"one": photo, "two": photo[::-1], "three": photo[:, ::-1]}
    hands.add(*(write_picture(tmp_path / f"{name}.png", pixels) for name, pixels in names.items()))
    return hands


def stem(hands: Hands) -> str:
    return hands.panel.document.path.stem if hands.panel.document else ""


def go(hands: Hands, name: str) -> None:
    panel = hands.panel
    panel.controller.open(hands.window.session.folder / "photos" / f"{name}.png")
    hands.qtbot.waitUntil(lambda: stem(hands) == name)


def selected(hands: Hands) -> Path:
    (item,) = hands.panel.strip.selected()
    return item.path


def seeds_on_disk(hands: Hands, name: str) -> tuple[Seed, ...]:
    return load_work(hands.window.session.folder / "photos" / f"{name}.png").seeds


def opening_waits(monkeypatch: pytest.MonkeyPatch, name: str) -> Gate:
    made, done = Gate(), open_photos.open_photo

    def wait(path: Path, foreground: str = "") -> Any:
        if path.stem == name:
            made.wait()
        return done(path, foreground)

    monkeypatch.setattr(open_photos, "open_photo", wait)
    return made


def test_while_a_photo_loads_nothing_acts_on_any(three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    three.drag(RECTANGLE)
    three.rest()
    panel, one = three.panel, three.panel.document
    assert one
    work, alpha, foregrounds = one.work, one.alpha.copy(), three.window.session.project
    monkeypatch.setattr(open_photos, "BUDGET", 0)
    go(three, "two")
    go(three, "one")
    gate = opening_waits(monkeypatch, "three")
    three.panel.controller._open.drop([three.window.session.folder / "photos" / "three.png"])
    size, scale = panel.canvas.size(), panel.canvas.camera
    panel.controller.open(three.window.session.folder / "photos" / "three.png")
    state = panel.controller.state
    assert (state.standing, state.path) == (Standing.LOADING, selected(three))
    assert panel.document is None
    assert panel.cover.isVisibleTo(panel)
    assert panel.cover.text == ""  # it may be there in a moment
    qtbot.waitUntil(lambda: panel.cover.text == "Opening three.png…")
    assert panel.canvas.size() == size
    QTest.mousePress(panel.cover, Qt.MouseButton.LeftButton, pos=panel.cover.rect().center())
    QTest.mouseRelease(panel.cover, Qt.MouseButton.LeftButton, pos=panel.cover.rect().center())
    for key in (Qt.Key.Key_G, Qt.Key.Key_X, Qt.Key.Key_Return, Qt.Key.Key_B, Qt.Key.Key_S):
        three.key(key)
    three.key(Qt.Key.Key_Return, CTRL)
    three.key(Qt.Key.Key_Z, CTRL)
    for name in ("keep", "guess", "run", "rectangle", "mark", "reject", "swap"):
        assert not panel.act[f"foregrounds.{name}"].isEnabled()
    assert three.window.session.project == foregrounds
    gate.open.set()
    qtbot.waitUntil(lambda: stem(three) == "three")
    assert not panel.cover.isVisibleTo(panel)
    assert panel.controller.state.standing is Standing.EMPTY
    assert panel.document
    assert panel.document.work.seeds == ()
    go(three, "one")
    three.rest()
    assert panel.document.work == work
    assert np.array_equal(three.alpha, alpha)
    assert panel.canvas.camera == scale


def test_a_photo_that_cannot_be_opened_is_the_one_that_is_acted_on(three: Hands, qtbot: QtBot) -> None:
    panel, session = three.panel, three.window.session
    three.drag(RECTANGLE)
    three.rest()
    with qtbot.waitSignal(session.changed):
        panel.controller.keep()
    three.rest()
    broken = session.folder / "photos" / "two.png"
    panel.controller._open.drop([broken])
    broken.write_bytes(b"no picture")
    panel.controller.open(broken)
    qtbot.waitUntil(lambda: panel.controller.state.standing is Standing.FAILED)
    state = panel.controller.state
    assert (state.path, selected(three), panel.document) == (broken, broken, None)
    assert "two.png" in panel.cover.text
    assert not panel.act["foregrounds.reject"].isEnabled()
    project = session.project
    three.key(Qt.Key.Key_X)
    three.key(Qt.Key.Key_Return, CTRL)
    assert session.project == project
    go(three, "one")
    assert panel.cover.text == ""
    assert panel.controller.state.standing is Standing.KEPT


def test_a_cut_that_runs_is_finished_for_its_photo(gate: Gate, three: Hands, qtbot: QtBot) -> None:
    panel = three.panel
    go(three, "two")
    three.drag(RECTANGLE)
    assert gate.reached.wait(120)
    assert panel.controller.state.standing is Standing.CUTTING
    go(three, "three")
    assert panel.controller.state.standing is Standing.EMPTY
    qtbot.wait(300)  # longer than it takes until it is said that something runs
    assert panel.line.work.text() == ""
    go(three, "two")
    assert panel.controller.state.standing is Standing.CUTTING
    qtbot.waitUntil(lambda: "Esc" in panel.line.work.text())
    go(three, "three")
    gate.open.set()
    two = three.window.session.folder / "photos" / "two.png"
    qtbot.waitUntil(lambda: beside(two, ALPHA).exists())
    assert not three.alpha.any()
    assert not load_work(two).cut_wanted
    go(three, "two")
    three.rest()
    assert three.alpha.any()
    assert panel.line.work.text() == ""
    three.key(Qt.Key.Key_Z, CTRL)  # stroke and cut are one step
    assert not three.alpha.any()
    assert panel.document
    assert panel.document.work.seeds == ()


def test_who_keeps_what_is_still_cut_sees_that_it_will_be_kept(gate: Gate, three: Hands, qtbot: QtBot) -> None:
    three.drag(RECTANGLE)
    assert gate.reached.wait(120)
    qtbot.waitUntil(lambda: three.panel.line.work.text() == "Cutting · Esc stops it")
    three.key(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: three.panel.line.work.text() == "Cutting, then keeping it · Esc stops it")
    gate.open.set()
    three.rest()
    assert three.panel.line.work.text() == ""
    assert three.panel.line.hint.text().startswith("Kept as")


def test_escape_stops_the_cut_of_the_photo_that_is_shown_alone(gate: Gate, three: Hands, qtbot: QtBot) -> None:
    panel = three.panel
    go(three, "two")
    three.drag(RECTANGLE)
    assert gate.reached.wait(120)
    go(three, "three")
    three.drag(RECTANGLE)
    assert panel.controller.state.standing is Standing.CUTTING
    three.key(Qt.Key.Key_Escape)
    assert panel.controller.state.standing is Standing.EMPTY
    gate.open.set()
    three.rest()
    assert not three.alpha.any()
    go(three, "two")
    three.rest()
    assert three.alpha.any()


def test_a_guess_arrives_at_the_photo_it_was_asked_for(
    three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gates = {"one": Gate(), "two": Gate()}
    waiting = iter(gates.values())

    def guess(rgb: Pixels, model: str) -> Guess:
        next(waiting).wait()
        return guess_of_the_middle()

    monkeypatch.setattr(saliency, "guess_object", guess)
    monkeypatch.setattr(saliency, "installed_network", lambda: "one")
    three.key(Qt.Key.Key_G)
    assert gates["one"].reached.wait(120)
    go(three, "two")
    three.key(Qt.Key.Key_G)  # and it does not take the other one's place
    assert gates["two"].reached.wait(120)
    go(three, "three")
    for gate in gates.values():
        gate.open.set()
    qtbot.waitUntil(lambda: all(load_work_has_guess(three, name) for name in ("one", "two")))
    three.rest()
    assert panel_seeds(three) == ()
    go(three, "one")
    three.rest()
    assert three.alpha.any()


def load_work_has_guess(hands: Hands, name: str) -> bool:
    return any(isinstance(seed, Guess) for seed in seeds_on_disk(hands, name))


def panel_seeds(hands: Hands) -> tuple[Seed, ...]:
    assert hands.panel.document
    return hands.panel.document.work.seeds


def test_mending_arrives_at_its_photo(three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    three.drag(RECTANGLE)
    three.rest()
    three.key(Qt.Key.Key_I)
    three.panel.canvas.set_radius(1)
    three.drag([(10, 190), (11, 190)])
    three.rest()
    panel, one = three.panel, three.panel.document
    assert one
    assert one.alpha[190, 10] == 255
    issue = next(issue for issue in panel.issues.issues if issue.code == "islands")
    panel.assistance.mend(issue)
    panel.controller.open(three.window.session.folder / "photos" / "two.png")
    three.rest()
    assert not three.alpha.any()
    go(three, "one")
    three.rest()
    assert three.alpha[190, 10] == 0
    assert three.alpha[80, 120] == 255


def keeping_waits(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made, done = Gate(), controller._kept

    def wait(*parts: Any) -> Any:
        made.wait()
        return done(*parts)

    monkeypatch.setattr(controller, "_kept", wait)
    return made


def keep_and_go_on(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Cut the first photo, keep it and go on at once; its cutout is kept when the gate is opened."""
    hands.drag(RECTANGLE)
    hands.rest()
    gate = keeping_waits(monkeypatch)
    hands.key(Qt.Key.Key_Return, CTRL)
    hands.key(Qt.Key.Key_D)
    assert gate.reached.wait(120)
    return gate


def test_keeping_and_going_on_at_once_keeps_all_together(
    three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    session, panel = three.window.session, three.panel
    gate = keep_and_go_on(three, monkeypatch)
    qtbot.waitUntil(lambda: stem(three) == "two")
    with qtbot.waitSignal(session.changed):
        gate.open.set()
    kept = session.project.foregrounds[-1]
    one = session.folder / "photos" / "one.png"
    qtbot.waitUntil(lambda: load_work(one).foreground == kept.sha256)
    assert len(load_work(one).seeds) == 1
    entry = panel.items.items[one]
    assert entry.foreground == kept
    assert all(entry.path.parent.name == "photos" or entry.foreground != kept for entry in panel.items.items.values())
    assert panel.controller.kept == ""  # that is not said of the one that is open now
    go(three, "one")
    three.rest()
    three.key(Qt.Key.Key_Z, CTRL)
    assert kept not in session.project.foregrounds


@pytest.mark.parametrize("saves", [True, False])
def test_closing_waits_for_a_cutout_that_is_being_kept(
    three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, saves: bool
) -> None:
    session, panel = three.window.session, three.panel
    gate = keep_and_go_on(three, monkeypatch)
    restless = QTimer(interval=0)  # something is painted all the time
    restless.timeout.connect(panel.canvas.update)
    restless.start()
    threading.Timer(0.3, gate.open.set).start()
    folder, begun = session.folder, time.monotonic()
    assert panel.unfinished() == ""
    assert time.monotonic() - begun < 20
    restless.stop()
    assert session.dirty
    kept = session.project.foregrounds[-1]
    assert kept.file == "foregrounds/one.png"
    if saves:
        session.save_now()
    session.close()
    assert load_work(folder / "photos" / "one.png").foreground == kept.sha256


def test_the_next_photo_is_opened_ahead(three: Hands, qtbot: QtBot) -> None:
    controller = three.panel.controller

    def wait_for(name: str) -> None:
        three.rest()
        qtbot.waitUntil(lambda: name in [document.path.stem for document in controller._open.documents])

    wait_for("two")
    three.key(Qt.Key.Key_D)
    assert stem(three) == "two"  # at once
    assert controller.state.path == selected(three)
    wait_for("three")
    three.key(Qt.Key.Key_D)
    assert stem(three) == "three"
    three.key(Qt.Key.Key_A)
    assert stem(three) == "two"


def test_memory_holds_what_is_needed_and_no_more(
    gate: Gate, three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened, trimming = three.panel.controller._open, list[threading.Thread]()
    monkeypatch.setattr(memory, "trim", lambda: trimming.append(threading.current_thread()))
    assert opened.nbytes <= BUDGET
    monkeypatch.setattr(open_photos, "BUDGET", 0)
    three.drag(RECTANGLE)
    assert gate.reached.wait(120)
    for name in ("two", "three", "two"):
        go(three, name)
    qtbot.waitUntil(lambda: [d.path.stem for d in opened.documents] == ["one", "two"])  # the one is being cut
    gate.open.set()
    qtbot.waitUntil(lambda: [d.path.stem for d in opened.documents] == ["two"])
    assert load(three.window.session.folder / "photos" / "one.png", (200, 240)).planes is not None
    qtbot.waitUntil(lambda: bool(trimming))  # what they took goes back to the system, and nobody waits for it
    assert threading.main_thread() not in trimming


def test_in_any_haste_the_last_key_counts(three: Hands, qtbot: QtBot) -> None:
    panel = three.panel
    for key in "DDADADDAADD":
        three.key(Qt.Key(ord(key)))
        assert panel.controller.state.path == selected(three)
    qtbot.waitUntil(lambda: panel.document is not None)
    assert panel.document
    assert panel.document.path == panel.controller.state.path == selected(three)


def test_a_stroke_that_is_being_drawn_is_finished_by_going_on(three: Hands) -> None:
    three.drag(RECTANGLE)
    three.rest()
    three.drag([(90, 140), (120, 150), (150, 150)], release=False)
    three.key(Qt.Key.Key_D)
    three.rest()
    assert len(seeds_on_disk(three, "one")) == 2
    go(three, "one")
    assert len(panel_seeds(three)) == 2
