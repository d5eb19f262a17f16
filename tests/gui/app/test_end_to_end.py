"""From nothing to a dataset's foreground with the hands alone: start page, scenes, a photo, a cutout, and again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from tests.conftest import SHARED, draw_background, write_picture
from tests.gui.foregrounds.test_panel import LEFT, RIGHT, Hands

CTRL = Qt.KeyboardModifier.ControlModifier


def scenes(tmp_path: Path) -> list[Path]:
    """Four real scenes, or drawn ones where there are none."""
    real = sorted((SHARED / "data" / "scenes" / "bg").glob("*.jpg"))[:4] if SHARED.is_dir() else []
    return real or [write_picture(tmp_path / f"scene_{i}.png", draw_background(i, 300, 260)) for i in range(4)]


def test_a_new_project_to_a_kept_cutout_and_again(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    photo = SHARED / "data" / "photos" / "astronaut.png"
    if not photo.exists():
        pytest.skip(f"{photo} is not there: real photos lie beside the repository")
    session, page = window.session, window.start_page
    page.name.setText("Space")
    make = next(button for button in page.findChildren(QPushButton) if button.text() == "Create project")
    with qtbot.waitSignal(session.opened):
        qtbot.mouseClick(make, LEFT)
    folder = session.folder
    assert (session.project.name, window.workspace.counter.text()) == ("Space", "0 / 100 backgrounds")
    backgrounds = window.workspace.current
    assert isinstance(backgrounds, BackgroundsPanel)
    backgrounds.drop(scenes(tmp_path))
    qtbot.waitUntil(lambda: window.workspace.counter.text() == "4 / 100 backgrounds")

    hands = Hands(window, qtbot)
    hands.add(photo)
    hands.drag([(60, 2), (450, 510)])
    hands.rest()
    hands.drag([(190, 320), (250, 420), (150, 460)])
    hands.rest()
    before = hands.alpha
    hands.drag([(410, 60), (425, 200)], RIGHT)
    hands.rest()
    after = hands.alpha
    assert before.any()
    hands.key(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(hands.alpha, before)
    hands.key(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert np.array_equal(hands.alpha, after)
    hands.panel.form.feather.field.setValue(2.0)
    hands.rest()
    with qtbot.waitSignal(session.changed):
        hands.key(Qt.Key.Key_Return, CTRL)
    hands.rest()
    assert hands.panel.document
    shown = hands.panel.document.shown.copy()
    hands.key(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not session.dirty and not session.jobs.busy)

    session.close()
    assert [f.file for f in storage.load(folder).foregrounds] == ["foregrounds/astronaut.png"]
    with qtbot.waitSignal(session.opened):
        window.open_project(folder)
    window.workspace.show_place("foregrounds")
    panel = hands.panel
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path.stem == "astronaut")
    hands.rest()
    assert panel.document
    assert np.array_equal(hands.alpha, after)
    assert np.array_equal(panel.document.shown, shown)
    kept = read_rgba(folder / session.project.foregrounds[0].file)[..., 3]
    assert kept.sum() == shown.sum()
