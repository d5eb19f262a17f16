"""What the Help menu shows: the guide, the first steps, the shortcuts, what the program is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QMainWindow

from fgbg_studio.gui.app.about import About
from fgbg_studio.gui.app.first_steps import FirstSteps
from fgbg_studio.gui.app.guide_pages import FIRST
from fgbg_studio.gui.app.guide_window import GuideWindow
from fgbg_studio.gui.app.shortcut_sheet import Section, ShortcutSheet
from fgbg_studio.gui.app.workspace import Workspace
from fgbg_studio.gui.session.session import Session

_CLOSED = "first-steps/closed"


class Help(QObject):
    """See the module. ``sections`` are asked for what the sheet of shortcuts shows.

    Attributes:
        guide, sheet, about: the windows that were opened last; None before.
        steps: the card of first steps.
    """

    def __init__(
        self, window: QMainWindow, session: Session, workspace: Workspace, sections: Callable[[], Sequence[Section]]
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._sections = window, session, sections
        self.guide: GuideWindow | None = None
        self.sheet: ShortcutSheet | None = None
        self.about: About | None = None
        self.steps = FirstSteps(session, workspace)
        self.steps.place_wanted.connect(workspace.show_place)
        self.steps.guide_wanted.connect(lambda: self.show_guide("first-dataset"))
        self.steps.closed.connect(self._stay_closed)
        self.steps.folded.connect(workspace.bottom.steps.setVisible)
        workspace.bottom.steps_wanted.connect(self.steps.open)
        workspace.stack.currentChanged.connect(lambda _: self.steps.enter(workspace.current.place))

    def show_guide(self, page: str = FIRST) -> None:
        """Open the guide, at a page by its file's name."""
        _close(self.guide)
        self.guide = GuideWindow(self._window, page)
        self.guide.show()

    def show_shortcuts(self) -> None:
        """Open the sheet of all shortcuts."""
        _close(self.sheet)
        self.sheet = ShortcutSheet(self._sections(), self._window)
        self.sheet.show()

    def show_about(self) -> None:
        """Open what the program is."""
        _close(self.about)
        self.about = About(self._session.settings, self._window)
        self.about.show()

    def show_first_steps(self) -> None:
        """The card over the open project; without one, the page of the guide that begins there."""
        if self._session.is_open:
            self.steps.open()
        else:
            self.show_guide("first-dataset")

    @Slot()
    def offer_first_steps(self) -> None:
        """Show the card beside a new project, until a person has closed it once."""
        if not self._session.settings.value(_CLOSED):
            self.steps.open()

    def _stay_closed(self) -> None:
        self._session.settings.set_value(_CLOSED, "yes")


def _close(before: QDialog | None) -> None:
    if before is not None:
        before.close()
        before.deleteLater()
