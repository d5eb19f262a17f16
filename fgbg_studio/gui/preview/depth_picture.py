"""A depth map as a person sees it: in colours, or in the grey values of the dataset's files."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.preview.rendering import RenderedDepth

_MOST = 512


def picture_of(depth: RenderedDepth, encoding: Encoding | None) -> QImage:
    """Near warm and bright; with an encoding the grey values that it stores, 16 bits stretched to be seen."""
    shown = _reduced(depth.map)
    if encoding is None:
        return to_image(depth_colours(shown, depth.low, depth.high))
    stored = encoding.encode(shown)
    if stored.dtype != np.uint8:
        stored = (stored.astype(np.float32) * (255 / max(int(stored.max()), 1))).astype(np.uint8)
    return to_image(stored)


def _reduced(depth: DepthMap) -> DepthMap:
    """No larger than it is looked at; nearest, for there is no depth between object and wall."""
    if max(depth.shape) <= _MOST:
        return depth
    return np.asarray(cv2.resize(depth, (_MOST, _MOST), interpolation=cv2.INTER_NEAREST), np.float32)


class DepthWords:
    """What is said of a depth map."""

    @staticmethod
    def scale(depth: RenderedDepth | None, encoding: Encoding | None) -> str:
        """From where to where."""
        if depth is None:
            return ""
        if encoding is not None and not encoding.fits("metric" if depth.metric else "relative"):
            metres = _tr("Cannot be stored this way: depth is in metres")
            return metres if depth.metric else _tr("Cannot be stored this way: the network gives no metres")
        if encoding is not None:
            return encoding.meaning
        text = _tr("{0} (bright) to {1} (dark)") if depth.metric else _tr("near is bright, no unit")
        return text.format(f"{depth.low:.1f} m", f"{depth.high:.1f} m")

    @staticmethod
    def here(depth: RenderedDepth, x: float, y: float) -> str:
        """The depth at (x, y), fractions of the map."""
        high, wide = depth.map.shape
        value = depth.map[min(int(y * high), high - 1), min(int(x * wide), wide - 1)]
        if math.isnan(value):
            return _tr("no value here")
        return _tr("{0} here").format(f"{value:.2f} m" if depth.metric else f"{value:.3f}")


def _tr(text: str) -> str:
    return QCoreApplication.translate("seen depth", text)
