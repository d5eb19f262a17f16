"""Measured depth as a project keeps it, read back; apart from `depth_maps`, so that a run's workers load no more."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.foreign import UnreadableError
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.paths import inside
from fgbg_studio.core.imaging.numpy_file import array_of
from fgbg_studio.core.project.model import MeasuredDepth


def read_stored(folder: Path, measured: MeasuredDepth) -> DepthMap:
    """What `DepthMaps.added` stored in the project's ``folder``: (H, W) float32 metres, of its own size.

    Raises:
        PictureError: its file is missing, damaged or changed.
    """
    path = inside(folder, measured.file)
    again = "Remove the background and add it again with its depth"
    try:
        data = read_file(path)
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error.strerror})", again) from error
    if hashlib.sha256(data).hexdigest() != measured.sha256:
        raise PictureError(f"{path} was changed since it was added", again)
    try:
        return np.asarray(array_of(data), np.float32)
    except UnreadableError as error:
        raise PictureError(f"{path} is damaged", again) from error
