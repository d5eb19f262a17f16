"""Clicks on the canvas for a network that answers to them: made, seen, and what one more would give."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QColor, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.core.cutting.seeds import Click, Point, clicks_that_hold
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.gui.foregrounds.canvas_overlay import Overlay
from fgbg_studio.gui.foregrounds.canvas_tools import Gesture
from fgbg_studio.gui.foregrounds.document import CutDocument

_REST = 180  # milliseconds that the pointer stands still before something is shown
_STILL = 3.0  # pixels of the widget within which it does
_SHOWN = QColor(120, 235, 150)
_FINE = 768  # pixels of the longer side at which the outline of a coarse answer is found
_OBJECT, _BACKGROUND = QColor(60, 180, 90), QColor(225, 70, 70)


class ClickLayer(QObject):
    """What lies on the canvas of clicks; the canvas tells it where the pointer is.

    Attributes:
        network: the name or path of the one that answers; empty for none.

    Signals:
        lacking: something was clicked, and there is no network.
        rested: the pointer rests at this place of the photo.
    """

    lacking = Signal()
    rested = Signal(object)

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.network = ""
        self._place: Point | None = None  # in the photo
        self._at = QPointF()
        self._outlines: list[QPolygonF] = []  # of what a click would give, 0..1 over the photo
        self._timer = QTimer(self, singleShot=True, interval=_REST)
        self._timer.timeout.connect(self._rest)

    def begin(self, document: CutDocument, point: Point, *, object_: bool) -> Gesture:
        """What a press of a button begins."""
        self.leave()
        return _ClickGesture(self, document, point, object_=object_)

    def hover(self, at: QPointF, place: Point) -> None:
        """The pointer is at a place of the widget, and so of the photo."""
        if self._place is not None and (at - self._at).manhattanLength() <= _STILL:
            return
        self.leave()
        self._at, self._place = at, place
        if self.network:
            self._timer.start()

    def leave(self) -> None:
        """The pointer is elsewhere, or does something."""
        self._timer.stop()
        self._place = None
        self.show_preview(None, None)

    def _rest(self) -> None:
        if self._place is not None:
            self.rested.emit(self._place)

    def show_preview(self, place: Point | None, region: Region | None) -> None:
        """Show what a click at ``place`` would give, (h, w) over the photo, if the pointer still rests there."""
        if region is None or place != self._place:
            if self._outlines:
                self._outlines = []
                self._canvas.update()
            return
        self._outlines = outlines_of(region)
        self._canvas.update()

    def draw(self, overlay: Overlay, document: CutDocument, *, shown: bool) -> None:
        """Over the photo: the preview, and where ``shown`` the clicks that were made."""
        size = QTransform.fromScale(document.width, document.height)
        for outline in self._outlines:
            overlay.outline(size.map(outline), _SHOWN, 2)
        for click in clicks_that_hold(document.work.seeds) if shown else ():
            overlay.dot(QPointF(*click.point), _OBJECT if click.object else _BACKGROUND)


class _ClickGesture(Gesture):
    """A place that is the object's, or not; where the button is released."""

    def __init__(self, layer: ClickLayer, document: CutDocument, point: Point, *, object_: bool) -> None:
        self._layer, self._document, self._point, self._object = layer, document, point, object_

    @override
    def move(self, point: Point) -> None:
        self._point = point

    @override
    def end(self) -> None:
        x, y = self._point
        if not (0 <= x < self._document.width and 0 <= y < self._document.height):
            return  # beside the photo
        if not self._layer.network:
            self._layer.lacking.emit()
            return
        click = Click(point=(round(x, 2), round(y, 2)), object=self._object, network=self._layer.network)
        self._document.add_seed(click, QCoreApplication.translate("canvas_tools", "click"))

    @override
    def cancel(self) -> None:
        pass

    @override
    def shape(self) -> QPolygonF | None:
        return None


def outlines_of(region: Region) -> list[QPolygonF]:
    """The closed lines around a coarse region (h, w), smoothed, as places 0..1 over all of it."""
    height, width = region.shape
    scale = max(_FINE / max(height, width), 1)
    size = round(width * scale), round(height * scale)
    large = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    smooth = cv2.GaussianBlur(large, (0, 0), scale / 2) > 0.5
    found, _ = cv2.findContours(smooth.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [
        QPolygonF([QPointF((x + 0.5) / size[0], (y + 0.5) / size[1]) for x, y in line.reshape(-1, 2).tolist()])
        for line in found
        if len(line) >= 3
    ]
