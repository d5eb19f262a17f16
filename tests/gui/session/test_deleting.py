"""Deleting is undone until the bin is emptied; a cutout that was kept is a step of undo like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fgbg_studio.core.project import recycle_bin, storage
from fgbg_studio.gui.app import main_window
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.session import deleting
from fgbg_studio.gui.session.bin_dialog import BinDialog
from fgbg_studio.gui.session.session import Session
from tests.conftest import draw_background, write_picture


def reject(session: Session, kind: str, *numbers: int) -> None:
    pictures = list(getattr(session.project, kind))
    for number in numbers:
        pictures[number] = pictures[number].model_copy(update={"status": "rejected"})
    session.change("reject", lambda p: p.model_copy(update={kind: tuple(pictures)}))


def names(folder: Path, kind: str) -> list[str]:
    return sorted(path.name for path in (folder / kind).iterdir())


class TestBackgrounds:
    def test_rejected_ones_go_to_the_bin_and_come_back(
        self, open_window: MainWindow, open_session: Session, project_folder: Path
    ) -> None:
        panel = open_window.panels[0]
        assert not panel.act["backgrounds.delete_rejected"].isEnabled()
        reject(open_session, "backgrounds", 0, 2)
        before = open_session.project
        panel.act["backgrounds.delete_rejected"].trigger()
        assert [b.file for b in open_session.project.backgrounds] == ["backgrounds/bg_1.png"]
        assert names(project_folder, "backgrounds") == ["bg_1.png"]
        assert recycle_bin.in_bin(project_folder) == ["backgrounds/bg_0.png", "backgrounds/bg_2.png"]
        assert panel.notices.texts() == ["Moved to the project's bin: 2 backgrounds."]
        restore = next(b for b in panel.notices.findChildren(QPushButton) if b.text() == "Restore")
        restore.click()
        assert open_session.project == before
        assert names(project_folder, "backgrounds") == ["bg_0.png", "bg_1.png", "bg_2.png"]
        assert panel.notices.texts() == []
        open_session.undo_stack.redo()
        assert names(project_folder, "backgrounds") == ["bg_1.png"]

    def test_nothing_is_deleted_where_files_cannot_be_moved(
        self, open_session: Session, project_folder: Path, qtbot: QtBot
    ) -> None:
        (project_folder / recycle_bin.BIN).touch()  # a file where the bin should be
        reject(open_session, "backgrounds", 0)
        before = open_session.project
        with qtbot.waitSignal(open_session.failed) as told:
            assert open_session.delete_rejected("backgrounds") == 0
        assert "cannot be moved" in told.args[0].problem
        assert open_session.project is before
        assert names(project_folder, "backgrounds") == ["bg_0.png", "bg_1.png", "bg_2.png"]

    def test_closing_without_saving_deletes_nothing(
        self, open_session: Session, project_folder: Path, qtbot: QtBot
    ) -> None:
        stored = open_session.project
        reject(open_session, "backgrounds", 0)
        assert open_session.delete_rejected("backgrounds") == 1
        open_session.close()
        with qtbot.waitSignal(open_session.opened):
            open_session.open(project_folder)
        assert open_session.project == stored
        assert names(project_folder, "backgrounds") == ["bg_0.png", "bg_1.png", "bg_2.png"]


class TestBin:
    def test_is_emptied_only_when_the_person_says_so(
        self, open_window: MainWindow, open_session: Session, project_folder: Path, monkeypatch: pytest.MonkeyPatch,
        qtbot: QtBot,
    ) -> None:  # fmt: skip
        empty = open_window.act["file.empty_bin"]
        assert not empty.isEnabled()
        reject(open_session, "backgrounds", 0)
        open_session.delete_rejected("backgrounds")
        assert empty.isEnabled()
        monkeypatch.setattr(main_window, "ask_to_empty", lambda *_: False)
        empty.trigger()
        assert recycle_bin.filled(project_folder)
        monkeypatch.setattr(main_window, "ask_to_empty", lambda *_: True)
        with qtbot.waitSignal(open_session.files_moved):
            empty.trigger()
        assert not recycle_bin.filled(project_folder)
        assert not empty.isEnabled()
        assert not open_session.undo_stack.canUndo()
        assert len(open_session.project.backgrounds) == 2
        assert open_session.save_now()
        assert len(storage.load(project_folder).backgrounds) == 2

    def test_the_question_says_how_much(self, open_window: MainWindow, open_session: Session) -> None:
        reject(open_session, "backgrounds", 0)
        open_session.delete_rejected("backgrounds")
        asked = deleting.question(open_window, open_session)
        assert "1 file" in asked.sentences[0]
        assert "can't be undone" in asked.sentences[0]
        assert asked.answer == "stay"

    def test_what_was_removed_is_listed_and_comes_back_as_one_step(
        self, open_window: MainWindow, open_session: Session, project_folder: Path, qtbot: QtBot
    ) -> None:
        """Links in a stranger's bin are not listed; what the project has again by another name is refused in words."""
        write_picture(project_folder / "photos" / "toy.png", draw_background(7))
        (project_folder / "photos" / "toy.mask.png").write_bytes(b"its own")
        recycle_bin.throw_away(project_folder, ["photos/toy.png", "photos/toy.mask.png"])
        gone = open_session.project.backgrounds[0]
        open_session.delete("backgrounds", [gone.sha256])
        before = open_session.project
        shelf = project_folder / recycle_bin.BIN / "backgrounds"
        (shelf / "link.png").symlink_to(project_folder / "backgrounds" / "bg_1.png")
        (shelf / "again.png").write_bytes((project_folder / "backgrounds" / "bg_1.png").read_bytes())
        dialog = BinDialog(open_session, open_window.notices, open_window)
        qtbot.addWidget(dialog)
        rows = range(dialog.table.rowCount())
        listed = {(dialog.table.item(row, 0).text(), dialog.table.item(row, 2).text()) for row in rows}
        assert listed == {("bg_0.png", "Backgrounds"), ("again.png", "Backgrounds"), ("toy.png", "Photos to cut")}
        assert not dialog.back.isEnabled()
        dialog.table.selectAll()
        with qtbot.waitSignal(open_session.files_moved):
            dialog.back.click()
        assert [(one.file, one.sha256) for one in open_session.project.backgrounds[2:]] == [(gone.file, gone.sha256)]
        assert recycle_bin.in_bin(project_folder) == ["backgrounds/again.png", "backgrounds/link.png"]
        assert (project_folder / "photos" / "toy.mask.png").exists()
        assert any("again.png" in text and "bg_1.png" in text for text in open_window.notices.texts())
        assert [one.name for one in dialog.found] == ["again.png"]
        open_session.undo_stack.undo()
        assert open_session.project is before
        assert not (project_folder / gone.file).exists()
