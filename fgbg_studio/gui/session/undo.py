"""The project's undo: each step keeps the project before and after it, which share all that did not change."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QUndoCommand
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.project.model import Project
from fgbg_studio.core.project.recycle_bin import bring_back, throw_away

STEPS = 500


class ProjectChange(QUndoCommand):
    """One undoable change; steps of one ``merge`` word that follow each other become one."""

    def __init__(
        self, text: str, before: Project, after: Project, put: Callable[[Project], None], merge: str = ""
    ) -> None:
        super().__init__(text)
        self.before, self.after = before, after
        self._put, self.merge = put, merge

    @override
    def redo(self) -> None:
        """Put the changed project in; also the first time, when it is pushed."""
        self._put(self.after)

    @override
    def undo(self) -> None:
        """Put the project back as it was."""
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


class Deletion(ProjectChange):
    """A change that takes pictures out of the project: their files go to its bin, and come back with undo.

    Args:
        text: what undo calls it.
        before: the project.
        after: without the pictures.
        put: as of `ProjectChange`.
        folder: the project's.
        files: what goes to the bin, relative to the folder.
        moved: told after the files were moved, or of the error of moving them.
    """

    def __init__(
        self,
        text: str,
        before: Project,
        after: Project,
        put: Callable[[Project], None],
        folder: Path,
        files: Sequence[str],
        moved: Callable[[FgbgError | None], None],
    ) -> None:
        super().__init__(text, before, after, put)
        self._folder, self._files, self._moved = folder, files, moved

    @override
    def redo(self) -> None:
        """Move the files to the bin; where that fails, nothing is deleted."""
        try:
            throw_away(self._folder, self._files)
        except FgbgError as error:
            self.setObsolete(True)
            self._moved(error)
            return
        super().redo()
        self._moved(None)

    @override
    def undo(self) -> None:
        """Bring the files back; the project is as it was before in any case, as the steps before this one need it."""
        failed = None
        try:
            bring_back(self._folder, self._files)
        except FgbgError as error:
            failed = error
        super().undo()
        self._moved(failed)
