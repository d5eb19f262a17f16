"""One composition: the object to drag, and the lines of the settings to take hold of.

Keyboard, while it has the focus: arrows move the object by a pixel (with Shift by ten), Home puts it back where
the dataset has it, A and D show the sample before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.what_if import WhatIf
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import small, theme
from fgbg_studio.gui.preview.composition_geometry import (
    CompositionGeometry,
    FrameGeometry,
    Handle,
    HandleKind,
    cursor_of,
)
from fgbg_studio.gui.preview.composition_model import CompositionModel, Hands
from fgbg_studio.gui.preview.composition_paint import CompositionPainter, feet_words

_STANDING, _FAINT, _CLEAR = (76, 195, 138), 36, 230

_SOLID = 32
"""Alpha from which an object is taken at a point of it."""

_SQUARES_FROM = 4.0
"""From so many pixels of the screen for one of the frame that is seen as a square: one more or less is not noticed."""


def blended(scale: float) -> bool:
    """Whether the frame's pixels, each ``scale`` of the screen's, are blended: else some squares would be larger."""
    return scale < _SQUARES_FROM and not scale.is_integer()


class CompositionView(QWidget):
    """See the module.

    Signals:
        guide_dragged: (`Guide`, value in its unit) while its line is dragged; ``gesture`` counts the drags.
        light_dragged: (x, y) in the frame, to where the shadow's end is dragged; ``gesture`` counts it too.
        stepped: -1 or 1, for the sample before or after.
        drag_cancelled: Esc while a line was dragged.
        left: Esc, and nothing was dragged.
    """

    guide_dragged = Signal(object, float)
    light_dragged = Signal(float, float)
    stepped = Signal(int)
    drag_cancelled = Signal()
    left = Signal()

    def __init__(self, model: CompositionModel) -> None:
        super().__init__()
        self.model = model
        self.shows_guides, self.gesture = True, 0
        self.shows_ghosts = self.shows_floor = True
        self.dragged: Handle | None = None
        self.hovered: Handle | None = None
        self.keyboard = False
        self._pixmaps: dict[str, QPixmap] = {}
        self._cutouts: list[QPixmap] = []
        self._ground: QPixmap | None = None
        self._ground_of: WhatIf | None = None
        self._start = QPointF()
        self._grip = QPointF(), 1.0
        self._before: tuple[Hands, tuple[float, float]] = ({}, model.figure)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 200)
        self.setAccessibleName(self.tr("Composition; arrow keys move the object"))
        theme.changed.connect(self.update)
        model.changed.connect(self._follow)
        model.rendered.connect(self._take)

    # What is shown

    def _follow(self) -> None:
        self.setAccessibleDescription(feet_words(self.model))
        self.update()

    def _take(self) -> None:
        self._pixmaps, self._cutouts = {}, []
        self.update()

    def pixmap(self, name: str) -> QPixmap | None:
        """``image``, ``background`` or ``ghosts`` of what was rendered last."""
        pixels = getattr(self.model.picture, name, None)
        if pixels is None:
            return None
        if name not in self._pixmaps:
            self._pixmaps[name] = QPixmap.fromImage(to_image(pixels))
        return self._pixmaps[name]

    def cutouts(self) -> list[QPixmap]:
        """The objects of what was rendered last, each alone."""
        picture = self.model.picture
        if picture is not None and not self._cutouts:
            self._cutouts = [QPixmap.fromImage(to_image(cutout)) for cutout in picture.cutouts]
        return self._cutouts

    def ground(self) -> QPixmap | None:
        """Where objects may stand as a tint over the frame; None for everywhere."""
        trial = self.model.trial
        if trial is not self._ground_of:
            self._ground_of, region = trial, trial.ground() if trial else None
            self._ground = None
            if region is not None:
                self._ground = QPixmap.fromImage(to_image(_outlined(region)))
        return self._ground

    def show_guides(self, shown: bool) -> None:
        """Show the lines, or the picture alone."""
        self.shows_guides = shown
        self.update()

    def show_ghosts(self, shown: bool) -> None:
        """Show what of the objects is hidden, or only what is seen."""
        self.shows_ghosts = shown
        self.update()

    def show_floor(self, shown: bool) -> None:
        """Tint where objects may stand, or leave the picture as it is."""
        self.shows_floor = shown
        self.update()

    # Where things lie

    @property
    def frame_geometry(self) -> FrameGeometry:
        """Where the frame lies in the widget."""
        side = self.model.trial.recipe.settings.size if self.model.trial else 1
        return FrameGeometry.fit(self.size(), side, self.model.guides, self.devicePixelRatioF())

    @property
    def composition_geometry(self) -> CompositionGeometry:
        """Where the object and the guides lie in the widget."""
        model = self.model
        held, shadow = None if model.sample is None else model.held_at, model.shadow_end()
        return CompositionGeometry(self.frame_geometry, model.guides, model.sample, model.figure, held, shadow)

    def _handle_under(self, point: QPointF) -> Handle | None:
        return self.composition_geometry.handle_at(point, guides_shown=self.shows_guides, covers=self._covers)

    def _covers(self, place: int, point: QPointF) -> bool:
        """Whether an object is solid under a point, as far as what was rendered last tells."""
        picture, sample = self.model.picture, self.model.sample
        if picture is None or sample is None or picture.sample.boxes != sample.boxes:
            return False
        frame, cutout = self.frame_geometry, picture.cutouts[place]
        left, top, width, height = sample.boxes[place]
        x = int((point.x() - frame.area.x()) / frame.scale) - left
        y = int((point.y() - frame.area.y()) / frame.scale) - top
        return 0 <= x < width and 0 <= y < height and bool(cutout[y, x, 3] > _SOLID)

    # Mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what is under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or self.model.trial is None:
            return
        point = event.position()
        self.dragged = self._handle_under(point)
        if self.dragged is None:
            return
        self.gesture += 1
        self._before = self.model.hands, self.model.figure
        if self.dragged.kind is HandleKind.OBJECT:
            self.model.hold(self.dragged.place)
        # By the screen and not by the widget, which may be moved or scaled while one drags.
        frame = self.frame_geometry
        self._grip = self.mapToGlobal(frame.area.topLeft()), frame.scale
        self._start = event.globalPosition() - self.mapToGlobal(self._anchor(self.dragged))
        if self.dragged.kind is HandleKind.BAND and self.dragged.guide and self.dragged.guide.foot is not None:
            self.model.put(self._feet_x(), self.dragged.guide.foot)
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or show what would be dragged."""
        if self.dragged is None:
            self.hovered = self._handle_under(event.position())
            self.setCursor(cursor_of(self.hovered))
            self.setToolTip(self._help(self.hovered))
        else:
            self._drag(event.globalPosition() - self._start)
        self.update()

    def _help(self, handle: Handle | None) -> str:
        if handle is None or handle.kind is HandleKind.OBJECT:
            return ""
        if handle.kind is HandleKind.LIGHT:
            return self.tr("The end of this object's shadow: drag it to turn the light of this background")
        if handle.kind is HandleKind.FIGURE or (handle.guide and handle.guide.look == "figure"):
            return self.tr("Place it next to something of known height, then drag its top")
        return handle.guide.help.capitalize() if handle.guide else ""

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.dragged = None
        self.mouseMoveEvent(event)

    def cancel(self) -> None:
        """Give up what is being dragged."""
        held, self.dragged = self.dragged, None
        if held is None:
            return
        hands, figure = self._before
        self.model.set_figure(*figure)
        if held.kind in {HandleKind.GUIDE, HandleKind.LIGHT}:
            self.drag_cancelled.emit()
        elif held.kind is not HandleKind.FIGURE:
            self.model.take_hands(hands)

    @override
    def event(self, event: QEvent) -> bool:
        """While something is dragged Esc gives it up, and is no shortcut of the place."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and self.dragged and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The object goes back where the dataset has it."""
        handle = self._handle_under(event.position())
        if handle and handle.kind is HandleKind.OBJECT:
            self.model.put_back()

    def _anchor(self, handle: Handle) -> QPointF:
        """The point of what is held that follows the pointer."""
        geometry = self.composition_geometry
        figure = geometry.figure_line()
        if handle.kind is HandleKind.FIGURE and figure:
            return figure[1]
        light = geometry.light_line()
        if handle.kind is HandleKind.LIGHT and light:
            return light[1]
        if handle.kind is HandleKind.OBJECT:
            box = geometry.box()
            return QPointF(box.center().x(), box.bottom())
        row = handle.guide.row if handle.guide else None
        return QPointF(0, geometry.frame.y_of(row or 0))

    def _drag(self, point: QPointF) -> None:
        assert self.dragged is not None
        origin, scale = self._grip
        x, row = (point.x() - origin.x()) / scale, (point.y() - origin.y()) / scale
        if self.dragged.kind is HandleKind.OBJECT:
            self.model.put(x, row)
        elif self.dragged.kind is HandleKind.LIGHT:
            self.light_dragged.emit(x, row)
        elif self.dragged.kind is HandleKind.FIGURE:
            side = self.frame_geometry.side
            self.model.set_figure(x / side, row / side)
        elif self.dragged.kind is HandleKind.GUIDE and self.dragged.guide:
            guide = self._newest(self.dragged.guide)
            value = guide.value_at(row)
            if value != guide.nearest(guide.value):
                self.guide_dragged.emit(guide, value)

    def _newest(self, guide: Guide) -> Guide:
        """The guide as the settings are now: a drag changes them again and again."""
        return next((g for g in self.model.guides if g.name == guide.name), guide)

    def _feet_x(self) -> float:
        geometry = self.composition_geometry
        return (geometry.box().center().x() - geometry.frame.area.x()) / geometry.frame.scale

    # Keyboard and the rest

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the module."""
        keys, far = Qt.Key, 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step, model = self.model.step, self.model
        actions: dict[Qt.Key, Callable[[], object]] = {
            keys.Key_Left: partial(step, -far, 0),
            keys.Key_Right: partial(step, far, 0),
            keys.Key_Up: partial(step, 0, -far),
            keys.Key_Down: partial(step, 0, far),
            keys.Key_Home: model.put_back,
            keys.Key_Escape: self.cancel if self.dragged else self.left.emit,
            keys.Key_A: partial(self.stepped.emit, -1),
            keys.Key_D: partial(self.stepped.emit, 1),
        }
        done = actions.get(Qt.Key(event.key()))
        if done is None:
            super().keyPressEvent(event)
        else:
            done()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring shows those who came by the keyboard where they are."""
        self.keyboard = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        self.keyboard = False
        super().focusOutEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """What is out of sight is not dragged on."""
        self.dragged = self.hovered = None
        super().hideEvent(event)

    @override
    def leaveEvent(self, _event: object) -> None:
        """Nothing is under the pointer."""
        self.hovered = None
        self.update()

    @override
    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(800, 640)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, the region where objects may stand, and over them what `CompositionPainter` paints."""
        painter = QPainter(self)
        if self.model.trial is None:
            return
        geometry = self.composition_geometry
        area = geometry.frame.area
        painter.fillRect(area, theme.colours.colour("raised"))
        painter.save()
        painter.setClipRect(area)
        self._paint_picture(painter, geometry)
        painter.restore()
        self._paint_edge(painter, area)
        if self.shows_floor and (ground := self.ground()) is not None:
            painter.drawPixmap(area, ground, QRectF(ground.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small(painter.font()))
        over = CompositionPainter(painter, geometry, self.model, self.dragged, self.hovered)
        if self.shows_guides:
            over.paint_guides()
        over.paint_object(self.height() - 10)

    def _paint_picture(self, painter: QPainter, geometry: CompositionGeometry) -> None:
        """The composite, or at once what is known of it while the exact one is made."""
        picture, sample = self.model.picture, self.model.sample
        image, background = self.pixmap("image"), self.pixmap("background")
        if picture is None or image is None or background is None:
            return
        scale = geometry.frame.scale * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, blended(scale))
        exact = sample is not None and sample.boxes == picture.sample.boxes
        exact = exact or not self.model.fresh  # of other pictures: they stay until these are there
        exact = exact or picture.whole  # pasted cutouts would be far from it: it lags by a moment instead
        shown = image if exact else background
        painter.drawPixmap(geometry.frame.area, shown, QRectF(shown.rect()))
        if exact and self.shows_ghosts and (ghosts := self.pixmap("ghosts")) is not None:
            painter.drawPixmap(geometry.frame.area, ghosts, QRectF(ghosts.rect()))
        if not exact:
            painter.save()
            painter.setClipRect(geometry.frame.area)  # which may cut them
            for box, cutout in zip(geometry.boxes(), self.cutouts(), strict=False):
                painter.drawPixmap(box, cutout, QRectF(cutout.rect()))
            painter.restore()

    def _paint_edge(self, painter: QPainter, area: QRectF) -> None:
        ringed = self.hasFocus() and self.keyboard
        painter.setPen(QPen(theme.colours.colour("accent" if ringed else "line"), 2 if ringed else 1))
        grown = 1.5 if ringed else 0.5
        painter.drawRect(area.adjusted(-grown, -grown, grown, grown))


def _outlined(region: Region) -> Pixels:
    """(S, S, 4) RGBA: a faint tint, so that pixels can still be judged, and a clear line around it."""
    whole = region.astype(np.uint8)
    inner = cv2.erode(whole, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    rgba = np.empty((*region.shape, 4), np.uint8)
    rgba[..., :3] = _STANDING
    rgba[..., 3] = np.where(region, np.where(inner > 0, _FAINT, _CLEAR), 0)
    return rgba
