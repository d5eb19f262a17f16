"""A dataset made by hand in the window: offered to be described, completed with progress, stopped and continued."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.dataset.adopting import complete as completing
from fgbg_studio.core.dataset.adopting.adopt import adopt
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.selftest.networks import FOLDER
from tests.helpers.datasets import last
from tests.helpers.foreign import by_hand
from tests.helpers.handmade import hand_made


@pytest.fixture
def panel(place: DatasetPanel) -> DatasetPanel:
    return place


def press(panel: DatasetPanel, text: str) -> None:
    """The button of a notice."""
    buttons = [one for one in panel.notices.findChildren(QPushButton) if one.text() == text]
    assert len(buttons) == 1
    buttons[0].click()


def test_from_opening_to_completed(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    root = hand_made(tmp_path / "set", "street-224", 2, 1).root
    shutil.rmtree(root / "fg_bg_masks")
    shutil.rmtree(root / "fg_bg_depth")
    panel.session.dataset_wanted.emit(root)
    qtbot.waitUntil(lambda: any("has the shape of street-224" in text for text in panel.notices.texts()))
    assert not panel.act["dataset.complete"].isEnabled()
    assert not panel.details.completion.isVisibleTo(panel)
    press(panel, "Describe it")
    qtbot.waitUntil(lambda: any("Masks: 8, Depth maps: 8" in text for text in panel.notices.texts()))
    assert panel.act["dataset.complete"].isEnabled()
    press(panel, "Complete…")
    form = panel.adopter.form
    assert (form.masks.text(), form.maps.isChecked()) == ("Masks: 8 missing", True)
    assert not form.begin.isEnabled(), "no network is chosen"
    form.maps.setChecked(False)
    form.begin.click()
    qtbot.waitUntil(lambda: any("8 mask pictures were made: 8 sure" in text for text in panel.notices.texts()))
    assert panel.contents
    assert panel.contents.counts["mask"] == 8
    qtbot.waitUntil(lambda: form.maps.text() == "Depth: 8 missing")
    assert not form.masks.isEnabled()
    network = tmp_path / "tiny.tflite"
    shutil.copy(FOLDER / "tiny.tflite", network)
    form.network.chosen.emit(str(network))
    assert form.begin.isEnabled()
    form.begin.click()
    qtbot.waitUntil(lambda: any("is not in the catalogue" in text for text in panel.notices.texts()))
    qtbot.waitUntil(lambda: form.maps.text() == "Depth: 8 missing" and not panel.session.jobs.busy)
    described = '{"depth": {"meaning": "metres", "width": 32, "height": 32}}'
    network.with_name(f"{network.name}.json").write_text(described)
    form.network.chosen.emit(str(network))
    form.begin.click()
    qtbot.waitUntil(lambda: any("8 depth pictures were made" in text for text in panel.notices.texts()))
    assert panel.contents.counts["depth"] == 8
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)


def test_it_is_stopped_and_goes_on(
    panel: DatasetPanel, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completing, "_TOLD", 1)
    root = hand_made(tmp_path / "set", "office-224", 2, 4).root
    shutil.rmtree(root / "BG_FG Masks")
    last(adopt(root))
    panel.session.dataset_wanted.emit(root)
    form = panel.adopter.form
    qtbot.waitUntil(lambda: form.masks.text() == "Masks: 32 missing")
    form.begin.click()
    qtbot.waitUntil(lambda: form.bar.value() > 0 or not form.stop.isVisibleTo(panel))
    form.stop.click()
    qtbot.waitUntil(lambda: form.begin.isVisibleTo(panel) and not panel.session.jobs.busy)
    assert panel.contents
    kept = panel.contents.counts.get("mask", 0)
    if kept < 32:
        qtbot.waitUntil(lambda: form.masks.text() == f"Masks: {32 - kept} missing")
        form.begin.click()
    qtbot.waitUntil(lambda: panel.contents is not None and panel.contents.counts.get("mask") == 32)
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)


def test_what_has_no_known_shape_is_not_offered(panel: DatasetPanel, tmp_path: Path, qtbot: QtBot) -> None:
    root = by_hand(tmp_path / "set", "course", 3)
    for folder in ("fg_bg", "fg_bg_mask", "fg_bg_depth"):
        for number, file in enumerate(sorted((root / folder).iterdir())):
            file.rename(file.with_name(f"holiday{number}.jpg"))
    panel.session.dataset_wanted.emit(root)
    qtbot.waitUntil(lambda: panel.contents is not None and not panel.session.jobs.busy)
    assert not any("has the shape" in text for text in panel.notices.texts())
