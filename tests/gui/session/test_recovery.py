"""Unsaved changes survive a program that did not end well."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from fgbg_studio.core.project import recovery, storage
from fgbg_studio.gui.session.session import Session


def rename(session: Session, name: str) -> None:
    session.change("rename", lambda project: project.model_copy(update={"name": name}))


@pytest.fixture
def crashed(session: Session, project_folder: Path, qtbot: QtBot) -> Path:
    """The folder of a project that was left with unsaved changes."""
    with qtbot.waitSignal(session.opened):
        session.open(project_folder)
    session._timer.setInterval(0)
    rename(session, "unsaved")
    qtbot.waitUntil((project_folder / recovery.FILE).is_file)
    left = (project_folder / recovery.FILE).read_bytes()
    session.close()  # lets go of the lock, as a dead process does, and takes the file away, as it does not
    (project_folder / recovery.FILE).write_bytes(left)
    return project_folder


def test_the_recovery_file_comes_and_goes_with_unsaved_changes(open_session: Session, qtbot: QtBot) -> None:
    file = open_session.folder / recovery.FILE
    open_session._timer.setInterval(0)
    rename(open_session, "unsaved")
    qtbot.waitUntil(file.is_file)
    found = recovery.read(open_session.folder)
    assert found
    assert found[0] == open_session.project
    with qtbot.waitSignal(open_session.saved):
        open_session.save()
    assert not file.exists()
    rename(open_session, "unsaved again")
    qtbot.waitUntil(file.is_file)
    open_session.close()
    assert not file.exists()


def test_changes_without_a_pause_have_a_recovery_file(open_session: Session, qtbot: QtBot) -> None:
    open_session._timer.setInterval(300)
    names = (f"name {number}" for number in count())
    hand = QTimer(interval=20)
    hand.timeout.connect(lambda: rename(open_session, next(names)))
    hand.start()
    qtbot.waitUntil((open_session.folder / recovery.FILE).is_file, timeout=3000)
    hand.stop()


def test_undoing_everything_needs_no_recovery(open_session: Session, qtbot: QtBot) -> None:
    file = open_session.folder / recovery.FILE
    open_session._timer.setInterval(0)
    rename(open_session, "unsaved")
    qtbot.waitUntil(file.is_file)
    open_session.undo_stack.undo()
    open_session._autosave()
    qtbot.waitUntil(lambda: not file.exists())


def test_left_changes_are_offered_and_restored(session: Session, crashed: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.recovery_found) as found:
        session.open(crashed)
    assert isinstance(found.args[0], datetime)
    assert session.project.name == "unsaved"
    assert session.dirty
    session.undo_stack.undo()
    assert session.project.name == "project"


def test_left_changes_may_be_given_up(session: Session, crashed: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.recovery_found):
        session.open(crashed)
    session._timer.setInterval(0)
    session.undo_stack.undo()
    assert not session.dirty
    session._autosave()
    qtbot.waitUntil(lambda: not (crashed / recovery.FILE).exists())


def test_they_stay_on_the_disk_until_they_are_saved_or_given_up(session: Session, crashed: Path, qtbot: QtBot) -> None:
    """A program that crashes again loses nothing; one that is closed without saving gives them up."""
    with qtbot.waitSignal(session.recovery_found):
        session.open(crashed)
    found = recovery.read(crashed)
    assert found is not None
    assert found.project == session.project
    session.close()
    assert not (crashed / recovery.FILE).exists()


def test_what_equals_the_saved_project_is_not_offered(session: Session, project_folder: Path, qtbot: QtBot) -> None:
    recovery.write(project_folder, storage.load(project_folder))
    with qtbot.assertNotEmitted(session.recovery_found), qtbot.waitSignal(session.opened):
        session.open(project_folder)
    assert not (project_folder / recovery.FILE).exists()
