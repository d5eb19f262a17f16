"""A picture that is made from another while one works: with its name, and what is waited for or went wrong."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fgbg_studio.gui.theme import CAPTION, PAD, UNIT, theme
from fgbg_studio.gui.widgets.basics import label, vbox

_PATIENCE = 200  # milliseconds before it is said that something runs
_TURN = 40  # milliseconds between two pictures of the spinner
_VEIL = 0.35
_NARROWEST = 200  # pixels that a heading with its buttons needs


class ResultPicture(QWidget):
    """See the module. ``heading`` is the line over the picture, ``caption`` the one under it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QHBoxLayout()
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

    @property
    def message(self) -> str:
        """What is said instead of a picture."""
        return self.canvas.message


class _Canvas(QWidget):
    """The picture itself. ``hovered`` brings (column, row) as fractions, or None when the pointer leaves."""

    hovered = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self.message, self._spins, self._turn, self._side = "", False, 0, 96
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._patience.timeout.connect(self._spin)
        self._timer = QTimer(self, interval=_TURN)
        self._timer.timeout.connect(self._on)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_image(self, image: QImage | None) -> None:
        self._pixmap = None if image is None else QPixmap.fromImage(image)
        self._fit()
        self.update()

    def set_side(self, side: int) -> None:
        self._side = side
        self._fit()

    def _fit(self) -> None:
        """As high as the picture, so that what is said of it stands right below it."""
        side = round(self.place().height()) + 2
        self.setFixedSize(side, side)

    def show_message(self, text: str) -> None:
        self.message = text
        self.setAccessibleDescription(text)
        self.update()

    def set_busy(self, busy: bool) -> None:
        if busy and not self._spins:
            if not self._patience.isActive():
                self._patience.start()
        elif not busy:
            self._patience.stop()
            self._timer.stop()
            self._spins = False
            self.update()

    def _spin(self) -> None:
        self._spins = True
        self._timer.start()
        self.update()

    def _on(self) -> None:
        self._turn += 1
        self.update()

    def place(self) -> QRectF:
        """Where the picture lies: at the left, a whole multiple of its pixels where one fits."""
        ratio = self.devicePixelRatioF()
        size = self._pixmap.width() if self._pixmap else 0
        room = self._side - 2
        scale = room * ratio / size if size else 1.0
        scale = (int(scale) if scale >= 2 else scale) / ratio
        side = size * scale if size else room
        return QRectF(1, 1, side, side)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        place, point = self.place(), event.position()
        at = ((point.x() - place.x()) / place.width(), (point.y() - place.y()) / place.height())
        self.hovered.emit(at if min(at) >= 0 and max(at) < 1 and self._pixmap else None)

    def leaveEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        self.hovered.emit(None)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, place, colours = QPainter(self), self.place(), theme.colours
        if self._pixmap is None:
            painter.fillRect(place, colours.colour("raised"))
        else:
            scale = place.width() * self.devicePixelRatioF() / self._pixmap.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
            painter.setOpacity(_VEIL if self._spins else 1.0)
            painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
            painter.setOpacity(1.0)
        painter.setPen(colours.colour("line"))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._spins:
            self._paint_spinner(painter, place)
        elif self.message and self._pixmap is None:
            font = painter.font()
            font.setPixelSize(CAPTION)
            painter.setFont(font)
            painter.setPen(colours.colour("text"))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(place.adjusted(PAD, PAD, -PAD, -PAD), flags, self.message)

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
