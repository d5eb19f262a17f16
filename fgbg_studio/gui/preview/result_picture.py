"""A picture that is made from another while one works: with its name, and what is waited for or went wrong."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fgbg_studio.gui.lib.basics import hbox, label, vbox
from fgbg_studio.gui.lib.pixmap_view import PixmapView
from fgbg_studio.gui.lib.theme import UNIT, theme

_PATIENCE = 200  # milliseconds before it is said that something runs
_TURN = 40  # milliseconds between two pictures of the spinner
_VEIL = 0.35
_NARROWEST = 200  # pixels that a heading with its buttons needs


class ResultPicture(QWidget):
    """See the module. ``heading`` is the line over the picture, ``caption`` the one under it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.heading = hbox(spacing=UNIT)
        self.heading.addWidget(label(name, "heading"))
        self.heading.addStretch(1)
        self.caption = label("", "caption", wrap=True)
        self.canvas = _Canvas(name)
        self.hovered = self.canvas.hovered
        whole = vbox(self, UNIT)
        whole.addLayout(self.heading)
        whole.addWidget(self.canvas)
        whole.addWidget(self.caption)

    def show_image(self, image: QImage | None) -> None:
        """Show this, or nothing."""
        self.canvas.show_image(image)
        self._follow_width()

    def _follow_width(self) -> None:
        """What stands over the picture ends where it ends."""
        self.setFixedWidth(max(self.canvas.width(), _NARROWEST))

    def set_side(self, side: int) -> None:
        """How much room the picture has in both directions."""
        self.canvas.set_side(side)
        self._follow_width()

    def show_message(self, text: str) -> None:
        """Say why there is no picture; empty for nothing."""
        self.canvas.show_message(text)

    def set_busy(self, busy: bool) -> None:
        """Whether another picture is being made; said only when it takes a while."""
        self.canvas.set_busy(busy)


class _Canvas(PixmapView):
    """The picture itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._spins, self._turn, self._side = False, 0, 96
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._patience.timeout.connect(self._spin)
        self._timer = QTimer(self, interval=_TURN)
        self._timer.timeout.connect(self._on)

    @override
    def show_image(self, image: QImage | None) -> None:
        super().show_image(image)
        self._fit()

    def set_side(self, side: int) -> None:
        self._side = side
        self._fit()

    def _fit(self) -> None:
        """As high as the picture, so that what is said of it stands right below it."""
        side = round(self.place().height()) + 2
        self.setFixedSize(side, side)

    def set_busy(self, busy: bool) -> None:
        if busy and not self._spins:
            if not self._patience.isActive():
                self._patience.start()
        elif not busy:
            self._patience.stop()
            self._timer.stop()
            self._spins, self.opacity = False, 1.0
            self.update()

    def _spin(self) -> None:
        self._spins, self.opacity = True, _VEIL
        self._timer.start()
        self.update()

    def _on(self) -> None:
        self._turn += 1
        self.update()

    @override
    def place(self) -> QRectF:
        """At the left."""
        return QRectF(1, 1, *self.size_in(self._side - 2, self._side - 2))

    @override
    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        if self._spins:
            self._paint_spinner(painter, place)
        else:
            super().paint_over(painter, place)

    def _paint_spinner(self, painter: QPainter, place: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(0, 0, 28, 28)
        ring.moveCenter(place.center())
        painter.setPen(QPen(theme.colours.colour("line"), 3))
        painter.drawEllipse(ring)
        pen = QPen(theme.colours.colour("accent"), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, -self._turn * 15 * 16, 90 * 16)
