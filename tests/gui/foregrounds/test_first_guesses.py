"""First guesses: every photo that comes has one before long, nothing waits for it, and nothing of it is lost."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.cutting.work import STROKES, beside
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.project.photos import open_photo
from fgbg_studio.gui.foregrounds.photo_item import State
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import Hands, draw_photo, hands
from tests.helpers import tiny_onnx

__all__ = ["hands"]  # fixtures


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Puts a network that sees what is bright into the cache, as the catalogue's."""
    pytest.importorskip("onnxruntime")
    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    file = tiny_onnx.write(tmp_path / "net.onnx", np.full((1, 3, 1, 1), 1 / 3, np.float32), (1, 3, 320, 320))
    data = file.read_bytes()
    entry = dataclasses.replace(CATALOGUE["u2netp"], bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    monkeypatch.setitem(CATALOGUE, "u2netp", entry)

    def put() -> None:
        model_cache.path_of("u2netp").parent.mkdir(parents=True, exist_ok=True)
        model_cache.path_of("u2netp").write_bytes(data)

    return put


def add(hands: Hands, tmp_path: Path, count: int) -> list[Path]:
    """Photos on which nothing is done, of which the first is open."""
    files = [write_picture(tmp_path / f"toy{i}.png", draw_photo() // np.uint8(i + 1)) for i in range(count)]
    for file in files:
        hands.add(file)
    return [entry.path for entry in hands.panel.photos.entries() if entry.path.stem.startswith("toy")]


def states(hands: Hands, paths: list[Path]) -> list[State]:
    known = {entry.path: entry.state for entry in hands.panel.photos.entries()}
    return [known.get(path, State.TO_CUT) for path in paths]


def wait_for_all(hands: Hands, paths: list[Path], qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: set(states(hands, paths)) == {State.TO_LOOK_AT})
    qtbot.waitUntil(lambda: not hands.panel.first_guesses.running)
    hands.rest()


def test_every_photo_has_a_guess_before_long(
    hands: Hands, install: Callable[[], None], tmp_path: Path, qtbot: QtBot
) -> None:
    """Without a network one is offered; those that are missing come when the project is opened again, and new ones.

    Undo takes a guess away, and it does not come again by itself.
    """
    paths = add(hands, tmp_path, 2)
    assert not hands.panel.notices.texts()[1:], "nothing is said of a network that nobody asked for"
    hands.panel.act["foregrounds.guess-all"].trigger()
    shown = [button.text() for button in hands.panel.notices.findChildren(QPushButton)]
    assert any(text.startswith("Download (") and text.endswith(", Apache-2.0)") for text in shown)
    assert any(text.startswith("Guess needs a network") for text in hands.panel.notices.texts())
    assert states(hands, paths) == [State.TO_CUT] * 2
    session, folder = hands.panel.session, hands.panel.session.folder
    session.close()
    install()  # as if the program had been ended in the middle
    with qtbot.waitSignal(session.opened):
        session.open(folder)
    wait_for_all(hands, paths, qtbot)
    hands.window.workspace.show_place("foregrounds")
    last = write_picture(tmp_path / "late.png", draw_photo()[:, ::-1])
    hands.add(last)
    last = next(entry.path for entry in hands.panel.photos.entries() if entry.path.stem == "late")
    wait_for_all(hands, [*paths, last], qtbot)
    hands.panel.controller.flush()
    for path in (*paths, last):
        found = open_photo(path)
        assert [seed.kind for seed in found.work.seeds] == ["guess"]
        assert found.planes is not None
        assert found.planes[0].any()
        assert (found.done, len(found.steps)) == (1, 1)
    document = hands.panel.document
    assert document
    assert document.path == last
    document.undo_stack.undo()
    assert not document.work.seeds
    assert not document.has_cut
    assert states(hands, [last]) == [State.TO_CUT]
    hands.panel.first_guesses._begin()
    assert not hands.panel.first_guesses.running
    document.undo_stack.redo()
    assert states(hands, [last]) == [State.TO_LOOK_AT]
    hands.rest()


def test_the_person_goes_first(hands: Hands, install: Callable[[], None], tmp_path: Path, qtbot: QtBot) -> None:
    """What was drawn stays; nothing begins while a photo is cut; it is switched off, stopped and asked for again."""
    act, guesses = hands.panel.act, hands.panel.first_guesses
    act["foregrounds.guess-arrivals"].setChecked(False)
    install()
    paths = add(hands, tmp_path, 2)
    opened = hands.panel.controller.wanted
    hands.drag([(50, 20), (190, 185)])
    hands.rest()
    guesses._begin()
    assert not guesses.running
    guesses._person.set()
    act["foregrounds.guess-all"].trigger()
    worker = hands.panel.session.jobs.visible[0]
    assert worker.humble
    worker.cancel()
    qtbot.waitUntil(lambda: not guesses.running)
    other = next(path for path in paths if path != opened)
    assert not beside(other, STROKES).exists()
    guesses._person.clear()
    act["foregrounds.guess-all"].trigger()
    qtbot.waitUntil(lambda: states(hands, [other]) == [State.TO_LOOK_AT])
    qtbot.waitUntil(lambda: not guesses.running)
    assert hands.panel.document
    assert next(seed.kind for seed in hands.panel.document.work.seeds) == "rectangle"
    assert states(hands, [opened or other]) == [State.BEGUN]
    hands.rest()
