"""A dataset's pictures as thumbnails: read on a worker as they are looked at, the newest ones kept in memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.thumbnails import Pixmaps, fitted
from fgbg_studio.gui.lib.worker import Jobs, Worker

MEMORY = 96 * 1024**2
"""Bytes of pixmaps that are kept."""

Key = tuple[str, int]
"""(kind, number) of a picture."""


class _ReadPicture(NamedTuple):
    key: Key
    image: QImage | None
    error: str = ""


class Loader(QObject):
    """Thumbnails of one view.

    Attributes:
        errors: why a picture has no thumbnail.

    Signals:
        arrived: thumbnails, or reasons why there are none, are here; with their keys.
    """

    arrived = Signal(list)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._contents: Contents | None = None
        self._lock = threading.Lock()
        self._queue: deque[Key] = deque()
        self._side = 0
        self._worker: Worker | None = None
        self._pixmaps: Pixmaps[Key] = Pixmaps(MEMORY)
        self.errors: dict[Key, str] = {}

    def open(self, contents: Contents | None) -> None:
        """Serve this dataset from now on, or none."""
        with self._lock:
            self._queue = deque()
        self._contents, self.errors = contents, {}
        if self._worker:
            self._worker.cancel()
            self._worker = None
        self._pixmaps.clear()

    def forget(self, keys: Sequence[Key]) -> None:
        """These files have changed."""
        for key in keys:
            self._pixmaps.forget(key)
            self.errors.pop(key, None)

    def pixmap(self, key: Key) -> QPixmap | None:
        """The thumbnail, in whatever size there is one."""
        return self._pixmaps.get(key)

    def want(self, keys: Sequence[Key], side: int) -> None:
        """Make these in this order, with a longer side of ``side`` px; what was wanted before is not any more."""
        lacking = deque(key for key in keys if key not in self.errors and not self._pixmaps.has(key, side))
        with self._lock:
            self._queue, self._side = lacking, side
        self._start()

    def _start(self) -> None:
        if self._contents and self._worker is None and self._queue:
            steps = partial(self._make, self._contents)
            self._worker = self._jobs.run(self.tr("reading pictures"), steps, priority=-1)
            self._worker.produced.connect(partial(self._take, self._contents))
            self._worker.finished.connect(self._restart)

    def _make(self, contents: Contents) -> Iterator[_ReadPicture]:
        while True:
            with self._lock:
                if not self._queue or contents is not self._contents:
                    return
                key, side = self._queue.popleft(), self._side
            try:
                pixels = shown(contents, key[0], contents.pixels(*key))
            except (FgbgError, OSError) as error:
                yield _ReadPicture(key, None, reason(error))
                continue
            yield _ReadPicture(key, to_image(fitted(pixels, side)))

    def _take(self, contents: Contents, made: list[_ReadPicture]) -> None:
        if contents is not self._contents:
            return
        for one in made:
            if one.image is None:
                self.errors[one.key] = one.error
            else:
                self._pixmaps.put(one.key, max(one.image.width(), one.image.height()), one.image)
        self.arrived.emit([one.key for one in made])

    @Slot(object)
    def _restart(self, worker: Worker) -> None:
        if worker is self._worker:
            self._worker = None
            self._start()


def reason(error: FgbgError | OSError) -> str:
    """Why a file could not be read, in one sentence."""
    return f"{error.problem}." if isinstance(error, FgbgError) else str(error)


def shown(contents: Contents, kind: str, pixels: AnyPixels, *, grey: bool = False) -> Pixels:
    """A stored picture as it is looked at: depth in colours, or stretched grey; 16 bits as 8."""
    if kind == "depth" and not grey:
        return contents.reading.colours(pixels)
    if kind == "depth" or pixels.dtype != np.uint8:
        stretched = cv2.normalize(pixels, np.empty_like(pixels, np.float32), 0, 255, cv2.NORM_MINMAX, cv2.CV_32F)
        return stretched.astype(np.uint8)
    return pixels
