"""The canvas that a photo is cut on: the tool in the hand, what it draws, and what is seen of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPolygonF,
    QWheelEvent,
)
from typing_extensions import override

from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.cutting.refine_and_check import EdgeColours
from fgbg_studio.core.cutting.seeds import Point, Rectangle, newest_area
from fgbg_studio.gui.foregrounds.canvas_clicks import ClickLayer
from fgbg_studio.gui.foregrounds.canvas_overlay import Overlay
from fgbg_studio.gui.foregrounds.canvas_render import CanvasLook, CutoutView, Pyramid, ViewTransform
from fgbg_studio.gui.foregrounds.canvas_tools import CorrectGesture, Gesture, Grip, MarkGesture, Tool, begin, grip_at
from fgbg_studio.gui.foregrounds.document import CutDocument
from fgbg_studio.gui.foregrounds.photo_view import PhotoView
from fgbg_studio.gui.lib.theme import theme

_NOTCH, _SLIDE = 120, 48  # Qt's units of one step of a wheel; pixels that two fingers slide for as much
_REACH = 7  # screen pixels around a side of the rectangle that hold it
_STEP = 1.2
_SQUARE = 8  # screen pixels of the checkerboard
SMALLEST, LARGEST = 0.5, 600.0  # radii of the brush, in pixels of the photo


class MaskCanvas(PhotoView):
    """See the module.

    Signals:
        radius_changed: of the brush, in pixels of the photo.
        drawn: a gesture was finished; ``corrected``: one that corrected the rectangle.
        menu_wanted: the context menu, at this place (`QPoint`) of the screen.
    """

    radius_changed = Signal(float)
    drawn = Signal()
    corrected = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAccessibleName(self.tr("Photo being cut"))
        self.document: CutDocument | None = None
        self.tool, self.radius, self.means_object = Tool.RECTANGLE, 12.0, True
        self.strokes_shown = True
        self._before_scene: ViewTransform | None = None  # None for the whole photo
        self._gesture: Gesture | None = None
        self._panned_to: QPointF | None = None
        self._sliding = self._space = self._shift = self._control = False
        self._cursor: QPointF | None = None
        self._last: Point | None = None  # where the last stroke ended
        self.clicks = ClickLayer(self)
        theme.changed.connect(self._dress)

    # What is shown

    def set_document(self, document: CutDocument | None, photo: Pyramid | None = None) -> None:
        """Show another photo; ``photo`` is its BGRX pyramid."""
        if self.document:
            self.document.disconnect(self)
        self._gesture = self._panned_to = self._last = self._before_scene = self._looked = None
        self.document, self._scene = document, None
        self.point_at(None)
        self.clicks.leave()
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
        """Look at the alpha in another way; from a background back to where one looked before."""
        before, self.view = self.view, view
        if view is CutoutView.SCENE and before is not view:
            self._before_scene = None if self._fits else self.camera
            if self._scene:
                self.fit()
        elif before is CutoutView.SCENE and view is not before:
            if self._before_scene:
                self.look_from(self._before_scene)
            else:
                self.fit()
        self._dress()
        self.zoomed.emit(self.scale)

    def set_scene(self, scene: Pyramid, box: Box, side: int) -> None:
        """The background behind the object, the square of the photo that it fills, and its side in the dataset."""
        known = self._scene[1] if self._scene else None
        self._scene, self._side = (scene, box), side
        if self.view is CutoutView.SCENE and known != box:
            self.fit()
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

    @property
    def _marks_wanted(self) -> bool:
        """Where strokes are hidden, or would hide what is looked at, they show while one is drawn."""
        return isinstance(self._gesture, MarkGesture) or (self.strokes_shown and not self._hides_photo)

    @property
    def _hides_photo(self) -> bool:
        """Whether the cutout is seen alone; while nothing is cut the photo is, and what was drawn on it."""
        return self.view.cut_out and self.look is not None and self.look.alpha is not None

    def _take_alpha(self) -> None:
        assert self.document is not None
        assert self.look is not None
        self.look.alpha = Pyramid(self.document.shown) if self.document.has_cut else None

    @Slot()
    def _dress(self) -> None:
        if self.look:
            look, c = self.look, theme.colours.colour
            look.view, look.scene, look.side = self.view, self._scene, self._side
            look.marks = self.document.marks if self.document and self._marks_wanted else None
            look.square = round(_SQUARE * self.devicePixelRatioF())
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
                self._dress()
                return
        elif had:
            had.update(box, self.document.shown)
        self.spoil(box)

    @Slot(object)
    def _marks_changed(self, box: Box) -> None:
        if self.look and self.document and self._marks_wanted:
            self.look.marks = self.document.marks
            self.spoil(box)

    @Slot(object)
    def _colours_changed(self, colours: EdgeColours) -> None:
        assert self.look is not None
        look = self.look
        if look.clean is None:
            if not colours.box[2]:
                return  # the photo's own
            look.clean = look.photo.copy()
            self._clean_box: Box = (0, 0, 0, 0)
        look.clean.recolour(look.photo, self._clean_box, colours.box, colours.rgb)
        self._clean_box = colours.box
        if self.view.cut_out:
            self.spoil()

    @property
    @override
    def held(self) -> bool:
        return self._gesture is not None or self._panned_to is not None

    @override
    def draw_over(self, overlay: Overlay) -> None:
        """The area, what is pointed at, the gesture, the divider, the brush."""
        self._draw_area(overlay)
        super().draw_over(overlay)
        if self.document:
            self.clicks.draw(overlay, self.document, shown=self.strokes_shown and not self.view.cut_out)
        if self.view is CutoutView.COMPARE and self.look:
            overlay.divider(self.look.divider * self.width(), self.height())
        self._draw_brush(overlay)
        if self.document and not self.strokes_shown and not self._hides_photo:
            overlay.sign(self.tr("Strokes are hidden · H shows them"))

    def _draw_brush(self, overlay: Overlay) -> None:
        if self._cursor is None or not self.document or not self.tool.has_brush or self._panned_to or self._space:
            return
        if isinstance(self._gesture, CorrectGesture) or self._hovered_grip() is not None:
            return
        if self._shift and self._last and not self._gesture:
            overlay.line(QPointF(*self._last), QPointF(*self._photo_point(self._cursor)))
        overlay.brush(self._cursor, self._shown_radius(), self._brush_colour())

    def _draw_area(self, overlay: Overlay) -> None:
        """The rectangle or lasso that holds, and what a gesture makes of it."""
        shape = self._gesture.shape() if self._gesture else None
        if shape:
            overlay.outline(shape)
        if isinstance(self._gesture, CorrectGesture):
            overlay.handles(QRectF(*self._gesture.box))
            return
        corrects = not self._gesture and (self.tool is Tool.RECTANGLE or self._hovered_grip() is not None)
        if self.document and self.document.outline and ((self.strokes_shown and not self._hides_photo) or corrects):
            outline = QPolygonF([QPointF(*point) for point in self.document.outline])
            overlay.outline(outline, width=1.2, dashed=True)
        rectangle = self._rectangle()
        if rectangle and corrects:
            overlay.handles(QRectF(*rectangle))

    def _brush_colour(self) -> QColor:
        if self.tool in {Tool.ERASER, Tool.SOFTEN}:
            return QColor(255, 255, 255)
        if self.tool is Tool.HAIR:
            return QColor(255, 200, 90)
        positive = self.means_object if self.tool is Tool.MARK else self.tool is Tool.ADD
        return QColor(110, 220, 130) if positive else QColor(255, 110, 110)

    def _shown_radius(self) -> float:
        return max(self.radius * self.camera.scale / self.devicePixelRatioF(), 1.5)

    def _update_brush(self) -> None:
        if self._cursor is not None and self._shift and self._last:
            self.update()  # of the line that a click would draw
        elif self._cursor is not None:
            reach = self._shown_radius() + 4
            middle = self._cursor
            self.update(QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach).toAlignedRect())

    # Events

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel, or two fingers, zoom, with Ctrl or without; with Shift they change the brush."""
        event.accept()
        if event.phase() is Qt.ScrollPhase.ScrollMomentum:
            return  # the fingers have left: it does not go on by itself
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        factor = _STEP ** _steps(event, sideways=with_shift)
        if with_shift:
            self.set_radius(self.radius * factor)
        elif factor != 1:
            self.zoom(factor, event.position())

    @override
    def event(self, event: QEvent) -> bool:
        """Two fingers zoom too."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By its key, or by the right button where that has no other meaning."""
        if event.reason() == QContextMenuEvent.Reason.Mouse and (self.tool.takes_right or self._gesture):
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._cursor if by_key and self._cursor is not None else event.pos().toPointF()
        self.menu_wanted.emit(self.mapToGlobal(place.toPoint()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan, to slide the divider, or what the tool does."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._take_keys(event.modifiers())
        self._cursor = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if not self.document or self._gesture:
            return
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._panned_to = event.position()
        elif left and self._at_divider(event.position()):
            self._sliding = True
        elif left or (event.button() == Qt.MouseButton.RightButton and self.tool.takes_right):
            self.point_at(None)
            self._gesture = self._begun(self.document, self._photo_point(event.position()), other=not left)
            self._dress_for_marks()
        self._set_cursor()
        self.update()

    def _begun(self, document: CutDocument, point: Point, *, other: bool) -> Gesture:
        grip, rectangle = self._hovered_grip(), self._rectangle()
        if grip is not None and rectangle and not other:
            return CorrectGesture(document, point, rectangle, grip)
        if self.tool is Tool.CLICK:
            return self.clicks.begin(document, point, object_=self.means_object != other)
        straight = self._last if self._shift and self.tool.has_brush else None
        gesture = begin(
            self.tool, document, straight or point, self.camera.scale / self.devicePixelRatioF(), self.radius,
            object_=self.means_object, other=other,
        )  # fmt: skip
        if straight:
            gesture.move(point)
        return gesture

    def _dress_for_marks(self) -> None:
        """A stroke is seen while it is drawn, also where strokes are not."""
        if self.look and (self.look.marks is not None) != self._marks_wanted:
            self._dress()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what the press began; the brush follows."""
        self._update_brush()
        self._cursor = event.position()
        self._take_keys(event.modifiers())
        self._update_brush()
        if self._panned_to is not None:
            self._panned_to += self.pan(event.position() - self._panned_to)
        elif self._sliding and self.look:
            self.look.divider = min(max(event.position().x() / self.width(), 0.0), 1.0)
            self.spoil()
        elif self._gesture:
            self._gesture.move(self._photo_point(event.position()))
            if self._gesture.shape():
                self.update()
        else:
            self._set_cursor()
            if self.tool is Tool.CLICK and self.document:
                self.clicks.hover(event.position(), self._photo_point(event.position()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if self._panned_to is not None or self._sliding:
            self._panned_to, self._sliding = None, False
        elif self._gesture:
            gesture, self._gesture = self._gesture, None
            point = self._photo_point(event.position())
            gesture.move(point)
            gesture.end()
            self._dress_for_marks()
            if isinstance(gesture, CorrectGesture):
                self.corrected.emit()
            else:
                self._last = point if self.tool.has_brush else self._last
                self.drawn.emit()
        self._set_cursor()
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """The brush is not shown outside."""
        self._update_brush()
        self._cursor = None
        self.clicks.leave()
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans while it is held, Shift draws straight, Ctrl corrects the rectangle."""
        if not self._hold(event, held=True):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """None of them is held any more."""
        if not self._hold(event, held=False):
            super().keyReleaseEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Which keys are held is not known any more."""
        self._space = False
        self._take_keys(Qt.KeyboardModifier.NoModifier)
        super().focusOutEvent(event)

    def _hold(self, event: QKeyEvent, *, held: bool) -> bool:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = held
            self._set_cursor()
            self.update()
        for key, modifier in _HELD.items():
            if event.key() == key:
                others = event.modifiers() & ~modifier
                self._take_keys(others | modifier if held else others)
        return event.key() == Qt.Key.Key_Space

    def _take_keys(self, held: Qt.KeyboardModifier) -> None:
        """Remember which modifiers are held."""
        before = self._shift, self._control
        self._shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        self._control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if before != (self._shift, self._control):
            self._set_cursor()
            self.update()

    def cancel(self) -> bool:
        """Give up the gesture that was begun; whether there was one."""
        gesture, self._gesture = self._gesture, None
        if gesture:
            gesture.cancel()
            self._dress_for_marks()
            self.update()
        return gesture is not None

    def end_gesture(self) -> None:
        """What is being drawn is finished here, as where the button is released."""
        gesture, self._gesture = self._gesture, None
        if gesture:
            gesture.end()

    # The rectangle that holds

    def _rectangle(self) -> Box | None:
        area = newest_area(self.document.work.seeds) if self.document else None
        return area.box if isinstance(area, Rectangle) else None

    def _corrects(self) -> bool:
        """Whether the rectangle can be corrected now: with its tool, and with a brush while Ctrl is held."""
        return self.tool is Tool.RECTANGLE or (self.tool.has_brush and self._control)

    def _hovered_grip(self) -> Grip | None:
        rectangle = self._rectangle() if self._corrects() and not self._gesture else None
        if rectangle is None or self._cursor is None:
            return None
        reach = _REACH * self.devicePixelRatioF() / self.camera.scale
        inside = self._control and self.tool is Tool.RECTANGLE
        return grip_at(rectangle, self._photo_point(self._cursor), reach, inside=inside)

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
        elif self._panned_to is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._sliding or (self._cursor is not None and self._at_divider(self._cursor)):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif isinstance(self._gesture, CorrectGesture):
            pass  # it keeps the shape that it began with
        elif (grip := self._hovered_grip()) is not None:
            self.setCursor(_SHAPES[grip])
        elif self.tool.has_brush:
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)


_HELD = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
}
_SHAPES = {
    (0, 0): Qt.CursorShape.SizeAllCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
}


def _steps(event: QWheelEvent, *, sideways: bool) -> float:
    """Steps of a wheel; two fingers make fractions of one. Some systems turn the wheel sideways where Shift is held."""
    pixels = event.pixelDelta() if event.phase() is not Qt.ScrollPhase.NoScrollPhase else QPoint()
    delta, step = (pixels, _SLIDE) if not pixels.isNull() else (event.angleDelta(), _NOTCH)
    return (delta.y() or (delta.x() if sideways else 0)) / step


def _bgrx(colour: QColor) -> tuple[int, int, int, int]:
    return colour.blue(), colour.green(), colour.red(), 255
