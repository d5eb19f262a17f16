"""Guide, first steps and About: in the program, without internet."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import fgbg_studio
from fgbg_studio.core.base.resources import guide
from fgbg_studio.gui.app.guide_pages import anchor_of, pages
from fgbg_studio.gui.app.guide_window import GuideWindow
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.theme import theme
from tests.conftest import ROOT, draw_background, write_picture


@pytest.fixture
def book(window: MainWindow) -> GuideWindow:
    window.act["help.guide"].trigger()
    made = window.help.guide
    assert made
    return made


def test_every_page_of_the_docs_is_in_the_guide() -> None:
    assert {page.name for page in pages()} == {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert pages()[0].name == "index"
    assert pages()[1].name == "install", "in the order of the first page's links"
    assert all(page.title for page in pages())


def test_every_link_of_the_guide_leads_to_a_page_and_a_heading(book: GuideWindow) -> None:
    """What was clicked is shown, and stands where the page has scrolled to."""
    links = 0
    for page in pages():
        for target in set(re.findall(r'href="([^"]+)"', page.html(guide()))):
            if target.startswith(("http", "pictures/")):
                continue
            links += 1
            book.show_page(page.name)
            book.view.anchorClicked.emit(QUrl(target))
            name, _, anchor = book.view.source().toString().partition("#")
            shown = next(other for other in pages() if f"{other.name}.html" == name)
            assert shown.title in book.view.toPlainText()
            assert not anchor or anchor in {section.anchor for section in shown.sections} | {
                anchor_of(heading) for heading in re.findall(r"^#+ (.+)$", shown.text, re.MULTILINE)
            }
    assert links > 20


def test_going_back_shows_the_page_before(book: GuideWindow) -> None:
    book.view.anchorClicked.emit(QUrl("cutting.html#what-the-check-says"))
    assert "What the check says" in book.view.toPlainText()
    book.view.backward()
    assert book.view.source().toString() == "index.html"


def test_the_guide_is_searched(book: GuideWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(book.search, "eraser nonsense words")
    assert book.contents.topLevelItemCount() == 0
    assert book.nothing.isVisible()
    book.search.clear()
    assert book.contents.topLevelItemCount() == len(pages())
    qtbot.keyClicks(book.search, "WEBDATASET zip")
    assert [book.contents.topLevelItem(0).text(0)] == ["Use the dataset"]
    found = book.contents.topLevelItem(0).child(0)
    book.contents.setCurrentItem(found)
    assert book.view.source().fileName() == "using.html"
    assert book.view.source().fragment() == "zip-and-tar"


def test_a_picture_is_shown_where_there_is_one_and_never_broken(tmp_path: Path) -> None:
    page = next(page for page in pages() if page.name == "cutting")
    assert "<img" not in page.html(tmp_path)
    assert "pictures/" not in page.html(tmp_path), "nor a link around nothing"
    (tmp_path / "pictures").mkdir()
    write_picture(tmp_path / "pictures" / "foregrounds.png", draw_background(1))
    assert page.html(tmp_path).count("<img") == 1


def test_a_picture_is_as_wide_as_the_page_at_most(book: GuideWindow, tmp_path: Path, monkeypatch: object) -> None:
    (tmp_path / "pictures").mkdir()
    write_picture(tmp_path / "pictures" / "wide.png", np.full((200, 1600, 3), 90, np.uint8))
    monkeypatch.setattr("fgbg_studio.gui.app.guide_window.guide", lambda: tmp_path)  # type: ignore[attr-defined]
    shown = book.view.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("pictures/wide.png"))
    assert 0 < shown.width() <= book.view.viewport().width()


def test_no_page_is_wider_than_its_window(book: GuideWindow, qtbot: QtBot) -> None:
    for page in pages():
        book.show_page(page.name)
        for width in (1000, 820):
            book.resize(width, 600)
            qtbot.waitUntil(lambda: not book.view._soon.isActive())
            assert book.view.horizontalScrollBar().maximum() <= 2, (page.name, width)


def test_the_guide_follows_the_colours(book: GuideWindow, qapp: QApplication) -> None:
    def ink() -> str:
        cursor = book.view.textCursor()
        cursor.movePosition(cursor.MoveOperation.NextWord)
        return str(cursor.charFormat().foreground().color().name())

    light = ink()
    try:
        theme.set_mode("dark")
        assert ink() != light
    finally:
        theme.set_mode("light")


def test_about_says_what_runs_and_where_things_lie(window: MainWindow, qtbot: QtBot) -> None:
    window.act["help.about"].trigger()
    about = window.help.about
    assert about
    qtbot.mouseClick(about.copy_all, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert f"Version: {fgbg_studio.__version__}" in text
    for word in ("Python", "Qt", "OpenCV", "Licence: MIT", "Settings", "Projects", "Networks", "Log"):
        assert word in text
    assert window.session.settings.file in text


def ticked(window: MainWindow) -> list[bool]:
    return [line.done for line in window.help.steps.lines]


def test_a_new_project_has_the_first_steps_until_they_are_closed(window: MainWindow, qtbot: QtBot) -> None:
    page, steps = window.start_page, window.help.steps
    with qtbot.waitSignal(window.session.opened):
        qtbot.mouseClick(page.make, Qt.MouseButton.LeftButton)
    assert steps.isVisible()
    assert ticked(window) == [False] * 5
    size = window.workspace.stack.size()
    qtbot.mouseClick(steps.lines[2], Qt.MouseButton.LeftButton)
    assert window.workspace.current.place == "preview"
    assert not ticked(window)[2], "there are no samples to look at yet"
    qtbot.mouseClick(steps.closer, Qt.MouseButton.LeftButton)
    assert not steps.isVisible()
    assert window.workspace.stack.size() == size, "nothing makes room for the card"
    window.session.close()
    page.name.setText("Second")
    with qtbot.waitSignal(window.session.opened):
        qtbot.mouseClick(page.make, Qt.MouseButton.LeftButton)
    assert not steps.isVisible()
    window.act["help.first_steps"].trigger()
    assert steps.isVisible()


def test_steps_are_ticked_by_what_the_project_has(open_window: MainWindow) -> None:
    assert not open_window.help.steps.isVisible(), "it is no new project"
    open_window.act["help.first_steps"].trigger()
    assert ticked(open_window) == [True, True, False, False, False]
    open_window.workspace.show_place("preview")
    assert ticked(open_window) == [True, True, True, False, False]
    open_window.session.change("none", lambda project: project.model_copy(update={"backgrounds": ()}))
    assert ticked(open_window)[0] is False


def test_the_card_gives_way_to_the_work_and_comes_back(open_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    card, opener = open_window.help.steps, open_window.workspace.bottom.steps
    open_window.act["help.first_steps"].trigger()
    worker = open_window.session.add_backgrounds([write_picture(tmp_path / "new.png", draw_background(50))])
    assert not card.isVisible()
    assert opener.isVisible()
    qtbot.waitUntil(lambda: not worker.running)
    qtbot.mouseClick(opener, Qt.MouseButton.LeftButton)
    assert card.isVisible()
    assert not opener.isVisible()
    qtbot.mouseClick(card.closer, Qt.MouseButton.LeftButton)
    assert not card.isVisible()
    assert not opener.isVisible()


def test_the_card_stays_inside_the_window(open_window: MainWindow) -> None:
    open_window.act["help.first_steps"].trigger()
    card, work = open_window.help.steps, open_window.workspace
    for size in ((1400, 900), (960, 600)):
        open_window.resize(*size)
        assert work.rect().contains(card.geometry())


def test_without_a_project_the_first_steps_are_read(window: MainWindow) -> None:
    window.act["help.first_steps"].trigger()
    assert window.help.guide
    assert window.help.guide.view.source().toString() == "first-dataset.html"
