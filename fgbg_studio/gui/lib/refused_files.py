"""The one list of files that were not taken: each with its reason and the way out; it may be copied and dismissed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QTextEdit, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.lib.basics import IconLabel, button, frame, hbox, label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.notices import Choice
from fgbg_studio.gui.lib.remedies import offers, said
from fgbg_studio.gui.lib.theme import PAD, UNIT

_MOST = 8  # lines that are seen at a time


class RefusedFiles(QWidget):
    """See the module. It lies over the lower edge of ``over``, so that nothing below it moves; hidden while empty.

    ``follow`` is called with the remedy whose button is pressed: one that many files share is offered once.

    Signals:
        dismissed: it was put away unanswered, and may be wanted again.
    """

    dismissed = Signal()

    def __init__(self, over: QWidget, follow: Callable[[Remedy], object] | None = None) -> None:
        super().__init__(over)
        self._over, self._follow = over, follow
        self.title, self.text = label("", "heading"), QTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(self.tr("Files that were not added"))
        self._choices = hbox(spacing=2 * UNIT)
        card = frame("notice")
        column = vbox(card, margins=(PAD, 2 * UNIT, 2 * UNIT, 2 * UNIT))
        column.addLayout(self._head())
        column.addWidget(self.text)
        column.addLayout(self._choices)
        vbox(self, margins=(PAD, 0, PAD, PAD)).addWidget(card)
        over.installEventFilter(self)
        self.hide()

    def _head(self) -> QHBoxLayout:
        copy = button(self.tr("Copy the list"), Icon.COPY, "flat")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.text.toPlainText()))
        closer = QToolButton()
        closer.setIcon(Icon.CLOSE.icon("quiet"))
        closer.setToolTip(self.tr("Dismiss"))
        closer.setAccessibleName(self.tr("Dismiss"))
        closer.clicked.connect(self.dismiss)
        row = hbox(spacing=2 * UNIT)
        row.addWidget(IconLabel(Icon.WARNING, 18, "warn"))
        row.addWidget(self.title, 1)
        row.addWidget(copy)
        row.addWidget(closer)
        return row

    def show_refused(self, title: str, refused: Sequence[FgbgError], choices: Sequence[Choice] = ()) -> None:
        """Show why each was not added.

        Args:
            title: over the list.
            refused: each names its file.
            choices: (what it says, what it does) of buttons before those of the remedies.
        """
        self.title.setText(title)
        self.text.setPlainText("\n".join(map(said, refused)))
        self._part_entries()
        lines = min(len(refused), _MOST)
        self.text.setFixedHeight((lines + 1) * self.text.fontMetrics().lineSpacing() + (lines + 5) * UNIT)
        self._offer([*choices, *self._offers(refused)])
        self.show_again()

    def _part_entries(self) -> None:
        """Long reasons have several lines: where the next file begins is seen by a gap."""
        every, gap = QTextCursor(self.text.document()), QTextBlockFormat()
        every.select(QTextCursor.SelectionType.Document)
        gap.setBottomMargin(UNIT)
        every.mergeBlockFormat(gap)

    def dismiss(self) -> None:
        """Put it away."""
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def show_again(self) -> None:
        """Show the list after it was dismissed."""
        self.show()
        self._place()
        self.raise_()

    def _offers(self, refused: Sequence[FgbgError]) -> list[Choice]:
        remedies = [remedy for error in refused for remedy in error.remedies]
        return offers(remedies, self._follow) if self._follow else []

    def _offer(self, choices: Sequence[Choice]) -> None:
        while self._choices.count():
            item = self._choices.takeAt(0)
            if item is not None and (widget := item.widget()):
                widget.hide()
                widget.deleteLater()
        for title, handler in choices:
            made = button(title)
            made.clicked.connect(self.hide)
            made.clicked.connect(lambda _=False, h=handler: h())
            self._choices.addWidget(made)
        self._choices.addStretch(1)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        high = min(self.sizeHint().height(), self._over.height())
        self.setGeometry(0, self._over.height() - high, self._over.width(), high)
