"""Cuts of one photo by what was drawn on it, on workers: one at a time, the newest request wins."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.seeds import Seeds
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.gui.lib.worker import Jobs, Latest


class Cuts(QObject):
    """See the module.

    Attributes:
        wanted: one is on its way, or has come and is not taken yet.
        due: one is to be run when the photo is looked at.
        last: (H, W) the one by which the next begins; None where it cannot.

    Args:
        jobs: that they run on.
        segmenter: what cuts.
        photo: (H, W, 3) or (H, W, 4), of which the first three channels, RGB, are cut.

    Signals:
        came: what was asked for: (the `Seeds` it was cut by, alpha (H, W)).
        failed: an `FgbgError`.
        busy: a request begins or has ended.
    """

    came = Signal(object)
    failed = Signal(object)
    busy = Signal()

    def __init__(self, jobs: Jobs, segmenter: Segmenter, photo: Pixels, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._segmenter, self._photo = segmenter, photo
        self.wanted = self.due = False
        self.last: Pixels | None = None
        self.forget()
        self._cutting = Latest(jobs, self.tr("cutting"), self)
        self._cutting.returned.connect(self.came)
        self._cutting.failed.connect(self._fail)
        self._cutting.busy.connect(self.busy)
        self._jobs = jobs
        self._previewing = Latest(jobs, self.tr("looking at the photo"), self)
        self._previewing.returned.connect(self._show_preview)

    def forget(self) -> None:
        """Let go of what the segmenter keeps of the photo."""
        segmenter, rgb = self._segmenter, self._photo[..., :3]
        # On the worker that is first: that cuts, that looks ahead, or that shows what a click would give.
        self._prepare = _once(lambda: segmenter.prepare(np.ascontiguousarray(rgb)))

    def run(self, seeds: Seeds) -> None:
        """Cut by these."""
        prepare, last = self._prepare, self.last
        self.wanted, self.due = True, False
        self._cutting.submit(lambda: (seeds, prepare().cut(seeds, last)))

    def look_ahead(self, seeds: Seeds, failed: Callable[[FgbgError], object]) -> None:
        """Do what a cut by ``seeds`` would have to wait for."""
        prepare = self._prepare
        self._jobs.run(self.tr("looking at the photo"), lambda: prepare().get_ready(seeds), failed=failed)

    def preview(self, seeds: Seeds, take: Callable[[tuple[Seeds, Region | None]], object]) -> None:
        """Let ``take`` have what a cut by ``seeds`` would roughly be, unless another preview is asked for before."""
        prepare = self._prepare
        self._take_preview = take
        self._previewing.submit(lambda: (seeds, prepare().preview(seeds)))

    def _show_preview(self, result: tuple[Seeds, Region | None]) -> None:
        self._take_preview(result)

    def give_up(self) -> bool:
        """Forget the one that runs or is due; whether one was wanted."""
        wanted, self.wanted, self.due = self.wanted, False, False
        self._cutting.cancel()
        return wanted

    def close(self) -> None:
        """Let go of the photo; nothing comes any more."""
        self._cutting.cancel()
        self._previewing.cancel()
        self._photo, self.last = self._photo[:1, :1].copy(), None
        self.forget()

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self.wanted = False
        self.failed.emit(error)


def _once(make: Callable[[], PreparedPhoto]) -> Callable[[], PreparedPhoto]:
    """Gives what ``make`` makes the first time, whichever thread asks first."""
    lock, made = threading.Lock(), list[PreparedPhoto]()

    def get() -> PreparedPhoto:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get
