"""People's pictures, read by Pillow, which knows orientation tags, palettes, CMYK and colour profiles.

Every array is RGB, RGBA or one channel, uint8, C-contiguous, row 0 at the top.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
import struct
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.outside import UnfitFileError, open_file
from fgbg_studio.core.base.remedies import NameWhite
from fgbg_studio.core.imaging.codecs import bytes_behind
from fgbg_studio.core.imaging.finding import MAX_BYTES, check_file, read_file
from fgbg_studio.core.imaging.formats import FORMATS

T = TypeVar("T")

MAX_PIXELS = 100_000_000
MAX_REDUCED = 170_000_000
"""Of a picture that is made smaller at once, see `reducing`; Pillow takes a few more for an attack."""


def read_rgb(path: Path) -> Pixels:
    """A person's picture as (H, W, 3) uint8 RGB; what is transparent is shown on white, as viewers show it."""
    return on_colour(read_rgba(path), (255, 255, 255))


def read_rgba(path: Path, enough: int | None = None, white: float | None = None) -> Pixels:
    """A person's picture as (H, W, 4) uint8 RGBA, upright, in sRGB, alpha straight (255 where it has none).

    Args:
        path: the file.
        enough: pixels of the longer side that will do: a larger JPEG may come at a half, a quarter or an eighth of
            its size, which is decoded several times as fast; never smaller than this.
        white: of a picture of more than 8 bits a channel the value that becomes 255. By default what such files are
            full at (65535; for floats also 1 or 255, for 32 bits also 255), where the picture reaches a quarter of it.

    Raises:
        PictureError: it cannot be read; the message names the file and the reason.
    """
    return read_with(path, partial(to_rgba, white=white), enough=enough)


def read_trimap(path: Path) -> Pixels:
    """A person's trimap as (H, W) uint8 greys; from a picture with transparency its alpha is taken."""
    return read_with(path, _to_grey)


def on_colour(rgba: Pixels, colour: tuple[int, int, int]) -> Pixels:
    """What (H, W, 4) looks like on a colour, as (H, W, 3); its opaque pixels are unchanged."""
    rgb = np.ascontiguousarray(rgba[..., :3])
    clear = rgba[..., 3] < 255
    if clear.any():
        alpha = rgba[clear, 3:].astype(np.uint32)
        rgb[clear] = (rgb[clear] * alpha + np.array(colour, np.uint32) * (255 - alpha) + 127) // 255
    return rgb


def has_alpha(image: Image.Image) -> bool:
    """Whether a picture's file has a channel, a palette or a colour for transparency."""
    return image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info


def may_be_clear(path: Path) -> bool:
    """Whether a picture has a place for transparency, by the head of its file.

    Raises:
        PictureError: it cannot be read.
    """
    return read_with(path, has_alpha, decode=False)


def is_deep(path: Path) -> bool:
    """Whether a picture has more than 8 bits a channel, by the head of its file.

    Raises:
        PictureError: it cannot be read.
    """
    return read_with(path, lambda image: _is_deep_grey(image) or _has_deep_colour(image), decode=False)


def upright_size(path: Path, most: int = MAX_PIXELS) -> tuple[int, int]:
    """(width, height) of a picture as it is seen, of at most ``most`` pixels, by the head of its file.

    Raises:
        PictureError: it cannot be read.
    """

    def size(image: Image.Image) -> tuple[int, int]:
        turned = image.getexif().get(_ORIENTATION, 1) in range(5, 9)
        return (image.height, image.width) if turned else (image.width, image.height)

    return read_with(path, size, decode=False, most=most)


