"""One photo being cut: its pixels, its alpha, what was drawn, its undo; the canvas shows it, tools change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.raster import draw_way
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import (
    Click,
    Hair,
    Point,
    Points,
    Seed,
    Seeds,
    can_be_cut_by,
    marks_of,
    newest_area,
)
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.cutting.step_file import Place, Plane, SavedStep, new_word
from fgbg_studio.core.cutting.work import SavedWork, Work
from fgbg_studio.core.imaging.pixel_history import Before, differing_box
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.gui.foregrounds.brush_stroke import Brush, BrushStroke
from fgbg_studio.gui.foregrounds.cuts import Cut, Cuts
from fgbg_studio.gui.foregrounds.finishing import Finishing
from fgbg_studio.gui.foregrounds.snapshot import Snapshot, SparePlanes
from fgbg_studio.gui.foregrounds.steps import Change, CutStep, CutSteps, Elsewhere
from fgbg_studio.gui.lib.worker import Jobs, Latest


class CutDocument(QObject):
    """One photo being cut.

    Attributes:
        path: the photo's file; ``source``: the file that it will be copied from, where it is not there yet.
        photo: (H, W, 3) RGB, or (H, W, 4) of a cutout that came with its alpha.
        alpha: (H, W) as it was cut and painted.
        painted: (H, W), 255 where a hard brush has the word.
        marks: (H, W), 1 where strokes say object, 2 where they say background, 3 where they say hair.
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
        self.marks = marks_of(work.seeds, shape)
        self._filled = 0
        self.automatic = True
        self._steps = CutSteps(self._put_back, self.edited.emit, self)
        self.undo_stack = self._steps.stack
        self._saved = SavedWork(alpha="", painted="") if planes is None else SavedWork()
        self._unsaved: set[Plane] = {"alpha", "painted"} if planes else set()
        self.guess_wanted = False
        self._held = 0
        self._then: list[Callable[[], object]] = []  # once no cut is on its way
        self._tasks: dict[str, Latest] = {}
        self._stroke: BrushStroke | None = None
        self._jobs = jobs
        self._late_cut: Cut | None = None  # it came while a brush was set down
        self._cuts = Cuts(jobs, segmenter or Segmenter.default(), photo, self)
        self._cuts.came.connect(self._take)
        self._cuts.failed.connect(self._fail)
        self._cuts.busy.connect(self._tell_busy)
        self._finishing = Finishing(jobs, lambda: (self.photo, self.alpha, self.work), self)
        for signal, own in (
            (self._finishing.shown_changed, self.shown_changed), (self._finishing.checked, self.checked),
            (self._finishing.colours_changed, self.colours_changed), (self._finishing.failed, self.failed),
        ):  # fmt: skip
            signal.connect(own)

    @property
    def shown(self) -> Pixels:
        """(H, W) the alpha as it is seen: finished, or as it was cut and painted until that is done."""
        return self._finishing.shown

    @property
    def issues(self) -> list[Issue]:
        """What the last check found."""
        return self._finishing.issues

    @property
    def looked_at(self) -> bool:
        """Whether it is on the canvas."""
        return self._finishing.looked_at

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
        return self._cuts.wanted

    @property
    def at_work(self) -> bool:
        """Whether anything is on its way that will change the photo: a cut, a guess, a mend, its cutout being kept."""
        return self._cuts.wanted or self._held > 0 or any(task.running for task in self._tasks.values())

    @property
    def is_held(self) -> bool:
        """Whether its cutout is being kept, or will be once the cut has come."""
        return self._held > 0

    @property
    def nbytes(self) -> int:
        """Memory that it takes, about."""
        planes = (self.photo, self.alpha, self.painted, self.marks, self.shown)
        return sum(plane.nbytes for plane in planes) + self._steps.history.in_memory

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
    def is_untouched(self) -> bool:
        """Whether nothing was ever done to it, undone again or not."""
        return not (self.work.seeds or self.has_cut or self.guess_wanted or self._stroke or self.undo_stack.count())

    @property
    def refining(self) -> bool:
        """Whether the last change is still to be finished or checked."""
        return self._finishing.runs

    def begin(self) -> None:
        """It is looked at: what was opened is refined and checked, and cut where that was on its way."""
        self._finishing.looked_at = True
        if self._cuts.due:
            self.run()
        self._finishing.soon(0)

    def leave(self) -> None:
        """It is not looked at any more; what is at work goes on."""
        self.cancel_paint()
        self._finishing.stop()
        if not self._cuts.wanted:
            self._cuts.last = None
            self._cuts.forget()

    def close(self) -> None:
        """Nothing arrives any more; its memory is let go of."""
        self._finishing.stop()
        self._cuts.close()
        for task in self._tasks.values():
            task.cancel()
        self.blockSignals(True)
        self.photo = self.alpha = self.painted = self._finishing.shown = self.marks = np.zeros((1, 1, 3), np.uint8)
        self._steps.forget()
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
        while self._then and not self._cuts.wanted:
            self._then.pop(0)()

    # Its files

    def restore(
        self, saved: SavedWork, steps: Sequence[SavedStep], done: int, revive: Callable[[str, str], Elsewhere | None]
    ) -> None:
        """Take in what its files say, once, when it is opened; ``revive`` makes what was done elsewhere of its note."""
        self._saved = saved
        sums: list[tuple[Plane, str | None]] = [("alpha", saved.alpha), ("painted", saved.painted)]
        self._unsaved = {plane for plane, known in sums if known is None}
        self._steps.restore(self.work, self.alpha.shape, steps, done, max(saved.step, saved.newest), revive)
        self._cuts.due, self.guess_wanted = saved.cut_wanted, saved.guess_wanted

    def snapshot(self, spare: SparePlanes) -> Snapshot:
        """Itself as it is now, without what is being drawn; it holds until another one is made with ``spare``."""
        known: dict[Plane, str | None] = {"alpha": self._saved.alpha, "painted": self._saved.painted}
        chosen = [
            self._copied(plane, spare) if plane in self._unsaved or word is None else word
            for plane, word in known.items()
        ]  # fmt: skip
        self._unsaved.clear()
        word, (steps, deltas) = self._saved.history or new_word(), self._steps.unwritten()
        done, newest = self._steps.numbers
        self._saved = SavedWork(
            **dict(self.work), alpha=known["alpha"], painted=known["painted"],
            cut_wanted=self._cuts.wanted or self._cuts.due, guess_wanted=self.guess_wanted, history=word,
            step=done, newest=newest,
        )  # fmt: skip
        return Snapshot(self.path, self.source, self._saved, (chosen[0], chosen[1]), steps, deltas)

    def _copied(self, plane: Plane, spare: SparePlanes) -> Pixels:
        copied = spare.copy(plane, getattr(self, plane))
        if self._stroke:
            self._stroke.take_out(plane, copied)
        return copied

    def note_saved(self, snapshot: Snapshot, saved: SavedWork, places: dict[int, tuple[Place, ...]]) -> None:
        """The snapshot lies on the disk."""
        self._saved = self._saved.model_copy(update={"alpha": saved.alpha, "painted": saved.painted})
        self._steps.note_written(snapshot.deltas, places)

    def note_unsaved(self, snapshot: Snapshot) -> None:
        """The snapshot could not be written: all of it is still to be."""
        self._unsaved = {"alpha", "painted"}
        self._steps.note_unwritten(snapshot.deltas)

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
        """Show a stroke's next piece while it is drawn: 1 object, 2 background, 3 hair, 0 erased."""
        self.marks_changed.emit(draw_way(self.marks, points, radius, value))

    def add_seed(self, seed: Seed, text: str) -> None:
        """Take in what was drawn, as one step that undo calls ``text``, and cut by it where that is automatic.

        Hair is matted on what is cut already, and also where a brush painted before.
        """
        after = self.work.model_copy(update={"seeds": (*self.work.seeds, seed)})
        hair = isinstance(seed, Hair)
        only_hair = hair and (self._cuts.only_hair or not self._cuts.wanted)
        change = self._unpainted(seed) if hair else []
        self.marks_changed.emit(seed.draw(self.marks))
        self._push(text, after, change)
        if self.automatic:
            self.run(only_hair=only_hair)

    def _unpainted(self, seed: Seed) -> Change:
        """What was painted before under a seed is no longer the last word there."""
        under = np.zeros(self.painted.shape, np.uint8)
        box = seed.draw(under)
        before = Before(self.painted)
        before.keep(box)
        self.painted[part_of(box)][under[part_of(box)] > 0] = 0
        change = self._steps.recorded([("painted", before.kept[0], self.painted)], box)
        self._unsaved |= {plane for plane, _ in change}
        return change

    def change_seeds(
        self, seeds: Seeds, text: str, planes: Mapping[Plane, Pixels] | None = None, *, run: bool = True
    ) -> None:
        """Let other things hold than so far, as one step, and cut by them where that is automatic.

        Args:
            seeds: all that holds from now on.
            text: what undo calls it.
            planes: (H, W) each, what takes the place of alpha or painted besides.
            run: whether these can be cut by.
        """
        self.stop()
        self._cuts.last = None
        others = planes or {}
        change = self._steps.recorded([(plane, getattr(self, plane), other) for plane, other in others.items()])
        for plane, delta in change:
            self._replace(plane, delta.box, others[plane])
        self._push(text, self.work.model_copy(update={"seeds": seeds}), change)
        self.rebuild_marks()
        if self.automatic and run:
            self.run()

    def run(self, *, only_hair: bool = False) -> None:
        """Cut by what was drawn, or mat the hair of what is cut; the newest request wins."""
        seeds = self.work.seeds
        if seeds:
            only_hair = only_hair or (any(isinstance(seed, Hair) for seed in seeds) and not can_be_cut_by(seeds))
            self._cuts.run(seeds, self.alpha, self.painted, only_hair=only_hair)
            self.busy.emit(True)

    def look_ahead(self, click: Click, failed: Callable[[FgbgError], object]) -> None:
        """Do what the cut by a click would have to wait for."""
        self._cuts.look_ahead((*self.work.seeds, click), failed)

    def preview(self, seeds: Seeds, take: Callable[[tuple[Seeds, Region | None]], object]) -> None:
        """Let ``take`` have what a cut by ``seeds`` would roughly be, (h, w) over the photo."""
        self._cuts.preview(seeds, take)

    def stop(self) -> bool:
        """Give up the cut that runs; whether there was one."""
        self._late_cut = None
        wanted = self._cuts.give_up()
        if wanted:
            self._tell_busy()
            self.edited.emit()
        return wanted

    def _fail(self, error: FgbgError) -> None:
        self.failed.emit(error)
        self.edited.emit()

    def _tell_busy(self) -> None:
        self._go_on()
        self.busy.emit(self.at_work)

    def _take(self, result: Cut) -> None:
        if self._stroke:  # both change the same pixels, and each step of undo is to have its own
            self._late_cut = result
            return
        self._cuts.wanted = False
        if not self.looked_at:
            self._cuts.forget()
        if result.seeds != self.work.seeds:
            return
        if result.where is None:
            self._cuts.last = result.alpha
        drawn = self._steps.uncut
        box, change = self._take_unpainted(result)
        if change is None:
            self.edited.emit()
        elif drawn:
            self._steps.amend(drawn, box, change, self.alpha.shape)
            self.edited.emit()
        else:
            delta = self._steps.history.record_change(box, change, self.alpha.shape)
            self._push(self.tr("cut"), self.work, [("alpha", delta)])

    def _take_unpainted(self, cut: Cut) -> tuple[Box, Pixels | None]:
        """Take a cut's alpha where no brush painted: what was painted is the person's word; what that changed."""
        box = differing_box(self.alpha, cut.alpha)
        part = part_of(box)
        change: Pixels = np.bitwise_xor(self.alpha[part], cut.alpha[part])
        np.copyto(change, np.uint8(0), where=self.painted[part] > 0)
        if cut.where is not None:
            np.copyto(change, np.uint8(0), where=~cut.where[part])
        if not change.any():
            return box, None
        np.bitwise_xor(self.alpha[part], change, out=self.alpha[part])
        self._unsaved.add("alpha")
        self._finishing.show_unfinished(box)
        return box, change

    # Painting the alpha itself

    def begin_paint(self) -> None:
        """A hard brush is set down."""
        self._stroke = BrushStroke(self.alpha, self.painted)

    def paint(self, points: Points, radius: float, brush: Brush) -> None:
        """The brush moves on: the next piece of its way."""
        assert self._stroke is not None
        self._finishing.show_unfinished(self._stroke.move(points, radius, brush))

    def end_paint(self, brush: Brush) -> None:
        """The brush is lifted: one step."""
        assert self._stroke is not None
        stroke, self._stroke = self._stroke, None
        texts = {"add": self.tr("paint in"), "remove": self.tr("paint out"), "soften": self.tr("soften")}
        alpha, painted = stroke.before("alpha"), stroke.before("painted")
        change = self._steps.recorded([("alpha", alpha, self.alpha), ("painted", painted, self.painted)], stroke.box)
        if change:
            self._unsaved |= {plane for plane, _ in change}
            self._push(texts[brush], self.work, change)
        self._take_late()

    def cancel_paint(self) -> None:
        """The brush's way is taken back."""
        if self._stroke:
            stroke, self._stroke = self._stroke, None
            stroke.put_back()
            self._finishing.show_unfinished(stroke.box)
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
        change = self._steps.recorded([("alpha", self.alpha, alpha), ("painted", before.kept[0], self.painted)], box)
        if change:
            self._unsaved.add("painted")
            self._replace("alpha", box, alpha)
            self._push(text, self.work, change)

    # Finishing

    def set_finish(self, finish: Refinement) -> None:
        """Refine the cutout in another way; steps that follow each other and change the same setting become one."""
        if finish == self.work.finish:
            return
        after = self.work.model_copy(update={"finish": finish})
        text = self.tr("finish")
        top = self._steps.newest
        if top and top.text() == text and _changed(top.before, top.after) <= _changed(self.work, after):
            top.after = self.work = after
            top.number = 0
            self.work_changed.emit()
            self.edited.emit()
        else:
            self._push(text, after, [])
        self._finishing.soon(30)

    # Steps

    def _put_back(self, work: Work, deltas: Change, uncut: bool) -> None:
        """Undo or redo a step; only its command calls this.

        Where the next stroke was drawn before the cut by those before it had come, there is none to put back: it is
        made then.
        """
        self.stop()
        self._cuts.last = None
        try:
            for _, delta in deltas:
                self._steps.history.data(delta)  # all of them or none
            boxes = [(plane, self._steps.history.apply(delta, getattr(self, plane))) for plane, delta in deltas]
        except FgbgError as error:
            self._lose_steps(error)
            return
        seeds = self.work.seeds
        self.work = work.model_copy(update={"foreground": self.work.foreground})
        self._unsaved |= {plane for plane, _ in boxes}
        for plane, box in boxes:
            if plane == "alpha":
                self._finishing.show_unfinished(box)
        if work.seeds != seeds:
            self.rebuild_marks()
        if uncut and self.automatic:
            self.run()
        self.work_changed.emit()
        self.edited.emit()
        self._finishing.soon()

    def _lose_steps(self, error: FgbgError) -> None:
        """What was done before cannot be undone; the work stays as it is."""
        self.failed.emit(error)
        QTimer.singleShot(0, self, self._forget_steps)

    def _forget_steps(self) -> None:
        self._steps.forget()
        self.edited.emit()

    def note(self, text: str, elsewhere: Elsewhere) -> None:
        """Something was done elsewhere that undo is to reach in its turn."""
        self._put_on(CutStep(text, self._steps, self.work, self.work, [], elsewhere))

    def _push(self, text: str, after: Work, change: Change) -> None:
        self._put_on(CutStep(text, self._steps, self.work, after, change))

    def _put_on(self, step: CutStep) -> None:
        self.work = step.after
        self._steps.add(step)
        self.work_changed.emit()
        self.edited.emit()

    def _replace(self, plane: Plane, box: Box, pixels: Pixels) -> None:
        getattr(self, plane)[part_of(box)] = pixels[part_of(box)]
        self._unsaved.add(plane)
        if plane == "alpha":
            self._finishing.show_unfinished(box)

    def rebuild_marks(self) -> None:
        """Draw the strokes anew, as after one that was given up before its end."""
        before = self.marks
        self.marks = marks_of(self.work.seeds, self.alpha.shape)
        box = differing_box(before, self.marks)
        if box[2]:
            self.marks_changed.emit(box)


def _changed(before: Work, after: Work) -> set[str]:
    """The settings by which finishing differs."""
    one, other = before.finish.model_dump(), after.finish.model_dump()
    return {name for name in one if one[name] != other[name]}
