"""The look of all plots: no frame, a light grid, quiet axes; and the card that a plot stands in."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy
from typing_extensions import override

from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.gui.lib.basics import hbox, label, vbox
from fgbg_studio.gui.lib.theme import CAPTION, PAD, UNIT, tabular, theme

_GRID = 0.18  # of the quiet colour
_BELOW = 36  # pixels for numbers and name of the axis at the bottom


def red_green_blue() -> tuple[QColor, QColor, QColor]:
    """The channels as themselves, bright enough on the panel's colour."""
    if theme.colours.dark:
        return QColor("#ff6b6b"), QColor("#4cc38a"), QColor("#5aa2ff")
    return QColor("#d3302f"), QColor("#1a8f4c"), QColor("#1f6feb")


def depth_colour() -> QColor:
    """Of depth."""
    return QColor("#c792ea" if theme.colours.dark else "#8e44ad")


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose numbers have separators."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802 - its name
        """What stands at the ticks."""
        places = max(0, -math.floor(math.log10(spacing * scale) + 1e-9))
        return [f"{value * scale:,.{places}f}" for value in values]

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N802, N803
        """How far ticks are from each other: numbers beside each other never run together."""
        levels: list[tuple[float, float]] = super().tickSpacing(minVal, maxVal, size)
        if self.orientation in {"left", "right"} or maxVal <= minVal or not levels:
            return levels
        measure = QFontMetricsF(self.style["tickFont"] or QFont())
        longest = max(map(measure.horizontalAdvance, self.tickStrings([minVal, maxVal], self.scale, levels[0][0])))
        least = (longest + 3 * UNIT) * (maxVal - minVal) / size
        if levels[0][0] >= least:
            return [level for level in levels if level[0] >= least]
        power = 10.0 ** math.floor(math.log10(least))
        return [(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least), 0.0)]


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot that is looked at and neither dragged nor zoomed."""

    def __init__(self) -> None:
        super().__init__(axisItems={side: Axis(side) for side in ("bottom", "left")})
        self.names = {"bottom": "", "left": ""}
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(120, 90)
        for side in self.names:
            self._style(side)
        self.getAxis("bottom").setHeight(_BELOW)
        self.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        self.cursor_line.hide()
        self.addItem(self.cursor_line, ignoreBounds=True)
        self.dress()

    def _style(self, side: str) -> None:
        font, axis = QFont(self.font()), self.getAxis(side)
        font.setPixelSize(CAPTION)
        axis.enableAutoSIPrefix(False)
        axis.setTickFont(font)
        axis.setStyle(tickLength=0, tickTextOffset=4, hideOverlappingLabels=True, maxTickLevel=1)

    def add_right_axis(self) -> pg.ViewBox:
        """A second scale, at the right: what is drawn into the box that is returned is measured by it."""
        self.plotItem.setAxisItems({"right": Axis("right")})
        self.names["right"] = ""
        self._style("right")
        own, box = self.getViewBox(), pg.ViewBox(enableMenu=False, enableMouse=False)
        self.scene().addItem(box)
        self.getAxis("right").linkToView(box)
        box.setXLink(own)
        own.sigResized.connect(lambda: box.setGeometry(own.sceneBoundingRect()))
        return box

    def dress(self) -> None:
        """Take the colours in use."""
        colours = theme.colours
        self.setBackground(colours.colour("panel"))
        grid = colours.colour("quiet")
        for side, name in self.names.items():
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(grid))
            axis.setTextPen(pg.mkPen(grid))
            axis.setLabel(name, **{"font-size": f"{CAPTION}px", "color": colours.quiet})
            axis.setGrid(round(255 * _GRID) if side != "right" else False)  # two grids would be none
        self.cursor_line.setPen(pg.mkPen(grid))

    def name_axis(self, side: str, text: str) -> None:
        """Call an axis something else, as when seconds become minutes."""
        if self.names[side] != text:
            self.names[side] = text
            self.getAxis(side).setLabel(text, **{"font-size": f"{CAPTION}px", "color": theme.colours.quiet})


class ReadingLabel(QLabel):
    """What is read of a card, at its right; where there is no room its end is left out, not its beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "caption")
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the text, shortened."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class Card(QFrame):
    """A heading, at its right what is read of the card, and room in ``column``.

    A card says in `take` what it keeps of a step, and in `redraw` how it is drawn. ``trial`` is whether that is what
    the forecast's samples say, while nothing is known of a run.
    """

    trial = False

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(200, 160)
        self.title, self.reading = label("", "heading"), ReadingLabel()
        self.column = vbox(self, UNIT, (PAD, 2 * UNIT, PAD, 2 * UNIT))
        head = hbox(spacing=2 * UNIT)
        head.addWidget(self.title)
        head.addWidget(self.reading, 1)
        self.column.addLayout(head)
        theme.changed.connect(self.dress)

    def take(self, step: RunProgress) -> bool:
        """Keep what is shown of ``step``; whether anything has to be drawn anew."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw what was kept."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget everything, before another run; it is drawn so later."""
        raise NotImplementedError

    def dress(self) -> None:
        """Take the colours in use."""
        self.redraw()