def read_with(
    path: Path,
    convert: Callable[[Image.Image], T],
    *,
    enough: int | None = None,
    decode: bool = True,
    most: int = MAX_PIXELS,
) -> T:
    """What ``convert`` makes of a person's picture of at most ``most`` pixels, given upright; see `read_rgba`."""
    try:
        check_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a broken EXIF block or a large picture is judged below, not warned of
            with open_file(path, MAX_BYTES) as file, foreign(), Image.open(file, formats=FORMATS) as image:
                image.info[_FILE] = str(path)
                width, height = image.size
                if width * height > most:
                    limit = most // 1_000_000
                    raise PictureError(
                        f"{path} has {width} × {height} pixels, more than {limit} megapixels", "Make it smaller first"
                    )
                if not decode:
                    return convert(image)
                _decode(image, enough)
                return convert(_upright(image))
    except UnreadableError as error:
        raise PictureError(f"{path} {_fault(error.cause)}", _way_out(error.cause)) from error
    except UnfitFileError as error:
        raise PictureError(f"{path} {error.strerror}", "Give a picture's file") from error
    except PermissionError as error:
        raise PictureError(f"{path} cannot be read: permission denied", "Change its permissions") from error
    except FileNotFoundError as error:
        raise PictureError(f"{path} does not exist", "Check the path") from error
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error.strerror})", "Check the disk that it is on") from error


_CUT_SHORT = re.compile("truncat|unpack|end of (file|stream)|stream|too short|not enough", re.IGNORECASE)


def _fault(error: Exception) -> str:
    """What is wrong with a file, in plain words: decoders speak of their own insides."""
    if isinstance(error, UnidentifiedImageError):
        return "is not a picture that can be read"
    if isinstance(error, Image.DecompressionBombError):
        return "has too many pixels to be read safely"
    if isinstance(error, MemoryError):
        return "needs more memory than there is"
    cut_short = isinstance(error, (EOFError, struct.error)) or _CUT_SHORT.search(str(error))
    return f"is damaged: {'its end is missing' if cut_short else 'what is in it is no picture that can be decoded'}"


