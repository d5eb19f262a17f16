"""One photo being cut: its pixels, its alpha, what was drawn, its undo; the canvas shows it, tools change it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, union
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.raster import draw_way, painted_way
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
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.core.imaging.pixel_history import Delta, History, changed_box
from fgbg_studio.core.imaging.regions import extent
from fgbg_studio.gui.lib.worker import Jobs, Latest

STEPS = 500
Brush = Literal["add", "remove", "soften"]
Plane = Literal["alpha", "painted"]
Change = list[tuple[Plane, Delta]]
"""What a step did to the pixels, plane by plane."""


class _Step(QUndoCommand):
    """One step of undo: the work before and after it, and what it did to the pixels."""

    def __init__(self, text: str, document: CutDocument, before: Work, after: Work, change: Change) -> None:
        super().__init__(text)
        self._document, self._before, self.after, self.change = document, before, after, change
        self._applied = True  # a step is pushed when it has happened

    @override
    def redo(self) -> None:
        if not self._applied:
            self._document.put_back(self.after, self.change)
        self._applied = True

    @override
    def undo(self) -> None:
        self._document.put_back(self._before, self.change[::-1])
        self._applied = False


class _Elsewhere(_Step):
    """A step whose work is done elsewhere, in the project."""

    def __init__(self, text: str, document: CutDocument, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        super().__init__(text, document, document.work, document.work, [])
        self._undo, self._redo = undo, redo

    @override
    def redo(self) -> None:
        if not self._applied:
            self._redo()
        self._applied = True

    @override
    def undo(self) -> None:
        self._undo()
        self._applied = False


class CutDocument(QObject):
    """One photo being cut.

    Attributes:
        path: the photo's file.
        photo: (H, W, 3) RGB, or (H, W, 4) of a cutout that came with its alpha.
        alpha: (H, W) as it was cut and painted; ``shown`` is the same, finished.
        painted: (H, W), 255 where a hard brush has the word.
        marks: (H, W), 1 where strokes say object, 2 where they say background.

    Signals:
        shown_changed: ``shown`` changed inside this box (x, y, width, height).
        marks_changed: ``marks`` changed inside this box.
        work_changed: ``work``: what was drawn, or how it is finished.
        colours_changed: `EdgeColours` of the finished cutout's edge, or None for the photo's own.
        checked: the list of issues.
        edited: something is to be saved.
        busy: a cut runs, or has ended.
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
        shape = photo.shape[:2]
        self.alpha, self.painted = planes or (np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
        self.shown = self.alpha
        self.marks = marks_of(work.seeds, shape)
        self.issues: list[Issue] = []
        self.version = self._filled = 0
        self.automatic = True
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(STEPS)
        self.history = History()
        self._steps: list[_Step] = []
        self._waiting: _Step | None = None  # the cut by it has not come
        self._stroke: tuple[Pixels, Pixels, Box] | None = None
        segmenter, rgb = segmenter or Segmenter.default(), np.ascontiguousarray(photo[..., :3])
        self._prepare = cache(lambda: segmenter.prepare(rgb))  # on the worker that cuts first
        self._last_cut: Pixels | None = None
        self._cutting = Latest(jobs, self.tr("cutting"), self)
        self._cutting.returned.connect(self._take)
        self._cutting.failed.connect(self.failed)
        self._cutting.busy.connect(self.busy)
        self._refining = Latest(jobs, self.tr("finishing the cutout"), self)
        self._refining.produced.connect(self._take_refined)
        self._refining.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._refine)

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
        """Whether a cut runs."""
        return self._cutting.running

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
        """Refine and check what was opened."""
        self._refine_soon(0)

    def close(self) -> None:
        """Nothing arrives any more; it may be let go."""
        self._timer.stop()
        self._cutting.cancel()
        self._refining.cancel()
        self.blockSignals(True)
        self.deleteLater()

    def set_foreground(self, sha256: str) -> None:
        """Remember which foreground was kept of it; no step of undo."""
        self.work = self.work.model_copy(update={"foreground": sha256})
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
        self._waiting = self._push(text, self.work.model_copy(update={"seeds": seeds}), change or [])
        self.rebuild_marks()
        if self.automatic and run:
            self.run()

    def run(self) -> None:
        """Cut by what was drawn; the newest request wins."""
        prepare, seeds, previous = self._prepare, self.work.seeds, self._last_cut
        if seeds:
            self._cutting.submit(lambda: (seeds, prepare().cut(seeds, previous)))

    def stop(self) -> bool:
        """Give up the cut that runs; whether there was one."""
        running = self._cutting.running
        self._cutting.cancel()
        return running

    def _take(self, result: tuple[tuple[Seed, ...], Pixels]) -> None:
        seeds, cut = result
        if seeds != self.work.seeds:
            return
        self._last_cut = cut
        after = np.where(self.painted > 0, self.alpha, cut) if self.painted.any() else cut
        top = self._steps[-1] if self._steps else None
        newest = self.undo_stack.index() == self.undo_stack.count()
        waiting = self._waiting if newest and self._waiting is top else None
        self._waiting = None
        delta = self.history.record(self.alpha, after)
        if delta is None:
            return
        change = waiting.change if waiting else Change()
        change.append(("alpha", delta))
        self._replace(delta.box, after)
        if waiting is None:
            self._push(self.tr("cut"), self.work, change)
        else:
            self.edited.emit()

    # Painting the alpha itself

    def begin_paint(self) -> None:
        """A hard brush is set down."""
        self._stroke = (self.alpha.copy(), self.painted.copy(), (0, 0, 0, 0))

    def paint(self, points: Points, radius: float, brush: Brush) -> None:
        """The brush moves on: the next piece of its way."""
        assert self._stroke is not None
        before, painted, so_far = self._stroke
        box = painted_way(self.alpha, before, self.painted, points, radius, brush)
        self._stroke = (before, painted, union(so_far, box))
        self._show(box)

    def end_paint(self, brush: Brush) -> None:
        """The brush is lifted: one step."""
        assert self._stroke is not None
        before, painted, box = self._stroke
        self._stroke = None
        texts = {"add": self.tr("paint in"), "remove": self.tr("paint out"), "soften": self.tr("soften")}
        change = self._recorded([("alpha", before, self.alpha), ("painted", painted, self.painted)], box)
        if change:
            self._push(texts[brush], self.work, change)

    def cancel_paint(self) -> None:
        """The brush's way is taken back."""
        if self._stroke:
            before, painted, box = self._stroke
            self._stroke = None
            self.alpha[:], self.painted[:] = before, painted
            self._show(box)

    def set_alpha(self, alpha: Pixels, text: str) -> None:
        """Another alpha, by mending; what it changes counts as painted."""
        painted = np.where(alpha != self.alpha, np.uint8(255), self.painted)
        change = self._recorded([("alpha", self.alpha, alpha), ("painted", self.painted, painted)], None)
        if change:
            self.painted[:] = painted
            self._replace((0, 0, self.width, self.height), alpha)
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
            self.work_changed.emit()
            self.edited.emit()
        else:
            self._push(text, after, [])
        self._refine_soon(30)

    def _refine_soon(self, delay: int = 250) -> None:
        self._timer.start(delay)

    def _refine(self) -> None:
        photo, alpha, finish, version = self.photo, self.alpha.copy(), self.work.finish, self.version
        self._refining.submit(lambda: ((version, part) for part in refine_and_check(photo, alpha, finish)))

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
        box = changed_box(np.bitwise_xor(new, self.shown))
        self.shown = new
        if box[2]:
            self.shown_changed.emit(box)

    # Steps

    def put_back(self, work: Work, deltas: Change) -> None:
        """Undo or redo a step; only its command calls this."""
        self.stop()
        self._waiting = self._last_cut = None
        seeds = self.work.seeds
        self.work = work.model_copy(update={"foreground": self.work.foreground})
        for plane, delta in deltas:
            box = self.history.apply(delta, getattr(self, plane))
            if plane == "alpha":
                self._show(box)
        if work.seeds != seeds:
            self.rebuild_marks()
        self.work_changed.emit()
        self.edited.emit()
        self._refine_soon()

    def note(self, text: str, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        """Something was done elsewhere that undo is to reach in its turn."""
        self._put_on(_Elsewhere(text, self, undo, redo))

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
        x, y, width, height = box
        part = (slice(y, y + height), slice(x, x + width))
        self.alpha[part] = alpha[part]
        self._show(box)

    def _show(self, box: Box) -> None:
        """The alpha changed inside the box: show it as it is until it is finished anew."""
        x, y, width, height = box
        if not width:
            return
        part = (slice(y, y + height), slice(x, x + width))
        self.version += 1
        if self.shown is not self.alpha:
            self.shown[part] = self.alpha[part]
        self.shown_changed.emit(box)
        self._refine_soon()

    def rebuild_marks(self) -> None:
        """Draw the strokes anew, as after one that was given up before its end."""
        before = self.marks
        self.marks = marks_of(self.work.seeds, self.alpha.shape)
        box = changed_box(np.bitwise_xor(before, self.marks))
        if box[2]:
            self.marks_changed.emit(box)
