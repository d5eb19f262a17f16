"""Depth that a camera, a laser or a renderer measured, as the files of public datasets hold it."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
from PIL import Image

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap
from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.base.foreign import UnreadableError
from fgbg_studio.core.base.remedies import NameUnit
from fgbg_studio.core.imaging.finding import read_file
from fgbg_studio.core.imaging.numpy_file import array_of
from fgbg_studio.core.imaging.reading import read_with

UNITS = MappingProxyType({"metres": 1.0, "centimetres": 100.0, "millimetres": 1000.0, "tum": 5000.0, "kitti": 256.0})
"""Steps a metre: millimetres as NYU, Redwood, ScanNet and most depth cameras store; TUM RGB-D and KITTI their own."""
SUFFIXES = frozenset({".png", ".tif", ".tiff", ".npy"})
_NONE = 65535
"""Of 16 bits: what is out of a sensor's range, as 0 is."""
FARTHEST = 10_000.0  # metres: what is farther was not measured, or is in another unit


def unit_of(text: str) -> float:
    """Steps a metre by a unit's name or as a number.

    Raises:
        UsageError: it is neither.
    """
    if text.lower() in UNITS:
        return UNITS[text.lower()]
    try:
        steps = float(text)
    except ValueError:
        steps = 0.0
    if not 0 < steps < 1e9:
        raise UsageError(f"{text!r} is no unit of depth", f"Give one of {', '.join(UNITS)}, or how many are a metre")
    return steps


def read_depth(path: Path, steps: float | None = None) -> DepthMap:
    """A file of measured depth: (H, W) float32 in metres along the optical axis, NaN where nothing was measured.

    Nothing was measured where the file has 0, less, no number, or the largest value of 16 bits.

    Args:
        path: a PNG or TIFF file of 16 bits, a TIFF of floats, or an array that `numpy.save` wrote.
        steps: of its values a metre. Floating-point numbers are metres without it; whole numbers do not say.

    Raises:
        PictureError: it cannot be read, is no map of depth, or does not say its unit.
    """
    values = _values(path)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if values.ndim != 2 or values.dtype.itemsize < 2:
        raise PictureError(
            f"{path.name} holds no depth: that is one number of 16 bits or more for each pixel",
            "Give the file that was measured, not a picture of it",
        )
    whole = values.dtype.kind in "iu"
    if steps is None and whole:
        raise PictureError(f"{path.name} holds whole numbers and does not say of what unit", NameUnit(tuple(UNITS)))
    depth: DepthMap = values.astype(np.float32) / np.float32(steps or 1)
    unknown = ~np.isfinite(depth) | (depth <= 0)
    if whole and values.dtype.itemsize == 2:
        unknown |= values == _NONE
    if unknown.all():
        raise PictureError(f"{path.name} holds no depth: nothing was measured in it", "Look at the file")
    depth[unknown] = np.nan
    if float(np.nanmax(depth)) > FARTHEST:
        raise PictureError(
            f"{path.name} has depths of up to {float(np.nanmax(depth)):,.0f} m: that is not its unit",
            NameUnit(tuple(UNITS)),
        )
    return depth


def _values(path: Path) -> AnyPixels:
    if path.suffix.lower() != ".npy":
        return read_with(path, _numbers)
    try:
        return array_of(read_file(path))
    except UnreadableError as error:
        raise PictureError(f"{path} is damaged: it is no array of numbers", "Copy it again or save it again") from error
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error.strerror})", "Check the file") from error


def _numbers(image: Image.Image) -> AnyPixels:
    """The numbers of a picture as they are; colours are none, and come as bytes that `read_depth` refuses."""
    return np.asarray(image if image.mode[0] in "IF" else image.convert("L"))
