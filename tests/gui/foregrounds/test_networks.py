"""Networks that find objects: offered and fetched where there is none, asked to guess, and let look into rectangles."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.cutting.seeds import Rectangle, Seen, packed
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.gui.foregrounds.areas import correct_area
from fgbg_studio.gui.session.network_choice import fetch
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import Hands, cut, draw_photo, hands
from tests.helpers import tiny_onnx

__all__ = ["cut", "hands"]  # fixtures


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[http.server.ThreadingHTTPServer]:
    """A network that sees what is bright, on a server of this machine, in the catalogue's place of the real one."""
    pytest.importorskip("onnxruntime")
    folder = tmp_path / "served"
    folder.mkdir()
    file = tiny_onnx.write(folder / "net.onnx", np.full((1, 3, 1, 1), 1 / 3, np.float32), (1, 3, 320, 320))
    data = file.read_bytes()
    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=folder)) as server:
        entry = dataclasses.replace(
            CATALOGUE["u2netp"], address=f"http://127.0.0.1:{server.server_port}/net.onnx", bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
        monkeypatch.setitem(CATALOGUE, "u2netp", entry)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def buttons(hands: Hands) -> dict[str, QPushButton]:
    return {button.text(): button for button in hands.panel.notices.findChildren(QPushButton) if button.isVisible()}


def ask(hands: Hands, qtbot: QtBot) -> QPushButton:
    """Guess, and bring the button that downloads."""
    hands.key(Qt.Key.Key_G)
    qtbot.waitUntil(lambda: any(text.startswith("Download") for text in buttons(hands)))
    return next(button for text, button in buttons(hands).items() if text.startswith("Download"))


def test_a_click_fetches_the_network_and_guesses(
    cut: Hands, published: http.server.ThreadingHTTPServer, qtbot: QtBot
) -> None:
    download = ask(cut, qtbot)
    said = cut.panel.notices.texts()[-1]
    assert said.startswith("Guess needs a network")
    assert "saliency" not in said
    assert "Choose a file…" in buttons(cut)
    document = cut.panel.document
    assert document
    qtbot.mouseClick(download, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(seed.kind == "guess" for seed in document.work.seeds))
    cut.rest()
    assert model_cache.path_of("u2netp").exists()


def test_without_a_connection_it_is_said_and_offered_again(
    cut: Hands, published: http.server.ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gone = dataclasses.replace(CATALOGUE["u2netp"], address="http://127.0.0.1:9/net.onnx")
    monkeypatch.setitem(CATALOGUE, "u2netp", gone)
    before = cut.panel.notices.texts()
    qtbot.mouseClick(ask(cut, qtbot), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("u2netp" in text for text in cut.panel.notices.texts() if text not in before))
    qtbot.waitUntil(lambda: any(text.startswith("Download") for text in buttons(cut)))  # shown a moment after its words


def seen(hands: Hands) -> list[Seen]:
    assert hands.panel.document
    return [seed for seed in hands.panel.document.work.seeds if isinstance(seed, Seen)]


def test_a_network_that_is_there_looks_into_what_is_drawn(
    hands: Hands, published: http.server.ThreadingHTTPServer, tmp_path: Path, qtbot: QtBot
) -> None:
    list(fetch("u2netp"))
    hands.add(write_picture(tmp_path / "toy.png", draw_photo()))
    hands.drag([(50, 20), (190, 185)])
    qtbot.waitUntil(lambda: bool(seen(hands)))
    hands.rest()
    document = hands.panel.document
    assert document
    assert [step.kind for step in document.work.seeds] == ["rectangle", "seen"]
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not seen(hands), "one step of undo leaves the colours' answer"
    hands.rest()
    hands.drag([(90, 140), (150, 150)])
    hands.rest()
    assert not seen(hands), "a stroke asks nothing of the network"
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.panel.assistance.look()
    hands.rest()
    assert document.undo_stack.canRedo(), "what the network says late does not take the undone stroke away"
    assert not seen(hands)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(seen(hands)))
    assert [step.kind for step in document.work.seeds] == ["rectangle", "stroke", "seen"]


def test_what_was_seen_in_a_rectangle_goes_with_it(cut: Hands, qtbot: QtBot) -> None:
    document = cut.panel.document
    assert document
    assert not seen(cut), "there is no network"
    document.add_seed(Seen(box=(50, 20, 140, 165), map=packed(np.full((8, 8), 128, np.uint8))), "look")
    correct_area(document, Rectangle(box=(40, 10, 160, 180)), "correct")
    assert not seen(cut)
    cut.rest()
