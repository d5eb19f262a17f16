"""One photo being cut: its pixels, its alpha, what was drawn, its undo; the canvas shows it, tools change it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of, union
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.raster import SOFTEST, draw_way, painted_way, way_box
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.refine_and_check import EdgeColours, refine_and_check
from fgbg_studio.core.cutting.seeds import (
    Area,
    Drawn,
    Point,
    Points,
    Seed,
    Seeds,
    Stroke,
    another_object,
    box_around,
    marks_of,
    newest_area,
    redrawn,
)
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.cutting.step_file import (
    STEPS,
    Place,
    Plane,
    PlaneChange,
    SavedStep,
    StepHead,
    differing,
    new_word,
)
from fgbg_studio.core.cutting.work import SavedWork, Work
from fgbg_studio.core.imaging.pixel_history import Before, Delta, History, differing_box
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.gui.foregrounds.spare_planes import SparePlanes
from fgbg_studio.gui.lib.worker import Jobs, Latest

Brush = Literal["add", "remove", "soften"]
Change = list[tuple[Plane, Delta]]
"""What a step did to the pixels, plane by plane."""


class Elsewhere(Protocol):
    """What was done in the project and is a step of a photo too; ``note`` says what, in the photo's file."""

    note: str

    def undo(self) -> None: ...  # noqa: D102
    def redo(self) -> None: ...  # noqa: D102


