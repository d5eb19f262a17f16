"""The window: places, lines, closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.project import storage
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from fgbg_studio.gui.lib.formatting import product, product_explained
from fgbg_studio.gui.lib.question import Question
from fgbg_studio.gui.session.session import Session


def rename(window: MainWindow, name: str = "other") -> None:
    window.session.change("rename", lambda project: project.model_copy(update={"name": name}))


def answer(word: str) -> list[str]:
    """Answer so as soon as a question is asked; its words are returned later."""
    asked: list[str] = []

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Question)
        asked.append(" ".join([box.title, *box.sentences]))
        box.buttons[word].click() if word in box.buttons else box.reject()

    QTimer.singleShot(0, click)
    return asked


def test_the_start_page_comes_first(window: MainWindow) -> None:
    assert window.start_page.isVisible()
    assert not window.workspace.isVisible()
    assert not window.act["file.save"].isEnabled()
    assert not window.act["file.close"].isEnabled()


def test_to_rename_a_picture_brings_the_inspector_that_was_hidden(open_window: MainWindow, qtbot: QtBot) -> None:
    panel = open_window.workspace.current
    assert isinstance(panel, BackgroundsPanel)
    open_window.act["view.inspector"].setChecked(False)
    assert not panel.inspector.isVisible()
    panel.grid.choose(panel.grid.grid.keys[:1], panel.grid.grid.keys[0])
    panel.act["backgrounds.rename"].trigger()
    assert open_window.act["view.inspector"].isChecked()
    assert panel.details.stem.isVisible()
    qtbot.waitUntil(panel.details.stem.hasFocus)


def test_five_places_by_click_and_key(open_window: MainWindow) -> None:
    work = open_window.workspace
    assert [panel.place for panel in open_window.panels] == [
        "backgrounds", "foregrounds", "preview", "generate", "dataset",
    ]  # fmt: skip
    for number, button in enumerate(work.rail.buttons):
        button.click()
        assert work.current is open_window.panels[number]
        assert button.isChecked()
        assert work.current.isVisible()
    work.go[0].trigger()
    assert work.current.place == "backgrounds"


def test_the_lines_say_what_is_open_and_what_it_makes(open_window: MainWindow, qtbot: QtBot) -> None:
    bottom = open_window.workspace.bottom
    assert bottom.product.text() == "3 × 2 × 2 × 20 = 240 samples"
    assert bottom.preset.text() == "studio-256"
    assert bottom.saved.text().startswith("saved ")
    rename(open_window, "Classroom set")
    assert bottom.saved.text() == "not saved"
    assert open_window.workspace.top.name.text() == "Classroom set •"
    assert open_window.isWindowModified()
    with qtbot.waitSignal(open_window.session.saved):
        open_window.act["file.save"].trigger()
    assert bottom.saved.text().startswith("saved ")
    assert open_window.workspace.top.name.text() == "Classroom set"


def test_the_product_names_its_factors(open_session: Session) -> None:
    project = open_session.project
    assert product_explained(project).startswith("3 backgrounds × 2 foregrounds × 2 (as cut and mirrored) × 20")
    empty = project.model_copy(update={"backgrounds": ()})
    assert product(empty) == "no samples yet: add a background"
    assert product(project.model_copy(update={"foregrounds": ()})) == "no samples yet: add a foreground"
    assert product(empty.model_copy(update={"foregrounds": ()})).endswith("add a background and a foreground")


def test_the_project_is_renamed_where_its_name_stands(open_window: MainWindow, qtbot: QtBot) -> None:
    top = open_window.workspace.top
    open_window.act["file.rename"].trigger()
    assert top.editor.isVisible()
    assert top.editor.text() == "project"
    qtbot.keyClicks(top.editor, "Classroom set")
    qtbot.keyClick(top.editor, Qt.Key.Key_Return)
    assert open_window.session.project.name == "Classroom set"
    open_window.act["file.rename"].trigger()
    qtbot.keyClicks(top.editor, "never")
    qtbot.keyClick(top.editor, Qt.Key.Key_Escape)
    assert open_window.session.project.name == "Classroom set"
    assert top.name.isVisible()
    assert not top.editor.isVisible()


def test_undo_and_redo_by_the_menu(open_window: MainWindow) -> None:
    undo, redo = open_window.act["edit.undo"], open_window.act["edit.redo"]
    assert not undo.isEnabled()
    rename(open_window, "one")
    assert undo.isEnabled()
    assert undo.text() == "Undo rename"
    undo.trigger()
    assert open_window.session.project.name == "project"
    assert redo.isEnabled()
    redo.trigger()
    assert open_window.session.project.name == "one"


def test_the_bottom_line_ends_in_dots_where_it_has_no_room(open_window: MainWindow) -> None:
    bottom = open_window.workspace.bottom
    everything = bottom.product.text()
    bottom.setParent(None)
    for part in (bottom.bar, bottom.job, bottom.stop):
        part.show()
    bottom.job.setText("downloading a network")
    width = bottom.minimumSizeHint().width() + 60
    bottom.resize(width, 32)
    bottom.show()
    assert bottom.product.shown().endswith("…")
    assert everything.startswith(bottom.product.shown()[:-1].rstrip())
    assert bottom.stop.geometry().right() < width
    assert not bottom.product.grab().isNull()
    bottom.resize(1600, 32)
    assert bottom.product.shown() == everything
    bottom.close()
    bottom.setParent(open_window)


def test_a_badge_and_a_counter_are_shown(open_window: MainWindow) -> None:
    panel = open_window.panels[0]
    panel.set_badge(6)
    panel.set_counter("87 / 100 backgrounds")
    assert "6" in open_window.workspace.rail.buttons[0].accessibleDescription()
    assert open_window.workspace.top.counter.text() == "87 / 100 backgrounds"
    open_window.workspace.show_place("preview")
    assert open_window.workspace.top.counter.text() == ""


def test_the_inspector_is_hidden_everywhere_and_remembered(open_window: MainWindow) -> None:
    inspector = open_window.act["view.inspector"]
    first = open_window.panels[0].inspector
    open_window.panels[0].set_empty(False)
    assert first.isVisible()
    assert 240 <= first.width() <= 320
    inspector.trigger()
    assert not first.isVisible()
    open_window.workspace.show_place("foregrounds")
    assert not open_window.panels[1].inspector.isVisible()
    assert not open_window.session.settings.inspector
    inspector.trigger()
    assert open_window.panels[1].inspector.isVisible()


def test_a_running_job_is_shown_and_stopped(open_window: MainWindow, qtbot: QtBot) -> None:
    from PySide6.QtCore import QThread

    def steps() -> object:
        for number in range(10_000):
            QThread.msleep(1)
            yield Progress("counting", number, 10_000)

    bottom = open_window.workspace.bottom
    assert not bottom.job.isVisible()
    worker = open_window.session.jobs.run("counting sheep", steps, visible=True)
    qtbot.waitUntil(lambda: "%" in bottom.job.text())
    assert "counting sheep" in bottom.job.text()
    bottom.job.click()
    assert open_window.workspace.current.place == "generate"
    bottom.stop.click()
    qtbot.waitUntil(lambda: not worker.running)
    qtbot.waitUntil(lambda: not bottom.job.isVisible())


@pytest.mark.logs
def test_errors_of_jobs_are_shown_at_the_top(open_window: MainWindow, qtbot: QtBot, caplog: object) -> None:
    open_window.session.jobs.run("divide", lambda: 1 // 0)
    qtbot.waitUntil(lambda: bool(open_window.workspace.notices.texts()))
    assert "ZeroDivisionError" in open_window.workspace.notices.texts()[0]


def test_a_saved_project_closes_without_a_question(open_window: MainWindow, project_folder: Path) -> None:
    assert open_window.close()
    with storage.locked(project_folder):
        pass


def test_keep_working_keeps_the_window(open_window: MainWindow) -> None:
    rename(open_window)
    asked = answer("stay")
    assert not open_window.close()
    assert "not saved" in asked[0]
    assert open_window.session.is_open


def test_escape_keeps_the_window(open_window: MainWindow) -> None:
    rename(open_window)
    answer("escape")
    assert not open_window.close()
    assert open_window.session.dirty


def test_save_and_close_saves(open_window: MainWindow, project_folder: Path) -> None:
    rename(open_window)
    answer("save")
    assert open_window.close()
    assert storage.load(project_folder).name == "other"


def test_closing_without_saving_gives_the_changes_up(open_window: MainWindow, project_folder: Path) -> None:
    rename(open_window)
    answer("close")
    assert open_window.close()
    assert storage.load(project_folder).name == "project"
    assert not (project_folder / ".recovery.json").exists()


def test_what_is_not_finished_is_named(open_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_window.panels[1], "unfinished", lambda: "the cutout of astronaut.png is not kept")
    asked = answer("stay")
    open_window.act["file.close"].trigger()
    assert "astronaut.png" in asked[0]
    assert open_window.session.is_open


def test_what_was_not_saved_is_there_again(window: MainWindow, project_folder: Path, qtbot: QtBot) -> None:
    from fgbg_studio.core.project import recovery

    saved = storage.load(project_folder)
    recovery.write(project_folder, saved.model_copy(update={"name": "left over"}))
    with qtbot.waitSignal(window.session.recovery_found):
        window.open_project(project_folder)
    assert window.session.project.name == "left over"
    assert window.session.dirty
    assert "is here again" in window.workspace.notices.texts()[0]
    window.workspace.show_place("foregrounds")  # whose photos have an undo of their own
    next(one for one in window.workspace.notices.findChildren(QPushButton) if one.text() == "Give it up").click()
    assert window.session.project == saved
    assert not window.workspace.notices.texts()  # answered, it lies over nothing any more
    window.session.undo_stack.redo()
    assert window.session.project.name == "left over"


def test_the_geometry_is_remembered(open_window: MainWindow, qtbot: QtBot) -> None:
    open_window.resize(open_window.width(), 633)
    open_window.close()
    again = MainWindow(Session())
    qtbot.addWidget(again)
    again.place_on_screen()
    assert again.height() == 633


def test_dropped_pictures_go_to_the_place(open_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    from tests.conftest import draw_background, write_picture

    path = write_picture(tmp_path / "new.png", draw_background(50))
    assert open_window.dropping.meaning([path]) != ""
    before = len(open_window.session.project.backgrounds)
    open_window.dropping.drop([path])
    qtbot.waitUntil(lambda: len(open_window.session.project.backgrounds) == before + 1)
    open_window.workspace.show_place("generate")
    assert open_window.dropping.meaning([path]) == ""
