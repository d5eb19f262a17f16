"""Contact sheets: a grid of pictures on one, for people to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fgbg_studio.core.base.arrays import Pixels

_GAP = 8
_HEAD, _FOOT = 22, 16  # pixels of a label's line, and of a caption's
_CHECKER = ((255, 255, 255), (232, 234, 237))


class SheetColours(NamedTuple):
    """Of a sheet: R, G, B of what is behind its pictures and of its words."""

    paper: tuple[int, int, int]
    ink: tuple[int, int, int]


LIGHT_SHEET = SheetColours((246, 247, 248), (98, 106, 115))


def sheet(
    rows: Sequence[Sequence[Pixels]],
    labels: Sequence[str] = (),
    cell: int = 160,
    captions: Sequence[Sequence[str]] = (),
    colours: SheetColours = LIGHT_SHEET,
) -> Pixels:
    """(H, W, 3) uint8 RGB of pictures in rows, each fitted into ``cell`` × ``cell`` pixels.

    Args:
        rows: of (h, w), (h, w, 3) or (h, w, 4) uint8 pictures; transparency shows a checkerboard.
        labels: one for each row, written over it where it is not empty; none for no labels.
        cell: side of a picture's place in pixels.
        captions: for each row the names of its pictures, written under them; none for no names.
        colours: of the sheet.
    """
    heads = [_HEAD if label else 0 for label in labels] or [0] * len(rows)
    feet = [_FOOT if names else 0 for names in captions] or [0] * len(rows)
    wide = max(len(row) for row in rows) * (cell + _GAP) + _GAP
    page = Image.new("RGB", (wide, len(rows) * (cell + _GAP) + sum(heads) + sum(feet) + _GAP), colours.paper)
    draw, top = ImageDraw.Draw(page), _GAP
    font, small = ImageFont.load_default(14), ImageFont.load_default(11)
    for number, row in enumerate(rows):
        if heads[number]:
            draw.text((_GAP, top + 1), labels[number], colours.ink, font)
        top += heads[number]
        for column, picture in enumerate(row):
            fitted, left = _fit(picture, cell), _GAP + column * (cell + _GAP)
            page.paste(fitted, (left + (cell - fitted.width) // 2, top + (cell - fitted.height) // 2))
            if feet[number]:
                draw.text((left, top + cell + 2), _elided(captions[number][column], small, cell), colours.ink, small)
        top += cell + _GAP + feet[number]
    return np.array(page)


def _elided(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """``text``, without its middle where it is wider than ``width`` pixels."""
    whole, kept = text, len(text)
    while font.getlength(text) > width and kept > 2:
        kept -= 1
        text = f"{whole[: (kept + 1) // 2]}…{whole[len(whole) - kept // 2 :]}"
    return text


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
