"""What is tried in one composition: which pictures, where the object stands, and what becomes of it.

It keeps no widget: the views read it and hear of its changes.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.errors import FgbgError, PlanError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.compose.lights import Light, light_of, light_towards, shadow_end
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.what_if import WhatIf, with_guide, with_light, with_wall, without_camera
from fgbg_studio.core.project.heights import with_height
from fgbg_studio.core.project.model import Background, Foreground, Project, Wall
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.worker import Latest
from fgbg_studio.gui.preview.preview_cache import PreviewCache
from fgbg_studio.gui.preview.rendering import Move, RenderedDepth, RenderedSample, Renderer
from fgbg_studio.gui.session.session import Session

ObjectKey = tuple[int, bool, int]
"""An object of a sample: foreground, side, and which of those that are alike there."""

FIRST: ObjectKey = (-1, False, 0)
"""The plan's own object."""

Hands = dict[ObjectKey, tuple[float, float]]
"""To which column and row of the frame the feet of objects were taken."""

_ON_GROUND = 0.04
"""How far below the horizon the figure of reference stands at least, of the frame."""

_REST = 120
"""Milliseconds without a movement before a network is asked."""


class CompositionModel(QObject):
    """See the module. ``fresh`` says that ``picture`` is of these pictures, though maybe of another place.

    ``hands`` says where objects were taken; the others are where the dataset has them. ``held`` is the object that is
    taken, or was taken last: arrows move it. An object is known by its `ObjectKey`, for its place in the order changes.

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
        self._planned: Sample | None = None
        self._base: Sample | None = None
        self.held = FIRST
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
        self.hands: Hands = {}
        self._forced: Hands = {}
        self._keys: list[ObjectKey] = []
        self._asleep = True
        session.changed.connect(self._follow)
        session.closed.connect(self.leave)

    @property
    def off_ground(self) -> bool:
        """Whether the object stands where its background lets none stand."""
        return self.trial is not None and self.sample is not None and not self.trial.on_ground(self.sample)

    @property
    def moved(self) -> bool:
        """Whether an object was taken from where the dataset has it."""
        return bool(self.hands)

    @property
    def held_at(self) -> int:
        """The place of the held object among the sample's."""
        return 0 if self.sample is None else self._keys.index(self.held)

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
        self._mirrored, self._k, self.hands, self.held = mirrored, k, {}, FIRST
        self._project, self.fresh = self._session.project, False
        self._set_trial()
        self._place()

    def leave(self) -> None:
        """Nothing is tried any more."""
        self._rest.stop()
        self._quick.cancel()
        self._slow.cancel()
        self.background = self.foreground = self.trial = self.sample = self._project = self._renderer = None
        self._planned = self._base = None
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
        before = self._feet(FIRST)
        try:
            self.places = trial.places(self._mirrored)
            planned = trial.sample(self._mirrored, self._k)
        except PlanError as error:  # some place of these two is impossible; where the hand is may be none of those
            self.problem = said(error)
        self._forced = {FIRST: before} if self.problem else {}
        self._planned = self._base = planned
        self._settle_hands()
        self._guide()
        self._render()
        self.changed.emit()

    def _settle_hands(self) -> None:
        """The sample with its objects where hands have them."""
        assert self._base is not None
        assert self.trial is not None
        try:
            self._show_objects(*moved(self.trial, self._base, self._forced | self.hands))
        except PlanError as error:
            self.problem, self.sample = said(error), None

    def _show_objects(self, sample: Sample, keys: list[ObjectKey]) -> None:
        self.sample, self._keys = sample, keys
        if self.held not in keys:
            self.held = FIRST

    # Where

    def hold(self, place: int) -> None:
        """Take the object with this place among the sample's."""
        if self.sample is not None:
            self.held = self._keys[place]
            self.changed.emit()

    def put(self, x: float, foot: float) -> None:
        """Take the held object's feet to a column and a row of the frame."""
        if self.trial is None or self.sample is None:
            return
        before, self.hands = self.sample, {**self.hands, self.held: (x, foot)}
        self._settle_hands()
        if self.sample != before:
            self._guide()
            self._render()
        self.changed.emit()

    def step(self, right: int, down: int) -> None:
        """Take the object on by pixels, or as far on as it needs to move at all: the next row may be many away."""
        if self.sample is None or self.trial is None:
            return
        (x, foot), place = self._feet(), self.held_at
        for times in range(1, self.trial.recipe.settings.size):
            try:
                there = self.trial.at(self.sample, x + right * times, foot + down * times, place)
            except PlanError as error:
                self.problem = said(error)
                return
            if there.boxes != self.sample.boxes:
                self.put(*_feet_of(there, place))
                return

    def put_back(self) -> None:
        """All where the dataset has them."""
        self.take_hands({})

    def take_hands(self, hands: Hands) -> None:
        """Take objects to where they were before."""
        if self.trial is not None and self.hands != hands:
            self.hands = dict(hands)
            self._place()

    def _feet(self, held: ObjectKey | None = None) -> tuple[float, float]:
        """(column, row) of the middle of the held object's feet, the lower edge's where there is none."""
        if self.sample is None:
            size = self.trial.recipe.settings.size if self.trial else 0
            return size / 2, float(size)
        return _feet_of(self.sample, self.held_at if held is None else self.sample.named)

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
        if guide.look == "height" and FIRST not in self.hands and merge.startswith("pull"):
            self.hands = {
                **self.hands,
                FIRST: self._feet(FIRST),
            }  # it grows where it stands, and not where the dataset would have it then
        change = partial(
            with_guide, sha256=self.background.sha256, guide=guide, value=value, alone=self.alone, foreground=foreground
        )
        self._session.change(text, change, merge)

    def set_height(self, metres: float | None) -> None:
        """How tall the foreground is; None for what the settings say."""
        if self.foreground is not None:
            change = partial(with_height, sha256=self.foreground.sha256, metres=metres)
            self._session.change(self.tr("change real height"), change)

    # Light

    def light(self) -> Light | None:
        """The background's light, set or drawn; None where nothing has a shadow."""
        trial = self.trial
        if trial is None or not trial.recipe.settings.appearance.shadows:
            return None
        return light_of(trial.recipe, 0, OwnDraws(trial.recipe))

    def shadow_end(self) -> tuple[float, float] | None:
        """(x, y) in the frame, where the shadow of the held object ends; None where it has none."""
        light, trial, sample = self.light(), self.trial, self.sample
        if light is None or trial is None or sample is None:
            return None
        return shadow_end(light, trial.view, sample.objects[self.held_at].box)

    def set_shadow_end(self, x: float, y: float, merge: str) -> None:
        """Turn the background's light so that the shadow of the held object ends as near to (x, y) as may be."""
        if self.trial is not None and self.sample is not None:
            box = self.sample.objects[self.held_at].box
            self.set_light(*light_towards(self.trial.view, box, x, y), merge)

    def set_light(self, direction: float | None, elevation: float | None, merge: str = "") -> None:
        """Give the background its own light in degrees; None for what is drawn."""
        if self.background is not None:
            change = partial(with_light, sha256=self.background.sha256, direction=direction, elevation=elevation)
            self._session.change(self.tr("turn the light"), change, merge)

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
        self._quick.submit(partial(self._renderer.quick, self.trial.recipe, *self._wanted()))
        self._slow.cancel()
        self._rest.stop()
        if not self._renderer.is_quick(self.trial.recipe):
            self._rest.start()
            self.depth_busy = True
            self.depth_changed.emit()

    def _wanted(self) -> tuple[Sample, Move | None]:
        """What is to be made: the planned sample, and what hands do with it once it is settled."""
        assert self._planned is not None
        assert self.sample is not None
        hands, trial = self._forced | self.hands, self.trial
        if not hands or trial is None:
            return self._planned, None
        return self._planned, lambda sample: moved(trial, sample, hands)[0]

    @Slot(object)
    def _take(self, picture: RenderedSample) -> None:
        self.picture, self.fresh = picture, True
        self._take_settled(picture)
        self.rendered.emit()
        if picture.depth is not None:
            self._show_depth(picture.depth)
        elif self.trial is not None and not self.trial.recipe.settings.depth.way.needs_network:
            self._forget_depth()

    def _take_settled(self, picture: RenderedSample) -> None:
        """From now on the objects are those that stay, in the order in which they are laid down."""
        if self._planned is None or self.sample is None or picture.settled.identity != self._planned.identity:
            return
        if picture.planned != self._planned:
            return  # by settings of a moment ago: the next is on its way
        self._base = picture.settled
        self._settle_hands()
        if self.sample is not None and sorted(self.sample.objects) == sorted(picture.sample.objects):
            self._show_objects(picture.sample, _carried(self.sample, self._keys, picture.sample))
        self.changed.emit()

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self.problem = said(error)
        self.changed.emit()

    @Slot()
    def _ask_network(self) -> None:
        if self.trial is None or self.sample is None or self._renderer is None:
            return
        self._slow.submit(partial(self._renderer.slow, self.trial.recipe, *self._wanted()))

    @Slot(object)
    def _take_depth(self, depth: RenderedDepth | None) -> None:
        if depth is None:
            self._forget_depth()
        else:
            self._show_depth(depth)
            if self.trial is not None and self._renderer is not None and self._renderer.is_quick(self.trial.recipe):
                self._render()  # with its depth others of the objects may be seen

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


