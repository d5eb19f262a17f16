"""The samples that the place Preview shows: made on workers as the project changes, kept until newer ones come."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.interfaces.depth import Meaning
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.selection import SampleSelection
from fgbg_studio.core.project.settings import DepthSettings
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.preview.depth_service import DepthDescription, DepthProgress, DepthService, PreparedDepth
from fgbg_studio.gui.preview.preview_cache import PreviewCache
from fgbg_studio.gui.preview.sample_jobs import PlannedSamples, PreparedSample, prepare_samples
from fgbg_studio.gui.preview.views import Ends, SampleView, beside, colours, grey, parts
from fgbg_studio.gui.session.session import Session

SOON = 120
"""Milliseconds from a change to the making of what it changes: a drag is one change."""


class Samples(QObject):
    """See the module. Places of the grid are numbers from 0; a place's picture stays until its next one is there.

    Attributes:
        recipe: of what is shown, None before the first.
        total: samples of the whole plan.
        fitting: about how many of these are as the person asked, ``exact`` or by what was looked at.
        count: how many are shown.
        has_depth: whether the project's way makes depth.
        meaning: what the depth maps mean, None until one is there.

    Signals:
        planned: which samples are shown, and how many there are, is known.
        changed: these places look different now; with their set.
        progressed: what is being prepared, in words; empty for nothing.
        scale_changed: the depths' scale is another one.
        failed: an `FgbgError`: no samples can be made.
        depth_failed: an `FgbgError`: no depth can be made; composites and masks are there.
        depth_finished: the depth of all samples is there.
    """

    planned = Signal()
    changed = Signal(set)
    progressed = Signal(str)
    scale_changed = Signal()
    failed = Signal(object)
    depth_failed = Signal(object)
    depth_finished = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.view, self.choice = SampleView.COMPOSITE, SampleSelection()
        self.memory = PreviewCache()
        self._depth_service: DepthService | None = None
        self.recipe: Recipe | None = None
        self.made: dict[int, PreparedSample] = {}
        self.depths: dict[int, PreparedDepth] = {}
        self._way: DepthSettings | None = None
        self._fresh: set[int] = set()
        self.numbers: tuple[int, ...] = ()
        self.scores: tuple[float, ...] = ()
        self._pixmaps: dict[int, QPixmap] = {}
        self.total = self.fitting = 0
        self.exact = True
        self.meaning: Meaning | None = None
        self._composites = Latest(session.jobs, self.tr("making samples"), self)
        self._depths = Latest(session.jobs, self.tr("making the samples' depth"), self)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._submit)
        self._composites.produced.connect(self._take)
        self._composites.returned.connect(self._make_depths)
        self._composites.failed.connect(self._fail)
        self._depths.produced.connect(self._take_depths)
        self._depths.returned.connect(self._end_depths)
        self._depths.failed.connect(self._fail_depths)

    @property
    def count(self) -> int:
        """How many samples are shown."""
        return len(self.numbers)

    @property
    def has_depth(self) -> bool:
        """Whether the project's way makes depth maps."""
        return self.recipe is not None and self.recipe.settings.depth.way.makes_depth

    def open(self) -> None:
        """Another project is open."""
        self.close()
        self._depth_service = DepthService(self._session.folder, self.memory)

    def close(self) -> None:
        """Forget everything."""
        self.stop()
        self.memory.clear()
        self._depth_service = self.recipe = None
        self.choice = SampleSelection()
        self._forget()

    def stop(self) -> None:
        """Make nothing more until `refresh`."""
        self._soon.stop()
        self._composites.cancel()
        self._depths.cancel()

    def refresh(self, *, soon: bool = False) -> None:
        """Make the samples of the project as it is now; ``soon`` waits for what else may change."""
        if soon:
            self._soon.start()
        else:
            self._submit()

    def look_at(self, view: SampleView) -> None:
        """Show this of every sample."""
        if view != self.view:
            self.view = view
            self._pixmaps.clear()

    # What is shown

    def pixmap(self, place: int) -> QPixmap | None:
        """What is seen of a sample in the present view, None while it is not there."""
        if place not in self._pixmaps:
            made = self._make_pixmap(place)
            if made is None:
                return None
            self._pixmaps[place] = made
        return self._pixmaps[place]

    def _make_pixmap(self, place: int) -> QPixmap | None:
        made, depth = self.made.get(place), self.depths.get(place)
        if self.view is SampleView.ALL:
            return beside(self.parts(place)) if made and made.composite else None
        image: QImage | None = None
        if self.view is SampleView.DEPTH and depth:
            image = colours(depth, self.ends)
        elif self.view is SampleView.GREY and depth:
            image = grey(depth, self.stored_ends)
        elif made and self.view in {SampleView.COMPOSITE, SampleView.MASK}:
            image = made.composite if self.view is SampleView.COMPOSITE else made.mask
        return QPixmap.fromImage(image) if image else None

    def parts(self, place: int) -> list[QImage | None]:
        """Composite, mask and depth of a sample."""
        return parts(self.made.get(place), self.depths.get(place), self.ends, has_depth=self.has_depth)

    @property
    def ends(self) -> Ends:
        """Nearest and farthest depth of all samples: the ends of the one scale of colours."""
        found = [depth.ends for depth in self.depths.values()]
        return (min(low for low, _ in found), max(high for _, high in found)) if found else (0.0, 1.0)

    @property
    def stored_ends(self) -> Ends:
        """Least and greatest stored value of all samples."""
        found = [depth.stored_ends for depth in self.depths.values()]
        return (min(low for low, _ in found), max(high for _, high in found)) if found else (0.0, 1.0)

    @property
    def unit(self) -> str:
        """Of the depth: metres, or none where it is relative."""
        return " m" if self.meaning and self.meaning.kind == "metric" else ""

    # What workers bring

    @Slot()
    def _submit(self) -> None:
        self._soon.stop()
        if not self._session.is_open:
            return
        self._depths.cancel()
        project, folder, choice = self._session.project, self._session.folder, self.choice
        self._composites.submit(partial(prepare_samples, project, folder, choice, self.memory))

    @Slot(list)
    def _take(self, things: list[PlannedSamples | PreparedSample]) -> None:
        places = set()
        for thing in things:
            if isinstance(thing, PlannedSamples):
                self._begin(thing)
            else:
                self.made[thing.place] = thing
                places.add(thing.place)
        self._look_anew(places)

    def _begin(self, planned: PlannedSamples) -> None:
        self.recipe, self.total, self.numbers = planned.recipe, planned.total, planned.numbers
        self.fitting, self.exact = planned.fitting, planned.exact
        self.scores = planned.scores
        for kept in (self.made, self.depths, self._pixmaps):
            for place in [place for place in kept if place >= len(planned.numbers)]:
                del kept[place]
        self.planned.emit()

    def _look_anew(self, places: set[int]) -> None:
        for place in places:
            self._pixmaps.pop(place, None)
        if places:
            self.changed.emit(places)

    @Slot(object)
    def _make_depths(self, _result: object) -> None:
        if self.recipe is None or self._depth_service is None:
            return
        way = self.recipe.settings.depth
        if way != self._way:  # what another way made would be taken for this one's
            self._way = way
            self._drop_depths()
        self._fresh = set()
        if not self.has_depth:
            self.depth_finished.emit()
            return
        self._depths.submit(partial(self._depth_service.depths, self.recipe, list(self.made.values())))

    @Slot(list)
    def _take_depths(self, things: list[DepthProgress | DepthDescription | PreparedSample | PreparedDepth]) -> None:
        before, places = (self.ends, self.stored_ends), set()
        for thing in things:
            if isinstance(thing, DepthProgress):
                self.progressed.emit(self._progress_text(thing))
            elif isinstance(thing, DepthDescription):
                self.meaning = thing.meaning
            elif thing.place >= self.count:
                continue
            elif isinstance(thing, PreparedSample):
                self.made[thing.place] = thing
                places.add(thing.place)
            else:
                self.depths[thing.place] = thing
                self._fresh.add(thing.place)
                places.add(thing.place)
        if before != (self.ends, self.stored_ends):
            places |= set(self.depths)
        self._look_anew(places)
        if places:
            self.scale_changed.emit()

    def _progress_text(self, progress: DepthProgress) -> str:
        step = progress.progress
        waits = any(made.hides is False for made in self.made.values())
        words = {
            "depth of backgrounds": self.tr("Depth of backgrounds"),
            "depth of samples": self.tr("Depth of samples"),
            "opening the network": self.tr("Opening the network"),
        }.get(step.phase, step.phase)
        if waits:
            words = self.tr("{0}, then what hides objects").format(words)
        return self.tr("{0}: {1} of {2}").format(words, step.done, step.total) if step.total else f"{words}…"

    @Slot(object)
    def _end_depths(self, _result: object) -> None:
        self.progressed.emit("")
        self.depth_finished.emit()

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self._forget()
        self.planned.emit()
        self.failed.emit(error)

    @Slot(object)
    def _fail_depths(self, error: FgbgError) -> None:
        if not self._fresh:
            self._drop_depths()
        waits = any(made.hides is False for made in self.made.values())
        self.progressed.emit(self.tr("Without depth nothing is hidden") if waits else "")
        self.depth_failed.emit(error)

    def _drop_depths(self) -> None:
        places = set(self.depths)
        self.depths, self.meaning = {}, None
        self._look_anew(places | set(self.made))
        self.scale_changed.emit()

    def _forget(self) -> None:
        self.made, self.depths, self._pixmaps, self.numbers = {}, {}, {}, ()
        self._way = None
        self.total, self.meaning = 0, None
        self.progressed.emit("")
