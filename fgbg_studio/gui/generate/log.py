"""The log of a run: what was done, skipped and why, with times; it can be saved as a text file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.words import about_bytes
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.interfaces.layout import INSTANCES
from fgbg_studio.core.project.model import Picture, Project
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.run import Run, RunState
from fgbg_studio.gui.lib.basics import action_button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number, product
from fgbg_studio.gui.lib.remedies import said, words
from fgbg_studio.gui.lib.theme import UNIT

MOST = 20_000
"""Lines that are kept."""

_INDENT = " " * 21


class RunLog(QObject):
    """Lines with their times. ``added`` brings text as it is written, ``cleared`` that there is none any more."""

    added = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[str] = []

    def note(self, text: str, details: Iterable[str] = ()) -> None:
        """Write a line down now, and its details below it."""
        now = datetime.now().astimezone()
        lines = [f"{now:%Y-%m-%d %H:%M:%S}  {text}", *(_INDENT + detail for detail in details)]
        self.lines += lines
        del self.lines[:-MOST]
        self.added.emit("\n".join(lines))

    def text(self) -> str:
        """All of it, as a file."""
        return "".join(f"{line}\n" for line in self.lines)

    def clear(self) -> None:
        """Another project comes."""
        self.lines.clear()
        self.cleared.emit()


class RunLogger(QObject):
    """Writes into the log what a run does and skips; `begin` before it starts."""

    def __init__(self, run: Run, log: RunLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run, self._log = run, log
        self._phase, self._before = "", RunState.IDLE
        run.progressed.connect(self._take)
        run.changed.connect(self._change)

    def begin(self, project: Project, out: Path, plan: str, issues: Sequence[Issue]) -> None:
        """What is to be made, what is left out, and what the check found."""
        settings, note = project.settings, self._log.note
        self._phase, self._before = "", RunState.IDLE
        note(
            self.tr("Generate “{0}” into {1}").format(project.name, out),
            [
                product(project),
                plan,
                self.tr("preset {0}, layout {1}, writer {2}, depth {3}").format(
                    project.preset, settings.layout.name, settings.writer.name, settings.depth.way.name
                ),
            ],
        )
        for title, pictures in (
            (self.tr("{0} rejected backgrounds are left out"), project.backgrounds),
            (self.tr("{0} rejected foregrounds are left out"), project.foregrounds),
        ):
            left = [_reason(picture) for picture in pictures if picture.status == "rejected"]
            if left:
                note(title.format(number(len(left))), left)
        if issues:
            found = [f"{one.severity}: {one.said(words)}" for one in issues]
            note(self.tr("Found by the check: {0}").format(number(len(found))), found)

    @Slot(object)
    def _take(self, step: RunProgress) -> None:
        if step.phase == self._phase:
            return
        self._phase = step.phase
        if step.phase == "making samples" and step.done:
            text = self.tr("{0} of {1} samples already exist in finished shards and are not made again")
            self._log.note(text.format(number(step.done), number(step.total)))
            text = self.tr("Samples of unfinished shards are made again")
            self._log.note(text)
        elif not step.finished:
            self._log.note(wording.heading(step))

    @Slot()
    def _change(self) -> None:
        run, note, before = self._run, self._log.note, self._before
        self._before = run.state
        figures = wording.progress_text(run.newest, moving=False)
        if run.state is RunState.PAUSED:
            note(self.tr("Paused at {0}").format(figures))
        elif run.state is RunState.RUNNING and before is RunState.PAUSED:
            note(self.tr("Continued"))
        elif run.state is RunState.STOPPED:
            note(self.tr("Stopped at {0}; finished shards are kept").format(figures))
        elif run.state is RunState.FAILED and run.error:
            note(self.tr("Failed at {0}").format(figures) if figures else self.tr("Failed"), [said(run.error)])
        elif run.state is RunState.FINISHED and run.newest:
            self._note_finished(run.newest)

    def _note_finished(self, step: RunProgress) -> None:
        lines = []
        for kind, part in step.statistics.items():
            both = zip(*part.moments(), strict=True) if kind != INSTANCES else ()
            values = ", ".join(f"{mean:.4f} ± {deviation:.4f}" for mean, deviation in both)
            said = f"{kind}: {number(part.count)} files, {about_bytes(part.bytes)}"
            lines.append(f"{said}, {values}" if values else said)
        lines += [issue.said(words) for issue in step.issues]
        made = wording.made_text(step.total, self._run.already, self._run.seconds)
        self._log.note(self.tr("Finished: {0} of running time").format(made), lines)


def _reason(picture: Picture) -> str:
    return f"{picture.file}: {picture.reason}" if picture.reason else picture.file


class LogView(QWidget):
    """Shows a `RunLog` as it is written."""

    def __init__(self, log: RunLog, save: QAction) -> None:
        super().__init__()
        self.edit = QPlainTextEdit(readOnly=True)
        self.edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.edit.setMaximumBlockCount(MOST)
        self.edit.setPlaceholderText(self.tr("What a run does and skips, and why, is logged here."))
        self.edit.setAccessibleName(self.tr("Log"))
        log.added.connect(self.edit.appendPlainText)
        log.cleared.connect(self.edit.clear)
        row = hbox(spacing=2 * UNIT)
        row.addWidget(label(self.tr("What was done and skipped, and why"), "quiet"))
        row.addStretch(1)
        row.addWidget(action_button(save))
        column = vbox(self, 2 * UNIT)
        column.addLayout(row)
        column.addWidget(self.edit, 1)
