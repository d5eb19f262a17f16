"""Near-duplicates side by side, a card for each group, with 'Keep the better one'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget
from typing_extensions import override

from fgbg_studio.gui.backgrounds.duplicate_picture import DuplicatePicture
from fgbg_studio.gui.backgrounds.flow_layout import FlowLayout
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, on_right_click, take_away, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, PAD, UNIT

MOST = 100
"""Groups that are shown at a time; the next come when these are decided."""


@dataclass(frozen=True)
class Duplicate:
    """One of a group: its key, name, what is said of it, and whether it is the better one."""

    key: str
    name: str
    facts: str
    better: bool
    aspect: float


Group = tuple[Duplicate, ...]


class DuplicatesView(QScrollArea):
    """See the module. Arrow keys go from picture to picture.

    Signals:
        keep: (keys of a group, the one to keep).
        keep_all: keys of a group that are different enough.
        current_changed: the key of the picture that was clicked or gone to.
        wanted: keys of pictures that are needed.
        menu_wanted: a menu for the marked picture is asked for, at this place (`QPoint`) of the screen.
    """

    keep = Signal(list, str)
    keep_all = Signal(list)
    current_changed = Signal(str)
    wanted = Signal(list)
    menu_wanted = Signal(QPoint)

    def __init__(self, pixmap: Callable[[str], QPixmap | None]) -> None:
        super().__init__()
        self._pixmap = pixmap
        self._shown: dict[Group, QFrame] = {}
        self._pictures: dict[str, DuplicatePicture] = {}
        self._current = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Near-duplicates"))
        inside = QWidget()
        self._column = vbox(inside, PAD, margins=(PAD, UNIT, PAD, PAD))
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._more = label("", "quiet")
        self._column.addWidget(self._more)
        self.setWidget(inside)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show these, the first `MOST` of them; those that are shown already stay as they are."""
        wanted = list(groups[:MOST])
        for group in [g for g in self._shown if g not in wanted]:
            take_away(self._shown.pop(group), self._column)
            for duplicate in group:
                self._pictures.pop(duplicate.key, None)
        for number, group in enumerate(wanted):
            if group not in self._shown:
                self._shown[group] = self._card(group)
                self._column.insertWidget(number, self._shown[group])
        self._shown = {group: self._shown[group] for group in wanted}
        rest = len(groups) - len(wanted)
        self._more.setText(self.tr("{0} more groups follow once these are decided").format(f"{rest:,}"))
        self._more.setVisible(rest > 0)
        self.want_again()

    def want_again(self) -> None:
        """Ask anew for the pictures."""
        if self.isVisible():
            self.wanted.emit(self._keys())

    def repaint_pictures(self, keys: Iterable[str]) -> None:
        """These have a thumbnail now."""
        for key in self._pictures.keys() & set(keys):
            self._pictures[key].update()

    def set_current(self, key: str) -> None:
        """Mark one picture."""
        for name in {self._current, key} & self._pictures.keys():
            self._pictures[name].set_chosen(name == key)
        self._current = key
        self._reveal()

    def _reveal(self) -> None:
        if self._current in self._pictures and self.isVisible():
            self.ensureWidgetVisible(self._pictures[self._current], PAD, 8 * PAD)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """The marked picture is in sight, once the pictures have their places."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._reveal)

    def step(self, by: int) -> None:
        """Go to the next (+1) or previous (-1) picture."""
        keys = self._keys()
        if keys:
            place = keys.index(self._current) + by if self._current in keys else 0
            self.current_changed.emit(keys[min(max(place, 0), len(keys) - 1)])

    def group_of(self, key: str) -> Group | None:
        """The group of a picture that is shown; of another one, the first group."""
        with_it = [group for group in self._shown if any(duplicate.key == key for duplicate in group)]
        return next(iter(with_it or self._shown), None)

    def next_of(self, key: str) -> str:
        """The picture itself where it is one of a group; else one that is to be decided on, where there is any."""
        group = self.group_of(key)
        return key if group is None or any(duplicate.key == key for duplicate in group) else group[0].key

    def keep_better(self) -> None:
        """Keep the better one of the group that is looked at."""
        if group := self.group_of(self._current):
            best = next(duplicate.key for duplicate in group if duplicate.better)
            self.keep.emit([duplicate.key for duplicate in group], best)

    def keep_whole(self) -> None:
        """Keep all of the group that is looked at."""
        if group := self.group_of(self._current):
            self.keep_all.emit([duplicate.key for duplicate in group])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Up: -1, keys.Key_Right: 1, keys.Key_Down: 1}
        if Qt.Key(event.key()) in steps:
            self.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _keys(self) -> list[str]:
        return [duplicate.key for group in self._shown for duplicate in group]

    def _card(self, group: Group) -> QFrame:
        card = frame("card")
        column = vbox(card, PAD, margins=(PAD, PAD, PAD, PAD))
        column.addLayout(self._buttons(group))
        flow = FlowLayout(GROUP)
        for duplicate in group:
            flow.addWidget(self._make_duplicate(group, duplicate))
        column.addLayout(flow)
        return card

    def _buttons(self, group: Group) -> QHBoxLayout:
        """Over the pictures, so that they are in sight however many these are."""
        row = hbox(spacing=2 * UNIT)
        best = next(duplicate.key for duplicate in group if duplicate.better)
        better = button(self.tr("Keep the better one"))
        better.clicked.connect(lambda: self.keep.emit([duplicate.key for duplicate in group], best))
        both = button(self.tr("Keep both") if len(group) == 2 else self.tr("Keep all {0}").format(len(group)))
        both.clicked.connect(lambda: self.keep_all.emit([duplicate.key for duplicate in group]))
        row.addWidget(better)
        row.addWidget(both)
        row.addStretch(1)
        return row

    def _make_duplicate(self, group: Group, duplicate: Duplicate) -> QWidget:
        made = QWidget()
        column = vbox(made, UNIT)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        picture = DuplicatePicture(duplicate.key, duplicate.name, duplicate.aspect, self._pixmap)
        picture.set_chosen(duplicate.key == self._current)
        picture.clicked.connect(lambda: self.current_changed.emit(duplicate.key))
        on_right_click(picture, lambda place: self._show_menu(duplicate.key, place))
        self._pictures[duplicate.key] = picture
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignLeft)
        name = label(duplicate.name)
        name.setToolTip(duplicate.name)
        name.setFixedWidth(picture.width())
        column.addWidget(name)
        column.addWidget(label(duplicate.facts, "caption"))
        if duplicate.better:
            column.addLayout(_better(self.tr("the better one")))
        else:
            keep = button(self.tr("Keep this one"))
            keep.clicked.connect(lambda: self.keep.emit([t.key for t in group], duplicate.key))
            column.addWidget(keep, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _show_menu(self, key: str, place: QPoint) -> None:
        self.current_changed.emit(key)
        self.menu_wanted.emit(place)


def _better(text: str) -> QHBoxLayout:
    row = hbox(spacing=UNIT)
    row.addWidget(IconLabel(Icon.ACCEPT, 18, "good"))
    words = label(text)
    words.setMinimumHeight(32)
    row.addWidget(words, 1)
    return row
