"""Keeping a cutout is a step of the project's undo; where the photo is cut, undo reaches it in its turn too."""

from __future__ import annotations

from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import with_foreground
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.session.undo import ProjectChange


class Keeping:
    """One cutout that was kept, as the photo's own steps see it.

    The project's newest step is undone where that is the keeping itself. When the person did something else with
    the project since, in another place, the cutout is taken out by a new step, and the rest stays.

    Args:
        session: in which it was kept, a moment ago.
        picture: the foreground.
        before: the hash of the one that it took the place of, or empty.
        text: what undo calls it.
    """

    def __init__(self, session: Session, picture: Foreground, before: str, text: str) -> None:
        self._session, self._picture, self._text = session, picture, text
        self._after = session.project
        step = self._step(session.undo_stack.index() - 1)
        old = step.before.foregrounds if step else ()
        self._old = next((f for f in old if before and f.sha256 == before), None)

    def undo(self) -> None:
        """Take the cutout out of the project again."""
        stack = self._session.undo_stack
        if self._step(stack.index() - 1):
            stack.undo()
        else:
            self._session.change(self._session.tr("take back {0}").format(self._picture.file), self._without)

    def redo(self) -> None:
        """Bring it in again."""
        stack = self._session.undo_stack
        if self._step(stack.index()):
            stack.redo()
        else:
            before = self._old.sha256 if self._old else ""
            self._session.change(self._text, lambda p: with_foreground(p, self._picture, before))

    def _step(self, number: int) -> ProjectChange | None:
        """The project's step of that number, where it is the keeping."""
        stack = self._session.undo_stack
        step = stack.command(number) if 0 <= number < stack.count() else None
        return step if isinstance(step, ProjectChange) and step.after is self._after else None

    def _without(self, project: Project) -> Project:
        kept = []
        for foreground in project.foregrounds:
            if foreground.sha256 != self._picture.sha256:
                kept.append(foreground)
            elif self._old:
                kept.append(self._old)
        return project.model_copy(update={"foregrounds": tuple(kept)})
