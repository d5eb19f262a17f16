"""Seams in Preview: measured when asked, the worst cutouts opened, forgotten with what they were measured of."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.section import Section
from tests.conftest import MakeProject
from tests.helpers.previews import Preview


def test_seams_are_measured_and_the_worst_cutouts_opened(
    window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path
) -> None:
    folder = make_project(tmp_path, "studio-256", 4, 3, ["size=128", "placements=6", "compositing.mode=mixed"])
    panel = Preview(window, qtbot, make_project, tmp_path).show(folder)
    meter = panel.seams
    window.resize(1000, 600)
    next(one for one in panel.inspector.findChildren(Section) if one.isAncestorOf(meter)).header.setChecked(True)
    panel.inspector.reveal(meter.measure)
    meter.measure.click()
    qtbot.waitUntil(lambda: "By blend" in meter.words.text())
    assert "in 120 samples (0.50 is guessing, 1 always)" in meter.words.text()
    opened = meter.worst.findChildren(QPushButton)
    assert opened
    qtbot.waitUntil(lambda: all(one.visibleRegion().boundingRect() == one.rect() for one in opened))
    with qtbot.waitSignal(window.session.picture_wanted) as wanted:
        opened[0].click()
    place, sha256 = wanted.args
    assert place == "foregrounds"
    assert sha256 in {one.sha256 for one in window.session.project.foregrounds}
    window.session.change("larger", lambda project: storage.changed(project, {"size": 96}))
    window.workspace.show_place("preview")
    assert meter.words.text().startswith("On 120 samples")
    assert meter.worst.isHidden()


def test_too_few_edges_are_said(window: MainWindow, qtbot: QtBot, make_project: MakeProject, tmp_path: Path) -> None:
    meter = Preview(window, qtbot, make_project, tmp_path).open(n_bg=1).seams
    meter.measure.click()
    qtbot.waitUntil(lambda: meter.measure.isEnabled() and "too few edges" in meter.words.text())
