"""Cuts of one photo by what was drawn on it, on workers: one at a time, the newest request wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.hair import hair_matted
from fgbg_studio.core.cutting.seeds import Seeds, hair_of, without_hair
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.gui.lib.worker import Jobs, Latest


@dataclass(frozen=True, eq=False)
class Cut:
    """What was cut: by which seeds, the alpha (H, W), and where (H, W) it is of account; None for everywhere."""

    seeds: Seeds
    alpha: Pixels
    where: Region | None


class Cuts(QObject):
    """See the module.

    Attributes:
        wanted: one is on its way, or has come and is not taken yet.
        due: one is to be run when the photo is looked at.
        only_hair: whether the newest request is of the hair alone.
        last: (H, W) the one by which the next begins; None where it cannot.

    Args:
        jobs: that they run on.
        segmenter: what cuts.
        photo: (H, W, 3) or (H, W, 4), of which the first three channels, RGB, are cut.

    Signals:
        came: what was asked for: a `Cut`.
        failed: an `FgbgError`.
        busy: a request begins or has ended.
    """

    came = Signal(object)
    failed = Signal(object)
    busy = Signal()

    def __init__(self, jobs: Jobs, segmenter: Segmenter, photo: Pixels, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._segmenter, self._photo = segmenter, photo
        self.wanted = self.due = self.only_hair = False
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

    def run(self, seeds: Seeds, alpha: Pixels, painted: Pixels, *, only_hair: bool) -> None:
        """Cut by these.

        Args:
            seeds: what was drawn.
            alpha: (H, W) as it is now.
            painted: (H, W), 255 where that is a brush's.
            only_hair: whether it stands as it is but for the hair.
        """
        prepare, last, photo = self._prepare, self.last, self._photo
        self.wanted, self.due, self.only_hair = True, False, only_hair

        def work() -> Cut:
            # Where a brush paints meanwhile, its word counts and not what is read of it here.
            found = alpha.copy() if only_hair else prepare().cut(without_hair(seeds), last)
            hair = hair_of(seeds, alpha.shape)
            if hair is None:
                return Cut(seeds, found, np.zeros_like(painted, np.bool_) if only_hair else None)
            brushed = hair & (painted > 0)
            if not only_hair:
                np.copyto(found, alpha, where=painted > 0)
            return Cut(seeds, hair_matted(photo, found, hair & ~brushed), hair if only_hair else None)

        self._cutting.submit(work)

    def look_ahead(self, seeds: Seeds, failed: Callable[[FgbgError], object]) -> None:
        """Do what a cut by ``seeds`` would have to wait for."""
        prepare = self._prepare
        self._jobs.run(self.tr("looking at the photo"), lambda: prepare().get_ready(without_hair(seeds)), failed=failed)

    def preview(self, seeds: Seeds, take: Callable[[tuple[Seeds, Region | None]], object]) -> None:
        """Let ``take`` have what a cut by ``seeds`` would roughly be, unless another preview is asked for before."""
        prepare = self._prepare
        self._take_preview = take
        self._previewing.submit(lambda: (seeds, prepare().preview(without_hair(seeds))))

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
