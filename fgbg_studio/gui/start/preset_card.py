"""A preset to choose: its picture, its name, one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from fgbg_studio.gui.lib.formatting import capital
from fgbg_studio.gui.lib.theme import BODY, CAPTION, CORNER, PAD, UNIT, theme

_LEAST, _GAP, _NAME = 76, 4, 20

_WRAPPED = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class PresetCard(QAbstractButton):
    """Checkable; ``picture`` shows a composite, its mask and its depth side by side.

    ``summaries`` are those of all cards by their names: each has room for the longest, so that all are of one height.
    """

    def __init__(self, name: str, summaries: Mapping[str, str], picture: QImage) -> None:
        super().__init__()
        self.name, self.summary = name, capital(summaries[name])
        self._all = [capital(summary) for summary in summaries.values()]
        self._picture = picture
        self._by_keys = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.summary)
        self.setToolTip(self.summary)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        """The smallest at which the pictures say something."""
        width = 3 * _LEAST + 2 * _GAP + 2 * PAD
        return QSize(width, self._height(width))

    @override
    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The squares grow with the card."""
        self.setFixedHeight(self._height(event.size().width()))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by the keyboard sees where it is; at the start the chosen card is marked enough."""
        self._by_keys = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card; chosen, it has the accent's border."""
        colours = theme.colours
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        border = "accent" if self.isChecked() else "quiet" if self.underMouse() else "line"
        thick = 2 if self.isChecked() else 1
        painter.setPen(QPen(colours.colour(border), thick))
        painter.setBrush(colours.colour("panel"))
        half = thick / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), CORNER, CORNER)
        if self.hasFocus() and self._by_keys:
            painter.setPen(QPen(colours.colour("accent"), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), UNIT, UNIT)
        side = _side(self.width())
        painter.drawImage(QRectF(PAD, PAD, 3 * side + 2 * _GAP, side), self._picture)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(BODY)
        font.setWeight(QFont.Weight.DemiBold)
        top, wide = PAD + _side(self.width()) + 2 * UNIT, self.width() - 2 * PAD
        painter.setFont(font)
        painter.setPen(theme.colours.colour("text"))
        painter.drawText(QRectF(PAD, top, wide, 18), Qt.AlignmentFlag.AlignVCenter, self.name)
        font.setPixelSize(CAPTION)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(theme.colours.colour("quiet"))
        words = QRectF(PAD, top + _NAME, wide, self.height() - top - _NAME)
        painter.drawText(words, _WRAPPED, self.summary)

    def _height(self, width: int) -> int:
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        metrics, room = QFontMetrics(font), QRect(0, 0, width - 2 * PAD, 1000)
        words = max(metrics.boundingRect(room, _WRAPPED, summary).height() for summary in self._all)
        return _side(width) + 2 * PAD + 2 * UNIT + _NAME + words


def _side(width: int) -> int:
    """Of each of the three squares in a card of ``width`` pixels."""
    return (width - 2 * PAD - 2 * _GAP) // 3
