"""The first page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.resources import resource
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.project import presets, storage
from fgbg_studio.gui.app.main_window import MainWindow


def test_each_preset_has_a_card_with_its_sentence(window: MainWindow) -> None:
    page = window.start_page
    assert list(page.cards) == presets.names()
    assert page.preset == presets.DEFAULT
    for name, card in page.cards.items():
        assert card.summary.lower() == presets.get(name).summary.lower()
        assert card.isVisible()


def test_a_click_on_a_preset_and_make_opens_a_project(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = window.start_page
    qtbot.mouseClick(page.cards["layers-150"], Qt.MouseButton.LeftButton)
    assert "layers-150" in page.facts_title.text()
    page.name.selectAll()
    qtbot.keyClicks(page.name, "Four layers!")
    assert page.folder == tmp_path / "projects" / "four-layers"
    with qtbot.waitSignal(window.session.opened):
        qtbot.mouseClick(page.make, Qt.MouseButton.LeftButton)
    assert window.workspace.isVisible()
    assert storage.load(page.folder).preset == "layers-150"
    assert window.session.project.name == "Four layers!"
    assert "Four layers!" in window.windowTitle()


def test_a_folder_that_was_typed_is_kept(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = window.start_page
    page.where.clear()
    assert page.make.isEnabled() is False or page.where.text() == ""
    qtbot.keyClicks(page.where, str(tmp_path / "mine" / "here"))
    page.name.setText("Other")
    assert page.folder == tmp_path / "mine" / "other"


def test_without_a_name_nothing_is_made(window: MainWindow, qtbot: QtBot) -> None:
    window.start_page.name.clear()
    assert not window.start_page.make.isEnabled()
    with qtbot.assertNotEmitted(window.start_page.create_wanted):
        qtbot.keyClick(window.start_page.name, Qt.Key.Key_Return)


def test_what_cannot_be_made_is_said_on_the_page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "projects" / "my-dataset").mkdir(parents=True)
    (tmp_path / "projects" / "my-dataset" / "letter.txt").write_text("dear")
    with qtbot.waitSignal(window.session.failed):
        qtbot.mouseClick(window.start_page.make, Qt.MouseButton.LeftButton)
    assert "my-dataset is not an empty folder" in window.start_page.notices.texts()[0]


def test_recent_projects_are_opened_by_a_click(open_window: MainWindow, project_folder: Path, qtbot: QtBot) -> None:
    window = open_window
    window.act["file.close"].trigger()
    assert window.start_page.isVisible()
    line = window.start_page.recent.buttons[0]
    assert project_folder.name in line.accessibleName()
    with qtbot.waitSignal(window.session.opened):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert window.session.folder == project_folder.resolve()


def test_a_project_that_was_deleted_is_no_recent_one(window: MainWindow, tmp_path: Path) -> None:
    window.session.settings.remember(tmp_path / "gone")
    assert window.session.settings.recent == []
    assert window.start_page.recent.buttons == []


def test_a_dropped_project_is_opened(
    window: MainWindow, project_folder: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project_folder))])
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    try:
        enter = QDragEnterEvent(QPointF(300, 300), *held)
    except TypeError:  # before Qt 6.11 a whole point was wanted
        enter = QDragEnterEvent(QPoint(300, 300), *held)
    qapp.sendEvent(window, enter)
    assert enter.isAccepted()
    assert window.dropping.hint.isVisible()
    drop = QDropEvent(QPointF(300, 300), *held)
    with qtbot.waitSignal(window.session.opened):
        qapp.sendEvent(window, drop)
    assert not window.dropping.hint.isVisible()
    assert window.session.folder == project_folder.resolve()


def test_a_file_that_means_nothing_is_not_taken(window: MainWindow, tmp_path: Path) -> None:
    assert window.dropping.meaning([tmp_path]) == ""
    assert window.dropping.meaning([]) == ""


def test_there_is_one_picture_for_every_preset_of_composite_mask_and_depth() -> None:
    folder = resource("presets")
    assert sorted(path.stem for path in folder.iterdir()) == sorted(presets.names())
    for path in folder.iterdir():
        picture = decode(path.read_bytes(), path.name)
        side = picture.shape[0]
        left = (picture.shape[1] - side) // 2
        assert path.stat().st_size < 200_000
        assert picture.shape[1:] == (2 * left + side, 4)
        assert not picture[:, side:left, 3].any()
        composite, mask, depth = picture[:, :side], picture[:, left : left + side, 0], picture[:, 2 * left :]
        assert 0.01 < (mask > 127).mean() < 0.6
        assert composite[..., :3].std() > 20
        assert depth[..., :3].std() > 20
