"""Lines over a place's content that say what happened there: errors with the way out, questions with buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, take_away, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import offers, said
from fgbg_studio.gui.lib.theme import PAD, TOOL_ICON, UNIT

Choice = tuple[str, Callable[[], object]]
MOST = 3
"""As many are shown at once; the oldest make room."""

READING = 8000
"""Milliseconds that what needs no answer stays, longer under the pointer or with the keyboard in it."""

_WIDEST, _LINES = 720, 3
_MOVES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}


@dataclass(frozen=True)
class _Notice:
    key: str
    text: str
    widget: QFrame


class Notices(QWidget):
    """A column of notices, the newest lowest, over ``over``; what is below neither moves nor changes its size.

    They lie at the upper edge and can be moved away from what must stay in reach (`keep_to`, `stay_below`). Esc in
    one dismisses it and leads back to where the keyboard was. ``follow`` is called with the remedy of an error
    whose button is pressed; without it there are no such buttons.
    """

    def __init__(self, follow: Callable[[Remedy], object] | None = None, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._over, self._follow = over, follow
        self.within: tuple[QWidget, ...] = ()
        self.bars: list[QWidget] = []
        self._before: QWidget | None = None
        self._column = vbox(self, UNIT)
        self._all = self._make_all()
        self._shown: list[_Notice] = []
        if over is not None:
            over.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note_focus)
        self.hide()

    def keep_to(self, *widgets: QWidget) -> None:
        """Lie over the first of these that is seen, and over the whole only where none is."""
        self.within = widgets
        for widget in widgets:
            widget.installEventFilter(self)

    def stay_below(self, *bars: QWidget) -> None:
        """Leave these free, as far as they are seen."""
        self.bars.extend(bars)
        for bar in bars:
            bar.installEventFilter(self)

    def error(self, error: FgbgError, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say what happened, to which file, and what to do; with a button for each remedy that can be followed."""
        offered = offers(error.remedies, self._follow) if self._follow else []
        self._say(said(error), Icon.ERROR, "bad", [*choices, *offered], key)

    def warn(self, text: str, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say what should be looked at."""
        self._say(text, Icon.WARNING, "warn", choices, key)

    def tell(self, text: str, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say something that is no trouble, and without ``choices`` goes by itself.

        A notice with the same ``key`` is replaced.
        """
        self._say(text, Icon.INFO, "accent", choices, key)
        if not choices:
            self._let_go_later(self._shown[-1])

    def texts(self) -> list[str]:
        """What is said now, the oldest first."""
        return [notice.text for notice in self._shown]

    def clear(self, key: str | None = None) -> None:
        """Take all notices away, or those of one key."""
        for notice in [one for one in self._shown if key in {None, one.key}]:
            self._drop(notice)

    # One notice

    def _say(self, text: str, icon: Icon, colour: str, choices: Sequence[Choice], key: str) -> None:
        for notice in [one for one in self._shown if (key and one.key == key) or one.text == text]:
            self._drop(notice)
        while len(self._shown) >= MOST:
            self._drop(self._shown[0])
        key = key or text
        widget = frame("notice")
        widget.setAccessibleName(text)
        row = hbox(widget, 2 * UNIT, margins=(PAD, 2 * UNIT, 2 * UNIT, 2 * UNIT))
        words = label(text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setMaximumHeight(words.height_of(_LINES))
        row.addWidget(IconLabel(icon, TOOL_ICON, colour), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words, 1)
        for title, handler in choices:
            choice = button(title)
            choice.clicked.connect(lambda _=False, h=handler: self._choose(key, h))
            row.addWidget(choice)
        row.addWidget(self._closer(key))
        self._column.insertWidget(len(self._shown), widget)
        self._shown.append(_Notice(key, text, widget))
        self._show()

    def _closer(self, key: str) -> QToolButton:
        closer = QToolButton()
        closer.setIcon(Icon.CLOSE.icon("quiet"))
        closer.setToolTip(self.tr("Dismiss (Esc)"))
        closer.setAccessibleName(self.tr("Dismiss"))
        closer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        closer.clicked.connect(lambda: self.clear(key))
        return closer

    def _make_all(self) -> QWidget:
        made = frame("notice")
        row = hbox(made)
        row.addStretch(1)
        every = QToolButton()
        every.setText(self.tr("Dismiss all"))
        every.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        every.clicked.connect(lambda: self.clear())  # noqa: PLW0108 - without what Qt tells
        row.addWidget(every)
        self._column.addWidget(made, 0, Qt.AlignmentFlag.AlignRight)
        return made

    def _choose(self, key: str, handler: Callable[[], object]) -> None:
        self.clear(key)
        handler()

    def _let_go_later(self, notice: _Notice) -> None:
        timer = QTimer(notice.widget, interval=READING)
        timer.timeout.connect(lambda: self._let_go(notice))
        timer.start()

    def _let_go(self, notice: _Notice) -> None:
        focus = QApplication.focusWidget()
        if notice in self._shown and not notice.widget.underMouse() and not notice.widget.isAncestorOf(focus or self):
            self._drop(notice)

    def _drop(self, notice: _Notice) -> None:
        self._shown.remove(notice)
        take_away(notice.widget, self._column)
        self._show()

    # Where they lie

    def _show(self) -> None:
        self._all.setVisible(len(self._shown) > 1)
        self.setVisible(bool(self._shown))
        self._place()

    def _place(self) -> None:
        if not self._shown or self._over is None:
            return
        area = next((_in(self._over, one) for one in self.within if one.isVisible()), self._over.rect())
        top = max([area.top(), *(_in(self._over, bar).bottom() + 1 for bar in self.bars if bar.isVisible())])
        wide = max(min(area.width() - 2 * PAD, _WIDEST), 1)
        self._column.activate()
        high = self._column.totalHeightForWidth(wide)
        self.setGeometry(area.left() + (area.width() - wide) // 2, top + PAD, wide, high)
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    @override
    def event(self, event: QEvent) -> bool:
        """Esc is theirs before it is any action's; what is said may become higher by itself."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self._dismiss_here()
            event.accept()
            return True
        return super().event(event)

    def _dismiss_here(self) -> None:
        """The one that has the keyboard."""
        focus = QApplication.focusWidget()
        here = [one for one in self._shown if focus is not None and one.widget.isAncestorOf(focus)]
        if self._before is not None and self._before.isVisible() and self._before.isEnabled():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        for notice in here or list(self._shown):
            self._drop(notice)

    def _note_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and old is not None and not self.isAncestorOf(old):
            self._before = old
            old.destroyed.connect(self._forget_before)

    def _forget_before(self) -> None:
        self._before = None


def _in(over: QWidget, widget: QWidget) -> QRect:
    """Where a widget is, in the pixels of another of its window."""
    return QRect(widget.mapTo(over.window(), QPoint(0, 0)) - over.mapTo(over.window(), QPoint(0, 0)), widget.size())
