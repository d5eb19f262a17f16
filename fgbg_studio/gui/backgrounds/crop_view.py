"""A background with its square, its horizon and where objects may stand, all moved and painted by mouse.

Keyboard, while it has the focus: arrows move the square, with Ctrl up and down change its size, Page Up and Page Down
move the horizon; with Shift by more. Where it can be zoomed: the wheel, and Space or the middle button to move it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.placement.region_mask import paint
from fgbg_studio.core.project.framing import Square, clamped, square_crop
from fgbg_studio.gui.backgrounds.crop_geometry import (
    CURSORS,
    CropCamera,
    CropGeometry,
    CropPart,
    CropScene,
    fitting,
    resized,
)
from fgbg_studio.gui.backgrounds.crop_paint import CropInteraction, paint_message, paint_picture, paint_scene
from fgbg_studio.gui.lib.theme import theme

LEAST_SIDE = 16
"""Of a square, in pixels of the picture."""

SMALLEST_BRUSH, LARGEST_BRUSH = 0.005, 0.4
"""Radii as fractions of the picture's longer side."""

_NOTCH = 1.25
_WHEEL = 120  # what a wheel turns by one notch


class CropView(QWidget):
    """See the module. ``gesture`` counts drags, so that each is one step of undo; ``zooms`` lets it be zoomed.

    Signals:
        crop_moving: the square while it is dragged, as (x, y, side).
        crop_moved: it was let go.
        horizon_moved: as a fraction of the frame's height.
        painted: the cells where objects may stand, after a stroke.
        brush_changed: the brush's radius as a fraction of the picture's longer side.
        menu_wanted: a menu is asked for, at this place (`QPoint`) of the screen.
    """

    crop_moving = Signal(object)
    crop_moved = Signal(object)
    horizon_moved = Signal(float)
    painted = Signal(object)
    brush_changed = Signal(float)
    menu_wanted = Signal(QPoint)

    def __init__(self, *, zooms: bool = False) -> None:
        super().__init__()
        self.scene: CropScene | None = None
        self.camera, self._zooms = CropCamera(), zooms
        self.brush, self.painting, self.erasing, self.gesture = 0.06, False, False, 0
        self._panned: QPointF | None = None
        self._space = False
        self._whole: QImage | None = None
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
            self._pixmap = self._scaled = self._whole = None
            self.dragged, self.message = None, ""
            self.camera = CropCamera()
        if self.dragged is None:
            self.scene = scene
        self.update()

    def show_image(self, image: QImage | QPixmap) -> None:
        """The picture, in whatever size: first a small one, then a better one."""
        self._pixmap = image if isinstance(image, QPixmap) else QPixmap.fromImage(image)
        self._scaled = None
        self.update()

    def show_whole(self, image: QImage | None) -> None:
        """The picture with all its pixels, for when it is zoomed."""
        self._whole = image
        self.update()

    def show_message(self, text: str) -> None:
        """Say why there is no picture."""
        self.message = text
        self.update()

    def set_painting(self, painting: bool, *, erasing: bool = False) -> None:
        """Whether the mouse paints where objects may stand; left adds, or clears when it is erasing, right clears."""
        self.painting, self.erasing = painting, erasing
        self._show_cursor()
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
        return CropGeometry.fit(self.scene, self.size(), self.camera)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Go nearer by a factor, with what is at ``at``, under the pointer or in the middle staying where it is."""
        if self.scene is not None and self._zooms:
            at = at or self.pointer or QPointF(self.rect().center())
            least = fitting(self.scene, self.size())
            self._look(self.crop_geometry.zoomed(factor, at, self.size(), least))

    def show_all(self) -> None:
        """Show the whole picture."""
        self._look(CropCamera())

    def show_pixels(self) -> None:
        """Show one pixel of the picture for one of the screen's."""
        if self.scene is not None:
            self.zoom(1 / self.devicePixelRatioF() / self.crop_geometry.scale)

    def _look(self, camera: CropCamera) -> None:
        self.camera = camera
        self.update()

    def _picture(self, area: QRectF) -> QPixmap | QImage | None:
        """The picture in the size that shows it best: all of it is scaled once, a part as it is painted."""
        if self._pixmap is None:
            return None
        ratio = self.devicePixelRatioF()
        size = QSize(round(area.width() * ratio), round(area.height() * ratio))
        if self.camera.scale is not None:
            return self._whole if self._whole and size.width() > self._pixmap.width() else self._pixmap
        if self._scaled is None or self._scaled.size() != size:
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
        if self.scene is None or self.dragged:
            return
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._panned = event.position()
            self._show_cursor()
            return
        self._start = self._last = event.position()
        self._before = self.scene
        if self.painting:
            self.dragged = CropPart.ADD if left and not self.erasing else CropPart.CLEAR
            self._begin_erasing()
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
        if self._panned is not None:
            self._look(self.crop_geometry.panned(event.position() - self._panned, self.size()))
            self._panned = event.position()
        elif self.dragged in {CropPart.ADD, CropPart.CLEAR}:
            self._stroke(event.position())
        elif self.dragged is CropPart.HORIZON:
            horizon = clamped(self.crop_geometry.horizon_at(event.position().y()))
            self.scene = replace(self.scene, horizon=horizon, set_horizon=True)
        elif self.dragged:
            self._drag_square(event.position())
        else:
            self._show_cursor()
        self.update()

    def _show_cursor(self) -> None:
        """Say by the pointer what a press would do."""
        shapes = Qt.CursorShape
        if self._panned is not None or self._space:
            self.setCursor(shapes.OpenHandCursor if self._panned is None else shapes.ClosedHandCursor)
        elif self.painting:
            self.setCursor(shapes.BlankCursor)
        else:
            part = self.crop_geometry.part_at(self.pointer) if self.scene and self.pointer else None
            self.setCursor(CURSORS[part] if part else shapes.ArrowCursor)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer; with Shift the brush becomes larger or smaller."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.painting:
            self.set_brush(self.brush * _NOTCH ** (turned / _WHEEL))
        elif self._zooms:
            self.zoom(_NOTCH ** (turned / _WHEEL), event.position())
        else:
            event.ignore()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button erases while something is painted."""
        if not self.painting:
            self.menu_wanted.emit(event.globalPos())

    @override
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """What was dragged is said once, when it is let go."""
        if self._panned is not None:
            self._panned = None
            self._show_cursor()
            return
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

    def _begin_erasing(self) -> None:
        """Where nothing was painted objects may stand everywhere: there something is taken from."""
        assert self.scene is not None
        if self.dragged is CropPart.CLEAR and not self.scene.cells.any():
            self.scene = replace(self.scene, cells=np.ones_like(self.scene.cells))

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
        if event.key() == Qt.Key.Key_Space and self._zooms:
            self._space = True
            self._show_cursor()
            return
        if self.scene is None or not self._key(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space is let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        else:
            super().keyReleaseEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Space may be let go elsewhere."""
        self._space = False
        self._show_cursor()
        super().focusOutEvent(event)

    def _key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        assert self.scene is not None
        keys, far = Qt.Key, bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        sizes = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
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
        larger = (x - step // 2, y - step // 2, side + step)
        smaller = (x + step // 2, y + step // 2, max(side - step, LEAST_SIDE))
        moved = {
            keys.Key_Left: (x - step, y, side),
            keys.Key_Right: (x + step, y, side),
            keys.Key_Up: larger if sizes else (x, y - step, side),
            keys.Key_Down: smaller if sizes else (x, y + step, side),
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
        paint_picture(painter, geometry.picture, self.size(), picture)
        interaction = CropInteraction(self.dragged, self.painting, self._radii(), self.pointer)
        paint_scene(painter, self.scene, geometry, interaction)
