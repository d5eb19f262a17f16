"""Places that are not built yet: they say what will be possible, and how it is done until then."""

from __future__ import annotations

import shlex

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fgbg_studio.gui.icons import Icon
from fgbg_studio.gui.panels import Panel
from fgbg_studio.gui.session import Session
from fgbg_studio.gui.theme import GROUP, PAD, UNIT
from fgbg_studio.gui.widgets.basics import button, frame, label
from fgbg_studio.gui.widgets.empty_state import EmptyState


class LaterPanel(Panel):
    """Says what this place will do, and which command does it today."""

    has_inspector = False

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        state = EmptyState(self.icon, self.title(), self.sentence())
        state.column.addSpacing(GROUP)
        self._lines = [QLabel() for _ in self.commands()]
        for (what, _), line in zip(self.commands(), self._lines, strict=True):
            state.column.addWidget(self._command(what, line), 0, Qt.AlignmentFlag.AlignHCenter)
        self._unsaved = label(self.tr("The command line reads what is saved: save the project first."), "caption")
        state.column.addWidget(self._unsaved, 0, Qt.AlignmentFlag.AlignHCenter)
        self.content.addWidget(state)
        session.opened.connect(self._write)
        session.dirty_changed.connect(self._unsaved.setVisible)
        self._unsaved.setVisible(session.dirty)
        self._write()

    def sentence(self) -> str:
        """What will be possible here."""
        raise NotImplementedError

    def commands(self) -> list[tuple[str, str]]:
        """(what it does, command) with {project} and {dataset} for the paths."""
        raise NotImplementedError

    def _command(self, what: str, line: QLabel) -> QWidget:
        card = frame("card")
        card.setFixedWidth(560)
        row = QHBoxLayout(card)
        row.setContentsMargins(PAD, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        words = QVBoxLayout()
        words.setSpacing(UNIT)
        words.addWidget(label(what, "caption"))
        line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        line.setWordWrap(True)
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(line)
        row.addLayout(words, 1)
        copy = button(self.tr("Copy"), Icon.COPY)
        copy.setAccessibleName(self.tr("Copy the command: {0}").format(what))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(line.text()))
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def _write(self) -> None:
        if not self.session.is_open:
            return
        folder = self.session.folder
        paths = {
            "project": shlex.quote(str(folder)),
            "dataset": shlex.quote(str(folder.with_name(f"{folder.name}-dataset"))),
            "sheet": shlex.quote(str(folder.with_name(f"{folder.name}-preview.png"))),
        }
        for line, (_, command) in zip(self._lines, self.commands(), strict=True):
            line.setText(command.format(**paths))


class PreviewPanel(LaterPanel):
    """Sample compositions, before any are made."""

    place, icon = "preview", Icon.PREVIEW

    def title(self) -> str:
        """See `Panel.title`."""
        return self.tr("Preview")

    def sentence(self) -> str:
        """See `LaterPanel.sentence`."""
        return self.tr(
            "Sample compositions with their masks and depth will be shown here. "
            "Until then, the command line writes a sheet of them, with the same pixels as the dataset."
        )

    def commands(self) -> list[tuple[str, str]]:
        """See `LaterPanel.commands`."""
        return [(self.tr("Write a sheet of 12 samples"), "fgbg-studio preview {project} --out {sheet}")]


class GeneratePanel(LaterPanel):
    """Makes the dataset."""

    place, icon = "generate", Icon.GENERATE

    def title(self) -> str:
        """See `Panel.title`."""
        return self.tr("Generate")

    def sentence(self) -> str:
        """See `LaterPanel.sentence`."""
        return self.tr(
            "The dataset will be made here, with its forecast and live plots. "
            "Until then, the command line makes it; a run that was stopped goes on with the same command."
        )

    def commands(self) -> list[tuple[str, str]]:
        """See `LaterPanel.commands`."""
        return [
            (self.tr("Look for trouble first"), "fgbg-studio check {project}"),
            (self.tr("Forecast bytes and minutes"), "fgbg-studio plan {project}"),
            (self.tr("Make the dataset"), "fgbg-studio generate {project} --out {dataset}"),
        ]


class DatasetPanel(LaterPanel):
    """Reads a finished dataset."""

    place, icon = "dataset", Icon.DATASET

    def title(self) -> str:
        """See `Panel.title`."""
        return self.tr("Dataset")

    def sentence(self) -> str:
        """See `LaterPanel.sentence`."""
        return self.tr(
            "A finished dataset will be browsed, counted and verified here. "
            "Until then, the command line does, and the dataset's own README.md shows its pictures and figures."
        )

    def commands(self) -> list[tuple[str, str]]:
        """See `LaterPanel.commands`."""
        return [
            (self.tr("Say what is wrong with it"), "fgbg-studio verify {dataset}"),
            (self.tr("Count, mean and σ of every kind"), "fgbg-studio stats {dataset}"),
        ]
