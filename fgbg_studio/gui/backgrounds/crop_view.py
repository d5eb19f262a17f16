"""A background with its square, its horizon and where objects may stand, all moved and painted by mouse.

Keyboard, while it has the focus: arrows move the square, + and - change its size, Page Up and Page Down move
the horizon; with Shift by more.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.placement.region_mask import paint
from fgbg_studio.core.project.framing import Square, clamped, square_crop
from fgbg_studio.gui.backgrounds.crop_geometry import CURSORS, CropGeometry, CropPart, CropScene, resized
from fgbg_studio.gui.backgrounds.crop_paint import CropInteraction, paint_message, paint_scene
from fgbg_studio.gui.lib.theme import theme

LEAST_SIDE = 16
"""Of a square, in pixels of the picture."""

SMALLEST_BRUSH, LARGEST_BRUSH = 0.01, 0.4


class CropView(QWidget):
    """See the module. ``gesture`` counts drags, so that each is one step of undo.

    Signals:
        crop_moving: the square while it is dragged, as (x, y, side).
        crop_moved: it was let go.
        horizon_moved: as a fraction of the frame's height.
        painted: the cells where objects may stand, after a stroke.
        brush_changed: the brush's radius as a fraction of the picture's longer side.
    """

    crop_moving = Signal(object)
    crop_moved = Signal(object)
    horizon_moved = Signal(float)
    painted = Signal(object)
    brush_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.scene: CropScene | None = None
        self.brush, self.painting, self.gesture = 0.06, False, 0
        self.message = ""
        self.pointer: QPointF | None = None
        self.dragged: CropPart | None = None
        self._pixmap: QPixmap | None = None
        self._scaled: QPixmap | None = None
        self._start = self._last = QPointF()
        self._before: CropScene | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(self.tr("Square and horizon"))
        theme.changed.connect(self.update)

    # What is shown

    def show_scene(self, scene: CropScene | None) -> None:
        """Show a background's square and lines; the picture itself comes by `show_image`."""
        if self.scene is None or scene is None or self.scene.key != scene.key:
            self._pixmap = self._scaled = None
            self.dragged, self.message = None, ""
        if self.dragged is None:
            self.scene = scene
        self.update()

    def show_image(self, image: QImage | QPixmap) -> None:
        """The picture, in whatever size: first a small one, then a better one."""
        self._pixmap = image if isinstance(image, QPixmap) else QPixmap.fromImage(image)
        self._scaled = None
        self.update()

    def show_message(self, text: str) -> None:
        """Say why there is no picture."""
        self.message = text
        self.update()

    def set_painting(self, painting: bool) -> None:
        """Whether the mouse paints where objects may stand; left adds, right clears."""
        self.painting = painting
        self.setCursor(Qt.CursorShape.BlankCursor if painting else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_brush(self, radius: float) -> None:
        """The brush's radius as a fraction of the picture's longer side."""
        radius = min(max(radius, SMALLEST_BRUSH), LARGEST_BRUSH)
        if radius != self.brush:
            self.brush = radius
            self.brush_changed.emit(radius)
            self.update()

    @property
    def crop_geometry(self) -> CropGeometry:
        """Where the scene lies in the widget."""
        assert self.scene is not None
        return CropGeometry.fit(self.scene, self.size())

    def _picture(self, area: QRectF) -> QPixmap | None:
        """The picture at the size that it has in the widget."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(area.width() * ratio), round(area.height() * ratio))
        if self._pixmap and (self._scaled is None or self._scaled.size() != size):
            self._scaled = self._pixmap.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        return self._scaled

    def _radii(self) -> tuple[float, float]:
        """The brush's radius as fractions of the picture's width and height."""
        assert self.scene is not None
        longer = max(self.scene.width, self.scene.height) * self.brush
        return longer / self.scene.width, longer / self.scene.height

    # Mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what is under the pointer, or begin a stroke."""
        if self.scene is None:
            return
        self._start = self._last = event.position()
        self._before = self.scene
        left = event.button() == Qt.MouseButton.LeftButton
        if self.painting:
            self.dragged = CropPart.ADD if left else CropPart.CLEAR
            self._stroke(event.position())
        elif left:
            self.dragged = self.crop_geometry.part_at(event.position())
        if self.dragged:
            self.gesture += 1
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, paint, or show what would be dragged."""
        self.pointer = event.position()
        if self.scene is None:
            return
        if self.dragged in {CropPart.ADD, CropPart.CLEAR}:
            self._stroke(event.position())
        elif self.dragged is CropPart.HORIZON:
            horizon = clamped(self.crop_geometry.horizon_at(event.position().y()))
            self.scene = replace(self.scene, horizon=horizon, set_horizon=True)
        elif self.dragged:
            self._drag_square(event.position())
        elif not self.painting:
            part = self.crop_geometry.part_at(event.position())
            self.setCursor(CURSORS[part] if part else Qt.CursorShape.ArrowCursor)
        self.update()

    @override
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """What was dragged is said once, when it is let go."""
        part, self.dragged = self.dragged, None
        if part is None or self.scene is None or self._before is None:
            return
        if part in {CropPart.ADD, CropPart.CLEAR}:
            if not np.array_equal(self.scene.cells, self._before.cells):
                self.painted.emit(self.scene.cells)
        elif part is CropPart.HORIZON:
            if self.scene.horizon != self._before.horizon:
                self.horizon_moved.emit(self.scene.horizon)
        elif self.scene.frame != self._before.frame:
            self.crop_moved.emit(self.scene.frame[:3])
        self.update()

    def cancel(self) -> bool:
        """Give up what is being dragged; whether anything was."""
        if self.dragged is None:
            return False
        self.dragged, self.scene = None, self._before
        self.update()
        return True

    def _stroke(self, point: QPointF) -> None:
        assert self.scene is not None
        geometry = self.crop_geometry
        start, end = geometry.fractions(self._last), geometry.fractions(point)
        cells = paint(self.scene.cells, start, end, self._radii(), add=self.dragged is CropPart.ADD)
        self.scene, self._last = replace(self.scene, cells=cells), point

    def _drag_square(self, point: QPointF) -> None:
        assert self.scene is not None
        assert self._before is not None
        assert self.dragged is not None
        factor = self.scene.width / self.crop_geometry.picture.width()
        by = (point - self._start) * factor
        x, y, side, _ = self._before.frame
        square = (round(x + by.x()), round(y + by.y()), side)
        if self.dragged is not CropPart.SQUARE:
            square = resized(self.dragged, (x, y, side), by, (self.scene.width, self.scene.height), LEAST_SIDE)
        self._put_square(square)

    def _put_square(self, square: Square) -> None:
        assert self.scene is not None
        x, y, side = square_crop(self.scene.width, self.scene.height, square)
        if (x, y, side, side) == self.scene.frame:
            return
        horizon = self.scene.horizon
        if self.scene.set_horizon:  # one that was set stays where it is in the picture
            _, old_y, _, old_side = self.scene.frame
            horizon = clamped((old_y + horizon * old_side - y) / side)
        self.scene = replace(self.scene, frame=(x, y, side, side), horizon=horizon)
        self.crop_moving.emit((x, y, side))

    # Keyboard and the rest

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the module."""
        if self.scene is None or not self._key(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        assert self.scene is not None
        keys, far = Qt.Key, bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        part = 0.1 if far else 0.01
        if key in {keys.Key_PageUp, keys.Key_PageDown}:
            by = -part if key == keys.Key_PageUp else part
            self.scene = replace(self.scene, horizon=clamped(self.scene.horizon + by), set_horizon=True)
            self.horizon_moved.emit(self.scene.horizon)
            return True
        if not self.scene.square:
            return False
        x, y, side, _ = self.scene.frame
        step = max(round(part * max(self.scene.width, self.scene.height)), 1)
        moved = {
            keys.Key_Left: (x - step, y, side),
            keys.Key_Right: (x + step, y, side),
            keys.Key_Up: (x, y - step, side),
            keys.Key_Down: (x, y + step, side),
            keys.Key_Plus: (x - step // 2, y - step // 2, side + step),
            keys.Key_Minus: (x + step // 2, y + step // 2, max(side - step, LEAST_SIDE)),
        }.get(key)
        if moved is None:
            return False
        before = self.scene.frame
        self._put_square(moved)
        if self.scene.frame != before:
            self.crop_moved.emit(self.scene.frame[:3])
        return True

    @override
    def leaveEvent(self, _event: object) -> None:
        """The brush's circle goes with the pointer."""
        self.pointer = None
        self.update()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        """The brush's circle comes with the pointer."""
        self.pointer = event.position()
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture is scaled anew."""
        self._scaled = None
        super().resizeEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """See `crop_paint`."""
        painter = QPainter(self)
        if self.scene is None:
            return
        geometry = self.crop_geometry
        picture = self._picture(geometry.picture)
        if picture is None and self.message:
            paint_message(painter, geometry, QRectF(self.rect()), self.message)
            return
        interaction = CropInteraction(self.dragged, self.painting, self._radii(), self.pointer)
        paint_scene(painter, self.scene, geometry, picture, interaction)
