"""All actions of the window as tables: menus, top line, tooltips and the shortcut sheet are made from them.

The frame's own table is `FrameActions`; a panel has its own (`Panel.specs`). Handlers are connected by name:
``actions["file.save"].triggered.connect(session.save)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from fgbg_studio.gui.icons import Icon


class Menu(StrEnum):
    """Where an action stands in the menus; a panel's own stand in PLACE's."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    GO = "go"
    PLACE = "place"
    HELP = "help"


@dataclass(frozen=True)
class Spec:
    """One action.

    Attributes:
        id: ``place.verb``, known to whoever connects it.
        text: on the menu; a verb first.
        icon: in menus and on buttons.
        keys: shortcuts in Qt's portable notation, the one to be shown first; empty for none.
        tip: one sentence of what it does, where the text is not enough.
        menu: where it stands.
        group: lines are drawn between groups of a menu.
        checkable: it is a switch.
        exclusive: switches of one such word exclude each other.
    """

    id: str
    text: str
    icon: Icon
    keys: tuple[str, ...] = ()
    tip: str = ""
    menu: Menu = Menu.PLACE
    group: int = 0
    checkable: bool = False
    exclusive: str = ""

    @property
    def shown_keys(self) -> str:
        """The first shortcut as this system writes it."""
        return native_keys(self.keys[0]) if self.keys else ""

    @property
    def tooltip(self) -> str:
        """What it does, and its shortcut in parentheses."""
        text = self.tip or self.text.removesuffix("…")
        return f"{text} ({self.shown_keys})" if self.keys else text


def native_keys(keys: str) -> str:
    """'Ctrl+S' as this system writes it."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return re.sub(r"\bReturn\b", "Enter", native)  # what the key is called today


def build(specs: Iterable[Spec], parent: QObject) -> dict[str, QAction]:
    """The actions of a table by their ids, unconnected."""
    made: dict[str, QAction] = {}
    switches: dict[str, QActionGroup] = {}
    for spec in specs:
        action = QAction(spec.icon.icon(), spec.text, parent)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setToolTip(spec.tooltip)
        action.setStatusTip(spec.tip or spec.text)
        action.setCheckable(spec.checkable)
        action.setIconVisibleInMenu(not spec.checkable)  # Qt shows either the icon or the check mark
        if spec.exclusive:
            switches.setdefault(spec.exclusive, QActionGroup(parent)).addAction(action)
        made[spec.id] = action
    return made


def connect(actions: Mapping[str, QAction], before: str, handlers: Mapping[str, Callable[[], object]]) -> None:
    """Let actions call handlers, given by what follows ``before`` in their ids, without what Qt tells them."""
    for name, handler in handlers.items():
        actions[before + name].triggered.connect(lambda _=False, h=handler: h())


class FrameActions(QObject):
    """The window's own table; it is made when it is read, so that it speaks the window's language."""

    def specs(self) -> tuple[Spec, ...]:
        """Files, undo, view and help; each place adds its own."""
        return (
            Spec("file.new", self.tr("New project…"), Icon.NEW, ("Ctrl+N",), self.tr("Start a project from a preset"),
                 Menu.FILE),
            Spec("file.open", self.tr("Open project…"), Icon.OPEN, ("Ctrl+O",), self.tr("Open a project's folder"),
                 Menu.FILE),
            Spec("file.demo", self.tr("Open the demo"), Icon.DEMO, (),
                 self.tr("Open a project of drawn pictures to try everything on"), Menu.FILE),
            Spec("file.save", self.tr("Save"), Icon.SAVE, ("Ctrl+S",), self.tr("Save the project"), Menu.FILE, 1),
            Spec("file.rename", self.tr("Rename project"), Icon.RENAME, (),
                 self.tr("Give the project another name; its folder keeps its own"), Menu.FILE, 1),
            Spec("file.show", self.tr("Show project folder"), Icon.FOLDER, (),
                 self.tr("Open the project's folder in the file manager"), Menu.FILE, 1),
            Spec("file.empty_bin", self.tr("Empty the bin…"), Icon.DELETE, (),
                 self.tr("Delete for good what was deleted from the project"), Menu.FILE, 1),
            Spec("file.close", self.tr("Close project"), Icon.CLOSE, ("Ctrl+W",),
                 self.tr("Close the project and go back to the start page"), Menu.FILE, 2),
            Spec("file.quit", self.tr("Quit"), Icon.QUIT, ("Ctrl+Q",), self.tr("Close the window"), Menu.FILE, 2),
            Spec("edit.undo", self.tr("Undo"), Icon.UNDO, ("Ctrl+Z",), "", Menu.EDIT),
            Spec("edit.redo", self.tr("Redo"), Icon.REDO, ("Ctrl+Shift+Z", "Ctrl+Y"), "", Menu.EDIT),
            Spec("edit.search", self.tr("Search"), Icon.SEARCH, ("Ctrl+F",), self.tr("Search in this place"),
                 Menu.EDIT, 1),
            Spec("view.inspector", self.tr("Inspector"), Icon.INSPECTOR, ("Ctrl+I",),
                 self.tr("Show or hide the inspector"), Menu.VIEW, checkable=True),
            Spec("view.full", self.tr("Full screen"), Icon.FULL_SCREEN, ("F11",), self.tr("Fill the whole screen"),
                 Menu.VIEW, checkable=True),
            Spec("view.system", self.tr("Colours of the system"), Icon.THEME, (),
                 self.tr("Light or dark as the system is"), Menu.VIEW, 1, checkable=True, exclusive="mode"),
            Spec("view.light", self.tr("Light"), Icon.LIGHT, (), self.tr("Always light"), Menu.VIEW, 1,
                 checkable=True, exclusive="mode"),
            Spec("view.dark", self.tr("Dark"), Icon.DARK, (), self.tr("Always dark"), Menu.VIEW, 1, checkable=True,
                 exclusive="mode"),
            Spec("help.shortcuts", self.tr("Shortcuts"), Icon.KEYBOARD, ("F1", "?"), self.tr("Show all shortcuts"),
                 Menu.HELP),
        )  # fmt: skip
