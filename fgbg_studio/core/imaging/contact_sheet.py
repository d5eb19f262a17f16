"""Contact sheets: a grid of pictures on one, for people to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fgbg_studio.core.base.arrays import Pixels

_PAPER, _INK, _GAP = (246, 247, 248), (98, 106, 115), 8
_CHECKER = ((255, 255, 255), (232, 234, 237))


def sheet(rows: Sequence[Sequence[Pixels]], labels: Sequence[str] = (), cell: int = 160) -> Pixels:
    """(H, W, 3) uint8 RGB of pictures in rows, each fitted into ``cell`` × ``cell`` pixels.

    Args:
        rows: of (h, w), (h, w, 3) or (h, w, 4) uint8 pictures; transparency shows a checkerboard.
        labels: one for each row, written over it; none for no labels.
        cell: side of a picture's place in pixels.
    """
    head = 22 if labels else 0
    wide = max(len(row) for row in rows) * (cell + _GAP) + _GAP
    page = Image.new("RGB", (wide, len(rows) * (cell + _GAP + head) + _GAP), _PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(14)
    for number, row in enumerate(rows):
        top = _GAP + number * (cell + _GAP + head)
        if labels:
            draw.text((_GAP, top + 1), labels[number], _INK, font)
        for column, picture in enumerate(row):
            fitted = _fit(picture, cell)
            left = _GAP + column * (cell + _GAP) + (cell - fitted.width) // 2
            page.paste(fitted, (left, top + head + (cell - fitted.height) // 2))
    return np.array(page)


def in_rows(pictures: Sequence[Pixels], columns: int) -> list[list[Pixels]]:
    """The pictures in rows of ``columns``."""
    return [list(pictures[i : i + columns]) for i in range(0, len(pictures), columns)]


def _fit(picture: Pixels, cell: int) -> Image.Image:
    if picture.ndim == 3 and picture.shape[2] == 4:
        picture = on_checkerboard(picture)
    image = Image.fromarray(picture).convert("RGB")
    factor = cell / max(image.size)
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return image.resize(size, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)


def on_checkerboard(rgba: Pixels, square: int = 8) -> Pixels:
    """(H, W, 3) RGB of an RGBA picture over a quiet checkerboard."""
    height, width = rgba.shape[:2]
    y, x = np.mgrid[:height, :width] // square
    board = np.array(_CHECKER, np.float32)[(x + y) % 2]
    alpha = rgba[..., 3:].astype(np.float32) / 255
    mixed: Pixels = np.rint(rgba[..., :3] * alpha + board * (1 - alpha)).astype(np.uint8)
    return mixed
