"""Trials in the window: begun, shown while they train, stopped and continued, and their networks put to use."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.trial.folders import folder_for, is_stopped
from fgbg_studio.core.trial.progress import CurvePoint, Look, TrialProgress
from fgbg_studio.core.trial.settings import TrialSettings, trial_settings
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.dataset.trial_curves import TrialCurves
from fgbg_studio.gui.lib.theme import theme
from tests.conftest import SOAK

needs_keras = pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs Keras")
QUICK = {"epochs": 2, "side": 32, "batch": 4, "scored": 8, "inputs": "one", "mask_loss": "bce", "depth_weight": 0}


@pytest.fixture
def panel(place: DatasetPanel, dataset: Path, qtbot: QtBot) -> DatasetPanel:
    place.session.dataset_wanted.emit(dataset)
    qtbot.waitUntil(lambda: place.contents is not None)
    place.act["dataset.try"].trigger()
    return place


def test_the_way_in_stands_before_the_other_formats(place: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    assert place.details.trying.isHidden()  # there is nothing to try
    place.session.dataset_wanted.emit(dataset)
    qtbot.waitUntil(lambda: place.contents is not None)
    assert not place.details.trying.isHidden()
    way_in = place.details.way_in.findChild(QPushButton)
    assert way_in is not None
    assert way_in.text() == "Try it"
    assert way_in.mapTo(place.inspector, QPoint()).y() < place.details.export.mapTo(place.inspector, QPoint()).y()
    qtbot.mouseClick(way_in, Qt.MouseButton.LeftButton)
    assert place.looks.currentWidget() is place.trial
    assert place.details.trial.isVisible()
    assert not way_in.isVisible()
    place.act["dataset.back"].trigger()
    assert way_in.isVisible()


def test_the_bar_is_of_the_whole_and_not_of_a_phase(panel: DatasetPanel) -> None:
    shown = []
    for phase, done, whole in (("training", 50, 0.5), ("measuring", 0, 0.92), ("measuring baselines", 2, 0.97)):
        panel.trial.show_progress(TrialProgress(phase, done, 100, whole=whole))
        shown.append(panel.trial.bar.value() / panel.trial.bar.maximum())
    assert shown == [0.5, 0.92, 0.97]
    assert "2 of 100" in panel.trial.said.text()
    panel.trial.show_progress(TrialProgress("training on the composite alone", 5, 10, run="one", whole=0.98))
    assert panel.trial.said.text() == "Training on the composite alone · 5 of 10"
    panel.trial.show_progress(TrialProgress("measuring", 5, 10, run="one", whole=0.99))
    assert panel.trial.said.text() == "Measuring · the composite alone · 5 of 10"


def test_samples_are_on_the_windows_own_ground(panel: DatasetPanel) -> None:
    grey = np.full((32, 32, 3), 128, np.uint8)
    mask = np.zeros((16, 16), bool)
    mode = theme.mode
    try:
        for dark in (False, True):  # the second time while it is shown
            theme.set_mode("dark" if dark else "light")
            if not dark:
                panel.trial.looks.show_sheet([Look("a", "seen", grey, mask, mask.astype(np.float32), None, None)])
            corner = panel.trial.looks.pixmap().toImage().pixelColor(1, 1)
            assert corner.name() == theme.colours.window
    finally:
        theme.set_mode(mode)


def test_it_takes_the_place_of_the_samples_and_goes_away_again(panel: DatasetPanel) -> None:
    assert panel.looks.currentWidget() is panel.trial
    assert panel.details.trial.isVisible()
    assert "as a network in use" in panel.details.trial.rows["inputs"].title.toolTip()
    panel.act["dataset.back"].trigger()
    assert panel.looks.currentWidget() is panel.browser
    assert not panel.act["dataset.try"].isChecked()
    assert not panel.details.trial.isVisible()
    panel.act["dataset.try"].trigger()
    panel.act["dataset.explore"].trigger()
    assert panel.looks.currentWidget() is panel.browser


def test_a_refused_setting_stands_under_its_row_and_is_not_taken(panel: DatasetPanel) -> None:
    form = panel.details.trial
    assert [form._box(name).text() for name in ("samples", "side")] == ["all", "as stored"]
    form.rows["side"].changed.emit("side", 50)
    assert "a network cannot see 50 px" in form.rows["side"].trouble.text()
    assert form.trial.side == 0
    form.rows["side"].changed.emit("side", 48)
    assert form.trial.side == 48


def test_a_stop_is_seen_at_once(panel: DatasetPanel, qtbot: QtBot) -> None:
    form = panel.details.trial
    form.show_running(True)
    with qtbot.waitSignal(form.stopped):
        form.stop.click()
    assert (form.stop.text(), form.stop.isEnabled()) == ("Stopping …", False)
    form.show_running(True)
    assert (form.stop.text(), form.stop.isEnabled()) == ("Stop", True)


def test_curves_are_drawn_and_said(qtbot: QtBot) -> None:
    curves = TrialCurves()
    qtbot.addWidget(curves)
    curves.resize(700, 190)
    points = [CurvePoint(10 * n, 1 / n, 2 / n, 1 - 1 / n, 0.5 - 0.5 / n) for n in range(1, 6)]
    curves.show_points(points)
    assert "IoU of masks, seen: 0.800" in curves.accessibleDescription()
    with_curves = curves.grab().toImage()
    curves.show_points(points[:1])
    assert curves.grab().toImage() != with_curves
    curves.show_points(())
    curves.grab()


@needs_keras
def test_trained_shown_and_used(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    form = panel.details.trial
    form.show_settings(trial_settings(QUICK))
    qtbot.mouseClick(form.begin, Qt.MouseButton.LeftButton)
    assert not form.stop.isHidden()
    assert not form.settings.isEnabled()
    panel.show_dataset(dataset)  # opened again meanwhile: it goes on, and is shown
    qtbot.waitUntil(lambda: panel.trying.result is not None)
    qtbot.waitUntil(lambda: panel.trying.worker is None)
    assert panel.trial.table.rowCount() > 0
    assert "The composite alone: mask IoU" in panel.trial.findings.text()
    assert not panel.trial.curves.isHidden()
    result = panel.trying.result
    assert result is not None
    assert result.folder == dataset.with_name("out-trial")
    panel.show_dataset(dataset)  # again: what came out is shown with its dataset
    qtbot.waitUntil(lambda: panel.contents is not None)
    assert panel.trial.table.rowCount() > 0
    assert not panel.trial.buttons.isHidden()
    network = panel.trying._network()
    assert network is not None
    assert network.is_file()
    panel.trial.guesses_wanted.emit()
    assert panel.session.settings.value("foregrounds/network", "") == str(network)
    panel.trial.depth_wanted.emit()
    assert panel.session.project.settings.depth.model == str(network)
    panel.session.undo_stack.undo()
    assert panel.session.project.settings.depth.model != str(network)


def trained(panel: DatasetPanel) -> int:
    """Steps that the trial at work has said."""
    step = panel.trying.worker.newest if panel.trying.worker else None
    return step.done if step and step.phase.startswith("training") else 0


@pytest.mark.skipif(not SOAK, reason="Keras is started twice: for make soak")
@needs_keras
def test_stopped_and_continued(panel: DatasetPanel, dataset: Path, qtbot: QtBot) -> None:
    form = panel.details.trial
    form.show_settings(trial_settings(QUICK | {"epochs": 10_000}))
    form.begin.click()
    qtbot.waitUntil(lambda: trained(panel) > 3)
    form.stop.click()
    qtbot.waitUntil(lambda: panel.trying.worker is None)
    assert panel.trial.said.text().startswith("Stopped.")
    assert is_stopped(folder_for(dataset, form.trial))
    assert form.begin.text() == "Continue"
    form.begin.click()
    qtbot.waitUntil(lambda: trained(panel) > 3)
    panel.close_dataset()  # what trains goes on; the window's end stops it
    panel.trying.stop()
    qtbot.waitUntil(lambda: panel.trying.worker is None)


def test_folders_of_other_settings(tmp_path: Path) -> None:
    dataset, settings = tmp_path / "rooms.zip", TrialSettings()
    dataset.touch()
    first = folder_for(dataset, settings)
    assert first == tmp_path / "rooms-trial"
    first.mkdir()
    assert folder_for(dataset, settings) == first
    (first / "letters.txt").touch()
    assert folder_for(dataset, settings) == tmp_path / "rooms-trial-2"
