"""The counter in the top line: how many there are and how many are wanted; a click changes what is wanted."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QPushButton, QSpinBox, QWidgetAction

from fgbg_studio.core.project.model import Goal
from fgbg_studio.gui.lib.basics import label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD, UNIT, tabular
from fgbg_studio.gui.lib.typed import keeping_typed
from fgbg_studio.gui.session.session import Session

_MOST = 1_000_000


class GoalFields(QFrame):
    """The two numbers; ``changed`` brings the name of one, and its value."""

    changed = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"backgrounds": QSpinBox(), "foregrounds": QSpinBox()}
        titles = {"backgrounds": self.tr("Backgrounds"), "foregrounds": self.tr("Foregrounds")}
        column = vbox(self, 2 * UNIT, margins=(PAD, PAD, PAD, PAD))
        column.addWidget(label(self.tr("How many you want"), "heading"))
        rows = QGridLayout()
        rows.setHorizontalSpacing(PAD)
        rows.setVerticalSpacing(UNIT)
        for place, (name, field) in enumerate(self.fields.items()):
            field.setRange(0, _MOST)
            field.setGroupSeparatorShown(True)
            field.setSpecialValueText(self.tr("any number"))
            field.setKeyboardTracking(False)
            field.setAccessibleName(titles[name])
            field.setMinimumWidth(104)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.valueChanged.connect(partial(self.changed.emit, name))
            rows.addWidget(label(titles[name], "quiet"), place, 0)
            rows.addWidget(field, place, 1)
        column.addLayout(rows)
        column.addWidget(label(self.tr("The sidebar shows how many are missing; 0 means any number."), "caption"))

    def show_goal(self, goal: Goal) -> None:
        """Show what is wanted now."""
        for name, field in self.fields.items():
            with keeping_typed(field):
                field.setValue(getattr(goal, name))


class GoalCounter(QPushButton):
    """See the module; in places that count something else it is only read."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setProperty("look", "flat")
        self.setFont(tabular(self.font()))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the words
        self.fields = GoalFields()
        self.fields.changed.connect(self._change)
        self._menu = QMenu(self)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        holder = QWidgetAction(self._menu)
        holder.setDefaultWidget(self.fields)
        self._menu.addAction(holder)
        self.clicked.connect(self._open)
        self.show_words("", counts_goal=False)

    def show_words(self, words: str, *, counts_goal: bool) -> None:
        """Show a place's counter, and whether a click changes what is wanted."""
        self.setText(words)
        self.setVisible(bool(words))
        self.setIcon(Icon.DOWN.icon("quiet") if counts_goal else QIcon())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not counts_goal)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if counts_goal else Qt.FocusPolicy.NoFocus)
        self.setToolTip(self.tr("Change how many you want") if counts_goal else "")

    def _open(self) -> None:
        self.fields.show_goal(self._session.project.goal)
        below = self.rect().bottomLeft()
        self._menu.popup(self.mapToGlobal(below))
        self.fields.fields["backgrounds"].setFocus()

    def _change(self, name: str, count: int) -> None:
        text = (
            self.tr("set the goal to {0} backgrounds")
            if name == "backgrounds"
            else self.tr("set the goal to {0} foregrounds")
        )
        self._session.change(
            text.format(count),
            lambda p: p.model_copy(update={"goal": p.goal.model_copy(update={name: count})}),
            merge=f"goal-{name}",
        )
