"""The line under the canvas: the next useful action, what runs, how near one is.

Each has its room always: what runs is said in the hint's, and a hint that is longer ends in an ellipsis.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QStackedWidget

from fgbg_studio.gui.lib.basics import IconLabel, fix_width, hbox, keep_room, label
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.theme import PAD, UNIT

_PATIENCE = 200  # milliseconds before it is said that something runs


class CanvasLine(QFrame):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "bottom")
        self.setFixedHeight(32)
        self._icon = IconLabel(Icon.INFO, 16)
        self.hint, self.work, self.scale = label(), label(), label("", "quiet")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
        self._bar.setFixedSize(64, 6)
        self._bar.setAccessibleName(self.tr("Cutting"))
        self._words = QStackedWidget()
        for words in (self.hint, self.work):
            self._words.addWidget(words)
        row = hbox(self, 2 * UNIT, margins=(PAD, 0, PAD, 0))
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        for part in (self._bar, self.scale):
            row.addWidget(part)
        keep_room(self._icon)
        keep_room(self._bar)
        self.scale.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        fix_width(self.scale, "1000%")
        self._what = ""
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(lambda: self._show_work(True))
        self._show_work(False)

    def say(self, text: str) -> None:
        """Show a hint, or none."""
        self.hint.setText(text)
        self._icon.setVisible(bool(text))

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Whether a cut or the like runs, and how that is called; said only when it takes a while."""
        self._what = words
        if busy:
            self._timer.start()
        else:
            self._timer.stop()
            self._show_work(False)

    def show_scale(self, scale: float) -> None:
        """How near one is: device pixels for a pixel of the photo."""
        self.scale.setText(f"{scale:.0%}" if scale < 10 else f"{scale:.0f} ×")

    def _show_work(self, shown: bool) -> None:
        self._bar.setVisible(shown)
        self.work.setText(self._what if shown else "")
        self._words.setCurrentWidget(self.work if shown else self.hint)
