"""The first page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.resources import resource
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.project import presets, storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.start.page import AsHighAsNeeded
from fgbg_studio.gui.start.preset_card import PresetCard

_WRAP = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def _small(card: PresetCard) -> QFont:
    font = QFont(card.font())
    font.setPixelSize(11)
    return font


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


def test_a_folder_that_is_there_is_not_suggested(window: MainWindow, tmp_path: Path) -> None:
    page = window.start_page
    assert page.folder.name == "my-project"
    page.folder.mkdir(parents=True)
    page.hide()
    page.show()
    assert page.folder.name == "my-project-2"
    page.where.setText(str(tmp_path))  # as if it was typed
    page.hide()
    page.show()
    assert page.folder == tmp_path


def test_what_cannot_be_made_is_said_on_the_page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "projects" / "my-project").mkdir(parents=True)
    (tmp_path / "projects" / "my-project" / "letter.txt").write_text("dear")
    with qtbot.waitSignal(window.session.failed):
        qtbot.mouseClick(window.start_page.make, Qt.MouseButton.LeftButton)
    assert "my-project is not an empty folder" in window.start_page.notices.texts()[0]


def test_recent_projects_are_opened_by_a_click(open_window: MainWindow, project_folder: Path, qtbot: QtBot) -> None:
    window = open_window
    window.session.change("name", lambda project: project.model_copy(update={"name": "Trial one: a long name"}))
    window.session.save_now()
    window.act["file.close"].trigger()
    assert window.start_page.isVisible()
    line = window.start_page.recent.lines[project_folder.resolve()]
    assert project_folder.name in line.open.accessibleName()
    qtbot.waitUntil(lambda: len(line.mosaic.pictures) == 4)
    assert line.name.text() == "Trial one: a long name"
    assert line.holds.text() == "5 pictures"
    assert line.holds.toolTip() == "3 backgrounds, 2 foregrounds"
    assert ":" in line.when.text(), "when it was changed"
    assert not line.grab().isNull()
    with qtbot.waitSignal(window.session.opened):
        qtbot.mouseClick(line.open, Qt.MouseButton.LeftButton)
    assert window.session.folder == project_folder.resolve()


def test_a_project_that_is_gone_is_said_and_can_be_taken_off(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    settings, recent = window.session.settings, window.start_page.recent
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "project.json").write_text("{")
    for name in ("gone", "damaged"):
        settings.remember(tmp_path / name)
    gone, damaged = recent.lines[tmp_path / "gone"], recent.lines[tmp_path / "damaged"]
    qtbot.waitUntil(lambda: "not there" in gone.holds.text() and "cannot be read" in damaged.holds.text())
    assert not gone.open.isEnabled()
    window._fill_recent()
    assert [action.isEnabled() for action in window.recent_menu.actions()] == [True, False]
    qtbot.mouseClick(gone.forget, Qt.MouseButton.LeftButton)
    assert settings.recent == [tmp_path / "damaged"]
    assert list(recent.lines) == [tmp_path / "damaged"]
    assert (tmp_path / "damaged" / "project.json").exists(), "the list is all that changes"


@pytest.mark.parametrize(("width", "height"), [(960, 600), (1024, 700), (1280, 760), (2560, 1400)])
def test_everything_of_the_page_is_reached_at_any_size(
    window: MainWindow, width: int, height: int, qtbot: QtBot
) -> None:
    for number in range(8):
        window.session.settings.remember(Path(f"/nowhere/{number}"))
    page = window.start_page
    window.resize(width, height)
    qtbot.waitUntil(lambda: page.cards["studio-256"].width() > 200)

    def below(widget: QWidget) -> int:
        return widget.mapTo(page, widget.rect().bottomLeft()).y()

    assert 0 < below(page.make) <= page.height()
    assert page.make.mapTo(page, page.make.rect().topRight()).x() <= page.width()
    scroll = page.findChild(AsHighAsNeeded)
    assert scroll
    hidden = scroll.widget().height() - scroll.viewport().height()
    assert scroll.verticalScrollBar().maximum() >= hidden
    if height > 1000:
        assert hidden <= 0
        assert below(page.make) - below(page.facts) < 120, "beside what it belongs to, not at the foot of the screen"
    qtbot.waitUntil(lambda: page.recent.verticalScrollBar().maximum() > 0 or height > 700)


def test_a_card_has_no_gap_under_its_words(window: MainWindow, qtbot: QtBot) -> None:
    for width in (960, 1400, 2560):
        window.resize(width, 900)
        card = window.start_page.cards["studio-256"]
        qtbot.waitUntil(lambda card=card: card.height() == card.sizeHint().height() or card.width() > 260)
        metrics, wide = QFontMetrics(_small(card)), card.width() - 24
        words = [metrics.boundingRect(0, 0, wide, 999, _WRAP, text).height() for text in card._all]
        free = card.height() - (card.width() - 32) // 3 - 24 - 28 - max(words)
        assert 0 <= free < 4


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
