"""Keeping a cutout is a step of undo: in the place where it was cut, and in every other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fgbg_studio.core.project import recycle_bin
from tests.gui.foregrounds.test_panel import Hands, cut, hands

__all__ = ["cut", "hands"]  # fixtures

CTRL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def keep(cut: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(cut.window.session.changed):
        cut.panel.controller.keep()
    cut.rest()


def state(cut: Hands) -> str:
    document = cut.panel.document
    assert document
    return next(entry.state for entry in cut.panel.photos.entries() if entry.path == document.path)


def test_undo_takes_it_back_and_redo_brings_it(cut: Hands, qtbot: QtBot) -> None:
    session, before, alpha = cut.window.session, cut.window.session.project, cut.alpha
    keep(cut, qtbot)
    kept = session.project
    assert len(kept.foregrounds) == len(before.foregrounds) + 1
    assert cut.panel.undo_stack().undoText() == session.undo_stack.undoText() == "keep toy"
    assert cut.panel.controller.kept
    for _ in range(2):
        cut.key(Qt.Key.Key_Z, CTRL)
        assert session.project == before
        assert (state(cut), cut.panel.controller.kept) == ("begun", "")
        assert np.array_equal(cut.alpha, alpha)
        cut.key(Qt.Key.Key_Y, CTRL)
        assert session.project == kept
        assert state(cut) in {"to-look-at", "kept"}
    assert session.undo_stack.count() == 2  # the photo was added


def test_strokes_before_it_are_undone_after_it(cut: Hands, qtbot: QtBot) -> None:
    session, before = cut.window.session, cut.window.session.project
    keep(cut, qtbot)
    cut.drag([(90, 140), (150, 150)])
    cut.rest()
    for _ in range(2):
        cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project == before
    assert cut.alpha.any()
    cut.key(Qt.Key.Key_Z, CTRL)
    assert not cut.alpha.any()


def test_what_was_done_elsewhere_since_stays(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    keep(cut, qtbot)
    kept = session.project.foregrounds
    cut.window.workspace.show_place("backgrounds")
    session.change("rename", lambda p: p.model_copy(update={"name": "another"}))
    cut.window.workspace.show_place("foregrounds")
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project.foregrounds == kept[:-1]
    assert session.project.name == "another"
    cut.key(Qt.Key.Key_Y, CTRL)
    assert session.project.foregrounds == kept


def test_it_can_be_undone_in_another_place(cut: Hands, qtbot: QtBot) -> None:
    session, before = cut.window.session, cut.window.session.project
    keep(cut, qtbot)
    cut.window.workspace.show_place("backgrounds")
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project == before
    cut.window.workspace.show_place("foregrounds")
    assert state(cut) == "begun"
    cut.key(Qt.Key.Key_Z, CTRL)  # the photo's own step finds nothing to take back
    assert session.project == before


def test_the_one_that_was_kept_before_comes_back_to_its_photo(cut: Hands, qtbot: QtBot) -> None:
    session = cut.window.session
    keep(cut, qtbot)
    first = session.project.foregrounds[-1]
    cut.panel.form.grow.field.setValue(-2)
    cut.rest()
    keep(cut, qtbot)
    assert session.project.foregrounds[-1] != first
    cut.key(Qt.Key.Key_Z, CTRL)
    assert session.project.foregrounds[-1] == first
    assert cut.panel.document
    assert cut.panel.document.work.foreground == first.sha256
    assert state(cut) in {"to-look-at", "kept"}


def test_a_deleted_foreground_takes_its_photo_along(cut: Hands, qtbot: QtBot, project_folder: Path) -> None:
    session, panel = cut.window.session, cut.panel
    keep(cut, qtbot)
    panel.act["foregrounds.reject"].trigger()
    cut.rest()
    before = session.project
    panel.act["foregrounds.delete-rejected"].trigger()
    cut.rest()
    assert len(session.project.foregrounds) == 2
    assert not any(path.name.startswith("toy") for path in (project_folder / "photos").iterdir())
    assert {"foregrounds/toy.png", "photos/toy.png", "photos/toy.strokes.json"} <= set(
        recycle_bin.in_bin(project_folder)
    )
    assert all(entry.path.stem != "toy" for entry in panel.photos.entries())
    session.undo_stack.undo()
    cut.rest()
    assert session.project == before
    qtbot.waitUntil(lambda: any(entry.path.stem == "toy" for entry in panel.photos.entries()))
    panel.controller.open(project_folder / "photos" / "toy.png")
    qtbot.waitUntil(lambda: panel.document is not None and panel.document.path.stem == "toy")
    cut.rest()
    assert cut.alpha.any()
