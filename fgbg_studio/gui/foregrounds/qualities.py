"""What is wrong with the project's cutouts, measured one after the other on a worker and remembered by content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.cutting.quality import CutoutQuality, QualityStore
from fgbg_studio.core.interfaces.sizing import Sizing
from fgbg_studio.core.project.model import Foreground
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.gui.lib.worker import Worker
from fgbg_studio.gui.session.session import Session

_LARGEST_DRAW = 0.999  # of a sizing rule: the largest that it makes of an object


class Qualities(QObject):
    """See the module.

    Attributes:
        known: by hash of the cutout.

    Signals:
        measured: ``known`` grew, or all are known now.
    """

    measured = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._store: QualityStore | None = None
        self._worker: Worker | None = None
        self._wanted: dict[str, str] = {}
        self._failed: set[str] = set()
        self.known: dict[str, CutoutQuality] = {}
        self._badness: dict[str, float] = {}
        self._rated_for: Sizing | None = None
        session.opened.connect(self._open)

    def _open(self) -> None:
        self._store, self._wanted = QualityStore(self._session.folder), {}
        self.known, self._failed, self._badness = {}, set(), {}
        if self._worker:
            self._worker.cancel()
        self._worker = None

    @property
    def complete(self) -> bool:
        """Whether all that was wanted is known, as far as it can be read."""
        return all(sha256 in self.known or sha256 in self._failed for sha256 in self._wanted)

    def measure(self, foregrounds: Sequence[Foreground]) -> None:
        """Measure all of these that are not known yet."""
        self._wanted = {f.sha256: f.file for f in foregrounds}
        self._start()

    def flaws(self, foreground: Foreground) -> list[str] | None:
        """What is wrong with a cutout, each in a few words, the worst first; None where it is not measured yet."""
        quality = self.known.get(foreground.sha256)
        return None if quality is None else quality.flaws(float(self._pasted([quality])[0]))

    def badness(self) -> Mapping[str, float]:
        """Of all that are known, by hash; counted anew where objects are pasted in another size than the last time."""
        settings = self._session.project.settings
        if self._rated_for != settings.foreground.sizing:
            self._badness, self._rated_for = {}, settings.foreground.sizing
        new = {sha256: quality for sha256, quality in self.known.items() if sha256 not in self._badness}
        for (sha256, quality), pasted in zip(new.items(), self._pasted(list(new.values())).tolist(), strict=True):
            self._badness[sha256] = quality.badness(pasted)
        return self._badness

    def _pasted(self, qualities: Sequence[CutoutQuality]) -> Floats:
        """The longer side of each in pixels, at most, with which it gets into the dataset; 0 for an empty one."""
        solid = np.array([quality.size for quality in qualities], np.int64).reshape(-1, 2)
        wide, high = pasted_sizes(self._session.project.settings, np.maximum(solid, 1), _LARGEST_DRAW)
        return np.where(solid.any(1), np.maximum(wide, high), 0).astype(np.float64)

    def _start(self) -> None:
        lacking = [(sha256, file) for sha256, file in self._wanted.items()
                   if sha256 not in self.known and sha256 not in self._failed]  # fmt: skip
        if self._worker is None and lacking and self._store and self._session.is_open:
            self._worker = worker = self._session.jobs.run(
                self.tr("looking at the cutouts"), partial(_measured, self._store, lacking), priority=-2
            )
            worker.produced.connect(lambda found: self._take(worker, found))
            worker.finished.connect(self._ended)

    def _take(self, worker: Worker, found: list[tuple[str, CutoutQuality | None]]) -> None:
        if worker is not self._worker:
            return  # of another project
        for sha256, quality in found:
            if quality is None:
                self._failed.add(sha256)
            else:
                self.known[sha256] = quality
        self.measured.emit()

    def _ended(self, worker: Worker) -> None:
        if worker is self._worker:
            self._worker = None
            self._start()


def pasted_size(settings: Settings, size: tuple[int, int], draw: float = 0.5) -> tuple[int, int]:
    """Width and height in pixels of a composite at which the sizing rule pastes an object of ``size``."""
    wide, high = pasted_sizes(settings, np.array([size]), draw)
    return int(wide[0]), int(high[0])


def pasted_sizes(settings: Settings, sizes: Ints, draw: float) -> tuple[Ints, Ints]:
    """As `pasted_size`, of many: widths and heights, each (n,), for ``sizes`` (n, 2)."""
    if settings.foreground.sizing.square:
        sizes = np.repeat(sizes.max(1, keepdims=True), 2, 1)
    return settings.foreground.sizing.sizes(sizes[:, 0], sizes[:, 1], np.full(len(sizes), draw))


def _measured(store: QualityStore, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[str, CutoutQuality | None]]:
    for sha256, file in wanted:
        try:
            yield sha256, store.get(file, sha256)
        except FgbgError:
            yield sha256, None  # opening it says what is wrong
