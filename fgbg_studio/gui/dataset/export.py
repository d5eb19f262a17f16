"""Exporting a dataset into a folder: its card in all forms, or another export that the registry knows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.gui.dataset.jobs import exporting
from fgbg_studio.gui.lib.dialogs import ask_folder, open_outside
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_NAMED = 3
"""Files of an export that are told by their names."""


def other_exports() -> dict[str, type[Export]]:
    """Those that are no card, by name: each is offered by itself."""
    return {name: member for name, member in Export.known().items() if member.offered and not member.is_card}


def takes(export: type[Export], contents: Contents | None) -> bool:
    """Whether a dataset can be exported so: what is not finished cannot."""
    if contents is None or (contents.dataset is not None and not contents.dataset.complete):
        return False
    return export.takes_any or (contents.dataset is not None and contents.path.is_dir())


class Exporter(QObject):
    """See the module; says in ``notices`` where the files are.

    Signals:
        begun: an export is being written.
        told: its `Progress`.
        ended: it is not written any more: whether it was stopped.
    """

    begun = Signal()
    told = Signal(object)
    ended = Signal(bool)

    def __init__(self, session: Session, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._notices, self._widget = session, notices, parent
        self._worker: Worker | None = None

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

    def ask_folder(self) -> Path | None:
        """A folder for an export, or None where the person thought better of it."""
        return ask_folder(self._widget, self._session.settings, "export", self.tr("Choose a folder for the export"))

    def write(self, contents: Contents, folder: Path, export: Export) -> None:
        """Write an export into ``folder``, or go on with it, on a worker; one at a time."""
        if self._worker:
            return
        self._worker = self._session.jobs.run(
            self.tr("exporting {0}").format(export.title or export.name),
            exporting(contents, folder, [export]),
            visible=True,
            done=partial(self._tell, folder),
            failed=self._notices.error,
            progress=self.told.emit,
        )
        self._worker.finished.connect(self._end)
        self.begun.emit()

    def stop(self) -> None:
        """Stop it; what is finished of it is kept, and it goes on when it is written into the same folder again."""
        if self._worker:
            self._worker.cancel()

    @Slot(object)
    def _end(self, worker: Worker) -> None:
        self._worker = None
        self.ended.emit(worker.cancelled)

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
