"""The program's own pictures as bytes and back, by OpenCV, which is fast.

Every array is RGB, RGBA or one channel, uint8 (uint16 for depth), C-contiguous, row 0 at the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field

from fgbg_studio.core.base.arrays import AnyPixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.remedies import RemakeSample


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
        raise PictureError(f"{name} is not a complete picture", RemakeSample())
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
