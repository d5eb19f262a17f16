"""One composition large: its object to drag, its lines to take hold of, its mask and depth beside it, live."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.exclusions import Exclusion
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.lib.basics import IconLabel, button, hbox, label, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import PAD, UNIT
from fgbg_studio.gui.preview.composition_model import CompositionModel
from fgbg_studio.gui.preview.composition_view import CompositionView
from fgbg_studio.gui.preview.depth_picture import DepthWords, picture_of
from fgbg_studio.gui.preview.exclusion import NamedPlan
from fgbg_studio.gui.preview.guide_form import GuideForm
from fgbg_studio.gui.preview.large_header import LargeHeader
from fgbg_studio.gui.preview.preview_cache import PreviewCache
from fgbg_studio.gui.preview.result_picture import ResultPicture
from fgbg_studio.gui.preview.sample_words import share_said
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.session.undo import ProjectChange

_NARROWEST, _WIDEST = 200, 560
_AROUND = 240  # pixels of height that mask and depth leave to header, headings, captions and the line below


class LargeFooter(QFrame):
    """The line below: what dragging means, the way back, and what is wrong with the settings.

    Signals:
        put_back: when the object is to go where the dataset has it.
    """

    put_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "bottom")
        self._icon = IconLabel(Icon.INFO, 16)
        self.words = label("", "quiet", wrap=True)
        self.back = button(self.tr("Put back"), Icon.RESTORE, "flat")
        self.back.setToolTip(self.tr("All objects to their positions in the dataset (Home or double-click)"))
        self.back.clicked.connect(self.put_back)
        row = hbox(self, 2 * UNIT, margins=(PAD, 0, PAD, 0))
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.back)
        self.setMinimumHeight(33)
        self.show_state("", moved=False)

    def show_state(self, problem: str, *, moved: bool, waits: bool = False) -> None:
        """Say what is wrong, or that hiding ``waits`` for the depth, or what dragging means."""
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(policy)
        self.back.setVisible(moved)
        if problem:
            self.warn(problem)
            return
        self._look(Icon.INFO, "quiet", "quiet")
        if waits:
            self.words.setText(self.tr("Nothing is hidden yet: what stands before objects is known with the depth"))
            return
        tried = self.tr("Only tried here: the dataset keeps its own positions, marked by dots")
        self.words.setText(tried if moved else self.tr("Try another position; those of the dataset are marked by dots"))

    def warn(self, text: str) -> None:
        """Say what went wrong."""
        self._look(Icon.WARNING, "warn", "")
        self.words.setText(text)

    def _look(self, icon: Icon, colour: str, look: str) -> None:
        self._icon.show_icon(icon, colour)
        if self.words.property("look") != look:
            self.words.setProperty("look", look)
            self.words.style().polish(self.words)


class LargeComposition(QWidget):
    """See the module. What is dragged on the lines changes the project, where the object is tried does not.

    Signals:
        left: the person goes back to where they came from.
    """

    left = Signal()

    def __init__(self, session: Session, memory: PreviewCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._among: tuple[Sample, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._drag_key = ""
        self._plan_of: tuple[Project, NamedPlan] | None = None
        self.model = CompositionModel(session, memory, self)
        self.view = CompositionView(self.model)
        self.form = GuideForm(self.model)
        self.header, self.line = LargeHeader(), LargeFooter()
        self.mask_picture, self.depth_picture = ResultPicture(self.tr("Mask")), ResultPicture(self.tr("Depth"))
        self.grey = self._depth_switch()
        self.results = QWidget()
        self._lay_out()
        self.setFocusProxy(self.view)
        self._connect()

    def _lay_out(self) -> None:
        column = vbox(self.results, 2 * UNIT, margins=(0, 0, PAD, 0))
        column.addStretch(1)
        column.addWidget(self.mask_picture)
        column.addSpacing(UNIT)
        column.addWidget(self.depth_picture)
        column.addStretch(1)
        middle = hbox(spacing=PAD)
        middle.addWidget(self.view, 1)
        middle.addWidget(self.results)
        top = hbox(margins=(PAD, 2 * UNIT, PAD, 0))
        top.addWidget(self.header)
        whole = vbox(self, UNIT)
        whole.addLayout(top)
        whole.addLayout(middle, 1)
        whole.addWidget(self.line)

    def _depth_switch(self) -> QToolButton:
        """Two buttons in the depth's heading of which one is down; the one for grey."""
        colours, grey = QToolButton(), QToolButton()
        colours.setText(self.tr("Colours"))
        colours.setToolTip(self.tr("Near bright, far dark"))
        grey.setText(self.tr("As stored"))
        grey.setToolTip(self.tr("The grey values stored in the file"))
        group = QButtonGroup(self)
        for one in (colours, grey):
            one.setCheckable(True)
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            group.addButton(one)
            self.depth_picture.heading.addWidget(one)
        colours.setChecked(True)
        return grey

    def _connect(self) -> None:
        session, model = self._session, self.model
        model.changed.connect(self._follow)
        model.rendered.connect(self._show_mask)
        model.depth_changed.connect(self._show_depth)
        model.gone.connect(self._leave)
        session.opened.connect(self._leave)
        session.closed.connect(self._leave)
        self.view.guide_dragged.connect(self._drag_guide)
        self.view.light_dragged.connect(self._drag_light)
        self.view.stepped.connect(self.step)
        self.view.drag_cancelled.connect(self._cancel_guide_drag)
        self.view.left.connect(self.left)
        self.form.edited.connect(self._edit)
        self.header.left.connect(self.left)
        self.header.stepped.connect(self.step)
        self.header.lines_toggled.connect(self.view.show_guides)
        self.header.background_chosen.connect(lambda i: self._choose(background=i))
        self.header.foreground_chosen.connect(lambda i: self._choose(foreground=i))
        self.line.put_back.connect(model.put_back)
        self.grey.toggled.connect(self._show_depth)
        self.depth_picture.hovered.connect(self._say_depth)

    def gestures(self) -> tuple[tuple[str, str], ...]:
        """What hands do here, for the shortcut sheet of the place."""
        return (
            (self.tr("Large: drag an object, arrow keys"), self.tr("Try another position; of two the nearer is taken")),
            (self.tr("Large: drag a line or a handle"), self.tr("Change rows, sizes, horizon, camera")),
            (self.tr("Large: drag the end of the shadow"), self.tr("Turn the light of this background")),
            (self.tr("Large: A, D"), self.tr("Previous and next sample")),
            (self.tr("Large: Home, double-click"), self.tr("Put the objects back")),
        )

    # Which sample

    def show_sample(self, sample: Sample, among: Sequence[Sample] = ()) -> None:
        """Show a sample of the project's plan.

        Args:
            sample: its background and foreground are numbers among the project's good ones.
            among: what A and D go through; the whole plan in its order by default.
        """
        project = self._session.project
        self._among = tuple(among)
        backgrounds, foregrounds = project.good_backgrounds(), project.good_foregrounds()
        background, foreground, mirrored, k = sample.identity
        if background < len(backgrounds) and foreground < len(foregrounds):
            self.model.choose(backgrounds[background], foregrounds[foreground], mirrored, k)

    @Slot(int)
    def step(self, by: int) -> None:
        """Show the sample before or after."""
        here = self._identity()
        if here is None:
            return
        try:
            known = [sample.identity for sample in self._among]
            if here in known:
                self.show_sample(self._among[(known.index(here) + by) % len(known)], self._among)
            else:
                plan = self._plan()
                self.show_sample(plan[(plan.number(*here) + by) % len(plan)])
        except FgbgError as error:
            self.line.warn(said(error))

    def _choose(self, background: int | None = None, foreground: int | None = None) -> None:
        project, model = self._session.project, self.model
        here = self._identity()
        if here is None:
            return
        b, f, mirrored, k = here
        model.choose(
            project.good_backgrounds()[b if background is None else background],
            project.good_foregrounds()[f if foreground is None else foreground],
            mirrored,
            k,
        )
        self.view.setFocus()

    def _identity(self) -> tuple[int, int, bool, int] | None:
        """(background, foreground, mirrored, k) by their numbers in the plan."""
        model, project = self.model, self._session.project if self._session.is_open else None
        if project is None or model.background is None or model.foreground is None or model.trial is None:
            return None
        b = [background.sha256 for background in project.good_backgrounds()].index(model.background.sha256)
        f = [foreground.sha256 for foreground in project.good_foregrounds()].index(model.foreground.sha256)
        return b, f, *model.which()

    def current(self) -> Exclusion | None:
        """The sample that is shown; None for none."""
        model = self.model
        if model.background is None or model.foreground is None or model.trial is None:
            return None
        return Exclusion(model.background.sha256, model.foreground.sha256, *model.which())

    def named(self) -> NamedPlan:
        """The project's plan and its names."""
        project = self._session.project
        if self._plan_of is None or self._plan_of[0] is not project:
            self._plan_of = project, NamedPlan(make_recipe(project))
        return self._plan_of[1]

    def _plan(self) -> Plan:
        return self.named().plan

    # What is shown

    @Slot()
    def _follow(self) -> None:
        model = self.model
        if model.trial is None:
            return
        problem = model.problem
        if model.off_ground and not problem:
            problem = self.tr("Outside the region where objects may stand: the dataset places none here")
        waits = model.picture is not None and model.picture.hides is False
        self.line.show_state(problem, moved=model.moved, waits=waits)
        project, here = self._session.project, self._identity()
        backgrounds, foregrounds = project.good_backgrounds(), project.good_foregrounds()
        hashes = [picture.sha256 for picture in (*backgrounds, *foregrounds)]
        settings = project.settings
        shown = (hashes, len(backgrounds), model.trial.per_pair, settings.layout, settings.mirrored, here)
        if here is None or shown == self._shown:
            return
        self._shown = shown
        self.header.offer(backgrounds, foregrounds)
        self.header.choose(here[0], here[1])
        plan = self._plan()
        side = self.tr(" · mirrored") if here[2] else ""
        name = self.named().name(plan.unplaced(*here))
        self.header.show_name(name, self.tr("one of {0} samples{1}").format(number(plan.made), side))

    @Slot()
    def _show_mask(self) -> None:
        picture = self.model.picture
        self.mask_picture.show_image(None if picture is None else to_image(picture.mask))
        share = 0.0 if picture is None else float(picture.mask.mean()) / 255
        self.mask_picture.caption.setText(share_said(share))

    @Slot()
    def _show_depth(self) -> None:
        model = self.model
        depth, trial = model.depth, model.trial
        self.depth_picture.set_busy(model.depth_busy)
        if trial is None:
            return
        settings = trial.recipe.settings.depth
        words = model.depth_problem
        if depth is None and not words and not model.depth_busy and not settings.way.needs_network:
            words = self.tr("The dataset has no depth maps")
        self.depth_picture.show_message(words)
        grey = self.grey.isChecked()
        self.depth_picture.show_image(picture_of(depth, settings.encoding if grey else None) if depth else None)
        self.depth_picture.caption.setText(DepthWords.scale(depth, settings.encoding if grey else None))
        self.view.update()

    @Slot(object)
    def _say_depth(self, at: tuple[float, float] | None) -> None:
        depth = self.model.depth
        if depth is not None and at is not None:
            self.depth_picture.caption.setText(DepthWords.here(depth, *at))
        else:
            self._show_depth()

    # What is changed

    @Slot(object, float)
    def _drag_guide(self, guide: Guide, value: float) -> None:
        self._drag_key = f"pull-{guide.name}-{self.view.gesture}"
        self._edit(guide, value, self._drag_key)

    @Slot(float, float)
    def _drag_light(self, x: float, y: float) -> None:
        self._drag_key = f"pull-light-{self.view.gesture}"
        try:
            self.model.set_shadow_end(x, y, self._drag_key)
        except FgbgError as error:
            self.line.warn(said(error))

    @Slot()
    def _cancel_guide_drag(self) -> None:
        """Undo what the drag has changed so far, if it has."""
        stack = self._session.undo_stack
        step = stack.command(stack.index() - 1) if stack.index() else None
        this = self._drag_key.endswith(f"-{self.view.gesture}")
        if this and isinstance(step, ProjectChange) and step.merge == self._drag_key:
            stack.undo()

    @Slot(object, float, str)
    def _edit(self, guide: Guide, value: float, merge: str) -> None:
        try:
            self.model.set_guide(guide, value, merge)
        except FgbgError as error:
            self.line.warn(said(error))

    @Slot()
    def _leave(self) -> None:
        self.model.leave()
        self._shown, self._among = (), ()
        self.left.emit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """What happened to the project meanwhile is followed; after the event, for it may lead away from here."""
        super().showEvent(event)
        QTimer.singleShot(0, self.model, self.model.wake)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is made that nobody sees."""
        self.model.sleep()
        super().hideEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Mask and depth take a quarter of the width, as far as both fit above each other."""
        super().resizeEvent(event)
        wide = min(max(self.width() * 26 // 100, _NARROWEST), _WIDEST)
        side = min(wide - PAD, (self.height() - _AROUND) // 2)
        for picture in (self.mask_picture, self.depth_picture):
            picture.set_side(max(side, _NARROWEST // 2))
        self.results.setFixedWidth(max(side, _NARROWEST) + PAD)
