"""The five places, in the rail's order."""

from __future__ import annotations

from fgbg_studio.gui.panels import Panel
from fgbg_studio.gui.panels.backgrounds import BackgroundsPanel
from fgbg_studio.gui.panels.dataset import DatasetPanel
from fgbg_studio.gui.panels.foregrounds import ForegroundsPanel
from fgbg_studio.gui.panels.generate import GeneratePanel
from fgbg_studio.gui.panels.preview import PreviewPanel
from fgbg_studio.gui.session import Session

PLACES: tuple[type[Panel], ...] = (BackgroundsPanel, ForegroundsPanel, PreviewPanel, GeneratePanel, DatasetPanel)


def make_panels(session: Session) -> list[Panel]:
    """A panel of each place."""
    return [place(session) for place in PLACES]
