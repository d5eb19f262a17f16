"""A photo's cutout as it is seen: soon after each change its edge and colours are finished on a worker, and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box, part_of
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.cutting.refine_and_check import EdgeColours, refine_and_check
from fgbg_studio.core.cutting.seeds import hair_of
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.core.imaging.pixel_history import differing_box
from fgbg_studio.gui.lib.worker import Jobs, Latest

Now = Callable[[], tuple[Pixels, Pixels, Work]]


class Finishing(QObject):
    """See the module.

    Attributes:
        shown: (H, W) the finished alpha; the document's own where finishing leaves it as it is.
        issues: what the last check found.
        looked_at: whether somebody sees it; else nothing is finished.

    Args:
        jobs: that it runs on.
        now: gives the photo, its alpha (H, W) and what was done to it, as they are now.

    Signals:
        shown_changed, colours_changed, checked: as `CutDocument`'s.
        failed: an `FgbgError`.
    """

    shown_changed = Signal(object)
    colours_changed = Signal(object)
    checked = Signal(list)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, now: Now, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.shown = now()[1]
        self.issues: list[Issue] = []
        self.looked_at = True
        self._version = 0
        self._refining = Latest(jobs, self.tr("finishing the cutout"), self)
        self._refining.produced.connect(self._take)
        self._refining.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._refine)

    @property
    def runs(self) -> bool:
        """Whether the last change is still to be finished or checked."""
        return self._timer.isActive() or self._refining.running

    def soon(self, delay: int = 250) -> None:
        """Finish it anew in so many milliseconds."""
        if self.looked_at:
            self._timer.start(delay)

    def stop(self) -> None:
        """Nobody looks at it any more."""
        self.looked_at = False
        self._timer.stop()
        self._refining.cancel()

    def show_unfinished(self, box: Box) -> None:
        """The alpha changed inside the box: show it as it is until it is finished anew."""
        if not box[2]:
            return
        part, alpha = part_of(box), self._now()[1]
        self._version += 1
        if self.shown is not alpha:
            self.shown[part] = alpha[part]
        self.shown_changed.emit(box)
        self.soon()

    @Slot()
    def _refine(self) -> None:
        (photo, alpha, work), version = self._now(), self._version

        def finished() -> Iterator[tuple[int, Pixels | EdgeColours | list[Issue]]]:
            # It is copied here: of what changes meanwhile the version is another, and the result is not taken.
            hair = hair_of(work.seeds, alpha.shape)
            return ((version, part) for part in refine_and_check(photo, alpha.copy(), work.finish, hair))

        self._refining.submit(finished)

    @Slot(list)
    def _take(self, results: list[tuple[int, Pixels | EdgeColours | list[Issue]]]) -> None:
        for version, result in results:
            if version != self._version:
                continue  # painted over meanwhile: a newer one is on its way
            if isinstance(result, EdgeColours):
                self.colours_changed.emit(result)
            elif isinstance(result, list):
                self.issues = result
                self.checked.emit(result)
            else:
                self._take_shown(result)

    def _take_shown(self, final: Pixels) -> None:
        _, alpha, work = self._now()
        new = alpha if work.finish.keeps_alpha else final
        if new is not self.shown:
            box = differing_box(new, self.shown)
            self.shown = new
            if box[2]:
                self.shown_changed.emit(box)
