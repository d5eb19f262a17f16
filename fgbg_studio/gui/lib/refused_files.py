"""A list of files that were not taken, each with its reason; it may be copied and closed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.gui.lib.basics import IconLabel, frame, hbox, label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import PAD, UNIT

_MOST = 8  # lines that are seen at a time


class RefusedFiles(QWidget):
    """See the module; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.text = label("", "heading"), QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("Files that were not added"))
        closer = QToolButton()
        closer.setIcon(Icon.CLOSE.icon("quiet"))
        closer.setToolTip(self.tr("Dismiss"))
        closer.setAccessibleName(self.tr("Dismiss"))
        closer.clicked.connect(self.hide)
        card = frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(PAD, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        row = hbox(spacing=2 * UNIT)
        row.addWidget(IconLabel(Icon.WARNING, 18, "warn"))
        row.addWidget(self.title, 1)
        row.addWidget(closer)
        column.addLayout(row)
        column.addWidget(self.text)
        vbox(self, margins=(PAD, PAD, PAD, 0)).addWidget(card)
        self.hide()

    def show_refused(self, title: str, refused: Sequence[FgbgError]) -> None:
        """Show why each was not added."""
        self.title.setText(title)
        self.text.setPlainText("\n".join(map(said, refused)))
        lines = min(self.text.blockCount(), _MOST)
        self.text.setFixedHeight(lines * self.text.fontMetrics().lineSpacing() + 5 * UNIT)
        self.show()
