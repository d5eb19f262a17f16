"""What Undo takes back in the cutting place: the open photo's own last step, or the project's."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from fgbg_studio.gui.foregrounds.controller import CutController, Standing


class UndoChoice(QObject):
    """The photo's steps are undone while it is looked at, unless what was done last was done with the project.

    Args:
        controller: of the photo that is open.
        elsewhere: whether photos are looked at as a whole, so that only the project's steps count.
        place: while it is not seen, what is done with the project is done elsewhere, and chooses nothing.

    Signals:
        changed: `stack` returns another one.
    """

    changed = Signal()

    def __init__(self, controller: CutController, elsewhere: Callable[[], bool], place: QWidget) -> None:
        super().__init__(place)
        self._controller, self._elsewhere, self._place = controller, elsewhere, place
        self._last_of_project = False
        self._no_steps = QUndoStack(self)  # of a photo that is not open yet
        controller.session.undo_stack.indexChanged.connect(self._prefer_project)
        controller.stepped.connect(self.prefer_photo)
        for moved in (controller.chosen, controller.opened, controller.left):
            moved.connect(self.changed)

    def stack(self) -> QUndoStack:
        """Where undo and redo act now."""
        project = self._controller.session.undo_stack
        if self._elsewhere() or self._last_of_project:
            return project
        if self._controller.document:
            return self._controller.document.undo_stack
        return self._no_steps if self._controller.state.standing is Standing.LOADING else project

    def prefer_photo(self) -> None:
        """The person turned to the photo, or did something to it."""
        self._prefer(project=False)

    def _prefer_project(self) -> None:
        if self._place.isVisible():
            self._prefer(project=True)

    def _prefer(self, *, project: bool) -> None:
        if project != self._last_of_project:
            self._last_of_project = project
            self.changed.emit()
