"""The curves of a trial: losses, masks and depth beside each other, as they grow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from fgbg_studio.core.trial.curves import CurvePlot, plots
from fgbg_studio.core.trial.progress import CurvePoint
from fgbg_studio.gui.lib.formatting import capital, number
from fgbg_studio.gui.lib.theme import PAD, UNIT, small, theme

_HIGH, _HEAD, _FOOT, _LEFT = 190, 40, 22, 40
_LINES = 4


class TrialCurves(QWidget):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.plots: list[CurvePlot] = []
        self._steps: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Curves of the training"))
        theme.changed.connect(self.update)

    def show_points(self, points: Sequence[CurvePoint]) -> None:
        """The curves through these."""
        self.plots, self._steps = plots(points), [point.step for point in points]
        self.setAccessibleDescription(self._said())
        self.update()

    def _said(self) -> str:
        return "; ".join(
            f"{plot.title}, {line.title}: {line.values[-1]:.3f}" for plot in self.plots for line in plot.lines
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(3 * 220, _HIGH)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """One diagram for each, of the same width."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self.width() / max(len(self.plots), 1)
        for place, plot in enumerate(self.plots):
            self._paint(painter, plot, QRectF(place * wide, 0, wide - PAD, self.height()))
        painter.end()

    def _paint(self, painter: QPainter, plot: CurvePlot, room: QRectF) -> None:
        colour = theme.colours.colour
        painter.setFont(self.font())
        painter.setPen(colour("text"))
        painter.drawText(
            QRectF(room.left(), 0, room.width(), _HEAD / 2), Qt.AlignmentFlag.AlignLeft, capital(plot.title)
        )
        painter.setFont(small(self.font()))
        known = [value for line in plot.lines for value in line.values if not math.isnan(value)]
        top, last = plot.top or max(known, default=1.0) or 1.0, max(self._steps[-1], 1)
        inner = room.adjusted(_LEFT, _HEAD, 0, -_FOOT)
        for part in range(_LINES + 1):
            y = inner.bottom() - part / _LINES * inner.height()
            painter.setPen(colour("line"))
            painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
            painter.setPen(colour("quiet"))
            beside = QRectF(room.left(), y - 8, _LEFT - 2 * UNIT, 16)
            painter.drawText(
                beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{top * part / _LINES:.2f}"
            )
        below = QRectF(inner.left(), inner.bottom() + UNIT, inner.width(), _FOOT - UNIT)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self.tr("step {0}").format(number(last)))
        at = room.left()
        for name, line in zip(("accent", "warn"), plot.lines, strict=False):
            places = [
                QPointF(
                    inner.left() + step / last * inner.width(), inner.bottom() - min(value / top, 1) * inner.height()
                )
                for step, value in zip(self._steps, line.values, strict=True)
                if not math.isnan(value)
            ]
            tint = QColor(colour(name))
            painter.setPen(QPen(tint, 2))
            painter.drawPolyline(QPolygonF(places))
            if len(places) == 1:
                painter.drawPoint(places[0])
            said = f"{line.title} {next((v for v in reversed(line.values) if not math.isnan(v)), 0.0):.3f}"
            painter.drawText(QPointF(at, _HEAD - 2 * UNIT), said)
            at += painter.fontMetrics().horizontalAdvance(said) + 3 * UNIT
