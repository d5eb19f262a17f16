"""Files, folders and ZIP files that are dropped on the place Backgrounds, good and bad."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from tests.conftest import draw_background, write_picture


@pytest.fixture
def panel(open_window: MainWindow, qtbot: QtBot) -> BackgroundsPanel:
    made = open_window.panels[0]
    assert isinstance(made, BackgroundsPanel)
    qtbot.waitUntil(lambda: not made.session.jobs.busy)
    return made


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return [write_picture(tmp_path / "new" / f"new_{i}.png", draw_background(20 + i)) for i in range(4)]


def add(panel: BackgroundsPanel, qtbot: QtBot, paths: list[Path]) -> tuple[int, list[str]]:
    with qtbot.waitSignal(panel.incoming.ended) as ended:
        panel.drop(paths)
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
    (report,) = ended.args
    return len(report.added), [str(error) for error in report.refused]


def names(panel: BackgroundsPanel) -> list[str]:
    return [Path(b.file).name for b in panel.session.project.backgrounds]


def test_a_folder_is_added_as_one_step(panel: BackgroundsPanel, qtbot: QtBot, pictures: list[Path]) -> None:
    assert panel.accepts([pictures[0].parent])
    assert add(panel, qtbot, [pictures[0].parent]) == (4, [])
    assert names(panel)[3:] == [f"new_{i}.png" for i in range(4)]
    assert panel.grid.grid.rowCount() == 7
    assert panel.notices.texts() == ["4 added."]
    panel.session.undo_stack.undo()
    assert len(names(panel)) == 3


def test_the_pictures_of_a_zip_are_added_and_nothing_is_left_behind(
    panel: BackgroundsPanel, qtbot: QtBot, pictures: list[Path], tmp_path: Path
) -> None:
    archive = tmp_path / "pictures.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for picture in pictures[:3]:
            file.write(picture, f"../../deep/{picture.name}")
    assert panel.accepts([archive])
    assert add(panel, qtbot, [archive, pictures[3]]) == (4, [])
    assert sorted(names(panel)[3:]) == [f"new_{i}.png" for i in range(4)]
    assert list(panel.session.folder.glob(".unpacking-*")) == []
    assert not (tmp_path / "deep").exists()


def test_a_broken_zip_is_named_in_the_place(panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    archive = tmp_path / "broken.zip"
    archive.write_bytes(b"not an archive")
    with qtbot.waitSignal(panel.incoming.failed):
        panel.drop([archive])
    assert "broken.zip" in panel.notices.texts()[0]
    qtbot.waitUntil(lambda: not panel.session.jobs.busy)
    assert list(panel.session.folder.glob(".unpacking-*")) == []


def test_one_refused_file_is_said_with_its_name(panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    tiny = write_picture(tmp_path / "tiny.png", np.zeros((40, 40, 3), np.uint8))
    assert add(panel, qtbot, [tiny])[0] == 0
    assert panel.notices.texts() == ["0 added, 1 refused."]
    text = panel.lists.refusals.text.toPlainText()
    assert text.startswith("tiny.png has 40 × 40 pixels")
    assert "fgbg-studio" not in text
    shown = {made.text() or made.accessibleName(): made for made in panel.lists.refusals.findChildren(QAbstractButton)}
    assert "Set the smallest side of backgrounds to 40 px" in shown

    def offered() -> list[str]:
        return [
            made.text() for made in panel.notices.findChildren(QAbstractButton) if made.text().startswith("Show what")
        ]

    assert not offered()  # it is shown
    shown["Dismiss"].click()
    assert offered() == ["Show what was refused"]
    next(b for b in panel.notices.findChildren(QAbstractButton) if b.text() == offered()[0]).click()
    assert not panel.lists.refusals.isHidden()


def test_a_picture_that_is_there_already_is_counted(panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    again = write_picture(tmp_path / "again.png", draw_background(0))
    assert add(panel, qtbot, [again, write_picture(tmp_path / "new.png", draw_background(40))]) == (1, [])
    assert panel.notices.texts() == ["1 added, 1 there already."]
    assert not panel.lists.refusals.isVisible()


def test_many_refused_files_are_one_list_that_moves_nothing(
    panel: BackgroundsPanel, qtbot: QtBot, tmp_path: Path, pictures: list[Path]
) -> None:
    for number in range(5):
        (pictures[0].parent / f"broken_{number}.jpg").write_bytes(b"\xff\xd8 nothing")
    whole = draw_background(50)
    (pictures[0].parent / "cut.png").write_bytes(encode(whole, Codec())[:3000])
    added, refused = add(panel, qtbot, [pictures[0].parent])
    assert (added, len(refused)) == (4, 6)
    assert panel.notices.texts() == ["4 added, 6 refused."]
    shown = panel.lists.refusals
    assert shown.isVisible()
    with_it = panel.grid.geometry()
    assert shown.title.text() == "Not added: 6"
    lines = shown.text.toPlainText().splitlines()
    assert [line.split()[0] for line in lines] == [*(f"broken_{n}.jpg" for n in range(5)), "cut.png"]
    assert "its end is missing" in lines[-1]
    assert str(tmp_path) not in shown.text.toPlainText()
    buttons = {made.text() or made.accessibleName(): made for made in shown.findChildren(QAbstractButton)}
    qtbot.mouseClick(buttons["Copy the list"], Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == shown.text.toPlainText()
    qtbot.mouseClick(buttons["Dismiss"], Qt.MouseButton.LeftButton)
    assert not shown.isVisible()
    assert panel.grid.geometry() == with_it


def test_what_is_new_is_selected_and_in_sight(
    panel: BackgroundsPanel, qtbot: QtBot, pictures: list[Path], tmp_path: Path
) -> None:
    many = [write_picture(tmp_path / "many" / f"{i:02}.png", draw_background(100 + i)) for i in range(40)]
    add(panel, qtbot, many)
    panel.grid.scrollToTop()
    panel.act["backgrounds.rejected"].trigger()
    add(panel, qtbot, pictures)
    new = [b.sha256 for b in panel.session.project.backgrounds[-4:]]
    assert panel.grid.chosen() == new
    assert panel.current == new[0]
    assert new[0] in panel.grid.seen()


def test_nothing_else_is_accepted(panel: BackgroundsPanel, tmp_path: Path) -> None:
    assert panel.accepts([tmp_path / "text.txt"]) == ""
    assert panel.accepts([tmp_path / "text.txt", tmp_path / "a.jpg"])


def test_what_is_passed_over_is_said(
    panel: BackgroundsPanel, qtbot: QtBot, pictures: list[Path], tmp_path: Path
) -> None:
    """In a folder, in a ZIP, and among the files themselves."""
    folder, archive, film = pictures[0].parent, tmp_path / "more.zip", tmp_path / "film.mov"
    (folder / "@eaDir").mkdir()
    for path in (folder / "@eaDir" / "a.jpg", folder / "notes.txt", film):
        path.touch()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("z.png", encode(draw_background(30), Codec()))
        file.writestr("__MACOSX/._z.png", b"x")
        file.writestr("more.heic", b"x")
    assert add(panel, qtbot, [folder, archive, film]) == (5, [])
    (said,) = panel.notices.texts()
    assert said == (
        "5 added. "
        "5 files passed over: 2 left behind by a system (__MACOSX, @eaDir), 2 no picture by name (.mov, .txt), "
        "1 of a kind that is not read here (.heic)."
    )
    add(panel, qtbot, [write_picture(tmp_path / "one.png", draw_background(31))])
    assert panel.notices.texts() == ["1 added."]


def test_closing_in_the_middle_loses_nothing_that_was_said(
    panel: BackgroundsPanel, open_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """What stood in the grid is there again; what came into the folder besides is asked about."""
    session, many = panel.session, tmp_path / "many"
    for number in range(30):
        write_picture(many / f"many_{number}.png", draw_background(100 + number))
    before = len(names(panel))
    panel.drop([many])
    qtbot.waitUntil(lambda: len(names(panel)) > before)
    assert session.save_now()
    said, folder = names(panel), session.folder
    session.close()
    qtbot.waitUntil(lambda: not session.jobs.busy)  # the picture that was being stored is still put in the folder
    with qtbot.waitSignal(session.opened):
        open_window.open_project(folder)
    qtbot.waitUntil(lambda: not session.jobs.busy)
    assert names(panel) == said
    besides = {path.name for path in (folder / "backgrounds").iterdir()} - set(said)
    asked = "".join(text for text in open_window.workspace.notices.texts() if "in the project's folder" in text)
    assert bool(besides) == bool(asked), besides
    assert not besides or f"{len(besides)} picture" in asked
