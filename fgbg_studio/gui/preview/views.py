"""What of a sample is looked at, and as which pixels."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, qRgb

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.theme import theme
from fgbg_studio.gui.preview.depth_service import PreparedDepth
from fgbg_studio.gui.preview.sample_jobs import PreparedSample

GAP = 4


class SampleView(StrEnum):
    """The ways to look at a sample."""

    COMPOSITE = "composite"
    MASK = "mask"
    DEPTH = "depth"
    GREY = "grey"
    ALL = "all"


Ends = tuple[float, float]
"""(nearest, farthest) of one scale for all samples."""


@cache
def _palette() -> list[int]:
    """The colour of no value, then `depth_colours` in 255 steps, the farthest first."""
    ramp = np.array([[np.nan, *range(254, -1, -1)]], np.float32)
    return [qRgb(*map(int, colour)) for colour in depth_colours(ramp, 0, 254)[0]]


def colours(depth: PreparedDepth, ends: Ends) -> QImage:
    """The depth in the colours of `depth_colours`: near is bright. By a palette, for a drag shows sixty at once."""
    low, high = ends
    values = np.clip((high - depth.map) * np.float32(254 / max(high - low, 1e-9)), 0, 254)
    steps = np.fmax(values + np.float32(1), np.float32(0)).astype(np.uint8)  # what is not a number becomes 0
    rows, columns = steps.shape
    image = QImage(steps.data, columns, rows, columns, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_palette())
    return image


def grey(depth: PreparedDepth, stored_ends: Ends) -> QImage:
    """The depth as it is stored: bytes as they are, longer words on one scale of grey for all samples."""
    return to_image(stored_grey(depth.stored, stored_ends))


def stored_grey(stored: AnyPixels, ends: Ends) -> Pixels:
    """(h, w) uint8 of a stored map; 16 bits are stretched from ``ends`` to 0..255."""
    if stored.dtype == np.uint8:
        return np.asarray(stored, np.uint8)
    low, high = ends
    scaled = (stored.astype(np.float32) - low) * (255 / max(high - low, 1))
    return np.asarray(np.clip(np.rint(scaled), 0, 255), np.uint8)


def parts(
    made: PreparedSample | None, depth: PreparedDepth | None, ends: Ends, *, has_depth: bool
) -> list[QImage | None]:
    """Composite, mask and, where the project has it, depth; None for what is still to come."""
    shown: list[QImage | None] = [made.composite, made.mask] if made else [None, None]
    if has_depth:
        shown.append(colours(depth, ends) if depth else None)
    return shown


def beside(images: list[QImage | None]) -> QPixmap:
    """Pictures side by side, all as large as the first; what is missing is a quiet field."""
    known = next((image for image in images if image is not None), None)
    side = known.height() if known else 256
    pixmap = QPixmap(side * len(images) + GAP * (len(images) - 1), side)
    pixmap.fill(theme.colours.colour("window"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, image in enumerate(images):
        place = QRect(number * (side + GAP), 0, side, side)
        if image is None:
            painter.fillRect(place, theme.colours.colour("raised"))
            painter.setPen(theme.colours.colour("quiet"))
            painter.drawText(QRectF(place), Qt.AlignmentFlag.AlignCenter, "…")
        else:
            painter.drawImage(place, image)
    painter.end()
    return pixmap
