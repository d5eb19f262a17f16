"""Cuts of one photo by what was drawn on it, on workers: one at a time, the newest request wins."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.seeds import Seeds
from fgbg_studio.core.cutting.segmenters import Segmenter
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

    def forget(self) -> None:
        """Let go of what the segmenter keeps of the photo."""
        segmenter, rgb = self._segmenter, self._photo[..., :3]
        self._prepare = cache(lambda: segmenter.prepare(np.ascontiguousarray(rgb)))  # on the worker that cuts first

    def run(self, seeds: Seeds) -> None:
        """Cut by these."""
        prepare, last = self._prepare, self.last
        self.wanted, self.due = True, False
        self._cutting.submit(lambda: (seeds, prepare().cut(seeds, last)))

    def give_up(self) -> bool:
        """Forget the one that runs or is due; whether one was wanted."""
        wanted, self.wanted, self.due = self.wanted, False, False
        self._cutting.cancel()
        return wanted

    def close(self) -> None:
        """Let go of the photo; nothing comes any more."""
        self._cutting.cancel()
        self._photo, self.last = self._photo[:1, :1].copy(), None
        self.forget()

    @Slot(object)
    def _fail(self, error: FgbgError) -> None:
        self.wanted = False
        self.failed.emit(error)
