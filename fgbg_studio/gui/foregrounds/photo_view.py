"""A widget that shows a photo through a camera: the whole of it, nearer, a place that is pointed at.

What it shows is composed only where something changed (`ScreenBuffer`), so that a brush on a photo of twelve
megapixels costs what its own size costs.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.gui.foregrounds.canvas_overlay import Overlay
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, CutoutView, Pyramid, ViewTransform
from fgbg_studio.gui.foregrounds.screen_buffer import ScreenBuffer
from fgbg_studio.gui.lib.theme import theme

_BLINKS, _BLINK = 3, 140  # of what is pointed at: how often it goes away, and for how many milliseconds
_SEEN = 48, 0.7  # what is pointed at is seen well if it has so many screen pixels, and no more than this share of all
_AROUND = 3.0, 2.0  # no nearer than so many times the whole photo, or its own pixels: what lies around it is seen too
_MARGIN = 16  # screen pixels around a photo that is shown whole


class PhotoView(QWidget):
    """See the module; ``look`` is what is shown and how, ``camera`` from where.

    Signals:
        zoomed: device pixels for a pixel of the photo, of the dataset where it is shown on a background.
    """

    zoomed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.look: CanvasLook | None = None
        self.camera = ViewTransform()
        self.view = CutoutView.TINT
        self._fits = True
        self._screen = ScreenBuffer(self)
        self._screen.spoiled.connect(self._update_pixels)
        self._scene: tuple[Pyramid, Box] | None = None
        self._side = 0  # of the dataset's frame that the scene fills
        self._pointed: tuple[Box, ...] = ()
        self._looked: tuple[ViewTransform | None, ViewTransform] | None = None  # from where, None for all; to where
        self._blinks = 0
        self._blinking = QTimer(self, interval=_BLINK)
        self._blinking.timeout.connect(self._blink)

    @property
    def held(self) -> bool:
        """Whether a person is doing something with it just now: then it does not look elsewhere by itself."""
        return False

    def draw_over(self, overlay: Overlay) -> None:
        """What lies over the photo."""
        if self._pointed and self._blinks % 2 == 0:
            overlay.frames([QRectF(*box) for box in self._pointed])

    # Places that are pointed at

    def point_at(self, box: Box | None, others: Sequence[Box] = ()) -> None:
        """Show where something is: a frame that blinks a few times and then stays; None takes it away.

        The view stays where it is if the place is seen well in it, and never leaves the photo.

        Args:
            box: the place.
            others: further ones, in quieter frames; the view does not care for them.
        """
        self._pointed = (box, *(other for other in others if other != box)) if box else ()
        self._blinks = 2 * _BLINKS if box else 0
        if box:
            self._look_at(box)
            self._blinking.start()
        else:
            self._blinking.stop()
        self.update()

    @property
    def pointed(self) -> bool:
        """Whether a place is pointed at."""
        return bool(self._pointed)

    def look_back(self) -> None:
        """Point at nothing any more, and look from where one did before, unless the person has moved on since."""
        self.point_at(None)
        looked, self._looked = self._looked, None
        if looked is None or looked[1] != self.camera or self.held:
            return
        if looked[0] is None:
            self.fit()
        else:
            self.look_from(looked[0])

    def _look_at(self, box: Box) -> None:
        if not self.look:
            return
        (wide, high), reach = self.screen_size(), _SEEN[0] * self.devicePixelRatioF()
        left, top = self.camera.to_screen(box[0], box[1])
        right, bottom = self.camera.to_screen(box[0] + box[2], box[1] + box[3])
        large = max(right - left, bottom - top)
        inside = left >= 0 and top >= 0 and right <= wide and bottom <= high
        if inside and reach <= large and right - left <= _SEEN[1] * wide and bottom - top <= _SEEN[1] * high:
            return
        whole, before = self._whole(), None if self._fits else self.camera
        if self._looked and self._looked[1] == self.camera:
            before = self._looked[0]
        around = max(_AROUND[0] * whole.scale, _AROUND[1] * self.devicePixelRatioF())
        nearest = min(2 * reach / max(box[2], box[3], 1), around)
        scale = min(max(self.camera.scale, nearest), *(
            _SEEN[1] * side / max(length, 1) for side, length in zip((wide, high), box[2:], strict=True)
        ))  # fmt: skip
        if scale <= whole.scale:
            self.fit()
        else:
            middle = box[0] + box[2] / 2, box[1] + box[3] / 2
            there = ViewTransform(scale, middle[0] - wide / 2 / scale, middle[1] - high / 2 / scale)
            self.look_from(there.kept_on(self.photo_size, (wide, high)))
        self._looked = before, self.camera

    def _blink(self) -> None:
        self._blinks -= 1
        if self._blinks <= 0:
            self._blinking.stop()
        self.update()

    # Zoom and pan

    @property
    def photo_size(self) -> tuple[int, int]:
        """(width, height) of what is shown, in its own pixels."""
        assert self.look is not None
        height, width = self.look.photo.levels[0].shape[:2]
        return width, height

    def screen_size(self) -> tuple[int, int]:
        """(width, height) in device pixels."""
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    @property
    def scale(self) -> float:
        """Device pixels for a pixel of the photo, of the dataset where it is shown on a background."""
        if self.view is CutoutView.SCENE and self._scene and self._side:
            return self.camera.scale * self._scene[1][2] / self._side
        return self.camera.scale

    def fit(self) -> None:
        """The whole photo; on a background the whole of that, each pixel of the dataset as a square of whole pixels."""
        if self.look:
            self.look_from(self._whole_scene() or self._whole())
            self._fits = True

    def _whole(self) -> ViewTransform:
        box, margin = (0, 0, *self.photo_size), _MARGIN * self.devicePixelRatioF()
        return ViewTransform.fitting(box, self.screen_size(), margin, 8.0)

    def _whole_scene(self) -> ViewTransform | None:
        if self.view is not CutoutView.SCENE or not self._scene or not self._side:
            return None
        box, size = self._scene[1], self.screen_size()
        margin = _MARGIN * self.devicePixelRatioF()
        times = int((min(size) - 2 * margin) // self._side)
        if times < 1:
            return ViewTransform.fitting(box, size, margin)
        scale = times * self._side / box[2]
        corner = ((length - times * self._side) // 2 for length in size)
        return ViewTransform(scale, *(start - gap / scale for start, gap in zip(box, corner, strict=False)))

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
            self.zoomed.emit(self.scale)

    def pan(self, by: QPointF) -> QPointF:
        """Drag the photo by whole device pixels; what stays on the screen is moved and not composed again.

        Returns:
            By how much it was dragged, in pixels of the widget.
        """
        ratio = self.devicePixelRatioF()
        right, down = round(by.x() * ratio), round(by.y() * ratio)
        moved = QPointF(right / ratio, down / ratio)
        if not (right or down):
            return moved
        before, self.camera = self.camera, self.camera.moved(right, down)
        self._fits = False
        if self.look is None or self.look.native or self.look.view in {CutoutView.CHECKER, CutoutView.COMPARE}:
            self.spoil()  # the checkerboard stays where it is
        else:
            self._screen.composed(self.look, before, self.screen_size())
            self._screen.shift(right, down)
        return moved

    # Drawing

    def spoil(self, box: Box | None = None) -> None:
        """All of the screen has to be composed anew, or what shows a box of the photo has."""
        size = self.screen_size()
        if box is None:
            self._screen.spoil_all(size)
            return
        if self.view is CutoutView.SCENE and self._scene and self._side:
            grain = 2 * self._scene[1][2] // self._side + 2  # what changed reaches into whole pixels of the dataset
            box = (box[0] - grain, box[1] - grain, box[2] + 2 * grain, box[3] + 2 * grain)
        x, y, width, height = self.camera.screen_box(box, size)
        if width > 0 and height > 0:
            self._screen.spoil(QRect(x, y, width, height))

    @Slot(object)
    def _update_pixels(self, rect: QRect) -> None:
        ratio = self.devicePixelRatioF()
        shown = QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio)
        self.update(shown.toAlignedRect())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """The composed photo, and over it what `draw_over` draws."""
        painter = QPainter(self)
        if not self.look:
            painter.fillRect(event.rect(), theme.colours.colour("window"))
            return
        pixels = self._screen.composed(self.look, self.camera, self.screen_size())
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, image)
        self.draw_over(Overlay(painter, self.camera, self.devicePixelRatioF()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """A photo that was shown whole stays so."""
        if self._fits:
            self.fit()
        self.spoil()
        super().resizeEvent(event)
