"""A question that must be answered before going on: what is about to be lost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from fgbg_studio.gui.lib.basics import button, hbox, label, vbox
from fgbg_studio.gui.lib.theme import GROUP, UNIT


class Question(QDialog):
    """A title, a few sentences, and answers: the first keeps everything as it is.

    ``answers`` are pairs of a word and the button's text; Esc is the first one's word, Enter that of ``primary``, which
    is the last one where it is not given.
    """

    def __init__(
        self,
        title: str,
        sentences: Sequence[str],
        answers: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        primary: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("FGBG Studio")
        self.setModal(True)
        self.answer = answers[0][0]
        self.title, self.sentences = title, list(sentences)
        self.buttons: dict[str, QPushButton] = {}
        column = vbox(self, 2 * UNIT, margins=(GROUP + UNIT, GROUP + UNIT, GROUP + UNIT, GROUP))
        column.addWidget(label(title, "heading", wrap=True))
        self._labels = [label(sentence, wrap=True) for sentence in sentences]
        for one in self._labels:
            column.addWidget(one)
        column.addSpacing(GROUP)
        row = hbox(spacing=2 * UNIT)
        row.addStretch(1)
        primary = primary or answers[-1][0]
        for word, text in answers:
            made = button(text, None, "primary" if word == primary else "")
            made.clicked.connect(lambda _=False, w=word: self._take(w))
            self.buttons[word] = made
            row.addWidget(made)
        self.buttons[primary].setDefault(True)
        self.buttons[primary].setFocus(Qt.FocusReason.OtherFocusReason)
        column.addLayout(row)
        self.setMinimumWidth(440)

    def say(self, sentences: Sequence[str]) -> None:
        """Say these instead, no more than there were: what it asks about goes on meanwhile."""
        self.sentences = list(sentences)
        for number, one in enumerate(self._labels):
            one.setVisible(number < len(sentences))
            one.setText(sentences[number] if number < len(sentences) else "")

    def ask(self) -> str:
        """Show it and wait; the word of the answer."""
        self.exec()
        return self.answer

    def _take(self, word: str) -> None:
        self.answer = word
        self.accept()
