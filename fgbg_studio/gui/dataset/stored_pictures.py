"""A dataset's pictures as they are looked at: depth in colours, 16 bits as 8, or the reason why one cannot be read."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QObject

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.imaging.colour_maps import index_colours
from fgbg_studio.gui.lib.picture_loader import LoadedPicture, PictureLoader, fitted
from fgbg_studio.gui.lib.pixels import to_image
from fgbg_studio.gui.lib.worker import Jobs

MEMORY = 96 * 1024**2
"""Bytes of pixmaps that a view keeps."""

Key = tuple[str, int]
"""(kind, number) of a picture."""


class StoredPictures(PictureLoader[Key]):
    """The thumbnails of one view of a dataset."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(jobs, QCoreApplication.translate("StoredPictures", "reading pictures"), MEMORY, parent)

    def open_dataset(self, contents: Contents | None) -> None:
        """Serve this dataset from now on, or none."""
        if contents:
            self.open(partial(_thumbnail, contents))
        else:
            self.close()


def _thumbnail(contents: Contents, key: Key, side: int) -> LoadedPicture:
    try:
        pixels = shown(contents, key[0], contents.pixels(*key))
    except (FgbgError, OSError) as error:
        return LoadedPicture(error=reason(error))
    return LoadedPicture(to_image(fitted(pixels, side)))


def reason(error: FgbgError | OSError) -> str:
    """Why a file could not be read, in one sentence."""
    return f"{error.problem}." if isinstance(error, FgbgError) else str(error)


def shown(contents: Contents, kind: str, pixels: AnyPixels, *, grey: bool = False) -> Pixels:
    """A stored picture as it is looked at: depth in colours, or stretched grey; 16 bits as 8."""
    if kind == "instances":
        return index_colours(pixels)
    if kind == "depth" and not grey:
        return contents.reading.colours(pixels)
    if kind == "depth" or pixels.dtype != np.uint8:
        stretched = cv2.normalize(pixels, np.empty_like(pixels, np.float32), 0, 255, cv2.NORM_MINMAX, cv2.CV_32F)
        return stretched.astype(np.uint8)
    return pixels
