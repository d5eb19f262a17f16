"""The lines over the samples: what of them is seen, which of them, and what is being made."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSpinBox, QToolButton, QWidget
from typing_extensions import override

from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.gui.lib.basics import hbox, label, tool_button, vbox
from fgbg_studio.gui.lib.formatting import number
from fgbg_studio.gui.lib.image_grid import add_size_slider
from fgbg_studio.gui.lib.theme import PAD, UNIT, small, tabular, theme
from fgbg_studio.gui.lib.thumbnails import Thumbnails
from fgbg_studio.gui.preview.picture_picker import PicturePicker
from fgbg_studio.gui.preview.sample_filter import SampleFilter
from fgbg_studio.gui.preview.views import Ends

_MOST_SEED = 999_999


_STOPS = 9


class DepthScale(QWidget):
    """The colours from near to far, with what their ends are in metres."""

    def __init__(self) -> None:
        super().__init__()
        self._ends, self._unit, self._stored = (0.0, 1.0), "", False
        ramp = depth_colours(np.linspace(0, 1, _STOPS, dtype=np.float32)[None])[0]
        self._colours = [QColor(*map(int, colour)) for colour in ramp]
        self._greys = [QColor(*(round(255 * stop / (_STOPS - 1)),) * 3) for stop in range(_STOPS)]
        self.setFixedSize(176, 20)
        theme.changed.connect(self.update)

    def show_scale(self, ends: Ends, unit: str) -> None:
        """Say the ends, in metres or as parts of one."""
        self._ends, self._unit, self._stored = ends, unit, False
        near, far = self.words()
        self._tell(self.tr("One scale for all samples: {0} is the nearest, {1} the farthest").format(near, far))

    def show_stored(self, ends: Ends, encoding: Encoding) -> None:
        """Say the ends of what is stored: bytes are shown as they are, longer words stretched to be seen."""
        self._ends = ends if encoding.bits > 8 else (0.0, 255.0)
        self._unit, self._stored = "", True
        black, white = self.words()
        stretched = self.tr("Stored values from {0} (black) to {1} (white): {2}.")
        most = number((1 << encoding.bits) - 1)
        words = stretched.format(black, white, encoding.meaning)
        if encoding.bits > 8:
            words += " " + self.tr("The file itself looks darker: its white is {0}.").format(most)
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def words(self) -> tuple[str, str]:
        """(nearest, farthest), or of what is stored (black, white)."""
        if self._stored:
            black, white = map(number, map(round, self._ends))
            return black, white
        near, far = (f"{end:.1f}" if self._unit else f"{end:.2f}" for end in self._ends)
        return f"{near}{self._unit}", f"{far}{self._unit}"

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
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
        for stop, colour in enumerate(self._greys if self._stored else self._colours):
            gradient.setColorAt(stop / (_STOPS - 1), colour)
        painter.setPen(theme.colours.colour("line"))
        painter.setBrush(gradient)
        painter.drawRoundedRect(strip, 3, 3)


class PreviewBar(QFrame):
    """See the module.

    Signals:
        seed_changed: a person typed or stepped to another seed.
    """

    seed_changed = Signal(int)

    def __init__(self, shuffle: QAction, views: list[QAction], thumbnails: Thumbnails) -> None:
        super().__init__()
        self._shuffle, self._views = shuffle, views
        self.seed = self._make_seed()
        self.backgrounds = PicturePicker(
            self.tr("Samples on one background"), self.tr("All backgrounds"), thumbnails, self
        )
        self.foregrounds = PicturePicker(
            self.tr("Samples of one foreground"), self.tr("All foregrounds"), thumbnails, self
        )
        self.filter = SampleFilter()
        self.scale, self.words = DepthScale(), label("", "quiet")
        whole = vbox(self, 2 * UNIT, margins=(PAD, 2 * UNIT, PAD, UNIT))
        whole.addLayout(self._first_line())
        whole.addLayout(self._second_line())

    def show_words(self, text: str) -> None:
        """Say what is being made, or nothing."""
        self.words.setText(text)

    def show_seed(self, seed: int) -> None:
        """Show a seed without telling of it."""
        with QSignalBlocker(self.seed):
            self.seed.setValue(seed)

    def _make_seed(self) -> QSpinBox:
        made = QSpinBox()
        made.setRange(0, _MOST_SEED)
        made.setPrefix(self.tr("seed "))
        made.setKeyboardTracking(False)
        made.setFont(tabular(made.font()))
        made.setMinimumWidth(112)
        made.setAccessibleName(self.tr("Seed of the samples shown"))
        made.setToolTip(self.tr("The same seed shows the same samples; the dataset is not affected"))
        made.valueChanged.connect(self.seed_changed)
        return made

    def _first_line(self) -> QHBoxLayout:
        row = hbox(spacing=UNIT)
        for action in self._views:
            made = QToolButton()
            made.setDefaultAction(action)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self.words)
        row.addSpacing(2 * UNIT)
        row.addWidget(self.scale)
        return row

    def _second_line(self) -> QHBoxLayout:
        row = hbox(spacing=2 * UNIT)
        row.addWidget(tool_button(self._shuffle))
        row.addWidget(self.seed)
        row.addSpacing(UNIT)
        row.addWidget(self.backgrounds)
        row.addWidget(self.foregrounds)
        row.addWidget(self.filter)
        row.addStretch(1)
        self.side = add_size_slider(row, self.tr("Size of the samples"))
        return row
