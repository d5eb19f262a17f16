"""What a killed import left is said, and is taken in or thrown away as the person says."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow


@pytest.mark.parametrize("answer", ["Take it in", "Take them in", "Move it to the bin"])
def test_a_killed_imports_pictures_are_asked_about(
    answer: str, window: MainWindow, project_folder: Path, qtbot: QtBot
) -> None:
    project = storage.load(project_folder)
    last = project.backgrounds[-1]
    storage.save(project_folder, project.model_copy(update={"backgrounds": project.backgrounds[:-1]}))
    twin = project_folder / "backgrounds/twin.png"
    if answer == "Take them in":
        shutil.copy(project_folder / project.backgrounds[0].file, twin)
    half = partial_of(project_folder / "backgrounds/half.jpg")
    half.write_bytes(b"half")
    os.utime(half, (1e9, 1e9))
    with qtbot.waitSignal(window.session.leftovers_found):
        window.open_project(project_folder)
    notices = window.workspace.notices
    assert not half.exists()
    text = next(text for text in notices.texts() if " in the project's folder but" in text)
    assert "1 file that was only half" in text
    next(one for one in notices.findChildren(QPushButton) if one.text() == answer).click()
    if answer.startswith("Take"):
        qtbot.waitUntil(lambda: last.file in [one.file for one in window.session.project.backgrounds])
        qtbot.waitUntil(lambda: any(text.startswith("Taken into the backgrounds: 1.") for text in notices.texts()))
        assert not twin.exists()  # it would be asked about for ever
        assert len(list((project_folder / "backgrounds").iterdir())) == len(project.backgrounds)
    else:
        assert not (project_folder / last.file).exists()
        window.session.undo_stack.undo()
        assert (project_folder / last.file).exists()


@pytest.mark.parametrize("answer", ["Take it in", "Move it to the bin"])
def test_a_picture_that_is_in_the_project_by_now_stays(
    answer: str, window: MainWindow, project_folder: Path, qtbot: QtBot
) -> None:
    """It lies unlisted when the project is opened; then the same picture is added again, and is that file."""
    project = storage.load(project_folder)
    last = project.backgrounds[-1]
    storage.save(project_folder, project.model_copy(update={"backgrounds": project.backgrounds[:-1]}))
    with qtbot.waitSignal(window.session.leftovers_found):
        window.open_project(project_folder)
    session, notices = window.session, window.workspace.notices
    session.change("add backgrounds", lambda project: project.with_pictures("backgrounds", [last]))
    next(one for one in notices.findChildren(QPushButton) if one.text() == answer).click()
    qtbot.waitUntil(lambda: not session.jobs.busy)
    assert (project_folder / last.file).exists()
    assert last in session.project.backgrounds