class _Step(QUndoCommand):
    """One step of undo: the work before and after it, what it did to the pixels, and elsewhere.

    Attributes:
        number: by which the photo's file knows it; 0 until it is to be written, and again when it changed since.
    """

    def __init__(
        self, text: str, document: CutDocument, before: Work, after: Work, change: Change,
        elsewhere: Elsewhere | None = None, number: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(text)
        self._document, self.before, self.after, self.change = document, before, after, change
        self.elsewhere, self.number = elsewhere, number
        self._applied = True  # a step is pushed when it has happened

    @override
    def redo(self) -> None:
        if not self._applied and not self._document.restoring:
            if self.elsewhere:
                self.elsewhere.redo()
                self._document.edited.emit()
            else:
                self._document.put_back(self.after, self.change)
        self._applied = True

    @override
    def undo(self) -> None:
        if not self._document.restoring:
            if self.elsewhere:
                self.elsewhere.undo()
                self._document.edited.emit()
            else:
                self._document.put_back(self.before, self.change[::-1])
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


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A document as it was at one moment, to be written on a worker.

    Attributes:
        path: the photo's file; ``source``: the one that is copied to it where it is not there yet.
        work: what was done.
        planes: alpha and where it was painted, or their checksums where they did not change since the last one.
        steps: those that are not written yet, with the bytes of their changes; ``deltas``: these by number.
    """

    path: Path
    source: Path | None
    work: SavedWork
    planes: tuple[Pixels | str, Pixels | str]
    steps: list[tuple[StepHead, list[bytes]]]
    deltas: dict[int, list[Delta]]


class CutDocument(QObject):
    """One photo being cut.

    Attributes:
        path: the photo's file; ``source``: the file that it will be copied from, where it is not there yet.
        photo: (H, W, 3) RGB, or (H, W, 4) of a cutout that came with its alpha.
        alpha: (H, W) as it was cut and painted; ``shown`` is the same, finished.
        painted: (H, W), 255 where a hard brush has the word.
        marks: (H, W), 1 where strokes say object, 2 where they say background.
        guess_wanted: a network's guess was asked for and has not come; see `want_guess`.

    Signals:
        shown_changed: ``shown`` changed inside this box (x, y, width, height).
        marks_changed: ``marks`` changed inside this box.
        work_changed: ``work``: what was drawn, or how it is finished.
        colours_changed: `EdgeColours` of the finished cutout's edge, or None for the photo's own.
        checked: the list of issues.
        edited: something is to be saved.
        busy: something is at work on it, or has ended; see `at_work`.
        failed: an `FgbgError` of a cut.
    """

    shown_changed = Signal(object)
    marks_changed = Signal(object)
    work_changed = Signal()
    colours_changed = Signal(object)
    checked = Signal(list)
    edited = Signal()
    busy = Signal(bool)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, path: Path, photo: Pixels, work: Work, planes: tuple[Pixels, Pixels] | None,
        parent: QObject | None = None, segmenter: Segmenter | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.path, self.photo, self.work = path, photo, work
        self.source: Path | None = None
        shape = photo.shape[:2]
        self.alpha, self.painted = planes or (np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
        self.shown = self.alpha
        self.marks = marks_of(work.seeds, shape)
        self.issues: list[Issue] = []
        self.version = self._filled = 0
        self.automatic = True
        self.looked_at = True
        self.restoring = False
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(STEPS)
        self.history = History()
        self._saved = SavedWork(alpha="", painted="") if planes is None else SavedWork()
        self._unsaved: set[Plane] = {"alpha", "painted"} if planes else set()
        self._numbered = 0
        self._steps: list[_Step] = []
        self._waiting: _Step | None = None  # the cut by it has not come
        self.guess_wanted = False
        self._cut_wanted = self._cut_due = False  # one runs; one is to be run when it is looked at
        self._held = 0
        self._then: list[Callable[[], object]] = []  # once no cut is on its way
        self._tasks: dict[str, Latest] = {}
        self._stroke: tuple[Before, Box] | None = None  # a hard brush's, and what it touched so far
        self._segmenter, self._jobs = segmenter or Segmenter.default(), jobs
        self._last_cut: Pixels | None = None
        self._late_cut: tuple[Seeds, Pixels] | None = None  # it came while a brush was set down
        self._forget_prepared()
        self._cutting = Latest(jobs, self.tr("cutting"), self)
        self._cutting.returned.connect(self._take)
        self._cutting.failed.connect(self._fail)
        self._cutting.busy.connect(self._tell_busy)
        self._refining = Latest(jobs, self.tr("finishing the cutout"), self)
        self._refining.produced.connect(self._take_refined)
        self._refining.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._refine)

    def _forget_prepared(self) -> None:
        segmenter, rgb = self._segmenter, self.photo[..., :3]
        self._prepare = cache(lambda: segmenter.prepare(np.ascontiguousarray(rgb)))  # on the worker that cuts first

    @property
    def width(self) -> int:
        """Of the photo, in pixels."""
        return int(self.alpha.shape[1])

    @property
    def height(self) -> int:
        """Of the photo, in pixels."""
        return int(self.alpha.shape[0])

    @property
    def cutting(self) -> bool:
        """Whether a cut is on its way."""
        return self._cut_wanted

    @property
    def at_work(self) -> bool:
        """Whether anything is on its way that will change the photo: a cut, a guess, a mend, its cutout being kept."""
        return self._cut_wanted or self._held > 0 or any(task.running for task in self._tasks.values())

    @property
    def nbytes(self) -> int:
        """Memory that it takes, about."""
        planes = (self.photo, self.alpha, self.painted, self.marks, self.shown)
        return sum(plane.nbytes for plane in planes) + self.history.in_memory

    @property
    def outline(self) -> tuple[Point, ...]:
        """The corners of the rectangle or lasso that holds; none where a guess took its place."""
        area = newest_area(self.work.seeds)
        return area.outline if area else ()

    @property
    def has_cut(self) -> bool:
        """Whether anything is cut out."""
        pixels = self.alpha.reshape(-1)
        if self._filled >= pixels.size or not pixels[self._filled]:
            self._filled = int(pixels.argmax())  # remembered: while a brush moves this is asked all the time
        return bool(pixels[self._filled])

    @property
    def refining(self) -> bool:
        """Whether the last change is still to be finished or checked."""
        return self._timer.isActive() or self._refining.running

    def begin(self) -> None:
        """It is looked at: what was opened is refined and checked, and cut where that was on its way."""
        self.looked_at = True
        if self._cut_due:
            self._cut_due = False
            self.run()
        self._refine_soon(0)

    def leave(self) -> None:
        """It is not looked at any more; what is at work goes on."""
        self.looked_at = False
        self.cancel_paint()
        self._timer.stop()
        self._refining.cancel()
        if not self._cut_wanted:
            self._last_cut = None
            self._forget_prepared()

    def close(self) -> None:
        """Nothing arrives any more; its memory is let go of."""
        self.looked_at = False
        self._timer.stop()
        for task in (self._cutting, self._refining, *self._tasks.values()):
            task.cancel()
        self.blockSignals(True)
        self.photo = self.alpha = self.painted = self.shown = self.marks = np.zeros((1, 1, 3), np.uint8)
        self._last_cut, self.history, self._steps, self._waiting = None, History(), [], None
        self._forget_prepared()
        self.undo_stack.clear()
        self.deleteLater()

    def task(self, title: str, take: Callable[[Any], object], failed: Callable[[FgbgError], object]) -> Latest:
        """What runs requests of one kind for this photo: their results come here, whichever photo is looked at then."""
        if title not in self._tasks:
            self._tasks[title] = task = Latest(self._jobs, title, self)
            task.returned.connect(take)
            task.failed.connect(failed)
            task.busy.connect(self._tell_busy)
        return self._tasks[title]

    def hold(self) -> None:
        """Something else is at work on it, until `let_go`."""
        self._held += 1
        self.busy.emit(True)

    def let_go(self) -> None:
        """See `hold`."""
        self._held -= 1
        self.busy.emit(self.at_work)

    def when_cut(self, then: Callable[[], object]) -> None:
        """Call ``then`` once no cut is on its way: now, or when it has arrived or was given up."""
        self._then.append(then)
        self._go_on()

    def _go_on(self) -> None:
        while self._then and not self._cut_wanted:
            self._then.pop(0)()

    # Its files

    def restore(
        self, saved: SavedWork, steps: Sequence[SavedStep], done: int, revive: Callable[[str, str], Elsewhere | None]
    ) -> None:
        """Take in what its files say, once, when it is opened; ``revive`` makes what was done elsewhere of its note."""
        self._saved = saved
        sums: list[tuple[Plane, str | None]] = [("alpha", saved.alpha), ("painted", saved.painted)]
        self._unsaved = {plane for plane, known in sums if known is None}
        self._numbered = max(saved.step, saved.newest)
        self._steps = [self._restored(step, revive) for step in steps]
        self.restoring = True
        for step in self._steps:
            self.undo_stack.push(step)
        self.undo_stack.setIndex(done)
        self.restoring = False
        self._cut_due, self.guess_wanted = saved.cut_wanted, saved.guess_wanted
        if saved.cut_wanted and self._steps and done == len(self._steps):
            self._waiting = self._steps[-1]

    def _restored(self, step: SavedStep, revive: Callable[[str, str], Elsewhere | None]) -> _Step:
        head, shape = step.head, self.alpha.shape
        change = [
            (change.plane, self.history.stored(change.box, shape, place.read))
            for change, place in zip(head.planes, step.places, strict=True)
        ]  # fmt: skip
        before, after = (
            self.work.model_copy(update={"seeds": seeds, "finish": finish})
            for seeds, finish in zip((step.before, step.after), head.finish, strict=True)
        )
        elsewhere = revive(head.note, head.text) if head.note else None
        return _Step(head.text, self, before, after, change, elsewhere, head.step)

    def snapshot(self, spare: SparePlanes) -> Snapshot:
        """Itself as it is now, without what is being drawn; it holds until another one is made with ``spare``."""
        known: dict[Plane, str | None] = {"alpha": self._saved.alpha, "painted": self._saved.painted}
        chosen = [
            self._copied(plane, spare) if plane in self._unsaved or word is None else word
            for plane, word in known.items()
        ]  # fmt: skip
        self._unsaved.clear()
        word, (steps, deltas) = self._saved.history or new_word(), self._unwritten()
        done = self._steps[: self.undo_stack.index()]
        self._saved = SavedWork(
            **dict(self.work), alpha=known["alpha"], painted=known["painted"],
            cut_wanted=self._cut_wanted or self._cut_due, guess_wanted=self.guess_wanted, history=word,
            step=done[-1].number if done else 0, newest=self._steps[-1].number if self._steps else 0,
        )  # fmt: skip
        return Snapshot(self.path, self.source, self._saved, (chosen[0], chosen[1]), steps, deltas)

    def _copied(self, plane: Plane, spare: SparePlanes) -> Pixels:
        copied = spare.copy(plane, getattr(self, plane))
        if self._stroke:
            before, box = self._stroke
            before.keep(box)
            copied[part_of(box)] = before.kept[0 if plane == "alpha" else 1][part_of(box)]
        return copied

    def _unwritten(self) -> tuple[list[tuple[StepHead, list[bytes]]], dict[int, list[Delta]]]:
        steps, deltas, parent = list[tuple[StepHead, list[bytes]]](), dict[int, list[Delta]](), 0
        for step in self._steps:
            if not step.number:
                self._numbered += 1
                step.number = self._numbered
                changes = [(plane, delta, self.history.data(delta)) for plane, delta in step.change]
                steps.append((step.head(parent, changes), [data for *_, data in changes]))
                deltas[step.number] = [delta for _, delta in step.change]
            parent = step.number
        return steps, deltas

    def note_saved(self, snapshot: Snapshot, saved: SavedWork, places: dict[int, tuple[Place, ...]]) -> None:
        """The snapshot lies on the disk."""
        self._saved = self._saved.model_copy(update={"alpha": saved.alpha, "painted": saved.painted})
        for number, found in places.items():
            for delta, place in zip(snapshot.deltas[number], found, strict=True):
                self.history.note_stored(delta, place.read)

    def note_unsaved(self, snapshot: Snapshot) -> None:
        """The snapshot could not be written: all of it is still to be."""
        self._unsaved = {"alpha", "painted"}
        for step in self._steps:
            if step.number in snapshot.deltas:
                step.number = 0

    def set_foreground(self, sha256: str) -> None:
        """Remember which foreground was kept of it; no step of undo."""
        self.work = self.work.model_copy(update={"foreground": sha256})
        self.edited.emit()

    def want_guess(self, wanted: bool) -> None:
        """Remember that a guess was asked for, or that it has come or failed: what is closed asks again when opened."""
        if wanted != self.guess_wanted:
            self.guess_wanted = wanted
            self.edited.emit()

    # Drawing what is cut by

    def mark(self, points: Points, radius: float, value: int) -> None:
        """Show a stroke's next piece while it is drawn: 1 object, 2 background, 0 erased."""
        self.marks_changed.emit(draw_way(self.marks, points, radius, value))

    def add_seed(self, seed: Seed, text: str) -> None:
        """Take in what was drawn, as one step that undo calls ``text``, and cut by it where that is automatic."""
        after = self.work.model_copy(update={"seeds": (*self.work.seeds, seed)})
        self.marks_changed.emit(seed.draw(self.marks))
        self._waiting = self._push(text, after, [])
        if self.automatic:
            self.run()

    def draw_area(self, area: Drawn, text: str) -> None:
        """Take in a rectangle or lasso that was drawn anew.

        Strokes inside stay in force where it means the same object as before. Where it means another one (see
        `another_object`) nothing that was drawn or painted for that one does. Undo brings all of it back.
        """
        seeds = self.work.seeds
        before = box_around(newest_area(seeds))
        if not before[2]:
            before = extent(self.alpha > 0)
        if not another_object(before, box_around(area)):
            self.change_seeds(redrawn(seeds, area, self.alpha.shape), text)
            return
        change = self._recorded([("painted", self.painted, np.zeros_like(self.painted))], None)
        self.painted[:] = 0
        self.change_seeds((area,), text, change)

    def correct_area(self, area: Drawn, text: str) -> None:
        """Let this rectangle or lasso take the place of the one that holds; all strokes stay in force."""
        held = newest_area(self.work.seeds)
        self.change_seeds(tuple(area if seed is held else seed for seed in self.work.seeds), text)

    def remove_area(self, text: str) -> None:
        """Take rectangles, lassos and guesses away; what is cut is then what strokes say and brushes painted."""
        seeds = tuple(seed for seed in self.work.seeds if not isinstance(seed, Area))
        if any(isinstance(seed, Stroke) and seed.object for seed in seeds):
            self.change_seeds(seeds, text)
            return
        bare = np.where(self.painted > 0, self.alpha, np.uint8(0))
        change = self._recorded([("alpha", self.alpha, bare)], None)
        self._replace((0, 0, self.width, self.height), bare)
        self.change_seeds(seeds, text, change, run=False)

    def change_seeds(self, seeds: Seeds, text: str, change: Change | None = None, *, run: bool = True) -> None:
        """Let other things hold than so far, as one step, and cut by them where that is automatic.

        Args:
            seeds: all that holds from now on.
            text: what undo calls it.
            change: what was done to the pixels besides.
            run: whether these can be cut by.
        """
        self.stop()
        self._last_cut = None
        self._unsaved |= {plane for plane, _ in change or []}
        step = self._push(text, self.work.model_copy(update={"seeds": seeds}), change or [])
        self._waiting = step if run else None
        self.rebuild_marks()
        if self.automatic and run:
            self.run()

    def run(self) -> None:
        """Cut by what was drawn; the newest request wins."""
        prepare, seeds, previous = self._prepare, self.work.seeds, self._last_cut
        if seeds:
            self._cut_wanted, self._cut_due = True, False
            self.busy.emit(True)
            self._cutting.submit(lambda: (seeds, prepare().cut(seeds, previous)))

    def stop(self) -> bool:
        """Give up the cut that runs; whether there was one."""
        wanted, self._cut_wanted, self._cut_due = self._cut_wanted, False, False
        self._late_cut = None
        self._cutting.cancel()
        if wanted:
            self._tell_busy()
            self.edited.emit()
        return wanted

    def _fail(self, error: FgbgError) -> None:
        self._cut_wanted = False
        self.failed.emit(error)
        self.edited.emit()

    def _tell_busy(self) -> None:
        self._go_on()
        self.busy.emit(self.at_work)

    def _take(self, result: tuple[Seeds, Pixels]) -> None:
        seeds, cut = result
        if self._stroke:  # both change the same pixels, and each step of undo is to have its own
            self._late_cut = result
            return
        self._cut_wanted = False
        if not self.looked_at:
            self._forget_prepared()
        if seeds != self.work.seeds:
            return
        self._last_cut = cut
        top = self._steps[-1] if self._steps else None
        newest = self.undo_stack.index() == self.undo_stack.count()
        waiting = self._waiting if newest and self._waiting is top else None
        self._waiting = None
        delta = self._take_unpainted(cut)
        if delta is None:
            self.edited.emit()
            return
        change = waiting.change if waiting else Change()
        change.append(("alpha", delta))
        if waiting is None:
            self._push(self.tr("cut"), self.work, change)
        else:
            waiting.number = 0
            self.edited.emit()

    def _take_unpainted(self, cut: Pixels) -> Delta | None:
        """Take a cut's alpha where no brush painted: what was painted is the person's word."""
        box = differing_box(self.alpha, cut)
        part = part_of(box)
        change: Pixels = np.bitwise_xor(self.alpha[part], cut[part])
        np.copyto(change, np.uint8(0), where=self.painted[part] > 0)
        if not change.any():
            return None
        np.bitwise_xor(self.alpha[part], change, out=self.alpha[part])
        self._unsaved.add("alpha")
        self._show(box)
        return self.history.record_change(box, change, self.alpha.shape)

    # Painting the alpha itself

    def begin_paint(self) -> None:
        """A hard brush is set down."""
        self._stroke = Before(self.alpha, self.painted), (0, 0, 0, 0)

    def paint(self, points: Points, radius: float, brush: Brush) -> None:
        """The brush moves on: the next piece of its way."""
        assert self._stroke is not None
        before, so_far = self._stroke
        x, y, width, height = way_box(points, radius, self.alpha.shape)
        before.keep((x - SOFTEST, y - SOFTEST, width + 2 * SOFTEST, height + 2 * SOFTEST))
        box = painted_way(self.alpha, before.kept[0], self.painted, points, radius, brush)
        self._stroke = before, union(so_far, box)
        self._show(box)

    def end_paint(self, brush: Brush) -> None:
        """The brush is lifted: one step."""
        assert self._stroke is not None
        before, box = self._stroke
        before.keep(box)
        (alpha, painted), self._stroke = before.kept, None
        texts = {"add": self.tr("paint in"), "remove": self.tr("paint out"), "soften": self.tr("soften")}
        change = self._recorded([("alpha", alpha, self.alpha), ("painted", painted, self.painted)], box)
        if change:
            self._unsaved |= {plane for plane, _ in change}
            self._push(texts[brush], self.work, change)
        self._take_late()

    def cancel_paint(self) -> None:
        """The brush's way is taken back."""
        if self._stroke:
            (before, box), self._stroke = self._stroke, None
            before.put_back(box)
            self._show(box)
            self._take_late()

    def _take_late(self) -> None:
        late, self._late_cut = self._late_cut, None
        if late:
            self._take(late)
            self._tell_busy()

    def set_alpha(self, alpha: Pixels, text: str) -> None:
        """Another alpha, by mending; what it changes counts as painted."""
        box = differing_box(self.alpha, alpha)
        before = Before(self.painted)
        before.keep(box)
        self.painted[part_of(box)][alpha[part_of(box)] != self.alpha[part_of(box)]] = 255
        change = self._recorded([("alpha", self.alpha, alpha), ("painted", before.kept[0], self.painted)], box)
        if change:
            self._unsaved.add("painted")
            self._replace(box, alpha)
            self._push(text, self.work, change)

    # Finishing

    def set_finish(self, finish: Refinement) -> None:
        """Refine the cutout in another way; steps that follow each other become one."""
        if finish == self.work.finish:
            return
        after = self.work.model_copy(update={"finish": finish})
        text = self.tr("finish")
        top = self._steps[-1] if self._steps else None
        if top and top.text() == text and self.undo_stack.index() == self.undo_stack.count():
            top.after = self.work = after
            top.number = 0
            self.work_changed.emit()
            self.edited.emit()
        else:
            self._push(text, after, [])
        self._refine_soon(30)

    def _refine_soon(self, delay: int = 250) -> None:
        if self.looked_at:
            self._timer.start(delay)

    def _refine(self) -> None:
        photo, alpha, finish, version = self.photo, self.alpha, self.work.finish, self.version
        # It is copied there: of what changes meanwhile the version is another, and the result is not taken.
        self._refining.submit(lambda: ((version, part) for part in refine_and_check(photo, alpha.copy(), finish)))

    def _take_refined(self, results: list[tuple[int, Pixels | EdgeColours | list[Issue]]]) -> None:
        for version, result in results:
            if version != self.version:
                continue  # painted over meanwhile: a newer one is on its way
            if isinstance(result, np.ndarray):
                self._take_shown(result)
            elif isinstance(result, EdgeColours):
                self.colours_changed.emit(result)
            else:
                self.issues = result
                self.checked.emit(result)

    def _take_shown(self, final: Pixels) -> None:
        new = self.alpha if self.work.finish.keeps_alpha else final
        if new is self.shown:
            return
        box = differing_box(new, self.shown)
        self.shown = new
        if box[2]:
            self.shown_changed.emit(box)

    # Steps

    def put_back(self, work: Work, deltas: Change) -> None:
        """Undo or redo a step; only its command calls this."""
        self.stop()
        self._waiting = self._last_cut = None
        try:
            for _, delta in deltas:
                self.history.data(delta)  # all of them or none
            boxes = [(plane, self.history.apply(delta, getattr(self, plane))) for plane, delta in deltas]
        except FgbgError as error:
            self._lose_steps(error)
            return
        seeds = self.work.seeds
        self.work = work.model_copy(update={"foreground": self.work.foreground})
        self._unsaved |= {plane for plane, _ in boxes}
        for plane, box in boxes:
            if plane == "alpha":
                self._show(box)
        if work.seeds != seeds:
            self.rebuild_marks()
        self.work_changed.emit()
        self.edited.emit()
        self._refine_soon()

    def _lose_steps(self, error: FgbgError) -> None:
        """What was done before cannot be undone; the work stays as it is."""
        self.failed.emit(error)
        QTimer.singleShot(0, self, self._forget_steps)

    def _forget_steps(self) -> None:
        self._steps = []
        self.undo_stack.clear()
        self.history = History()
        self.edited.emit()

    def note(self, text: str, elsewhere: Elsewhere) -> None:
        """Something was done elsewhere that undo is to reach in its turn."""
        self._put_on(_Step(text, self, self.work, self.work, [], elsewhere))

    def _push(self, text: str, after: Work, change: Change) -> _Step:
        return self._put_on(_Step(text, self, self.work, after, change))

    def _put_on(self, step: _Step) -> _Step:
        index = self.undo_stack.index()
        dropped, self._steps = self._steps[index:], self._steps[:index]
        self.work = step.after
        self._steps.append(step)
        self.undo_stack.push(step)
        while len(self._steps) > self.undo_stack.count():
            dropped.append(self._steps.pop(0))
        self.history.forget([delta for old in dropped for _, delta in old.change])
        self.work_changed.emit()
        self.edited.emit()
        return step

    def _recorded(self, planes: list[tuple[Plane, Pixels, Pixels]], box: Box | None) -> Change:
        found = [(plane, self.history.record(before, after, box)) for plane, before, after in planes]
        return [(plane, delta) for plane, delta in found if delta]

    def _replace(self, box: Box, alpha: Pixels) -> None:
        part = part_of(box)
        self.alpha[part] = alpha[part]
        self._unsaved.add("alpha")
        self._show(box)

    def _show(self, box: Box) -> None:
        """The alpha changed inside the box: show it as it is until it is finished anew."""
        if not box[2]:
            return
        part = part_of(box)
        self.version += 1
        if self.shown is not self.alpha:
            self.shown[part] = self.alpha[part]
        self.shown_changed.emit(box)
        self._refine_soon()

    def rebuild_marks(self) -> None:
        """Draw the strokes anew, as after one that was given up before its end."""
        before = self.marks
        self.marks = marks_of(self.work.seeds, self.alpha.shape)
        box = differing_box(before, self.marks)
        if box[2]:
            self.marks_changed.emit(box)
