"""Actions as tables: menus, top line, tooltips and the shortcut sheet are made from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.keys import Keys
from fgbg_studio.gui.lib.manners import manners


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
        key: what its shortcuts mean, in the one table of keys.
        tip: one sentence of what it does, where the text is not enough.
        menu: where it stands.
        group: lines are drawn between groups of a menu.
        checkable: it is a switch.
        exclusive: switches of one such word exclude each other.
        submenu: the title of a menu of its own that it stands in, where its place's menu would be too long.
        planned: hidden until `connect` gives it something to do.
    """

    id: str
    text: str
    icon: Icon
    key: Keys | None = None
    tip: str = ""
    menu: Menu = Menu.PLACE
    group: int = 0
    checkable: bool = False
    exclusive: str = ""
    submenu: str = ""
    planned: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Its shortcuts in Qt's portable notation; empty for none."""
        return self.key.value if self.key else ()

    @property
    def shown_keys(self) -> str:
        """The first shortcut as this system writes it."""
        return native_keys(self.keys[0]) if self.keys else ""

    @property
    def all_keys(self) -> str:
        """Every shortcut, as this system writes them."""
        return ", ".join(dict.fromkeys(map(native_keys, self.keys)))

    @property
    def tooltip(self) -> str:
        """What it does, and its shortcut in parentheses."""
        text = self.tip or self.text.removesuffix("…")
        return f"{text} ({self.shown_keys})" if self.keys else text


def with_mnemonic(title: str, beside: Iterable[str]) -> str:
    """The title with "&" before its first letter that no menu ``beside`` has; as it is where all are taken."""
    taken = {one[one.index("&") + 1].casefold() for one in beside if "&" in one[:-1]}
    free = (place for place, letter in enumerate(title) if letter.isalpha() and letter.casefold() not in taken)
    place = next(free, None)
    return title if place is None else f"{title[:place]}&{title[place:]}"


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
        action.setVisible(not spec.planned)
        if spec.exclusive:
            switches.setdefault(spec.exclusive, QActionGroup(parent)).addAction(action)
        manners.watch(action)
        made[spec.id] = action
    return made


def connect(actions: Mapping[str, QAction], before: str, handlers: Mapping[str, Callable[[], object]]) -> None:
    """Let actions call handlers, given by what follows ``before`` in their ids, without what Qt tells them."""
    for name, handler in handlers.items():
        actions[before + name].triggered.connect(lambda _=False, h=handler: h())
        actions[before + name].setVisible(True)
