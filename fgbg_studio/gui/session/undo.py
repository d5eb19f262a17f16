"""The project's undo: each step keeps the project before and after it, which share all that did not change."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from PySide6.QtGui import QUndoCommand
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.project.model import Project

STEPS = 500


class ProjectChange(QUndoCommand):
    """One undoable change; steps of one ``merge`` word that follow each other become one.

    Attributes:
        before: the project before it; ``after``: the project after it.
        undone: whether it was undone at any time, so that doing it is doing it again.
    """

    def __init__(
        self, text: str, before: Project, after: Project, put: Callable[[Project], None], merge: str = ""
    ) -> None:
        super().__init__(text)
        self.before, self.after = before, after
        self._put, self.merge, self.undone = put, merge, False

    @override
    def redo(self) -> None:
        """Put the changed project in; also the first time, when it is pushed."""
        self._put(self.after)

    @override
    def undo(self) -> None:
        """Put the project back as it was."""
        self.undone = True
        self._put(self.before)

    @override
    def id(self) -> int:
        """Qt merges only commands of one number; -1 never merges."""
        return zlib.crc32(self.merge.encode()) & 0x7FFFFFFF if self.merge else -1

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the later change of the same thing."""
        if not isinstance(other, ProjectChange) or other.merge != self.merge:
            return False
        self.after = other.after
        self.setText(other.text())
        return True


class FileChange(ProjectChange):
    """A change with which files move, to the project's bin say, and move back with undo.

    Args:
        text: what undo calls it.
        before: the project.
        after: the same object, where only files move.
        put: as of `ProjectChange`.
        forth: moves the files, all or none; raises an `FgbgError` where that fails.
        back: moves them back.
        moved: told after the files were moved, or of the error of moving them.

    Attributes:
        made: whether the files moved.
    """

    def __init__(
        self,
        text: str,
        before: Project,
        after: Project,
        put: Callable[[Project], None],
        forth: Callable[[], object],
        back: Callable[[], object],
        moved: Callable[[FgbgError | None], None],
    ) -> None:
        super().__init__(text, before, after, put)
        self._forth, self._back, self._moved = forth, back, moved
        self.made = False

    @override
    def redo(self) -> None:
        """Move the files; where that fails, nothing is changed."""
        try:
            self._forth()
        except FgbgError as error:
            self.setObsolete(True)
            self._moved(error)
            return
        self.made = True
        super().redo()
        self._moved(None)

    @override
    def undo(self) -> None:
        """Move the files back; the project is as it was before in any case, as the steps before this one need it."""
        failed = None
        try:
            self._back()
        except FgbgError as error:
            failed = error
        super().undo()
        self._moved(failed)
