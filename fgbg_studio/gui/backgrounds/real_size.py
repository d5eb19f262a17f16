"""A picture pixel by pixel: one of its pixels is one of the screen's, as far as there is room."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.theme import theme


class RealSize(QWidget):
    """See the module.

    Args:
        grows: the widget takes all the room there is and shows the picture in its middle; else it is as high as
            the picture needs in the width it has.
    """

    def __init__(self, *, grows: bool = False) -> None:
        super().__init__()
        self._grows = grows
        self._pixmap: QPixmap | None = None
        self.setMinimumHeight(64)
        self.setAccessibleName(self.tr("The background as it will be in the dataset"))
        theme.changed.connect(self.update)

    def show_image(self, image: QImage | None) -> None:
        """Show this, or nothing."""
        self._pixmap = None if image is None else QPixmap.fromImage(image)
        self._fit()
        self.update()

    @property
    def scale(self) -> float:
        """Pixels of the screen for one of the picture: 1 unless there is too little room."""
        if self._pixmap is None:
            return 1.0
        ratio, size = self.devicePixelRatioF(), self._pixmap.size()
        fitting = self.width() * ratio / size.width()
        if self._grows:
            fitting = min(fitting, self.height() * ratio / size.height())
        return min(fitting, 1.0)

    @override
    def sizeHint(self) -> QSize:
        """The picture's own size."""
        side = self._pixmap.size() / self.devicePixelRatioF() if self._pixmap else QSize(256, 256)
        return QSize(round(side.width()), round(side.height()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._grows and self._pixmap is not None:
            self.setFixedHeight(max(round(self._pixmap.height() * self.scale / self.devicePixelRatioF()), 1))

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture with a line around it."""
        if self._pixmap is None:
            return
        painter, factor = QPainter(self), self.scale / self.devicePixelRatioF()
        wide, high = self._pixmap.width() * factor, self._pixmap.height() * factor
        x = round((self.width() - wide) / 2) if self._grows else 0
        y = round((self.height() - high) / 2) if self._grows else 0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < 1)
        place = QRectF(x, y, wide, high)
        painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        if self._grows:
            painter.setPen(theme.colours.colour("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
