"""What is done with the samples that the explorer has selected: their names saved, or excluded from the project."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.project.exclusions import Exclusion
from fgbg_studio.gui.dataset.jobs import exclusions_of, write_names
from fgbg_studio.gui.lib.dialogs import ask_new_file, open_outside
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.session.session import Session


class Selection(QObject):
    """See the module; each thing is done on a worker."""

    def __init__(self, session: Session, notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._notices, self._window = session, notices, parent
        session.changed.connect(lambda: self._notices.clear("excluded"))  # undone, or over: another step is the last

    def ask_save(self, contents: Contents, numbers: Ints) -> None:
        """Ask for a file, and write the names into it."""
        name, kinds = self.tr("{0} samples.txt").format(contents.title), self.tr("Text (*.txt)")
        path = ask_new_file(self._window, self._session.settings, "lists", self.tr("Save the names"), name, kinds)
        if path:
            self.save(contents, numbers, path)

    def save(self, contents: Contents, numbers: Ints, path: Path) -> None:
        """Write the names of these samples, one a line."""
        told = self.tr("{0} names are in {1}").format(number(len(numbers)), path)
        folder = [(self.tr("Show folder"), partial(open_outside, path.parent))]
        self._session.jobs.run(
            self.tr("writing the list"),
            partial(write_names, contents, numbers.tolist(), path),
            done=lambda _: self._notices.tell(told, folder, key="list"),
            failed=self._notices.error,
        )

    def exclude(self, contents: Contents, numbers: Ints) -> None:
        """Take these samples out of the project's plan, as one step of undo."""
        self._session.jobs.run(
            self.tr("excluding samples"),
            partial(exclusions_of, contents, numbers.tolist()),
            done=self._put_excluded,
            failed=self._notices.error,
        )

    def _put_excluded(self, items: list[Exclusion]) -> None:
        if not self._session.is_open:
            return
        text = self.tr("exclude {0} samples").format(number(len(items)))
        self._session.change_exclusions(text, lambda excluded: excluded.with_(items))
        told = self.tr("{0} samples are excluded from the project. The next dataset is made without them.")
        undo = [(self.tr("Undo"), self._session.undo_stack.undo)]
        self._notices.tell(told.format(number(len(items))), undo, key="excluded")
