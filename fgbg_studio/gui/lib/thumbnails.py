"""Thumbnails as they are needed: made on workers, kept in memory by content, what is looked at first of all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import cv2
from cachetools import LRUCache
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.imaging.matte import resize_rgba
from fgbg_studio.core.imaging.thumbnails import Metrics, ThumbnailStore
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.worker import Jobs, Worker

MEMORY = 192 * 1024**2
"""Bytes of pixmaps that are kept."""

THREADS = 2

Key = TypeVar("Key", bound=Hashable)
Wanted = tuple[str, str]
"""(sha256, file relative to the project) of a picture."""


@dataclass(frozen=True)
class _Made:
    sha256: str
    side: int
    image: QImage | None
    metrics: Metrics | None
    error: str = ""


class _Queue:
    """What is to be made; filled on the interface's thread and emptied on the workers'."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at: deque[Wanted] = deque()
        self._rest: deque[Wanted] = deque()
        self.side = 0

    def look_at(self, wanted: Iterable[Wanted], side: int) -> None:
        with self._lock:
            self._looked_at, self.side = deque(wanted), side

    def measure(self, wanted: Iterable[Wanted]) -> None:
        with self._lock:
            self._rest = deque(wanted)

    def pop(self, *, rest: bool) -> tuple[Wanted, int] | None:
        """What is next, and the side of its thumbnail: 0 for one that is only measured."""
        with self._lock:
            if self._looked_at:
                return self._looked_at.popleft(), self.side
            if rest and self._rest:
                return self._rest.popleft(), 0
            return None

    def left(self) -> tuple[int, int]:
        with self._lock:
            return len(self._looked_at), len(self._rest)


class Pixmaps(Generic[Key]):
    """Pixmaps by what they show, the newest ``memory`` bytes of them, each with the side that it was made for."""

    def __init__(self, memory: int) -> None:
        self._kept: LRUCache[Key, tuple[int, QPixmap]] = LRUCache(
            memory, getsizeof=lambda entry: entry[1].width() * entry[1].height() * 4 + 1
        )

    def get(self, key: Key) -> QPixmap | None:
        """One of them, in whatever size there is one."""
        found = self._kept.get(key)
        return found[1] if found else None

    def has(self, key: Key, side: int) -> bool:
        """Whether there is one of this side."""
        return self._kept.get(key, (0,))[0] == side

    def put(self, key: Key, side: int, image: QImage) -> None:
        """Keep one."""
        self._kept[key] = side, QPixmap.fromImage(image)

    def forget(self, key: Key) -> None:
        """Keep one no more."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Keep none."""
        self._kept.clear()


class Thumbnails(QObject):
    """The thumbnails of one project's pictures.

    Attributes:
        metrics: what was measured so far, by hash.
        errors: why a picture has no thumbnail, by hash.

    Signals:
        arrived: thumbnails, or reasons why there are none, are here; with the set of hashes.
        measured: ``metrics`` grew, or everything was measured.
    """

    arrived = Signal(set)
    measured = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._store: ThumbnailStore | None = None
        self._queue = _Queue()
        self._workers: list[Worker | None] = [None] * THREADS
        self._pixmaps: Pixmaps[str] = Pixmaps(MEMORY)
        self.metrics: dict[str, Metrics] = {}
        self.errors: dict[str, str] = {}

    def open(self, folder: Path) -> None:
        """Serve the project in ``folder`` from now on."""
        self.close()
        self._store = ThumbnailStore(folder)

    def close(self) -> None:
        """Forget the project's pictures and stop making thumbnails."""
        self._store, self._queue = None, _Queue()
        for worker in self._workers:
            if worker:
                worker.cancel()
        self._workers = [None] * THREADS
        self._pixmaps.clear()
        self.metrics, self.errors = {}, {}

    def pixmap(self, sha256: str) -> QPixmap | None:
        """The thumbnail, in whatever size there is one."""
        return self._pixmaps.get(sha256)

    def want(self, wanted: Sequence[Wanted], side: int) -> None:
        """Make these, in this order and before all else; what was wanted before is not any more.

        Args:
            wanted: the pictures that are looked at.
            side: of the longer side in device pixels.
        """
        self._queue.look_at([w for w in wanted if self._lacks(w[0], side)], side)
        self._start()

    def measure(self, wanted: Sequence[Wanted]) -> None:
        """Measure all of these while nothing else is to be done; those that are known are skipped."""
        self._queue.measure([w for w in wanted if w[0] not in self.metrics and w[0] not in self.errors])
        self._start()

    def forget_errors(self) -> None:
        """Try again what could not be read: it may be there by now."""
        self.errors = {}

    @property
    def unmeasured(self) -> int:
        """How many pictures wait for being measured."""
        return self._queue.left()[1]

    def _lacks(self, sha256: str, side: int) -> bool:
        return sha256 not in self.errors and not self._pixmaps.has(sha256, side)

    def _start(self) -> None:
        looked_at, rest = self._queue.left()
        for number in range(THREADS):
            # One thread is never busy with measuring, so that what is looked at need not wait for a large photo.
            measures = number == 0
            if self._store and self._workers[number] is None and (looked_at or (rest and measures)):
                steps = partial(_make, self._store, self._queue, rest=measures)
                worker = self._jobs.run(self.tr("making thumbnails"), steps, priority=-1)
                worker.produced.connect(partial(self._take, self._queue))
                worker.finished.connect(self._restart)
                self._workers[number] = worker

    def _take(self, queue: _Queue, made: list[_Made]) -> None:
        if queue is not self._queue:
            return
        measured = False
        for one in made:
            if one.error:
                self.errors[one.sha256] = one.error
            if one.image is not None:
                self._pixmaps.put(one.sha256, one.side, one.image)
            if one.metrics is not None and one.sha256 not in self.metrics:
                self.metrics[one.sha256] = one.metrics
                measured = True
        self.arrived.emit({one.sha256 for one in made})
        if measured:
            self.measured.emit()

    @Slot(object)
    def _restart(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers[self._workers.index(worker)] = None
            self._start()


def _make(store: ThumbnailStore, queue: _Queue, *, rest: bool) -> Iterator[_Made]:
    while found := queue.pop(rest=rest):
        (sha256, file), side = found
        known = store.known(sha256) if side == 0 else None
        if known:
            yield _Made(sha256, 0, None, known)
            continue
        try:
            pixels, metrics = store.get(file, sha256)
        except FgbgError as error:
            yield _Made(sha256, side, None, None, str(error))
            continue
        yield _Made(sha256, side, to_image(fitted(pixels, side)) if side else None, metrics)


def fitted(pixels: Pixels, side: int) -> Pixels:
    """The picture with a longer side of ``side`` px, made larger or smaller."""
    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return resize_rgba(pixels, *size)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    made: Pixels = cv2.resize(pixels, size, interpolation=method)  # type: ignore[assignment]
    return made
