"""The program's own pictures as bytes and back, by OpenCV, which is fast; others' where it can.

Every array is RGB, RGBA or one channel, uint8 (uint16 for depth), C-contiguous, row 0 at the top.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np
from PIL import Image
from pydantic import ConfigDict, Field

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.remedies import RemakeSample
from fgbg_studio.core.imaging.formats import FORMATS


@dataclass(frozen=True)
class Codec:
    """How one kind of picture is stored.

    Attributes:
        format: ``jpeg`` (4:2:0) or ``png`` (lossless, 8 or 16 bits).
        quality: of JPEG, 1..100.
        optimise: Huffman tables made for each JPEG: smaller by a few per cent, slower by half.
        splice: composites' JPEGs are made from their background's (`core/compose/splice.py`): faster, the same
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
    """The program's own picture, or one of a dataset of other hands, from its bytes, as it was stored.

    Cameras and other programs may have put bytes after its end (`bytes_behind`): they are passed over.

    Returns:
        Its pixels with the channels and the depth that it was stored with.

    Raises:
        PictureError: it is none, or it is cut short; ``name`` is named.
    """
    pixels = None
    with contextlib.suppress(UnreadableError), foreign():
        if bytes_behind(data) is not None:
            pixels = _decoded(data)
    if pixels is None or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)):
        raise PictureError(f"{name} is not a complete picture", RemakeSample())
    if pixels.ndim == 2:
        return pixels
    if pixels.dtype not in (np.uint8, np.uint16):  # OpenCV turns the colours of few other types
        return np.ascontiguousarray(pixels[..., [2, 1, 0, 3][: pixels.shape[2]]])
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)


def small_grey(data: bytes, name: str) -> AnyPixels:
    """A picture in grey; a JPEG is read from its blocks' means, an eighth as wide and high and several times as fast.

    Returns:
        (h, w) uint8.

    Raises:
        PictureError: it is none, or it is cut short; ``name`` is named.
    """
    if not data.startswith(b"\xff\xd8\xff"):
        pixels = decode(data, name)
        pixels = (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels.astype(np.uint8)
        return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels[..., :3].copy(), cv2.COLOR_RGB2GRAY)
    found = None
    with contextlib.suppress(UnreadableError), foreign():
        if bytes_behind(data) is not None:
            found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    if found is None:
        raise PictureError(f"{name} is not a complete picture", RemakeSample())
    return found


def _decoded(data: bytes | bytearray | memoryview) -> AnyPixels | None:
    """In OpenCV's order of channels: by it where it may, which is faster; None where it says that it cannot."""
    if bytes(data[:4]).startswith(_BY_OPENCV):
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a broken EXIF block, or that it is large
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.mode == "L":
                return np.asarray(image)
            clear = image.has_transparency_data
            rgb = np.asarray(image.convert("RGBA" if clear else "RGB"))
    return cv2.cvtColor(rgb, cv2.COLOR_RGBA2BGRA if clear else cv2.COLOR_RGB2BGR)


# PNG, JPEG, TIFF, BMP, GIF, PNM: OpenCV knows more, which nobody stores in a dataset and whose readers few have tried.
_BY_OPENCV = (
    b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM", b"GIF8",
    b"P1", b"P2", b"P3", b"P4", b"P5", b"P6",
)  # fmt: skip
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")  # in coded data 0xFF is followed by 0 or a restart's number
_START, _END = 0xD8, 0xD9


def bytes_behind(data: bytes | bytearray | memoryview) -> int | None:
    """How many bytes come after the end of a JPEG or PNG; None where it has no end, as it was cut short.

    OpenCV fills what is missing with grey, in silence. 0 for all other formats, whose decoders notice.
    """
    if len(data) < 12:
        return None
    if data[0] == 0xFF and data[1] == _START:
        return 0 if data[-2] == 0xFF and data[-1] == _END else _behind_jpeg(bytes(data))
    if bytes(data[:4]) == b"\x89PNG":
        return _behind_png(bytes(data))
    return 0


def _behind_jpeg(data: bytes) -> int | None:
    """ITU-T T.81, annex B: segments with their lengths, and coded data up to the next marker."""
    at = 2
    while found := _MARKER.search(data, at):
        at, marker = found.end(), found[1][0]
        if marker == _END:
            return len(data) - at
        if marker != _START:
            at += int.from_bytes(data[at : at + 2], "big")
    return None


def _behind_png(data: bytes) -> int | None:
    """ISO/IEC 15948, section 5: chunks of length, name, data and check.

    Always from the first on: OpenCV 5 makes room for what a chunk says of its length, 4 GB in a file of 200 bytes.
    """
    at = 8
    while at + 12 <= len(data):
        at, name = at + 12 + int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"IEND":
            return len(data) - at if at <= len(data) else None
    return None
