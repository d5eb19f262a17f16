"""One composition: the object to drag, and the lines of the settings to take hold of.

Keyboard, while it has the focus: arrows move the object by a pixel (with Shift by ten), Home puts it back where
the dataset has it, A and D show the sample before and after.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.placement import Guide
from fgbg_studio.core.plan.what_if import WhatIf
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.preview.composition_model import CompositionModel
from fgbg_studio.gui.preview.composition_paint import feet_words, paint_composition
from fgbg_studio.gui.preview.composition_parts import (
    ABOVE,
    BELOW,
    LEFT,
    RIGHT,
    Held,
    Hold,
    band_width,
    cursor_of,
    figure_line,
    held_at,
)

_STANDING, _FAINT, _CLEAR = (76, 195, 138), 36, 230

NEAREST_FROM = 2.0
"""Beyond this many device pixels for one of the frame its pixels are shown as squares."""


def whole_scale(room: float, size: int, ratio: float) -> float:
    """Pixels of the widget for one of the frame: a whole number of the screen's where one fits."""
    device = room * ratio / size
    return (math.floor(device) if device >= 1 else device) / ratio


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
        self.setAccessibleDescription(feet_words(self))
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
    def size_of_frame(self) -> int:
        """Side of the frame in its own pixels."""
        return self.trying.trial.recipe.settings.size if self.trying.trial else 1

    @property
    def scale(self) -> float:
        """Pixels of the widget for one of the frame."""
        left = LEFT + band_width(self.trying.guides)
        room = min(self.width() - left - RIGHT, self.height() - ABOVE - BELOW)
        return whole_scale(max(room, 16), self.size_of_frame, self.devicePixelRatioF())

    @property
    def smooth(self) -> bool:
        """Whether the frame's pixels are blended: as long as they are hardly larger than the screen's."""
        scale = self.scale * self.devicePixelRatioF()
        return scale <= NEAREST_FROM and scale != 1

    def area(self) -> QRectF:
        """Where the frame lies in the widget."""
        ratio, side = self.devicePixelRatioF(), self.size_of_frame * self.scale
        left = LEFT + band_width(self.trying.guides)
        x = left + (self.width() - left - RIGHT - side) / 2
        y = ABOVE + (self.height() - ABOVE - BELOW - side) / 2
        return QRectF(round(x * ratio) / ratio, round(y * ratio) / ratio, side, side)  # on the screen's own pixels

    def y_of(self, row: float) -> float:
        """The height in the widget of a row of the frame."""
        return self.area().y() + row * self.scale

    def box(self) -> QRectF:
        """The object's box in the widget; empty where it has no place."""
        sample = self.trying.sample
        if sample is None:
            return QRectF()
        area, scale = self.area(), self.scale
        return QRectF(
            area.x() + sample.x * scale, area.y() + sample.y * scale, sample.width * scale, sample.height * scale
        )

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of what is under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or self.trying.trial is None:
            return
        point = event.position()
        self.held = held_at(self, point)
        if self.held is None:
            return
        self.gesture += 1
        self._before = self.trying.hand, self.trying.figure
        # By the screen and not by the widget, which may be moved or scaled while one drags.
        self._grip = self.mapToGlobal(self.area().topLeft()), self.scale
        self._start = event.globalPosition() - self.mapToGlobal(self._anchor(self.held))
        if self.held.what is Held.BAND and self.held.guide and self.held.guide.foot is not None:
            self.trying.put(self._feet_x(), self.held.guide.foot)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag, or show what would be dragged."""
        if self.held is None:
            self.under = held_at(self, event.position())
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
        hold = held_at(self, event.position())
        if hold and hold.what is Held.OBJECT:
            self.trying.put_back()

    def _anchor(self, hold: Hold) -> QPointF:
        """The point of what is held that follows the pointer."""
        figure = figure_line(self)
        if hold.what is Held.FIGURE and figure:
            return figure[1]
        if hold.what is Held.OBJECT:
            return QPointF(self.box().center().x(), self.box().bottom())
        row = hold.guide.row if hold.guide else None
        return QPointF(0, self.y_of(row or 0))

    def _drag(self, point: QPointF) -> None:
        assert self.held is not None
        origin, scale = self._grip
        x, row = (point.x() - origin.x()) / scale, (point.y() - origin.y()) / scale
        if self.held.what is Held.OBJECT:
            self.trying.put(x, row)
        elif self.held.what is Held.FIGURE:
            self.trying.set_figure(x / self.size_of_frame, row / self.size_of_frame)
        elif self.held.what is Held.GUIDE and self.held.guide:
            guide = self._newest(self.held.guide)
            value = guide.value_at(row)
            if value != guide.nearest(guide.value):
                self.pulled.emit(guide, value)

    def _newest(self, guide: Guide) -> Guide:
        """The guide as the settings are now: a drag changes them again and again."""
        return next((g for g in self.trying.guides if g.name == guide.name), guide)

    def _feet_x(self) -> float:
        box = self.box()
        return (box.center().x() - self.area().x()) / self.scale

    # Keyboard and the rest

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the module."""
        keys, far = Qt.Key, 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step, trying = self.trying.step, self.trying
        actions: dict[Qt.Key, Callable[[], object]] = {
            keys.Key_Left: partial(step, -far, 0), keys.Key_Right: partial(step, far, 0),
            keys.Key_Up: partial(step, 0, -far), keys.Key_Down: partial(step, 0, far),
            keys.Key_Home: trying.put_back, keys.Key_Escape: self.cancel if self.held else self.left.emit,
            keys.Key_A: partial(self.stepped.emit, -1), keys.Key_D: partial(self.stepped.emit, 1),
        }  # fmt: skip
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
        """See `composition_paint`."""
        paint_composition(self)


def _outlined(region: Region) -> Pixels:
    """(S, S, 4) RGBA: a faint tint, so that pixels can still be judged, and a clear line around it."""
    whole = region.astype(np.uint8)
    inner = cv2.erode(whole, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    rgba = np.empty((*region.shape, 4), np.uint8)
    rgba[..., :3] = _STANDING
    rgba[..., 3] = np.where(region, np.where(inner > 0, _FAINT, _CLEAR), 0)
    return rgba
