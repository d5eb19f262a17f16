"""The tables of actions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from fgbg_studio import gui
from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.lib import manners
from fgbg_studio.gui.lib.actions import Spec, build, connect
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import Keys


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


def in_menu(menu: QMenu) -> Iterator[str]:
    """The ids of a menu's actions and of its submenus' actions."""
    for action in menu.actions():
        if action.menu():
            yield from in_menu(action.menu())
        else:
            yield action.objectName()


def test_every_action_is_in_a_menu_once(open_window: MainWindow) -> None:
    menus = [action.menu() for action in open_window.menuBar().actions()]
    shown = Counter(name for menu in menus if menu for name in in_menu(menu))
    for specs in tables(open_window).values():
        for spec in specs:
            assert shown[spec.id] == 1, spec.id


def test_every_menu_that_is_seen_has_a_letter_of_its_own(open_window: MainWindow) -> None:
    for panel in open_window.panels:
        open_window.workspace.show_place(panel.place)
        titles = [action.text() for action in open_window.menuBar().actions() if action.isVisible()]
        letters = [title[title.index("&") + 1].lower() for title in titles]
        assert len(set(letters)) == len(titles) > 5


def test_no_menu_is_higher_than_the_least_window(open_window: MainWindow) -> None:
    """Also with all that is planned; Qt breaks a menu that is too high into columns, over the menu bar."""
    everything = [*open_window.act.values(), *(action for panel in open_window.panels for action in panel.act.values())]
    for action in everything:
        action.setVisible(True)
    menus = [menu for menu in open_window.findChildren(QMenu) if menu.actions()]
    assert len(menus) > 12
    for menu in menus:
        assert menu.sizeHint().height() < 600 - 32, menu.title()  # the window's least height, and the menu bar
        assert menu.sizeHint().width() < 600, menu.title()


def test_a_key_has_one_meaning() -> None:
    stands = Counter(QKeySequence(key).toString() for meaning in Keys for key in meaning.value)
    assert [key for key, count in stands.items() if count > 1] == []
    assert all(stands), "a shortcut that Qt does not know"


def test_an_action_s_keys_come_from_the_one_table(open_window: MainWindow) -> None:
    known = {QKeySequence(key).toString() for meaning in Keys for key in meaning.value}
    for action in open_window.findChildren(QAction):
        for sequence in action.shortcuts():
            assert sequence.toString() in known, action.text()
    assert open_window.findChildren(QShortcut) == []


def test_letters_that_widgets_take_themselves_mean_what_they_do_everywhere() -> None:
    files = set(Path(gui.__file__).parent.rglob("*.py")) - {Path(manners.__file__)}  # there with Ctrl: undo and redo
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    letters = {letter.upper() for letter in re.findall(r"Key_([A-Za-z0-9])\b", source)}
    assert letters <= {Keys.PREVIOUS.value[0], Keys.NEXT.value[0]}


def test_the_sheet_shows_every_shortcut_and_gesture(open_window: MainWindow, qtbot: QtBot) -> None:
    sections = dict(open_window.shortcut_sections())
    lines = [line for section in sections.values() for line in section]
    made = [("Everywhere", open_window.act, open_window.specs, ())]
    made += [(panel.title(), panel.act, panel.specs(), panel.gestures()) for panel in open_window.panels]
    for title, actions, specs, gestures in made:
        for spec in specs:
            shown = (spec.all_keys, spec.tip or spec.text) in sections[title]
            assert shown == (bool(spec.keys) and actions[spec.id].isVisible())
        assert set(gestures) <= set(sections[title])
    assert ("Ctrl+Shift+Z, Ctrl+Y", "Redo") in lines
    open_window.act["help.shortcuts"].trigger()
    sheet = open_window.help.sheet
    assert sheet
    assert sheet.isVisible()
    written = {part.text() for part in sheet.findChildren(QLabel)}
    assert {word for line in lines for word in line} <= written
    sheet.close()


def test_what_nobody_connected_is_not_shown(qapp: QApplication, qtbot: QtBot) -> None:
    parent, done = QObject(), []
    table = [
        Spec(name, name, Icon.ADD, Keys.ADD if name == "a.one" else None, planned=True) for name in ("a.one", "a.two")
    ]
    made = build(table, parent)
    connect(made, "a.", {"two": lambda: done.append(True)})
    assert not made["a.one"].isVisible()
    assert made["a.two"].isVisible()
    made["a.two"].trigger()
    assert done


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
