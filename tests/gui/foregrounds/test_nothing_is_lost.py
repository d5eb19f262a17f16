"""Every stroke is on the disk soon, whatever is done next, and undo comes back with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import NetworkError, ProjectError
from fgbg_studio.core.cutting import saliency
from fgbg_studio.core.cutting.seeds import Guess, Rectangle, Stroke
from fgbg_studio.core.cutting.work import ALPHA, HISTORY, STROKES, Work, beside, load, load_work
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.project import recycle_bin
from fgbg_studio.gui.foregrounds import saver
from fgbg_studio.gui.foregrounds.controller import Standing
from fgbg_studio.gui.foregrounds.saver import SAVE_AFTER
from tests.conftest import write_picture
from tests.gui.foregrounds.test_one_photo import Gate, Gated, gate, go, guess_of_the_middle, panel_seeds, stem, three
from tests.gui.foregrounds.test_panel import Hands, cut, draw_photo, hands

__all__ = ["cut", "gate", "hands", "three"]  # fixtures

CTRL = Qt.KeyboardModifier.ControlModifier
SHAPE = (200, 240)
STROKE = [(90.0, 140.0), (150.0, 150.0)]


def photo_of(hands: Hands, name: str = "toy") -> Path:
    return hands.window.session.folder / "photos" / f"{name}.png"


def undo(hands: Hands, times: int = 1) -> None:
    for _ in range(times):
        hands.key(Qt.Key.Key_Z, CTRL)


def open_again(hands: Hands, folder: Path, name: str) -> None:
    """Open a project that was closed, and one of its photos."""
    hands.window.open_project(folder)
    hands.qtbot.waitUntil(lambda: hands.window.session.is_open)
    hands.window.workspace.show_place("foregrounds")
    go(hands, name)
    hands.rest()


def reopen(hands: Hands, name: str = "toy") -> None:
    """Close the project as the window does and open it and the photo again."""
    session = hands.window.session
    folder = session.folder
    assert hands.panel.unfinished() == ""
    session.close()
    open_again(hands, folder, name)


def test_a_stroke_is_on_the_disk_by_itself_and_soon(cut: Hands, qtbot: QtBot) -> None:
    assert SAVE_AFTER < 2000
    photo = photo_of(cut)
    cut.drag(STROKE)
    qtbot.waitUntil(lambda: len(load_work(photo).seeds) == 2)
    cut.rest()
    drawn = cut.alpha
    alpha = beside(photo, ALPHA)  # read past `load`, which would end a save that is under way
    qtbot.waitUntil(lambda: alpha.exists() and np.array_equal(decode(alpha.read_bytes(), alpha.name), drawn))
    assert load(photo, SHAPE).whole


def test_going_on_changing_does_not_put_it_off(cut: Hands, qtbot: QtBot) -> None:
    photo, field = photo_of(cut), cut.panel.form.feather.field
    seen = set[float]()
    for value in range(1, 30):
        field.setValue(value / 10)
        qtbot.wait(SAVE_AFTER // 7)
        seen.add(load_work(photo).finish.feather)
    assert len(seen) > 2
    qtbot.waitUntil(lambda: load_work(photo).finish.feather == 2.9)


def _other_place(hands: Hands) -> None:
    hands.window.workspace.show_place("backgrounds")


def _save_and_close(hands: Hands) -> None:
    assert hands.panel.unfinished() == ""
    hands.window.session.save_now()
    hands.window.session.close()


WAYS: dict[str, Callable[[Hands], object]] = {
    "another photo": lambda hands: hands.key(Qt.Key.Key_D),
    "another place": _other_place,
    "save and close": _save_and_close,
    "close without saving": lambda hands: hands.window.session.close(),
}


@pytest.mark.parametrize("waits", [0, SAVE_AFTER + 900])
@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_done_next(three: Hands, qtbot: QtBot, way: str, waits: int) -> None:
    photo = photo_of(three, "one")
    three.drag([(50, 20), (190, 185)])
    three.rest()
    qtbot.wait(waits)  # longer than until it is written by itself: what comes after is written too
    three.drag(STROKE)
    qtbot.wait(waits)
    drawn = panel_seeds(three)
    WAYS[way](three)
    qtbot.waitUntil(lambda: load_work(photo).seeds == drawn)
    assert [type(seed) for seed in drawn] == [Rectangle, Stroke]


_HANDS = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[2])
from fgbg_studio.core.cutting.seeds import Rectangle, Stroke
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.session.session import Session
app = QApplication([])
window = MainWindow(Session())
window.show()
folder = Path(sys.argv[1])
window.open_project(folder)
panel = next(p for p in window.panels if isinstance(p, ForegroundsPanel))
def wait(until):
    while not until():
        QTest.qWait(20)
wait(lambda: window.session.is_open)
window.workspace.show_place("foregrounds")
panel.controller.open(folder / "photos" / "toy.png")
wait(lambda: panel.document is not None)
panel.document.add_seed(Rectangle(box=(50, 20, 140, 165)), "rectangle")
wait(lambda: panel.document.has_cut)
for number in range(3):
    panel.document.add_seed(Stroke(points=((90 + number, 140),), radius=3, object=True), "stroke")
    QTest.qWait(50)
print("drawn", flush=True)
QTimer.singleShot(60000, app.quit)
app.exec()  # as the program runs: a long qWait would keep Python from the threads that write
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
def test_after_a_kill_strokes_and_undo_are_there(hands: Hands, tmp_path: Path, project_folder: Path) -> None:
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.rest()
    hands.window.session.close()
    command = [sys.executable, "-c", _HANDS, str(project_folder), str(tmp_path / "other settings")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        assert process.stdout.readline() == "drawn\n"
        photo = project_folder / "photos" / "toy.png"
        # `load` would bring a save to its end that the other process is in the middle of.
        hands.qtbot.waitUntil(lambda: len(load_work(photo).seeds) == 4)
        process.send_signal(signal.SIGKILL)
        process.wait()
    found = load(photo, SHAPE)
    assert (len(found.saved.seeds), found.whole) == (4, True)
    open_again(hands, project_folder, "toy")
    assert hands.alpha.any()
    for left in (3, 2, 1, 0):
        undo(hands)
        assert len(panel_seeds(hands)) == left
    assert not hands.alpha.any()
    for there in (1, 2, 3, 4):
        hands.key(Qt.Key.Key_Y, CTRL)
        assert len(panel_seeds(hands)) == there


def paint(hands: Hands, times: int) -> list[Any]:
    """So many strokes of the hard brush, and the alpha before each."""
    hands.key(Qt.Key.Key_I)
    hands.panel.canvas.set_radius(3)
    states = []
    for number in range(times):
        states.append(hands.alpha)
        hands.drag([(5 + 2 * (number % 110), 190 - number % 7), (9 + 2 * (number % 110), 190)])
    return [*states, hands.alpha]


@pytest.mark.parametrize("way", ["another photo", "reopened"])
def test_undo_of_a_hundred_steps_comes_back(
    three: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    three.drag([(50, 20), (190, 185)])
    three.rest()
    states = paint(three, 110)
    undo(three, 5)
    if way == "reopened":
        reopen(three, "one")
    else:
        three.panel.controller._open.drop([photo_of(three, name) for name in ("two", "three")])
        go(three, "two")
        qtbot.waitUntil(lambda: not three.panel.controller._saver.waits_for(three.panel.controller._open.documents[0]))
        three.panel.controller._open.drop([photo_of(three, "one")])
        go(three, "one")
    assert np.array_equal(three.alpha, states[105])
    for number in range(104, -1, -1):
        undo(three)
        assert np.array_equal(three.alpha, states[number])
    undo(three)
    assert not three.alpha.any()
    stack = three.panel.undo_stack()
    while stack.canRedo():
        stack.redo()
    assert np.array_equal(three.alpha, states[110])
    cut_again = three.panel.document
    assert cut_again
    assert cut_again.undo_stack.undoText() == "paint in"


def test_a_damaged_history_costs_undo_alone(cut: Hands, tmp_path: Path) -> None:
    paint(cut, 10)
    drawn, folder = cut.alpha, cut.window.session.folder
    cut.window.session.close()
    history = beside(folder / "photos" / "toy.png", HISTORY)
    data = bytearray(history.read_bytes())
    data[len(data) // 2] ^= 255
    history.write_bytes(data)
    open_again(cut, folder, "toy")
    assert np.array_equal(cut.alpha, drawn)
    steps = cut.panel.undo_stack().index()
    assert 1 <= steps < 11
    undo(cut, steps)
    assert not cut.panel.undo_stack().canUndo()
    cut.key(Qt.Key.Key_B)
    cut.drag(STROKE)  # and it goes on
    cut.rest()
    reopen(cut)
    assert cut.panel.undo_stack().index() == 1


def test_keeping_is_undone_after_the_project_was_opened_again(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    before = session.project.foregrounds
    with qtbot.waitSignal(session.changed):
        cut.panel.controller.keep()
    cut.rest()
    kept = session.project.foregrounds
    session.save_now()
    reopen(cut)
    assert session.project.foregrounds == kept
    assert cut.panel.controller.state.standing is Standing.KEPT
    undo(cut)
    assert session.project.foregrounds == before
    assert cut.alpha.any()
    cut.key(Qt.Key.Key_Y, CTRL)
    assert session.project.foregrounds == kept
    session.change("take it out", lambda p: p.model_copy(update={"foregrounds": before}))
    session.save_now()
    reopen(cut)
    undo(cut)  # it is gone already
    assert session.project.foregrounds == before
    assert cut.alpha.any()
    undo(cut)
    assert not cut.alpha.any()


def test_keep_undo_keep_leaves_one_file(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    for _ in range(2):
        with qtbot.waitSignal(session.changed):
            cut.panel.controller.keep()
        cut.rest()
        assert session.project.foregrounds[-1].file == "foregrounds/toy.png"
        undo(cut)
        cut.rest()
    names = {path.name for path in (session.folder / "foregrounds").iterdir()}
    assert "toy-2.png" not in names
    recycle_bin.throw_away(session.folder, ["foregrounds/toy.png"])
    with qtbot.waitSignal(session.changed):
        cut.panel.controller.keep()
    assert session.project.foregrounds[-1].file == "foregrounds/toy.png"
    assert not recycle_bin.in_bin(session.folder)


def test_a_cut_that_had_not_come_is_made_when_the_photo_is_opened_again(
    gate: Gate, three: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.drag([(50, 20), (190, 185)])
    assert gate.reached.wait(120)
    folder = three.window.session.folder
    photo = folder / "photos" / "one.png"
    three.window.session.close()
    assert (load_work(photo).cut_wanted, beside(photo, ALPHA).exists()) == (True, False)
    gate.open.set()
    open_again(three, folder, "one")
    assert three.alpha.any()
    undo(three)  # with the stroke that it is by
    assert not three.alpha.any()
    assert panel_seeds(three) == ()
    assert isinstance(three.panel.document and three.panel.document._cuts._segmenter, Gated)


def test_a_guess_that_had_not_come_is_made_when_the_photo_is_opened_again(
    three: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Closing does not throw it away; one that was stopped, or that failed, is not asked for again."""
    asked, gates = list[str](), [Gate(), Gate()]

    def guess(rgb: Pixels, model: str) -> Guess:
        asked.append(model)
        if len(asked) in {1, 3}:
            gates[len(asked) // 2].wait()
        elif len(asked) == 4:
            raise NetworkError("it fails", "try again")
        return guess_of_the_middle()

    monkeypatch.setattr(saliency, "guess_object", guess)
    monkeypatch.setattr(saliency, "installed_network", lambda: "one")
    three.key(Qt.Key.Key_G)
    assert gates[0].reached.wait(10)
    folder = three.window.session.folder
    photo = folder / "photos" / "one.png"
    three.window.session.close()
    assert load_work(photo).guess_wanted
    gates[0].open.set()
    open_again(three, folder, "one")
    qtbot.waitUntil(lambda: len(asked) == 2 and len(load_work(photo).seeds) == 1, timeout=20_000)
    three.rest()
    assert three.alpha.any()
    assert "guess_wanted" not in beside(photo, STROKES).read_text("utf-8")
    document = three.panel.document
    assert document
    three.key(Qt.Key.Key_G)
    assert gates[1].reached.wait(10)
    three.key(Qt.Key.Key_Escape)
    assert not document.guess_wanted
    gates[1].open.set()
    three.rest()
    assert len(document.work.seeds) == 1
    three.key(Qt.Key.Key_G)
    qtbot.waitUntil(lambda: len(asked) == 4)
    three.rest()
    assert not document.guess_wanted


def test_what_changes_while_it_is_written_is_written_after_it(
    cut: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    made, done = Gate(), saver.save_work

    def wait(*parts: Any) -> Any:
        made.wait()
        return done(*parts)

    monkeypatch.setattr(saver, "save_work", wait)
    cut.drag(STROKE)
    qtbot.waitUntil(made.reached.is_set)
    cut.drag([(60, 30), (60, 100)])
    made.open.set()
    qtbot.waitUntil(lambda: len(load_work(photo_of(cut)).seeds) == 3)


def test_never_two_write_at_a_time(cut: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    """Somebody could not wait, and the worker that was writing tells of its end when the next one writes."""
    writing, most, done = list[int](), list[int](), saver.save_work
    made = Gate()

    def save(*parts: Any) -> Any:
        writing.append(1)
        most.append(len(writing))
        made.wait()
        try:
            return done(*parts)
        finally:
            writing.pop()

    monkeypatch.setattr(saver, "save_work", save)
    controller = cut.panel.controller
    cut.drag(STROKE)
    controller.save()
    assert made.reached.wait(120)
    threading.Timer(0.2, made.open.set).start()
    controller.flush()
    made.open.clear()
    made.reached.clear()
    cut.drag([(60, 30), (60, 100)])
    controller.save()
    assert made.reached.wait(120)
    cut.drag([(70, 30), (70, 100)])
    qtbot.wait(SAVE_AFTER + 300)  # the first worker's end arrives, and the next save is due
    made.open.set()
    cut.rest()
    qtbot.waitUntil(lambda: len(load_work(photo_of(cut)).seeds) == 4)
    assert max(most) == 1


def test_a_disk_that_refuses_is_said_once_and_tried_again(
    cut: Hands, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    cut.qtbot.waitUntil(lambda: len(load_work(photo_of(cut)).seeds) == 1)
    refuses, done = threading.Event(), saver.save_work
    refuses.set()

    def save(*parts: Any) -> Any:
        if refuses.is_set():
            raise ProjectError("the disk is full", "Make room")
        return done(*parts)

    monkeypatch.setattr(saver, "save_work", save)
    monkeypatch.setattr(saver, "_AGAIN_AFTER", 100)
    cut.drag(STROKE)
    qtbot.waitUntil(lambda: any("disk is full" in text for text in cut.panel.notices.texts()))
    assert "toy.png" in cut.panel.unfinished()  # so that nobody closes it without knowing
    assert len([text for text in cut.panel.notices.texts() if "disk" in text]) == 1
    refuses.clear()
    cut.panel.controller.save()
    qtbot.waitUntil(lambda: len(load_work(photo_of(cut)).seeds) == 2)
    cut.rest()
    drawn = cut.alpha
    reopen(cut)
    assert np.array_equal(cut.alpha, drawn)
    undo(cut)
    assert len(panel_seeds(cut)) == 1


def test_projects_of_earlier_versions_open(hands: Hands, project_folder: Path) -> None:
    photo = write_picture(project_folder / "photos" / "old.png", draw_photo())
    alpha = np.zeros(SHAPE, np.uint8)
    alpha[30:90, 40:80] = 255
    work = Work(seeds=(Rectangle(box=(30, 20, 70, 90)),))
    beside(photo, STROKES).write_text(json.dumps(work.model_dump(mode="json")))
    beside(photo, ALPHA).write_bytes(encode(alpha, Codec()))
    hands.rest()
    go(hands, "old")
    hands.rest()
    assert panel_seeds(hands) == work.seeds
    assert np.array_equal(hands.alpha, alpha)
    paint(hands, 1)
    reopen(hands, "old")
    undo(hands)
    assert np.array_equal(hands.alpha, alpha)


@pytest.mark.parametrize("ending", [STROKES, ALPHA])
def test_a_damaged_file_is_named_and_set_aside(hands: Hands, tmp_path: Path, ending: str, qtbot: QtBot) -> None:
    folder = hands.window.session.folder
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    drawn = hands.alpha
    hands.window.session.close()
    damaged = beside(folder / "photos" / "toy.png", ending)
    damaged.write_bytes(b"{" + damaged.read_bytes()[1:80])
    hands.window.open_project(folder)
    qtbot.waitUntil(lambda: hands.window.session.is_open)
    hands.window.workspace.show_place("foregrounds")
    panel = hands.panel
    panel.controller.open(folder / "photos" / "toy.png")
    qtbot.waitUntil(lambda: panel.controller.state.standing is Standing.FAILED)
    assert damaged.name in panel.cover.text
    assert damaged.read_bytes()[:1] == b"{"
    assert ending == STROKES or load_work(folder / "photos" / "toy.png").seeds
    panel.cover.choices[0].click()
    qtbot.waitUntil(lambda: stem(hands) == "toy")
    hands.rest()
    assert np.array_equal(hands.alpha, drawn)  # the strokes make the alpha again, or the alpha is there
    assert [name for name in recycle_bin.in_bin(folder) if "toy" in name] == [f"photos/{damaged.name}.damaged-1"]
    hands.key(Qt.Key.Key_B)
    hands.drag(STROKE)  # and it goes on
    hands.rest()
    drawn = hands.alpha
    reopen(hands)
    assert np.array_equal(hands.alpha, drawn)
