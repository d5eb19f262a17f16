"""Exporting a dataset into a folder: its card in all forms, or another export that the registry knows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.gui.dataset.export_form import ExportForm
from fgbg_studio.gui.dataset.jobs import exporting
from fgbg_studio.gui.lib.dialogs import ask_folder, open_outside
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_NAMED = 3
"""Files of an export that are told by their names."""


class Exporter(QObject):
    """See the module; an export is chosen in ``form``, and ``notices`` say where the files are."""

    def __init__(self, session: Session, form: ExportForm, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._form, self._notices, self._widget = session, form, notices, parent
        self._contents: Contents | None = None
        self._worker: Worker | None = None
        form.folder_wanted.connect(self._ask_folder)
        form.begun.connect(self.write)
        form.stopped.connect(self._stop)

    def open(self, contents: Contents | None) -> None:
        """Be about this dataset, or none."""
        self._contents = contents
        self._form.open(contents)

    def ask_card(self) -> None:
        """Ask for a folder, and write the card there."""
        folder = ask_folder(self._widget, self._session.settings, "card", self.tr("Choose a folder for the card"))
        if folder and self._contents:
            self.write_card(self._contents, folder)

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

    @Slot()
    def _ask_folder(self) -> None:
        title = self.tr("Choose a folder for the export")
        folder = ask_folder(self._widget, self._session.settings, "export", title)
        if folder:
            self._form.show_folder(folder)

    @Slot(object, object)
    def write(self, export: Export, folder: Path) -> None:
        """Write an export into ``folder``, or go on with it, on a worker; one at a time."""
        if self._worker or self._contents is None:
            return
        self._worker = self._session.jobs.run(
            self.tr("exporting {0}").format(export.title or export.name),
            exporting(self._contents, folder, [export]),
            visible=True,
            done=partial(self._tell, folder),
            failed=self._notices.error,
            progress=self._form.show_progress,
        )
        self._worker.finished.connect(self._end)
        self._form.show_begun()

    @Slot()
    def _stop(self) -> None:
        """Stop it; what is finished of it is kept, and it goes on when it is written into the same folder again."""
        if self._worker:
            self._worker.cancel()

    @Slot(object)
    def _end(self, worker: Worker) -> None:
        self._worker = None
        said = self.tr("Stopped: what is finished is kept, and Continue goes on with it.")
        self._form.show_ended(said if worker.cancelled else "")

    def _tell_card(self, folder: Path, made: tuple[list[Path], list[str]]) -> None:
        page = next(path for path in made[0] if path.suffix == ".html")
        text = self.tr("The card is in {0}: README.md with its pictures, and card.html with everything in one file.")
        choices = [(self.tr("Open the page"), partial(open_outside, page))]
        self._notices.tell(text.format(folder), choices, key="card")

    def _tell(self, folder: Path, made: tuple[list[Path], list[str]]) -> None:
        paths, notes = made
        text = self.tr("The export is in {0}: {1}").format(folder, ", ".join(path.name for path in paths[:_NAMED]))
        if len(paths) > _NAMED:
            text += self.tr(" and {0} more").format(number(len(paths) - _NAMED))
        self._notices.tell(
            " ".join([f"{text}.", *notes]) if notes else text,
            [(self.tr("Show folder"), partial(open_outside, folder))],
            key="export",
        )
