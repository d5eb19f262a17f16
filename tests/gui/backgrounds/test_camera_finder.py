"""The camera of backgrounds found in the window: one step of undo, and a sentence where there is none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.remedies import FindCameras
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.depth_maps import DepthMaps
from fgbg_studio.core.project.importing import add_backgrounds
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from fgbg_studio.gui.lib.remedies import offer
from fgbg_studio.gui.session.remedies import follow
from tests.conftest import draw_background, write_picture
from tests.helpers.rooms import room


def test_what_is_found_is_taken_over_in_one_step(
    window: MainWindow, project_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    seen = room(height=1.4, pitch=18)
    (tmp_path / "maps").mkdir()
    for seed, (name, depth) in enumerate((("room", seen.depth), ("wall", np.full_like(seen.depth, 2)))):
        write_picture(tmp_path / "photos" / f"{name}.png", cv2.resize(draw_background(seed + 40), (640, 480)))
        np.save(tmp_path / "maps" / f"{name}.npy", depth)
    verdicts = list(
        add_backgrounds(
            project_folder, [tmp_path / "photos"], depths=DepthMaps(tmp_path / "maps", lens=seen.lens.scaled(2, 2))
        )
    )
    assert all(verdict.picture for verdict in verdicts)
    window.session.open(project_folder)
    qtbot.waitUntil(lambda: window.session.is_open and not window.session.jobs.busy)
    panel = window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    before = window.session.project
    new = [v.picture.sha256 for v in verdicts if v.picture]
    panel.grid.choose(new, new[0])
    panel.act["backgrounds.find_camera"].trigger()
    assert not panel.act["backgrounds.find_camera"].isEnabled()
    qtbot.waitUntil(lambda: not panel.cameras.busy)
    assert panel.act["backgrounds.find_camera"].isEnabled()
    (said,) = panel.notices.texts()
    assert "1.4" in said
    assert "No ground was found in wall" in said
    buttons = {one.text(): one for one in panel.notices.findChildren(QPushButton)}
    buttons["Show without ground"].click()
    assert panel.grid.chosen() == [new[1]]
    after = {b.sha256: b for b in window.session.project.backgrounds}
    assert after[new[0]].camera_height == pytest.approx(1.4, rel=0.05)
    assert after[new[0]].standing
    assert after[new[1]] == {b.sha256: b for b in before.backgrounds}[new[1]]
    window.session.undo_stack.undo()
    assert window.session.project == before


def test_the_remedy_of_a_missing_horizon_looks_where_none_was_set(
    window: MainWindow, project_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    seen = room(height=1.4, pitch=18)
    (tmp_path / "maps").mkdir()
    for seed, name in enumerate(("one", "two")):
        write_picture(tmp_path / "photos" / f"{name}.png", cv2.resize(draw_background(seed + 40), (640, 480)))
        np.save(tmp_path / "maps" / f"{name}.npy", seen.depth)
    depths = DepthMaps(tmp_path / "maps", lens=seen.lens.scaled(2, 2))
    assert all(verdict.picture for verdict in add_backgrounds(project_folder, [tmp_path / "photos"], depths=depths))
    made = storage.load(project_folder)
    own = tuple(
        one.model_copy(update={"horizon": 0.3} if one.depth is None or "two" in one.file else {})
        for one in made.backgrounds
    )
    storage.save(project_folder, made.model_copy(update={"backgrounds": own}))
    with qtbot.waitSignal(window.session.opened):
        window.open_project(project_folder)
    window.workspace.show_place("generate")
    assert offer(FindCameras()) == "Find horizon and floor"
    follow(window.session, FindCameras())
    panel = window.workspace.current
    assert isinstance(panel, BackgroundsPanel)
    qtbot.waitUntil(lambda: not panel.cameras.busy)
    found = {Path(one.file).stem: one.horizon for one in window.session.project.backgrounds if one.depth is not None}
    assert found["two"] == 0.3
    assert found["one"] not in {None, 0.3}


def test_without_depth_and_network_it_says_so(open_window: MainWindow, qtbot: QtBot) -> None:
    panel = open_window.panels[0]
    assert isinstance(panel, BackgroundsPanel)
    before = open_window.session.project
    panel.act["backgrounds.find_camera"].trigger()
    qtbot.waitUntil(lambda: not panel.cameras.busy)
    assert any("no network on this computer gives metres" in text for text in panel.notices.texts())
    assert open_window.session.project == before
