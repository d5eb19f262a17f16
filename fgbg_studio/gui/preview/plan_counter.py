"""Statistics of the project's whole plan, counted anew on a worker when what decides them has changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cachetools import LRUCache
from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.arrays import Floats
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.compose.solid import solid_shares
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.plan.statistics import PlanStatistics, plan_statistics
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.session.session import Session

_SHOWN_FROM = 2_000_000
"""Samples: fewer are counted before anybody could read how far it is."""


class PlanCounter(QObject):
    """See the module.

    Signals:
        counted: the `PlanStatistics`.
        told: a `Progress`, for plans that take a while.
        failed: an `FgbgError`: a foreground has no place in the frame.
    """

    counted = Signal(object)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._latest = Latest(session.jobs, self.tr("counting the plan"), self)
        self._latest.produced.connect(self._take)
        self._latest.failed.connect(self._fail)
        self._seen: tuple[object, ...] = ()

    def refresh(self) -> None:
        """Count the plan of the project as it is now, unless it is the one that was counted last."""
        project = self._session.project
        seen = (project.settings, project.backgrounds, project.foregrounds, project.seed)
        if len(seen) != len(self._seen) or any(a is not b for a, b in zip(seen, self._seen, strict=True)):
            self._seen = seen
            self._latest.submit(partial(_counted, project, self._session.folder))

    def stop(self) -> None:
        """Count nothing more, and know nothing."""
        self._seen = ()
        self._latest.cancel()

    @Slot(list)
    def _take(self, things: list[tuple[Progress | PlanStatistics]]) -> None:
        (newest,) = things[-1]
        if isinstance(newest, PlanStatistics):
            self.counted.emit(newest)
        elif newest.total >= _SHOWN_FROM:
            self.told.emit(newest)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._seen = ()
        self.failed.emit(error)


def _counted(project: Project, folder: Path) -> Iterator[tuple[Progress | PlanStatistics]]:
    recipe = make_recipe(project)
    shares = None
    with contextlib.suppress(FgbgError):  # whoever shows the picture says what is wrong with it
        shares = _shares(recipe, folder)
    for step in plan_statistics(Plan(recipe), shares=shares):
        yield (step,)  # `Latest` passes on what is no progress


def _shares(recipe: Recipe, folder: Path) -> Floats:
    rules = recipe.settings.foreground, recipe.settings.compositing, recipe.settings.size
    key = (folder, repr(rules), tuple(one.sha256 for one in recipe.foregrounds))
    known = _KNOWN.get(key)
    if known is None:
        known = _KNOWN[key] = solid_shares(Composer(Pictures(recipe, None, folder)))
    return known


_KNOWN: LRUCache[tuple[Path, str, tuple[str, ...]], Floats] = LRUCache(8)
"""All cutouts are read for them: placements and cameras are changed more often than those."""
