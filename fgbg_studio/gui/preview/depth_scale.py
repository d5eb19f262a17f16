"""The colours from near to far, with what their ends are in metres."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.gui.lib.theme import UNIT, small, theme
from fgbg_studio.gui.preview.views import Ends

_STOPS = 9


class DepthScale(QWidget):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self._ends, self._unit = (0.0, 1.0), ""
        ramp = depth_colours(np.linspace(0, 1, _STOPS, dtype=np.float32)[None])[0]
        self._colours = [QColor(*map(int, colour)) for colour in ramp]
        self.setFixedSize(176, 20)
        theme.changed.connect(self.update)

    def show_scale(self, ends: Ends, unit: str) -> None:
        """Say the ends, in metres or as parts of one."""
        self._ends, self._unit = ends, unit
        near, far = self.words()
        words = self.tr("One scale for all samples: {0} is the nearest, {1} the farthest").format(near, far)
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def words(self) -> tuple[str, str]:
        """(nearest, farthest)."""
        near, far = (f"{end:.1f}" if self._unit else f"{end:.2f}" for end in self._ends)
        return f"{near}{self._unit}", f"{far}{self._unit}"

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Nearest, the colours, farthest."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small(self.font()))
        painter.setPen(theme.colours.colour("quiet"))
        near, far = self.words()
        room, middle = QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter
        ahead, behind = (painter.fontMetrics().horizontalAdvance(word) + UNIT + 2 for word in (near, far))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, near)
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, far)
        strip = QRectF(ahead, 6, room.width() - ahead - behind, room.height() - 12)
        gradient = QLinearGradient(strip.topLeft(), strip.topRight())
        for number, colour in enumerate(self._colours):
            gradient.setColorAt(number / (_STOPS - 1), colour)
        painter.setPen(theme.colours.colour("line"))
        painter.setBrush(gradient)
        painter.drawRoundedRect(strip, 3, 3)
