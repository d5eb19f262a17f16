"""Lines at the top of a place that say what happened there: errors with the way out, questions with buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, take_away, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import offers, said
from fgbg_studio.gui.lib.theme import PAD, TOOL_ICON, UNIT

Choice = tuple[str, Callable[[], object]]
MOST = 3


class Notices(QWidget):
    """A column of notices, the newest lowest; takes no room when there are none.

    ``follow`` is called with the remedy of an error whose button is pressed; without it there are no such buttons.
    ``below`` is a margin in pixels.
    """

    def __init__(self, follow: Callable[[Remedy], object] | None = None, below: int = 0) -> None:
        super().__init__()
        self._follow = follow
        self._column = vbox(self, UNIT, margins=(PAD, PAD, PAD, below))
        self._shown: list[tuple[str, QWidget]] = []
        self.hide()

    def error(self, error: FgbgError, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say what happened, to which file, and what to do; with a button for each remedy that can be followed."""
        offered = offers(error.remedies, self._follow) if self._follow else []
        self._say(said(error), Icon.ERROR, "bad", [*choices, *offered], key)

    def warn(self, text: str, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say what should be looked at."""
        self._say(text, Icon.WARNING, "warn", choices, key)

    def tell(self, text: str, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say something that is no trouble. A notice with the same ``key`` is replaced."""
        self._say(text, Icon.INFO, "accent", choices, key)

    def texts(self) -> list[str]:
        """What is said now, the oldest first."""
        return [widget.accessibleName() for _, widget in self._shown]

    def clear(self, key: str | None = None) -> None:
        """Take all notices away, or those of one key."""
        for known, widget in list(self._shown):
            if key is None or known == key:
                self._drop(known, widget)

    def _say(self, text: str, icon: Icon, colour: str, choices: Sequence[Choice], key: str) -> None:
        same = [known for known, widget in self._shown if (key and known == key) or widget.accessibleName() == text]
        for known in same:
            self.clear(known)
        key = key or text
        while len(self._shown) >= MOST:
            self._drop(*self._shown[0])
        widget = frame("notice")
        widget.setAccessibleName(text)
        row = hbox(widget, 2 * UNIT, margins=(PAD, 2 * UNIT, 2 * UNIT, 2 * UNIT))
        words = label(text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(IconLabel(icon, TOOL_ICON, colour), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words, 1)
        for title, handler in choices:
            choice = button(title)
            choice.clicked.connect(lambda _=False, h=handler: self._choose(key, h))
            row.addWidget(choice)
        row.addWidget(self._closer(key))
        self._column.addWidget(widget)
        self._shown.append((key, widget))
        self.show()

    def _closer(self, key: str) -> QToolButton:
        closer = QToolButton()
        closer.setIcon(Icon.CLOSE.icon("quiet"))
        closer.setToolTip(self.tr("Dismiss"))
        closer.setAccessibleName(self.tr("Dismiss"))
        closer.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        closer.clicked.connect(lambda: self.clear(key))
        return closer

    def _choose(self, key: str, handler: Callable[[], object]) -> None:
        self.clear(key)
        handler()

    def _drop(self, key: str, widget: QWidget) -> None:
        self._shown.remove((key, widget))
        take_away(widget, self._column)
        if not self._shown:
            self.hide()