class PlotCard(Card):
    """A card of a plot; a kind of plot says in `say` what is read at a place of it."""

    def __init__(self) -> None:
        super().__init__()
        self._mouse: QPointF | None = None
        self.plot = Plot()
        self.column.addWidget(self.plot, 1)
        self.plot.viewport().setMouseTracking(True)
        self.plot.viewport().installEventFilter(self)

    def call(self, title: str, x: str, y: str) -> None:
        """Say what the card shows, and what its axes are."""
        self.title.setText(title)
        self.plot.name_axis("bottom", x)
        self.plot.name_axis("left", y)

    def say(self, x: float, y: float) -> str:
        """What there is at a place of the plot, in the axes' units; empty for nothing."""
        raise NotImplementedError

    def latest(self) -> str:
        """What is said while the mouse is elsewhere."""
        return ""

    @override
    def dress(self) -> None:
        """Take the colours in use."""
        self.plot.dress()
        self.redraw()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read values under the mouse."""
        if event.type() == QEvent.Type.MouseMove:
            self.hover(event.position())  # type: ignore[attr-defined]
        elif event.type() == QEvent.Type.Leave:
            self.hover(None)
        return super().eventFilter(watched, event)

    def hover(self, position: QPointF | None) -> None:
        """The mouse is at a place of the plot's viewport, or elsewhere."""
        self._mouse = position
        self.read()

    def read(self) -> None:
        """Say what is under the mouse, or what is so at last."""
        text, point = "", self._under_mouse()
        if point:
            text = self.say(point.x(), point.y())
            self.plot.cursor_line.setPos(point.x())
        self.plot.cursor_line.setVisible(bool(text))
        latest = self.latest()
        if latest and self.trial:
            latest = QCoreApplication.translate("generate", "forecast: {0}").format(latest)
        self.reading.setText(text or latest)

    def _under_mouse(self) -> QPointF | None:
        """The mouse's place in the axes' units, None where it is not in the plot."""
        if self._mouse is None:
            return None
        view, place = self.plot.getViewBox(), self.plot.mapToScene(self._mouse.toPoint())
        return QPointF(view.mapSceneToView(place)) if view.sceneBoundingRect().contains(place) else None


class Trace:
    """Points of a line that never become too many: once there are ``most``, every other one is dropped."""

    def __init__(self, width: int, most: int = 400) -> None:
        self.width, self._most, self._every, self._skipped = width, most, 1, 0
        self.x: list[float] = []
        self.rows: list[tuple[float, ...]] = []

    def add(self, x: float, row: tuple[float, ...]) -> None:
        """Add a point; the last one is always there."""
        if self._skipped:
            self.x.pop()
            self.rows.pop()
        self.x.append(x)
        self.rows.append(row)
        self._skipped = (self._skipped + 1) % self._every
        if len(self.x) > self._most:
            del self.x[1::2], self.rows[1::2]
            self._every, self._skipped = 2 * self._every, 0

    def nearest(self, x: float) -> int:
        """Which point is nearest to ``x``; -1 where there is none."""
        return min(range(len(self.x)), key=lambda i: abs(self.x[i] - x), default=-1)
