"""The place Preview: real samples of the plan before anything is made, and the settings that change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.remedies import Adjust, Remedy
from fgbg_studio.core.plan.selection import SampleSelection
from fgbg_studio.core.project.exclusions import Exclusion, Exclusions
from fgbg_studio.core.project.model import Picture
from fgbg_studio.gui.lib.actions import Spec, connect
from fgbg_studio.gui.lib.basics import action_button, on_right_click, tool_button, vbox
from fgbg_studio.gui.lib.empty_state import EmptyState
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.section import Section
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.preview import actions
from fgbg_studio.gui.preview.bar import PreviewBar
from fgbg_studio.gui.preview.cells import Cells
from fgbg_studio.gui.preview.comparison import DepthComparison
from fgbg_studio.gui.preview.exclusion import WIDER, Excluder, Wider, context_menu
from fgbg_studio.gui.preview.large import LargeComposition
from fgbg_studio.gui.preview.plan_counter import PlanCounter
from fgbg_studio.gui.preview.plan_view import PlanView
from fgbg_studio.gui.preview.sample_grid import SampleGrid
from fgbg_studio.gui.preview.samples import Samples
from fgbg_studio.gui.preview.seam_meter import SeamMeter
from fgbg_studio.gui.preview.settings_form import SettingsForm
from fgbg_studio.gui.preview.views import SampleView
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.session import Session

_SIDE_KEY = "preview/side"
_SWITCHES = ("ghosts", "floor")


class PreviewPanel(Panel):
    """See the module."""

    place, icon = "preview", Icon.PREVIEW

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.thumbnails = Thumbnails(session.jobs, self)
        self.samples, self.counting = Samples(session, self), PlanCounter(session, self)
        self.excluder = Excluder(session, self)
        self.cells = Cells(self.samples, self.excluder, self)
        self._here = self._stale = False
        self._excluded: Exclusions | None = None
        self._untold: dict[str, FgbgError] = {}
        self._make_content()
        self._make_inspector()
        self._connect_actions()
        self._connect_widgets()
        self._connect_work()
        session.opened.connect(self._open)
        session.changed.connect(self.refresh)
        session.closed.connect(self._close)

    # What the frame asks

    @override
    def title(self) -> str:
        return self.tr("Preview")

    @override
    def specs(self) -> tuple[Spec, ...]:
        return actions.specs()

    @override
    def gestures(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Click, Enter"), self.tr("View a sample large")),
            (self.tr("Hover"), self.tr("See composite, mask and depth enlarged")),
            (self.tr("Ctrl+wheel"), self.tr("Size of the samples")),
            *self.large.gestures(),
        )

    @override
    def entered(self) -> None:
        self._here = True
        self.refresh(soon=False)

    @override
    def left(self) -> None:
        self._here = False
        self.grid.hide_card()
        self.samples.stop()

    # Making

    def _make_content(self) -> None:
        self.grid = SampleGrid(self.cells.cell, lambda key: self.samples.pixmap(int(key)))
        self.grid.setAccessibleName(self.tr("Samples"))
        views = [self.act[f"preview.{view}"] for view in SampleView]
        self.bar = PreviewBar(self.act["preview.shuffle"], views, self.thumbnails)
        self.large = LargeComposition(self.session, self.samples.memory, self)
        self.large.header.add_switches(tool_button(self.act[f"preview.{name}"]) for name in _SWITCHES)
        self.comparison = DepthComparison(self.session, self)
        self.empties = {
            "backgrounds": self._empty_page(
                Icon.BACKGROUNDS,
                "backgrounds",
                self.tr("Add backgrounds"),
                self.tr("Samples appear here once there is a background and a foreground to place on it."),
            ),
            "foregrounds": self._empty_page(
                Icon.FOREGROUNDS,
                "foregrounds",
                self.tr("Cut out a foreground"),
                self.tr("Samples appear here once there is a foreground to place on the backgrounds."),
            ),
        }
        self.grid_page = QWidget()
        column = vbox(self.grid_page)
        column.addWidget(self.bar)
        column.addWidget(self.grid, 1)
        self.pages = QStackedWidget()
        for page in (self.grid_page, self.large, self.comparison, *self.empties.values()):
            self.pages.addWidget(page)
        self.content.addWidget(self.pages)
        self.notices.stay_below(self.bar, self.large.header, self.comparison.first_line)
        self.set_first(self.grid, self.large, self.comparison.table, self.comparison.compare)

    def _empty_page(self, icon: Icon, place: str, text: str, sentence: str) -> EmptyState:
        action = QAction(icon.icon(), text, self)
        action.triggered.connect(lambda: self.session.picture_wanted.emit(place, ""))
        return EmptyState(self.icon, self.tr("No samples yet"), sentence, action)

    def _make_inspector(self) -> None:
        self.form = SettingsForm(self.session, self)
        self.plan = PlanView()
        self.large.form.hide()
        self.inspector.body.addWidget(self.large.form)
        self.form.fill_placement(self.inspector.body)
        counted = Section(self.tr("The whole plan"), "preview/plan-unfolded", self.session.settings)
        counted.column.addWidget(self.plan)
        self.inspector.body.addWidget(counted)
        self.form.fill_pixels(self.inspector.body)
        self.seams = SeamMeter(self.session, self.samples.memory, self)
        told = Section(self.tr("Seams"), "preview/seams-unfolded", self.session.settings, unfolded=False)
        told.column.addWidget(self.seams)
        self.seams.told.connect(lambda: self.inspector.reveal(self.seams))
        self.inspector.body.addWidget(told)
        self.form.sections["depth"].column.addWidget(action_button(self.act["preview.compare"], "flat"))
        self.inspector.body.setSpacing(4)
        self.inspector.set_primary(self.act["preview.shuffle"])

    def _connect_actions(self) -> None:
        connect(
            self.act,
            "preview.",
            {
                "shuffle": self._shuffle,
                "open": lambda: self._show_large(self.grid.current()),
                "include": self._include,
                "copy_name": self._copy_name,
                **{name: partial(self._exclude, wider) for name, wider in WIDER.items()},
                "back": self._show_grid,
                "larger": lambda: self._zoom(1),
                "smaller": lambda: self._zoom(-1),
                "compare": self._show_comparison,
            },
        )
        for view in SampleView:
            self.act[f"preview.{view}"].triggered.connect(lambda _=False, v=view: self._look_at(v))
        self.act["preview.composite"].setChecked(True)
        for name, show in zip(_SWITCHES, (self.large.view.show_ghosts, self.large.view.show_floor), strict=True):
            self.act[f"preview.{name}"].setChecked(True)
            self.act[f"preview.{name}"].toggled.connect(show)

    def _connect_widgets(self) -> None:
        on_right_click(self.grid, self._show_menu)
        on_right_click(self.large.view, self._show_menu)
        self.grid.current_changed.connect(self._enable_exclusion)
        self.large.model.changed.connect(self._enable_exclusion)
        self.grid.opened.connect(self._show_large)
        self.grid.zoomed.connect(self._zoom)
        self.grid.card_wanted.connect(self._show_card)
        self.large.left.connect(self._show_grid)
        self.comparison.left.connect(self._show_grid)
        self.bar.seed_changed.connect(lambda seed: self._choose(replace(self.samples.choice, seed=seed)))
        self.bar.backgrounds.picked.connect(lambda sha: self._choose(replace(self.samples.choice, background=sha)))
        self.bar.foregrounds.picked.connect(lambda sha: self._choose(replace(self.samples.choice, foreground=sha)))
        self.bar.filter.changed.connect(self._filter)
        self.bar.side.valueChanged.connect(self._take_side)
        self.bar.side.setValue(self.session.settings.number(_SIDE_KEY, 192))
        self._take_side(self.bar.side.value())

    def _connect_work(self) -> None:
        samples = self.samples
        samples.planned.connect(self._show_places)
        samples.changed.connect(lambda places: self.grid.repaint_cells(map(str, places)))
        samples.changed.connect(self._enable_exclusion)  # another sample in the place that is chosen
        samples.progressed.connect(self.bar.show_words)
        samples.scale_changed.connect(self._show_scale)
        samples.failed.connect(lambda error: self._complain(error, "samples"))
        samples.depth_failed.connect(self._say_no_depth)
        samples.depth_finished.connect(lambda: self._settle("depth"))
        self.form.network.fetched.connect(self.refresh)
        self.form.network.failed.connect(lambda error: self.notices.error(error, key="network"))
        self.counting.counted.connect(self._take_statistics)
        self.counting.told.connect(self._tell_counting)
        self.counting.failed.connect(self._say_no_plan)

    # The project

    @Slot()
    def _open(self) -> None:
        self.samples.open()
        self.bar.filter.show_choice(self.samples.choice)
        self.thumbnails.open_project(self.session.folder)
        self.counting.stop()
        self.notices.clear()
        self._untold.clear()
        self.plan.show_statistics(None)
        self.grid.set_keys([])
        self._show_grid()
        self.refresh()

    @Slot()
    def _close(self) -> None:
        self.samples.close()
        self.seams.forget()
        self.counting.stop()
        self.thumbnails.close()
        self.grid.hide_card()
        self.set_counter("")

    @Slot()
    def refresh(self, *, soon: bool = True) -> None:
        """Show the project as it is now; while the place is not shown nothing is done, and on entering it all."""
        if not (self.session.is_open and self._here):
            return
        project = self.session.project
        backgrounds, foregrounds = project.good_backgrounds(), project.good_foregrounds()
        missing = "" if backgrounds and foregrounds else "foregrounds" if backgrounds else "backgrounds"
        self.form.show_project(project)
        self.seams.show_project(project)
        self.seams.measure.setVisible(bool(backgrounds and foregrounds))
        self._offer(backgrounds, foregrounds)
        self.set_empty(bool(missing) or self.pages.currentWidget() is self.comparison)
        if missing:
            self.samples.stop()
            self.pages.setCurrentWidget(self.empties[missing])
            self.set_counter("")
        else:
            if self.pages.currentWidget() in self.empties.values():
                self._show_grid()
            self._make_samples(soon=soon)
            self.counting.refresh()
        for name in ("shuffle", "open", "compare", *SampleView):
            self.act[f"preview.{name}"].setEnabled(not missing)
        self._enable_views()
        if project.excluded is not self._excluded:
            self._excluded = project.excluded
            self._enable_exclusion()
            self.grid.viewport().update()

    def _make_samples(self, *, soon: bool) -> None:
        """Make them where they are seen: while one is large, all the machine is for what is dragged there."""
        self._stale = self.pages.currentWidget() is not self.grid_page
        if self._stale:
            self.samples.stop()
        else:
            self.samples.refresh(soon=soon)

    def _offer(self, backgrounds: Sequence[Picture], foregrounds: Sequence[Picture]) -> None:
        choice = self.samples.choice
        background = self.bar.backgrounds.show_pictures(backgrounds, choice.background)
        foreground = self.bar.foregrounds.show_pictures(foregrounds, choice.foreground)
        self.samples.choice = replace(choice, background=background, foreground=foreground)
        self.bar.show_seed(choice.seed)
        self.bar.filter.show_project(self.session.project)
        if self.samples.choice != choice:
            self.bar.filter.show_choice(self.samples.choice)

    def _enable_views(self) -> None:
        has_depth = self.session.project.settings.depth.way.makes_depth
        for view in (SampleView.DEPTH, SampleView.GREY):
            self.act[f"preview.{view}"].setEnabled(has_depth)
        if not has_depth and self.samples.view in {SampleView.DEPTH, SampleView.GREY}:
            self.act["preview.composite"].setChecked(True)
            self._set_view(SampleView.COMPOSITE)

    # What is shown

    def _choose(self, choice: SampleSelection) -> None:
        if choice != self.samples.choice:
            self.samples.choice = choice
            self.bar.show_seed(choice.seed)
            self.bar.filter.show_choice(choice)
            self.samples.refresh(soon=True)

    @Slot(object)
    def _filter(self, wanted: SampleSelection) -> None:
        now = self.samples.choice  # which pictures and which seed are chosen elsewhere
        self._choose(replace(wanted, seed=now.seed, background=now.background, foreground=now.foreground))

    # What is in the dataset

    def _current(self) -> Exclusion | None:
        """The sample that is large, or that the keyboard is at in the grid; None for none."""
        page = self.pages.currentWidget()
        if page is self.large:
            return self.large.current()
        key = self.grid.current() if page is self.grid_page else ""
        made = self.samples.made.get(int(key)) if key else None
        if made is None or made.sample is None:
            return None
        return self.cells.named(made.recipe).plan.exclusion(made.sample)

    def _exclude(self, wider: Wider) -> None:
        current = self._current()
        if current is not None:
            self.excluder.exclude([wider(current)], self.large.named().names)

    def _include(self) -> None:
        current = self._current()
        if current is not None:
            self.excluder.include([current], self.large.named().names)

    def _copy_name(self) -> None:
        current = self._current()
        if current is not None:
            QGuiApplication.clipboard().setText(self.large.named().names.of_exclusion(current))

    @Slot()
    def _enable_exclusion(self) -> None:
        current = self._current()
        why = self.excluder.why(current) if current else ()
        for name, wider in WIDER.items():
            self.act[f"preview.{name}"].setEnabled(current is not None and wider(current) not in why)
        self.act["preview.include"].setEnabled(bool(why))
        self.act["preview.copy_name"].setEnabled(current is not None)
        self.large.header.show_excluded(self.excluder.mark(current) if current else "")

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self._current() is not None:
            self.grid.hide_card()
            context_menu(self, self.act).popup(place)

    def _shuffle(self) -> None:
        self._show_grid()
        self._choose(replace(self.samples.choice, seed=(self.samples.choice.seed + 1) % 1_000_000))

    def _look_at(self, view: SampleView) -> None:
        self._show_grid()
        self._set_view(view)

    def _set_view(self, view: SampleView) -> None:
        self.samples.look_at(view)
        self.grid.set_wide(self.cells.wide)
        self.grid.viewport().update()
        self._show_scale()

    @Slot()
    def _show_places(self) -> None:
        samples = self.samples
        self._settle("samples")
        self.grid.set_keys([str(place) for place in range(samples.count)])
        self.grid.set_wide(self.cells.wide)
        self.set_counter(self._counted())

    @Slot()
    def _counted(self) -> str:
        """How many are shown of how many."""
        samples = self.samples
        if not samples.count:
            return self.tr("No sample is as the filter asks") if samples.total else ""
        shown, fitting, total = map(number, (samples.count, samples.fitting, samples.total))
        if samples.fitting == samples.total:
            return self.tr("{0} of {1} samples").format(shown, total)
        about = (
            self.tr("{0} of {1} that fit · {2} samples")
            if samples.exact
            else self.tr("{0} of about {1} that fit · {2} samples")
        )
        return about.format(shown, fitting, total)

    def _show_scale(self) -> None:
        samples, recipe = self.samples, self.samples.recipe
        seen = samples.view in {SampleView.DEPTH, SampleView.GREY, SampleView.ALL} and bool(samples.depths)
        self.bar.scale.setVisible(seen)
        if samples.view is SampleView.GREY and recipe is not None:
            self.bar.scale.show_stored(samples.stored_ends, recipe.settings.depth.encoding)
        else:
            self.bar.scale.show_scale(samples.ends, samples.unit)

    @Slot(int)
    def _show_card(self, place: int) -> None:
        if place >= 0 and self.cells.fill(self.grid.card, place):
            self.grid.show_card()

    @Slot(str)
    def _show_large(self, key: str) -> None:
        made = self.samples.made.get(int(key)) if key else None
        if made is None or made.sample is None or made.recipe != self.samples.recipe:
            return  # it is about to be another one, and its numbers are of pictures that may be gone
        self.grid.hide_card()
        alike = {id(one.recipe): one.recipe for one in self.samples.made.values()}
        now = {key for key, recipe in alike.items() if recipe == made.recipe}
        shown = [one.sample for _, one in sorted(self.samples.made.items()) if id(one.recipe) in now]
        among = [sample for sample in shown if sample is not None]
        self.large.show_sample(made.sample, among)
        self.pages.setCurrentWidget(self.large)
        self.large.setFocus()
        self._note_page()

    @Slot()
    @override
    def show_remedy(self, remedy: Remedy) -> None:
        if self.pages.currentWidget() is self.comparison and not isinstance(remedy, Adjust):
            manners.hand(self.comparison.network.combo)  # it has a choice of its own
        else:
            self._show_grid()
            self.inspector.reveal(self.form.show_setting(remedy.key if isinstance(remedy, Adjust) else "depth.model"))

    def _show_grid(self) -> None:
        if self.pages.currentWidget() is self.comparison:
            self.comparison.rest()
        self.pages.setCurrentWidget(self.grid_page)
        if self._here:
            self.grid.setFocus()
            if self._stale:
                self._make_samples(soon=False)
        self._note_page()

    def _show_comparison(self) -> None:
        self.grid.hide_card()
        self.pages.setCurrentWidget(self.comparison)
        self.comparison.come_back()
        self._note_page()

    def _complain(self, error: FgbgError, key: str) -> None:
        """Above the grid; the large composition says its own troubles, and must not move under a hand that drags."""
        if self.pages.currentWidget() is self.large:
            self._untold[key] = error
        else:
            self.notices.error(error, key=key)

    def _settle(self, key: str) -> None:
        self._untold.pop(key, None)
        self.notices.clear(key)

    def _note_page(self) -> None:
        large = self.pages.currentWidget() is self.large
        comparing = self.pages.currentWidget() is self.comparison
        self.act["preview.back"].setEnabled(large or comparing)
        for name in _SWITCHES:
            self.act[f"preview.{name}"].setEnabled(large)
        if not large:
            for key in list(self._untold):
                self.notices.error(self._untold.pop(key), key=key)
        self.set_empty(comparing)  # its pictures take the inspector's room
        self.large.form.setVisible(large)
        if large:
            self.inspector.show_top()
        self._enable_exclusion()
        for part in ("placement", "camera"):  # what is dragged there has its numbers in the controls
            self.form.sections[part].setVisible(not large)

    def _zoom(self, by: int) -> None:
        self.bar.side.setValue(self.bar.side.value() + 32 * by)

    @Slot(int)
    def _take_side(self, side: int) -> None:
        self.grid.set_side(side)
        self.session.settings.set_value(_SIDE_KEY, str(side))

    # What workers say

    @Slot(object)
    def _take_statistics(self, statistics: object) -> None:
        self._settle("plan")
        self.plan.show_statistics(statistics)  # type: ignore[arg-type]

    @Slot(object)
    def _tell_counting(self, step: Progress) -> None:
        self.plan.show_progress(self.tr("Counting: {0} of {1}").format(number(step.done), number(step.total)))

    @Slot(object)
    def _say_no_plan(self, error: FgbgError) -> None:
        self.plan.show_statistics(None)
        self._complain(error, "plan")

    @Slot(object)
    def _say_no_depth(self, error: FgbgError) -> None:
        self._complain(error, "depth")