def _way_out(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "Save it as JPEG or PNG"
    large = isinstance(error, (Image.DecompressionBombError, MemoryError))
    return "Make it smaller first" if large else "Copy it again or save it again"


def _decode(image: Image.Image, enough: int | None) -> None:
    image.info[_DEEP] = _has_deep_colour(image)
    if enough:
        # Pillow takes the smallest size of the decoder that is no smaller than this on either side.
        factor = min(enough / max(image.size), 1)
        image.draft(None, (max(round(image.width * factor), 1), max(round(image.height * factor), 1)))
    image.load()


def _has_deep_colour(image: Image.Image) -> bool:
    """Whether a picture that is not decoded yet has colours of 16 bits: Pillow makes 8 of them without a word."""
    return image.mode in {"RGB", "RGBA"} and ";16" in repr(getattr(image, "tile", ""))


_DEEP = "fgbg_studio.deep"
_FILE, _TURN = "fgbg_studio.file", "fgbg_studio.turn"
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
    turned = image if turn is None else image.transpose(turn)
    turned.info[_FILE], turned.info[_TURN] = image.info.get(_FILE, ""), turn
    turned.format = image.format
    return turned


def is_plain(image: Image.Image) -> bool:
    """Whether a picture that was read may be resized before `to_rgba`: its values are colours of 8 bits."""
    return image.mode in {"L", "RGB", "CMYK", "YCbCr"} and not has_alpha(image) and not image.info.get(_DEEP)


def to_rgba(image: Image.Image, white: float | None = None) -> Pixels:
    """(H, W, 4) of a picture that `read_with` gives; see `read_rgba`."""
    image = _eight_bits(image, white)
    profile = image.info.get("icc_profile")
    alpha = image.convert("RGBA").getchannel("A") if has_alpha(image) else None
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
    with contextlib.suppress(UnreadableError), foreign():
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return None


def _to_grey(image: Image.Image) -> Pixels:
    if _is_deep_grey(image):
        most = float(np.asarray(image).max(initial=0))
        whites = (1, 255) if image.mode == "F" else (255,)  # 0, 128 and 255 in whatever depth
        image = _eight_bits(image, next((white for white in whites if most <= white), 65535))
    if image.mode in {"RGBA", "LA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = np.array(image.getchannel("A"), np.uint8)
        if alpha.min() < 255:  # an alpha that is 255 everywhere is an editor's habit, not the mask
            return alpha
    if image.mode == "P":
        image = image.convert("RGB")
    return np.array(image.convert("L"), np.uint8)


def _is_deep_grey(image: Image.Image) -> bool:
    return image.mode == "F" or image.mode.startswith("I")


def _eight_bits(image: Image.Image, white: float | None) -> Image.Image:
    """Pictures of more than 8 bits scaled to 8: Pillow's own conversion clips greys to white."""
    if _is_deep_grey(image):
        values = np.asarray(image)
        if image.mode.startswith("I;16"):
            whites: tuple[float, ...] = (65535,)
        else:
            whites = (1, 255, 65535) if image.mode == "F" else (255, 65535)
        return Image.fromarray(_scaled(values, white or _white(values, whites, image)))
    if not image.info.get(_DEEP):
        return image
    colour = np.asarray(image)[..., :3]
    if white is None and (colour.max() >= 64 or not colour.any()):
        return image
    values = _deep_pixels(image)
    return Image.fromarray(_scaled(values, white or _white(values[..., :3], (65535,), image)))


def _white(values: AnyPixels, whites: tuple[float, ...], image: Image.Image) -> float:
    """The value that is white, where the picture's largest leaves no doubt of it."""
    name = Path(str(image.info.get(_FILE, "it"))).name
    least, most = float(values.min(initial=0)), float(values.max(initial=0))  # NaN where a value is
    if least < 0 or not math.isfinite(least + most):
        what = "values under 0" if math.isfinite(least + most) else "values that are no numbers"
        raise PictureError(f"{name} holds {what}: it is data and no picture", "Save it as an 8-bit picture")
    found = next((white for white in whites if white / 4 < most <= white), None)
    if found is None and most > 0:
        maybe = tuple(bits for bits in (1, 255, 1023, 4095, 16383, 65535) if bits >= most)[:4]
        raise PictureError(
            f"{name} has values up to {most:g}, in a file that can hold {whites[-1]:g}: as it is, it would be dark, "
            "and it does not say which value is white",
            NameWhite(maybe) if maybe else "Save it as an 8-bit picture",
        )
    return found or whites[-1]


def bands(values: NDArray[Any]) -> Iterator[slice]:
    """Rows, some megapixels at a time: what is worked out of them takes eight bytes a value and more."""
    rows = max((1 << 22) // max(values[:1].size, 1), 1)
    for start in range(0, len(values), rows):
        yield slice(start, min(start + rows, len(values)))


def _scaled(values: AnyPixels, white: float) -> Pixels:
    """0..``white`` as 0..255."""
    made = np.empty(values.shape, np.uint8)
    for band in bands(values):
        made[band] = np.floor(np.clip(values[band].astype(np.float64) / white, 0, 1) * 255 + 0.5)
    return made


def _deep_pixels(image: Image.Image) -> AnyPixels:
    """The colours of a picture with 16 bits a channel, which Pillow has cut to 8; turned as it is."""
    data = read_file(Path(str(image.info[_FILE])))
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    found = None if bytes_behind(data) is None else cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if found is None or found.dtype != np.uint16 or found.ndim != 3:
        raise PictureError(f"{image.info[_FILE]} cannot be read with all its bits", "Save it as an 8-bit picture")
    values = np.asarray(found)[..., [2, 1, 0, 3][: found.shape[2]]]
    turn = image.info.get(_TURN)
    if turn is not None:
        planes = [Image.fromarray(np.ascontiguousarray(values[..., i])).transpose(turn) for i in range(values.shape[2])]
        values = np.dstack([np.asarray(plane) for plane in planes])
    return values


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
