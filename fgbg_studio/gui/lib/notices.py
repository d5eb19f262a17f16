"""Lines over a place's content that say what happened there: errors with the way out, questions with buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, take_away, vbox
from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.label import Label
from fgbg_studio.gui.lib.remedies import offers, said
from fgbg_studio.gui.lib.theme import PAD, TOOL_ICON, UNIT

Choice = tuple[str, Callable[[], object]]
MOST = 1
"""As many are shown while they are folded, of all columns that are seen together; a button counts the others."""

READING = 8000
"""Milliseconds that what needs no answer stays, longer under the pointer or with the keyboard in it."""

_WIDEST, _LINES, _KEPT = 720, 3, 50
_WHOLE = 40  # lines of one that is unfolded
_BAR = 64  # pixels: what is lower has room for one line, and what is unfolded reaches below it
_SIDES, _READABLE = 96, 240  # pixels: what icon, closer and margins take; of words beside buttons
_OPENINGS = ("the ", "this ", "these ", "there ")  # of errors whose first word is no file's name
_numbers = count()
_MOVES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}


@dataclass(frozen=True)
class _Notice:
    key: str
    text: str
    widget: QFrame
    number: int
    words: Label
    body: QBoxLayout
    """The words, and the buttons beside them or below."""
    buttons: QHBoxLayout
    rest: QToolButton
    """Shows what is left out: the end of a long text, and the others."""
    lines: int
    """Of its words, while it is folded."""


class Notices(QWidget):
    """A column of notices, the newest lowest, over ``over``; what is below neither moves nor changes its size.

    The newest is seen, of all columns beside each other (`share_with`): one line of its words, or three of an error and
    of a question; the rest is one button away, and then scrolls in one place. So little is covered of what a person
    looks at. They lie at the upper edge and can be moved away from what must stay in reach (`keep_to`, `stay_below`).
    Esc in one dismisses it and leads back to where the keyboard was. ``follow`` is called with the remedy of an error
    whose button is pressed; without it there are no such buttons.

    Attributes:
        entries: what is said, the oldest first.
        unfolded: all are seen, however many, with all their words.
    """

    def __init__(self, follow: Callable[[Remedy], object] | None = None, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._over, self._follow = over, follow
        self.within: tuple[QWidget, ...] = ()
        self.bars: list[QWidget] = []
        self._before: QWidget | None = None
        self._pressed: QWidget | None = None
        self._inside = QWidget()
        self._inside.installEventFilter(self)
        self._column = vbox(self._inside, UNIT)
        self._scroll = self._make_scroll()
        self._fewer = QToolButton()
        self._all = self._make_all()
        self.entries: list[_Notice] = []
        self._beside: list[Notices] = []
        self.unfolded, self._hidden = False, 0
        if over is not None:
            over.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note_focus)
        self.hide()

    def share_with(self, lower: Notices) -> None:
        """Be seen together with a column that lies below this one, whenever its place is shown."""
        self._beside.append(lower)
        lower._beside.append(self)
        lower.stay_below(self)

    def keep_to(self, *widgets: QWidget) -> None:
        """Lie over the first of these that is seen, and over the whole only where none is.

        Where that is a bar, they begin in it, and reach below it only as far as they need.
        """
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
        text = said(error)
        self._say(capital(text) if text.startswith(_OPENINGS) else text, Icon.ERROR, "bad", [*choices, *offered], key)

    def warn(self, text: str, choices: Sequence[Choice] = (), key: str = "") -> None:
        """Say what should be looked at."""
        self._say(text, Icon.WARNING, "warn", choices, key)

    def tell(self, text: str, choices: Sequence[Choice] = (), key: str = "", *, passing: bool = False) -> None:
        """Say something that is no trouble, and goes by itself without ``choices``, or where nobody needs them.

        A notice with the same ``key`` is replaced.
        """
        self._say(text, Icon.INFO, "accent", choices, key)
        if passing or not choices:
            self._let_go_later(self.entries[-1])

    def texts(self) -> list[str]:
        """What is said now, the oldest first."""
        return [notice.text for notice in self.entries]

    def offer(self, key: str, choice: Choice) -> None:
        """Give the notice of this key, where it is still there, one more button; it stays where it is."""
        for notice in (one for one in self.entries if one.key == key):
            self._add_choice(notice.buttons, key, choice)
            self._arrange()

    def clear(self, key: str | None = None) -> None:
        """Take all notices away, or those of one key."""
        for notice in [one for one in self.entries if key in {None, one.key}]:
            self._drop(notice)

    # One notice

    def _say(self, text: str, icon: Icon, colour: str, choices: Sequence[Choice], key: str) -> None:
        for notice in [one for one in self.entries if (key and one.key == key) or one.text == text]:
            self._drop(notice)
        if len(self.entries) >= _KEPT:
            self._drop(self.entries[0])
        key = key or text
        widget = frame("notice")
        widget.setAccessibleName(text)
        row = hbox(widget, 2 * UNIT, margins=(PAD, UNIT, 2 * UNIT, UNIT))
        words = label(text, wrap=True)
        if icon is Icon.ERROR:  # which one may want to pass on
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        lines = _LINES if choices or icon is Icon.ERROR else 1
        row.addWidget(IconLabel(icon, TOOL_ICON, colour), 0, Qt.AlignmentFlag.AlignVCenter)
        body, buttons = hbox(spacing=2 * UNIT), hbox(spacing=2 * UNIT)
        body.addWidget(words, 1)
        for choice in choices:
            self._add_choice(buttons, key, choice)
        body.addLayout(buttons)
        row.addLayout(body, 1)
        rest = QToolButton()
        rest.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        rest.clicked.connect(self._open_or_fold)
        row.addWidget(rest)
        row.addWidget(self._closer(key))
        self._column.insertWidget(len(self.entries), widget)
        self.entries.append(_Notice(key, text, widget, next(_numbers), words, body, buttons, rest, lines))
        self._arrange()

    def _add_choice(self, buttons: QHBoxLayout, key: str, choice: Choice) -> None:
        title, handler = choice
        made = button(title)
        made.clicked.connect(lambda: self._choose(key, handler))
        buttons.addWidget(made)

    def _closer(self, key: str) -> QToolButton:
        closer = QToolButton()
        closer.setIcon(Icon.CLOSE.icon("quiet"))
        closer.setToolTip(self.tr("Dismiss (Esc)"))
        closer.setAccessibleName(self.tr("Dismiss"))
        closer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        closer.clicked.connect(lambda: self.clear(key))
        return closer

    def _make_scroll(self) -> QScrollArea:
        made = QScrollArea()
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setWidgetResizable(True)
        made.setWidget(self._inside)
        for part in (made.viewport(), self._inside):
            part.setAutoFillBackground(False)  # between two of them one sees what is below
        return made

    def _make_all(self) -> QWidget:
        made = frame("notice")
        row = hbox(made)
        every = QToolButton()
        every.setText(self.tr("Dismiss all"))
        every.clicked.connect(self._dismiss_all)
        self._fewer.setText(self.tr("Show fewer"))
        self._fewer.clicked.connect(self._open_or_fold)
        for part in (self._fewer, every):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(part)
        whole = vbox(self, UNIT)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(made, 0, Qt.AlignmentFlag.AlignRight)
        return made

    def _dismiss_all(self) -> None:
        for one in self._together():
            one.clear()

    def _open_or_fold(self) -> None:
        every = not self.unfolded
        for one in self._together():
            one.unfolded = every
        self._arrange()

    def _choose(self, key: str, handler: Callable[[], object]) -> None:
        self.clear(key)
        handler()

    def _let_go_later(self, notice: _Notice) -> None:
        timer = QTimer(notice.widget, interval=READING)
        timer.timeout.connect(lambda: self._let_go(notice))
        timer.start()

    def _let_go(self, notice: _Notice) -> None:
        focus = QApplication.focusWidget()
        if notice in self.entries and not notice.widget.underMouse() and not notice.widget.isAncestorOf(focus or self):
            self._drop(notice)

    def _drop(self, notice: _Notice) -> None:
        self.entries.remove(notice)
        take_away(notice.widget, self._column)
        self._arrange()

    # Which are seen

    def _together(self) -> list[Notices]:
        """This column and those that are seen with it, the uppermost first."""
        beside = [one for one in self._beside if one.is_on_page()]
        above = [one for one in beside if one in self.bars]
        return [*above, self, *(one for one in beside if one not in above)]

    def is_on_page(self) -> bool:
        """Whether what it lies over is the page of the window that is shown."""
        return self._over is not None and self._over.isVisibleTo(self._over.window())

    def _arrange(self) -> None:
        """Show the newest of all that are seen together."""
        together = self._together()
        every = sorted((notice for one in together for notice in one.entries), key=lambda notice: notice.number)
        if not every:
            self.unfolded = False
        newest = every if self.unfolded else every[-MOST:]
        seen = [one for one in together if any(notice in newest for notice in one.entries)]
        for one in together:
            one.unfolded = self.unfolded
            one.show_those(newest, len(every) - len(newest), last=one in seen[-1:])

    def show_those(self, seen: Sequence[_Notice], hidden: int, *, last: bool) -> None:
        """Show of ``seen`` what is said here; the ``last`` column folds and dismisses all that are unfolded."""
        here = [notice for notice in self.entries if notice in seen]
        for notice in self.entries:
            notice.widget.setVisible(notice in here)
            notice.rest.setText(self.tr("{0} more").format(hidden) if hidden else self.tr("Show"))
        self._hidden = hidden
        self._all.setVisible(last and self.unfolded)
        self.setVisible(bool(here))
        self._place()

    # What is pressed beside their buttons is meant for what lies below

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._below(event.globalPosition().toPoint())
        self._pass_on(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pass_on(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pass_on(event)
        self._pressed = None

    def _below(self, place: QPoint) -> QWidget | None:
        window, transparent = self.window(), Qt.WidgetAttribute.WA_TransparentForMouseEvents
        self.setAttribute(transparent, True)
        found = window.childAt(window.mapFromGlobal(place))
        self.setAttribute(transparent, False)
        return None if found is None or self.isAncestorOf(found) else found

    def _pass_on(self, event: QMouseEvent) -> None:
        below, place = self._pressed, event.globalPosition()
        if below is not None and shiboken6.isValid(below):
            there = below.mapFromGlobal(place)
            passed = QMouseEvent(event.type(), there, place, event.button(), event.buttons(), event.modifiers())
            QApplication.sendEvent(below, passed)

    # Where they lie

    def _place(self) -> None:
        if not self.entries or self._over is None:
            return
        area = next((_in(self._over, one) for one in self.within if one.isVisible()), self._over.rect())
        margin = PAD
        if area.height() < _BAR:
            margin = 0
            area.setBottom(self._over.rect().bottom())
        top = max([area.top(), *(_in(self._over, bar).bottom() + 1 for bar in self.bars if bar.isVisible())])
        needed = max(_SIDES + _row(notice.buttons) for notice in self.entries)
        wide = max(min(area.width() - 2 * margin, max(_WIDEST, needed)), 1)
        for notice in self.entries:
            _turn(notice, wide, _WHOLE if self.unfolded else notice.lines, others=self._hidden > 0)
        self._column.activate()
        foot = 0 if self._all.isHidden() else self._all.sizeHint().height() + UNIT
        room = area.bottom() + 1 - top - 2 * margin
        below = any(one is not self and self in one.bars and not one.isHidden() for one in self._beside)
        wanted = self._column.totalHeightForWidth(wide) + foot
        high = min(wanted, room // 2 if below else room)
        # a bar that comes for a moment takes width from the words, which then need the height that brings the bar
        bars = Qt.ScrollBarPolicy
        self._scroll.setVerticalScrollBarPolicy(bars.ScrollBarAsNeeded if high < wanted else bars.ScrollBarAlwaysOff)
        left = area.left() + (area.width() - wide) // (2 if margin else 1)  # in a bar at its end
        self.setGeometry(left, top + margin, wide, max(high, 1))
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._arrange()
        elif event.type() in _MOVES and watched is not self._inside:
            self._place()
        elif event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self._place()  # what is said may become higher by itself
        return False

    @override
    def event(self, event: QEvent) -> bool:
        """Esc is theirs before it is any action's."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self._dismiss_here()
            event.accept()
            return True
        return super().event(event)

    def _dismiss_here(self) -> None:
        """The one that has the keyboard."""
        focus = QApplication.focusWidget()
        here = [one for one in self.entries if focus is not None and one.widget.isAncestorOf(focus)]
        if self._before is not None and self._before.isVisible() and self._before.isEnabled():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        for notice in here or list(self.entries):
            self._drop(notice)

    def _note_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and old is not None and not self.isAncestorOf(old):
            self._before = old
            old.destroyed.connect(self._forget_before)

    def _forget_before(self) -> None:
        self._before = None


