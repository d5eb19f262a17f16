"""The places of the window, one a file; this is what they have in common."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QUndoStack
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.lib.actions import Spec, build
from fgbg_studio.gui.lib.basics import vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.inspector import NARROWEST, WIDEST, Inspector
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.session import Session

_LEAST = 240
"""Pixels of the content's width: it is rather cut than that it makes the inspector narrower, or the window wider."""


class Panel(QWidget):
    """A place: content at the left, an inspector at the right, notices over the content.

    A panel reads and changes ``session`` and knows no other panel. Attributes: ``stage`` is what is at the left,
    ``content`` its column, ``inspector`` what is at the right, ``notices`` where errors are shown, ``act`` the actions
    of `specs` by id. Its actions work only while it is shown, whatever they are enabled for by themselves.

    Signals:
        badge_changed: a count for the rail where something is wanting, 0 for none, and what it counts in words.
        counter_changed: the words in the middle of the top line, such as '87 / 100 backgrounds'.
        undo_stack_changed: `undo_stack` returns another one.
    """

    place: ClassVar[str]
    icon: ClassVar[Icon]
    searchable: ClassVar[bool] = False
    has_inspector: ClassVar[bool] = True
    follows_remedies: ClassVar[bool] = True
    """Whether errors are about the open project, so that a button beside them may change it."""
    counts_goal: ClassVar[bool] = False
    """Whether the counter says how many are wanted too, which can then be changed where it stands."""

    badge_changed = Signal(int, str)
    counter_changed = Signal(str)
    undo_stack_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.counter, self.badge, self.badge_words = "", 0, ""
        self._empty = self._inspector_wanted = False
        self._firsts: tuple[QWidget, ...] = ()
        self.act = build(self.specs(), self)
        self.setAccessibleName(self.title())
        self.inspector = Inspector()
        self.stage = QWidget()
        self.stage.setMinimumWidth(_LEAST)
        self.notices = Notices(partial(follow, session) if self.follows_remedies else None, self.stage)
        self.content = vbox(self.stage)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.stage)
        self._splitter.addWidget(self.inspector)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.splitterMoved.connect(self._remember_width)
        vbox(self).addWidget(self._splitter)

    def title(self) -> str:
        """The word under the rail's icon."""
        raise NotImplementedError

    def specs(self) -> tuple[Spec, ...]:
        """The panel's table of actions; asked once, while the panel is made."""
        return ()

    def gestures(self) -> tuple[tuple[str, str], ...]:
        """(what the hand does, what happens) of mouse and keys that are no actions, for the shortcut sheet."""
        return ()

    def entered(self) -> None:
        """The place is shown now, or another project was opened while it is."""

    def left(self) -> None:
        """Another place is shown now."""

    def show_remedy(self, remedy: Remedy) -> None:
        """Put the keyboard where ``remedy`` is followed; the place is shown already."""

    def search(self, text: str) -> None:
        """What stands in the search field; only asked where ``searchable``."""

    def accepts(self, paths: list[Path]) -> str:  # noqa: ARG002
        """What dropping these files here would do, 'Add to the backgrounds', or empty for nothing."""
        return ""

    def drop(self, paths: list[Path]) -> None:
        """These files were dropped here, as `accepts` said."""

    def unfinished(self) -> str:
        """What would be lost if the window closed now, beside unsaved changes: one clause, or empty."""
        return ""

    def undo_stack(self) -> QUndoStack:
        """Where undo and redo act while this place is shown; a canvas has one of its own."""
        return self.session.undo_stack

    def set_first(self, *widgets: QWidget) -> None:
        """Say where the keyboard belongs while the place is shown: to the first of these that is on its page.

        A focus proxy would do so too, but Tab would then leave out what stands before it in the panel.
        """
        self._firsts = widgets

    def take_keyboard(self) -> None:
        """Put the keyboard into the picture, or what else the place is about: here it begins, and comes back to."""
        there = (widget for widget in self._firsts if widget.isVisibleTo(self) and widget.isEnabledTo(self))
        next(there, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_badge(self, count: int, words: str = "") -> None:
        """Show a count at the rail; ``words`` say what of, for the tooltip and for those who cannot see it."""
        if (count, words) != (self.badge, self.badge_words):
            self.badge, self.badge_words = count, words
            self.badge_changed.emit(count, words)

    def set_wanting(self, missing: int, waiting: int, words: tuple[str, str]) -> None:
        """Show what is missing to the goal, else what waits for a decision; ``words`` say either with {0}."""
        count, text = (missing, words[0]) if missing else (waiting, words[1])
        self.set_badge(count, text.format(number(count)))

    def set_counter(self, text: str) -> None:
        """Show words in the middle of the top line."""
        if text != self.counter:
            self.counter = text
            self.counter_changed.emit(text)

    def set_empty(self, empty: bool) -> None:
        """An empty place has nothing to inspect: its one button stands in the middle."""
        if empty != self._empty:
            self._empty = empty
            self.show_inspector(self._inspector_wanted)

    def show_inspector(self, shown: bool) -> None:
        """Show or hide what is at the right, as wide as it was last in any place."""
        self._inspector_wanted = shown
        self.inspector.setVisible(shown and self.has_inspector and not self._empty)
        self._divide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The content takes what the window gains or loses."""
        super().resizeEvent(event)
        self._divide()

    def _divide(self) -> None:
        width = min(max(self.session.settings.inspector_width, NARROWEST), WIDEST)
        self._splitter.setSizes([max(self._splitter.width() - self._splitter.handleWidth() - width, 1), width])

    def _remember_width(self) -> None:
        if self.inspector.isVisible():
            self.session.settings.inspector_width = self.inspector.width()
