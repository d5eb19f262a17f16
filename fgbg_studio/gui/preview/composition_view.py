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

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.what_if import WhatIf
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import small, theme
from fgbg_studio.gui.preview.composition_geometry import (
    CompositionGeometry,
    FrameGeometry,
    Held,
    Hold,
    cursor_of,
)
from fgbg_studio.gui.preview.composition_model import CompositionModel
from fgbg_studio.gui.preview.composition_paint import CompositionPainter, feet_words

_STANDING, _FAINT, _CLEAR = (76, 195, 138), 36, 230

NEAREST_FROM = 2.0
"""Beyond this many device pixels for one of the frame its pixels are shown as squares."""


class CompositionView(QWidget):
    """See the module.

    Signals:
        pulled: (`Guide`, value in its unit) while its line is dragged; ``gesture`` counts the drags.
        stepped: -1 or 1, for the sample before or after.
        given_up: Esc while a line was dragged.
        left: Esc, and nothing was dragged.
    """

    pulled = Signal(object, float)
    stepped = Signal(int)
    given_up = Signal()
    left = Signal()

    def __init__(self, trying: CompositionModel) -> None:
        super().__init__()
        self.trying = trying
        self.shows_guides, self.gesture = True, 0
        self.held: Hold | None = None
        self.under: Hold | None = None
        self.keyboard = False
        self._pixmaps: dict[str, QPixmap] = {}
        self._ground: QPixmap | None = None
        self._ground_of: WhatIf | None = None
        self._start = QPointF()
        self._grip = QPointF(), 1.0
        self._before: tuple[tuple[float, float] | None, tuple[float, float]] = (None, trying.figure)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 200)
        self.setAccessibleName(self.tr("Composition; arrow keys move the object"))
        theme.changed.connect(self.update)
        trying.changed.connect(self._follow)
        trying.rendered.connect(self._take)

    # What is shown

    def _follow(self) -> None:
        self.setAccessibleDescription(feet_words(self.trying))
        self.update()

    def _take(self) -> None:
        self._pixmaps = {}
        self.update()

    def pixmap(self, name: str) -> QPixmap | None:
        """``image``, ``background`` or ``cutout`` of what was rendered last."""
        picture = self.trying.picture
        if picture is None:
            return None
        if name not in self._pixmaps:
            self._pixmaps[name] = QPixmap.fromImage(to_image(getattr(picture, name)))
        return self._pixmaps[name]

    def ground(self) -> QPixmap | None:
        """Where objects may stand as a tint over the frame; None for everywhere."""
        trial = self.trying.trial
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

    # Where things lie

    @property
    def frame_geometry(self) -> FrameGeometry:
        """Where the frame lies in the widget."""
        side = self.trying.trial.recipe.settings.size if self.trying.trial else 1
        return FrameGeometry.fit(self.size(), side, self.trying.guides, self.devicePixelRatioF())

    @property
    def composition_geometry(self) -> CompositionGeometry:
        """Where the object and the guides lie in the widget."""
        trying = self.trying
        return CompositionGeometry(self.frame_geometry, trying.guides, trying.sample, trying.figure)

    def _hold_at(self, point: QPointF) -> Hold | None:
        return self.composition_geometry.hold_at(point, guides_shown=self.shows_guides)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of what is under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or self.trying.trial is None:
            return
        point = event.position()
        self.held = self._hold_at(point)
        if self.held is None:
            return
        self.gesture += 1
        self._before = self.trying.hand, self.trying.figure
        # By the screen and not by the widget, which may be moved or scaled while one drags.
        frame = self.frame_geometry
        self._grip = self.mapToGlobal(frame.area.topLeft()), frame.scale
        self._start = event.globalPosition() - self.mapToGlobal(self._anchor(self.held))
        if self.held.what is Held.BAND and self.held.guide and self.held.guide.foot is not None:
            self.trying.put(self._feet_x(), self.held.guide.foot)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag, or show what would be dragged."""
        if self.held is None:
            self.under = self._hold_at(event.position())
            self.setCursor(cursor_of(self.under))
            self.setToolTip(self._help(self.under))
        else:
            self._drag(event.globalPosition() - self._start)
        self.update()

    def _help(self, hold: Hold | None) -> str:
        if hold is None or hold.what is Held.OBJECT:
            return ""
        if hold.what is Held.FIGURE or (hold.guide and hold.guide.look == "figure"):
            return self.tr("Stand it beside something whose height you know, then drag its top")
        return hold.guide.help.capitalize() if hold.guide else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        self.held = None
        self.mouseMoveEvent(event)

    def cancel(self) -> None:
        """Give up what is being dragged."""
        held, self.held = self.held, None
        if held is None:
            return
        hand, figure = self._before
        self.trying.set_figure(*figure)
        if held.what is Held.GUIDE:
            self.given_up.emit()
        elif held.what is not Held.FIGURE:
            self.trying.take_hand(hand)

    def event(self, event: QEvent) -> bool:
        """While something is dragged Esc gives it up, and is no shortcut of the place."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and self.held and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The object goes back where the dataset has it."""
        hold = self._hold_at(event.position())
        if hold and hold.what is Held.OBJECT:
            self.trying.put_back()

    def _anchor(self, hold: Hold) -> QPointF:
        """The point of what is held that follows the pointer."""
        geometry = self.composition_geometry
        figure = geometry.figure_line()
        if hold.what is Held.FIGURE and figure:
            return figure[1]
        if hold.what is Held.OBJECT:
            box = geometry.box()
            return QPointF(box.center().x(), box.bottom())
        row = hold.guide.row if hold.guide else None
        return QPointF(0, geometry.frame.y_of(row or 0))

    def _drag(self, point: QPointF) -> None:
        assert self.held is not None
        origin, scale = self._grip
        x, row = (point.x() - origin.x()) / scale, (point.y() - origin.y()) / scale
        if self.held.what is Held.OBJECT:
            self.trying.put(x, row)
        elif self.held.what is Held.FIGURE:
            side = self.frame_geometry.side
            self.trying.set_figure(x / side, row / side)
        elif self.held.what is Held.GUIDE and self.held.guide:
            guide = self._newest(self.held.guide)
            value = guide.value_at(row)
            if value != guide.nearest(guide.value):
                self.pulled.emit(guide, value)

    def _newest(self, guide: Guide) -> Guide:
        """The guide as the settings are now: a drag changes them again and again."""
        return next((g for g in self.trying.guides if g.name == guide.name), guide)

    def _feet_x(self) -> float:
        geometry = self.composition_geometry
        return (geometry.box().center().x() - geometry.frame.area.x()) / geometry.frame.scale

    # Keyboard and the rest

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the module."""
        keys, far = Qt.Key, 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step, trying = self.trying.step, self.trying
        actions: dict[Qt.Key, Callable[[], object]] = {
            keys.Key_Left: partial(step, -far, 0),
            keys.Key_Right: partial(step, far, 0),
            keys.Key_Up: partial(step, 0, -far),
            keys.Key_Down: partial(step, 0, far),
            keys.Key_Home: trying.put_back,
            keys.Key_Escape: self.cancel if self.held else self.left.emit,
            keys.Key_A: partial(self.stepped.emit, -1),
            keys.Key_D: partial(self.stepped.emit, 1),
        }
        done = actions.get(Qt.Key(event.key()))
        if done is None:
            super().keyPressEvent(event)
        else:
            done()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """A ring shows those who came by the keyboard where they are."""
        self.keyboard = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The ring goes."""
        self.keyboard = False
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """What is out of sight is not dragged on."""
        self.held = self.under = None
        super().hideEvent(event)

    def leaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Nothing is under the pointer."""
        self.under = None
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As much as there is."""
        return QSize(800, 640)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The picture, the region where objects may stand, and over them what `CompositionPainter` paints."""
        painter = QPainter(self)
        if self.trying.trial is None:
            return
        geometry = self.composition_geometry
        area = geometry.frame.area
        painter.fillRect(area, theme.colours.colour("raised"))
        painter.save()
        painter.setClipRect(area)
        self._paint_picture(painter, geometry)
        painter.restore()
        self._paint_edge(painter, area)
        if self.shows_guides and (ground := self.ground()) is not None:
            painter.drawPixmap(area, ground, QRectF(ground.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small(painter.font()))
        over = CompositionPainter(painter, geometry, self.trying, self.held, self.under)
        if self.shows_guides:
            over.paint_guides()
        over.paint_object(self.height() - 10)

    def _paint_picture(self, painter: QPainter, geometry: CompositionGeometry) -> None:
        """The composite, or at once what is known of it while the exact one is made."""
        picture, sample = self.trying.picture, self.trying.sample
        image, background, cutout = self.pixmap("image"), self.pixmap("background"), self.pixmap("cutout")
        if picture is None or image is None or background is None or cutout is None:
            return
        # The frame's pixels are blended as long as they are hardly larger than the screen's.
        scale = geometry.frame.scale * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale <= NEAREST_FROM and scale != 1)
        exact = sample is not None and sample[5:9] == picture.sample[5:9]
        exact = exact or not self.trying.fresh  # of other pictures: they stay until these are there
        shown = image if exact else background
        painter.drawPixmap(geometry.frame.area, shown, QRectF(shown.rect()))
        if not exact and sample is not None:
            painter.drawPixmap(geometry.box(), cutout, QRectF(cutout.rect()))

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
