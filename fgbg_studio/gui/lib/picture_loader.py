"""Pictures as they are needed: made on workers, kept in memory as pixmaps, what is looked at first of all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import cv2
from cachetools import LRUCache
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.matte import resize_rgba
from fgbg_studio.gui.lib.worker import Jobs, Worker

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class LoadedPicture:
    """What was made of one key: an image, or the reason why there is none, or neither where none was wanted."""

    image: QImage | None = None
    error: str = ""


class PictureLoader(QObject, Generic[Key]):
    """Makes the pictures that are looked at and keeps the newest of them.

    Args:
        jobs: run the workers.
        title: of the work, for a person.
        memory: bytes of pixmaps that are kept.
        threads: how many workers at once.

    Attributes:
        errors: why a picture could not be made.

    Signals:
        arrived: pictures, or reasons why there are none, are here; with the list of their keys.
    """

    arrived = Signal(list)

    def __init__(self, jobs: Jobs, title: str, memory: int, parent: QObject | None = None, *, threads: int = 1) -> None:
        super().__init__(parent)
        self._jobs, self._title = jobs, title
        self._make: Callable[[Key, int], LoadedPicture] | None = None
        self._queue: _Queue[Key] = _Queue()
        self._workers: list[Worker | None] = [None] * threads
        self._pixmaps: _Pixmaps[Key] = _Pixmaps(memory)
        self.errors: dict[Key, str] = {}

    def open(self, make: Callable[[Key, int], LoadedPicture]) -> None:
        """Serve pictures from another source from now on.

        Args:
            make: called on workers with a key and the longer side in device pixels, 0 for no image at all.
        """
        self.close()
        self._make = make

    def close(self) -> None:
        """Forget all pictures and stop making any."""
        self._make, self._queue = None, _Queue()
        for worker in self._workers:
            if worker:
                worker.cancel()
        self._workers = [None] * len(self._workers)
        self._pixmaps.clear()
        self.errors = {}

    def pixmap(self, key: Key) -> QPixmap | None:
        """The picture, in whatever size there is one."""
        return self._pixmaps.get(key)

    def want(self, keys: Iterable[Key], side: int) -> None:
        """Make these in this order and before all else; what was wanted before is not any more.

        Args:
            keys: of the pictures that are looked at.
            side: of the longer side in device pixels.
        """
        lacking = [key for key in keys if key not in self.errors and not self._pixmaps.has(key, side)]
        self._queue.put_first(lacking, side)
        self._start()

    def visit(self, keys: Iterable[Key]) -> None:
        """Make nothing of these but call ``make`` with side 0, while nothing else is to be done."""
        self._queue.put_last([key for key in keys if key not in self.errors])
        self._start()

    @property
    def unvisited(self) -> int:
        """How many of those that `visit` was told are left."""
        return self._queue.left()[1]

    def forget(self, keys: Iterable[Key]) -> None:
        """The files of these have changed."""
        for key in keys:
            self._pixmaps.forget(key)
            self.errors.pop(key, None)

    def forget_errors(self) -> None:
        """Try again what could not be made: it may be possible by now."""
        self.errors = {}

    def _start(self) -> None:
        first, last = self._queue.left()
        for number in range(len(self._workers)):
            # Of several threads only one visits, so that what is looked at need not wait for a large photo.
            visits = number == 0
            if self._make and self._workers[number] is None and (first or (last and visits)):
                steps = partial(_steps, self._make, self._queue, visits=visits)
                worker = self._jobs.run(self._title, steps, priority=-1)
                worker.produced.connect(partial(self._take, self._queue))
                worker.finished.connect(self._restart)
                self._workers[number] = worker

    def _take(self, queue: _Queue[Key], made: list[tuple[Key, int, LoadedPicture]]) -> None:
        if queue is not self._queue:
            return
        for key, side, picture in made:
            self._keep(key, side, picture)
        self.arrived.emit([key for key, _, _ in made])

    def _keep(self, key: Key, side: int, picture: LoadedPicture) -> None:
        if picture.error:
            self.errors[key] = picture.error
        if picture.image is not None:
            self._pixmaps.put(key, side, picture.image)

    @Slot(object)
    def _restart(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers[self._workers.index(worker)] = None
            self._start()


class _Queue(Generic[Key]):
    """What is to be made; filled on the interface's thread and emptied on the workers'."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: deque[Key] = deque()
        self._last: deque[Key] = deque()
        self._side = 0

    def put_first(self, keys: Iterable[Key], side: int) -> None:
        with self._lock:
            self._first, self._side = deque(keys), side

    def put_last(self, keys: Iterable[Key]) -> None:
        with self._lock:
            self._last = deque(keys)

    def pop(self, *, last: bool) -> tuple[Key, int] | None:
        """What is next, and the side of its picture: 0 for one that is only visited."""
        with self._lock:
            if self._first:
                return self._first.popleft(), self._side
            if last and self._last:
                return self._last.popleft(), 0
            return None

    def left(self) -> tuple[int, int]:
        with self._lock:
            return len(self._first), len(self._last)


class _Pixmaps(Generic[Key]):
    """Pixmaps by what they show, the newest ``memory`` bytes of them, each with the side that it was made for."""

    def __init__(self, memory: int) -> None:
        self._kept: LRUCache[Key, tuple[int, QPixmap]] = LRUCache(
            memory, getsizeof=lambda entry: entry[1].width() * entry[1].height() * 4 + 1
        )

    def get(self, key: Key) -> QPixmap | None:
        found = self._kept.get(key)
        return found[1] if found else None

    def has(self, key: Key, side: int) -> bool:
        return self._kept.get(key, (0,))[0] == side

    def put(self, key: Key, side: int, image: QImage) -> None:
        self._kept[key] = side, QPixmap.fromImage(image)

    def forget(self, key: Key) -> None:
        self._kept.pop(key, None)

    def clear(self) -> None:
        self._kept.clear()


def _steps(
    make: Callable[[Key, int], LoadedPicture], queue: _Queue[Key], *, visits: bool
) -> Iterator[tuple[Key, int, LoadedPicture]]:
    while found := queue.pop(last=visits):
        yield (*found, make(*found))


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
