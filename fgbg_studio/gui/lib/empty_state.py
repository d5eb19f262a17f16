"""What an empty place shows: an icon, one sentence, one button, and where to drop files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fgbg_studio.gui.lib.basics import IconLabel, action_button, label
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import GROUP, UNIT

_WIDTH = 440


class EmptyState(QWidget):
    """See the module; further widgets may be added to ``column``."""

    def __init__(
        self, icon: Icon, title: str, sentence: str, action: QAction | None = None, hint: str = "",
        other: QAction | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.setSpacing(2 * UNIT)
        middle = Qt.AlignmentFlag.AlignHCenter
        self.column.addWidget(IconLabel(icon, 48), 0, middle)
        self.column.addSpacing(UNIT)
        self.column.addWidget(label(title, "title"), 0, middle)
        if sentence:
            words = label(sentence, "quiet", wrap=True)
            words.setAlignment(middle)
            words.setFixedSize(_WIDTH, words.heightForWidth(_WIDTH))
            self.column.addWidget(words, 0, middle)
        if action:
            self.column.addSpacing(GROUP - 2 * UNIT)
            self.column.addWidget(action_button(action, "primary"), 0, middle)
        if other:
            self.column.addWidget(action_button(other, "flat"), 0, middle)
        if hint:
            self.column.addWidget(label(hint, "caption"), 0, middle)
