"""What is tried in one composition: which pictures, where the object stands, and what becomes of it.

It keeps no widget: the views read it and hear of its changes.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError, PlanError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.what_if import WhatIf, with_guide, with_wall, without_camera
from fgbg_studio.core.project.heights import with_height
from fgbg_studio.core.project.model import Background, Foreground, Project, Wall
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.preview.preview_cache import PreviewCache
from fgbg_studio.gui.preview.rendering import RenderedDepth, RenderedSample, Renderer
from fgbg_studio.gui.session.session import Session

_ON_GROUND = 0.04
"""How far below the horizon the figure of reference stands at least, of the frame."""

_REST = 120
"""Milliseconds without a movement before a network is asked."""


class CompositionModel(QObject):
    """See the module. ``fresh`` says that ``picture`` is of these pictures, though maybe of another place.

    ``hand`` is to where the object was taken, None where the dataset has it.

    Signals:
        changed: pictures, settings or the object's place are others; read everything anew.
        rendered: ``picture`` is another.
        depth_changed: ``depth``, ``depth_busy`` or ``depth_problem`` is another.
        gone: the pictures are no longer in the project.
    """

    changed = Signal()
    rendered = Signal()
    depth_changed = Signal()
    gone = Signal()

    def __init__(self, session: Session, memory: PreviewCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._memory = session, memory
        self._project: Project | None = None
        self._renderer: Renderer | None = None
        self._quick = Latest(session.jobs, self.tr("composing"), self)
        self._slow = Latest(session.jobs, self.tr("depth"), self)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._quick.returned.connect(self._take)
        self._quick.failed.connect(self._fail)
        self._slow.returned.connect(self._take_depth)
        self._slow.failed.connect(self._fail_depth)
        self._rest.timeout.connect(self._ask_network)
        self.background: Background | None = None
        self.foreground: Foreground | None = None
        self.trial: WhatIf | None = None
        self.sample: Sample | None = None
        self.guides: tuple[Guide, ...] = ()
        self.places: list[tuple[float, int]] = []
        self.problem = ""
        self.figure = (0.88, 0.9)
        self.alone = True
        self.picture: RenderedSample | None = None
        self.fresh = False
        self.depth: RenderedDepth | None = None
        self.depth_busy, self.depth_problem = False, ""
        self._mirrored, self._k = False, 0
        self.hand: tuple[float, float] | None = None
        self._asleep = True
        session.changed.connect(self._follow)
        session.closed.connect(self.leave)

    @property
    def off_ground(self) -> bool:
        """Whether the object stands where its background lets none stand."""
        return self.trial is not None and self.sample is not None and not self.trial.on_ground(self.sample)

    @property
    def moved(self) -> bool:
        """Whether the object was taken from where the dataset has it."""
        return self.hand is not None

    # Which

    def which(self) -> tuple[bool, int]:
        """(mirrored, k) as far as the settings have them."""
        assert self.trial is not None
        return self.trial.nearest(self._mirrored, self._k)

    def choose(self, background: Background, foreground: Foreground, mirrored: bool, k: int) -> None:
        """Try these, at first where the dataset has them."""
        if self._renderer is None:
            self._renderer = Renderer(self._session.folder, self._memory)
        self.background, self.foreground = background, foreground
        self._mirrored, self._k, self.hand = mirrored, k, None
        self._project, self.fresh = self._session.project, False
        self._set_trial()
        self._place()

    def leave(self) -> None:
        """Nothing is tried any more."""
        self._rest.stop()
        self._quick.cancel()
        self._slow.cancel()
        self.background = self.foreground = self.trial = self.sample = self._project = self._renderer = None
        self.picture, self.guides, self.places = None, (), []
        self._forget_depth()

    def sleep(self) -> None:
        """Nobody looks: changes of the project are followed later."""
        self._asleep = True
        self._rest.stop()

    @Slot()
    def wake(self) -> None:
        """Somebody looks."""
        self._asleep = False
        if self._session.is_open:
            self._follow()
            if self.depth_busy and not self._slow.running:
                self._rest.start()

    @Slot()
    def _follow(self) -> None:
        """The project is another: the same pictures by its new settings."""
        project = self._session.project
        if self._asleep or self.background is None or self.foreground is None or project is self._project:
            return
        self._project = project
        background = next((b for b in project.good_backgrounds() if b.sha256 == self.background.sha256), None)
        foreground = next((f for f in project.good_foregrounds() if f.sha256 == self.foreground.sha256), None)
        if background is None or foreground is None:
            self.gone.emit()
            return
        self.background, self.foreground = background, foreground
        if self._set_trial():
            self._place()
        else:
            self.changed.emit()

    def _set_trial(self) -> bool:
        """Whether the recipe is another; one that is the same keeps what was made by it."""
        assert self.background is not None
        assert self.foreground is not None
        trial = WhatIf(self._session.project, self.background, self.foreground)
        if self.trial is not None and trial.recipe == self.trial.recipe:
            return False
        self.trial = trial
        return True

    def _place(self) -> None:
        """Where the dataset, or the hand, has the object by the trial's settings."""
        assert self.trial is not None
        trial, self.problem, self.places = self.trial, "", []
        planned = trial.unplaced(self._mirrored, self._k)
        hand = self.hand or self._feet()
        try:
            self.places = trial.places(self._mirrored)
            planned = trial.sample(self._mirrored, self._k)
        except PlanError as error:  # some place of these two is impossible; where the hand is may be none of those
            self.problem = said(error)
        self.sample = self._at(planned, hand) if self.hand or self.problem else planned
        self._guide()
        self._render()
        self.changed.emit()

    # Where

    def put(self, x: float, foot: float) -> None:
        """Take the object's feet to a column and a row of the frame."""
        if self.trial is None or self.sample is None:
            return
        before, self.hand = self.sample, (x, foot)
        self.sample = self._at(before, self.hand)
        if self.sample != before:
            self._render()
        self.changed.emit()

    def step(self, right: int, down: int) -> None:
        """Take the object on by pixels, or as far on as it needs to move at all: the next row may be many away."""
        if self.sample is None or self.trial is None:
            return
        x, foot = self._feet()
        for times in range(1, self.trial.recipe.settings.size):
            there = self._at(self.sample, (x + right * times, foot + down * times))
            if there is not None and there.boxes != self.sample.boxes:
                self.put(*_feet_of(there))
                return

    def put_back(self) -> None:
        """Where the dataset has it."""
        self.take_hand(None)

    def take_hand(self, hand: tuple[float, float] | None) -> None:
        """Take the object to where it was before."""
        if self.trial is not None and self.hand != hand:
            self.hand = hand
            self._place()

    def _feet(self) -> tuple[float, float]:
        """(column, row) of the middle of the object's feet, the lower edge's where there is none."""
        if self.sample is None:
            size = self.trial.recipe.settings.size if self.trial else 0
            return size / 2, float(size)
        return _feet_of(self.sample)

    def _at(self, sample: Sample, hand: tuple[float, float]) -> Sample | None:
        assert self.trial is not None
        try:
            return self.trial.at(sample, *hand)
        except PlanError as error:
            self.problem = said(error)
            return None

    # Settings

    def set_figure(self, x: float, foot: float) -> None:
        """Stand the figure of reference elsewhere, by fractions of the frame."""
        self.figure = min(max(x, 0.02), 0.98), min(max(foot, 0.02), 1.0)
        self._guide()
        self.changed.emit()

    def set_alone(self, alone: bool) -> None:
        """Whether a camera's value that is changed is this background's own."""
        self.alone = alone
        self.changed.emit()

    def set_guide(self, guide: Guide, value: float, merge: str = "") -> None:
        """Change the project's settings by a guide."""
        if self.background is None:
            return
        text = self.tr("change {0}").format(guide.label.lower())
        foreground = self.foreground.sha256 if self.foreground else ""
        if guide.look == "height" and self.hand is None and merge.startswith("pull"):
            self.hand = self._feet()  # it grows where it stands, and not where the dataset would have it then
        change = partial(
            with_guide, sha256=self.background.sha256, guide=guide, value=value, alone=self.alone, foreground=foreground
        )
        self._session.change(text, change, merge)

    def set_height(self, metres: float | None) -> None:
        """How tall the foreground is; None for what the settings say."""
        if self.foreground is not None:
            change = partial(with_height, sha256=self.foreground.sha256, metres=metres)
            self._session.change(self.tr("change real height"), change)

    def reset_camera(self) -> None:
        """The background is seen by the project's camera again."""
        if self.background is not None:
            sha256 = self.background.sha256
            self._session.change(self.tr("reset the camera"), lambda project: without_camera(project, sha256))

    def set_outdoors(self, on: bool) -> None:
        """Whether the background has no wall: the sky then has no value in its depth; else the settings' wall."""
        if self.background is not None:
            sha256 = self.background.sha256
            wall: Wall = "none" if on else None
            self._session.change(self.tr("set the wall"), lambda project: with_wall(project, sha256, wall))

    def _guide(self) -> None:
        if self.trial is not None:
            asked = self.sample or self.trial.unplaced(self._mirrored, self._k)
            # On the ground, wherever a hand left it: above the horizon it could not be taken hold of again.
            ground = self.trial.recipe.backgrounds[0].horizon + _ON_GROUND
            foot = min(max(self.figure[1], ground), 1.0)
            self.guides = self.trial.guides(asked, foot * self.trial.recipe.settings.size)

    # What becomes of it

    def _render(self) -> None:
        if self.trial is None or self.sample is None or self._renderer is None:
            return
        self._quick.submit(partial(self._renderer.quick, self.trial.recipe, self.sample))
        self._slow.cancel()
        self._rest.stop()
        if not self._renderer.is_quick(self.trial.recipe):
            self._rest.start()
            self.depth_busy = True
            self.depth_changed.emit()

    @Slot(object)
    def _take(self, picture: RenderedSample) -> None:
        self.picture, self.fresh = picture, True
        self.rendered.emit()
        if picture.depth is not None:
            self._show_depth(picture.depth)
        elif self.trial is not None and not self.trial.recipe.settings.depth.way.needs_network:
            self._forget_depth()

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self.problem = said(error)
        self.changed.emit()

    @Slot()
    def _ask_network(self) -> None:
        if self.trial is None or self.sample is None or self._renderer is None:
            return
        self._slow.submit(partial(self._renderer.slow, self.trial.recipe, self.sample))

    @Slot(object)
    def _take_depth(self, depth: RenderedDepth | None) -> None:
        if depth is None:
            self._forget_depth()
        else:
            self._show_depth(depth)

    @Slot(object)
    def _fail_depth(self, error: FgbgError) -> None:
        self._forget_depth()
        self.depth_problem = said(error)
        self.depth_changed.emit()

    def _show_depth(self, depth: RenderedDepth) -> None:
        self.depth, self.depth_busy, self.depth_problem = depth, False, ""
        self.depth_changed.emit()

    def _forget_depth(self) -> None:
        self.depth, self.depth_busy, self.depth_problem = None, False, ""
        self.depth_changed.emit()


def _feet_of(sample: Sample) -> tuple[float, float]:
    """(column, row) of the middle of the feet of the object that a hand moves, the first."""
    x, y, width, height = sample.first.box
    return x + width / 2, float(y + height)
