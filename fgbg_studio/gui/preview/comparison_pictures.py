"""One sample of a comparison as four pictures side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from fgbg_studio.core.depth.comparison import ComparedSample, difference_colours, outlined
from fgbg_studio.core.imaging.colour_maps import depth_colours, depth_range
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import PAD, UNIT, small, theme

_LEAST = 0.1  # of the depth's range: less than that is shown as little, not stretched to full colours
_LINE = 18  # pixels of a line of words
_WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
translate = QCoreApplication.translate


@dataclass(frozen=True)
class LabelledPicture:
    """A picture, what it is, and how its colours are read."""

    image: QImage
    title: str
    scale: str


def labelled_pictures(look: ComparedSample, ways: tuple[str, str], unit: str) -> list[LabelledPicture]:
    """The four pictures of a sample; may be called on any thread."""
    low, high = depth_range((look.a, look.b))
    delta = look.a - look.b
    known = np.abs(delta[~np.isnan(delta)])
    most = max(float(np.percentile(known, 99.5)) if known.size else 0.0, _LEAST * (high - low))
    metres = f" {unit}" if unit else ""
    colours = translate("comparing", "{0:.2f}{2} bright, {1:.2f}{2} dark").format(low, high, metres)
    differ = translate("comparing", "blue: {0} is nearer, red: farther; full at {1:.2f}{2}")
    return [
        LabelledPicture(to_image(look.composite), translate("comparing", "Composite"), ""),
        *(
            LabelledPicture(
                to_image(outlined(depth_colours(depth, low, high), look.mask)),
                translate("comparing", "Depth by {0}").format(way),
                colours,
            )
            for depth, way in zip((look.a, look.b), ways, strict=True)
        ),
        LabelledPicture(
            to_image(outlined(difference_colours(delta, most), look.mask)),
            translate("comparing", "Difference: {0} − {1}").format(*ways),
            differ.format(ways[0], most, metres),
        ),
    ]


class FourPictures(QWidget):
    """See the module; pictures keep their shape, words stand over and under each."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[LabelledPicture] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)
        self.setFont(small(self.font()))
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        """Four pictures of a medium size."""
        return QSize(4 * 216 + 5 * PAD, 216 + 3 * _LINE + 2 * PAD)

    def show_pictures(self, pictures: list[LabelledPicture]) -> None:
        """Show these; none for an empty place."""
        self.pictures = pictures
        self.setAccessibleName(", ".join(f"{one.title}: {one.scale}" for one in pictures))
        self.update()

    def places(self) -> list[QRect]:
        """Where the pictures are: equal squares from the left."""
        room = self.height() - 2 * PAD - 3 * _LINE
        side = max(min((self.width() - 5 * PAD) // 4, room), 16)
        gap = PAD + max((self.width() - 5 * PAD) // 4 - side, 0) // 2
        return [QRect(PAD + number * (side + gap), PAD + _LINE, side, side) for number in range(4)]

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words, pictures, a quiet line around each."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colour = theme.colours.colour
        for one, place in zip(self.pictures, self.places(), strict=False):
            painter.drawImage(place, one.image)
            painter.setPen(colour("line"))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            painter.setPen(colour("text"))
            painter.drawText(QRect(place.left(), place.top() - _LINE, place.width(), _LINE), _WORDS, one.title)
            painter.setPen(colour("quiet"))
            below = QRect(place.left(), place.bottom() + UNIT, place.width(), 2 * _LINE)
            painter.drawText(below, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, one.scale)
