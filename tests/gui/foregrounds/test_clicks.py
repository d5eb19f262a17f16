"""Clicking on the canvas: a network answers, each click is a step of undo, and all of it comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.networks import model_cache
from fgbg_studio.gui.foregrounds import clicking as clicking_module
from fgbg_studio.gui.foregrounds.canvas_clicks import outlines_of
from fgbg_studio.gui.foregrounds.canvas_tools import Tool
from fgbg_studio.gui.foregrounds.clicking import chosen_network
from tests.conftest import write_picture
from tests.gui.foregrounds.test_panel import Hands, hands
from tests.helpers import prompted_onnx, tiny_onnx

__all__ = ["hands"]  # fixtures

NETWORK = "foregrounds/click-network"
WIDE, HIGH = 300, 200
RED, YELLOW = (75.0, 50.0), (225.0, 150.0)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def clicking(hands: Hands, tmp_path: Path) -> Hands:
    """A photo of two discs is open, a network is at hand, and clicking is in the hand."""
    pytest.importorskip("onnxruntime")
    network = prompted_onnx.write(tmp_path / "sam", "sam")
    hands.panel.session.settings.set_value("foregrounds/click-network", str(network))
    hands.add(write_picture(tmp_path / "discs.png", prompted_onnx.photo(WIDE, HIGH, (*RED, 30.0))))
    hands.key(Qt.Key.Key_J)
    hands.rest()
    return hands


def disc(x: float, y: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:HIGH, :WIDE] + 0.5
    return np.asarray(np.hypot(columns - x, rows - y) < 30)


def overlap(hands: Hands, truth: NDArray[np.bool_]) -> float:
    cut = hands.alpha > 127
    return float((cut & truth).sum() / (cut | truth).sum())


def click(hands: Hands, place: tuple[float, float], button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mouseClick(hands.panel.canvas, button, pos=hands.at(place))
    hands.rest()


def test_a_file_that_does_not_answer_is_refused_and_not_remembered(
    clicking: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tiny_onnx.write(tmp_path / "depth.onnx", np.ones(3, np.float32), (1, 3, 32, 32))
    settings, before = clicking.panel.session.settings, clicking.panel.session.settings.value(NETWORK, "")
    monkeypatch.setattr(clicking_module, "ask_file", lambda *_: plain)
    clicking.panel.clicking._choose()
    clicking.rest()
    (said,) = [text for text in clicking.panel.notices.texts() if "depth.onnx" in text]
    assert said.startswith(f"{plain} does not answer to clicks: it takes ")
    assert settings.value(NETWORK, "") == before
    click(clicking, RED)
    assert overlap(clicking, disc(*RED)) > 0.97


def test_clicks_cut_are_undone_and_come_back(clicking: Hands, qtbot: QtBot) -> None:
    """Left is the object, right is not; the next photo is clicked on too, and this one is as it was left."""
    panel = clicking.panel
    assert (panel.canvas.tool, panel.canvas.clicks.network != "") == (Tool.CLICK, True)
    click(clicking, RED)
    assert overlap(clicking, disc(*RED)) > 0.97
    click(clicking, YELLOW)
    assert overlap(clicking, disc(*RED) | disc(*YELLOW)) > 0.97
    click(clicking, (YELLOW[0], YELLOW[1] + 5), Qt.MouseButton.RightButton)
    assert overlap(clicking, disc(*RED)) > 0.97
    assert panel.canvas.tool is Tool.CLICK
    document = panel.document
    assert document
    assert document.undo_stack.count() == 3
    clicking.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    clicking.rest()
    assert overlap(clicking, disc(*RED) | disc(*YELLOW)) > 0.97
    before, path, session = clicking.alpha, document.path, panel.session
    session.close()
    with qtbot.waitSignal(session.opened):
        session.open(path.parents[1])
    qtbot.waitUntil(lambda: panel.photos.found)
    clicking.window.workspace.show_place("foregrounds")
    panel.going.to(path)
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path == path)
    clicking.rest()
    np.testing.assert_array_equal(clicking.alpha, before)
    assert panel.document
    assert [(seed.kind, seed.object) for seed in panel.document.work.seeds] == [("click", True), ("click", True)]  # type: ignore[union-attr]
    clicking.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    clicking.rest()
    assert overlap(clicking, disc(*RED)) > 0.97


def test_a_pointer_that_rests_shows_what_a_click_would_give(clicking: Hands, qtbot: QtBot) -> None:
    canvas, clicks = clicking.panel.canvas, clicking.panel.canvas.clicks
    QTest.mouseMove(canvas, clicking.at(RED))
    qtbot.waitUntil(lambda: bool(clicks._outlines))
    assert not clicking.alpha.any()
    box = clicks._outlines[0].boundingRect()
    assert (box.center().x() * WIDE, box.center().y() * HIGH) == pytest.approx(RED, abs=4)
    assert not canvas.grab().isNull()
    QTest.mouseMove(canvas, clicking.at((75, 150)))
    assert not clicks._outlines, "it is gone as soon as the pointer moves on"
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().bottomRight())
    assert clicking.panel.document
    assert not clicking.panel.document.work.seeds, "beside the photo"
    clicking.rest()


def test_where_there_is_no_network_one_is_offered(hands: Hands, tmp_path: Path) -> None:
    hands.add(write_picture(tmp_path / "discs.png", prompted_onnx.photo(WIDE, HIGH, (*RED, 30.0))))
    hands.key(Qt.Key.Key_J)
    shown = [button.text() for button in hands.panel.notices.findChildren(QPushButton)]
    assert "Download slimsam (13.8 MB, Apache-2.0)" in shown
    assert "Download mobile-sam (36.7 MB, Apache-2.0)" in shown
    assert "Choose a file…" in shown
    click(hands, RED)
    assert hands.panel.document
    assert not hands.panel.document.work.seeds


def test_a_file_that_is_chosen_may_be_one_of_two(tmp_path: Path) -> None:
    assert chosen_network(tmp_path / "vision_encoder.onnx") == tmp_path
    assert chosen_network(tmp_path / "sam.decoder.onnx") == tmp_path
    assert chosen_network(tmp_path / "encoder-decoder.zip") == tmp_path / "encoder-decoder.zip"
    assert chosen_network(tmp_path / "touch.tflite") == tmp_path / "touch.tflite"


def test_lines_around_an_answer() -> None:
    region = np.zeros((64, 96), np.bool_)
    region[16:48, 24:72] = True
    region[28:36, 44:52] = False
    outer, hole = sorted((line.boundingRect() for line in outlines_of(region)), key=lambda box: -box.width())
    assert (outer.left(), outer.right(), outer.top(), outer.bottom()) == pytest.approx(
        (0.25, 0.75, 0.25, 0.75), abs=0.01
    )
    assert hole.width() == pytest.approx(8 / 96, abs=0.02)
