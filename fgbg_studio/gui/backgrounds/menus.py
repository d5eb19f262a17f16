"""The menus of the place Backgrounds that come up at the pointer and at buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from fgbg_studio.gui.backgrounds.review import reasons
from fgbg_studio.gui.lib.basics import drop_down
from fgbg_studio.gui.lib.icons import Icon

_PARTS = (
    ("pick", "reject", "because", "undecided"),
    ("keep_better", "keep_all"),
    ("large", "real_size"),
    ("find_camera", "centre", "horizon", "clear_region"),
    ("rename", "copy_name", "show_file"),
    ("remove",),
)
Reject = Callable[[str], object]
"""Rejects what is selected for a reason."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("backgrounds", text)


def because(parent: QWidget, reject: Reject) -> QMenu:
    """The reasons for which what is selected is rejected."""
    menu = QMenu(_tr("Reject because"), parent)
    for reason in reasons():
        menu.addAction(reason).triggered.connect(lambda _=False, r=reason: reject(r))
    return menu


def context_menu(parent: QWidget, act: Mapping[str, QAction], reject: Reject, *, duplicates: bool) -> QMenu:
    """What can be done with what is selected; of near-duplicates also what is done with all of a group."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for part in _PARTS:
        if part == ("keep_better", "keep_all") and not duplicates:
            continue
        menu.addSeparator()
        for name in part:
            menu.addAction(because(menu, reject).menuAction() if name == "because" else act[f"backgrounds.{name}"])
    return menu


def add_menu(parent: QWidget, adding: Sequence[QAction]) -> QMenu:
    """The ways to add pictures."""
    menu = QMenu(_tr("Add pictures"), parent)
    menu.addActions(list(adding))
    return menu


def menu_button(menu: QMenu, icon: Icon = Icon.DOWN) -> QToolButton:
    """A button that opens a menu, which it is named after."""
    made = QToolButton()
    drop_down(made, menu)
    made.setIcon(icon.icon())
    made.setToolTip(menu.title())
    made.setAccessibleName(menu.title())
    return made