def keys_of(sample: Sample) -> list[ObjectKey]:
    """Of each object what it is known by, whatever its place in the order is."""
    found: list[ObjectKey] = []
    for at, one in enumerate(sample.objects):
        alike = sum(key[:2] == (one.foreground, one.mirrored) for key in found)
        found.append(FIRST if at == sample.named else (one.foreground, one.mirrored, alike))
    return found


def moved(trial: WhatIf, sample: Sample, hands: Hands) -> tuple[Sample, list[ObjectKey]]:
    """The sample with its objects where hands took them, in the order of where they stand then; and who they are.

    Raises:
        PlanError: the placement knows no place for one.
    """
    keys = keys_of(sample)
    taken = [place for place, key in enumerate(keys) if key in hands]
    if not taken:
        return sample, keys
    for place in taken:
        sample = trial.at(sample, *hands[keys[place]], place)
    ordered = trial.in_order(sample)
    return ordered, _carried(sample, keys, ordered)


def _carried(sample: Sample, keys: list[ObjectKey], other: Sample) -> list[ObjectKey]:
    """The keys of a sample's objects in the order of another that has the same ones."""
    left = list(zip(sample.objects, keys, strict=True))
    found = []
    for at, one in enumerate(other.objects):
        place = next(
            place for place, (known, key) in enumerate(left) if known == one and (key == FIRST) == (at == other.named)
        )
        found.append(left.pop(place)[1])
    return found


def _feet_of(sample: Sample, place: int) -> tuple[float, float]:
    """(column, row) of the middle of an object's feet."""
    x, y, width, height = sample.objects[place].box
    return x + width / 2, float(y + height)
