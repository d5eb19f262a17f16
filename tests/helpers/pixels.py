"""What Qt's images show, as arrays."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from fgbg_studio.core.base.arrays import Pixels


def from_image(image: QImage) -> Pixels:
    """(H, W, 4) RGBA uint8, straight alpha."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()
