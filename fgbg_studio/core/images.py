"""The only place where picture files are read and written.

Every array is RGB, RGBA or one channel, uint8 (uint16 for depth), C-contiguous, row 0 at the top.
People's pictures come in by Pillow, which knows orientation tags, palettes, CMYK and colour profiles;
the program's own pictures go out and come back by OpenCV, which is fast.
"""

from __future__ import annotations

import io
import os
import re
import struct
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError
from pydantic import ConfigDict, Field

from fgbg_studio.core.errors import PictureError

T = TypeVar("T")
Pixels = NDArray[np.uint8]
AnyPixels = NDArray[Any]

MAX_PIXELS = 100_000_000
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".jp2"})

# Workers are processes, one a core: threads inside OpenCV would only fight over them.
cv2.setNumThreads(1)


@dataclass(frozen=True)
class Codec:
    """How one kind of picture is stored.

    Attributes:
        format: ``jpeg`` (4:2:0) or ``png`` (lossless, 8 or 16 bits).
        quality: of JPEG, 1..100.
        optimise: Huffman tables made for each JPEG: smaller by a few per cent, slower by half.
        splice: composites' JPEGs are made from their background's (`core/splice.py`): faster, the same
            pixels, up to 4% larger; without effect together with ``optimise``.
    """

    format: Literal["jpeg", "png"] = "png"
    quality: Annotated[int, Field(ge=1, le=100)] = 95
    optimise: bool = False
    splice: bool = True

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @property
    def lossless(self) -> bool:
        """Whether what is read back is what was written."""
        return self.format == "png"

    def parameters(self) -> list[int]:
        """The codec as OpenCV's list of flags."""
        if self.format == "jpeg":
            return [cv2.IMWRITE_JPEG_QUALITY, self.quality, cv2.IMWRITE_JPEG_OPTIMIZE, int(self.optimise)]
        return []


def encode(pixels: AnyPixels, codec: Codec) -> bytes:
    """``pixels`` (RGB, RGBA or one channel) as the bytes of a picture file.

    Args:
        pixels: (H, W), (H, W, 3) or (H, W, 4); uint8, or uint16 for PNG.
        codec: how.
    """
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    done, data = cv2.imencode(".jpg" if codec.format == "jpeg" else ".png", pixels, codec.parameters())
    if not done:
        raise PictureError(f"a picture of shape {pixels.shape} could not be encoded as {codec.format}")
    return data.tobytes()


def decode(data: bytes | bytearray | memoryview, name: str) -> AnyPixels:
    """The program's own picture back from its bytes, with the channels and the depth it was stored with.

    Raises:
        PictureError: it is none, or it is cut short; ``name`` is named.
    """
    buffer = np.frombuffer(data, np.uint8)
    pixels = None
    if complete(buffer):
        try:
            pixels = cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED)
        except cv2.error:  # OpenCV raises for some damage and returns None for other
            pixels = None
    if pixels is None:
        raise PictureError(f"{name} is not a whole picture", "Make it again with 'fgbg-studio sample'")
    if pixels.ndim == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)
    return pixels


def complete(buffer: NDArray[np.uint8]) -> bool:
    """Whether the bytes end as a JPEG or PNG ends: OpenCV fills what is missing with grey, in silence."""
    if len(buffer) < 12:
        return False
    if buffer[0] == 0xFF and buffer[1] == 0xD8:
        return bool(buffer[-2] == 0xFF and buffer[-1] == 0xD9)
    if bytes(buffer[:4]) == b"\x89PNG":
        return bytes(buffer[-8:-4]) == b"IEND"
    return True


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
        if path.is_dir():
            raise PictureError(f"{path} is a folder, not a picture", "Give the pictures in it, or rename it")
        if path.stat().st_size == 0:
            raise PictureError(f"{path} is empty (0 bytes)", "Copy it again from where it came from")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a broken EXIF block or a large picture is judged below, not warned of
            with Image.open(path) as image:
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
        raise PictureError(f"{path} may not be read", "Change its permissions") from error
    except FileNotFoundError as error:
        raise PictureError(f"{path} does not exist", "Check the path") from error
    except Image.DecompressionBombError as error:
        raise PictureError(f"{path} has too many pixels to be read safely", "Make it smaller first") from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error) as error:
        raise PictureError(f"{path} is damaged ({error})", "Copy it again or save it anew") from error


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


def write_file(path: Path, data: bytes | memoryview) -> None:
    """Write ``data`` so that after any interruption there is the old file or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        error.filename = str(path)  # a full disk does not say where
        raise


def find_pictures(paths: list[Path]) -> list[Path]:
    """The picture files among ``paths``: files as they are, folders walked, in natural order of names.

    A file given by name is returned whatever its suffix, so that it is judged and not passed over.

    Raises:
        PictureError: a folder may not be read.
    """
    found: list[Path] = []
    for path in paths:
        try:
            folder = path.is_dir() and path.suffix.lower() not in SUFFIXES
        except OSError:
            folder = False  # reading it as a picture says what is wrong with it
        found += sorted(_inside(path), key=lambda p: natural_key(str(p.relative_to(path)))) if folder else [path]
    return found


def _inside(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise PictureError(f"{error.filename} may not be read", "Change its permissions") from error

    for place, folders, files in os.walk(folder, onerror=refuse):
        for name in (*folders, *files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(place, name)


def natural_key(text: str) -> list[tuple[int, str]]:
    """Sorts ``bg_2`` before ``bg_10``: digits compare as numbers."""
    words = re.findall(r"[0-9]+|[^0-9]", text)
    return [(int(word), "") if word.isdecimal() else (-1, word.lower()) for word in words]
