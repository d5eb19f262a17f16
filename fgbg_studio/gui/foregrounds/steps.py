"""A photo's steps of undo: what each did, in memory and in the photo's file."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting.step_file import STEPS, Place, Plane, PlaneChange, SavedStep, StepHead, differing
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.core.imaging.pixel_history import Delta, History

Change = list[tuple[Plane, Delta]]
"""What a step did to the pixels, plane by plane."""
Written = tuple[StepHead, list[bytes]]
"""A step as the photo's file takes it: what was done, and the bytes of its changes."""


class Elsewhere(Protocol):
    """What was done in the project and is a step of a photo too; ``note`` says what, in the photo's file."""

    note: str

    def undo(self) -> None: ...  # noqa: D102
    def redo(self) -> None: ...  # noqa: D102


class CutStep(QUndoCommand):
    """One step: the work before and after it, what it did to the pixels, and elsewhere.

    Attributes:
        number: by which the photo's file knows it; 0 until it is to be written, and again when it changed since.
    """

    def __init__(
        self, text: str, steps: CutSteps, before: Work, after: Work, change: Change,
        elsewhere: Elsewhere | None = None, number: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(text)
        self._steps, self.before, self.after, self.change = steps, before, after, change
        self.elsewhere, self.number = elsewhere, number
        self._applied = True  # a step is pushed when it has happened

    @override
    def redo(self) -> None:
        if not self._applied and not self._steps.restoring:
            if self.elsewhere:
                self.elsewhere.redo()
                self._steps.edited()
            else:
                self._steps.move(self, back=False)
        self._applied = True

    @override
    def undo(self) -> None:
        if not self._steps.restoring:
            if self.elsewhere:
                self.elsewhere.undo()
                self._steps.edited()
            else:
                self._steps.move(self, back=True)
        self._applied = False

    def head(self, parent: int, sizes: Sequence[tuple[Plane, Delta, bytes]]) -> StepHead:
        """As the photo's file keeps it."""
        common = differing(self.before.seeds, self.after.seeds)
        planes = tuple(
            PlaneChange(plane=plane, box=delta.box, size=len(data), crc=zlib.crc32(data))
            for plane, delta, data in sizes
        )  # fmt: skip
        return StepHead(
            step=self.number, parent=parent, text=self.text(), common=common, before=self.before.seeds[common:],
            after=self.after.seeds[common:], finish=(self.before.finish, self.after.finish), planes=planes,
            note=self.elsewhere.note if self.elsewhere else "",
        )  # fmt: skip


class CutSteps:
    """All steps of a photo that can be undone or redone.

    Attributes:
        stack: that undoes them.
        history: keeps what they did to the pixels.
        restoring: whether what comes on the stack is as it was when the photo was left, so that nothing happens.

    Args:
        put_back: makes work and pixels what a step says; the last argument: whether no cut of that work ever came.
        edited: called when a step elsewhere was undone or redone.
        parent: of the stack.
    """

    def __init__(
        self, put_back: Callable[[Work, Change, bool], None], edited: Callable[[], object], parent: QObject
    ) -> None:
        self.put_back, self.edited = put_back, edited
        self.stack = QUndoStack(parent)
        self.stack.setUndoLimit(STEPS)
        self.history = History()
        self.restoring = False
        self._all: list[CutStep] = []
        self._numbered = 0

    @property
    def newest(self) -> CutStep | None:
        """The last one, where none is undone."""
        return self._all[-1] if self._all and self.stack.index() == self.stack.count() else None

    @property
    def numbers(self) -> tuple[int, int]:
        """Of the last one done and of the last that redo reaches, as the file knows them; 0 for none."""
        done = self._all[: self.stack.index()]
        return done[-1].number if done else 0, self._all[-1].number if self._all else 0

    @property
    def uncut(self) -> CutStep | None:
        """The step whose drawing is the last that holds, where no pixel was changed by it or since."""
        return _uncut(self._all[: self.stack.index()])

    def move(self, step: CutStep, *, back: bool) -> None:
        """Undo or redo what a step did here."""
        at = self._all.index(step)
        uncut = _uncut(self._all[: at if back else at + 1])
        if back:
            self.put_back(step.before, step.change[::-1], uncut is not None)
        else:
            self.put_back(step.after, step.change, uncut is not None)

    def amend(self, step: CutStep, box: Box, change: Pixels, shape: tuple[int, ...]) -> None:
        """A step that is done changed the alpha by this too; where redo leads from here stays what it was.

        Args:
            step: one after which no other changed the alpha, of those that are done.
            box: of the alpha.
            change: (h, w) what was made exclusive-or with it there.
            shape: (H, W) of the alpha.
        """
        undone = (one for one in self._all[self.stack.index() :] if not one.elsewhere)
        for one in filter(None, (step, next(undone, None))):
            one.change.append(("alpha", self.history.record_change(box, change, shape)))
        for one in self._all[self._all.index(step) :]:  # each names the one before it
            one.number = 0

    def add(self, step: CutStep) -> None:
        """Something was done; what was undone before it cannot be redone any more."""
        index = self.stack.index()
        dropped, self._all = self._all[index:], self._all[:index]
        self._all.append(step)
        self.stack.push(step)
        while len(self._all) > self.stack.count():
            dropped.append(self._all.pop(0))
        self.history.forget([delta for old in dropped for _, delta in old.change])

    def recorded(self, planes: list[tuple[Plane, Pixels, Pixels]], box: Box | None = None) -> Change:
        """What changes in planes, each before and after (H, W); nowhere outside of ``box``, where it is given."""
        found = [(plane, self.history.record(before, after, box)) for plane, before, after in planes]
        return [(plane, delta) for plane, delta in found if delta]

    def forget(self) -> None:
        """Let go of all."""
        self._all = []
        self.stack.clear()
        self.history = History()

    # Its file

    def restore(
        self, work: Work, shape: tuple[int, ...], steps: Sequence[SavedStep], done: int, numbered: int,
        revive: Callable[[str, str], Elsewhere | None],
    ) -> None:  # fmt: skip
        """Take in what the photo's file says, once.

        Args:
            work: as it stands.
            shape: (H, W) of the planes.
            steps: all of them.
            done: how many are not undone.
            numbered: the largest number that was given.
            revive: makes what was done elsewhere of its note and its step's text.
        """
        self._numbered = numbered
        self._all = [self._restored(work, shape, step, revive) for step in steps]
        self.restoring = True
        for step in self._all:
            self.stack.push(step)
        self.stack.setIndex(done)
        self.restoring = False

    def _restored(
        self, work: Work, shape: tuple[int, ...], step: SavedStep, revive: Callable[[str, str], Elsewhere | None]
    ) -> CutStep:
        head = step.head
        change = [
            (change.plane, self.history.stored(change.box, shape, place.read))
            for change, place in zip(head.planes, step.places, strict=True)
        ]  # fmt: skip
        before, after = (
            work.model_copy(update={"seeds": seeds, "finish": finish})
            for seeds, finish in zip((step.before, step.after), head.finish, strict=True)
        )
        elsewhere = revive(head.note, head.text) if head.note else None
        return CutStep(head.text, self, before, after, change, elsewhere, head.step)

    def unwritten(self) -> tuple[list[Written], dict[int, list[Delta]]]:
        """Those that are not in the file yet, which get their numbers by this; and their changes by these."""
        steps, deltas, parent = list[Written](), dict[int, list[Delta]](), 0
        for step in self._all:
            if not step.number:
                self._numbered += 1
                step.number = self._numbered
                changes = [(plane, delta, self.history.data(delta)) for plane, delta in step.change]
                steps.append((step.head(parent, changes), [data for *_, data in changes]))
                deltas[step.number] = [delta for _, delta in step.change]
            parent = step.number
        return steps, deltas

    def note_written(self, deltas: dict[int, list[Delta]], places: dict[int, tuple[Place, ...]]) -> None:
        """What `unwritten` gave lies in the file, at these places."""
        for number, found in places.items():
            for delta, place in zip(deltas[number], found, strict=True):
                self.history.note_stored(delta, place.read)

    def note_unwritten(self, deltas: dict[int, list[Delta]]) -> None:
        """It could not be written."""
        for step in self._all:
            if step.number in deltas:
                step.number = 0


def _uncut(done: Sequence[CutStep]) -> CutStep | None:
    for step in reversed(done):
        if any(plane == "alpha" for plane, _ in step.change):
            return None
        if step.before.seeds != step.after.seeds:
            return step
    return None
