"""Where objects may stand in a background: a raster of cells that a person paints, small enough for ``project.json``.

The raster lies over the whole picture and not over its square, so that moving the crop leaves it where it is.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Annotated

import numpy as np
from pydantic import AfterValidator

from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.imaging.regions import Region

CELLS = 128
"""Rows and columns of the raster."""

_BYTES = CELLS * CELLS // 8


def pack(cells: Region) -> str:
    """(CELLS, CELLS) bool as text: bits row by row, deflated, in base64; empty where no cell is marked."""
    if not cells.any():
        return ""
    return base64.b64encode(zlib.compress(np.packbits(cells).tobytes(), 9)).decode("ascii")


def unpack(text: str) -> Region:
    """The cells of a packed raster, (CELLS, CELLS) bool; none of an empty text.

    Raises:
        ValueError: the text is no packed raster.
    """
    if not text:
        return np.zeros((CELLS, CELLS), np.bool_)
    try:
        inflate = zlib.decompressobj()
        data = inflate.decompress(base64.b64decode(text, validate=True), _BYTES + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ValueError(f"the region where objects may stand is damaged ({error})") from error
    if len(data) != _BYTES:
        raise ValueError("the region where objects may stand has the wrong size")
    return np.unpackbits(np.frombuffer(data, np.uint8)).reshape(CELLS, CELLS).astype(np.bool_)


def packed(text: str) -> str:
    """``text`` itself, once it is known to be a packed raster or empty; for validators.

    Raises:
        ValueError: it is neither.
    """
    unpack(text)
    return text


def paint(
    cells: Region, start: tuple[float, float], end: tuple[float, float], radius: tuple[float, float], *, add: bool
) -> Region:
    """The cells after a stroke of a round brush; the given ones stay as they are.

    Args:
        cells: (CELLS, CELLS) bool.
        start: (x, y) as fractions of the picture's width and height.
        end: likewise; the stroke is the straight line between both.
        radius: of the brush as fractions of the width and of the height: a circle in the picture is an ellipse
            in the raster of a picture that is not square. A cell is at least touched under the brush's centre.
        add: mark the cells under the brush, else clear them.
    """
    wide, high = (max(r * CELLS, 0.75) for r in radius)
    rows, columns = np.mgrid[0:CELLS, 0:CELLS] + 0.5
    x, y = (columns - start[0] * CELLS) / wide, (rows - start[1] * CELLS) / high
    dx, dy = (end[0] - start[0]) * CELLS / wide, (end[1] - start[1]) * CELLS / high
    length = dx * dx + dy * dy
    along = np.clip((x * dx + y * dy) / length, 0, 1) if length else 0.0
    under = (x - along * dx) ** 2 + (y - along * dy) ** 2 <= 1
    return np.asarray(cells | under if add else cells & ~under, np.bool_)


class StandingRegion(FrozenModel):
    """Where objects may stand: cells over the whole picture, packed, at least one of them marked.

    ``shown`` is what of the picture becomes the frame: (left, top, width, height) as fractions of the picture's.
    """

    cells: Annotated[str, AfterValidator(packed)]
    shown: tuple[float, float, float, float]
