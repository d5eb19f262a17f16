"""A document at one moment, to be written on a worker; and the memory for its copies, which is used again for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.step_file import Plane
from fgbg_studio.core.cutting.work import SavedWork
from fgbg_studio.core.imaging.pixel_history import Delta
from fgbg_studio.gui.foregrounds.steps import Written
from fgbg_studio.gui.lib.worker import Jobs, Worker


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A document as it was at one moment.

    Attributes:
        path: the photo's file; ``source``: the one that is copied to it where it is not there yet.
        work: what was done.
        planes: alpha and where it was painted, or their checksums where they did not change since the last one.
        steps: those that are not written yet; ``deltas``: their changes by number.
    """

    path: Path
    source: Path | None
    work: SavedWork
    planes: tuple[Pixels | str, Pixels | str]
    steps: list[Written]
    deltas: dict[int, list[Delta]]


class SparePlanes(QObject):
    """Room for one copy of each plane of a photo.

    The system gives new memory page by page, each of them cleared when it is first written to: at 48 megapixels that
    takes twenty times as long as the copying, and longer than a window may wait. So a worker takes the memory.
    """

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._room = np.zeros((2, 0), np.uint8)
        self._asked = False

    def prepare(self, size: int) -> None:
        """Planes of so many pixels will be copied soon."""
        if not self._asked and not size <= self._room.shape[1] <= 2 * size:
            self._asked = True
            worker = self._jobs.run(
                self.tr("keeping the strokes"), lambda: np.ones((2, size), np.uint8), done=self._take, priority=10
            )
            worker.finished.connect(self._end)

    @Slot(object)
    def _take(self, room: Pixels) -> None:
        self._room = room

    @Slot(object)
    def _end(self, _worker: Worker) -> None:
        self._asked = False

    def copy(self, plane: Plane, pixels: Pixels) -> Pixels:
        """The same pixels (H, W), until that plane is copied again."""
        if self._room.shape[1] < pixels.size:
            self._room = np.empty((2, pixels.size), np.uint8)
        room = self._room[("alpha", "painted").index(plane), : pixels.size].reshape(pixels.shape)
        np.copyto(room, pixels)
        return room
