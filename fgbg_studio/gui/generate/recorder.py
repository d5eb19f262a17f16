"""Writes into the journal what a run does and skips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from fgbg_studio.core.base.progress import duration
from fgbg_studio.core.dataset.check import Objection
from fgbg_studio.core.dataset.run import RunProgress
from fgbg_studio.core.project.model import Picture, Project
from fgbg_studio.gui.generate import wording
from fgbg_studio.gui.generate.log import Journal
from fgbg_studio.gui.generate.run import Run, State
from fgbg_studio.gui.lib import formatting
from fgbg_studio.gui.lib.formatting import number, product


class Recorder(QObject):
    """Follows a run; `begin` before it starts."""

    def __init__(self, run: Run, journal: Journal, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run, self._journal = run, journal
        self._phase, self._before = "", State.IDLE
        run.progressed.connect(self._take)
        run.changed.connect(self._change)

    def begin(self, project: Project, out: Path, plan: str, objections: Sequence[Objection]) -> None:
        """What is to be made, what is left out, and what was objected to."""
        settings, note = project.settings, self._journal.note
        self._phase, self._before = "", State.IDLE
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
        if objections:
            found = [f"{one.severity}: {one.message}" for one in objections]
            note(self.tr("The check objects to {0}").format(number(len(found))), found)

    @Slot(object)
    def _take(self, step: RunProgress) -> None:
        if step.phase == self._phase:
            return
        self._phase = step.phase
        if step.phase == "making samples" and step.done:
            text = self.tr("{0} of {1} samples were there already, in finished shards: they are not made again")
            self._journal.note(text.format(number(step.done), number(step.total)))
            text = self.tr("Shards that were begun and not finished are made anew")
            self._journal.note(text)
        elif not step.finished:
            self._journal.note(wording.heading(step))

    @Slot()
    def _change(self) -> None:
        run, note, before = self._run, self._journal.note, self._before
        self._before = run.state
        figures = wording.progress_said(run.newest, moving=False)
        if run.state is State.PAUSED:
            note(self.tr("Paused at {0}").format(figures))
        elif run.state is State.RUNNING and before is State.PAUSED:
            note(self.tr("Continued"))
        elif run.state is State.STOPPED:
            note(self.tr("Stopped at {0}; finished shards are kept").format(figures))
        elif run.state is State.FAILED:
            note(self.tr("Failed at {0}").format(figures) if figures else self.tr("Failed"), [str(run.error)])
        elif run.state is State.FINISHED and run.newest:
            self._note_finished(run.newest)

    def _note_finished(self, step: RunProgress) -> None:
        lines = []
        for kind, part in step.statistics.items():
            means, deviations = part.moments()
            values = ", ".join(f"{mean:.4f} ± {one:.4f}" for mean, one in zip(means, deviations, strict=True))
            lines.append(f"{kind}: {number(part.count)} files, {formatting.size(part.bytes)}, {values}")
        text = self.tr("Finished: {0} samples, {1} of work").format(
            number(step.total), duration(max(self._run.seconds, 1))
        )
        self._journal.note(text, lines)


def _reason(picture: Picture) -> str:
    return f"{picture.file}: {picture.reason}" if picture.reason else picture.file
