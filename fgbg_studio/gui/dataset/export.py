"""Writing the dataset's card into a folder: README.md with its pictures, and the same as one HTML page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.gui.dataset.jobs import exporting
from fgbg_studio.gui.lib.dialogs import ask_folder, open_outside
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.session.session import Session


class CardExporter(QObject):
    """See the module; says in ``notices`` where the card is."""

    def __init__(self, session: Session, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._notices, self._widget = session, notices, parent

    def ask(self, contents: Contents) -> None:
        """Ask for a folder, and write the card there."""
        folder = ask_folder(self._widget, self._session.settings, "card", self.tr("Choose a folder for the card"))
        if folder:
            self.write(contents, folder)

    def write(self, contents: Contents, folder: Path) -> None:
        """Write the card and its page into ``folder``, on a worker."""
        self._session.jobs.run(
            self.tr("writing the card"), exporting(contents, folder), visible=True,
            done=partial(self._tell, folder), failed=self._notices.error,
        )  # fmt: skip

    def _tell(self, folder: Path, paths: list[Path]) -> None:
        page = next(path for path in paths if path.suffix == ".html")
        text = self.tr("The card is in {0}: README.md with its pictures, and card.html with everything in one file.")
        choices = [(self.tr("Open the page"), partial(open_outside, page))]
        self._notices.tell(text.format(folder), choices, key="card")
