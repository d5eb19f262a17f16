"""What lies over the canvas while there is no photo to work on: one is on its way, or cannot be opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.gui.lib.basics import IconLabel, button, clear, hbox, label, vbox
from fgbg_studio.gui.lib.icons import Icon
from fgbg_studio.gui.lib.remedies import said
from fgbg_studio.gui.lib.theme import PAD, UNIT, theme

_PATIENCE = 200  # milliseconds before it is said that something is on its way
_TURN, _FRAME = 900, 40  # milliseconds
_SIDE, _WIDTH, _DIM = 32.0, 440, 0.25


class CanvasCover(QWidget):
    """Takes every click and turn of the wheel that is meant for the canvas, whose size it has.

    Attributes:
        text: what it says now; empty while it is not shown, and in the first moment of waiting.
        choices: the buttons of what can be done.
    """

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.text = self._waited_for = ""
        self.choices: list[QPushButton] = []
        self._canvas = canvas
        self._before = QPixmap()
        self._icon, self._words = IconLabel(Icon.ERROR, 32, "bad"), label(wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = hbox(spacing=2 * UNIT)
        column = vbox(self, 2 * UNIT, (PAD, PAD, PAD, PAD))
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(round(_SIDE))
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._buttons)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._patience.timeout.connect(self._spin)
        self._frames, self._angle = QTimer(self, interval=_FRAME), 0.0
        self._frames.timeout.connect(self._turn)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        canvas.installEventFilter(self)
        self.hide()

    def wait(self, name: str, before: QPixmap | None = None) -> None:
        """A photo of that name is on its way; ``before``, what was shown, stays, dimmed."""
        if before is not None:
            self._before = before
        self._waited_for = name
        self._show("", failed=False)
        self._patience.start()

    def fail(self, error: FgbgError, choices: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """The photo cannot be opened: say why, and offer what can be done."""
        self._before = QPixmap()
        self._show(said(error), failed=True)
        self.choices = [button(text) for text, _ in choices]
        for made, (_, handler) in zip(self.choices, choices, strict=True):
            made.clicked.connect(handler)
            self._buttons.addWidget(made)

    def uncover(self) -> None:
        """There is a photo to work on, or none is selected."""
        self._before = QPixmap()
        self._show("", failed=False)
        self.hide()

    def _show(self, text: str, *, failed: bool) -> None:
        self._patience.stop()
        self._frames.stop()
        clear(self._buttons)
        self.choices = []
        self._icon.setVisible(failed)
        self._say(text)
        self.raise_()
        self.show()
        self.update()

    def _fit(self) -> None:
        self.setGeometry(self._canvas.rect())
        width = max(min(_WIDTH, self.width() - 2 * PAD), 1)
        self._words.setFixedSize(width, max(self._words.heightForWidth(width), 1))

    def _say(self, text: str) -> None:
        self.text = text
        self._words.setText(text)
        self._fit()
        self.setAccessibleName(text)

    def _spin(self) -> None:
        self._say(self.tr("Opening {0}…").format(self._waited_for))
        self._frames.start()

    def _turn(self) -> None:
        self._angle = (self._angle + 360 * _FRAME / _TURN) % 360
        self.update()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It is as large as the canvas."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    @override
    def event(self, event: QEvent) -> bool:
        """Nothing of the mouse goes through to the canvas."""
        if event.type() in _OF_THE_MOUSE:
            event.accept()
            return True
        return super().event(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """What was shown before, dimmed; a part of a ring that turns."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colours.colour("window"))
            if not self._before.isNull():
                painter.setOpacity(_DIM)
                painter.drawPixmap(0, 0, self._before)
                painter.setOpacity(1.0)
            if self._frames.isActive():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(theme.colours.colour("accent"), 3, c=Qt.PenCapStyle.RoundCap))
                middle = QRectF(self.rect()).center()
                ring = QRectF(middle.x() - _SIDE / 2, middle.y() - 2 * _SIDE, _SIDE, _SIDE)
                painter.drawArc(ring, round(-self._angle * 16), 270 * 16)


_OF_THE_MOUSE = {
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove, QEvent.Type.ContextMenu,
}  # fmt: skip
