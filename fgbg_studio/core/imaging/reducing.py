"""Pictures with more pixels than can be worked on, made smaller once, before the work."""

from __future__ import annotations

import io
import math
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.remedies import ReducePhoto
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.reading import MAX_REDUCED, is_plain, read_with, to_rgba, upright_size

LARGEST = 50_000_000
"""Pixels of a photo that is cut."""
_LOSSY = {"JPEG", "MPO", "JPEG2000"}
_QUALITY = 95  # and no colour is halved: it is cut by its colours


def megapixels(width: int, height: int) -> str:
    """A picture's size in words: '56.3 megapixels'."""
    return f"{width * height / 1e6:.1f} megapixels"


def is_large(size: tuple[int, int]) -> bool:
    """Whether a photo of (width, height) has more pixels than can be cut."""
    return size[0] * size[1] > LARGEST


def said_of_large(path: Path, size: tuple[int, int]) -> str:
    """That a photo of (width, height) has more pixels than can be cut, as a clause."""
    return f"{path.name} has {megapixels(*size)}, more than the {LARGEST / 1e6:.0f} that can be cut"


def refuse_large(path: Path) -> None:
    """See by the head of its file that a photo is not too large to be cut.

    Raises:
        PictureError: it is, or it cannot be read.
    """
    size = upright_size(path, MAX_REDUCED)
    if is_large(size):
        raise PictureError(said_of_large(path, size), ReducePhoto())


def reduced_size(width: int, height: int, most: int) -> tuple[int, int]:
    """(width, height) of a picture with at most ``most`` pixels, of its shape up to a pixel; as it is where it fits."""
    if width * height <= most:
        return width, height
    factor = math.sqrt(most / (width * height))
    wide = min(max(math.floor(width * factor), 1), most)
    return wide, max(min(math.floor(height * factor), most // wide), 1)


def scaled_down(picture: AnyPixels, side: int) -> AnyPixels:
    """A picture, (h, w) or (h, w, c), scaled to ``side`` pixels on its longer side; a smaller one as it is."""
    height, width = picture.shape[:2]
    scale = min(side / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def read_reduced(path: Path, most: int) -> Pixels:
    """A person's picture as `read_rgba` gives it, with at most ``most`` pixels.

    Raises:
        PictureError: it cannot be read; the message names the file and the reason.
    """
    return read_with(path, partial(_reduced, most=most), most=MAX_REDUCED)


def reduced_file(path: Path, most: int) -> tuple[str, bytes]:
    """A file's name and bytes of a picture with at most ``most`` pixels, upright and in sRGB.

    A JPEG stays one, of high quality; what was stored without loss, or has transparency, is a PNG.

    Raises:
        PictureError: it cannot be read.
    """
    rgba, kind = read_with(path, lambda image: (_reduced(image, most), image.format), most=MAX_REDUCED)
    if kind not in _LOSSY or rgba[..., 3].min() < 255:
        clear = rgba[..., 3].min() < 255
        return f"{path.stem}.png", encode(rgba if clear else np.ascontiguousarray(rgba[..., :3]), Codec())
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgba[..., :3])).save(data, "JPEG", quality=_QUALITY, subsampling=0)
    return path.name if path.suffix.lower() in {".jpg", ".jpeg"} else f"{path.stem}.jpg", data.getvalue()


def _reduced(image: Image.Image, most: int) -> Pixels:
    size = reduced_size(*image.size, most)
    if size == image.size:
        return to_rgba(image)
    if is_plain(image):  # a third of the memory
        return to_rgba(image.resize(size, Image.Resampling.LANCZOS))
    return np.array(Image.fromarray(to_rgba(image)).resize(size, Image.Resampling.LANCZOS), np.uint8)
