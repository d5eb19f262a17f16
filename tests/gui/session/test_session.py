"""The open project: change, undo, save, open, add."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fgbg_studio.core.base.errors import FgbgError, ProjectError
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.session.session import Session
from tests.conftest import draw_background, draw_cutout, write_picture


def renamed(name: str) -> Callable[[Project], Project]:
    return lambda project: project.model_copy(update={"name": name})


def test_open_reads_the_project_and_holds_it(open_session: Session, project_folder: Path) -> None:
    assert open_session.project == storage.load(project_folder)
    assert open_session.folder == project_folder.resolve()
    assert not open_session.dirty
    assert open_session.settings.recent == [project_folder.resolve()]
    with pytest.raises(ProjectError, match="in use"), storage.locked(project_folder):
        pass


def test_close_lets_go(open_session: Session, project_folder: Path) -> None:
    open_session.close()
    assert not open_session.is_open
    with storage.locked(project_folder):
        pass


def test_undo_and_redo_bring_the_same_projects_back(open_session: Session, qtbot: QtBot) -> None:
    first = open_session.project
    assert open_session.change("rename", renamed("one"))
    assert open_session.change("rename again", renamed("two"))
    assert open_session.project.name == "two"
    assert open_session.undo_stack.undoText() == "rename again"
    with qtbot.waitSignal(open_session.changed):
        open_session.undo_stack.undo()
    assert open_session.project.name == "one"
    open_session.undo_stack.undo()
    assert open_session.project is first
    open_session.undo_stack.redo()
    assert open_session.project.name == "one"


def test_what_changes_nothing_is_no_step(open_session: Session) -> None:
    assert not open_session.change("nothing", lambda project: project)
    assert not open_session.change("the same", renamed(open_session.project.name))
    assert not open_session.undo_stack.canUndo()


def test_steps_of_one_drag_are_one(open_session: Session) -> None:
    first = open_session.project
    for number in range(5):
        open_session.change("drag", renamed(str(number)), merge="drag-1")
    open_session.change("drag", renamed("other"), merge="drag-2")
    assert open_session.undo_stack.count() == 2
    open_session.undo_stack.undo()
    assert open_session.project.name == "4"
    open_session.undo_stack.undo()
    assert open_session.project is first


def test_dirty_follows_changes_undo_and_save(open_session: Session, qtbot: QtBot) -> None:
    heard: list[bool] = []
    open_session.dirty_changed.connect(heard.append)
    open_session.change("rename", renamed("one"))
    open_session.undo_stack.undo()
    open_session.undo_stack.redo()
    with qtbot.waitSignal(open_session.saved):
        open_session.save()
    assert heard == [True, False, True, False]
    open_session.undo_stack.undo()
    assert open_session.dirty


def test_save_and_open_again(open_session: Session, project_folder: Path, qtbot: QtBot) -> None:
    open_session.change("rename", renamed("kept"))
    assert storage.load(project_folder).name == "project"
    with qtbot.waitSignal(open_session.saved):
        open_session.save()
    assert storage.load(project_folder).name == "kept"
    assert open_session.saved_at is not None
    open_session.close()
    with qtbot.waitSignal(open_session.opened):
        open_session.open(project_folder)
    assert open_session.project.name == "kept"
    assert not open_session.undo_stack.canUndo()


def test_changes_made_while_saving_stay_unsaved(open_session: Session, project_folder: Path, qtbot: QtBot) -> None:
    open_session.change("rename", renamed("saved"))
    with qtbot.waitSignal(open_session.saved):
        open_session.save()
        open_session.change("rename", renamed("later"))
    assert open_session.dirty
    assert storage.load(project_folder).name == "saved"


def test_save_says_why_it_failed(open_session: Session, qtbot: QtBot) -> None:
    open_session.change("rename", renamed("lost"))
    (open_session.folder / "project.json").unlink()
    (open_session.folder / "project.json").mkdir()
    with qtbot.waitSignal(open_session.failed) as failed:
        open_session.save()
    assert "project.json cannot be written" in str(failed.args[0])
    assert open_session.dirty
    assert not open_session.save_now()


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_what_cannot_be_opened_leaves_the_open_one(
    kind: str, open_session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "other"
    if kind == "empty":
        folder.mkdir()
    with qtbot.waitSignal(open_session.failed) as failed:
        open_session.open(folder)
    assert isinstance(failed.args[0], FgbgError)
    assert "other" in str(failed.args[0])
    assert open_session.project.name == "project"


def test_two_sessions_never_hold_one_project(open_session: Session, qtbot: QtBot, qapp: QApplication) -> None:
    second = Session()
    with qtbot.waitSignal(second.failed) as failed:
        second.open(open_session.folder)
    assert "in use" in str(failed.args[0])
    assert not second.is_open


def test_create_makes_and_opens(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.opened):
        session.create(tmp_path / "new", "layers-150", "Four layers")
    assert (session.project.name, session.project.preset) == ("Four layers", "layers-150")
    assert storage.load(tmp_path / "new") == session.project


def test_create_refuses_a_folder_with_files(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with qtbot.waitSignal(session.failed) as failed:
        session.create(tmp_path / "full", "studio-256")
    assert "is not an empty folder" in str(failed.args[0])


def test_added_backgrounds_are_one_step(open_session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    before = open_session.project
    drawn = tmp_path / "more"
    for seed in range(10, 14):
        write_picture(drawn / f"bg_{seed}.png", draw_background(seed))
    write_picture(drawn / "again.png", draw_background(0))
    write_picture(drawn / "tiny.png", draw_background(1, 40, 40))
    verdicts: list[object] = []
    worker = open_session.add_backgrounds([drawn])
    worker.produced.connect(verdicts.extend)
    with qtbot.waitSignal(worker.finished):
        pass
    assert len(open_session.project.backgrounds) == len(before.backgrounds) + 4
    assert sorted(v.reason[:12] for v in verdicts if v.reason) == ["already in t", "tiny.png has"]
    for background in open_session.project.backgrounds:
        assert (open_session.folder / background.file).is_file()
    assert not list(open_session.folder.glob(".adding-*"))
    open_session.undo_stack.undo()
    assert open_session.project is before
    assert storage.load(open_session.folder) == before


def test_added_foregrounds_keep_unsaved_changes(open_session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    open_session.change("rename", renamed("unsaved"))
    path = write_picture(tmp_path / "fg_0.png", draw_cutout(7))
    with qtbot.waitSignal(open_session.add_foregrounds([path]).finished):
        pass
    added = open_session.project.foregrounds[-1]
    assert added.file == "foregrounds/fg_0-2.png"  # the first one's name is taken
    assert open_session.project.name == "unsaved"
    assert storage.load(open_session.folder).name == "project"


def test_adding_that_is_stopped_keeps_what_is_in(open_session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    paths = [write_picture(tmp_path / "many" / f"{seed}.png", draw_background(seed)) for seed in range(20, 60)]
    worker = open_session.add_backgrounds(paths)
    worker.produced.connect(lambda _: worker.cancel())
    with qtbot.waitSignal(worker.finished):
        pass
    for background in open_session.project.backgrounds:
        assert (open_session.folder / background.file).is_file()
    assert 3 < len(open_session.project.backgrounds) < 43
    assert not list(open_session.folder.glob(".adding-*"))


def test_adding_that_is_stopped_leaves_no_stray_file(open_session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    paths = [write_picture(tmp_path / "many" / f"{seed}.png", draw_background(seed)) for seed in range(20, 60)]
    before = {path.name for path in open_session.folder.iterdir()}
    worker = open_session.add_backgrounds(paths)
    worker.progress.connect(lambda _: worker.cancel())
    with qtbot.waitSignal(worker.finished):
        pass
    there = {path.relative_to(open_session.folder).as_posix() for path in open_session.folder.glob("backgrounds/*")}
    assert there == {background.file for background in open_session.project.backgrounds}
    assert {path.name for path in open_session.folder.iterdir()} == before
    assert open_session.undo_stack.count() == 1
    open_session.undo_stack.undo()
    assert not open_session.dirty


def test_one_picture_given_to_two_jobs_is_entered_once(open_session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    path, count = write_picture(tmp_path / "a.png", draw_background(20)), len(open_session.project.backgrounds)
    workers = [open_session.add_backgrounds([path]) for _ in range(2)]
    qtbot.waitUntil(lambda: not any(worker.running for worker in workers))
    assert len(open_session.project.backgrounds) == count + 1
    assert open_session.undo_stack.count() == 1


@pytest.mark.logs
def test_what_was_asked_about_a_closed_project_has_no_answer(open_session: Session, qtbot: QtBot) -> None:
    go, heard = threading.Event(), list[object]()
    worker = open_session.jobs.run(
        "slow", lambda: go.wait(5), done=heard.append, failed=heard.append, produced=heard.append
    )
    failing = open_session.jobs.run("failing", lambda: go.wait(5) and 1 // 0)
    with qtbot.assertNotEmitted(open_session.jobs.failed):
        open_session.close()
        go.set()
        qtbot.waitUntil(lambda: not worker.running and not failing.running, timeout=60_000)
    assert heard == []
