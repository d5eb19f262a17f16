"""The pixels of a canvas: composed only where something changed, coarsely first where all of a large one has."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QRegion

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, ViewTransform, compose

_LARGE = 1_200_000  # pixels of a screen that is drawn coarsely first where all of it changes,
_REST = 80  # then, after so many milliseconds of rest, finely,
_BAND = 160  # so many rows at a time, so that nothing waits for it

Size = tuple[int, int]


class ScreenBuffer(QObject):
    """What a canvas has composed, (height, width, 4) BGRX in device pixels, and what of it is stale.

    Signals:
        spoiled: brings the device pixels (`QRect`) that are to be composed and painted again.
    """

    spoiled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixels = np.zeros((1, 1, 4), np.uint8)
        self._stale = QRegion()
        self._coarse = False  # whether the next composing is
        self._fine_rows = 0  # those from the top that are fine again
        self._timer = QTimer(self, singleShot=True, interval=_REST)
        self._timer.timeout.connect(self._refine_band)

    def spoil(self, rect: QRect) -> None:
        """These device pixels are to be composed anew."""
        self._stale += rect
        self.spoiled.emit(rect)

    def spoil_all(self, size: Size) -> None:
        """All of a screen of this ``size`` is."""
        self._stale = QRegion(0, 0, *size)
        self._coarse = size[0] * size[1] > _LARGE
        self.spoiled.emit(QRect(0, 0, *size))

    def shift(self, right: int, down: int) -> None:
        """Move the picture by so many device pixels; only what comes in is to be composed."""
        if self._timer.isActive():
            self._timer.start(_REST)
            self._fine_rows = 0  # what is coarse yet moves too
        _shift(self._pixels, right, down)
        height, width = self._pixels.shape[:2]
        whole = QRegion(0, 0, width, height)
        self._stale = whole - whole.intersected(QRect(right, down, width, height))
        self.spoiled.emit(QRect(0, 0, width, height))

    def composed(self, look: CanvasLook, camera: ViewTransform, size: Size) -> Pixels:
        """All pixels of a screen of this ``size``, composed where they were stale."""
        if self._pixels.shape[:2] != (size[1], size[0]):
            self._pixels = np.zeros((size[1], size[0], 4), np.uint8)
            self._stale = QRegion(0, 0, *size)
        if self._coarse and not self._stale.isEmpty():
            self._compose_coarsely(look, camera, size)
        else:
            for rect in self._stale:  # type: ignore[attr-defined]  # missing in its stubs
                x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
                self._pixels[y : y + height, x : x + width] = compose(look, camera, (x, y, width, height), size)
        self._stale = QRegion()
        return self._pixels

    def _compose_coarsely(self, look: CanvasLook, camera: ViewTransform, size: Size) -> None:
        """At half the resolution: on large screens it would stutter otherwise."""
        half = (size[0] + 1) // 2, (size[1] + 1) // 2
        look.square, square = look.square // 2, look.square
        done = compose(look, ViewTransform(camera.scale / 2, camera.x, camera.y), (0, 0, *half), half)
        look.square = square
        self._pixels[:] = cv2.resize(done, size, interpolation=cv2.INTER_LINEAR)
        self._coarse, self._fine_rows = False, 0
        self._timer.start(_REST)

    def _refine_band(self) -> None:
        """Draw the next rows finely."""
        height, width = self._pixels.shape[:2]
        band = QRect(0, self._fine_rows, width, min(_BAND, height - self._fine_rows))
        self._fine_rows += _BAND
        self.spoil(band)
        if self._fine_rows < height:
            self._timer.start(0)


def _shift(buffer: Pixels, right: int, down: int) -> None:
    """Move the picture inside its array."""
    height, width = buffer.shape[:2]
    if abs(right) >= width or abs(down) >= height:
        return
    source = buffer[max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)].copy()
    buffer[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = source
