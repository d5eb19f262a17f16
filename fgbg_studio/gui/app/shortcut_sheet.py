"""The sheet of all shortcuts, made from the tables of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QWidget

from fgbg_studio.gui.lib.basics import frame, hbox, label, vbox
from fgbg_studio.gui.lib.theme import GROUP, UNIT

Section = tuple[str, list[tuple[str, str]]]
"""A title and its lines (keys, what they do)."""

_COLUMNS, _WIDTH = 2, 1040
_KEYS, _LONG = 170, 20  # pixels of the keys at most; letters from which they have lines


class ShortcutSheet(QDialog):
    """A window that stays open beside the work until it is closed."""

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        inside = QWidget()
        inside.setProperty("look", "panel")
        columns = hbox(inside, 2 * GROUP, margins=(GROUP, GROUP, GROUP, GROUP))
        for part in _balanced([section for section in sections if section[1]]):
            column = vbox(spacing=GROUP)
            for title, lines in part:
                column.addLayout(_section(title, lines))
            column.addStretch(1)
            columns.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setProperty("look", "panel")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        vbox(self).addWidget(scroll)
        room = parent.window().size() if parent else self.screen().availableSize()
        self.resize(min(_WIDTH, room.width()), min(inside.heightForWidth(_WIDTH) + UNIT, room.height() - 80))


def _balanced(sections: list[Section]) -> list[list[Section]]:
    """The sections in columns of about one length: each goes to the one that is shortest so far."""
    made: list[list[Section]] = [[] for _ in range(_COLUMNS)]
    lengths = [0] * _COLUMNS
    for section in sections:
        shortest = lengths.index(min(lengths))
        made[shortest].append(section)
        lengths[shortest] += len(section[1]) + 2
    return made


def _section(title: str, lines: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GROUP)
    grid.setVerticalSpacing(UNIT)
    grid.addWidget(label(title, "heading"), 0, 0, 1, 2)
    grid.addWidget(frame("rule"), 1, 0, 1, 2)
    for row, (keys, what) in enumerate(lines, 2):
        pressed = label(keys, "key", wrap=len(keys) > _LONG)
        pressed.setMaximumWidth(_KEYS)
        grid.addWidget(pressed, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        words = label(what, wrap=True)
        words.setContentsMargins(0, 2, 0, 0)  # on the line of the key's letters
        grid.addWidget(words, row, 1, Qt.AlignmentFlag.AlignTop)
    grid.setColumnMinimumWidth(0, 120)
    grid.setColumnStretch(1, 1)
    return grid
