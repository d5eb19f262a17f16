"""Controls over a list of pictures: tabs with counts, a menu of orders."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPaintEvent
from PySide6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from fgbg_studio.gui.lib.basics import drop_down, hbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import UNIT, tabular


class TabButton(QToolButton):
    """A tab with a count, that is on and off with its action."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._text = action.text()
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFont(tabular(self.font()))
        self.setCheckable(True)
        self.setChecked(action.isChecked())
        self.setToolTip(action.toolTip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        action.toggled.connect(self.setChecked)
        self.clicked.connect(action.trigger)
        self.clicked.connect(lambda: self.setChecked(action.isChecked()))
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Say how many pictures the tab has."""
        self.setText(f"{self._text}  {number(count)}")
        self.setAccessibleName(self.text())


class TabMenu(QToolButton):
    """Tabs as a menu, that says which is chosen and how many it has; ``tip`` says what for."""

    def __init__(self, actions: Sequence[QAction], tip: str) -> None:
        super().__init__()
        self._actions = list(actions)
        self.setToolTip(tip)
        self._texts = [action.text() for action in actions]
        menu = QMenu(self)
        menu.addActions(self._actions)
        drop_down(self, menu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIcon(Icon.FILTER.icon())
        self.setFont(tabular(self.font()))

    def show_counts(self, counts: Sequence[int], chosen: int) -> None:
        """Say how many each has, and which is chosen."""
        for action, text, count in zip(self._actions, self._texts, counts, strict=True):
            action.setText(f"{text}  ({number(count)})")
        self.setText(f"{self._texts[chosen]}  {number(counts[chosen])}")
        self.setAccessibleName(self.tr("Shown: {0}").format(self.text()))


class Tabs(QWidget):
    """Tabs with counts, or where these have no room a menu of them; ``tip`` says what the menu is for."""

    def __init__(self, actions: Sequence[QAction], tip: str) -> None:
        super().__init__()
        self.buttons = [TabButton(action) for action in actions]
        self.menu = TabMenu(actions, tip)
        row = hbox(self, UNIT)
        for part in (*self.buttons, self.menu):
            row.addWidget(part)
        self.menu.hide()

    def show_counts(self, counts: Sequence[int], chosen: int) -> None:
        """Say how many each has, and which is chosen."""
        for button, count in zip(self.buttons, counts, strict=True):
            button.set_count(count)
        self.menu.show_counts(counts, chosen)

    def fit(self, room: int) -> None:
        """Be tabs where these fit into so many pixels."""
        wide = sum(button.sizeHint().width() + UNIT for button in self.buttons) <= room
        for button in self.buttons:
            button.setVisible(wide)
        self.menu.setVisible(not wide)

    @override
    def minimumSizeHint(self) -> QSize:
        """As narrow as the menu."""
        return self.menu.minimumSizeHint()


_NARROW = 40  # pixels: the icon alone


class SortButton(QToolButton):
    """A menu of orders; ``changed`` brings (order, reversed).

    ``orders`` are (name, text) of each; a ``compact`` one shows its icon alone.
    """

    changed = Signal(str, bool)

    def __init__(self, orders: Sequence[tuple[str, str]], *, compact: bool = False) -> None:
        super().__init__()
        menu = QMenu(self)
        self._orders = QActionGroup(self)
        for name, text in orders:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(name)
            self._orders.addAction(action)
        self._orders.actions()[0].setChecked(True)
        menu.addSeparator()
        self._reverse = menu.addAction(self.tr("Reverse the order"))
        self._reverse.setCheckable(True)
        menu.triggered.connect(self._tell)
        drop_down(self, menu)
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if compact else style.ToolButtonTextBesideIcon)
        self.setIcon(Icon.SORT.icon())
        if not compact:
            self.setMinimumWidth(_NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._say()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Without its words where these have no room: a few letters of them say nothing."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        if self.width() < self.sizeHint().width():
            option.toolButtonStyle = Qt.ToolButtonStyle.ToolButtonIconOnly
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)

    @property
    def order(self) -> tuple[str, bool]:
        """The name of the order, and whether it is reversed."""
        checked = self._orders.checkedAction()
        return str(checked.data()) if checked else "", self._reverse.isChecked()

    def show_order(self, name: str, *, reverse: bool) -> None:
        """Mark an order that was chosen elsewhere."""
        for action in self._orders.actions():
            action.setChecked(action.data() == name)
        self._reverse.setChecked(reverse)
        self._say()

    def offer(self, name: str, possible: bool, why: str = "") -> None:
        """Offer an order, or not; ``why`` says for a tooltip."""
        for action in self._orders.actions():
            if action.data() == name:
                action.setEnabled(possible)
                action.setToolTip(why)

    def _tell(self) -> None:
        self._say()
        self.changed.emit(*self.order)

    def _say(self) -> None:
        checked = self._orders.checkedAction()
        text = checked.text() if checked else ""
        self.setText(self.tr("{0}, reversed").format(text) if self._reverse.isChecked() else text)
        words = self.tr("Sorted by {0}").format(self.text())
        self.setAccessibleName(words)
        self.setToolTip(words)
