"""A histogram in which a range is dragged: what fits the other ranges in colour, the whole dataset in grey."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.gui.dataset.crossfilter import Binned, nice_step
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.theme import PAD, UNIT, small, tabular, theme

HEIGHT = 128
_TITLE, _SCALE, _AXIS, _GRAB = 22, 13, 20, 6  # pixels
_TICK = 58  # pixels that a number at the axis wants at least
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_KEYS = frozenset({
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Escape, Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace, Qt.Key.Key_Space,
})  # fmt: skip


class Shown(NamedTuple):
    """What a histogram shows: of each bin how many there are, and how many fit; the bins of the range, if any."""

    part: Binned
    totals: Ints
    counts: Ints
    chosen: tuple[int, int] | None


def _between(one: QColor, two: QColor, share: float) -> QColor:
    """A colour so far from one to the other."""
    pairs = ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    return QColor(*(round(a + share * (b - a)) for a, b in pairs))


class Histogram(QWidget):
    """See the module; ``unit`` stands behind its values.

    Drag for a range, drag its ends or all of it, click for none. With the keyboard arrows go along the bars, with Shift
    they take in, and Esc takes the range away.

    Signals:
        range_changed: (from, to) as values, or None.
    """

    range_changed = Signal(object)

    def __init__(self, title: str, unit: str) -> None:
        super().__init__()
        self.title, self.unit = title, unit
        self.shown: Shown | None = None
        self.note = ""
        self._mark, self._at, self._anchor = math.nan, -1, -1
        self._drag: tuple[int, int] | None = None  # the bin that stays, and by how much the range is moved as a whole
        self._moved = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(tabular(self.font()))
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        """Narrow, if need be."""
        return QSize(160, HEIGHT)

    def show_counts(self, shown: Shown, note: str = "") -> None:
        """Show these; ``note`` says at the right what is to be known of them."""
        self.shown, self.note = shown, note
        self._at = min(self._at, shown.part.count - 1)
        self.setAccessibleDescription(self._said())
        self.update()

    def mark(self, value: float) -> None:
        """Point at the value of the sample that is looked at; NaN for none."""
        if value != self._mark and not (math.isnan(value) and math.isnan(self._mark)):
            self._mark = value
            self.update()

    # Places

    def _room(self) -> QRectF:
        return QRectF(PAD, _TITLE + _SCALE, self.width() - 2 * PAD, self.height() - _TITLE - _SCALE - _AXIS)

    def _x(self, bin_: float) -> float:
        room = self._room()
        return room.left() + room.width() * bin_ / (self.shown.part.count if self.shown else 1)

    def _bin(self, x: float) -> int:
        if not self.shown:
            return 0
        room, count = self._room(), self.shown.part.count
        return min(max(int((x - room.left()) / room.width() * count), 0), count - 1)

    def _choose(self, one: int, two: int) -> None:
        assert self.shown
        part = self.shown.part
        chosen = max(min(one, two), 0), min(max(one, two), part.count - 1)
        if chosen != self.shown.chosen:
            self.range_changed.emit((part.edge(chosen[0]), part.edge(chosen[1] + 1)))

    # Words

    def _value(self, value: float) -> str:
        step = self.shown.part.step if self.shown else 1.0
        return f"{value:,.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"

    def _span(self, first: int, last: int) -> str:
        assert self.shown
        part = self.shown.part
        if part.first % 1 == 0.5 and part.step == 1:  # bars over whole numbers
            low, high = f"{part.edge(first) + 0.5:.0f}", f"{part.edge(last) + 0.5:.0f}"
            return low if low == high else f"{low}–{high}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self._value(part.edge(first))}–{self._value(part.edge(last + 1))}{unit}"

    def _count(self, first: int, last: int) -> str:
        assert self.shown
        fit, every = int(self.shown.counts[first : last + 1].sum()), int(self.shown.totals[first : last + 1].sum())
        return number(fit) if fit == every else self.tr("{0} of {1}").format(number(fit), number(every))

    def _said(self) -> str:
        """Of the bar that is pointed at, else of the range, else what is to be known."""
        if not self.shown:
            return ""
        if self._at >= 0:
            return f"{self._span(self._at, self._at)}: {self._count(self._at, self._at)}"
        return self._span(*self.shown.chosen) if self.shown.chosen else self.note

    # Painting

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title and what is said, bars, the range, the axis."""
        painter = QPainter(self)
        colour, shown, room = theme.colours.colour, self.shown, self._room()
        painter.setPen(colour("text"))
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.drawText(QRectF(PAD, 0, self.width() - 2 * PAD, _TITLE), _LEFT, self.title)
        wide = painter.fontMetrics().horizontalAdvance(self.title) + 2 * UNIT
        painter.setFont(small(self.font()))
        said = painter.fontMetrics().elidedText(
            self._said(), Qt.TextElideMode.ElideLeft, round(self.width() - 2 * PAD - wide)
        )
        painter.setPen(colour("accent" if shown and shown.chosen and self._at < 0 else "quiet"))
        painter.drawText(QRectF(PAD + wide, 0, self.width() - 2 * PAD - wide, _TITLE), _RIGHT, said)
        if shown:
            self._paint_bars(painter, shown, room)
            self._paint_axis(painter, shown, room)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(2.5, 0.5, self.width() - 5, self.height() - 1), 6, 6)

    def _paint_bars(self, painter: QPainter, shown: Shown, room: QRectF) -> None:
        colour = theme.colours.colour
        # What fits fills the height: a small part of a large dataset is seen as well. The whole is cut off then.
        most = max(int(shown.counts.max(initial=0)), 1)
        if shown.chosen:
            first, last = shown.chosen
            veil = QColor(colour("accent"))
            veil.setAlpha(30)
            painter.fillRect(
                QRectF(self._x(first), room.top(), self._x(last + 1) - self._x(first), room.height()), veil
            )
        outside = _between(colour("line"), colour("quiet"), 0.4)
        for bin_ in range(shown.part.count):
            left, right = self._x(bin_), self._x(bin_ + 1)
            wide = max(right - left - (1 if right - left > 3 else 0), 1.0)
            inside = shown.chosen is None or shown.chosen[0] <= bin_ <= shown.chosen[1]
            for count, tint in (
                (int(shown.totals[bin_]), colour("line")),
                (int(shown.counts[bin_]), colour("accent") if inside else outside),
            ):
                if count:
                    high = max(min(count / most, 1.0) * room.height(), 1.0)
                    painter.fillRect(QRectF(left, room.bottom() - high, wide, high), tint)
            if bin_ == self._at:
                over = QColor(colour("text"))
                over.setAlpha(36)
                painter.fillRect(QRectF(left, room.top(), right - left, room.height()), over)
        if shown.chosen:
            painter.setPen(QPen(colour("accent"), 2))
            for edge in (shown.chosen[0], shown.chosen[1] + 1):
                painter.drawLine(QPointF(self._x(edge), room.top()), QPointF(self._x(edge), room.bottom()))
        painter.setPen(colour("line"))
        painter.drawLine(QPointF(room.left(), room.top() - 0.5), QPointF(room.right(), room.top() - 0.5))
        painter.setPen(colour("quiet"))
        painter.drawText(QRectF(room.left(), room.top() - _SCALE - 1, room.width(), _SCALE), _RIGHT, number(most))

    def _paint_axis(self, painter: QPainter, shown: Shown, room: QRectF) -> None:
        colour, part = theme.colours.colour, shown.part
        painter.setPen(colour("line"))
        painter.drawLine(QPointF(room.left(), room.bottom()), QPointF(room.right(), room.bottom()))
        painter.setPen(colour("quiet"))
        span = part.count * part.step
        step = max(nice_step(span, max(int(room.width() // _TICK), 1)), part.step)
        ticks = np.arange(math.ceil(part.first / step - 1e-6) * step, part.edge(part.count) + step * 1e-6, step)
        for number_, tick in enumerate(ticks.tolist()):
            x = self._x((tick - part.first) / part.step)
            text = self._value(tick) + (f" {self.unit}" if self.unit and number_ == len(ticks) - 1 else "")
            wide = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(max(x - wide / 2, room.left()), room.right() - wide)
            painter.drawText(QRectF(left, room.bottom() + 2, wide, _AXIS - 2), _MIDDLE, text)
        if not math.isnan(self._mark):
            x = self._x((self._mark - part.first) / part.step)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("text"))
            low = room.bottom()
            painter.drawPolygon([QPointF(x, low - 6), QPointF(x - 4, low + 1), QPointF(x + 4, low + 1)])

    # Mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a range, take one of its ends, or take it as a whole."""
        if event.button() != Qt.MouseButton.LeftButton or not self.shown:
            return
        x, self._moved = event.position().x(), False
        at, chosen = self._bin(x), self.shown.chosen
        self._drag = (at, -1)
        if chosen:
            ends = abs(x - self._x(chosen[0])), abs(x - self._x(chosen[1] + 1))
            if min(ends) <= _GRAB:
                self._drag = (chosen[1] if ends[0] < ends[1] else chosen[0], -1)
            elif chosen[0] <= at <= chosen[1]:
                self._drag = (at, chosen[0])

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or read the bar under the mouse."""
        x = event.position().x()
        at = self._bin(x) if self.shown else -1
        if self._drag and self.shown and event.buttons() & Qt.MouseButton.LeftButton:
            fixed, first = self._drag
            if at == fixed and not self._moved and first < 0 and not self.shown.chosen:
                return
            self._moved = True
            if first < 0:
                self._choose(fixed, at)
            elif self.shown.chosen:
                wide = self.shown.chosen[1] - self.shown.chosen[0]
                begin = min(max(first + at - fixed, 0), self.shown.part.count - 1 - wide)
                self._choose(begin, begin + wide)
            return
        near = self.shown and self.shown.chosen
        edge = near and min(abs(x - self._x(near[0])), abs(x - self._x(near[1] + 1))) <= _GRAB
        self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)
        self._point(at if self._room().contains(event.position()) else -1)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag takes the range away, or takes one bar."""
        if self._drag and not self._moved and self.shown and event.button() == Qt.MouseButton.LeftButton:
            if self.shown.chosen:
                self.range_changed.emit(None)
            else:
                self._choose(self._drag[0], self._drag[0])
        self._drag = None

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._point(-1)

    def _point(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self.update()

    @override
    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the keyboard; a tip says the bar in words."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.shown:
            QToolTip.showText(event.globalPos(), self._tip(self._bin(event.pos().x())), self)
            return True
        return super().event(event)

    def _tip(self, at: int) -> str:
        return self.tr("{0}, {1}: {2} samples. Drag for a range, click to take it away.").format(
            self.title, self._span(at, at), self._count(at, at)
        )

    # Keyboard

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        if not self.shown or event.key() not in _KEYS:
            super().keyPressEvent(event)
            return
        last, key = self.shown.part.count - 1, event.key()
        if key in {Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._anchor = -1
            self.range_changed.emit(None)
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._anchor < 0 or not shift:
            self._anchor = max(self._at, 0)
        steps = {Qt.Key.Key_Left: max(self._at - 1, 0), Qt.Key.Key_Right: min(self._at + 1, last)}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last, Qt.Key.Key_Space: max(self._at, 0)}
        self._point({**steps, **ends}[Qt.Key(key)])
        if shift or key == Qt.Key.Key_Space:
            self._choose(self._anchor, self._at)
        self.setAccessibleDescription(self._said())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard points at nothing here."""
        super().focusOutEvent(event)
        self._point(-1)
