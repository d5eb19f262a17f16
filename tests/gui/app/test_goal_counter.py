"""How many pictures are wanted: shown in the top line, changed where it stands, missing ones counted in the rail."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.formatting import counter
from fgbg_studio.gui.session.session import Session


@pytest.mark.parametrize(
    ("count", "goal", "words"),
    [(87, 100, "87 / 100 backgrounds"), (0, 100, "0 / 100 backgrounds"), (5, 0, "5 backgrounds")],
)
def test_the_words_of_the_counter(count: int, goal: int, words: str) -> None:
    assert counter(count, goal, "backgrounds") == words


def test_the_goal_is_changed_where_the_counter_stands(
    qtbot: QtBot, open_window: MainWindow, open_session: Session
) -> None:
    top = open_window.workspace.counter
    assert top.text() == "3 / 100 backgrounds"
    qtbot.mouseClick(top, Qt.MouseButton.LeftButton)
    field = top.fields.fields["backgrounds"]
    qtbot.waitUntil(field.isVisible)
    assert field.value() == 100
    for value in (50, 5):
        field.setValue(value)
    assert top.text() == "3 / 5 backgrounds"
    assert open_session.project.goal.backgrounds == 5
    top.fields.window().close()
    assert open_session.undo_stack.count() == 1
    open_session.undo_stack.undo()
    assert top.text() == "3 / 100 backgrounds"


def test_the_rail_counts_what_is_missing(open_window: MainWindow, open_session: Session) -> None:
    rail = open_window.workspace.rail
    assert rail.buttons[0].accessibleDescription() == "97 more wanted"
    assert "97 more wanted" in rail.buttons[0].toolTip()
    assert rail.buttons[1].accessibleDescription().startswith("98 more wanted")
    assert [button.marks for button in rail.buttons[:2]] == [("3/100", "raised"), ("2/100", "raised")]
    assert not rail.grab().isNull()
    enough = open_session.project.goal.model_copy(update={"backgrounds": 3, "foregrounds": 0})
    open_session.change("enough", lambda p: p.model_copy(update={"goal": enough}))
    assert rail.buttons[0].accessibleDescription() == ""
    assert open_window.panels[0].badge == 0
    assert rail.buttons[0].marks == ("", "")
    many = enough.model_copy(update={"backgrounds": 200_000})
    open_session.change("many", lambda p: p.model_copy(update={"goal": many}))
    assert rail.buttons[0].marks == ("0%", "raised")


def test_other_places_have_no_goal_to_change(open_window: MainWindow) -> None:
    workspace = open_window.workspace
    for panel in open_window.panels:
        workspace.show_place(panel.place)
        wants = panel.place in {"backgrounds", "foregrounds"}
        assert panel.counts_goal == wants
        assert (workspace.counter.focusPolicy() == Qt.FocusPolicy.NoFocus) != wants
    assert isinstance(workspace.inspector_action, QAction)
    assert isinstance(workspace.counter.findChild(QMenu), QMenu)
