"""The tables of actions."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib.actions import Spec
from fgbg_studio.gui.lib.icons import Icon


def tables(window: MainWindow) -> dict[str, tuple[Spec, ...]]:
    return {"": window.specs} | {panel.place: panel.specs() for panel in window.panels}


def test_ids_are_unique_and_named_by_their_place(window: MainWindow) -> None:
    ids = Counter(spec.id for specs in tables(window).values() for spec in specs)
    assert [name for name, count in ids.items() if count > 1] == []
    for place, specs in tables(window).items():
        for spec in specs:
            assert spec.id.partition(".")[0] == place or not place


def test_no_two_have_one_shortcut_where_both_work(window: MainWindow) -> None:
    go = tuple(f"Ctrl+{number}" for number in range(1, 6))
    for place, specs in tables(window).items():
        together = [key for spec in (*window.specs, *(specs if place else ())) for key in spec.keys]
        keys = Counter(QKeySequence(key).toString() for key in (*together, *go))
        assert [key for key, count in keys.items() if count > 1] == [], place
        assert all(keys), "a shortcut that Qt does not know"


def test_each_has_icon_text_and_a_tooltip_with_its_shortcut(window: MainWindow) -> None:
    for panel_actions, specs in [(window.act, window.specs), *((p.act, p.specs()) for p in window.panels)]:
        for spec in specs:
            action = panel_actions[spec.id]
            assert spec.icon in Icon
            assert not action.icon().isNull()
            assert action.text()
            if spec.keys:
                assert spec.shown_keys in action.toolTip()
                assert action.shortcuts() == [QKeySequence(key) for key in spec.keys]
            else:
                assert action.toolTip()


def test_every_action_is_in_a_menu(open_window: MainWindow) -> None:
    bar = open_window.menuBar()
    menus = [action.menu() for action in bar.actions()]
    shown = {action.objectName() for menu in menus if menu for action in menu.actions()}
    for specs in tables(open_window).values():
        for spec in specs:
            assert spec.id in shown


def test_the_sheet_shows_every_shortcut(open_window: MainWindow, qtbot: QtBot) -> None:
    lines = [line for _, section in open_window.shortcut_sections() for line in section]
    for specs in tables(open_window).values():
        for spec in specs:
            if spec.keys:
                assert (spec.shown_keys, spec.tip or spec.text) in lines
    open_window.act["help.shortcuts"].trigger()
    sheet = open_window._sheet
    assert sheet
    assert sheet.isVisible()
    sheet.close()


def test_a_place_s_actions_work_only_there(open_window: MainWindow) -> None:
    add = open_window.panels[0].act["backgrounds.add"]
    assert add.isEnabled()
    open_window.workspace.show_place("preview")
    assert not add.isEnabled()
    open_window.workspace.show_place("backgrounds")
    assert add.isEnabled()
    add.setEnabled(False)
    open_window.workspace.show_place("preview")
    open_window.workspace.show_place("backgrounds")
    assert not add.isEnabled(), "what the panel disabled stays so"
