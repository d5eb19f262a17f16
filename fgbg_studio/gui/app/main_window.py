"""The window: start page or workspace, and what connects its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QStackedWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.project import recycle_bin
from fgbg_studio.core.project.storage import FILE
from fgbg_studio.gui.app.closing import ask_before_closing
from fgbg_studio.gui.app.dropping import Dropping
from fgbg_studio.gui.app.first_geometry import WANTED, place_on_screen
from fgbg_studio.gui.app.frame_actions import FrameActions
from fgbg_studio.gui.app.help import Help
from fgbg_studio.gui.app.shortcut_sheet import Section
from fgbg_studio.gui.app.workspace import Workspace
from fgbg_studio.gui.backgrounds.panel import BackgroundsPanel
from fgbg_studio.gui.dataset.panel import DatasetPanel
from fgbg_studio.gui.foregrounds.panel import ForegroundsPanel
from fgbg_studio.gui.generate.panel import GeneratePanel
from fgbg_studio.gui.lib.actions import Menu, Spec, build, connect, with_mnemonic
from fgbg_studio.gui.lib.dialogs import open_outside
from fgbg_studio.gui.lib.formatting import moment, progress_words
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.lib.window_settings import Mode
from fgbg_studio.gui.preview.panel import PreviewPanel
from fgbg_studio.gui.session.bin_dialog import BinDialog
from fgbg_studio.gui.session.deleting import ask_to_empty
from fgbg_studio.gui.session.leftovers import tell_leftovers
from fgbg_studio.gui.session.panel import Panel
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.start.page import StartPage, demo_folder

PLACES: tuple[type[Panel], ...] = (BackgroundsPanel, ForegroundsPanel, PreviewPanel, GeneratePanel, DatasetPanel)


def make_panels(session: Session) -> list[Panel]:
    """A panel of each place."""
    return [place(session) for place in PLACES]


MODES: dict[str, Mode] = {"view.system": "system", "view.light": "light", "view.dark": "dark"}


class MainWindow(QMainWindow):
    """One window, one session."""

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session()
        self.session.setParent(self)
        self.specs = FrameActions(self).specs()
        self.act = build(self.specs, self)
        self.panels = make_panels(self.session)
        self.recent_menu = QMenu(self.tr("Recent projects"), self)
        self.recent_menu.setIcon(Icon.RECENT.icon())
        self.menus = self._make_menus()
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        self.start_page = StartPage(self.session, self.act)
        self.pages.addWidget(self.start_page)
        self.workspace = Workspace(self.session, self.panels, self.act, self.menus[Menu.FILE], self.pages)
        self.pages.addWidget(self.workspace)
        self._make_place_menus()
        self.help = Help(self, self.session, self.workspace, self.shortcut_sections)
        self._is_new = False
        self.dropping = Dropping(
            self,
            self.open_project,
            place=lambda: self.workspace.current if self.session.is_open else None,
            area=lambda: self.workspace.stack if self.session.is_open else self.pages,
        )
        self._connect_actions()
        self._connect_session()
        self.resize(WANTED)
        self._show_page()

    def place_on_screen(self) -> None:
        """Give the window its place and size of last time, as far as they fit the screens that there are now."""
        first = self.screen() or QGuiApplication.primaryScreen()
        screens = [first, *(screen for screen in QGuiApplication.screens() if screen is not first)]
        place_on_screen(self, self.session.settings.geometry, [screen.availableGeometry() for screen in screens])

    @property
    def notices(self) -> Notices:
        """Where the window itself says what happened: on the page that is shown."""
        return self.workspace.notices if self.session.is_open else self.start_page.notices

    def take_keyboard(self) -> None:
        """Put the keyboard into the picture of what is shown."""
        (self.workspace.current if self.session.is_open else self.start_page).take_keyboard()

    # Menus

    def _make_menus(self) -> dict[Menu, QMenu]:
        titles = {
            Menu.FILE: self.tr("&File"),
            Menu.EDIT: self.tr("&Edit"),
            Menu.VIEW: self.tr("&View"),
            Menu.GO: self.tr("&Go"),
            Menu.HELP: self.tr("&Help"),
        }
        made = {name: self.menuBar().addMenu(title) for name, title in titles.items()}
        for name, menu in made.items():
            fill(menu, [spec for spec in self.specs if spec.menu is name], self.act)
        made[Menu.FILE].insertMenu(self.act["file.demo"], self.recent_menu)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        return made

    def _make_place_menus(self) -> None:
        """The Go menu, and a menu for each place that has actions, shown while the place is."""
        for action in self.workspace.go:
            self.menus[Menu.GO].addAction(action)
        for panel in self.panels:
            specs = panel.specs()
            if specs:
                menu = QMenu(with_mnemonic(panel.title(), [one.title() for one in self.menus.values()]), self)
                fill(menu, list(specs), panel.act)
                self.menuBar().insertMenu(self.menus[Menu.HELP].menuAction(), menu)
                self.workspace.place_menus[panel.place] = menu

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for folder in self.session.settings.recent:
            action = self.recent_menu.addAction(folder.name)
            action.setEnabled((folder / FILE).is_file())
            action.setToolTip(str(folder))
            action.triggered.connect(lambda _=False, f=folder: self.open_project(f))
        self.recent_menu.setToolTipsVisible(True)
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction(self.tr("None yet")).setEnabled(False)

    # Connections

    def _connect_actions(self) -> None:
        act, session = self.act, self.session
        connect(
            act,
            "",
            {
                "file.new": self.close_project,
                "file.open": self.choose_project,
                "file.demo": self.open_demo,
                "file.save": session.save,
                "file.rename": self.rename,
                "file.show": self.show_folder,
                "file.bin": self.show_bin,
                "file.empty_bin": self.empty_bin,
                "file.close": self.close_project,
                "file.quit": self.close,
                "edit.undo": session.undo_group.undo,
                "edit.redo": session.undo_group.redo,
                "edit.search": self.workspace.focus_search,
                "help.guide": self.help.show_guide,
                "help.first_steps": self.help.show_first_steps,
                "help.shortcuts": self.help.show_shortcuts,
                "help.about": self.help.show_about,
            },
        )
        act["view.full"].toggled.connect(self._fill_screen)
        act["view.inspector"].setIcon(Icon.INSPECTOR.icon("text"))  # shown or not is no choice to be noticed
        act["view.inspector"].setChecked(session.settings.inspector)
        act["view.inspector"].toggled.connect(self.workspace.show_inspector)
        for name, mode in MODES.items():
            act[name].setChecked(theme.mode == mode)
            act[name].triggered.connect(lambda _=False, m=mode: self.set_mode(m))
        group = session.undo_group
        group.undoTextChanged.connect(lambda text: act["edit.undo"].setText(self.tr("Undo {0}").format(text).strip()))
        group.redoTextChanged.connect(lambda text: act["edit.redo"].setText(self.tr("Redo {0}").format(text).strip()))
        for name, signal in (("edit.undo", group.canUndoChanged), ("edit.redo", group.canRedoChanged)):
            act[name].setEnabled(False)
            signal.connect(act[name].setEnabled)

    def _connect_session(self) -> None:
        session, page = self.session, self.start_page
        self.workspace.top.renamed.connect(self._take_name)
        page.open_wanted.connect(self.open_project)
        page.create_wanted.connect(self.create_project)
        session.opened.connect(self._show_page)
        session.closed.connect(self._show_page)
        session.changed.connect(self._write_title)
        session.dirty_changed.connect(self._write_title)
        session.jobs.changed.connect(self._write_title)
        session.files_moved.connect(self._look_into_bin)
        session.failed.connect(self._show_error)
        session.jobs.failed.connect(lambda _title, error: self._show_error(error))
        session.recovery_found.connect(self._take_recovered)
        session.dirty_changed.connect(lambda dirty: None if dirty else self.workspace.notices.clear("recovery"))
        session.leftovers_found.connect(partial(tell_leftovers, self.workspace.notices, session))

    @Slot()
    def _show_page(self) -> None:
        is_open = self.session.is_open
        self.pages.setCurrentWidget(self.workspace if is_open else self.start_page)
        for name in ("file.rename", "file.show", "file.close", "edit.search", "view.inspector"):
            self.act[name].setEnabled(is_open)
        self._look_into_bin()
        self.menus[Menu.GO].menuAction().setVisible(is_open)
        self.workspace.set_active(is_open)
        self._write_title()
        if is_open and self._is_new:
            self.help.offer_first_steps()
        elif not is_open:
            self.help.steps.put_away()
        self._is_new = False

    @Slot()
    def _write_title(self) -> None:
        session = self.session
        self.act["file.save"].setEnabled(session.is_open and session.dirty)
        self.setWindowModified(session.is_open and session.dirty)
        title = f"{session.project.name}[*] — FGBG Studio" if session.is_open else "FGBG Studio"
        if session.is_open and session.jobs.visible:
            title = " · ".join(filter(None, (progress_words(session.jobs.visible[0]), title)))
        if title != self.windowTitle():
            self.setWindowTitle(title)

    @Slot(object)
    def _show_error(self, error: FgbgError) -> None:
        self.notices.error(error)

    def _take_recovered(self, when: datetime) -> None:
        """What was not saved is there again: an empty page with a question would be a fright."""
        text = self.tr(
            "The program did not exit properly. What was not saved then, at {0}, is here again; undo gives it up."
        )
        stack = self.session.undo_stack
        give_up = partial(stack.setIndex, stack.index() - 1)  # a place may have an undo of its own
        self.workspace.notices.warn(text.format(moment(when)), [(self.tr("Give it up"), give_up)], key="recovery")
        stack.indexChanged.connect(
            lambda: self.workspace.notices.clear("recovery"), Qt.ConnectionType.SingleShotConnection
        )

    @Slot(bool)
    def _fill_screen(self, on: bool) -> None:
        """A window that was maximized before is so again afterwards."""
        full, state = Qt.WindowState.WindowFullScreen, self.windowState()
        self.setWindowState(state | full if on else state & ~full)

    # What the menus do

    def choose_project(self) -> None:
        """Ask for a project's folder and open it."""
        start = self.session.settings.folder("project")
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Open a project's folder"), str(start))
        if chosen:
            self.session.settings.set_folder("project", Path(chosen).parent)
            self.open_project(Path(chosen))

    def open_project(self, folder: Path) -> None:
        """Open a project; asks first where the open one is not saved."""
        if self.session.is_open and folder.resolve() == self.session.folder:
            return
        if not self.session.is_open or ask_before_closing(self, self.session, self.panels):
            self.session.open(folder)

    @Slot(object, str, str)
    def create_project(self, folder: Path, preset: str, name: str) -> None:
        """Make a project and open it."""
        self._is_new = True
        self.session.create(folder, preset, name)

    def open_demo(self) -> None:
        """Open the demo project; it is drawn the first time."""
        if not self.session.is_open or ask_before_closing(self, self.session, self.panels):
            self.session.open_demo(demo_folder())

    def close_project(self) -> bool:
        """Back to the start page, where presets are chosen; False where the person thought better of it."""
        if self.session.is_open:
            if not ask_before_closing(self, self.session, self.panels):
                return False
            self.session.close()
        return True

    def rename(self) -> None:
        """Let the person write another name where the name stands."""
        self.workspace.top.edit_name(self.session.project.name)

    @Slot(str)
    def _take_name(self, name: str) -> None:
        self.session.change(self.tr("rename"), lambda project: project.model_copy(update={"name": name}))

    def show_folder(self) -> None:
        """Open the project's folder in the system's file manager."""
        if not open_outside(self.session.folder):
            self.notices.error(FgbgError(f"{self.session.folder} cannot be shown", "Open it in your file manager"))

    def show_bin(self) -> None:
        """Show what was removed from the project, to bring it back."""
        if self.session.is_open:
            BinDialog(self.session, self.notices, self).exec()

    def empty_bin(self) -> None:
        """Delete for good what is in the project's bin; asks first."""
        if self.session.is_open and ask_to_empty(self, self.session):
            self.session.empty_bin()

    @Slot()
    def _look_into_bin(self) -> None:
        filled = self.session.is_open and recycle_bin.filled(self.session.folder)
        for name in ("file.bin", "file.empty_bin"):
            self.act[name].setEnabled(filled)

    def set_mode(self, mode: Mode) -> None:
        """Light, dark, or as the system; remembered."""
        self.session.settings.mode = mode
        theme.set_mode(mode)

    def shortcut_sections(self) -> list[Section]:
        """What the sheet shows."""
        current = self.workspace.current
        order = [current, *(panel for panel in self.panels if panel is not current)]
        places = [
            (panel.title(), [*_lines(panel.specs(), panel.act), *panel.gestures()])
            for panel in (order if self.session.is_open else self.panels)
        ]
        go = [(self.workspace.go_keys[i], panel.title()) for i, panel in enumerate(self.panels)]
        return [*places, (self.tr("Everywhere"), [*_lines(self.specs, self.act), *go])]

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something would be lost, then end what runs."""
        if self.session.is_open and not ask_before_closing(self, self.session, self.panels):
            event.ignore()
            return
        self.session.settings.geometry = self.saveGeometry()
        self.hide()  # what runs may take a moment to end, which nobody needs to watch
        self.session.jobs.stop()
        self.session.close()
        event.accept()


def fill(menu: QMenu, specs: list[Spec], actions: dict[str, QAction]) -> None:
    """Put a table's actions into a menu and its submenus, a line between groups."""
    menu.setToolTipsVisible(False)
    submenus: dict[str, QMenu] = {}
    last: dict[QMenu, int] = {}

    def put(into: QMenu, action: QAction, group: int) -> None:
        if last.get(into, group) != group:
            into.addSeparator()
        last[into] = group
        into.addAction(action)

    for spec in specs:
        if spec.submenu and spec.submenu not in submenus:
            submenus[spec.submenu] = QMenu(spec.submenu, menu)
            put(menu, submenus[spec.submenu].menuAction(), spec.group)
        put(submenus.get(spec.submenu, menu), actions[spec.id], spec.group)
    for submenu in submenus.values():
        submenu.menuAction().setVisible(any(action.isVisible() for action in submenu.actions()))


def _lines(specs: Iterable[Spec], actions: Mapping[str, QAction]) -> list[tuple[str, str]]:
    return [(spec.all_keys, spec.tip or spec.text) for spec in specs if spec.keys and actions[spec.id].isVisible()]
