"""A widget that shows part of a large photo: its camera, and a buffer composed only where something changed."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Box
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, CutoutView, ViewTransform, compose
from fgbg_studio.gui.lib.theme import theme

_MARGIN = 16
_LARGE = 1_200_000  # pixels of a screen that is drawn coarsely first where all of it changes,
_REST = 80  # then, after so many milliseconds of rest, finely,
_BAND = 160  # so many rows at a time, so that nothing waits for it


class CanvasScreen(QWidget):
    """Shows ``look`` from ``camera``; a subclass lays over it what it draws in `paint_over`.

    Signals:
        zoomed: device pixels for a pixel of the photo.
    """

    zoomed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.look: CanvasLook | None = None
        self.camera = ViewTransform()
        self._fits = True
        self._buffer = np.zeros((1, 1, 4), np.uint8)
        self._stale = QRegion()
        self._hasty = False
        self._refined = QTimer(self, singleShot=True, interval=_REST)
        self._refined.timeout.connect(self._refine_band)
        self._fine = 0

    def paint_over(self, painter: QPainter) -> None:
        """Lay outlines over the photo."""

    @property
    def photo_size(self) -> tuple[int, int]:
        """(width, height) of what is shown, in its own pixels."""
        assert self.look is not None
        height, width = self.look.photo.levels[0].shape[:2]
        return width, height

    # Zoom and pan

    def fit(self) -> None:
        """The whole photo."""
        if self.look:
            box = (0, 0, *self.photo_size)
            self.look_from(ViewTransform.fitting(box, self.screen_size(), _MARGIN * self.devicePixelRatioF(), 8.0))
            self._fits = True

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer or farther around a place of the widget, its middle by default."""
        if self.look:
            ratio = self.devicePixelRatioF()
            place = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
            least = 24 / max(self.photo_size)
            self.look_from(self.camera.zoomed(factor, place.x() * ratio, place.y() * ratio, least))

    def show_at(self, scale: float, box: Box) -> None:
        """A box of the photo in the middle, at so many device pixels for a pixel of it."""
        size = self.screen_size()
        middle = box[0] + box[2] / 2, box[1] + box[3] / 2
        self.look_from(ViewTransform(scale, middle[0] - size[0] / 2 / scale, middle[1] - size[1] / 2 / scale))

    def look_from(self, camera: ViewTransform) -> None:
        """Show another part of the photo."""
        self._fits = False
        if camera != self.camera:
            self.camera = camera
            self.spoil()
            self.zoomed.emit(camera.scale)

    def pan(self, by: QPoint) -> None:
        """Drag the photo; what stays on the screen is moved and not composed again."""
        ratio = self.devicePixelRatioF()
        right, down = round(by.x() * ratio), round(by.y() * ratio)
        if not (right or down):
            return
        self.camera = self.camera.moved(right, down)
        self._fits = False
        if self.look is None or self.look.native or self.look.view in {CutoutView.CHECKER, CutoutView.COMPARE}:
            self.spoil()  # the checkerboard stays where it is
            return
        self._compose()
        if self._refined.isActive():
            self._refined.start(_REST)
            self._fine = 0  # what is coarse yet moves too
        _shift(self._buffer, right, down)
        width, height = self.screen_size()
        whole = QRegion(0, 0, width, height)
        self._stale = whole - whole.intersected(QRect(right, down, width, height))
        self.update()

    # What is composed

    def screen_size(self) -> tuple[int, int]:
        """(width, height) in device pixels."""
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    def spoil(self, box: Box | None = None) -> None:
        """The screen has to be composed anew, or what shows a box of the photo has."""
        size = self.screen_size()
        if box is None:
            self._stale = QRegion(0, 0, *size)
            self._hasty = size[0] * size[1] > _LARGE
            self.update()
            return
        x, y, width, height = self.camera.screen_box(box, size)
        if width > 0 and height > 0:
            self._stale += QRect(x, y, width, height)
            self._update_pixels(QRect(x, y, width, height))

    def _update_pixels(self, rect: QRect) -> None:
        ratio = self.devicePixelRatioF()
        shown = QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio)
        self.update(shown.toAlignedRect())

    def _compose(self) -> None:
        size = self.screen_size()
        if self._buffer.shape[:2] != (size[1], size[0]):
            self._buffer = np.zeros((size[1], size[0], 4), np.uint8)
            self._stale = QRegion(0, 0, *size)
        if self.look:
            for rect in self._stale:  # type: ignore[attr-defined]  # missing in its stubs
                x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
                if self._hasty:
                    self._compose_coarsely(size)
                    break
                done = compose(self.look, self.camera, (x, y, width, height), size)
                self._buffer[y : y + height, x : x + width] = done
        self._stale = QRegion()

    def _compose_coarsely(self, size: tuple[int, int]) -> None:
        """At half the resolution: on large screens it would stutter otherwise."""
        assert self.look is not None
        half = (size[0] + 1) // 2, (size[1] + 1) // 2
        camera = ViewTransform(self.camera.scale / 2, self.camera.x, self.camera.y)
        self.look.square, square = self.look.square // 2, self.look.square
        done = compose(self.look, camera, (0, 0, *half), half)
        self.look.square = square
        self._buffer[:] = cv2.resize(done, size, interpolation=cv2.INTER_LINEAR)
        self._hasty, self._fine = False, 0
        self._refined.start(_REST)

    def _refine_band(self) -> None:
        """Draw the next rows finely."""
        width, height = self.screen_size()
        band = QRect(0, self._fine, width, min(_BAND, height - self._fine))
        self._fine += _BAND
        self._stale += band
        self._update_pixels(band)
        if self._fine < height:
            self._refined.start(0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Compose what changed, then lay the outlines over it."""
        painter = QPainter(self)
        if not self.look:
            painter.fillRect(event.rect(), theme.colours.colour("window"))
            return
        self._compose()
        height, width = self._buffer.shape[:2]
        image = QImage(self._buffer.data, width, height, width * 4, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_over(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A photo that was shown whole stays so."""
        if self._fits:
            self.fit()
        self.spoil()
        super().resizeEvent(event)


def _shift(buffer: Pixels, right: int, down: int) -> None:
    """Move the picture inside its array."""
    height, width = buffer.shape[:2]
    if abs(right) >= width or abs(down) >= height:
        return
    source = buffer[max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)].copy()
    buffer[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = source
