"""The project's undo: each step keeps the project before and after it, which share all that did not change."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from fgbg_studio.core.project import Project

STEPS = 500


class ProjectChange(QUndoCommand):
    """One undoable change; steps of one ``merge`` word that follow each other become one."""

    def __init__(
        self, text: str, before: Project, after: Project, put: Callable[[Project], None], merge: str = ""
    ) -> None:
        super().__init__(text)
        self.before, self.after = before, after
        self._put, self.merge = put, merge

    def redo(self) -> None:
        """Put the changed project in; also the first time, when it is pushed."""
        self._put(self.after)

    def undo(self) -> None:
        """Put the project back as it was."""
        self._put(self.before)

    def id(self) -> int:
        """Qt merges only commands of one number; -1 never merges."""
        return zlib.crc32(self.merge.encode()) & 0x7FFFFFFF if self.merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Take over the later change of the same thing."""
        if not isinstance(other, ProjectChange) or other.merge != self.merge:
            return False
        self.after = other.after
        self.setText(other.text())
        return True
