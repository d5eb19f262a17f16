"""The place Backgrounds: a grid of what was added; what goes into the dataset, and which part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer, Slot
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.remedies import FindCameras, RejectBackgrounds, Remedy
from fgbg_studio.gui.backgrounds import actions, menus
from fgbg_studio.gui.backgrounds.arrivals import Arrivals
from fgbg_studio.gui.backgrounds.background_editor import DoneSteps
from fgbg_studio.gui.backgrounds.background_list import BackgroundList
from fgbg_studio.gui.backgrounds.camera_finder import CameraFinder
from fgbg_studio.gui.backgrounds.content import BackgroundsContent
from fgbg_studio.gui.backgrounds.duplicate_picture import SIDE, WIDEST
from fgbg_studio.gui.backgrounds.importer import Importer
from fgbg_studio.gui.backgrounds.inspector import BackgroundInspector
from fgbg_studio.gui.backgrounds.large_mode import LargeMode
from fgbg_studio.gui.backgrounds.list_filter import MEASURES, ListFilter, SortKey, Tab, name_of
from fgbg_studio.gui.backgrounds.review import next_to_review
from fgbg_studio.gui.backgrounds.selection import BackgroundSelection
from fgbg_studio.gui.lib.actions import Spec, connect
from fgbg_studio.gui.lib.basics import on_right_click
from fgbg_studio.gui.lib.dialogs import ask_files, ask_folder, open_outside
from fgbg_studio.gui.lib.formatting import counter, number
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.session.deleting import notify_deleted
from fgbg_studio.gui.session.incoming import acceptable, picture_kinds
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.session import Session

_SIDE_KEY, _ADVANCE_KEY = "backgrounds/side", "backgrounds/advance"


class BackgroundsPanel(Panel):
    """See the module."""

    place, icon = "backgrounds", Icon.BACKGROUNDS
    searchable = counts_goal = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.thumbnails = Thumbnails(session.jobs, self)
        self.background_list = BackgroundList(session, self.thumbnails, self)
        self.incoming = Importer(session, self)
        self.cameras = CameraFinder(session, self.notices, self)
        self.choice = ListFilter()
        self._staying: set[str] = set()  # what is judged stays where it is until a tab or an order is chosen
        self._shown = False
        self._make_widgets()
        self._soon = QTimer(self, singleShot=True, interval=500)
        self._soon.timeout.connect(self._take_measures)
        self._connect_actions()
        self._connect_widgets()
        session.opened.connect(self._open)
        session.changed.connect(self.refresh)
        self.steps = DoneSteps(session, self)
        self.steps.changed.connect(self._choose_changed)
        session.closed.connect(self._close)
        session.picture_wanted.connect(lambda place, key: self._show_wanted(place, [key]))
        session.pictures_wanted.connect(self._show_wanted)

    # What the frame asks

    @override
    def title(self) -> str:
        return self.tr("Backgrounds")

    @override
    def specs(self) -> tuple[Spec, ...]:
        return actions.specs()

    @override
    def gestures(self) -> tuple[tuple[str, str], ...]:
        return actions.gestures()

    @override
    def entered(self) -> None:
        self._shown = True
        self.thumbnails.forget_errors()
        self.lists.want_again()
        if self.lists.lists.currentWidget() is self.grid:
            self.grid.setFocus()

    @override
    def left(self) -> None:
        self._shown = False

    @override
    def search(self, text: str) -> None:
        self._choose(replace(self.choice, text=text.strip()))

    @override
    def accepts(self, paths: list[Path]) -> str:
        return self.tr("Add to the backgrounds") if acceptable(paths) else ""

    @override
    def drop(self, paths: list[Path]) -> None:
        self.arrivals.forget()
        self.incoming.add(paths)

    @override
    def show_remedy(self, remedy: Remedy) -> None:
        if isinstance(remedy, FindCameras):  # what somebody set stays
            self.cameras.find([one.sha256 for one in self.session.project.good_backgrounds() if one.horizon is None])
        if isinstance(remedy, RejectBackgrounds):
            named = {one.sha256 for one in self.session.project.good_backgrounds() if one.file in remedy.files}
            self.edit.reject(named, self.tr("no place for foregrounds"))

    # Making

    def _make_widgets(self) -> None:
        self.lists = BackgroundsContent(
            self.act, self.background_list, self.thumbnails, self._because, partial(follow, self.session)
        )
        self.grid, self.large, self.duplicates = self.lists.grid, self.lists.large, self.lists.duplicates
        verdicts = [self.act[f"backgrounds.{name}"] for name in ("pick", "reject", "undecided")]
        names = ("brush", "eraser", "clear_region", "centre", "horizon", "large")
        tools = [self.act[f"backgrounds.{name}"] for name in names]
        self.details = BackgroundInspector(self.inspector, verdicts, self._because, tools, self)
        self.inspector.set_primary(self.act["backgrounds.add"])
        assert self.inspector.primary is not None
        adding = [self.act["backgrounds.add"], self.act["backgrounds.add_folder"]]
        self.inspector.primary.setMenu(menus.add_menu(self, adding))
        self.arrivals = Arrivals(self.incoming, self.notices, self.lists.refusals)
        self.content.addWidget(self.lists)
        self.notices.stay_below(self.lists.bar, self.large.bar)
        self.set_first(self.large.crop, self.grid, self.duplicates)
        self.selection = BackgroundSelection(
            self.session, self.background_list, self.thumbnails, self.details, self.large, self
        )
        self.edit = self.selection.edit
        self.mode = LargeMode(self.act, self.large, self.selection, self)

    def _connect_actions(self) -> None:
        connect(
            self.act,
            "backgrounds.",
            {
                "add": self._ask_files,
                "add_folder": self._ask_folder,
                "pick": lambda: self._judge(self.edit.pick),
                "reject": lambda: self._judge(self.edit.reject),
                "undecided": lambda: self._judge(self.edit.undecide),
                "rename": self._ask_name,
                "remove": self._remove,
                "copy_name": self._copy_name,
                "show_file": self._show_file,
                "keep_better": self.duplicates.keep_better,
                "delete_rejected": self._delete_rejected,
                "keep_all": self.duplicates.keep_whole,
                "larger": lambda: self._zoom(1),
                "smaller": lambda: self._zoom(-1),
                "previous": lambda: self._step(-1),
                "next": lambda: self._step(1),
                "clear_region": lambda: self.edit.set_region(self.current, None),
                "centre": lambda: self.edit.set_crop(self.current, None),
                "horizon": lambda: self.edit.set_horizon(self.current, None),
                "find_camera": lambda: self.cameras.find(self.targets()),
            },
        )
        self.cameras.busy_changed.connect(lambda _: self._show_chosen())
        for tab in Tab:
            self.act[f"backgrounds.{tab}"].triggered.connect(
                lambda _=False, t=tab: self._choose(replace(self.choice, tab=t))
            )
        self.act["backgrounds.all"].setChecked(True)
        advance = self.act["backgrounds.advance"]
        advance.setChecked(self.session.settings.value(_ADVANCE_KEY, "true") == "true")
        advance.toggled.connect(lambda on: self.session.settings.set_value(_ADVANCE_KEY, "true" if on else "false"))
        self.act["backgrounds.filter"].toggled.connect(self._take_measures)

    def _connect_widgets(self) -> None:
        self.grid.current_changed.connect(self._show_current)
        self.grid.chosen_changed.connect(self._show_chosen)
        self.mode.toggled.connect(self._show_large)
        self.mode.tool_changed.connect(self._show_page)
        self.grid.opened.connect(lambda _: self.mode.set_on(True))
        self.grid.wanted.connect(lambda keys: self._want(keys, self.grid.device_side))
        self.grid.zoomed.connect(self._zoom)
        on_right_click(self.grid, self._show_menu)
        for view in (self.large.crop, self.details.crop, self.duplicates):
            view.menu_wanted.connect(self._show_menu)
        self.duplicates.wanted.connect(lambda keys: self._want(keys, round(SIDE * WIDEST * self.devicePixelRatioF())))
        self.duplicates.current_changed.connect(self._show_current)
        self.duplicates.keep.connect(self.edit.keep_one)
        self.duplicates.keep_all.connect(self.edit.keep_all)
        self.thumbnails.arrived.connect(self.lists.repaint_pictures)
        self.thumbnails.measured.connect(self._measured)
        self.background_list.grouped.connect(self._show_list)
        self.lists.bar.sorted_by.connect(lambda o, r: self._choose(replace(self.choice, order=SortKey(o), reverse=r)))
        self.lists.bar.remarked_changed.connect(lambda on: self._choose(replace(self.choice, remarked=on)))
        self.lists.ranges_changed.connect(lambda ranges: self._choose(replace(self.choice, ranges=ranges)))
        self.lists.all_wanted.connect(self._show_all)
        self.lists.bar.side_changed.connect(self._take_side)
        self.lists.bar.side.setValue(self.session.settings.number(_SIDE_KEY, 160))
        self.details.wall.chosen.connect(lambda wall: self.edit.set_wall(self.targets(), wall))
        self.details.light.chosen.connect(lambda light: self.edit.set_light(self.targets(), light))
        self.details.light.own_wanted.connect(self._take_drawn_light)
        self.details.renamed.connect(self._rename)
        self.details.edited.connect(lambda field, text: self.edit.set_field(self.targets(), field, text))
        self.arrivals.came.connect(self._show_arrivals)

    @Slot()
    def _take_drawn_light(self) -> None:
        try:
            self.edit.take_drawn_light(self.targets())
        except FgbgError as error:  # nothing is drawn where there are no foregrounds yet
            self.session.failed.emit(error)

    # The project

    @Slot()
    def _open(self) -> None:
        self.thumbnails.open_project(self.session.folder)
        self._staying = set()
        self.selection.forget()
        self.lists.refusals.hide()
        self.notices.clear()
        self.mode.set_on(False)
        self.background_list.read()
        self.lists.bar.reset_ranges()
        self.act["backgrounds.all"].setChecked(True)
        self.choice = replace(self.choice, tab=Tab.ALL, text="")
        self._show_list()

    @Slot()
    def _close(self) -> None:
        self._soon.stop()
        self.background_list.forget()
        self.selection.forget()
        self.thumbnails.close()

    @Slot()
    def refresh(self) -> None:
        """Show the project as it is now."""
        if self.session.is_open:
            self.background_list.read()
            self._show_list()

    @Slot(list)
    def _choose_changed(self, keys: list[str]) -> None:
        """Select what undo or redo changed: the next key is meant for that."""
        shown = [key for key in self.grid.grid.keys if key in set(keys)]
        if shown:
            self.grid.choose(shown, shown[0])

    def _show_list(self) -> None:
        if not self.session.is_open:
            return
        counts = self.background_list.counts()
        self.lists.bar.tabs.show_counts([counts[tab] for tab in Tab], list(Tab).index(self.choice.tab))
        used = counts[Tab.REVIEW] + counts[Tab.PICKED]
        self.set_counter(counter(used, self.session.project.goal.backgrounds, self.tr("backgrounds")))
        missing = self.session.project.wanting("backgrounds")
        self.set_badge(missing, self.tr("{0} more wanted").format(number(missing)))
        keys = self.background_list.keys(self.choice, self._staying)
        self._staying = {*keys}
        self.grid.set_keys(keys)
        self.grid.viewport().update()
        if self.choice.tab is Tab.DUPLICATES:
            self.duplicates.show_groups(self.background_list.duplicates())
        if keys and not self.grid.current():
            self.grid.choose(keys[:1], keys[0])
        duplicates = self.choice.tab is Tab.DUPLICATES
        self._show_current(self.duplicates.next_of(self.current) if duplicates else self.grid.current())
        self._show_page()
        self._show_chosen()

    def _show_page(self) -> None:
        empty = not self.background_list.backgrounds
        self.set_empty(empty)
        duplicates, groups = self.choice.tab is Tab.DUPLICATES, bool(self.background_list.groups)
        any_shown = groups if duplicates else bool(self.grid.grid.keys)
        large = self.mode.on and any_shown
        self.lists.show_page(self.choice, empty=empty, any_shown=any_shown, large=large)
        self.mode.show_enabled(seen=large)
        for name in ("keep_better", "keep_all"):
            self.act[f"backgrounds.{name}"].setEnabled(duplicates and groups)
        rejected = any(b.status == "rejected" for b in self.background_list.backgrounds.values())
        self.act["backgrounds.delete_rejected"].setEnabled(rejected)

    def _choose(self, choice: ListFilter) -> None:
        self._staying = set()
        entered = choice.tab is Tab.DUPLICATES and self.choice.tab is not Tab.DUPLICATES
        self.choice, looked_at = choice, self.current
        self._show_list()
        if entered:
            self._show_current(self.duplicates.next_of(looked_at))
        self.lists.want_again()

    # The picture that is looked at

    def _show_wanted(self, place: str, keys: list[str]) -> None:
        """Another place asks for pictures to be shown: all of them are selected, the first is looked at."""
        if place == self.place and keys and keys[0] in self.background_list.backgrounds:
            self.lists.bar.reset_ranges()
            self.act["backgrounds.all"].setChecked(True)
            self._choose(replace(self.choice, tab=Tab.ALL, text="", ranges=()))
            self.grid.choose(keys, keys[0])

    def targets(self) -> list[str]:
        """The pictures that a key acts on: those selected in the grid, or the one that is looked at."""
        if self.choice.tab is not Tab.DUPLICATES and not self.mode.on:
            return self.grid.chosen()
        return [self.current] if self.current in self.background_list.backgrounds else []

    @property
    def current(self) -> str:
        """The hash of the background that is looked at, empty for none."""
        return self.selection.key

    @Slot(str)
    def _show_current(self, key: str) -> None:
        rows = self.grid.grid.rows
        place = self.tr("{0} of {1}").format(number(rows[key] + 1), number(len(rows))) if key in rows else ""
        self.selection.show(key, place)
        self.duplicates.set_current(key)
        self._show_chosen()
        self._enable_marks()
        self.mode.say_hint()

    def _enable_marks(self) -> None:
        background = self.selection.background
        for name, there in {
            "clear_region": background and background.standing,
            "centre": background and background.crop,
            "horizon": background and background.horizon is not None,
        }.items():
            self.act[f"backgrounds.{name}"].setEnabled(bool(there))

    @Slot()
    def _show_chosen(self) -> None:
        known = self.background_list.backgrounds
        chosen = [known[key] for key in self.targets() if key in known]
        if self.session.is_open:
            state = self.background_list.state_words(chosen[0]) if chosen else ""
            self.details.show_chosen(chosen, self.session.project.settings, state)
        for name in ("pick", "reject", "undecided", "remove", "copy_name", "show_file"):
            self.act[f"backgrounds.{name}"].setEnabled(bool(chosen))
        self.act["backgrounds.rename"].setEnabled(len(chosen) == 1)
        self.act["backgrounds.find_camera"].setEnabled(bool(chosen) and not self.cameras.busy)

    def _show_large(self, on: bool) -> None:
        self.details.show_crop(not on)
        self._show_page()
        (self.large.crop if on else self.grid).setFocus()
        self.lists.want_again()

    def _step(self, by: int) -> None:
        (self.duplicates if self.choice.tab is Tab.DUPLICATES else self.grid).step(by)

    # Judging

    def _judge(self, decide: Callable[[list[str]], object]) -> None:
        """Decide on what is selected; after a single one the next comes, where that is wanted."""
        targets = self.targets()
        decide(targets)
        grid = self.choice.tab is not Tab.DUPLICATES or self.mode.on
        if len(targets) == 1 and grid and self.act["backgrounds.advance"].isChecked():
            following = next_to_review(self.grid.grid.keys, targets[0], self.background_list.backgrounds.get)
            self.grid.choose([following], following)

    def _because(self, parent: QWidget) -> QMenu:
        return menus.because(parent, self._reject_for)

    def _reject_for(self, reason: str) -> None:
        self._judge(lambda targets: self.edit.reject(targets, reason))

    def _show_menu(self, place: QPoint) -> None:
        if self.targets():
            duplicates = self.choice.tab is Tab.DUPLICATES
            menus.context_menu(self, self.act, self._reject_for, duplicates=duplicates).popup(place)

    def _remove(self) -> None:
        count = self.session.delete("backgrounds", self.targets())
        notify_deleted(self.notices, self.session, "backgrounds", count)

    def _ask_name(self) -> None:
        self.inspector.reveal(self.details.stem)
        self.details.rename()

    def _rename(self, name: str) -> None:
        targets = self.targets()
        try:
            if len(targets) == 1:
                self.edit.rename(targets[0], name)
        except FgbgError as error:
            self.session.failed.emit(error)
            self._show_chosen()

    def _names(self) -> list[str]:
        known = self.background_list.backgrounds
        return [name_of(known[key]) for key in self.targets() if key in known]

    def _copy_name(self) -> None:
        QApplication.clipboard().setText("\n".join(self._names()))

    def _show_file(self) -> None:
        if background := self.selection.background:
            open_outside((self.session.folder / background.file).parent)

    def _delete_rejected(self) -> None:
        count = self.session.delete_rejected("backgrounds")
        notify_deleted(self.notices, self.session, "backgrounds", count)

    # Thumbnails and measures

    def _want(self, keys: list[str], side: int) -> None:
        if self._shown or self.isVisible():
            self.thumbnails.want_files(self.background_list.files(keys), side)

    @Slot()
    def _measured(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _take_measures(self) -> None:
        self.lists.bar.show_waiting(self.thumbnails.unvisited)
        if self.act["backgrounds.filter"].isChecked():
            for measure in MEASURES:
                self.lists.sliders[measure].set_values(self.background_list.values(measure))
        if self.choice.order in MEASURES or self.choice.ranges or self.choice.tab is Tab.DUPLICATES:
            self._show_list()
        else:
            self.selection.show_facts()

    @Slot()
    def _show_all(self) -> None:
        self.lists.bar.reset_ranges()
        self.act["backgrounds.all"].trigger()
        self._choose(replace(self.choice, text=""))

    def _take_side(self, side: int) -> None:
        self.session.settings.set_value(_SIDE_KEY, str(side))
        self.grid.set_side(side)

    def _zoom(self, by: int) -> None:
        self.lists.bar.side.setValue(self.lists.bar.side.value() + 24 * by)

    # Adding

    def _ask_files(self) -> None:
        files = ask_files(self, self.session.settings, self.place, self.tr("Add backgrounds"), picture_kinds())
        if files:
            self.drop(files)

    def _ask_folder(self) -> None:
        folder = ask_folder(self, self.session.settings, self.place, self.tr("Add a folder of backgrounds"))
        if folder:
            self.drop([folder])

    @Slot(list)
    def _show_arrivals(self, keys: list[str]) -> None:
        """What is new is selected, and the first of it is in sight."""
        known = [key for key in keys if key in self.background_list.backgrounds]
        if not known:
            return
        if not {*known} <= {*self.grid.grid.keys} or self.choice.tab is Tab.DUPLICATES:
            self._show_all()
        self.grid.choose(known, known[0])
        self.grid.scrollTo(self.grid.currentIndex(), QAbstractItemView.ScrollHint.PositionAtTop)
