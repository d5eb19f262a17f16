"""One picture of a group of near-duplicates."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.theme import theme

SIDE = 200
"""Its height in pixels."""

WIDEST = 1.6
"""Its most width as a multiple of the height."""


class DuplicatePicture(QWidget):
    """``clicked`` when it is; the chosen one has the accent's border."""

    clicked = Signal()

    def __init__(self, key: str, name: str, aspect: float, pixmap: Callable[[str], QPixmap | None]) -> None:
        super().__init__()
        self._key, self._aspect, self._pixmap, self._chosen = key, aspect, pixmap, False
        self.setFixedSize(QSize(max(round(SIDE * min(aspect, WIDEST)), SIDE), SIDE))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def set_chosen(self, chosen: bool) -> None:
        """Whether it is the one that is looked at."""
        self._chosen = chosen
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """At the left, so that names stand under it; the border lies inside the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pixmap = self._pixmap(self._key)
        size = pixmap.size() if pixmap else QSize(round(1000 * self._aspect), 1000)
        size = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, self.height() - size.height(), size.width(), size.height())
        if pixmap:
            painter.drawPixmap(place, pixmap)
        else:
            painter.fillRect(place, theme.colours.colour("raised"))
        colour = theme.colours.colour("accent" if self._chosen else "line")
        pen = QPen(colour, 2 if self._chosen else 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(place.adjusted(1, 1, -1, -1) if self._chosen else place.adjusted(0, 0, -1, -1))
