"""Arrays of the core as Qt's images."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from fgbg_studio.core.base.arrays import Pixels

_FORMATS = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}


def to_image(pixels: Pixels) -> QImage:
    """An image of its own memory from (H, W), (H, W, 3) or (H, W, 4) uint8; may be called on any thread."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else _FORMATS[pixels.shape[2]]
    # The constructor borrows the array's memory: the copy outlives it.
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()
