"""How easily pasted borders are told from a background's own edges, measured on some samples of the plan when asked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.dataset.inspect.seams import SeamReport, seams_in
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.selection import SampleSelection, selected
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import button, clear, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import UNIT
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.preview.preview_cache import CachedPictures, PreviewCache
from fgbg_studio.gui.preview.sample_jobs import settle
from fgbg_studio.gui.session.session import Session

_SAMPLES, _WORST = 120, 4
_TOLD = 0.55
"""Chance from which a cutout is named: below it is hardly more than guessing."""


class SeamMeter(QWidget):
    """A button, the figure with that of each blend, and the worst cutouts, each to be cut again.

    Signals:
        told: there is more to be seen, and the person looks at it.
    """

    told = Signal()

    def __init__(self, session: Session, memory: PreviewCache, parent: QObject | None = None) -> None:
        super().__init__()
        self._session, self._memory = session, memory
        self._of: tuple[object, ...] = ()
        self.measure = button(self.tr("Measure seams"))
        self.measure.setToolTip(self.tr("How surely a small classifier tells pasted borders from a background's own"))
        self.words, self.worst = label("", "caption", wrap=True), QWidget()
        self._rows = vbox(self.worst, UNIT)
        column = vbox(self, UNIT)
        for part in (self.measure, self.words, self.worst):
            column.addWidget(part)
        self._latest = Latest(session.jobs, self.tr("measuring seams"), parent)
        self._latest.produced.connect(self._take)
        self._latest.failed.connect(self._fail)
        self._latest.busy.connect(self._show_busy)
        self.measure.clicked.connect(self._begin)
        self.forget()

    def show_project(self, project: Project) -> None:
        """What was measured of other settings or pictures is no longer said."""
        if self._of and any(one is not other for one, other in zip(self._of, _seen(project), strict=True)):
            self.forget()

    def forget(self) -> None:
        """Nothing is known, and nothing is measured."""
        self._of = ()
        self._latest.cancel()
        clear(self._rows)
        self.words.setText(self.tr("On {0} samples; takes some seconds.").format(number(_SAMPLES)))
        self.worst.hide()

    def _begin(self) -> None:
        project = self._session.project
        self.forget()
        self._of = _seen(project)
        self.words.setText(self.tr("Looking at edges…"))
        self.told.emit()
        self._latest.submit(partial(_measured, project, self._session.folder, self._memory))

    @Slot(bool)
    def _show_busy(self, busy: bool) -> None:
        self.measure.setEnabled(not busy)

    @Slot(list)
    def _take(self, things: list[tuple[Progress | SeamReport]]) -> None:
        (newest,) = things[-1]
        if isinstance(newest, SeamReport):
            self._show(newest)
        else:
            text = self.tr("Looking at edges: {0} of {1} samples")
            self.words.setText(text.format(number(newest.done), number(newest.total)))

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self.forget()
        self.words.setText(said(error))

    def _show(self, report: SeamReport) -> None:
        whole = self.tr("Seams are told with a chance of {0} in {1} samples (0.50 is guessing, 1 always).")
        text = whole.format(f"{report.whole.chance:.2f}", number(report.samples))
        if len(report.blends) > 1:
            each = ", ".join(f"{name} {told.chance:.2f}" for name, told in report.blends.items())
            text = self.tr("{0} By blend: {1}.").format(text, each)
        self.words.setText(text)
        hashes = {one.file: one.sha256 for one in self._session.project.foregrounds}
        named = [(file, told) for file, told in report.foregrounds.items() if told.chance >= _TOLD and file in hashes]
        for file, told in named[:_WORST]:
            self._add(PurePosixPath(file).name, told.chance, hashes[file])
        self.worst.setVisible(bool(named))
        if not self.words.visibleRegion().isEmpty():
            QTimer.singleShot(0, self, self.told.emit)  # once the lines have their places

    def _add(self, name: str, chance: float, sha256: str) -> None:
        line = QWidget()
        row = hbox(line, UNIT)
        row.addWidget(label(f"{name} · {chance:.2f}"), 1)
        opened = button(self.tr("Open"), None, "flat")
        opened.setAccessibleName(self.tr("Open {0} to cut it again").format(name))
        opened.clicked.connect(lambda: self._session.picture_wanted.emit("foregrounds", sha256))
        row.addWidget(opened)
        self._rows.addWidget(line)


def _seen(project: Project) -> tuple[object, ...]:
    return project.settings, project.backgrounds, project.foregrounds, project.seed, project.excluded


def _measured(project: Project, folder: Path, memory: PreviewCache) -> Iterator[tuple[Progress | SeamReport]]:
    recipe = make_recipe(project)
    plan = Plan(recipe)
    numbers = selected(plan, SampleSelection(count=_SAMPLES, excluded=False))
    composer = Composer(CachedPictures(recipe, folder, memory))
    settle(plan, composer, folder, numbers)
    for step in seams_in(composer, plan, numbers, project.name):
        yield (step,)  # `Latest` passes on what is no progress
