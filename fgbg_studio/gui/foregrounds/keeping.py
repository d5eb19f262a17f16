"""Keeping a cutout is a step of the project's undo; where the photo is cut, undo reaches it in its turn too."""

from __future__ import annotations

import json

from pydantic import ValidationError

from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import with_foreground
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.session.undo import ProjectChange


class Keeping:
    """One cutout that was kept, as the photo's own steps see it.

    The project's newest step is undone where that is the keeping itself. When the person did something else with
    the project since, in another place or before it was closed, the cutout is taken out by a new step, and the rest
    stays. What is gone already, or has no file any more, is passed over.

    Attributes:
        picture: the foreground. ``old``: the one that it took the place of, or None.
        note: both, for the photo's file; see `revived`.

    Args:
        session: in which it was kept.
        picture: the foreground.
        old: see above.
        text: what undo calls it.
        after: the project as it was a moment after; None where that was before it was opened.
    """

    def __init__(
        self, session: Session, picture: Foreground, old: Foreground | None, text: str, after: Project | None = None
    ) -> None:
        self._session, self.picture, self.old, self._text, self._after = session, picture, old, text, after
        parts = {"picture": picture.model_dump(mode="json"), "old": old.model_dump(mode="json") if old else None}
        self.note = json.dumps(parts, separators=(",", ":"))

    @classmethod
    def revived(cls, session: Session, note: str, text: str) -> Keeping | None:
        """The keeping that a photo's file tells of; None where the note is no longer understood."""
        try:
            parts = json.loads(note)
            old = Foreground.model_validate(parts["old"]) if parts["old"] else None
            return cls(session, Foreground.model_validate(parts["picture"]), old, text)
        except (ValidationError, ValueError, KeyError, TypeError):
            return None

    def undo(self) -> None:
        """Take the cutout out of the project again."""
        stack = self._session.undo_stack
        if self._step(stack.index() - 1):
            stack.undo()
        elif self._is_there(self.picture):
            self._session.change(self._session.tr("take back {0}").format(self.picture.file), self._without)

    def redo(self) -> None:
        """Bring it in again."""
        stack = self._session.undo_stack
        if self._step(stack.index()):
            stack.redo()
        elif not self._is_there(self.picture) and self._has_file(self.picture):
            before = self.old.sha256 if self.old else ""
            self._session.change(self._text, lambda project: with_foreground(project, self.picture, before))

    def _is_there(self, picture: Foreground) -> bool:
        return any(f.sha256 == picture.sha256 for f in self._session.project.foregrounds)

    def _has_file(self, picture: Foreground) -> bool:
        return (self._session.folder / picture.file).exists()

    def _step(self, number: int) -> ProjectChange | None:
        """The project's step of that number, where it is the keeping."""
        stack = self._session.undo_stack
        step = stack.command(number) if 0 <= number < stack.count() else None
        return step if isinstance(step, ProjectChange) and self._after and step.after is self._after else None

    def _without(self, project: Project) -> Project:
        old = self.old if self.old and self._has_file(self.old) and not self._is_there(self.old) else None
        kept = []
        for foreground in project.foregrounds:
            if foreground.sha256 != self.picture.sha256:
                kept.append(foreground)
            elif old:
                kept.append(old)
        return project.model_copy(update={"foregrounds": tuple(kept)})
