"""What is shown while a project is open: rail, top line, the places, bottom line."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from fgbg_studio.core.base.remedies import Remedy
from fgbg_studio.gui.app.bottom_line import BottomLine
from fgbg_studio.gui.app.goal_counter import GoalCounter
from fgbg_studio.gui.app.rail import Rail
from fgbg_studio.gui.app.top_line import TopLine
from fgbg_studio.gui.lib.actions import native_keys
from fgbg_studio.gui.lib.basics import hbox, vbox
from fgbg_studio.gui.lib.keys import PLACES
from fgbg_studio.gui.lib.manners import manners
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.remedies import target
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.remedies import follow
from fgbg_studio.gui.session.session import Session


class Workspace(QWidget):
    """The five places and the lines around them; `current` is the place that is shown.

    It is made where it stays, and the places come into it last: Qt dresses all that is in a widget anew each time
    that the widget comes into another.
    """

    def __init__(
        self, session: Session, panels: list[Panel], actions: dict[str, QAction], menu: QMenu, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.session, self.panels = session, panels
        self.place_menus: dict[str, QMenu] = {}
        self.go, self.go_keys = self._make_go()
        self.groups = [self._groups(panel) for panel in panels]
        self._active = False
        self._came_from = ""
        self._inspector = session.settings.inspector
        self.inspector_action = actions["view.inspector"]
        self.rail = Rail(self.go)
        self.counter = GoalCounter(session)
        self.top = TopLine(actions, menu, self.counter)
        self.bottom = BottomLine(session)
        self.notices = Notices(partial(follow, session), self)
        self.stack = QStackedWidget()
        self._lay_out()
        for panel in panels:
            self.stack.addWidget(panel)
        self._connect()

    @property
    def current(self) -> Panel:
        """The place that is shown."""
        return self.panels[self.stack.currentIndex()]

    def show_place(self, place: str) -> None:
        """Show the place of that name: backgrounds, foregrounds, preview, generate, dataset."""
        number = next(i for i, panel in enumerate(self.panels) if panel.place == place)
        self.go[number].setChecked(True)
        if place == self._came_from:
            self._offer_back("")
        if number != self.stack.currentIndex():
            self.current.left()
            self.stack.setCurrentIndex(number)
        self._enter()

    def set_active(self, active: bool) -> None:
        """Whether a project is open; the first place is shown for another project."""
        self._active = active
        if active:
            self.notices.clear()
            self._offer_back("")
            self.bottom.refresh()
            self._write_name()
            self.show_place(self.panels[0].place)
        self._enable_groups()

    @Slot(bool)
    def show_inspector(self, shown: bool) -> None:
        """Show or hide the inspector of every place; remembered."""
        self._inspector = self.session.settings.inspector = shown
        self.current.show_inspector(shown)

    def focus_search(self) -> None:
        """Put the cursor into the search field, where the place has one."""
        if self.current.searchable:
            manners.hand(self.top.search)
            self.top.search.selectAll()

    def _make_go(self) -> tuple[list[QAction], list[str]]:
        group, made, keys = QActionGroup(self), [], []
        for key, panel in zip(PLACES, self.panels, strict=False):
            action = QAction(panel.icon.icon(), panel.title(), group)
            action.setCheckable(True)
            action.setShortcut(QKeySequence(key.value[0]))
            keys.append(native_keys(key.value[0]))
            action.setToolTip(f"{panel.title()} ({keys[-1]})")
            action.triggered.connect(lambda _=False, p=panel.place: self.show_place(p))
            made.append(action)
        return made, keys

    def _groups(self, panel: Panel) -> list[QActionGroup]:
        """Enabled while the place is shown; what the panel itself disables stays disabled."""
        free = QActionGroup(panel)
        free.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        groups = [free]
        for action in panel.act.values():
            switches = action.actionGroup()
            if switches is None:
                free.addAction(action)
            elif switches not in groups:
                groups.append(switches)
            self.addAction(action)
        return groups

    def _lay_out(self) -> None:
        right = vbox()
        right.addWidget(self.top)
        right.addWidget(self.stack, 1)
        right.addWidget(self.bottom)
        whole = hbox(self)
        whole.addWidget(self.rail)
        whole.addLayout(right, 1)

    def _connect(self) -> None:
        self.notices.keep_to(*(part for panel in self.panels for part in (*panel.notices.within, panel.stage)))
        self.notices.stay_below(*(bar for panel in self.panels for bar in panel.notices.bars))
        for number, panel in enumerate(self.panels):
            self.notices.share_with(panel.notices)
            panel.badge_changed.connect(self.rail.buttons[number].set_badge)
            panel.counter_changed.connect(self._write_counter)
            panel.undo_stack_changed.connect(self._take_undo)
            panel.inspector.wanted.connect(partial(self.inspector_action.setChecked, True))
        self.top.searched.connect(self._search)
        self.top.left.connect(self._focus_place)
        self.bottom.clicked.connect(lambda: self.show_place("generate"))
        self.session.picture_wanted.connect(lambda place, _: self._lead_to(place))
        self.session.pictures_wanted.connect(lambda place, _: self._lead_to(place))
        self.bottom.back_wanted.connect(lambda: self.show_place(self._came_from))
        self.session.remedy_wanted.connect(self._show_remedy)
        self.session.dataset_wanted.connect(lambda _: self.show_place("dataset"))
        for signal in (self.session.changed, self.session.dirty_changed):
            signal.connect(self._write_name)
        for signal in (self.session.opened, self.session.changed):
            signal.connect(self._show_goals)

    def _lead_to(self, place: str) -> None:
        """Show a place that another one asked for, with a way back to that."""
        before = self.current
        self.show_place(place)
        if before.place == "generate" and before is not self.current:
            self._offer_back(before.place)

    def _offer_back(self, place: str) -> None:
        self._came_from = place
        title = next((panel.title() for panel in self.panels if panel.place == place), "")
        self.bottom.back.setText(self.tr("Back to {0}").format(title))
        self.bottom.back.setVisible(bool(place))

    @Slot(object)
    def _show_remedy(self, remedy: Remedy) -> None:
        self._lead_to(target(remedy))
        self.current.show_remedy(remedy)

    def _enter(self) -> None:
        panel = self.current
        self.top.set_searchable(panel.searchable)
        self._write_counter()
        self._take_undo()
        self._enable_groups()
        panel.show_inspector(self._inspector)
        self.inspector_action.setVisible(panel.has_inspector)
        self._focus_place()
        panel.entered()

    def _enable_groups(self) -> None:
        for panel, groups in zip(self.panels, self.groups, strict=True):
            shown = self._active and panel is self.current
            for group in groups:
                group.setEnabled(shown)
            if panel.place in self.place_menus:
                self.place_menus[panel.place].menuAction().setVisible(shown)
        for action in self.go:
            action.setEnabled(self._active)

    @Slot()
    def _focus_place(self) -> None:
        self.current.take_keyboard()

    @Slot(str)
    def _search(self, text: str) -> None:
        self.current.search(text)

    @Slot()
    def _take_undo(self) -> None:
        stack = self.current.undo_stack()
        if stack not in self.session.undo_group.stacks():
            self.session.undo_group.addStack(stack)
        self.session.undo_group.setActiveStack(stack)

    @Slot()
    def _show_goals(self) -> None:
        if self.session.is_open:
            project = self.session.project
            buttons = {panel.place: button for panel, button in zip(self.panels, self.rail.buttons, strict=True)}
            buttons["backgrounds"].set_goal(len(project.good_backgrounds()), project.goal.backgrounds)
            buttons["foregrounds"].set_goal(len(project.good_foregrounds()), project.goal.foregrounds)

    @Slot()
    def _write_counter(self) -> None:
        self.counter.show_words(self.current.counter, counts_goal=self.current.counts_goal)

    @Slot()
    def _write_name(self) -> None:
        if self.session.is_open:
            self.top.show_name(self.session.project.name, self.session.dirty)
