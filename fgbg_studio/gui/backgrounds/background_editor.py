"""What a person does to backgrounds, each as one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from fgbg_studio.core.compose.lights import as_set, light_of
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.placement.region_mask import pack
from fgbg_studio.core.plan.own_draws import OwnDraws
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.framing import Square, with_crop, with_values
from fgbg_studio.core.project.model import Background, Project, Wall
from fgbg_studio.core.project.renaming import Renaming
from fgbg_studio.gui.backgrounds.list_filter import name_of
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.session.session import Session
from fgbg_studio.gui.session.undo import ProjectChange

Change = Callable[[Background], Background]


class BackgroundEditor:
    """Changes the open project's backgrounds by their hashes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pick(self, hashes: Collection[str]) -> None:
        """Use them: a person has looked at them."""
        picked = {"status": "good", "reason": "", "reviewed": True}
        self._change(_tr("pick {0}"), hashes, lambda b: b.model_copy(update=picked))

    def reject(self, hashes: Collection[str], reason: str = "") -> None:
        """Leave them out; one that is rejected already keeps its reason, where no other one is given."""

        def change(b: Background) -> Background:
            why = reason or (b.reason if b.status == "rejected" else "")
            return b.model_copy(update={"status": "rejected", "reason": why, "reviewed": True})

        self._change(_tr("reject {0}"), hashes, change)

    def undecide(self, hashes: Collection[str]) -> None:
        """Take back what was decided on them: they are to be reviewed."""
        undecided = {"status": "good", "reason": "", "reviewed": False}
        self._change(_tr("put {0} back to look at"), hashes, lambda b: b.model_copy(update=undecided))

    def keep_one(self, group: Sequence[str], kept: str) -> None:
        """Of near-duplicates take one and reject the others."""
        by_hash = {b.sha256: b for b in self._session.project.backgrounds}
        if kept in by_hash:
            reason = _tr("like {0}").format(name_of(by_hash[kept]))
            rejected = {"status": "rejected", "reason": reason, "reviewed": True}
            self._change(
                _tr("keep one of {0}"),
                group,
                lambda b: b.model_copy(update={"reviewed": True} if b.sha256 == kept else rejected),
            )

    def keep_all(self, group: Collection[str]) -> None:
        """Near-duplicates are different enough."""
        self._change(_tr("keep {0}"), group, lambda b: b.model_copy(update={"kept": True, "reviewed": True}))

    def set_field(self, hashes: Collection[str], field: str, text: str) -> None:
        """Licence, origin or reason."""
        self._change(_tr("change {0}"), hashes, lambda b: b.model_copy(update={field: text}))

    def rename(self, sha256: str, name: str) -> None:
        """Give one and its file another name, without an ending.

        Raises:
            UsageError: it cannot be a file's, or is another's.
        """
        folder, before = self._session.folder, {b.sha256: b for b in self._session.project.backgrounds}[sha256]
        if name.strip() == Path(before.file).stem:
            return
        renaming = Renaming(folder, None, before, name)

        def change(project: Project) -> Project:
            every = (b.model_copy(update={"file": renaming.file}) if b is before else b for b in project.backgrounds)
            return project.model_copy(update={"backgrounds": tuple(every)})

        title = _tr("rename {0}").format(name_of(before))
        self._session.change_files(title, change, renaming.forth, renaming.back)

    def set_crop(self, sha256: str, square: Square | None, merge: str = "") -> None:
        """The square; None for the largest in the middle."""
        self._change(
            _tr("move the square of {0}"),
            [sha256],
            lambda b: with_crop(b, square) if square else b.model_copy(update={"crop": None}),
            merge,
        )

    def set_horizon(self, sha256: str, horizon: float | None, merge: str = "") -> None:
        """The horizon as a fraction of the frame's height; None for the settings' camera's."""
        rounded = None if horizon is None else round(horizon, 4)
        self._change(
            _tr("move the horizon of {0}"), [sha256], lambda b: b.model_copy(update={"horizon": rounded}), merge
        )

    def set_wall(self, hashes: Collection[str], wall: Wall) -> None:
        """What ends the ground: a wall at so many metres, ``none`` outdoors, None for the settings' camera's."""
        self._change(_tr("set the wall of {0}"), hashes, lambda b: b.model_copy(update={"wall": wall}))

    def set_light(self, hashes: Collection[str], light: Mapping[str, float | None]) -> None:
        """From where light falls, how high it stands and how soft shadows are; None for what is drawn."""
        self._change(_tr("set the light of {0}"), hashes, lambda b: with_values(b, light))

    def take_drawn_light(self, hashes: Collection[str]) -> None:
        """The light that is drawn for each becomes its own, so that it can be changed from there."""
        recipe = make_recipe(self._session.project)
        draws = OwnDraws(recipe)
        drawn = {source.sha256: as_set(light_of(recipe, at, draws)) for at, source in enumerate(recipe.backgrounds)}

        def change(b: Background) -> Background:
            return with_values(b, drawn[b.sha256]) if b.sha256 in drawn else b

        self._change(_tr("set the light of {0}"), hashes, change)

    def set_region(self, sha256: str, cells: Region | None) -> None:
        """Where objects may stand; None for everywhere."""
        packed = "" if cells is None else pack(cells)
        self._change(_tr("paint on {0}"), [sha256], lambda b: b.model_copy(update={"standing": packed}))

    def _change(self, text: str, hashes: Collection[str], change: Change, merge: str = "") -> None:
        wanted = set(hashes)

        def apply(project: Project) -> Project:
            changed = tuple(change(b) if b.sha256 in wanted else b for b in project.backgrounds)
            same = all(new is old or new == old for new, old in zip(changed, project.backgrounds, strict=True))
            return project if same else project.model_copy(update={"backgrounds": changed})

        self._session.change(text.format(self._words(wanted)), apply, merge)

    def _words(self, hashes: Collection[str]) -> str:
        if len(hashes) == 1:
            return next((name_of(b) for b in self._session.project.backgrounds if b.sha256 in hashes), "")
        return _tr("{0} backgrounds").format(number(len(hashes)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("backgrounds", text)


class DoneSteps(QObject):
    """Tells what undo and redo change, so that it can be selected; what a person does for the first time is not told.

    Signals:
        changed: hashes of the backgrounds that the step undone or redone changed, in the project's order.
    """

    changed = Signal(list)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._done_to = session, 0
        session.undo_stack.indexChanged.connect(self._follow)

    @Slot(int)
    def _follow(self, index: int) -> None:
        back, self._done_to = index < self._done_to, index
        step = self._session.undo_stack.command(index if back else index - 1) if self._session.is_open else None
        if isinstance(step, ProjectChange) and (back or step.undone):
            then, now = (step.after, step.before) if back else (step.before, step.after)
            before = {background.sha256: background for background in then.backgrounds}
            self.changed.emit([b.sha256 for b in now.backgrounds if before.get(b.sha256) != b])
