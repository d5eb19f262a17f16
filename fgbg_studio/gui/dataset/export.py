"""Exporting a dataset into a folder: its card in all forms, or another export that the registry knows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.gui.dataset.jobs import exporting
from fgbg_studio.gui.lib.dialogs import ask_folder, open_outside
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.session.session import Session


def other_exports() -> dict[str, type[Export]]:
    """Those that are no card, by name: each is offered by itself."""
    return {name: member for name, member in Export.known().items() if member.offered and not member.is_card}


def takes(export: type[Export], contents: Contents | None) -> bool:
    """Whether a dataset can be exported so: what is not finished cannot."""
    if contents is None or (contents.dataset is not None and not contents.dataset.complete):
        return False
    return export.takes_any or (contents.dataset is not None and contents.path.is_dir())


class Exporter(QObject):
    """See the module; says in ``notices`` where the files are."""

    def __init__(self, session: Session, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._notices, self._widget = session, notices, parent

    def ask_card(self, contents: Contents) -> None:
        """Ask for a folder, and write the card there."""
        folder = ask_folder(self._widget, self._session.settings, "card", self.tr("Choose a folder for the card"))
        if folder:
            self.write_card(contents, folder)

    def write_card(self, contents: Contents, folder: Path) -> None:
        """Write the card in all its forms into ``folder``, on a worker."""
        cards = [member() for member in Export.known().values() if member.is_card]
        self._session.jobs.run(
            self.tr("writing the card"),
            exporting(contents, folder, cards),
            visible=True,
            done=partial(self._tell_card, folder),
            failed=self._notices.error,
        )

    def ask(self, contents: Contents, export: Export) -> None:
        """Ask for a folder, and write an export there."""
        folder = ask_folder(self._widget, self._session.settings, "export", self.tr("Choose a folder for the export"))
        if folder:
            self.write(contents, folder, export)

    def write(self, contents: Contents, folder: Path, export: Export) -> None:
        """Write an export into ``folder``, on a worker."""
        self._session.jobs.run(
            self.tr("exporting {0}").format(export.title or export.name),
            exporting(contents, folder, [export]),
            visible=True,
            done=partial(self._tell, folder),
            failed=self._notices.error,
        )

    def _tell_card(self, folder: Path, paths: list[Path]) -> None:
        page = next(path for path in paths if path.suffix == ".html")
        text = self.tr("The card is in {0}: README.md with its pictures, and card.html with everything in one file.")
        choices = [(self.tr("Open the page"), partial(open_outside, page))]
        self._notices.tell(text.format(folder), choices, key="card")

    def _tell(self, folder: Path, paths: list[Path]) -> None:
        text = self.tr("The export is in {0}: {1}").format(folder, ", ".join(path.name for path in paths[:3]))
        self._notices.tell(text, [(self.tr("Show folder"), partial(open_outside, folder))], key="export")