def _turn(notice: _Notice, wide: int, lines: int, *, others: bool) -> None:
    """Put the buttons below the words where these would be squeezed beside them, or lose their end.

    Below each other where there is no room for all beside each other. Of the words so many lines are seen; the button
    for the rest is there where some are left out, or ``others`` are.
    """
    room = wide - _SIDES - (notice.rest.sizeHint().width() + 2 * UNIT if others else 0)
    row = _row(notice.buttons)
    stacked = room < row
    notice.buttons.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
    beside = room - row
    below = notice.buttons.count() > 0 and (beside < _READABLE or (lines > 1 and notice.words.lines_in(beside) > lines))
    wanted = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
    if notice.body.direction() != wanted:
        notice.body.setDirection(wanted)
        notice.buttons.setAlignment(Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag(0))
    cut = notice.words.lines_in(room if below else beside) > lines
    notice.rest.setVisible(others or cut)
    notice.words.setMaximumHeight(notice.words.height_of(lines))


def _row(buttons: QHBoxLayout) -> int:
    """Pixels that they need beside each other."""
    widths = [item.sizeHint().width() for i in range(buttons.count()) if (item := buttons.itemAt(i))]
    return sum(widths) + buttons.spacing() * max(len(widths) - 1, 0)


def _in(over: QWidget, widget: QWidget) -> QRect:
    """Where a widget is, in the pixels of another of its window."""
    return QRect(widget.mapTo(over.window(), QPoint(0, 0)) - over.mapTo(over.window(), QPoint(0, 0)), widget.size())
