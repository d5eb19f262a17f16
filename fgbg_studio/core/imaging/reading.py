"""People's pictures, read by Pillow, which knows orientation tags, palettes, CMYK and colour profiles.

Every array is RGB, RGBA or one channel, uint8, C-contiguous, row 0 at the top.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.imaging.finding import check_file
from fgbg_studio.core.imaging.formats import FORMATS

T = TypeVar("T")

MAX_PIXELS = 100_000_000


def read_rgb(path: Path) -> Pixels:
    """A person's picture as (H, W, 3) uint8 RGB; transparency is dropped, not blended."""
    return np.ascontiguousarray(read_rgba(path)[..., :3])


def read_rgba(path: Path, enough: int | None = None) -> Pixels:
    """A person's picture as (H, W, 4) uint8 RGBA, upright, in sRGB, alpha straight (255 where it has none).

    Args:
        path: the file.
        enough: pixels of the longer side that will do: a larger JPEG may come at a half, a quarter or an eighth of
            its size, which is decoded several times as fast; never smaller than this.

    Raises:
        PictureError: it cannot be read; the message names the file and the reason.
    """
    return _read(path, _to_rgba, enough=enough)


def read_mask(path: Path) -> Pixels:
    """A person's mask or trimap as (H, W) uint8; from a picture with transparency its alpha is taken."""
    return _read(path, _to_grey)


def _read(path: Path, convert: Callable[[Any], T], *, enough: int | None = None) -> T:
    try:
        check_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a broken EXIF block or a large picture is judged below, not warned of
            with Image.open(path, formats=FORMATS) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    limit = MAX_PIXELS // 1_000_000
                    raise PictureError(
                        f"{path} has {width} × {height} pixels, more than {limit} megapixels", "Make it smaller first"
                    )
                _decode(image, enough)
                return convert(_upright(image))
    except UnidentifiedImageError as error:
        raise PictureError(f"{path} is not a picture that can be read", "Save it as JPEG or PNG") from error
    except PermissionError as error:
        raise PictureError(f"{path} cannot be read: permission denied", "Change its permissions") from error
    except FileNotFoundError as error:
        raise PictureError(f"{path} does not exist", "Check the path") from error
    except Image.DecompressionBombError as error:
        raise PictureError(f"{path} has too many pixels to be read safely", "Make it smaller first") from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error) as error:
        raise PictureError(f"{path} is damaged ({error})", "Copy it again or save it again") from error


def _decode(image: Image.Image, enough: int | None) -> None:
    if enough:
        # Pillow takes the smallest size of the decoder that is no smaller than this on either side.
        factor = min(enough / max(image.size), 1)
        image.draft(None, (max(round(image.width * factor), 1), max(round(image.height * factor), 1)))
    image.load()


_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def _upright(image: Image.Image) -> Image.Image:
    """The pixels turned as the orientation tag asks.

    Pillow's own way also writes the other tags anew, and fails where a camera or editor left an odd one.
    """
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    return image if turn is None else image.transpose(turn)


def _to_rgba(image: Image.Image) -> Pixels:
    image = _eight_bits(image)
    profile = image.info.get("icc_profile")
    clear = image.mode in {"RGBA", "LA", "PA", "P", "La", "RGBa"} or "transparency" in image.info
    alpha = image.convert("RGBA").getchannel("A") if clear else None
    if image.mode == "P":
        image = image.convert("RGBA")
    colour = _to_srgb(image, profile) if profile else None
    rgba = (colour or image).convert("RGBA" if colour is None else "RGB").convert("RGBA")
    if alpha is not None:
        rgba.putalpha(alpha)
    return np.array(rgba, np.uint8)


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB by its own colour profile, or None where the profile is unusable."""
    plain = image.convert("RGB") if image.mode in {"RGBA", "RGBX", "PA"} else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _to_grey(image: Image.Image) -> Pixels:
    image = _eight_bits(image)
    if image.mode in {"RGBA", "LA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = np.array(image.getchannel("A"), np.uint8)
        if alpha.min() < 255:  # an alpha that is 255 everywhere is an editor's habit, not the mask
            return alpha
    if image.mode == "P":
        image = image.convert("RGB")
    return np.array(image.convert("L"), np.uint8)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16- and 32-bit grey pictures scaled to 8 bits: Pillow's own conversion clips them to white."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.int64).clip(0, 65535)
        return Image.fromarray(((values + 128) // 257).astype(np.uint8))
    if image.mode == "F":
        values = np.nan_to_num(np.asarray(image, np.float64))
        scale = 255.0 if values.max(initial=0) <= 1 else 1.0
        return Image.fromarray((values * scale).round().clip(0, 255).astype(np.uint8))
    return image


def picture_hash(path: Path) -> str:
    """SHA-256 of a picture's file as hexadecimal digits.

    Raises:
        PictureError: it cannot be read, or is no file to be read as a picture (`check_file`).
    """
    try:
        check_file(path)
        return file_hash(path)
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error.strerror})", "Check the file") from error
