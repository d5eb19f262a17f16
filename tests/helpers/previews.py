"""Projects in the place Preview, for the tests of the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytestqt.qtbot import QtBot

from fgbg_studio.gui.app.main_window import MainWindow
from fgbg_studio.gui.preview.panel import PreviewPanel
from tests.conftest import MakeProject

QUICK = ("size=64", "placements=3")


class Preview:
    """Makes drawn projects and opens them there."""

    def __init__(self, window: MainWindow, qtbot: QtBot, make_project: MakeProject, folder: Path) -> None:
        self.window, self._qtbot, self._make, self.folder = window, qtbot, make_project, folder

    def open(self, n_bg: int = 3, n_fg: int = 2, changes: Sequence[str] = ()) -> PreviewPanel:
        """The panel, when all its samples are made."""
        return self.show(self._make(self.folder, "studio-256", n_bg, n_fg, [*QUICK, *changes]))

    def show(self, project: Path) -> PreviewPanel:
        """Likewise, of a project that is there."""
        with self._qtbot.waitSignal(self.window.session.opened):
            self.window.open_project(project)
        self.window.workspace.show_place("preview")
        panel = self.window.workspace.current
        assert isinstance(panel, PreviewPanel)
        self.settle(panel)
        return panel

    def settle(self, panel: PreviewPanel) -> None:
        """Until nothing is being made any more."""
        self._qtbot.waitUntil(lambda: not panel.samples._soon.isActive() and not panel.session.jobs.busy)
