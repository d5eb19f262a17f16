"""Keeping a cutout is a step of the project's undo; where the photo is cut, undo reaches it in its turn too."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from fgbg_studio.core.project import cutout_files
from fgbg_studio.core.project.model import Foreground, Project
from fgbg_studio.core.project.photos import with_foreground
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.session.undo import ProjectChange


def change_cutouts(
    session: Session, text: str, function: Callable[[Project], Project], arrived: Mapping[str, Path] | None = None
) -> bool:
    """Change the project's cutouts as one step of undo, which their files follow; whether anything changed.

    Args:
        session: of the project.
        text: what undo calls it.
        function: makes the changed project from the present one.
        arrived: as of `cutout_files.swap`.
    """
    before, folder = session.project, session.folder
    after = function(before)
    if after is before:
        return False
    forth = partial(cutout_files.swap, folder, before, after, arrived)
    return session.change_files(text, lambda _: after, forth, partial(cutout_files.swap, folder, after, before))


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
        name: of the photo; what comes back without one in whose place it was is called so.
        after: the project as it was a moment after; None where that was before it was opened.
    """

    def __init__(
        self, session: Session, picture: Foreground, old: Foreground | None, text: str, name: str,
        after: Project | None = None,
    ) -> None:  # fmt: skip
        self._session, self.picture, self.old, self._text, self._after = session, picture, old, text, after
        self._name = name
        parts = {"picture": picture.model_dump(mode="json"), "old": old.model_dump(mode="json") if old else None}
        self.note = json.dumps(parts, separators=(",", ":"))

    @classmethod
    def revived(cls, session: Session, note: str, text: str, name: str) -> Keeping | None:
        """The keeping that a photo's file tells of; None where the note is no longer understood."""
        try:
            parts = json.loads(note)
            old = Foreground.model_validate(parts["old"]) if parts["old"] else None
            return cls(session, Foreground.model_validate(parts["picture"]), old, text, name)
        except (ValidationError, ValueError, KeyError, TypeError):
            return None

    def undo(self) -> None:
        """Take the cutout out of the project again."""
        stack = self._session.undo_stack
        if self._step(stack.index() - 1):
            stack.undo()
        elif self._is_there(self.picture):
            text = self._session.tr("take back {0}").format(self.picture.file)
            change_cutouts(self._session, text, self._without)

    def redo(self) -> None:
        """Bring it in again."""
        stack, folder = self._session.undo_stack, self._session.folder
        if self._step(stack.index()):
            stack.redo()
        elif not self._is_there(self.picture):
            file = f"foregrounds/{self._name}{Path(self.picture.file).suffix}"
            found = cutout_files.at_hand(folder, self.picture, cutout_files.free_file(folder, file))
            before = self.old.sha256 if self.old else ""
            if found:
                change_cutouts(self._session, self._text, lambda project: with_foreground(project, found, before))

    def _is_there(self, picture: Foreground) -> bool:
        return any(f.sha256 == picture.sha256 for f in self._session.project.foregrounds)

    def _step(self, number: int) -> ProjectChange | None:
        """The project's step of that number, where it is the keeping."""
        stack = self._session.undo_stack
        step = stack.command(number) if 0 <= number < stack.count() else None
        return step if isinstance(step, ProjectChange) and self._after and step.after is self._after else None

    def _without(self, project: Project) -> Project:
        kept = []
        for foreground in project.foregrounds:
            if foreground.sha256 != self.picture.sha256:
                kept.append(foreground)
            elif self.old and not self._is_there(self.old):
                file = cutout_files.in_place_of(self.old, foreground).file
                old = cutout_files.at_hand(self._session.folder, self.old, file)
                kept += [old] if old else []
        return project.model_copy(update={"foregrounds": tuple(kept)})
