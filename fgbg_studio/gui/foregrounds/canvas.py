"""The canvas that a photo is cut on: zoom, pan, views, and the tool in the hand.

What it shows is composed only where something changed (`ScreenBuffer`), so that a brush on a photo of twelve
megapixels costs what its own size costs.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting.refine_and_check import EdgeColours
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, CutoutView, Pyramid, ViewTransform
from fgbg_studio.gui.foregrounds.canvas_tools import Gesture, Tool, begin
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.screen_buffer import ScreenBuffer
from fgbg_studio.gui.lib.theme import theme

_NOTCH = 120  # Qt's units of one step of a wheel
_STEP = 1.2
_MARGIN = 16  # screen pixels around a photo that is shown whole
SMALLEST, LARGEST = 0.5, 600.0  # radii of the brush, in pixels of the photo


class MaskCanvas(QWidget):
    """See the module.

    Signals:
        radius_changed: of the brush, in pixels of the photo.
        drawn: a gesture was finished.
        zoomed: device pixels for a pixel of the photo.
    """

    radius_changed = Signal(float)
    drawn = Signal()
    zoomed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAccessibleName(self.tr("Photo being cut"))
        self.document: CutDocument | None = None
        self.look: CanvasLook | None = None
        self.camera = ViewTransform()
        self._fits = True
        self._screen = ScreenBuffer(self)
        self._screen.spoiled.connect(self._update_pixels)
        self.tool, self.radius, self.means_object = Tool.RECTANGLE, 12.0, True
        self.view, self.strokes_shown = CutoutView.TINT, True
        self._scene: tuple[Pyramid, Box] | None = None
        self._gesture: Gesture | None = None
        self._grip: QPoint | None = None
        self._sliding = self._space = False
        self._cursor: QPointF | None = None
        self._pointed: Box | None = None
        theme.changed.connect(self._dress)

    # What is shown

    def set_document(self, document: CutDocument | None, photo: Pyramid | None = None) -> None:
        """Show another photo; ``photo`` is its BGRX pyramid."""
        if self.document:
            self.document.disconnect(self)
        self._gesture = self._grip = self._pointed = None
        self.document, self._scene = document, None
        self.look = CanvasLook(photo) if photo else None
        if document:
            if self.look and document.photo.shape[2] == 4:
                self.look.native = Pyramid(np.ascontiguousarray(document.photo[..., 3]))
            document.shown_changed.connect(self._alpha_changed)
            document.marks_changed.connect(self._marks_changed)
            document.colours_changed.connect(self._colours_changed)
            document.work_changed.connect(self.update)
            self._take_alpha()
        self._dress()
        self.fit()
        self._set_cursor()

    def set_tool(self, tool: Tool) -> None:
        """Take another tool into the hand."""
        self.cancel()
        self.tool = tool
        self._set_cursor()
        self.update()

    def set_view(self, view: CutoutView) -> None:
        """Look at the alpha in another way."""
        self.view = view
        self._dress()

    def set_scene(self, scene: Pyramid | None, box: Box = (0, 0, 1, 1)) -> None:
        """The background behind the object, and the part of the photo that it fills."""
        self._scene = (scene, box) if scene else None
        self._dress()

    def set_strokes_shown(self, shown: bool) -> None:
        """Show or hide the strokes."""
        self.strokes_shown = shown
        self._dress()

    def set_radius(self, radius: float) -> None:
        """Of the brush, in pixels of the photo."""
        radius = min(max(radius, SMALLEST), LARGEST)
        if radius != self.radius:
            self._update_brush()
            self.radius = radius
            self._update_brush()
            self.radius_changed.emit(radius)

    def point_at(self, box: Box | None) -> None:
        """Show where something is, in a frame; the view goes there. None takes the frame away."""
        self._pointed = box
        if box:
            margin = max(self.width(), self.height()) * self.devicePixelRatioF() / 4
            self.look_from(ViewTransform.fitting(box, self.screen_size(), margin, 8.0))
        self.update()

    @property
    def _marks_wanted(self) -> bool:
        """On a cutout, strokes would hide what is looked at: there they show while one is drawn."""
        return self.strokes_shown and (self._gesture is not None or not self.view.cut_out)

    def _take_alpha(self) -> None:
        assert self.document is not None
        assert self.look is not None
        self.look.alpha = Pyramid(self.document.shown) if self.document.has_cut else None

    @Slot()
    def _dress(self) -> None:
        if self.look:
            look, c = self.look, theme.colours.colour
            look.view, look.scene = self.view, self._scene
            look.marks = self.document.marks if self.document and self._marks_wanted else None
            look.surround = _bgrx(c("window"))
            look.checker = (_bgrx(c("checker_one")), _bgrx(c("checker_two")))
        self.spoil()

    @Slot(object)
    def _alpha_changed(self, box: Box) -> None:
        assert self.document is not None
        assert self.look is not None
        had = self.look.alpha
        if had is None or not self.document.has_cut or had.levels[0] is not self.document.shown:
            self._take_alpha()
            if (had is None) != (self.look.alpha is None):
                self.spoil()
                return
        elif had:
            had.update(box, self.document.shown)
        self.spoil(box)

    @Slot(object)
    def _marks_changed(self, box: Box) -> None:
        if self.look and self.document and self._marks_wanted:
            self.look.marks = self.document.marks
            self.spoil(box)
        self.update(self._overlay_rect())

    @Slot(object)
    def _colours_changed(self, colours: EdgeColours) -> None:
        assert self.look is not None
        look = self.look
        if look.clean is None:
            look.clean = look.photo.copy()
            self._clean_box: Box = (0, 0, 0, 0)
        x, y, width, height = self._clean_box
        part = (slice(y, y + height), slice(x, x + width))
        look.clean.levels[0][part] = look.photo.levels[0][part]
        if width:
            look.clean.update(self._clean_box, look.clean.levels[0])
        x, y, width, height = self._clean_box = colours.box
        look.clean.levels[0][y : y + height, x : x + width, :3] = colours.rgb[..., ::-1]
        if width:
            look.clean.update(colours.box, look.clean.levels[0])
        if self.view.cut_out:
            self.spoil()

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
        before, self.camera = self.camera, self.camera.moved(right, down)
        self._fits = False
        if self.look is None or self.look.native or self.look.view in {CutoutView.CHECKER, CutoutView.COMPARE}:
            self.spoil()  # the checkerboard stays where it is
        else:
            self._screen.composed(self.look, before, self.screen_size())
            self._screen.shift(right, down)

    # Drawing

    def spoil(self, box: Box | None = None) -> None:
        """All of the screen has to be composed anew, or what shows a box of the photo has."""
        size = self.screen_size()
        if box is None:
            self._screen.spoil_all(size)
            return
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
        """The composed photo, and over it the area, what is pointed at, the gesture, the divider, the brush."""
        painter = QPainter(self)
        if not self.look:
            painter.fillRect(event.rect(), theme.colours.colour("window"))
            return
        pixels = self._screen.composed(self.look, self.camera, self.screen_size())
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(0, 0, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_area(painter)
        if self._pointed:
            x, y, width, height = self._pointed
            self._draw_outline(painter, QPolygonF(QRectF(x, y, width, height)), theme.colours.colour("warn"), 2)
        shape = self._gesture.shape() if self._gesture else None
        if shape:
            self._draw_outline(painter, shape, QColor(255, 255, 255), 1.5)
        if self.view is CutoutView.COMPARE:
            _draw_divider(painter, self.look.divider * self.width(), self.height())
        self._draw_brush(painter)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """A photo that was shown whole stays so."""
        if self._fits:
            self.fit()
        self.spoil()
        super().resizeEvent(event)

    def _draw_area(self, painter: QPainter) -> None:
        outline = self.document.outline if self.document else ()
        if outline and self.strokes_shown and not self.view.cut_out:
            shape = QPolygonF([QPointF(*point) for point in outline])
            self._draw_outline(painter, shape, QColor(255, 255, 255), 1.2, dashed=True)

    def _draw_outline(
        self, painter: QPainter, shape: QPolygonF, colour: QColor, width: float, *, dashed: bool = False
    ) -> None:
        """A line in the photo, with a dark one under it so that it shows on everything."""
        ratio = self.devicePixelRatioF()
        placed = QPolygonF([QPointF(*self.camera.to_screen(p.x(), p.y())) / ratio for p in shape.toList()])
        for pen in (QPen(QColor(0, 0, 0, 150), width + 2), QPen(colour, width)):
            painter.setPen(pen)
            if dashed and pen.widthF() == width:
                pen.setDashPattern([5, 4])
                painter.setPen(pen)
            painter.drawPolygon(placed)

    def _draw_brush(self, painter: QPainter) -> None:
        if self._cursor is None or not self.tool.has_brush or self._grip or self._space or not self.document:
            return
        radius = self._shown_radius()
        for colour, wide in ((QColor(0, 0, 0, 160), 3.0), (self._brush_colour(), 1.4)):
            painter.setPen(QPen(colour, wide))
            painter.drawEllipse(self._cursor, radius, radius)

    def _brush_colour(self) -> QColor:
        if self.tool in {Tool.ERASER, Tool.SOFTEN}:
            return QColor(255, 255, 255)
        positive = self.means_object if self.tool is Tool.MARK else self.tool is Tool.ADD
        return QColor(110, 220, 130) if positive else QColor(255, 110, 110)

    def _shown_radius(self) -> float:
        return max(self.radius * self.camera.scale / self.devicePixelRatioF(), 1.5)

    def _overlay_rect(self) -> QRect:
        return self.rect() if self.document and self.document.outline else QRect()

    def _update_brush(self) -> None:
        if self._cursor is not None:
            reach = self._shown_radius() + 4
            middle = self._cursor
            self.update(QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach).toAlignedRect())

    # Events

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms, with Ctrl or without; with Shift it changes the brush."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        factor = _STEP ** (delta / _NOTCH)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.set_radius(self.radius * factor)
        else:
            self.zoom(factor, event.position())
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        """Two fingers zoom too."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan, to slide the divider, or what the tool does."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        left = event.button() == Qt.MouseButton.LeftButton
        if not self.document or self._gesture:
            return
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._grip = event.position().toPoint()
        elif left and self._at_divider(event.position()):
            self._sliding = True
        elif left or (event.button() == Qt.MouseButton.RightButton and self.tool.has_brush):
            self._pointed = None
            self._gesture = begin(
                self.tool, self.document, self._photo_point(event.position()),
                self.camera.scale / self.devicePixelRatioF(), self.radius,
                object_=self.means_object, other=not left,
            )  # fmt: skip
            if self.view.cut_out:
                self._dress()
        self._set_cursor()
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what the press began; the brush follows."""
        self._update_brush()
        self._cursor = event.position()
        self._update_brush()
        if self._grip is not None:
            here = event.position().toPoint()
            self.pan(here - self._grip)
            self._grip = here
        elif self._sliding and self.look:
            self.look.divider = min(max(event.position().x() / self.width(), 0.0), 1.0)
            self.spoil()
        elif self._gesture:
            self._gesture.move(self._photo_point(event.position()))
            if self._gesture.shape():
                self.update()
        else:
            self._set_cursor()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if self._grip is not None or self._sliding:
            self._grip, self._sliding = None, False
        elif self._gesture:
            gesture, self._gesture = self._gesture, None
            gesture.move(self._photo_point(event.position()))
            gesture.end()
            if self.view.cut_out:
                self._dress()
            self.drawn.emit()
        self._set_cursor()
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """The brush is not shown outside."""
        self._update_brush()
        self._cursor = None
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans while it is held."""
        if not self._hold_space(event, held=True):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space no longer pans."""
        if not self._hold_space(event, held=False):
            super().keyReleaseEvent(event)

    def _hold_space(self, event: QKeyEvent, *, held: bool) -> bool:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = held
            self._set_cursor()
            self.update()
        return event.key() == Qt.Key.Key_Space

    def cancel(self) -> bool:
        """Give up the gesture that was begun; whether there was one."""
        gesture, self._gesture = self._gesture, None
        if gesture:
            gesture.cancel()
            self.update()
        return gesture is not None

    @override
    def sizeHint(self) -> QSize:
        """What it would like."""
        return QSize(800, 600)

    def _photo_point(self, position: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return self.camera.to_photo(position.x() * ratio, position.y() * ratio)

    def _at_divider(self, position: QPointF) -> bool:
        if self.view is not CutoutView.COMPARE or not self.look:
            return False
        return abs(position.x() - self.look.divider * self.width()) <= 6

    def _set_cursor(self) -> None:
        if not self.document:
            self.unsetCursor()
        elif self._grip is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._sliding or (self._cursor is not None and self._at_divider(self._cursor)):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self.tool.has_brush:
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)


def _draw_divider(painter: QPainter, x: float, height: int) -> None:
    painter.setBrush(theme.colours.colour("accent"))
    for pen in (QPen(QColor(0, 0, 0, 120), 4), QPen(theme.colours.colour("accent"), 2)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    painter.drawEllipse(QPointF(x, height / 2), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _bgrx(colour: QColor) -> tuple[int, int, int, int]:
    return colour.blue(), colour.green(), colour.red(), 255
