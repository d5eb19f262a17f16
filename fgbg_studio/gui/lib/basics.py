"""Small makers of rows and columns, labels, lines and buttons in the window's looks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.label import Label
from fgbg_studio.gui.lib.theme import TOOL_ICON, UNIT, tabular, theme

Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""


def hbox(parent: QWidget | None = None, spacing: int = 0, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """A row; without margins where the style would have some."""
    made = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def vbox(parent: QWidget | None = None, spacing: int = 0, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """A column, likewise."""
    made = QVBoxLayout() if parent is None else QVBoxLayout(parent)
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def take_away(widget: QWidget, layout: QLayout) -> None:
    """Take a widget out of its layout for good."""
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


def clear(layout: QLayout) -> None:
    """Take everything out of a layout of widgets for good."""
    while (item := layout.itemAt(0)) and (widget := item.widget()):
        take_away(widget, layout)


def label(text: str = "", look: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> Label:
    """A label; ``look`` is title, heading, caption, quiet or key. Digits have one width."""
    made = Label(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    made.setWordWrap(wrap)
    made.setFont(tabular(made.font()))
    return made


def keep_room(widget: QWidget) -> None:
    """Let a widget that comes and goes have its room always, so that nothing beside it moves."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def fix_width(words: QLabel, longest: str) -> None:
    """Let a label be as wide as the longest that it will say."""
    words.ensurePolished()
    words.setFixedWidth(words.fontMetrics().horizontalAdvance(longest) + 2)


def frame(look: str, parent: QWidget | None = None) -> QFrame:
    """A frame in a look of the stylesheet: panel, card, rule, footer."""
    made = QFrame(parent)
    made.setProperty("look", look)
    return made


def button(text: str, icon: Icon | None = None, look: str = "", parent: QWidget | None = None) -> QPushButton:
    """A push button; ``look`` is empty, primary or flat."""
    made = QPushButton(text, parent)
    made.setProperty("look", look)
    made.setIconSize(QSize(TOOL_ICON + UNIT, TOOL_ICON))
    if icon:
        made.setIcon(icon.icon("on_accent" if look == "primary" else ""))
    made.setAutoDefault(True)
    return made


def action_button(action: QAction, look: str = "", parent: QWidget | None = None) -> QPushButton:
    """A push button that says, does and is enabled as its action."""
    made = button("", None, look, parent)

    def mirror() -> None:
        made.setText(action.text().removesuffix("…"))
        made.setToolTip(action.toolTip())
        made.setEnabled(action.isEnabled())

    if look != "primary":
        made.setIcon(action.icon())
    mirror()
    action.changed.connect(mirror)
    made.clicked.connect(action.trigger)
    return made


def tool_button(action: QAction, parent: QWidget | None = None) -> QToolButton:
    """A button of an icon alone, with the action's name for those who cannot see it."""
    made = QToolButton(parent)
    made.setDefaultAction(action)
    made.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleName(action.text())
    action.visibleChanged.connect(lambda: made.setVisible(action.isVisible()))
    return made


def drop_down(made: QToolButton, menu: QMenu) -> None:
    """Let a button be its menu: a press opens it, and no arrow beside the icon says so once more."""
    made.setMenu(menu)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setStyleSheet("QToolButton::menu-indicator { image: none; }")


class IconLabel(QLabel):
    """An icon that is looked at and not clicked; it changes with the colours."""

    def __init__(self, icon: Icon, size: int = TOOL_ICON, colour: str = "quiet") -> None:
        super().__init__()
        self._icon, self._size, self._colour = icon, size, colour
        self.setFixedSize(size, size)
        theme.changed.connect(self._paint)
        self._paint()

    def show_icon(self, icon: Icon, colour: str = "quiet") -> None:
        """Show another one."""
        self._icon, self._colour = icon, colour
        self._paint()

    def _paint(self) -> None:
        size = QSize(self._size, self._size)
        self.setPixmap(self._icon.icon(self._colour).pixmap(size, self.devicePixelRatioF()))


def on_right_click(widget: QWidget, show: Callable[[QPoint], object]) -> None:
    """Call ``show`` with the place on the screen where a menu is asked for, by mouse or by the menu key."""
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(lambda place: show(widget.mapToGlobal(place)))
